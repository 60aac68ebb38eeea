"""The instructions of the machine."""

PUSH, LOAD, STORE, ADD, MUL, MOD, LESS, JUMP, UNLESS, PRINT = range(10)
OPERATORS = {"+": ADD, "*": MUL, "%": MOD, "<": LESS}
STRENGTH = {LESS: 1, ADD: 2, MUL: 3, MOD: 3}
