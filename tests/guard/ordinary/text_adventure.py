"""A text adventure with a command table, rooms, an inventory and a state machine."""
from enum import Enum, auto


class State(Enum):
    PLAYING = auto()
    WON = auto()
    LOST = auto()


class Room:
    def __init__(self, name, text, items=(), dark=False):
        self.name, self.text, self.items, self.dark = name, text, set(items), dark
        self.exits = {}

    def connect(self, way, other):
        opposite = {"north": "south", "east": "west", "up": "down"}
        self.exits[way] = other
        other.exits[opposite[way]] = self
        return self

    def __str__(self):
        things = ", ".join(sorted(self.items)) or "nothing"
        return f"[{self.name}] {self.text} You see {things}. Exits: {', '.join(sorted(self.exits))}."


class GameError(Exception):
    """Shown to the player."""


def command(*names, needs=0):
    def mark(f):
        f.names, f.needs = names, needs
        return f

    return mark


class Game:
    def __init__(self):
        hall = Room("Hall", "A cold hall.", ["lamp"])
        cellar = Room("Cellar", "Barrels everywhere.", ["key", "rat"], dark=True)
        tower = Room("Tower", "A locked chest stands here.")
        hall.connect("north", tower)
        cellar.connect("up", hall)
        self.here, self.bag, self.state, self.moves = hall, {}, State.PLAYING, 0
        self.commands = {}
        for name in dir(self):
            method = getattr(self, name)
            for alias in getattr(method, "names", ()):
                self.commands[alias] = method

    def play(self, lines):
        for line in lines:
            verb, *rest = line.lower().split() or [""]
            print(">", line)
            try:
                action = self.commands.get(verb)
                if action is None:
                    raise GameError(f"I do not know how to {verb!r}.")
                if len(rest) < action.needs:
                    raise GameError(f"{verb.title()} what?")
                print(action(*rest))
                self.moves += 1
            except GameError as e:
                print("Hm.", e)
            except TypeError:
                print("Too many words.")
            if self.state is not State.PLAYING:
                print(f"*** {self.state.name} after {self.moves} moves ***")
                return self.state

    @command("look", "l")
    def look(self):
        if self.here.dark and "lamp" not in self.bag:
            return "It is too dark."
        return str(self.here)

    @command("go", "walk", needs=1)
    def go(self, way):
        try:
            self.here = self.here.exits[way]
        except KeyError as e:
            raise GameError(f"No way {e.args[0]}.") from None
        return self.look()

    @command("take", "get", needs=1)
    def take(self, thing):
        if thing not in self.here.items:
            raise GameError(f"There is no {thing}.")
        if thing == "rat":
            self.state = State.LOST
            return "It bites."
        self.here.items.remove(thing)
        self.bag[thing] = self.bag.get(thing, 0) + 1
        return f"Taken: {thing}."

    @command("open", needs=1)
    def open_thing(self, thing):
        match (thing, self.here.name, "key" in self.bag):
            case ("chest", "Tower", True):
                self.state = State.WON
                return "Gold!"
            case ("chest", "Tower", False):
                raise GameError("It is locked.")
            case _:
                raise GameError(f"You cannot open a {thing} here.")

    @command("bag", "i")
    def inventory(self):
        return ", ".join(f"{n} x {k}" for k, n in self.bag.items()) or "empty"


WALK = ["look", "i", "dance", "take", "go down", "look", "go up", "take lamp", "take lamp", "go down", "take key", "i", "go sideways", "go up", "open chest", "go north now", "go north", "open chest", "look"]
print(Game().play(WALK))
print(Game().play(["go down", "take rat", "look"]), Game().play(["", "bag"]), sorted(Game().commands))
