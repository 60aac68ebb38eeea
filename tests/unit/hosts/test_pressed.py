"""Modules that few programs import, pressed: found by name, and nothing is pressed out for a name that there is not."""

from __future__ import annotations

import importlib.util
import lzma
import marshal
import sys
from collections.abc import Callable

import pytest

from edge_runtime.hosts import pressed

SELDOM = "encodings.cp874"


def test_a_module_is_what_it_was() -> None:
    assert SELDOM not in sys.modules, "pressing leaves out what is imported"
    spec = pressed.press(["encodings"]).find_spec(SELDOM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.getregentry().name == "cp874"
    assert module.getregentry().encode("ก")[0] == b"\xa1"


def test_a_name_that_there_is_not_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    finder = pressed.press(["encodings"])
    monkeypatch.setattr(lzma, "decompress", lambda _: pytest.fail("pressed out for nothing"))
    for name in ("encodings.nothing", "encodings", "difflib", "encodings.mbcs"):
        assert finder.find_spec(name) is None


def test_few_modules_are_pressed_out_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    finder = pressed.press(["encodings"])
    texts: list[bytes] = []
    monkeypatch.setattr(lzma, "decompress", decompressing(texts))
    assert finder.find_spec(SELDOM) is not None
    (text,) = texts
    codes = marshal.loads(text)  # noqa: S302 - our own
    assert SELDOM in codes
    assert len(codes) <= 16


def decompressing(texts: list[bytes], real: Callable[[bytes], bytes] = lzma.decompress) -> Callable[[bytes], bytes]:
    def decompress(data: bytes) -> bytes:
        texts.append(real(data))
        return texts[-1]

    return decompress


def test_what_there_is_not_cannot_be_pressed() -> None:
    with pytest.raises(ModuleNotFoundError, match="no module 'nothing_of_this_name'"):
        pressed.press(["nothing_of_this_name"])
