"""Closures, nonlocal, global, defaults, comprehension scopes, walrus, class scope, late binding."""
total = 0
x = "module"


def add(n):
    global total, created
    total += n
    created = f"made at {total}"
    return total


def counter(start=0):
    count = start

    def step(by=1):
        nonlocal count
        count += by
        return count

    def reset():
        nonlocal count
        count, before = start, count
        return before

    step.reset = reset
    return step


def depth():
    x = "outer"

    def middle():
        def inner():
            nonlocal x
            x += "+inner"
            return x

        return inner() + "!"

    return middle(), x


class Scope:
    x = "class"
    listed = [x for _ in range(1)]
    copy = x

    def method(self):
        return x, self.x


def defaults(a, b=[], *, c={}, d=total):
    b.append(a)
    c[a] = len(b)
    return b, c, d


print(add(2), add(3), total, created)
step, other = counter(), counter(10)
print(step(), step(5), other(), step.reset(), step())
print(depth(), x, Scope.listed, Scope.copy, Scope().method())
print(defaults(1), defaults(2), defaults(3, [], c={}), defaults(4))
late = [lambda: i for i in range(3)]
early = [lambda i=i: i for i in range(3)]
print([f() for f in late], [f() for f in early], [f(9) for f in early])
print([y := 5, y**2], y, [last := n for n in range(4)], last)
if (n := len("hello")) > 3:
    print("long", n)
while (total := total - 1) > 0:
    print(total, end=" ")
print()
squares = {k: v for k, v in ((k, k * k) for k in range(4)) if v % 2 == 0}
print(squares, {k % 3 for k in range(9)}, [(a, b) for a in range(3) for b in range(a)], [[c * d for c in range(3)] for d in range(2)])
try:
    print(k)
except NameError as e:
    print(e)


def unbound():
    print(value)
    value = 1


def deleted():
    thing = 1
    del thing
    return thing


def free():
    def use():
        return later

    try:
        use()
    except NameError as e:
        print(type(e).__name__, e)
    later = 3
    return use()


for f in (unbound, deleted, free, lambda: undefined_name):
    try:
        print(f())
    except NameError as e:
        print(type(e).__name__, e, e.name)
make = lambda n: (lambda m: n * m)
print(make(3)(4), (lambda *a, k=1, **kw: (a, k, kw))(1, 2, k=3, z=4), (lambda: (yield))().__class__.__name__)


def compose(*functions):
    def composed(value):
        for function in functions:
            value = function(value)
        return value

    return composed


def fib(n, memo={0: 0, 1: 1}):
    if n not in memo:
        memo[n] = fib(n - 1) + fib(n - 2)
    return memo[n]


print(compose(str, len, lambda v: v * 2)(12345), fib(80), len(fib.__defaults__[0]))
print(sorted(name for name in locals() if name.startswith("s")), "total" in globals(), globals()["x"], globals().get("nope"))


def local_names(a, b=2):
    c = a + b
    return locals()


print(local_names(1), dir()[:0], len(vars()) > 10)
exec_order = []
result = {(exec_order.append("k"), "key")[1]: (exec_order.append("v"), "value")[1]}
print(exec_order, result)
