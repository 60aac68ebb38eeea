"""Binary trees that are made, counted and forgotten."""


class Tree:
    def __init__(self, left, right):
        self.left = left
        self.right = right

    def count(self):
        if self.left is None:
            return 1
        return 1 + self.left.count() + self.right.count()


def grow(depth):
    if depth == 0:
        return Tree(None, None)
    return Tree(grow(depth - 1), grow(depth - 1))


long_lived = grow(14)
for depth in range(4, 14, 4):
    trees = 1 << (17 - depth)
    nodes = 0
    for _ in range(trees):
        nodes += grow(depth).count()
    print(trees, depth, nodes)
print(long_lived.count())
