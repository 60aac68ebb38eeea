"""How strong a constraint is: the smaller, the stronger."""

REQUIRED = 0
PREFERRED = 2
WEAKEST = 6


def stronger(one, other):
    return one < other


def weakest(strengths):
    found = REQUIRED
    for one in strengths:
        if stronger(found, one):
            found = one
    return found
