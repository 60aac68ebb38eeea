"""What a first visit downloads, as it is, with gzip and with Brotli; beside plain Pyodide.

Takes: a built `dist/`, Pyodide's npm package, Node. Gives: a line for each part, the sums until the first print and of all, the
promised ratio.
Refuses: to judge: it fails on no size.

Ours is the page's modules, the engine, and what an engine starts from; and by itself the standard library's archive, which comes
when something reads it: hardly ever (docs/snapshot.md). Files that only a plain start or the demo needs are left out. Plain
Pyodide is the five files that `loadPyodide` asks for. Both are pressed as hard as it goes; the best Brotli takes a minute for
each large file, so results are kept in build/copies/, where `make build` with `--copies` keeps them too.
"""

from __future__ import annotations

import gzip
import hashlib
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.support.site import built

ROOT: Final = Path(__file__).parent.parent
DIST: Final = built(ROOT / "dist")
KEPT: Final = ROOT / "build" / "copies"
RATIO, MOST = 1.45, 9.0

PLAIN: Final = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
ENGINE: Final = ("runtime/snapshot.bin", "runtime/bare.wasm", "engine.js")
LIBRARY: Final = "runtime/python_stdlib.zip"
PRESS: Final = """
import { brotliCompressSync, constants } from 'node:zlib';
import { readFileSync, writeFileSync } from 'node:fs';
const [from, to] = process.argv.slice(1);
const data = readFileSync(from);
const { BROTLI_PARAM_QUALITY: quality, BROTLI_PARAM_LGWIN: window, BROTLI_PARAM_SIZE_HINT: size } = constants;
writeFileSync(to, brotliCompressSync(data, { params: { [quality]: 11, [window]: 24, [size]: data.length } }));
"""

Sizes = tuple[int, int, int]
"""As it is, gzip, Brotli; no server sends a copy that is larger than the file."""


def report() -> None:
    """The lines of this file."""
    page = sorted(
        path
        for pattern in ("*.js", "page/*.js", "element/*.js", "frame.html")
        for path in DIST.glob(pattern)
        if path.name not in ("engine.js", "offline.js", "root.js")
    )
    print(f"{'first visit, bytes':34} {'as it is':>12} {'gzip':>12} {'Brotli':>12}")
    ours = [_line(f"  {name}", [DIST / name]) for name in ENGINE] + [_line("  the page's modules", page)]
    _print("  until the first print", total := _sum(ours))
    _print("  and what few programs read", whole := _sum([total, _line(f"  {LIBRARY}", [DIST / LIBRARY])]))
    theirs = [_line(f"  Pyodide's {name}", [ROOT / "node_modules" / "pyodide" / name]) for name in PLAIN]
    _print("  plain Pyodide together", plain := _sum(theirs))
    _judge("over plain Pyodide (Brotli)", total[2] / plain[2], RATIO, whole[2] / plain[2])
    _judge("MB (Brotli)", total[2] / 1e6, MOST, whole[2] / 1e6)


def _judge(what: str, found: float, most: float, with_all: float) -> None:
    print(f"  {what:32} {found:12.2f}     at most {most:g}; with all of it {with_all:.2f}")


def _line(name: str, paths: Iterable[Path]) -> Sizes:
    found = _sum([_sizes(path) for path in paths])
    _print(name, found)
    return found


def _print(name: str, sizes: Sizes) -> None:
    print(f"{name:34}" + "".join(f" {size:12,}" for size in sizes))


def _sum(parts: Iterable[Sizes]) -> Sizes:
    raw, zipped, pressed = zip(*parts, strict=True)
    return sum(raw), sum(zipped), sum(pressed)


def _sizes(path: Path) -> Sizes:
    data = path.read_bytes()
    pressed = KEPT / f"{hashlib.sha256(data).hexdigest()}.br"
    if not pressed.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        aside = pressed.with_suffix(".new")
        node = ["node", "--input-type=module", "-e", PRESS, str(path), str(aside)]
        if subprocess.run(node, check=False).returncode != 0:
            sys.exit(f"{path} could not be pressed: is Node there?")
        aside.rename(pressed)
    return len(data), min(len(data), len(gzip.compress(data, 9))), min(len(data), pressed.stat().st_size)


if __name__ == "__main__":
    report()
