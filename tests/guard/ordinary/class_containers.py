"""A container with every container protocol, slices and tuples as keys too."""


class Grid:
    def __init__(self, width, height, fill=0):
        self.width, self.height = width, height
        self.cells = [[fill] * width for _ in range(height)]

    def __len__(self):
        return self.width * self.height

    def __getitem__(self, key):
        print("  get", key)
        if isinstance(key, tuple):
            x, y = key
            if isinstance(y, slice):
                return [row[x] for row in self.cells[y]]
            return self.cells[y][x]
        if isinstance(key, slice):
            return [self.cells[i] for i in range(*key.indices(self.height))]
        if key is Ellipsis:
            return sum(self.cells, [])
        return self.cells[key]

    def __setitem__(self, key, value):
        print("  set", key, value)
        x, y = key
        self.cells[y][x] = value

    def __delitem__(self, key):
        print("  del", key)
        x, y = key
        self.cells[y][x] = None

    def __contains__(self, value):
        return any(value in row for row in self.cells)

    def __iter__(self):
        for row in self.cells:
            yield from row

    def __reversed__(self):
        return iter([cell for row in reversed(self.cells) for cell in reversed(row)])

    def __length_hint__(self):
        return 3


grid = Grid(3, 2)
grid[0, 0] = 1
grid[2, 1] = 5
grid[1, 0] += 7
print(grid[0, 0], grid[0], grid[0:2], grid[::-1], grid[...], grid[0, :])
print(5 in grid, 9 in grid, len(grid), bool(grid), list(grid), list(reversed(grid)))
del grid[0, 0]
print(list(grid), max(c for c in grid if c is not None))
for key in ((9, 9), "x", 7):
    try:
        print(grid[key])
    except Exception as e:
        print(type(e).__name__, e)


class Old:
    """Iteration by the old protocol."""

    def __getitem__(self, index):
        if index >= 4:
            raise IndexError(index)
        return index * index


print(list(Old()), 9 in Old(), 8 in Old(), [*Old()], sum(Old()))
first, *rest = Old()
print(first, rest, dict(enumerate(Old())))


class Counts(dict):
    def __missing__(self, key):
        print("  missing", key)
        return key * 2


c = Counts(a=1)
print(c["a"], c["b"], c.get("z"), "b" in c, c)
try:
    len(type("L", (), {"__len__": lambda self: -1})())
except ValueError as e:
    print(e)
