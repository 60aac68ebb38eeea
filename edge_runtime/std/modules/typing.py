"""`typing`: a copy of its own for each run. Text in annotations is never evaluated.

Left out: `get_type_hints`, `evaluate_forward_ref` and `ForwardRef`, which turn text into code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...guard.classes import TYPE
from ..facade import in_place_of
from ..typing_for_c import answer_with
from .annotationlib import withhold_evaluation

if TYPE_CHECKING:
    from ..copies import Copies

SURFACE: Final = tuple(
    """
    AbstractSet Annotated Any AnyStr AsyncContextManager AsyncGenerator AsyncIterable AsyncIterator Awaitable
    BinaryIO ByteString Callable ChainMap ClassVar Collection Concatenate Container ContextManager Coroutine
    Counter DefaultDict Deque Dict Final FrozenSet Generator Generic Hashable IO ItemsView Iterable Iterator
    KeysView List Literal LiteralString Mapping MappingView Match MutableMapping MutableSequence MutableSet
    NamedTuple Never NewType NoDefault NoReturn NotRequired Optional OrderedDict ParamSpec ParamSpecArgs
    ParamSpecKwargs Pattern Protocol ReadOnly Required Reversible Self Sequence Set Sized SupportsAbs SupportsBytes
    SupportsComplex SupportsFloat SupportsIndex SupportsInt SupportsRound TYPE_CHECKING Text TextIO Tuple Type
    TypeAlias TypeAliasType TypeGuard TypeIs TypeVar TypeVarTuple TypedDict Union Unpack ValuesView assert_never
    assert_type cast clear_overloads dataclass_transform final get_args get_origin get_overloads
    get_protocol_members is_protocol is_typeddict no_type_check no_type_check_decorator overload override
    reveal_type runtime_checkable
    """.split()
)


def begin(copies: Copies) -> None:
    """C code asks for the run's own answers."""
    answer_with(copies)


def patch(space: dict[str, Any], _: Copies) -> None:
    """Take away what evaluates text; give out no reference that could, and no real `type`."""
    space["Type"].__dict__["__origin__"] = TYPE
    if "ForwardRef" in space:  # from 3.14 on it is of annotationlib
        withhold_evaluation(space["ForwardRef"])

    def get_type_hints(obj: Any, *_: Any, **__: Any) -> dict[str, Any]:
        hints = dict(getattr(obj, "__annotations__", {}))
        for name, hint in hints.items():
            if isinstance(hint, str):
                raise TypeError(
                    f"the annotation of {name!r} is the text {hint!r}, and text is not evaluated; "
                    "name the class itself, as in register(int)"
                )
        return {name: type(None) if hint is None else hint for name, hint in hints.items()}

    space["get_type_hints"] = in_place_of(space["get_type_hints"], get_type_hints)
