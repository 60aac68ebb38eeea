"""The documentation says what the code does: its links lead somewhere, its samples run, its tables are complete.

Takes: README.md, CONTRIBUTING.md, SECURITY.md, CHANGELOG.md and docs/*.md.
Gives: one test for each link target, sample and table. `docs/messages.md` is held by its own test.

How samples are marked, by the words behind the opening fence (a renderer reads only the first):
    ```python main.py              an Edge Python program begins; it is run in memory, or only checked (below)
    ```python lib/a.py             another module of it; `python https://x.test/u.py` is one at a URL
    ```json packages.json          a manifest of it
    ```text input                  lines for its `input()`
    ```text output                 what it prints and says, to the last character
    ```python                      Python for a host; it is executed, and `text output` after it is what it prints
A program with a `host` entry in its manifest is checked and not run: its page is not there. A heading ends a sample.
"""

import json
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import pytest

from edge_runtime import MemoryHost, check, run_program

ROOT = Path(__file__).resolve().parents[1]
TOP = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
PAGES = [ROOT / name for name in TOP] + sorted((ROOT / "docs").glob("*.md"))

FENCE = re.compile(r"^```(\S*) ?(.*)$")
HEADING = re.compile(r"^#{1,6} +(.+?)\s*$")
LINK = re.compile(r"(?<!\\)\[(?:[^\[\]]|\[[^\]]*\])*\]\(<?([^()\s>]+)>?\)|<img[^>]*\bsrc=\"([^\"]+)\"")
NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(slots=True)
class Sample:
    """A program, or a piece of a host's Python (`kind` "host"), and what it prints."""

    kind: str
    line: int
    files: dict[str, str] = field(default_factory=dict)
    input: str | None = None
    output: str | None = None


def page_name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def fences(text: str) -> Iterator[tuple[int, str, str, str]]:
    """(line, language, words behind it, content) of each fenced block; headings come as the language "#"."""
    opened: tuple[int, str, str] | None = None
    content: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        fence = FENCE.match(line)
        if opened is not None:
            if line == "```":
                yield (*opened, "".join(f"{each}\n" for each in content))
                opened, content = None, []
            else:
                content.append(line)
        elif fence:
            opened = (number, fence[1], fence[2].strip())
        elif HEADING.match(line):
            yield number, "#", "", line
    assert opened is None, f"a block is not closed: {opened}"


def samples_of(text: str) -> list[Sample]:
    found: list[Sample] = []
    current: Sample | None = None
    for line, language, words, content in fences(text):
        if language == "#":
            current = None
        elif language == "python" and words in ("", "main.py"):
            current = Sample("program" if words else "host", line, {words or "host.py": content})
            found.append(current)
        elif language in ("python", "json") and words and current is not None:
            current.files[words] = content
        elif language == "text" and words == "input" and current is not None:
            current.input = content
        elif language == "text" and words == "output":
            assert current is not None, f"line {line}: output of no sample"
            current.output = content
    return found


SAMPLES = [
    pytest.param(sample, id=f"{page_name(page)}:{sample.line}")
    for page in PAGES
    for sample in samples_of(page.read_text(encoding="utf-8"))
]


def host_of(sample: Sample) -> tuple[MemoryHost, bool]:
    """Where a program of the documentation runs, and whether it calls a page that is not there."""
    manifests = {
        path.removesuffix("packages.json"): text
        for path, text in sample.files.items()
        if path.endswith("packages.json")
    }
    sources = {
        (path if "://" in path else f"./{path}"): text for path, text in sample.files.items() if path.endswith(".py")
    }
    granted = json.loads(manifests.get("", "{}")).get("host", {})
    # What a package of the page exports is not known here: every name in the program is one of its functions.
    names = dict.fromkeys(NAME.findall(" ".join(sample.files.values())), print)
    host = MemoryHost(
        sources=sources,
        manifests=manifests,
        natives=dict.fromkeys(granted, names),
        hosts=tuple(granted),
        input=None if sample.input is None else sample.input.splitlines(),
    )
    return host, bool(granted)


