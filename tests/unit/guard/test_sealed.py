"""Errors of host functions: what of them a script finds."""

from __future__ import annotations

from edge_runtime import MemoryHost, run_program

SOURCE = """
from host import fail, call
try:
    fail()
except RuntimeError as error:
    print(repr(error.__context__), repr(error.__cause__))
def own():
    try:
        1 / 0
    except ZeroDivisionError:
        raise RuntimeError("mine") from None
try:
    call(own)
except RuntimeError as error:
    print(repr(error.__context__))
try:
    {}["key"]
except KeyError:
    try:
        fail()
    except RuntimeError as error:
        print(repr(error.__context__))
"""


def test_what_the_host_hid_stays_hidden() -> None:
    """`from None` of the host's: the context is gone. A script's own errors are as they were."""

    def fail() -> None:
        try:
            raise KeyError(object())
        except KeyError:
            raise RuntimeError("while handling") from None

    result = run_program(SOURCE, MemoryHost(natives={"host": {"fail": fail, "call": lambda function: function()}}))
    assert result.error is None, result.error.rendered
    assert result.output == "None None\nZeroDivisionError('division by zero')\nNone\n"
