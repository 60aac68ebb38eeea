"""The wheels and the lockfile that `make package` makes, and a stock Pyodide that installs them from a server on this machine."""

import json
import zipfile
from email.parser import Parser
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from edge_runtime import __version__
from tests.support.site import ROOT, Site

PYODIDE = ROOT / "node_modules" / "pyodide"
PLAIN = f"edge_runtime-{__version__}-py3-none-any.whl"
COMPILED = f"edge_runtime-{__version__}-cp314-none-any.whl"

# A page of somebody who uses Pyodide and nothing of ours. `install` is Python that brings the package.
PAGE = """<!doctype html><meta charset=utf-8><link rel=icon href=data:,><title>a stock Pyodide</title>
<script type="module">
import { loadPyodide } from '/pyodide/pyodide.mjs';
window.start = async (options, packages, install) => {
  const pyodide = await loadPyodide(options);
  await pyodide.loadPackage(packages);
  await pyodide.runPythonAsync(install);
  return pyodide.runPythonAsync(`
    import json
    import edge_runtime
    from edge_runtime import MemoryHost, run_program

    area = 'from m import pi\\\\n\\\\ndef area(r):\\\\n    return pi * r * r\\\\n'
    host = MemoryHost(sources={'./lib/area.py': area}, constants={'m': {'pi': 3.0}})
    program = 'import json\\\\nfrom "./lib/area.py" import area\\\\nprint(json.dumps([area(2)]))\\\\n'
    ran = run_program(program, host)
    wrong = run_program('import os\\\\n', host)
    waits = run_program('sleep(0.01)\\\\nprint(input())\\\\n', MemoryHost(input=['a line']))
    said = [ran.output, wrong.error.type, wrong.diagnostics[0].code, waits.output]
    json.dumps([edge_runtime.__file__.rpartition('.')[2], *said])
  `);
};
window.ready = true;
</script>"""
SAID = [
    "[12.0]\n",
    "CompileError",
    "not-part-of-edge",
    "a line\n",
]


def test_the_wheel_needs_nothing_in_pyodide(package: Path) -> None:
    with zipfile.ZipFile(package / "pyodide" / PLAIN) as wheel:
        names = wheel.namelist()
        metadata = Parser().parsestr(wheel.read(f"edge_runtime-{__version__}.dist-info/METADATA").decode())
    needs = [need for need in metadata.get_all("Requires-Dist", []) if "extra ==" not in need]
    assert needs
    assert all(need.endswith("; sys_platform != 'emscripten'") for need in needs), needs
    sources = {str(path.relative_to(ROOT)) for path in (ROOT / "edge_runtime").rglob("*.py")}
    assert {name for name in names if name.startswith("edge_runtime/")} == sources


def test_the_compiled_wheel_is_the_same_package(package: Path) -> None:
    with (
        zipfile.ZipFile(package / "pyodide" / PLAIN) as plain,
        zipfile.ZipFile(package / "pyodide" / COMPILED) as compiled,
    ):
        assert sorted(compiled.namelist()) == sorted(
            f"{name}c" if name.endswith(".py") else name for name in plain.namelist()
        )


def test_the_lockfile_is_that_of_pyodide_and_one_entry_more(package: Path) -> None:
    lock = json.loads((package / "pyodide" / "pyodide-lock.json").read_bytes())
    entry = lock["packages"].pop("edge-runtime")
    assert lock == json.loads((PYODIDE / "pyodide-lock.json").read_bytes())
    assert (entry["file_name"], entry["version"], entry["depends"]) == (COMPILED, __version__, [])
    assert entry["imports"] == ["edge_runtime"]
    assert entry["sha256"] == sha256((package / "pyodide" / COMPILED).read_bytes()).hexdigest()


@pytest.mark.parametrize("way", ["micropip", "lockfile"])
def test_a_stock_pyodide_installs_it(package: Path, context: BrowserContext, way: str) -> None:
    tools = ROOT / ".venv" / "package-tools"
    mounts = {"/pyodide/": PYODIDE, "/simple/": package / "simple", "/ours/": package / "pyodide", "/tools/": tools}
    with Site(mounts) as site:
        page = context.new_page()
        page.goto(site.put("/index.html", PAGE, "text/html"))
        page.wait_for_function("window.ready")
        (micropip,) = tools.glob("micropip-*.whl")
        options: dict[str, Any] = {}
        if way == "micropip":
            packages = f"{site.url}/tools/{micropip.name}"
            install = f"import micropip\nawait micropip.install('edge-runtime', index_urls=['{site.url}/simple'])"
        else:
            options = {"lockFileURL": f"{site.url}/ours/pyodide-lock.json", "packageBaseUrl": f"{site.url}/ours/"}
            packages, install = "edge-runtime", ""
        said = page.evaluate("(given) => start(...given)", [options, packages, install])
        # Of two wheels micropip takes the compiled one.
        assert json.loads(said) == ["pyc", *SAID]
        page.close()
    assert not site.failures
    asked = [path for path in site.paths() if path.endswith(".whl") and "edge_runtime" in path]
    assert asked == [f"/simple/edge-runtime/{COMPILED}" if way == "micropip" else f"/ours/{COMPILED}"]
