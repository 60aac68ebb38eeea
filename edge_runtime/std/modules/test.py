"""`test`: a small test harness for programs in Edge Python.

Takes: functions that a program decorates with `@test("text", *fixtures)` and `@fixture`.
Gives: `run()`: a line for each test in the order of definition (`PASS`, `FAIL`, `ERROR`), a summary, and the end of the
program with exit code 0 or 1; `raises`, which expects an exception.
Refuses: two tests with one text, two fixtures with one name, fixtures that do not exist or need each other in a circle.

The tests and fixtures are the run's, shared by all modules of its program. A test that raises `AssertionError` has
failed; one that raises anything else, or whose fixtures do, is in error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from types import AsyncGeneratorType, CoroutineType, FunctionType, GeneratorType, TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from ...lower.lowering import FROM
from ...machine.builtins import host_function
from ...machine.errors import text_of
from ...machine.limits import RunEnded

if TYPE_CHECKING:
    from ..library import Library

SURFACE: Final = ("fixture", "raises", "run", "test")
OWN: Final = SURFACE

_SCRIPTS_OWN: Final = (Exception, SystemExit)
"""What a test may raise without ending the run."""

_PASS, _FAIL, _ERROR = "PASS", "FAIL", "ERROR"


class HarnessError(Exception):
    """A fixture cannot be made or taken down, or a coroutine cannot be finished."""


@dataclass(frozen=True, slots=True)
class _Test:
    text: str
    function: Callable[..., Any]
    fixtures: tuple[Any, ...]
    """Those that the decorator lists: functions, or names."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    status: str
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class _Suite:
    """The tests and fixtures of one run."""

    tests: dict[str, _Test] = field(default_factory=dict)
    fixtures: dict[str, Callable[..., Any]] = field(default_factory=dict)


class _Fixtures:
    """The fixtures of one test: each made once, and taken down in the opposite order."""

    def __init__(self, suite: _Suite) -> None:
        self._suite = suite
        self._values: dict[Callable[..., Any], Any] = {}
        self._pending: list[str] = []
        self._open: list[tuple[str, Generator[Any, Any, Any]]] = []

    def arguments(self, function: Callable[..., Any], listed: Iterable[object] = ()) -> list[Any]:
        """What a function is called with: the listed fixtures, then those that its other parameters name."""
        wanted = [*listed]
        return [self._value(one) for one in (*wanted, *_parameters(function)[len(wanted) :])]

    def take_down(self) -> Iterator[BaseException]:
        """Let each generator end; what goes wrong on the way."""
        while self._open:
            name, generator = self._open.pop()
            try:
                next(generator)
            except StopIteration:
                continue
            except _SCRIPTS_OWN as error:
                yield error
            else:
                generator.close()
                yield HarnessError(f"the fixture {name!r} yields twice: it may yield one value")

    def _value(self, wanted: object) -> Any:
        function = self._suite.fixtures.get(wanted) if isinstance(wanted, str) else wanted
        if not isinstance(function, FunctionType):
            known = ", ".join(sorted(self._suite.fixtures)) or "none"
            raise HarnessError(f"there is no fixture {wanted!r}; the fixtures are: {known}")
        if function not in self._values:
            self._values[function] = self._make(_name_of(function), function)
        return self._values[function]

    def _make(self, name: str, function: FunctionType) -> Any:
        if name in self._pending:
            circle = " -> ".join([*self._pending[self._pending.index(name) :], name])
            raise HarnessError(f"these fixtures need each other in a circle: {circle}")
        self._pending.append(name)
        value = _finished(function(*self.arguments(function)))
        self._pending.pop()
        if isinstance(value, AsyncGeneratorType):
            raise HarnessError(
                f"the fixture {name!r} is an asynchronous generator: write it with 'def', not 'async def'"
            )
        if not isinstance(value, GeneratorType):
            return value
        try:
            first = next(value)
        except StopIteration:
            raise HarnessError(f"the fixture {name!r} yields no value") from None
        self._open.append((name, value))
        return first


