"""Makes what a Pyodide installs: the wheel, the same one compiled, a package index of both, and a lockfile's entry.

Takes: the repository; what `make setup` brought; on the command line, another folder than build/package.
Gives: there, `simple/`, a package index that any web server can serve; `pyodide/`, both wheels, and Pyodide's `pyodide-lock.json`
with the package in it.
Refuses: what pip, hatchling or Pyodide's own tools refuse, with their words. A failure leaves the old folder as it was.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
NAME: Final = "edge-runtime"
# The earliest time that an archive can say.
EPOCH: Final = "315532800"


def main() -> int:
    """Build aside, then take the old one's place."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "package"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target, prefix="new-") as fresh:
        wheels = Path(fresh, "pyodide")
        # Why not isolated: hatchling is in the development set, pinned, and nothing is downloaded here.
        how = ("-qq", "--disable-pip-version-check", "--no-input", "--no-deps", "--no-build-isolation")
        _run([sys.executable, "-m", "pip", "wheel", *how, "--wheel-dir", str(wheels), str(ROOT)])
        _run(["node", str(ROOT / "tools" / "package" / "pyodide.mjs"), str(wheels)])
        _write_index(Path(fresh, "simple"), sorted(wheels.glob("*.whl")))
        for name in ("pyodide", "simple"):
            shutil.rmtree(target / name, ignore_errors=True)
            Path(fresh, name).rename(target / name)
    for wheel in sorted((target / "pyodide").glob("*.whl")):
        print(f"package: {wheel.name}  {wheel.stat().st_size:,} bytes")
    return 0


def _run(command: list[str]) -> None:
    done = subprocess.run(  # noqa: S603 - the project's own commands
        command, cwd=ROOT, env=os.environ | {"SOURCE_DATE_EPOCH": EPOCH}, stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode != 0:
        raise SystemExit(
            f"package: '{Path(command[0]).name} {' '.join(command[1:4])} …' failed; its own words are above"
        )


def _write_index(folder: Path, wheels: list[Path]) -> None:
    """The layout of PEP 503, in files: one page for the package, which lists its wheels with their digests."""
    page = folder / NAME
    page.mkdir(parents=True)
    links = []
    for wheel in wheels:
        shutil.copyfile(wheel, page / wheel.name)
        digest = sha256(wheel.read_bytes()).hexdigest()
        links.append(f'<a href="{wheel.name}#sha256={digest}" data-requires-python="&gt;=3.11">{wheel.name}</a><br>')
    (page / "index.html").write_text(_page(f"Links for {NAME}", links), encoding="utf-8")
    (folder / "index.html").write_text(_page("Simple index", [f'<a href="{NAME}/">{NAME}</a>']), encoding="utf-8")


def _page(title: str, body: list[str]) -> str:
    head = f'<meta charset="utf-8"><meta name="pypi:repository-version" content="1.0"><title>{title}</title>'
    return "\n".join(["<!doctype html>", head, *body, ""])


if __name__ == "__main__":
    sys.exit(main())
