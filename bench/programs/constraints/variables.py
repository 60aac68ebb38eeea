"""A value, and who decides it."""
import strengths


class Variable:
    def __init__(self, name, value):
        self.name = name
        self.value = value
        self.constraints = []
        self.decider = None
        self.strength = strengths.WEAKEST
        self.mark = 0
