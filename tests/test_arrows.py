"""The direction of the arrows between rooms, as `design.md` draws them; and that this test can fail.

Takes: every module of edge_runtime and every script of web/. Refuses: an import from left to right, I/O below hosts,
page and engine importing each other, scripts from other origins.
"""

from pathlib import Path

import pytest

from tests.support.arrows import python_complaints, script_complaints

ROOT = Path(__file__).resolve().parents[1]


def _modules() -> dict[str, str]:
    sources: dict[str, str] = {}
    for path in sorted((ROOT / "edge_runtime").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)
        sources[name] = path.read_text(encoding="utf-8")
    return sources


def _scripts() -> dict[str, str]:
    files = [path for path in sorted((ROOT / "web").rglob("*.js")) if "vendor" not in path.parts]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in files}


def test_rooms_of_the_package() -> None:
    modules = _modules()
    assert len(modules) > 5, "edge_runtime was not found"
    assert python_complaints(modules) == []


def test_rooms_of_the_page() -> None:
    scripts = _scripts()
    assert scripts, "web/ was not found"
    assert script_complaints(scripts) == []


@pytest.mark.parametrize(
    ("module", "text", "complaint"),
    [
        ("syntax.scan", "from edge_runtime.packages.linker import Linker", "syntax imports packages"),
        ("source", "def f():\n    import edge_runtime.syntax", "source imports syntax"),
        ("lower.x", "from edge_runtime import machine", "lower imports machine"),
        ("machine.x", "from edge_runtime.packages import specs", "machine never imports packages"),
        ("machine.x", "import edge_runtime.syntax.scan", "machine never imports syntax"),
        ("machine.x", "from edge_runtime.guard import visitor", "machine never imports guard.visitor"),
        ("machine.x", "from ..guard.visitor import Visitor", "machine never imports guard.visitor"),
        ("std.math", "import edge_runtime.native.abi", "std imports native"),
        ("native.abi", "if True:\n  from edge_runtime.hosts import interface", "native imports hosts"),
        ("hosts.memory", "from edge_runtime.cli import main", "hosts imports cli"),
        ("guard.x", "from edge_runtime.pipeline import run", "no room to its left"),
        ("guard.x", "from edge_runtime import run_program", "no room to its left"),
        ("pipeline", "from edge_runtime.hosts.terminal import TerminalHost", "pipeline imports hosts.terminal"),
        ("pipeline", "from edge_runtime.hosts import browser", "pipeline imports hosts.browser"),
        ("__init__", "from edge_runtime.cli.main import main", "__init__ imports cli"),
        ("kitchen.sink", "from edge_runtime import source", "'kitchen' is no room"),
        ("machine.x", "import os.path", "imports os"),
        ("machine.x", "from pathlib import Path", "imports pathlib"),
        ("packages.x", "from urllib import request", "imports urllib.request"),
        ("packages.x", "import urllib.request", "imports urllib.request"),
        ("std.x", "from io import open", "imports io.open"),
        ("std.x", "import sys\nsys.stdin.read()", "uses sys.stdin"),
        ("native.x", "import js", "imports js"),
        ("native.abi", "import ctypes", "imports ctypes"),
        ("native.wasmtime", "import os", "imports os"),
        ("native.x", "from pyodide.ffi import run_sync", "imports pyodide"),
        ("lower.x", "open('x')", "uses open()"),
        ("pipeline", "import socket", "imports socket"),
    ],
)
def test_wrong_arrow_is_seen(module: str, text: str, complaint: str) -> None:
    found = python_complaints({f"edge_runtime.{module}": text})
    assert len(found) == 1
    assert complaint in found[0]


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("syntax.scan", "from edge_runtime.syntax import parse\nfrom edge_runtime.source import Span"),
        ("diagnostics", "from edge_runtime.source import Span"),
        ("machine.x", "from edge_runtime.guard.runtime import guarded\nfrom edge_runtime.lower.program import Program"),
        ("machine.x", "import sys, io, types\nio.StringIO()\nfrom urllib.parse import urljoin"),
        ("std.x", "import ossaudio, jsonschema"),
        (
            "hosts.terminal",
            "import os\nfrom pathlib import Path\nopen('x')\nfrom edge_runtime.pipeline import run_program",
        ),
        (
            "cli.main",
            "import os\nfrom edge_runtime import run_program\nfrom edge_runtime.hosts.terminal import TerminalHost",
        ),
        ("pipeline", "from edge_runtime.hosts.interface import Host\nfrom edge_runtime.packages import linker"),
    ],
)
def test_right_arrow_is_let_through(module: str, text: str) -> None:
    assert python_complaints({f"edge_runtime.{module}": text}) == []


@pytest.mark.parametrize(
    ("path", "text", "complaint"),
    [
        ("web/page/cas.js", "import { boot } from '../engine/boot.js';", "web/page imports web/engine"),
        ("web/engine/boot.js", "import {\n  cas,\n} from '../page/cas.js';", "web/engine imports web/page"),
        ("web/engine/boot.js", 'export * from "../page/cas.js"', "web/engine imports web/page"),
        ("web/page/x.js", "const later = await import('../engine/boot.js');", "web/page imports web/engine"),
        ("web/page/x.js", "import '../engine/boot.js';", "web/page imports web/engine"),
        ("web/page/x.js", "/** @typedef {import('../engine/boot.js').Boot} Boot */", "web/page imports web/engine"),
        ("web/client.js", "import { x } from 'https://cdn.test/x.js';", "imports from https://cdn.test/x.js"),
        ("web/client.js", "import x from '//cdn.test/x.js';", "imports from //cdn.test/x.js"),
    ],
)
def test_wrong_script_arrow_is_seen(path: str, text: str, complaint: str) -> None:
    found = script_complaints({path: text})
    assert len(found) == 1
    assert complaint in found[0]


def test_right_script_arrow_is_let_through() -> None:
    text = "import { a } from '../protocol.js';\nimport b from './b.js';\n// from 'https://x.test' it came\n"
    assert (
        script_complaints({"web/page/x.js": text, "web/engine/y.js": text, "web/worker.js": "import './engine/y.js'"})
        == []
    )
