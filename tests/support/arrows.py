"""Reads which module imports which, and says where an arrow between rooms points the wrong way.

Takes: Python sources by dotted module name, JavaScript sources by path. Gives: complaints, one a line, `where: why`.
Refuses to guess: every import is read from the syntax tree, those inside functions and under `TYPE_CHECKING` too.
"""

import ast
import posixpath
import re
from collections.abc import Iterator, Mapping

PACKAGE = "edge_runtime"

# From the left to the right; a room may import itself and rooms to its left. `messages` is the table of texts that
# `diagnostics` renders; rooms in one tuple are beside each other and do not see each other.
ORDER: tuple[tuple[str, ...], ...] = (
    ("source", "diagnostics", "messages"),
    ("syntax",),
    ("packages",),
    ("guard",),
    ("lower",),
    ("machine",),
    ("std", "native"),
    ("hosts",),
    ("cli",),
    ("__main__",),
)
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}
# The ground floor is one: a diagnostic has a position in a source, and the texts are the diagnostics'.
GROUND = frozenset(ORDER[0])

# What running a program never needs: the machine gets a linked, checked, lowered program.
NEVER = {"machine": ("packages", "syntax", "guard.visitor")}

# Concrete hosts: the pipeline drives any of them and knows none.
CONCRETE_HOSTS = ("hosts.terminal", "hosts.browser")
TOP = ("pipeline", "__init__")

# Nothing below `hosts` does I/O or knows what platform it is on.
PLATFORM = (
    "asyncio", "ctypes", "http", "httpx", "js", "multiprocessing", "os", "pathlib", "platform", "pyodide",
    "pyodide_js", "select", "shutil", "signal", "socket", "ssl", "subprocess", "tempfile", "threading",
    "urllib.request",
)  # fmt: skip
# The engines of native modules reach memory that is not Python's, and code of one platform. Hosts import them late.
ENGINES = ("native.capi", "native.wasmtime", "native.dynlib")
FOR_ENGINES = ("ctypes", "platform")
INPUT_OUTPUT = {("io", "open"), ("io", "FileIO"), ("sys", "stdin"), ("sys", "stdout"), ("sys", "stderr")}


def python_complaints(sources: Mapping[str, str]) -> list[str]:
    """Every wrong arrow among modules like `edge_runtime.syntax.scan`."""
    found: list[str] = []
    for module, text in sorted(sources.items()):
        tree = ast.parse(text)
        inside = module.removeprefix(PACKAGE).lstrip(".") or "__init__"
        room = inside.split(".")[0]
        for line, target in _imports(tree, module):
            why = _judge_inside(inside, room, target) if _is_ours(target) else _judge_outside(inside, room, target)
            if why:
                found.append(f"{module}:{line}: {why}")
        if _is_below_hosts(room):
            found.extend(f"{module}:{line}: uses {name}" for line, name in _input_output(tree))
    return found


def _is_ours(target: str) -> bool:
    return target == PACKAGE or target.startswith(PACKAGE + ".")


def _is_below_hosts(room: str) -> bool:
    return room in TOP or RANK.get(room, len(ORDER)) < RANK["hosts"]


def _judge_inside(inside: str, room: str, target: str) -> str | None:
    wanted = target.removeprefix(PACKAGE).lstrip(".") or "__init__"
    to = wanted.split(".")[0]
    if to not in RANK and to not in TOP and "." not in wanted:
        to = "__init__"  # a public name, not a module: `from edge_runtime import run_program`
    if room in TOP:
        if to == "cli" or any(_within(wanted, host) for host in CONCRETE_HOSTS):
            return f"{room} imports {wanted}"
        return None
    if room not in RANK:
        return f"'{room}' is no room: give it a place in ORDER"
    if to in TOP and RANK[room] >= RANK["hosts"]:
        return None
    if to not in RANK:
        return f"imports {wanted}, which is no room to its left"
    for forbidden in NEVER.get(room, ()):
        if _within(wanted, forbidden):
            return f"{room} never imports {forbidden}"
    if to == room or RANK[to] < RANK[room] or {to, room} <= GROUND:
        return None
    return f"{room} imports {to}, which is not to its left ({inside} -> {wanted})"


def _judge_outside(inside: str, room: str, target: str) -> str | None:
    if not _is_below_hosts(room):
        return None
    for name in PLATFORM:
        if _within(target, name) and not (name in FOR_ENGINES and inside in ENGINES):
            return f"{room} is below hosts and imports {name}"
    # `from io import open`, `from sys import stdin`
    if tuple(target.rsplit(".", 1)) in INPUT_OUTPUT:
        return f"{room} is below hosts and imports {target}"
    return None


def _within(name: str, top: str) -> bool:
    return name == top or name.startswith(top + ".")


def _imports(tree: ast.Module, module: str) -> Iterator[tuple[int, str]]:
    """Every imported thing as a dotted name; `from a import b` is `a.b`, since b may be a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = module.split(".")[: -node.level]
                base = ".".join([*above, base]).rstrip(".")
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"


def _input_output(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """`sys.stdin`, `io.open`, and the built-ins that do the same."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if (node.value.id, node.attr) in INPUT_OUTPUT:
                yield node.lineno, f"{node.value.id}.{node.attr}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("open", "input"):
            yield node.lineno, f"{node.func.id}()"


# `import x from '…'`, `export … from '…'`, `import '…'`, `import('…')`, and the JSDoc `import('…')` of types.
JS_IMPORT = re.compile(
    r"""(?:^|[;}\n])\s*(?:import|export)\b[^;'"`()]*?\bfrom\s*(['"])(?P<from>[^'"]+)\1"""
    r"""|(?:^|[;}\n])\s*import\s*(['"])(?P<bare>[^'"]+)\3"""
    r"""|\bimport\s*\(\s*(['"`])(?P<call>[^'"`]+)\5"""
)
JS_APART = (("page", "engine"), ("engine", "page"))
REMOTE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)


def script_complaints(sources: Mapping[str, str]) -> list[str]:
    """Every wrong arrow among scripts like `web/page/cas.js`."""
    found: list[str] = []
    for path, text in sorted(sources.items()):
        for match in JS_IMPORT.finditer(text):
            spec = match["from"] or match["bare"] or match["call"]
            line = text.count("\n", 0, match.end()) + 1
            if REMOTE.match(spec):
                found.append(f"{path}:{line}: imports from {spec}")
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), spec)) if spec[0] == "." else spec
            found.extend(
                f"{path}:{line}: web/{here} imports web/{there} ({spec})"
                for here, there in JS_APART
                if path.startswith(f"web/{here}/") and target.startswith(f"web/{there}/")
            )
    return found
