"""`typing`: beside CPython, and what the facade refuses.

Takes: programs. Gives: CPython's output. Refuses: evaluation of text.
"""

from __future__ import annotations

import pytest

from edge_runtime.guard.names import may_read
from edge_runtime.std import exports
from tests.unit.std.kit import printed, same_output


def test_as_cpython() -> None:
    same_output("""
        from typing import *
        import collections.abc as abc
        T = TypeVar("T"); P = ParamSpec("P")
        class Stack(Generic[T]):
            def __init__(self) -> None: self.items: list[T] = []
            def push(self, item: T) -> "Stack[T]":
                self.items.append(item)
                return self
        print(Stack[int], Stack[int]().push(3).items, get_origin(Stack[int]) is Stack, get_args(Stack[int]))
        class Pair(Stack[T], Generic[T]): pass
        print(Pair[str], Pair[str]().push("a").items, isinstance(Pair(), Stack))
        for alias in (List[int], Dict[str, List[T]], Optional[int], Union[int, str, None], Callable[[int], str], Callable[..., T],
                      Tuple[int, ...], Literal[1, "a"], Annotated[int, "m"], Type[int], ClassVar[int], Final[int],
                      Callable[P, int], Concatenate[int, P], Mapping[str, T], Deque[int], list[int], int | None):
            print(alias, get_origin(alias), get_args(alias))
        print(List[T][int], Dict[T, List[T]][str], Optional[T][int], Union[int, int], get_args(int), get_origin(int))
        class Movie(TypedDict, total=False):
            name: Required[str]
            year: int
        print(Movie(name="a"), sorted(Movie.__annotations__), is_typeddict(Movie))
        class Point(NamedTuple):
            x: int
            y: int = 0
            def sum(self): return self.x + self.y
        print(Point(1), Point(1, 2).sum(), Point._fields, Point.__module__, NamedTuple("Q", [("a", int)])(1))
        @runtime_checkable
        class Closes(Protocol):
            def close(self) -> None: ...
        class File:
            def close(self): pass
        print(isinstance(File(), Closes), isinstance(1, Closes), issubclass(File, Closes), isinstance(1, SupportsInt))
        try: Closes()
        except TypeError as error: print(error)
        UserId = NewType("UserId", int)
        print(UserId(5), UserId.__name__, cast(int, "a"), TYPE_CHECKING, Any)
        @overload
        def f(a: int) -> int: ...
        @overload
        def f(a: str) -> str: ...
        @final
        def f(a): return a
        print(f(3), len(get_overloads(f)), assert_type(3, int))
        for bad in (lambda: List[int, str], lambda: Stack[int, str], lambda: Union[()], lambda: isinstance(1, List[int]),
                    lambda: assert_never(3), lambda: Optional[1, 2], lambda: Generic[int], lambda: TypeVar("T", int)):
            try: print(bad())
            except (TypeError, AssertionError) as error: print(type(error).__name__, error)
        print(isinstance([], List), isinstance({}, Mapping), issubclass(list, Sequence), isinstance(len, Callable))
        def g(*, a: int = 1) -> None: ...
        print(g.__annotations__, List["int"], get_args(List["int"]), Self, Never)
        """)


@pytest.mark.parametrize("name", ["evaluate_bound", "evaluate_constraints", "evaluate_default", "evaluate_value"])
def test_type_parameters_give_out_no_reference(name: str) -> None:
    """On 3.14 `TypeVar("T", bound="open").evaluate_bound(1).evaluate()` is `open`: C code makes a reference that evaluates."""
    assert not may_read(name)


@pytest.mark.parametrize("name", ["get_type_hints", "ForwardRef", "evaluate_forward_ref"])
def test_what_evaluates_is_left_out(name: str) -> None:
    assert name not in exports("typing")


def test_references_are_not_evaluated() -> None:
    assert (
        printed("""
        from typing import List, Union, get_args
        for alias in (List["print('evaluated')"], Union["print('evaluated')", int]):
            reference = get_args(alias)[0]
            for name in ("_evaluate", "evaluate"):
                for given in ((), (globals(), {}), (globals(), {}, frozenset())):
                    for named in ({}, {"recursive_guard": frozenset()}, {"globals": {}}):
                        try:
                            print(getattr(reference, name)(*given, **named))
                        except (TypeError, AttributeError):
                            pass
        kind = type(reference)
        for module in ("sys", "builtins", "typing", "os"):
            made = kind("modules", module=module)
            try:
                print(made.evaluate())
            except (TypeError, AttributeError):
                print("refused")
        """)
        == "refused\n" * 4
    )


def test_references_are_evaluated_by_cpython() -> None:
    """Else the test above could not fail."""
    from typing import ForwardRef

    method = getattr(ForwardRef("1 + 1"), "evaluate", None) or getattr(ForwardRef("1 + 1"), "_evaluate")  # noqa: B009
    assert method({}, {}, frozenset()) == 2 if method.__name__ == "_evaluate" else method() == 2
