"""A small Lisp: reader, environments, closures, macros-free evaluator."""
import math
import operator as op


class Symbol(str):
    def __repr__(self):
        return str.__str__(self)


class Env(dict):
    def __init__(self, names=(), values=(), outer=None):
        super().__init__(zip(names, values))
        self.outer = outer

    def find(self, name):
        if name in self:
            return self
        if self.outer is None:
            raise LookupError(f"undefined: {name}")
        return self.outer.find(name)


class Procedure:
    def __init__(self, params, body, env):
        self.params, self.body, self.env = params, body, env

    def __call__(self, *args):
        if len(args) != len(self.params):
            raise TypeError(f"want {len(self.params)} arguments, got {len(args)}")
        return evaluate(self.body, Env(self.params, args, self.env))

    def __repr__(self):
        return f"<lambda ({' '.join(self.params)})>"


def read(text):
    tokens = text.replace("(", " ( ").replace(")", " ) ").split()[::-1]

    def atom(token):
        for kind in (int, float, Symbol):
            try:
                return kind(token)
            except ValueError:
                pass

    def form():
        if not tokens:
            raise SyntaxError("unexpected end")
        token = tokens.pop()
        if token == "(":
            found = []
            while tokens and tokens[-1] != ")":
                found.append(form())
            if not tokens:
                raise SyntaxError("missing )")
            tokens.pop()
            return found
        if token == ")":
            raise SyntaxError("unexpected )")
        return atom(token)

    return form()


def standard():
    env = Env()
    env.update({k: v for k, v in vars(math).items() if not k.startswith("_")} if False else {"sqrt": math.sqrt, "pi": math.pi})
    env.update({"+": lambda *a: sum(a), "*": lambda *a: math.prod(a), "-": op.sub, "/": op.truediv, "<": op.lt, "=": op.eq, "list": lambda *a: list(a), "car": lambda x: x[0], "cdr": lambda x: x[1:], "null?": lambda x: x == [], "map": lambda f, x: [f(i) for i in x], "begin": lambda *a: a[-1]})
    return env


def evaluate(x, env):
    match x:
        case Symbol():
            return env.find(x)[x]
        case int() | float():
            return x
        case ["quote", value]:
            return value
        case ["if", test, yes, no]:
            return evaluate(yes if evaluate(test, env) else no, env)
        case ["define", [name, *params], body]:
            env[name] = Procedure(params, body, env)
        case ["define", Symbol() as name, value]:
            env[name] = evaluate(value, env)
        case ["set!", name, value]:
            env.find(name)[name] = evaluate(value, env)
        case ["lambda", params, body]:
            return Procedure(params, body, env)
        case ["let", bindings, body]:
            names, values = zip(*bindings)
            return evaluate(body, Env(names, [evaluate(v, env) for v in values], env))
        case [head, *args]:
            return evaluate(head, env)(*[evaluate(a, env) for a in args])
        case _:
            raise SyntaxError(f"cannot evaluate {x!r}")


env = standard()
for line in """
(+ 1 2 (* 3 4))
(define (fact n) (if (< n 2) 1 (* n (fact (- n 1)))))
(fact 20)
(define make-adder (lambda (n) (lambda (x) (+ x n))))
((make-adder 10) 5)
(map (lambda (x) (* x x)) (list 1 2 3))
(let ((a 1) (b 2)) (+ a b))
(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))
(map fib (quote (1 5 10 15)))
(begin (define c 0) (set! c (+ c 1)) c)
fact
(quote (a b (c)))
(sqrt 16)
(undefined 1)
(fact)
(+ 1
)
()
(car (list))
(/ 1 0)
(1 2)
(if 1 2)
""".strip().splitlines():
    try:
        print(line, "->", evaluate(read(line), env))
    except Exception as e:
        print(line, "!!", type(e).__name__, e)
