"""The part of `make package` that runs inside of Pyodide, with Pyodide's own tools (tools/package/pyodide.mjs starts it).

Takes: /out with one wheel of the project; /recipes; /tools, the wheels of the tools; /pyodide with Pyodide's own lockfile.
Gives: in /out, a `pyodide-lock.json` with the package in it, and beside the wheel the same one byte-compiled, which the lockfile
names.
Refuses: a recipe that pyodide-build cannot read or that speaks of another version; a wheel that needs what Pyodide does not have.
"""

import sys
from pathlib import Path

# Wheels can be imported from as they are.
sys.path += sorted(str(wheel) for wheel in Path("/tools").glob("*.whl"))

from pyodide_build.cli.py_compile import main as py_compile
from pyodide_build.recipe.loader import load_all_recipes
from pyodide_lock import PyodideLockSpec
from pyodide_lock.utils import add_wheels_to_spec

OUT = Path("/out")
RECIPES = Path("/recipes")
PYODIDE = Path("/pyodide/pyodide-lock.json")
NAME = "edge-runtime"


def main() -> None:
    """Read the recipe, add the wheel to Pyodide's lockfile, compile the wheel."""
    (wheel,) = OUT.glob("*.whl")
    recipe = load_all_recipes(RECIPES)[NAME]

    # A requirement that Pyodide does not have is refused here.
    lock = add_wheels_to_spec(PyodideLockSpec.from_json(PYODIDE), [wheel])
    lock.check_wheel_filenames()
    entry = lock.packages[NAME]
    for what, said, found in (
        ("version", recipe.package.version, entry.version),
        ("requirements/run", recipe.requirements.run, entry.depends),
        ("top-level", recipe.package.top_level, entry.imports),
    ):
        if said != found:
            raise ValueError(f"the recipe's {what} is {said!r}; the wheel's is {found!r}")

    # As in Pyodide's own distribution: the command renames the wheel, and mends its name and digest in the lockfile.
    lock.to_json(OUT / "pyodide-lock.json")
    py_compile([str(OUT), "--silent", "--keep"], standalone_mode=False)


main()
