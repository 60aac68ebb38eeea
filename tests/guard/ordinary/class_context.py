"""Context managers: classes, contextlib, nesting, suppression, order, ExitStack."""
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress, ContextDecorator


class Step:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow

    def __enter__(self):
        print("enter", self.name)
        return self

    def __exit__(self, kind, error, trace):
        print("exit", self.name, kind.__name__ if kind else None, repr(error), trace is not None)
        return self.swallow


with Step("a") as a, Step("b") as b:
    print("inside", a.name, b.name)
with Step("c", swallow=True):
    raise ValueError("gone")
try:
    with Step("d"), Step("e"):
        raise KeyError("stays")
except KeyError as e:
    print("caught", e)


@contextmanager
def tag(name):
    print(f"<{name}>")
    try:
        yield name.upper()
    except RuntimeError as e:
        print("handled", e)
    finally:
        print(f"</{name}>")


with (tag("p") as p, tag("b") as q):
    print(p, q)
with tag("i"):
    raise RuntimeError("inner")


@tag("deco")
def work(n):
    print("work", n)
    return n * 2


print(work(4), work(5))
with suppress(ZeroDivisionError, KeyError):
    print(1 / 0)
with nullcontext(7) as n:
    print(n)


class Door:
    def close(self):
        print("closed")


with closing(Door()):
    print("open")
with ExitStack() as stack:
    names = [stack.enter_context(Step(str(i))).name for i in range(3)]
    stack.callback(print, "callback", 1, sep="-")
    print(names)


class Traced(ContextDecorator):
    def __enter__(self):
        print(">>")
        return self

    def __exit__(self, *exc):
        print("<<", exc[0])
        return False


@Traced()
def shout(text):
    return text.upper()


print(shout("hey"))
for bad in (5, Door()):
    try:
        with bad:
            pass
    except Exception as e:
        print(type(e).__name__, str(e)[:60])


@contextmanager
def broken():
    if False:
        yield


try:
    with broken():
        pass
except RuntimeError as e:
    print(e)
