"""Endless recursion through special methods, caught each time, and life goes on."""
# dies in stock Pyodide


class Loop:
    def __repr__(self):
        return f"Loop({self!r})"

    def __getattr__(self, name):
        return getattr(self, name + "x")

    def __eq__(self, other):
        return self == other


class Ring:
    def __init__(self, next=None):
        self.next = self if next is None else next

    def __len__(self):
        return 1 + len(self.next)

    def __iter__(self):
        yield from self.next

    def __bool__(self):
        return bool(self.next)

    def __hash__(self):
        return hash(self.next)

    def __contains__(self, item):
        return item in self.next

    def __str__(self):
        return f"ring of {self.next}"

    def __add__(self, other):
        return self.next + other

    def __lt__(self, other):
        return self.next < other

    def __call__(self):
        return self.next()

    def __getitem__(self, key):
        return self.next[key]


def attempts(thing):
    yield "repr", lambda: repr(thing)
    yield "attribute", lambda: thing.attr
    yield "equal", lambda: thing == Loop()
    yield "call", lambda: thing()
    yield "len", lambda: len(thing)
    yield "bool", lambda: bool(thing)
    yield "str", lambda: str(thing)
    yield "format", lambda: f"{thing}"
    yield "list", lambda: list(thing)
    yield "hash", lambda: {thing: 1}
    yield "in", lambda: 5 in thing
    yield "add", lambda: thing + 1
    yield "less", lambda: thing < 1
    yield "sort", lambda: sorted([thing, thing])
    yield "item", lambda: thing[0]


for thing in (Loop(), Ring(Ring())):
    for what, attempt in attempts(thing):
        try:
            result = attempt()
            print(type(thing).__name__, what, "gave", type(result).__name__)
        except RecursionError:
            print(type(thing).__name__, what, "RecursionError")
        except Exception as e:
            print(type(thing).__name__, what, type(e).__name__, e)
print("still here", sum(range(10)))
