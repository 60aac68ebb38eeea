"""Game of life with sets, a glider and a blinker."""
from collections import Counter
from itertools import product


class Life:
    def __init__(self, text):
        self.alive = {(x, y) for y, row in enumerate(text.strip().splitlines()) for x, c in enumerate(row.strip()) if c == "#"}
        self.generation = 0

    def neighbours(self, cell):
        x, y = cell
        return {(x + dx, y + dy) for dx, dy in product((-1, 0, 1), repeat=2) if (dx, dy) != (0, 0)}

    def step(self):
        counts = Counter(n for cell in self.alive for n in self.neighbours(cell))
        self.alive = {cell for cell, n in counts.items() if n == 3 or (n == 2 and cell in self.alive)}
        self.generation += 1
        return self

    def __iter__(self):
        while self.alive:
            yield self
            self.step()

    def __str__(self):
        if not self.alive:
            return "(empty)"
        xs, ys = zip(*self.alive)
        return "\n".join("".join(".#"[(x, y) in self.alive] for x in range(min(xs), max(xs) + 1)) for y in range(min(ys), max(ys) + 1))

    def __len__(self):
        return len(self.alive)

    def __eq__(self, other):
        return isinstance(other, Life) and self.alive == other.alive


glider = Life(
    """
    .#.
    ..#
    ###
    """
)
for world in glider:
    print(f"generation {world.generation}: {len(world)} alive")
    print(world)
    if world.generation == 4:
        break
print(min(glider.alive), max(glider.alive))
blinker, again = Life("###"), Life("###")
print(blinker == again, blinker.step() == again, blinker.step() == again)
dying = Life("##")
print([len(w) for w in dying], str(dying), dying.generation, bool(dying))
beacon = Life("##..\n##..\n..##\n..##")
print(beacon.step())
print(beacon.step(), sorted(beacon.alive)[:3])
