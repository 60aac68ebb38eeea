"""Angles, in degrees, without trigonometry: the page turns the petals."""


def around(count, start=0):
    """`count` angles, evenly spread over a full turn."""
    return [start + 360 * step / count for step in range(count)]


def fan(count, spread):
    """`count` angles from one side to the other, upright in the middle."""
    if count == 1:
        return [0]
    return [spread * (step / (count - 1) - 0.5) for step in range(count)]
