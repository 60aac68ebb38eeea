"""Dice that fall the same way for the same seed. This folder has a manifest of its own and borrows nothing."""

from mix import step


class Dice:
    def __init__(self, seed):
        self.seed = seed
        self.state = step(step(seed * 97 + 1))

    def roll(self, sides):
        """A whole number from 0 up to, not including, `sides`."""
        self.state = step(self.state)
        return self.state * sides // 2**32

    def between(self, low, high):
        return low + self.roll(high - low + 1)

    def choice(self, things):
        return things[self.roll(len(things))]
