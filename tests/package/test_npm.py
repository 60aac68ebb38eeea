"""The npm package, installed in an empty folder: what it holds, its types, and its element in a page."""

import json
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.support.site import ROOT, Site

NAME = "@edge-python/runtime"
PAGE = f"""<!doctype html><meta charset="utf-8"><link rel=icon href=data:,><title>from node_modules</title>
<script type="module" src="node_modules/{NAME}/dist/edge-python.js"></script>
<edge-python autorun="true"><script type="text/x-python">
    print("Hello,", "npm!")
</script></edge-python>
"""
# What a page's author writes in TypeScript; each line that expects an error would be one itself if there was none.
PROGRAM = f"""
import {{ createWorker }} from '{NAME}/client';
import {{ EdgePythonElement, defineElement }} from '{NAME}';
import {{ workOffline }} from '{NAME}/offline';

const worker = await createWorker({{ isolation: 'worker', limits: {{ timeout: 5 }} }});
const result = await worker.run('print(1)');
const text: string = result.out;
// @ts-expect-error
const number: number = result.out;
// @ts-expect-error
await createWorker({{ isolation: 'none' }});
const kept: Promise<void> = workOffline({{ scope: './lessons/' }});
const made: CustomElementConstructor = defineElement('my-python');
export {{ EdgePythonElement, kept, made, number, text }};
"""


@pytest.fixture(scope="module")
def installed(npm_package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder into which the package was installed, without a network."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "package.json").write_text('{ "private": true, "type": "module" }\n')
    _run(["npm", "install", "--offline", "--no-audit", "--no-fund", str(npm_package)], folder)
    return folder


def test_it_is_dist_and_nothing_that_was_not_meant(installed: Path, dist: Path) -> None:
    folder = installed / "node_modules" / NAME
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    built = {path.relative_to(dist) for path in dist.rglob("*") if path.is_file()}
    shipped = {f"dist/{path}" for path in built if "demo" not in path.parts and path.suffix not in (".br", ".gz")}
    rest = there - shipped
    assert shipped <= there
    assert {path for path in rest if not path.startswith("types/")} == {"LICENSE", "README.md", "package.json"}
    assert all(path.endswith(".d.ts") for path in rest if path.startswith("types/"))
    assert (folder / "dist" / "edge-python.js").read_bytes() == (dist / "edge-python.js").read_bytes()
    manifest = json.loads((folder / "package.json").read_bytes())
    assert manifest["version"] == json.loads((ROOT / "package.json").read_bytes())["version"]
    assert not manifest.keys() & {"dependencies", "scripts", "private"}
    assert [path.name for path in (installed / "node_modules").iterdir() if path.name[0] != "."] == ["@edge-python"]


def test_its_types_are_whole(installed: Path) -> None:
    (installed / "page.ts").write_text(PROGRAM)
    options = {"target": "es2023", "module": "nodenext", "lib": ["es2024", "dom", "dom.iterable"], "strict": True}
    # Why not skipped: a declaration that leads nowhere would only be an `any` in the page.
    config = {"compilerOptions": {**options, "noEmit": True, "types": [], "skipLibCheck": False}, "files": ["page.ts"]}
    (installed / "tsconfig.json").write_text(json.dumps(config))
    _run([str(ROOT / "node_modules" / ".bin" / "tsc"), "--project", "tsconfig.json"], installed)


def test_its_element_starts_from_node_modules(installed: Path, context: BrowserContext) -> None:
    with Site({"/": installed}) as site:
        page = context.new_page()
        page.goto(site.put("/index.html", PAGE, "text/html"))
        expect(page.locator("edge-python")).to_contain_text("Hello, npm!", timeout=60_000)
        page.close()
    assert not site.failures
    assert all(path.startswith((f"/node_modules/{NAME}/dist/", "/index.html")) for path in site.paths()), site.paths()


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
