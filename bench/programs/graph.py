"""Ways through a grid: breadth first, and by cost, with cells in sets and dictionaries."""


class Cell:
    def __init__(self, x, y):
        self.x = x
        self.y = y
        self.cost = (x * 7 + y * 13) % 9 + 1
        self.neighbours = []


def grid(size):
    cells = {(x, y): Cell(x, y) for x in range(size) for y in range(size)}
    for (x, y), cell in cells.items():
        for place in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if place in cells:
                cell.neighbours.append(cells[place])
    return cells


def breadth_first(start, goal):
    seen, edge, steps = {start}, [start], 0
    while edge:
        following = []
        for cell in edge:
            if cell is goal:
                return steps
            for other in cell.neighbours:
                if other not in seen:
                    seen.add(other)
                    following.append(other)
        edge, steps = following, steps + 1


def cheapest(start, goal):
    best = {start: 0}
    waiting = [[start]] + [[] for _ in range(2000)]
    for cost, cells in enumerate(waiting):
        for cell in cells:
            if best[cell] < cost:
                continue
            if cell is goal:
                return cost
            for other in cell.neighbours:
                total = cost + other.cost
                if total < best.get(other, 1000000):
                    best[other] = total
                    waiting[total].append(other)


SIZE = 120
cells = grid(SIZE)
corners = [cells[(x, y)] for x in (0, SIZE - 1) for y in (0, SIZE - 1)]
steps = cost = 0
for start in corners:
    for goal in corners:
        steps += breadth_first(start, goal)
        cost += cheapest(start, goal)
print(steps, cost)
