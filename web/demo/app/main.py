# A small garden: grown in Python, drawn by the page.

from stage import seed, scene, disc, pause, caption  # host package
from palette import choose                           # URL and hash
from dice import Dice                                # own manifest
from "./shapes/flower.py" import Daisy, Tulip, Bell
from "./shapes/meadow.py" import grass, hills

WIDTH, HEIGHT, HORIZON = 400, 300, 190

dice = Dice(seed())
colors = choose(dice.roll(1000))

scene(WIDTH, HEIGHT, colors.sky)
disc(dice.between(60, 340), dice.between(45, 80), 22, colors.sun)
hills(dice, WIDTH, HORIZON, colors)


def plant():
    """Yields flowers from the back of the meadow to the front."""
    for row, size in enumerate([16, 22, 30]):
        y = HORIZON + 38 + row * 32
        for x in range(30 - row * 4, WIDTH, 58 + row * 18):
            kind = dice.choice([Daisy, Tulip, Bell])
            color = dice.choice(colors.petals)
            yield kind(x + dice.between(-9, 9), y, size, color)


census = {}
for flower in plant():
    flower.draw(dice, colors)
    census[flower.name] = census.get(flower.name, 0) + 1
    pause(60)

grass(dice, WIDTH, HEIGHT, colors)

for name, count in sorted(census.items()):
    print(f"{name:<6} {'*' * count} {count}")

total = sum(census.values())
print(f"{total} flowers, colours of '{colors.name}'")
caption(f"{colors.name}, garden no. {dice.seed}")
