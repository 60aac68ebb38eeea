"""Own exception hierarchies: attributes, chaining, notes, groups, finally, else, re-raise."""


class AppError(Exception):
    """Base of all."""

    code = 1

    def __init__(self, message, **details):
        super().__init__(message)
        self.details = details

    def __str__(self):
        return f"[{self.code}] {super().__str__()}" + (f" {self.details}" if self.details else "")


class NotFound(AppError):
    code = 404


class Conflict(AppError, KeyError):
    code = 409


class Plain(ValueError):
    pass


def risky(n):
    if n == 0:
        raise NotFound("no page", page=7)
    if n == 1:
        raise Conflict("twice")
    if n == 2:
        raise Plain("a", 2)
    if n == 3:
        try:
            return {}["k"]
        except KeyError as e:
            raise AppError("wrapped") from e
    if n == 4:
        try:
            int("x")
        except ValueError:
            raise AppError("during")
    if n == 5:
        try:
            1 / 0
        except ZeroDivisionError:
            raise Plain from None
    if n == 6:
        error = OSError(2, "No such file", "a.txt")
        error.add_note("look again")
        error.add_note("and again")
        raise error
    return "fine"


for n in range(8):
    try:
        result = risky(n)
    except (NotFound, Conflict) as e:
        print(n, type(e).__name__, e, repr(e), e.args, e.details, e.code)
    except AppError as e:
        print(n, e, "cause:", repr(e.__cause__), "context:", repr(e.__context__), e.__suppress_context__)
    except Exception as e:
        print(n, repr(e), str(e), e.args, e.__cause__, e.__suppress_context__, getattr(e, "__notes__", None), getattr(e, "errno", None))
    else:
        print(n, "else", result)
    finally:
        print(n, "finally")


def order():
    try:
        return "try"
    finally:
        print("cleanup")


def override():
    for i in range(3):
        try:
            continue
        finally:
            if i == 2:
                return f"finally {i}"


print(order(), override())
try:
    try:
        raise Plain("first")
    except Plain:
        print("passing on")
        raise
except ValueError as e:
    print("again", e)
try:
    raise ExceptionGroup("many", [ValueError(1), TypeError("t"), ExceptionGroup("in", [KeyError("k")])])
except ExceptionGroup as g:
    print(g, g.message, len(g.exceptions), [type(e).__name__ for e in g.exceptions])
    left, right = g.split(ValueError)
    print(repr(left), repr(right), g.subgroup(KeyError), g.subgroup(lambda e: isinstance(e, TypeError)), g.subgroup(OSError))
for bad in (lambda: ExceptionGroup("x", []), lambda: ExceptionGroup("x", [1]), lambda: ExceptionGroup("x", 5)):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)
for bad in (5, "text", int, None):
    try:
        raise bad
    except TypeError as e:
        print(e)
try:
    raise NotFound
except TypeError as e:
    print(e)
try:
    raise Plain("with cause") from ValueError("why")
except Plain as e:
    print(repr(e.__cause__), e.__suppress_context__, isinstance(e, ValueError), issubclass(Conflict, (KeyError, AppError)))
    e.__cause__ = None
    print(e.__cause__, e.with_traceback(None) is e)
try:
    e
except NameError as gone:
    print(gone, gone.name)
try:
    assert 1 == 2, f"one is not {2}"
except AssertionError as e:
    print(type(e).__name__, e)
for error in (StopIteration(5), SystemExit(3), KeyError("k"), UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), ImportError("m", name="n"), AttributeError("a", name="b")):
    print(repr(error), str(error), [getattr(error, a, "-") for a in ("value", "code", "name", "reason", "start")])
