"""In which order constraints are computed."""


class Planner:
    def __init__(self):
        self.constraints = []
        self.order = None
        self.mark = 0

    def add(self, constraint):
        self.constraints.append(constraint)
        for variable in constraint.variables:
            variable.constraints.append(constraint)
        self.order = None

    def run(self):
        if self.order is None:
            self.order = self.plan()
        for constraint in self.order:
            constraint.execute()

    def plan(self):
        self.mark += 1
        order = []
        ready = [one for one in self.constraints if not one.inputs()]
        while ready:
            constraint = ready.pop()
            variable = constraint.output
            if variable.mark == self.mark:
                continue
            variable.mark = self.mark
            constraint.settle()
            order.append(constraint)
            for other in variable.constraints:
                if other.output is not variable and self.known(other):
                    ready.append(other)
        return order

    def known(self, constraint):
        for variable in constraint.inputs():
            if variable.mark != self.mark and variable.decider is None and variable.constraints[0] is not constraint:
                return False
        return True
