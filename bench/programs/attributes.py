"""Attributes: of instances, of classes, computed, inherited, with slots."""


class Shape:
    sides = 0
    made = 0

    def __init__(self, name):
        self.name = name
        Shape.made += 1

    def area(self):
        return 0

    def describe(self):
        return (self.name, self.sides, self.area())

    @property
    def wide(self):
        return self.area() > 50

    @classmethod
    def count(cls):
        return cls.sides

    @staticmethod
    def twice(x):
        return x + x


class Rectangle(Shape):
    sides = 4

    def __init__(self, width, height):
        super().__init__("rectangle")
        self.width = width
        self.height = height

    def area(self):
        return self.width * self.height


class Square(Rectangle):
    def __init__(self, size):
        super().__init__(size, size)


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Point(self.x + other.x, self.y + other.y)

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y


wide = total = 0
for n in range(40000):
    shape = Square(n % 12) if n % 2 else Rectangle(n % 7, 5)
    wide += shape.wide
    total += shape.describe()[2] + shape.count() + Shape.twice(n)
print(wide, total, Shape.made)
point = Point(0, 0)
same = 0
for n in range(100000):
    point = point + Point(n, 1)
    same += point == Point(n, n + 1)
print(point.x, point.y, same)
shape = Square(3)
for n in range(100000):
    shape.width = shape.width + shape.sides - 4
    setattr(shape, "height", getattr(shape, "width"))
print(shape.area(), isinstance(shape, Shape), hasattr(shape, "depth"))
