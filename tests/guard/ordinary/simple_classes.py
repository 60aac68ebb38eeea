"""The first lessons about classes: dogs, shapes, students, a library, a shopping cart, getters and setters."""


class Dog:
    tricks_known = 0

    def __init__(self, name, age):
        self.name = name
        self.age = age
        self.tricks = []

    def bark(self):
        print(self.name + " says Woof!")

    def learn(self, trick):
        self.tricks.append(trick)
        Dog.tricks_known += 1

    def __str__(self):
        return f"{self.name} ({self.age})"


class Shape:
    def area(self):
        raise NotImplementedError("subclasses say how")

    def __str__(self):
        return f"{self.__class__.__name__} with area {self.area():.2f}"


class Rectangle(Shape):
    def __init__(self, width, height):
        self.width, self.height = width, height

    def area(self):
        return self.width * self.height


class Square(Rectangle):
    def __init__(self, side):
        super().__init__(side, side)


class Circle(Shape):
    PI = 3.14159

    def __init__(self, r):
        self.r = r

    def area(self):
        return Circle.PI * self.r**2


class Student:
    def __init__(self, name):
        self.name = name
        self._grades = []

    def add(self, *grades):
        for g in grades:
            if not 1 <= g <= 6:
                raise ValueError(f"{g} is not a grade")
            self._grades.append(g)
        return self

    @property
    def average(self):
        if not self._grades:
            return None
        return sum(self._grades) / len(self._grades)

    @staticmethod
    def passed(average):
        return average is not None and average <= 4

    @classmethod
    def from_text(cls, text):
        name, *grades = text.split()
        return cls(name).add(*map(int, grades))

    def __lt__(self, other):
        return (self.average or 9) < (other.average or 9)

    def __repr__(self):
        return f"Student({self.name!r}, {self.average})"


class Cart:
    def __init__(self):
        self.items = {}

    def __iadd__(self, item):
        name, price = item
        self.items[name] = self.items.get(name, 0) + price
        return self

    def __len__(self):
        return len(self.items)

    def __contains__(self, name):
        return name in self.items

    def __iter__(self):
        return iter(sorted(self.items.items()))

    def total(self):
        return sum(self.items.values())


class Thermometer:
    def __init__(self):
        self._c = 0

    def get_c(self):
        return self._c

    def set_c(self, value):
        if value < -273.15:
            raise ValueError("too cold")
        self._c = value

    celsius = property(get_c, set_c, doc="Degrees.")

    @property
    def fahrenheit(self):
        return self._c * 9 / 5 + 32

    @fahrenheit.setter
    def fahrenheit(self, value):
        self.celsius = (value - 32) * 5 / 9


rex, bella = Dog("Rex", 3), Dog("Bella", 5)
rex.bark()
rex.learn("sit")
bella.learn("roll")
print(rex, bella.tricks, Dog.tricks_known, rex.age < bella.age, rex.__dict__, isinstance(rex, Dog), type(rex).__name__)
for shape in (Rectangle(2, 3), Square(2), Circle(1.5), Shape()):
    try:
        print(shape)
    except NotImplementedError as e:
        print("NotImplementedError:", e)
class_ = [Student("Ann").add(1, 2), Student.from_text("Bob 5 4 6"), Student("Cy")]
for s in sorted(class_):
    print(s, "passed" if Student.passed(s.average) else "failed", sep=": ")
try:
    Student("Dan").add(1, 7)
except ValueError as e:
    print(e)
cart = Cart()
cart += "tea", 3
cart += "jam", 4.5
cart += "tea", 3
print(len(cart), "jam" in cart, list(cart), cart.total(), bool(Cart()))
t = Thermometer()
t.fahrenheit = 212
print(t.celsius, t.fahrenheit, Thermometer.celsius.__doc__)
for value in (-300, "hot"):
    try:
        t.celsius = value
    except Exception as e:
        print(type(e).__name__, e)
rex.name = "Max"
rex.owner = "Eve"
del rex.age
print(vars(rex), hasattr(rex, "age"))
try:
    print(rex)
except AttributeError as e:
    print(e)
try:
    rex.fly()
except AttributeError as e:
    print(e)
try:
    Dog("Solo")
except TypeError as e:
    print(e)
