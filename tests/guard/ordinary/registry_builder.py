"""Plugin registries, builders, fluent APIs, factories, visitors by class, null objects, chains."""


class Handler:
    registry = {}
    priority = 0

    def __init_subclass__(cls, /, *, suffix=None, **kw):
        super().__init_subclass__(**kw)
        for s in (suffix,) if isinstance(suffix, str) else suffix or ():
            if s in Handler.registry:
                raise TypeError(f"{s!r} is taken by {Handler.registry[s].__name__}")
            Handler.registry[s] = cls

    @classmethod
    def for_file(cls, name):
        try:
            return cls.registry[name.rpartition(".")[2]](name)
        except KeyError as e:
            raise LookupError(f"no handler for {e}") from e

    def __init__(self, name):
        self.name = name

    def __str__(self):
        return f"{self.__class__.__name__.lower()}:{self.name}"


class Text(Handler, suffix="txt"): ...


class Image(Handler, suffix=("png", "gif")):
    priority = 2


class Png(Image): ...


class Html:
    """A builder with nested contexts and chained calls."""

    def __init__(self):
        self.lines, self.depth = [], 0

    def __getattr__(self, tag):
        if tag.startswith("_"):
            raise AttributeError(tag)
        return lambda text=None, **attrs: self._add(tag, text, attrs)

    def _add(self, tag, text, attrs):
        shown = "".join(f' {k.rstrip("_")}="{v}"' for k, v in attrs.items())
        if text is None:
            self._open = tag, shown
            return self
        self.lines.append("  " * self.depth + f"<{tag}{shown}>{text}</{tag}>")
        return self

    def __enter__(self):
        tag, shown = self._open
        self.lines.append("  " * self.depth + f"<{tag}{shown}>")
        self.depth += 1
        self.__dict__.setdefault("_stack", []).append(tag)
        return self

    def __exit__(self, *_):
        self.depth -= 1
        self.lines.append("  " * self.depth + f"</{self._stack.pop()}>")

    def __str__(self):
        return "\n".join(self.lines)


class Query:
    def __init__(self, rows, steps=()):
        self._rows, self._steps = rows, steps

    def _then(self, step):
        return type(self)(self._rows, (*self._steps, step))

    def where(self, **want):
        return self._then(lambda rows: (r for r in rows if all(r.get(k) == v if not callable(v) else v(r.get(k)) for k, v in want.items())))

    def select(self, *names):
        return self._then(lambda rows: ({n: r[n] for n in names} for r in rows))

    def order(self, name, reverse=False):
        return self._then(lambda rows: sorted(rows, key=lambda r: r[name], reverse=reverse))

    def __iter__(self):
        rows = self._rows
        for step in self._steps:
            rows = step(rows)
        return iter(rows)

    def __getitem__(self, key):
        return list(self)[key]


class Pizza:
    class Builder:
        def __init__(self):
            self._parts = {"size": 30, "toppings": []}

        def size(self, cm):
            self._parts["size"] = cm
            return self

        def add(self, *toppings):
            self._parts["toppings"] += toppings
            return self

        def build(self):
            return Pizza(**self._parts)

    def __init__(self, size, toppings):
        self.size, self.toppings = size, tuple(toppings)

    def __repr__(self):
        return "Pizza({size}cm: {0})".format(" + ".join(self.toppings) or "plain", size=self.size)


print([str(Handler.for_file(n)) for n in ("a.txt", "b.png", "c.gif")], sorted(Handler.registry), Png("x").priority)
for attempt in (lambda: Handler.for_file("d.xyz"), lambda: type("Dup", (Handler,), {}, suffix="txt"), lambda: type("Odd", (Handler,), {}, colour=1)):
    try:
        attempt()
    except Exception as e:
        print(type(e).__name__, e, repr(e.__cause__))
page = Html()
with page.html(lang="en"):
    page.h1("Title", id="top").p("Text", class_="big")
    with page.ul():
        for i in range(2):
            page.li(i)
print(page, hasattr(page, "anything"), hasattr(page, "_private"))
rows = [{"name": "Ann", "age": 30, "city": "Ulm"}, {"name": "Bob", "age": 25, "city": "Ulm"}, {"name": "Cy", "age": 41, "city": "Bonn"}]
q = Query(rows).where(city="Ulm").order("age")
print(list(q.select("name")), q[0]["name"], [r["name"] for r in Query(rows).where(age=lambda a: a > 28).order("name", reverse=True)], len(list(q)))
print(Pizza.Builder().size(26).add("basil", "olives").add("egg").build(), Pizza.Builder().build(), Pizza.Builder.__qualname__)
