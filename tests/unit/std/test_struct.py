"""`struct`: packing and unpacking as CPython does it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.std.differential import Names, curated, pair, same_output

STRUCT = pair("struct")

FORMATS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "<", ">", "!", "=", "@"]),
        st.lists(st.sampled_from("x c b B ? h H i I l L q Q e f d 3s 5p 2h 0i n N P z $".split()), max_size=5).map(
            "".join
        ),
    ),
)
VALUES = st.lists(
    st.integers(-(2**65), 2**65)
    | st.floats()
    | st.binary(max_size=6)
    | st.booleans()
    | st.none()
    | st.text(max_size=1),
    max_size=6,
)


@given(FORMATS, VALUES)
def test_pack(layout: str, values: list[Any]) -> None:
    STRUCT.call("pack", layout, *values)
    STRUCT.check(lambda module: module.Struct(layout).pack(*values))


@given(FORMATS, st.binary(max_size=40))
def test_unpack(layout: str, data: bytes) -> None:
    STRUCT.call("calcsize", layout)
    STRUCT.call("unpack", layout, data)
    STRUCT.call("unpack_from", layout, data, 1)
    STRUCT.call("iter_unpack", layout, data)
    STRUCT.check(lambda module: [module.Struct(layout).unpack(data), module.Struct(layout).size])


@given(FORMATS, st.integers(-20, 20), VALUES)
def test_pack_into(layout: str, offset: int, values: list[Any]) -> None:
    def pack(module: Names) -> bytearray:
        buffer = bytearray(16)
        module.pack_into(layout, buffer, offset, *values)
        return buffer

    STRUCT.check(pack)


def test_errors_are_caught_by_the_class_of_the_module() -> None:
    output = same_output("""
import struct
for wrong in (lambda: struct.pack("b", 300), lambda: struct.unpack("i", b""), lambda: struct.Struct("?$"),
              lambda: struct.Struct("b").pack("x"), lambda: struct.calcsize("%"), lambda: struct.Struct("h").unpack(b"1")):
    try:
        wrong()
    except struct.error as error:
        print("caught", error)
s = struct.Struct("<ih")
print(s.format, s.size, s.pack(1, 2), list(s.iter_unpack(bytes(12))))
""")
    assert output.count("caught") == 6


def test_nothing_is_missing() -> None:
    import struct

    assert set(curated("struct")) == set(struct.__all__)