def build(library: Library) -> dict[str, Any]:
    """The harness of one run."""
    suite = _Suite()

    def test(text: object, *fixtures: object) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Make a test of the function below: `@test("what it shows", fixture, …)`."""
        if not isinstance(text, str):
            raise TypeError('a test begins with its text: write @test("what it shows") above the function')
        for wanted in fixtures:
            if not (isinstance(wanted, str) or any(wanted is known for known in suite.fixtures.values())):
                raise TypeError(f"{_name_of(wanted)!r} is not a fixture: put @fixture above its definition")

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            if text in suite.tests:
                raise ValueError(f"two tests have the text {text!r}: give each its own")
            suite.tests[text] = _Test(text, function, fixtures)
            return function

        return host_function("test", register)  # type: ignore[no-any-return]

    def fixture(function: object) -> object:
        """Make a fixture of the function below: what it returns or yields is given to tests that ask for it."""
        if not isinstance(function, FunctionType):
            raise TypeError("write @fixture, without anything behind it, above a function")
        name = _name_of(function)
        if name in suite.fixtures:
            raise ValueError(f"two fixtures have the name {name!r}: give each its own")
        suite.fixtures[name] = function
        return function

    def run() -> None:
        """Run the tests, print a line for each, and end the program."""
        if not suite.tests:
            raise SystemExit('there are no tests to run: put @test("what it shows") above a function, then call run()')
        counts: Counter[str] = Counter()
        for one in [*suite.tests.values()]:
            outcome = _outcome(one, _Fixtures(suite))
            counts[outcome.status] += 1
            lines = [f"{outcome.status} {one.text}", *_indented(outcome.reasons)]
            library.run.write("stdout", "\n".join(lines) + "\n")
        errors = counts[_ERROR]
        summary = f"{counts[_PASS]} passed, {counts[_FAIL]} failed, {errors} error{'' if errors == 1 else 's'}"
        library.run.write("stdout", summary + "\n")
        raise SystemExit(0 if counts[_PASS] == counts.total() else 1)

    def raises(expected: Any, match: str | None = None) -> Any:
        """Expect an exception of a class in a `with` block; it is then in `.value`."""
        classes = expected if isinstance(expected, tuple) else (expected,)
        if not classes or not all(isinstance(one, type) and issubclass(one, BaseException) for one in classes):
            raise TypeError("raises() takes a class of exceptions, or a tuple of them, as in raises(ValueError)")
        return made(classes, None if match is None else library.module("re")["compile"](match))

    made = _raises_class()
    ours: dict[str, Callable[..., Any]] = {"test": test, "fixture": fixture, "raises": raises, "run": run}
    return {name: host_function(name, function) for name, function in ours.items()}


def _raises_class() -> Callable[..., Any]:
    """The context manager that `raises` gives; a class of the run's own, since a script may write to it."""

    class Raises:
        """The exception that a `with raises(…)` block expects; `value` is the one that came."""

        def __init__(self, classes: tuple[type[BaseException], ...], pattern: Any) -> None:
            self._classes, self._pattern = classes, pattern

        def __enter__(self) -> Self:
            return self

        def __exit__(self, kind: object, error: BaseException | None, _: TracebackType | None) -> bool:
            names = " or ".join(one.__name__ for one in self._classes)
            if error is None:
                raise AssertionError(f"nothing was raised; {names} was expected")
            if isinstance(error, RunEnded) or not isinstance(error, self._classes):
                return False
            self.value = error
            text = text_of(error)
            if self._pattern is not None and self._pattern.search(text) is None:
                raise AssertionError(
                    f"{type(error).__name__} was raised, but {self._pattern.pattern!r} is not in its message {text!r}"
                )
            return True

    return Raises


def _outcome(test: _Test, fixtures: _Fixtures) -> _Outcome:
    """Run one test with its fixtures."""
    status, reasons = _PASS, []
    try:
        arguments = fixtures.arguments(test.function, test.fixtures)
    except _SCRIPTS_OWN as error:
        status, reasons = _ERROR, [_reason(error)]
    else:
        try:
            _finished(test.function(*arguments))
        except _SCRIPTS_OWN as error:
            status = _FAIL if isinstance(error, AssertionError) else _ERROR
            reasons = [_reason(error)]
    for unclean in fixtures.take_down():
        status = _ERROR
        reasons.append(_reason(unclean))
    return _Outcome(status, tuple(reasons))


def _finished(value: Any) -> Any:
    """The result of a coroutine, any other value as it is."""
    if not isinstance(value, CoroutineType):
        return value
    try:
        value.send(None)
    except StopIteration as ending:
        return ending.value
    value.close()
    raise HarnessError("it waits for other coroutines, which a test cannot do yet")


def _reason(error: BaseException) -> str:
    """What went wrong, and the innermost place in the program's own code."""
    text = text_of(error)
    if isinstance(error, AssertionError):
        head = text or "assertion failed"
    elif isinstance(error, HarnessError):
        head = text
    else:
        head = f"{_name_of(type(error))}: {text}" if text else _name_of(type(error))
    return f"{head}\nat {place}" if (place := _place(error.__traceback__)) else head


def _place(traceback: TracebackType | None) -> str:
    found = ""
    while traceback is not None:
        if FROM in traceback.tb_frame.f_builtins:  # only the compiler's own modules have that name
            file = traceback.tb_frame.f_code.co_filename.partition("\0")[0]
            found = f"{file}, line {traceback.tb_lineno}"
        traceback = traceback.tb_next
    return found


def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    """The names of the parameters that a call must give."""
    if not isinstance(function, FunctionType):
        return ()
    code = function.__code__
    return code.co_varnames[: code.co_argcount - len(function.__defaults__ or ())]


def _name_of(value: object) -> str:
    name = getattr(value, "__name__", None)
    return name if isinstance(name, str) else type(value).__name__


def _indented(reasons: Iterable[str]) -> Iterator[str]:
    for reason in reasons:
        yield from (f"    {line}" for line in reason.splitlines())
