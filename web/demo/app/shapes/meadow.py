from stage import hill, stem


def hills(dice, width, horizon, colors):
    """Three hills, each nearer and darker than the one before."""
    for depth, color in enumerate(colors.hills):
        hill(horizon + depth * 26, dice.between(14, 30), dice.between(0, width), color)


def grass(dice, width, height, colors):
    """Blades along the lower edge."""
    for x in range(4, width, 9):
        stem(x + dice.between(-3, 3), height, dice.between(8, 26), dice.between(-7, 7), colors.stem)