@pytest.mark.parametrize("sample", SAMPLES)
def test_sample(sample: Sample) -> None:
    if sample.kind == "host":
        printed = StringIO()
        with redirect_stdout(printed):
            exec(compile(sample.files["host.py"], "host.py", "exec"), {"__name__": "sample"})  # noqa: S102 - our own text
        if sample.output is not None:
            assert printed.getvalue() == sample.output
        return
    host, has_page = host_of(sample)
    if has_page:
        assert check(sample.files["main.py"], host) == ()
        return
    result = run_program(sample.files["main.py"], host)
    said = "" if result.error is None else f"{result.error.rendered}\n"
    if sample.output is None:
        assert not said
    else:
        assert result.output + said == sample.output


def test_there_are_samples() -> None:
    assert len(SAMPLES) >= 15


def slug(heading: str) -> str:
    """The anchor of a heading, as code hosts make it."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")


def headings(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    return {slug(line.lstrip("# ").strip()) for _, language, _, line in fences(text) if language == "#"}


def links(path: Path) -> list[tuple[int, str]]:
    """Line and target of each link outside blocks of code."""
    text = path.read_text(encoding="utf-8")
    inside, found = False, []
    for number, line in enumerate(text.split("\n"), 1):
        if FENCE.match(line):
            inside = not inside
        elif not inside:
            plain = re.sub(r"`[^`]*`", "", line)
            found += [(number, match[1] or match[2]) for match in LINK.finditer(plain)]
    return found


@pytest.mark.parametrize("document", PAGES, ids=page_name)
def test_links(document: Path) -> None:
    wrong = []
    for line, target in links(document):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        if not file.exists():
            wrong.append(f"{line}: {target} is not there")
        elif anchor and (file.suffix != ".md" or anchor not in headings(file)):
            wrong.append(f"{line}: {target} has no such heading")
    assert not wrong, "\n".join(wrong)


def listed(script: str, name: str) -> list[str]:
    """The strings of a list that a script assigns: `const KNOWN = new Set([…])`."""
    text = (ROOT / "web" / script).read_text(encoding="utf-8")
    match = re.search(rf"\b{name}\b = [^\[]*\[([^\]]*)\]", text)
    assert match, f"web/{script} has no list {name}"
    return re.findall(r"'([^']+)'", match[1])


def returned_by_create_worker() -> list[str]:
    """The members of a worker: what stands four spaces deep in the object that `createWorker` returns."""
    text = (ROOT / "web" / "client.js").read_text(encoding="utf-8")
    members = text[text.rindex("\n  return {\n") :]
    return re.findall(r"^ {4}(?:async |get )?(\w+)(?:\(|,$)", members, re.MULTILINE)


def named_for_page_authors() -> Iterator[tuple[str, str]]:
    for name in ("WORKER_ATTRIBUTES", "PROGRAM_ATTRIBUTES", "VIEW_ATTRIBUTES"):
        yield from ((name, word) for word in listed("element/options.js", name))
    yield from (("option", word) for word in listed("page/options.js", "KNOWN"))
    yield from (("worker", word) for word in returned_by_create_worker())
    element = "".join(
        (ROOT / "web" / name).read_text(encoding="utf-8") for name in ("element.js", "element/properties.js")
    )
    yield from (("property", word) for word in re.findall(r"^ {2}get ([a-z]\w*)\(\)", element, re.MULTILINE))
    look = "".join(
        (ROOT / "web" / name).read_text(encoding="utf-8")
        for name in ("element.css.js", "element/view.js", "element/log.js", "element/editor.js", "element/question.js")
    )
    yield from (("custom property", word) for word in sorted(set(re.findall(r"var\((--edge-[\w-]+)", look))))


@pytest.mark.parametrize(("what", "word"), sorted(set(named_for_page_authors())))
def test_page_authors_read_of(what: str, word: str) -> None:
    text = (ROOT / "docs" / "page-authors.md").read_text(encoding="utf-8")
    assert re.search(rf"`[^`\n]*(?<![\w-]){re.escape(word)}(?![\w-])[^`\n]*`", text), (
        f"{what} '{word}' is not mentioned"
    )
