"""Guards at run time: the names that the static rules refuse are refused however they are spelled."""

from __future__ import annotations

from types import ModuleType

import pytest

from edge_runtime.guard import runtime
from edge_runtime.guard.sealed import NO_ANNOTATIONS, Sealed

REFUSED = ["__globals__", "__code__", "gi_frame", "tb_frame", "mro", "__subclasses__", "__traceback__"]


class Thing:
    """Has an attribute that the guard hides."""

    gi_frame = 1
    plain = 2


@pytest.mark.parametrize("name", REFUSED)
def test_refused_names(name: str) -> None:
    thing = Thing()
    message = f"the attribute '{name}' is not available in Edge Python"
    with pytest.raises(AttributeError, match=message) as caught:
        runtime.guarded_getattr(thing, name)
    assert caught.value.obj is None, "nothing of the host's hangs on it"
    with pytest.raises(AttributeError, match=message):
        runtime.guarded_getattr(thing, name, None)
    with pytest.raises(AttributeError, match=message):
        runtime.guarded_setattr(thing, name, 1)
    with pytest.raises(AttributeError, match=message):
        runtime.guarded_delattr(thing, name)
    assert not runtime.guarded_hasattr(thing, name)


def test_plain_names() -> None:
    thing = Thing()
    runtime.guarded_setattr(thing, "x", 1)
    assert runtime.guarded_getattr(thing, "x") == 1
    assert runtime.guarded_hasattr(thing, "x")
    runtime.guarded_delattr(thing, "x")
    assert runtime.guarded_getattr(thing, "x", 5) == 5
    assert not runtime.guarded_hasattr(thing, "x")


def test_names_that_only_say_they_are_strings() -> None:
    class Liar(str):
        """Changes its mind between check and use."""

        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = str.__hash__

    for call in (runtime.guarded_getattr, runtime.guarded_hasattr, runtime.guarded_delattr):
        with pytest.raises(TypeError, match="must be exactly a string, not 'Liar'"):
            call(Thing(), Liar("__globals__"))


def test_copies() -> None:
    module = ModuleType("m")
    module.__dict__.update(__builtins__={}, x=1)
    copy = runtime.copied_dict(module)
    assert copy["x"] == 1
    assert "__builtins__" not in copy
    assert runtime.guarded_getattr(module, "__dict__") == copy


def test_a_class_of_a_sealed_kind_is_a_plain_class_to_a_script() -> None:
    """Such as the class of `CancelledError`: whoever has it could write to it."""

    class Kind(Sealed):
        """The class of a class that scripts get."""

    made = Kind("Made", (), {"__annotations__": NO_ANNOTATIONS})
    assert runtime.HELPERS["<attribute __class__>"](made) is runtime.TYPE
    assert runtime.TYPE(made) is runtime.TYPE
    assert runtime.HELPERS["<attribute __class__>"](made()) is made
