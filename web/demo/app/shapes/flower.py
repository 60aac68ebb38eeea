from stage import stem, petal, disc  # through "extends": ".."
from turn import around, fan         # this folder's own alias


class Flower:
    """Stands at (x, y) and is drawn upwards from there."""

    name = "flower"
    tall = 2.4

    def __init__(self, x, y, size, color):
        self.x, self.y, self.size, self.color = x, y, size, color

    def draw(self, dice, colors):
        lean = dice.between(-8, 8)
        height = self.size * self.tall * dice.between(80, 115) / 100
        stem(self.x, self.y, height, lean, colors.stem)
        self.bloom(self.x + lean, self.y - height, dice, colors)

    def bloom(self, x, y, dice, colors):
        raise NotImplementedError(f"a {self.name} has no bloom")


class Daisy(Flower):
    name = "daisy"

    def bloom(self, x, y, dice, colors):
        for angle in around(dice.between(7, 12), start=dice.roll(40)):
            petal(x, y, self.size * 0.62, self.size * 0.26, angle, self.color)
        disc(x, y, self.size * 0.2, colors.heart)


class Tulip(Flower):
    name = "tulip"
    tall = 2.0

    def bloom(self, x, y, dice, colors):
        for angle in fan(3, spread=dice.between(34, 50)):
            petal(x, y, self.size * 0.85, self.size * 0.36, angle, self.color)


class Bell(Flower):
    name = "bell"
    tall = 2.8

    def bloom(self, x, y, dice, colors):
        for angle in fan(dice.between(4, 5), spread=dice.between(90, 120)):
            petal(x, y, self.size * 0.7, self.size * 0.22, angle + 180, self.color)
        disc(x, y, self.size * 0.13, colors.stem)
