"""A small embedded language: expressions that build themselves by operators, with simplification and reversal."""


class Expr:
    def __add__(self, other):
        return Op("+", self, lift(other))

    def __radd__(self, other):
        return Op("+", lift(other), self)

    def __sub__(self, other):
        return Op("-", self, lift(other))

    def __rsub__(self, other):
        return Op("-", lift(other), self)

    def __mul__(self, other):
        return Op("*", self, lift(other))

    def __rmul__(self, other):
        return Op("*", lift(other), self)

    def __truediv__(self, other):
        return Op("/", self, lift(other))

    def __pow__(self, other):
        return Op("**", self, lift(other))

    def __neg__(self):
        return Op("*", Const(-1), self)

    def __eq__(self, other):
        return Op("==", self, lift(other))

    def __lt__(self, other):
        return Op("<", self, lift(other))

    def __and__(self, other):
        return Op("and", self, lift(other))

    def __or__(self, other):
        return Op("or", self, lift(other))

    def __invert__(self):
        return Not(self)

    def __getitem__(self, key):
        return Item(self, lift(key))

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return Item(self, Const(name))

    def __call__(self, **names):
        return self.eval(names)

    def __bool__(self):
        raise TypeError(f"use & and | instead of and/or: {self}")

    __hash__ = None


class Const(Expr):
    def __init__(self, value):
        self._value = value

    def eval(self, names):
        return self._value

    def __str__(self):
        return repr(self._value)


class Var(Expr):
    def __init__(self, name):
        self._name = name

    def eval(self, names):
        if self._name not in names:
            raise NameError(f"name {self._name!r} has no value")
        return names[self._name]

    def __str__(self):
        return self._name


class Op(Expr):
    RUN = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b, "**": lambda a, b: a**b, "==": lambda a, b: a == b, "<": lambda a, b: a < b, "and": lambda a, b: a and b, "or": lambda a, b: a or b}

    def __init__(self, op, left, right):
        self._op, self._left, self._right = op, left, right

    def eval(self, names):
        return self.RUN[self._op](self._left.eval(names), self._right.eval(names))

    def __str__(self):
        return f"({self._left} {self._op} {self._right})"


class Not(Expr):
    def __init__(self, inner):
        self._inner = inner

    def eval(self, names):
        return not self._inner.eval(names)

    def __str__(self):
        return f"not {self._inner}"


class Item(Expr):
    def __init__(self, of, key):
        self._of, self._key = of, key

    def eval(self, names):
        of, key = self._of.eval(names), self._key.eval(names)
        return of[key] if isinstance(of, (dict, list)) else getattr(of, key)

    def __str__(self):
        return f"{self._of}[{self._key}]"


def lift(value):
    return value if isinstance(value, Expr) else Const(value)


def simplify(e):
    match e:
        case Op(_op="+", _left=l, _right=Const(_value=0)) | Op(_op="+", _left=Const(_value=0), _right=l):
            return simplify(l)
        case Op(_op="*", _left=l, _right=Const(_value=1)) | Op(_op="*", _left=Const(_value=1), _right=l):
            return simplify(l)
        case Op(_op="*", _right=Const(_value=0)) | Op(_op="*", _left=Const(_value=0)):
            return Const(0)
        case Op(_op=op, _left=Const(_value=a), _right=Const(_value=b)):
            return Const(Op.RUN[op](a, b))
        case Op(_op=op, _left=l, _right=r):
            made = Op(op, simplify(l), simplify(r))
            return made if str(made) == str(e) else simplify(made)
        case _:
            return e


def diff(e, x):
    match e:
        case Const():
            return Const(0)
        case Var(_name=name):
            return Const(int(name == x))
        case Op(_op="+" | "-" as op, _left=l, _right=r):
            return Op(op, diff(l, x), diff(r, x))
        case Op(_op="*", _left=l, _right=r):
            return diff(l, x) * r + l * diff(r, x)
        case Op(_op="**", _left=l, _right=Const(_value=n)):
            return Const(n) * l ** (n - 1) * diff(l, x)
    raise ValueError(f"cannot differentiate {e}")


x, y, row = Var("x"), Var("y"), Var("row")
for e in (x + 1, 2 * x - y / 4, -x**2, (x < 3) & (y == 2), ~(x == y) | (x < 0), row["k"] + row.size, x * (y + 1) ** 2):
    print(e, "=>", e(x=2, y=2, row={"k": 5, "size": 7}))
for e in (x + 0, 1 * x + 0 * y, (x * 1 + 0) * 1, lift(2) * 3 + x, x**2 + 3 * x + 5):
    print(simplify(e), "|", simplify(diff(e, "x")))
for attempt in (lambda: x + z, lambda: x(), lambda: bool(x), lambda: x == 1 and 2, lambda: hash(x), lambda: x._none, lambda: diff(x < 1, "x"), lambda: x(x=1) + "a", lambda: (x / 0)(x=1), lambda: row.nope(row=5), lambda: x < 1 < 2, lambda: 3 @ x):
    try:
        print(attempt())
    except Exception as error:
        print(type(error).__name__, error)
