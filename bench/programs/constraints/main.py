"""Like DeltaBlue: variables held together by constraints, of which the strongest win."""
from plan import Planner
from relations import Equal, Fixed, Scaled
from variables import Variable


def chain(length):
    planner = Planner()
    variables = [Variable("v%d" % n, 0) for n in range(length)]
    for left, right in zip(variables, variables[1:]):
        planner.add(Equal(left, right))
    source = Fixed(variables[0])
    planner.add(source)
    for value in range(30):
        source.value = value
        planner.run()
        if variables[-1].value != value:
            print("chain failed")
    return variables[-1].value


def projection(length):
    planner = Planner()
    scale, offset = Variable("scale", 10), Variable("offset", 1000)
    sources, results = [], []
    for n in range(length):
        sources.append(Variable("s%d" % n, n))
        results.append(Variable("d%d" % n, n))
        planner.add(Scaled(sources[n], scale, offset, results[n]))
    fixed = [Fixed(one) for one in sources]
    for one in fixed:
        planner.add(one)
    for turn in range(10):
        for n, one in enumerate(fixed):
            one.value = n + turn
        planner.run()
    return sum([one.value for one in results])


total = 0
for _ in range(100):
    total += chain(150)
    total += projection(100)
print(total)
