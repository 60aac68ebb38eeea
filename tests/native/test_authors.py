"""docs/module-authors.md, followed to the letter: its files, its commands, in a terminal and in a page.

Takes: the first section's blocks: `c words.c`, `python try.py`, `html index.html`, `text prints`, and the commands of `sh`.
Gives: a test for each way to run what they make.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.support.modules import HEADER, LIBRARY
from tests.support.site import ROOT, Site
from tests.test_docs import fences
from tools.serve import content_type

PAGE = (ROOT / "docs" / "module-authors.md").read_text(encoding="utf-8")
BLOCKS = {(language, words): content for _, language, words, content in fences(PAGE) if language not in ("#", "sh")}
INSTALL, BUILD, RUN, BUILD_LIBRARY = (content.strip() for _, language, _, content in fences(PAGE) if language == "sh")
PRINTS = BLOCKS["text", "prints"]


def shell(command: str, folder: Path) -> str:
    """What a command of the page says, in a terminal where the project's environment is active."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an author has after the first commands."""
    folder = tmp_path_factory.mktemp("words")
    (folder / "edge.h").write_bytes(HEADER.read_bytes())
    for (language, words), name in {
        ("c", "words.c"): "words.c",
        ("python", "try.py"): "main.py",
        ("html", "index.html"): "index.html",
    }.items():
        (folder / name).write_text(BLOCKS[language, words], encoding="utf-8")
    assert INSTALL == "python3 -m pip install ziglang"
    assert shell(BUILD, folder) == "", "the build is quiet"
    return folder


def test_on_the_command_line(folder: Path) -> None:
    assert shell(RUN, folder) == PRINTS


def test_without_warnings(folder: Path) -> None:
    assert shell(f"{BUILD} -Wall -Werror", folder) == ""


def test_as_a_library(folder: Path) -> None:
    assert shell(BUILD_LIBRARY.replace(".so", LIBRARY), folder) == ""
    program = BLOCKS["python", "try.py"].replace("words.wasm", f"words{LIBRARY}")
    (folder / "library.py").write_text(program, encoding="utf-8")
    assert shell("edge run --allow-native library.py", folder) == PRINTS


@pytest.mark.usefixtures("dist")
def test_in_a_page(folder: Path, context: BrowserContext) -> None:
    with Site() as site:
        for name in ("index.html", "main.py", "words.wasm"):
            site.put(
                f"/{name}", (folder / name).read_bytes().replace(b'src="edge/', b'src="/dist/'), content_type(name)
            )
        page = context.new_page()
        page.goto(f"{site.url}/index.html")
        page.wait_for_function("() => document.querySelector('edge-python').shadowRoot.textContent.includes('not int')")
        shown = page.locator("edge-python").evaluate("element => element.shadowRoot.textContent")
    for line in PRINTS.splitlines():
        assert line in shown
