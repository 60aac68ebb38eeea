"""State machines: by table, by classes, by generators, by match; traffic lights, a turnstile, a vending machine."""
from enum import Enum


class Light(Enum):
    RED = "stop"
    GREEN = "go"
    YELLOW = "slow"

    def next(self):
        order = list(type(self))
        return order[(order.index(self) + 1) % len(order)]


class Turnstile:
    TABLE = {("locked", "coin"): ("unlocked", "thanks"), ("unlocked", "push"): ("locked", "walk"), ("locked", "push"): ("locked", "no!")}

    def __init__(self):
        self.state = "locked"

    def __call__(self, event):
        try:
            self.state, message = self.TABLE[self.state, event]
        except KeyError as e:
            raise ValueError("no way from {} by {}".format(*e.args[0])) from None
        return message


class State:
    def __repr__(self):
        return type(self).__name__

    def on(self, event, machine):
        handler = getattr(self, "on_" + event.partition(" ")[0], None)
        return handler(machine, event) if handler else self

    def enter(self, machine):
        pass


class Idle(State):
    def on_coin(self, machine, event):
        machine.credit += int(event.split()[1])
        return Paid() if machine.credit >= machine.price else self


class Paid(State):
    def enter(self, machine):
        print("  credit", machine.credit)

    def on_coin(self, machine, event):
        machine.credit += int(event.split()[1])
        return self

    def on_choose(self, machine, event):
        what = event.split()[1]
        if not machine.stock.get(what):
            return SoldOut(what)
        machine.stock[what] -= 1
        machine.credit -= machine.price
        return Idle() if machine.credit < machine.price else self


class SoldOut(State):
    def __init__(self, what):
        self.what = what

    def __repr__(self):
        return f"SoldOut({self.what!r})"

    on_choose = Paid.on_choose
    on_coin = Paid.on_coin


class Vending:
    def __init__(self, price, **stock):
        self.price, self.stock, self.credit = price, stock, 0
        self._state = None
        self.state = Idle()

    @property
    def state(self):
        return self._state

    @state.setter
    def state(self, new):
        if new is not self._state:
            print("  state", self._state, "->", new)
            self._state = new
            new.enter(self)

    def feed(self, *events):
        for event in events:
            print("  event", event)
            self.state = self.state.on(event, self)
        return self


light = Light.RED
for _ in range(4):
    print(light.name, light.value, end=" > ")
    light = light.next()
print()
t = Turnstile()
print([t(e) for e in ("push", "coin", "push")], t.state)
try:
    t("kick")
except ValueError as e:
    print(e, e.__cause__, e.__suppress_context__)
v = Vending(3, tea=1, cola=0)
v.feed("coin 2", "kick", "coin 2", "choose cola", "choose tea", "coin 5", "choose tea")
print(v.state, v.credit, v.stock)


def vowels():
    count = 0
    while True:
        c = yield count
        count += c in "aeiou"


def brackets(text):
    stack = []
    for at, c in enumerate(text):
        match c, stack[-1:]:
            case ("(" | "[" | "{"), _:
                stack.append(c)
            case (")", ["("]) | ("]", ["["]) | ("}", ["{"]):
                stack.pop()
            case (")" | "]" | "}"), _:
                return f"wrong {c!r} at {at}"
    return "balanced" if not stack else f"open {''.join(stack)}"


g = vowels()
g.send(None)
print([g.send(c) for c in "education"], [brackets(s) for s in ("([]{})", "(]", "((", "", "a(b)c]")])


def binary(text, state="even"):
    rules = {"even": {"0": "even", "1": "odd"}, "odd": {"0": "odd", "1": "even"}}
    for c in text:
        state = rules[state][c]
    return state


print({b: binary(b) for b in ("", "1", "1011", "0000")})
try:
    binary("12")
except KeyError as e:
    print(repr(e))
