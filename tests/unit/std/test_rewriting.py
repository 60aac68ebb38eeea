"""How the code of standard modules is rewritten, and what the rewritten code may do.

Takes: trees, copies, programs. Gives: guarded calls in place of attributes. Refuses: what a script may not read or write.
"""

from __future__ import annotations

import ast
import importlib.machinery
from types import ModuleType

import pytest

from edge_runtime.std import rewriting
from edge_runtime.std.attributes import CLASSES_WHOLE, HELPERS_OF_COPIES, WRITES, helpers, names_of
from edge_runtime.std.copies import PRIVATE, nobodys
from tests.unit.std.kit import printed

REWRITTEN = [
    ("x.format", "<attribute format>(x)"),
    ("super().__setattr__(name, value)", "<attribute __setattr__>(super())(name, value)"),
    ("x.__dict__.update(y)", "<attribute __dict__>(x).update(y)"),
    ("self.__class__(1)", "<attribute __class__>(self)(1)"),
    ("type(self)(1)", "<type of>(self)(1)"),
    ("cls = type(x)", "cls = <type of>(x)"),
    ("type(x) == y", "<type of>(x) == y"),
    ("getattr(x, 'name')", "<getattr>(x, 'name')"),
    ("_N = 'name'\nhasattr(x, _N)", "_N = 'name'\n<hasattr>(x, _N)"),
    ("for n in ('a', 'b'):\n    setattr(x, n, 1)", "for n in ('a', 'b'):\n    <setattr>(x, n, 1)"),
    ("def f(a: type) -> type | None:\n    pass", "def f(a: <type of scripts>) -> <type of scripts> | None:\n    pass"),
]
KEPT = [
    "x.format = 1",
    "'{} is missing'.format(x)",
    "type(x).__name__",
    "x.__class__.__name__",
    "x.__class__ is y.__class__",
    "type(x) is y",
    "type(x) in known",
    "type(name, bases, namespace)",
    "isinstance(x, type)",
    "getattr(x, name)",
    "object.__setattr__(self, 'field', value)",
    "for n in names:\n    setattr(x, n, 1)",
    "for n in ('a', y):\n    setattr(x, n, 1)",
]


def rewritten(source: str) -> str:
    tree = ast.parse(source)
    rewriting.rewrite(tree)
    compile(tree, "<test>", "exec")  # every new node has its place
    return ast.unparse(tree)


@pytest.mark.parametrize(("source", "expected"), REWRITTEN)
def test_what_a_script_may_have_chosen_goes_through_a_guard(source: str, expected: str) -> None:
    assert rewritten(source) == expected


@pytest.mark.parametrize("source", KEPT)
def test_what_nobody_chose_stays(source: str) -> None:
    assert rewritten(source) == source


def test_no_module_keeps_an_attribute_that_is_guarded() -> None:
    """Whatever is copied is rewritten, but what the tables leave out with a reason."""
    left = {"inspect", "weakref", "_weakrefset"}
    for name in sorted(PRIVATE - left):
        spec = importlib.machinery.PathFinder.find_spec(name.partition(".")[0])
        if spec is None or "." in name:
            continue
        tree = ast.parse(spec.loader.get_source(name) or "")  # type: ignore[union-attr] # it has one
        rewriting.rewrite(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id.startswith("<"):
                assert node.id in helpers({}), (name, node.id)


def test_the_names_of_the_helpers_cannot_be_spelled() -> None:
    assert all(not name.isidentifier() for name in HELPERS_OF_COPIES if name.startswith("<"))
    assert not {"getattr", "setattr", "hasattr", "delattr", "vars", "dir"} - helpers({}).keys()
    assert set(CLASSES_WHOLE) <= PRIVATE


def test_namespaces_of_modules() -> None:
    """A copy gets at the names of copies; of a script's module it gets a copy, without what is behind it."""
    copies = nobodys()
    own, script = copies.load("operator"), ModuleType("lib")
    script.__dict__.update(__builtins__={}, x=1)
    for dict_of in (copies.builtins["<attribute __dict__>"], *names_of("enum", copies.modules).values()):
        assert dict_of(own) is own.__dict__
        assert dict_of(script) is not script.__dict__
        assert "__builtins__" not in dict_of(script)
        assert dict_of(script)["x"] == 1


def test_names_that_copies_may_set() -> None:
    set_name = HELPERS_OF_COPIES["setattr"]

    class Kind:
        pass

    for name in WRITES - {"__abstractmethods__", "__slots__", "__type_params__", "__annotate__", "__annotate_func__"}:
        set_name(Kind, name, {} if name == "__annotations__" else "text")
    for name in ("__class__", "__del__", "__bases__", "__getattribute__", "gi_frame", "__code__"):
        with pytest.raises(AttributeError, match="not available in Edge Python"):
            set_name(Kind, name, int)
    with pytest.raises(TypeError, match="'__match_args__' cannot have '__code__'"):
        set_name(Kind, "__match_args__", ("__code__",))
    set_name(Kind, "__match_args__", ("format", "x"))
    assert Kind.__match_args__ == ("format", "x")  # type: ignore[attr-defined] # set above

    class Text(Kind, str):
        __slots__ = ()

    set_name(Kind, "__match_args__", ("x", "format", "y"))
    assert Kind.__match_args__ == ("x",)  # type: ignore[attr-defined] # a text could be matched


def test_a_field_may_be_called_format() -> None:
    assert (
        printed("""
        from abc import ABC
        from dataclasses import dataclass
        from typing import NamedTuple
        @dataclass
        class Image:
            format: str
            size: int
        class Pair(NamedTuple):
            format: str
            size: int
        @dataclass
        class Export(ABC):
            size: int
            format: str
        for value in (Image("png", 1), Pair("gif", 2), Export(3, "bmp")):
            match value:
                case Image(a, b) | Pair(a, b): print(a, b)
                case Export(a, format=b): print(a, b)
        class Both(Image, ABC): pass
        print(Both("x", 1), Both.__match_args__, Export.__match_args__)
        """)
        == "png 1\ngif 2\n3 bmp\nBoth(format='x', size=1) () ('size',)\n"
    )


def test_an_abstract_data_class_with_slots() -> None:
    assert (
        printed("""
        from abc import ABC, abstractmethod
        from dataclasses import dataclass
        @dataclass(slots=True)
        class A(ABC):
            x: int
            @abstractmethod
            def f(self): ...
        class B(A):
            def f(self): return self.x
        try: A(1)
        except TypeError as error: print(type(error).__name__)
        print(B(2).f())
        """)
        == "TypeError\n2\n"
    )


def test_unions_that_c_makes_are_of_the_run() -> None:
    """From 3.12 on, C code asks the process's `typing`: what it makes would be shared, and could evaluate text."""
    assert (
        printed("""
        from typing import Generic, Optional, TypeVar, Union, get_args
        T = TypeVar("T", bound="Later")
        references = [get_args(Optional["Node"])[0], get_args(Union["Node", T])[0], get_args(Union[T, "Node"])[1]]
        print(len({type(one) for one in references}), references[0])
        print(list[T][int], dict[str, T][str], (T | None)[int] == Optional[int])
        """)
        == "1 ForwardRef('Node')\nlist[int] dict[str, str] True\n"
    )
