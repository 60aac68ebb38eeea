"""The kinds of constraints."""
import strengths
from strengths import weakest


class Constraint:
    strength = strengths.REQUIRED

    def __init__(self, *variables):
        self.variables = variables

    def inputs(self):
        return [one for one in self.variables if one is not self.output]

    def settle(self):
        self.output.decider = self
        self.output.strength = weakest([one.strength for one in self.inputs()])


class Fixed(Constraint):
    strength = strengths.PREFERRED
    value = 0

    @property
    def output(self):
        return self.variables[0]

    def settle(self):
        self.output.decider = self
        self.output.strength = self.strength

    def execute(self):
        self.output.value = self.value


class Equal(Constraint):
    @property
    def output(self):
        return self.variables[1]

    def execute(self):
        left, right = self.variables
        right.value = left.value


class Scaled(Constraint):
    @property
    def output(self):
        return self.variables[3]

    def execute(self):
        source, scale, offset, result = self.variables
        result.value = source.value * scale.value + offset.value
