"""Observers, signals, a command stack with undo, and a middleware chain."""
from collections import defaultdict
from functools import partial, reduce


class Signal:
    def __init__(self):
        self._handlers = []

    def connect(self, handler):
        self._handlers.append(handler)
        return handler

    def __iadd__(self, handler):
        self.connect(handler)
        return self

    def __isub__(self, handler):
        self._handlers.remove(handler)
        return self

    def __call__(self, *args, **kw):
        return [handler(*args, **kw) for handler in list(self._handlers)]

    def __len__(self):
        return len(self._handlers)


class Bus:
    def __init__(self):
        self.listeners = defaultdict(list)

    def on(self, name, *, once=False):
        def register(f):
            self.listeners[name].append((f, once))
            return f

        return register

    def emit(self, event, /, **data):
        for entry in list(self.listeners[event]) + list(self.listeners["*"]):
            handler, once = entry
            try:
                print(f"  {handler.__name__}: {handler(**data)}")
            except Exception as e:
                print(f"  {handler.__name__} failed: {type(e).__name__}: {e}")
            if once:
                self.listeners[event].remove(entry)


class Button:
    def __init__(self, label):
        self.label, self.clicked = label, Signal()

    def click(self):
        return self.clicked(self)


class Editor:
    def __init__(self):
        self.text, self.done, self.undone = "", [], []

    def do(self, command, *args):
        undo = getattr(self, "do_" + command)(*args)
        self.done.append((command, args, undo))
        self.undone.clear()
        return self

    def do_type(self, text):
        before = self.text
        self.text += text
        return partial(setattr, self, "text", before)

    def do_upper(self):
        before = self.text
        self.text = before.upper()

        def undo():
            self.text = before

        return undo

    def undo(self):
        command, args, back = self.done.pop()
        back()
        self.undone.append((command, args))
        return self

    def redo(self):
        command, args = self.undone.pop()
        rest = self.undone[:]
        self.do(command, *args)
        self.undone = rest
        return self


bus = Bus()


@bus.on("save")
def saved(name, **rest):
    return f"saved {name} {rest}"


@bus.on("save", once=True)
def first(name):
    return "first save of " + name


@bus.on("*")
def audit(**data):
    return sorted(data)


bus.emit("save", name="a.txt")
bus.emit("save", name="b.txt", size=3)
bus.emit("other")
b = Button("OK")
b.clicked += lambda s: f"clicked {s.label}"
b.clicked.connect(handler := lambda s: len(s.label))
print(b.click(), len(b.clicked))
b.clicked -= handler
print(b.click())
e = Editor()
e.do("type", "hello").do("type", " you").do("upper")
print(e.text, "|", e.undo().text, "|", e.undo().text, "|", e.redo().text, "|", [c for c, *_ in e.done])
try:
    e.do("fly")
except AttributeError as error:
    print(error)
try:
    Editor().undo()
except IndexError as error:
    print(error)


def chain(handler, *layers):
    return reduce(lambda inner, layer: layer(inner), reversed(layers), handler)


def logged(inner):
    return lambda r: f"log({inner(r)})"


def checked(inner):
    return lambda r: inner(r) if r.get("user") else "denied"


app = chain(lambda r: f"hello {r['user']}", logged, checked)
print(app({"user": "ann"}), app({}))
