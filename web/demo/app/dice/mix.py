"""One step of a linear congruential generator, with the numbers of Numerical Recipes."""


def step(state):
    return (state * 1664525 + 1013904223) % 2**32
