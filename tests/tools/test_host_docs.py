"""The reference of the official host packages: docs/packages/ is what the tables of web/host/ say.

Takes: tools/host_docs.mjs, run by Node. Holds: the pages are current, every function of every package has its entry, every
link within a page leads somewhere, and `--check` sees a page that is not current.
"""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs" / "packages").glob("*.md"))
PACKAGES = sorted(
    path.stem for path in (ROOT / "web" / "host").glob("*.js") if "\nexport const table = " in path.read_text("utf-8")
)


def host_docs(*arguments: str) -> tuple[int, str]:
    """Run the tool; its exit code and what it complains of."""
    done = subprocess.run(
        ["node", "tools/host_docs.mjs", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr


def slug(heading: str) -> str:
    """The anchor of a heading, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_the_reference_is_current() -> None:
    assert host_docs("--check") == (0, "")
    assert [page.stem for page in PAGES] == PACKAGES


def test_check_sees_what_is_not_current(tmp_path: Path) -> None:
    code, complaint = host_docs("--check", str(tmp_path))
    assert code == 1
    assert "dom.md is not current: run node tools/host_docs.mjs" in complaint
    assert list(tmp_path.iterdir()) == [], "to check is not to write"
    assert host_docs(str(tmp_path)) == (0, "")
    assert host_docs("--check", str(tmp_path)) == (0, "")
    page = tmp_path / "dom.md"
    page.write_text(page.read_text() + "\n")
    assert host_docs("--check", str(tmp_path))[0] == 1


@pytest.mark.parametrize("arguments", [("--chek",), ("a", "b")])
def test_what_it_does_not_know_is_said(arguments: tuple[str, ...]) -> None:
    code, complaint = host_docs(*arguments)
    assert (code, "takes --check and a folder" in complaint) == (2, True)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_pages_are_whole(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    assert len(set(headings)) == len(headings), "a heading twice is an anchor that is not there"
    anchors = {slug(heading) for heading in headings}
    assert [link for link in re.findall(r"\]\(#([^)]*)\)", text) if link not in anchors] == []
    functions = re.findall(r"^### (\w+)$", text, re.MULTILINE)
    assert len(functions) > 5
    assert [
        name for name in functions if not re.search(rf"^### {name}\n\n`{name}\(.*\) -> .+`\n\n\S", text, re.MULTILINE)
    ] == []
