"""Fixture programs: one text file each, every file of the program in it, with what it must print or say.

Takes: `tests/programs/NAME.txt`: sections opened by a line `--- what`, where `what` is
    main.py, lib/a.py, lib/packages.json   a local file, by its path from the program's directory
    url https://x.test/NAME/u.py           a URL module (or manifest); the path starts with the program's own name
    input                                  lines for `input()`
    output                                 all that is printed
    error                                  the rendered error, byte for byte; without it the program must succeed
    exit                                   the exit code, where it is not 0 (1 after an error)
Text before the first section says what the program shows. Gives: frozen `Program`s.
Refuses: an unknown or repeated section, a program without `main.py` or without a word on what it shows, with
`FixtureError`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "programs"
ORIGIN = "https://x.test"
MANIFEST = "packages.json"

_SECTION = re.compile(r"^--- (.+)$")
_WORDS = ("input", "output", "error", "exit")


class FixtureError(Exception):
    """A fixture that is not in the format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One program and what it must do."""

    name: str
    about: str
    files: Mapping[str, str]
    urls: Mapping[str, str] = field(default_factory=dict)
    input: tuple[str, ...] = ()
    output: str = ""
    error: str | None = None
    exit_code: int = 0

    @property
    def main(self) -> str:
        """The entry's text."""
        return self.files["main.py"]

    @property
    def sources(self) -> dict[str, str]:
        """Modules by spec, as `MemoryHost` takes them; the entry is among them, since a module may import it."""
        local = {f"./{path}": text for path, text in self.files.items() if not _is_manifest(path)}
        return local | {url: text for url, text in self.urls.items() if not _is_manifest(url)}

    @property
    def manifests(self) -> dict[str, str]:
        """Raw manifests by directory, as `MemoryHost` takes them: "" is the root, others end with a slash."""
        found = {url: text for url, text in self.urls.items() if _is_manifest(url)}
        for path, text in self.files.items():
            if _is_manifest(path):
                found["" if path == MANIFEST else f"./{path}"] = text
        return {path.removesuffix(MANIFEST): text for path, text in found.items()}


def load_all() -> list[Program]:
    """Every fixture program, by name."""
    return [parse(path.stem, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.txt"))]


def parse(name: str, text: str) -> Program:
    """One fixture file."""
    sections: dict[str, list[str]] = {}
    about: list[str] = []
    current = about
    for line in text.split("\n"):
        match = _SECTION.match(line)
        if match is None:
            current.append(line)
            continue
        title = match[1].strip()
        if title in sections:
            raise FixtureError(f"{name}: the section '{title}' is there twice")
        current = sections[title] = []
    return _program(name, " ".join(" ".join(about).split()), {title: _join(lines) for title, lines in sections.items()})


def _join(lines: list[str]) -> str:
    """Text of a section: its lines, each ended; the empty line that the file's own end leaves is none."""
    while lines and lines[-1] == "":
        lines = lines[:-1]
    return "".join(f"{line}\n" for line in lines)


def _program(name: str, about: str, sections: Mapping[str, str]) -> Program:
    files: dict[str, str] = {}
    urls: dict[str, str] = {}
    for title, text in sections.items():
        if title.startswith("url "):
            url = title.removeprefix("url ")
            # Why: a browser's worker keeps modules across programs, so one URL may not have two contents.
            if not url.startswith(f"{ORIGIN}/{name}/"):
                raise FixtureError(f"{name}: URL modules of this program start with {ORIGIN}/{name}/, unlike {url}")
            urls[url] = text
        elif title not in _WORDS:
            if not title.endswith((".py", MANIFEST)):
                raise FixtureError(f"{name}: unknown section '{title}'")
            files[title] = text
    if "main.py" not in files:
        raise FixtureError(f"{name}: no section 'main.py'")
    if not about:
        raise FixtureError(f"{name}: say before the first section what the program shows")
    error = sections.get("error")
    return Program(
        name=name,
        about=about,
        files=files,
        urls=urls,
        input=tuple(sections.get("input", "").splitlines()),
        output=sections.get("output", ""),
        error=None if error is None else error.removesuffix("\n"),
        exit_code=int(sections.get("exit", "0" if error is None else "1")),
    )


def _is_manifest(path: str) -> bool:
    return path.rsplit("/", 1)[-1] == MANIFEST
