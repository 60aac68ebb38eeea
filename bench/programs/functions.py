"""Closures, generators and comprehensions."""


def counter(start):
    count = start

    def up(by):
        nonlocal count
        count += by
        return count

    return up


def compose(*functions):
    def composed(value):
        for function in functions:
            value = function(value)
        return value

    return composed


def numbers(n):
    for i in range(n):
        yield i


def squares(source):
    for one in source:
        yield one * one


def flattened(nested):
    for one in nested:
        if isinstance(one, list):
            yield from flattened(one)
        else:
            yield one


def nest(depth):
    return [depth] if depth == 0 else [depth, nest(depth - 1), nest(depth - 1)]


up = counter(10)
for i in range(250000):
    up(i % 3)
print(up(0))
pipeline = compose(lambda x: x + 1, lambda x: x * 2, lambda x: x - 3)
print(sum([pipeline(i) for i in range(110000)]))
print(sum(x for x in squares(numbers(50000)) if x % 3 == 0))
print(sum(flattened(nest(12))))
print(len({i % 50: i for i in range(110000)}), len({i * i % 101 for i in range(110000)}))
print(sum(map(lambda pair: pair[0] * pair[1], zip(range(110000), range(110000)))))
