"""A tokenizer, a Pratt parser, an evaluator by visitor, and error messages with a caret."""
import re
from dataclasses import dataclass

TOKEN = re.compile(r"\s*(?:(?P<num>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<op>\*\*|[-+*/%^(),=]))")


class ParseError(Exception):
    def __init__(self, message, text, at):
        super().__init__(f"{message} at {at}\n  {text}\n  {' ' * at}^")


@dataclass(frozen=True)
class Num:
    value: float


@dataclass(frozen=True)
class Var:
    name: str


@dataclass(frozen=True)
class Bin:
    op: str
    left: object
    right: object


@dataclass(frozen=True)
class Call:
    name: str
    args: tuple


def tokenize(text):
    at = 0
    while at < len(text.rstrip()):
        m = TOKEN.match(text, at)
        if not m:
            raise ParseError(f"unexpected {text[at]!r}", text, at)
        yield m.lastgroup, m[m.lastgroup], m.start(m.lastgroup)
        at = m.end()
    yield "end", "", len(text)


class Parser:
    POWER = {"+": 10, "-": 10, "*": 20, "/": 20, "%": 20, "**": 40}

    def __init__(self, text):
        self.text, self.tokens, self.i = text, list(tokenize(text)), 0

    @property
    def now(self):
        return self.tokens[self.i]

    def take(self, want=None):
        kind, value, at = self.now
        if want is not None and value != want:
            raise ParseError(f"expected {want!r}, got {value or kind!r}", self.text, at)
        self.i += 1
        return kind, value, at

    def parse(self):
        tree = self.expression(0)
        if self.now[0] != "end":
            self.take("end of line")
        return tree

    def expression(self, least):
        left = self.prefix()
        while (power := self.POWER.get(self.now[1], 0)) > least:
            _, op, _ = self.take()
            left = Bin(op, left, self.expression(power - (op == "**")))
        return left

    def prefix(self):
        match self.take():
            case ("num", text, _):
                return Num(float(text))
            case ("name", name, _) if self.now[1] == "(":
                self.take("(")
                args = []
                while self.now[1] != ")":
                    args.append(self.expression(0))
                    if self.now[1] == ",":
                        self.take()
                self.take(")")
                return Call(name, tuple(args))
            case ("name", name, _):
                return Var(name)
            case (_, "(", _):
                inner = self.expression(0)
                self.take(")")
                return inner
            case (_, "-", _):
                return Bin("-", Num(0), self.expression(30))
            case (kind, value, at):
                raise ParseError(f"unexpected {value or kind!r}", self.text, at)


class Visitor:
    def visit(self, node):
        return getattr(self, "visit_" + type(node).__name__, self.generic)(node)

    def generic(self, node):
        raise TypeError(f"no visitor for {type(node).__name__}")


class Evaluate(Visitor):
    OPS = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b, "%": lambda a, b: a % b, "**": pow}

    def __init__(self, **names):
        self.names = names

    def visit_Num(self, node):
        return node.value

    def visit_Var(self, node):
        return self.names[node.name]

    def visit_Bin(self, node):
        return self.OPS[node.op](self.visit(node.left), self.visit(node.right))

    def visit_Call(self, node):
        return {"max": max, "abs": abs, "sum": lambda *a: sum(a)}[node.name](*map(self.visit, node.args))


class Show(Visitor):
    def visit_Num(self, node):
        return f"{node.value:g}"

    def visit_Bin(self, node):
        return f"({self.visit(node.left)} {node.op} {self.visit(node.right)})"

    def generic(self, node):
        return str(node)


for text in ("1 + 2 * 3", "(1 + 2) * 3", "2 ** 3 ** 2", "-x ** 2 + y", "max(1, abs(-7), x) % 4", "10 / 4 - 1.5", "1 +", "2 * (3", "4 $ 4", "f(1)", "z", "1 / 0", "sum()", "1 2"):
    try:
        tree = Parser(text).parse()
        print(text, "=>", Show().visit(tree), "=>", Evaluate(x=3, y=0.5).visit(tree))
    except Exception as e:
        print(text, "!!", type(e).__name__, e)
print(Parser("1+x").parse() == Bin("+", Num(1.0), Var("x")), hash(Num(1)) == hash(Num(1)), Parser("a").parse())
