"""Module specs: what kind they are, and where they lead.

Takes: a spec as written, and the location that it is read against.
Gives: `Spec` (kind, path, digest), and *locations*: `/path` from the top of the program's own origin or disk, or an
absolute URL.
Refuses: what cannot be a module's address, as a `SpecProblem` with the code of its message.

Dot segments are resolved here and nowhere else, `%2e` included, because browsers read it as a dot: no host may be asked
for a path above the root (WHATWG URL, "double-dot path segment").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

MAX_SPEC: Final = 2_048
_FRAGMENT_PREFIX: Final = "sha256-"
_HEX64: Final = re.compile(r"[0-9a-fA-F]{64}")
_ESCAPES: Final = re.compile(r"(?:%[0-9a-fA-F]{2})+")
_DOT: Final = re.compile(r"%2e", re.IGNORECASE)
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_DOMAIN: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|dev|app|edu|page|py)(?::\d+)?/\S+")


@dataclass(frozen=True, slots=True)
class SpecProblem:
    """Why a spec leads nowhere: the message's code, its fields, and perhaps what to write instead."""

    code: str
    fields: dict[str, Any]
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """A spec as written, without its fragment. `kind`: `url`, `absolute`, `relative`, `bare`. `digest`: lower-case hex."""

    kind: str
    path: str
    digest: str | None

    @property
    def digests(self) -> tuple[str, ...]:
        """The digest that the fragment demands, or none."""
        return (self.digest,) if self.digest else ()


def classify(text: str) -> Spec | SpecProblem:
    """What kind of spec a text is (imports.txt, "Spec classification")."""
    problem = _form_problem(text)
    if problem:
        return problem
    path, mark, fragment = text.partition("#")
    digest = None
    if mark:
        checked = _digest(fragment)
        if isinstance(checked, SpecProblem):
            return checked
        digest = checked
    if not path:
        return SpecProblem("spec-empty", {})
    if "://" in path:
        url = normalise_url(path)
        return url if isinstance(url, SpecProblem) else Spec("url", url, digest)
    if path.startswith("/"):
        return Spec("absolute", path, digest)
    if path.startswith(("./", "../")) or path in (".", ".."):
        return Spec("relative", path, digest)
    return Spec("bare", path, digest)


def _form_problem(text: str) -> SpecProblem | None:
    if not text:
        return SpecProblem("spec-empty", {})
    if len(text) > MAX_SPEC:
        return SpecProblem("spec-too-long", {"length": len(text)})
    if not text.isprintable():
        char = next(char for char in text if not char.isprintable())
        return SpecProblem("spec-control", {"char": f"U+{ord(char):04X}"})
    if " " in text:
        return SpecProblem("spec-space", {}, fix="write %20 for a space in an address")
    if "\\" in text:
        return SpecProblem("spec-backslash", {}, fix="write / between the parts of a path, on every system")
    return None


def _digest(fragment: str) -> str | SpecProblem:
    if not fragment.startswith(_FRAGMENT_PREFIX):
        return SpecProblem(
            "fragment-unknown", {"fragment": fragment}, fix="only #sha256-<64 hex digits> may follow a spec"
        )
    body = fragment[len(_FRAGMENT_PREFIX) :]
    if len(body) != 64:
        return SpecProblem("fragment-length", {})
    if not _HEX64.fullmatch(body):
        return SpecProblem("fragment-hex", {})
    return body.lower()


def normalise_url(text: str) -> str | SpecProblem:
    """An absolute http(s) URL with lower-case scheme and host, no default port, dot segments resolved.

    Everything else stays as written: the requested URL is a module's identity (formats.md).
    """
    parts = _split(text)
    if isinstance(parts, SpecProblem):
        return parts
    path = _resolve(parts.path or "/")
    if path is None:
        return SpecProblem("above-root", {"spec": text, "where": f"{parts.scheme}://{parts.netloc}/"})
    return f"{parts.scheme}://{parts.netloc}{path}{'?' + parts.query if parts.query else ''}"


def _split(text: str) -> SplitResult | SpecProblem:
    """The parts of a URL, its authority normalised; the fragment is dropped."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        return SpecProblem("spec-bad-url", {"spec": text, "reason": str(error)})
    if parts.scheme not in _DEFAULT_PORTS:
        return SpecProblem("spec-scheme", {"scheme": f"{parts.scheme or text.partition('://')[0]}:"})
    if not parts.hostname:
        return SpecProblem("spec-bad-url", {"spec": text, "reason": "it has no host"})
    if parts.username is not None or parts.password is not None:
        return SpecProblem("spec-bad-url", {"spec": text, "reason": "a name or password does not belong in it"})
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    netloc = host if port is None or port == _DEFAULT_PORTS[parts.scheme] else f"{host}:{port}"
    return SplitResult(parts.scheme, netloc, parts.path, parts.query, "")


def _resolve(path: str) -> str | None:
    """An absolute path without dot segments; None where `..` leaves the top."""
    if "/." not in path and "%2" not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for index, segment in enumerate(segments):
        plain = _DOT.sub(".", segment) if len(segment) <= 6 else segment
        last = index == len(segments) - 1
        if plain == "..":
            if not kept:
                return None
            kept.pop()
        elif plain != ".":
            kept.append(segment)
            continue
        if last:
            kept.append("")
    return "/" + "/".join(kept)


def join(base: str, relative: str, root: str) -> str | SpecProblem:
    """The location of the file that a relative or `/` path names, read against a location.

    `base` is the location of a file; `root` the top that `..` may not leave: the program's root directory for locations
    below it, `/` for other local ones, the origin for URLs. The result keeps a query.
    """
    joined = _join(base, relative, root)
    if isinstance(joined, str) and joined.partition("?")[0].endswith("/"):
        return SpecProblem("spec-directory", {"spec": relative}, fix="name the file in it")
    return joined


def join_directory(base: str, relative: str, root: str) -> str | SpecProblem:
    """Like `join`, for the path of a directory (`extends`); the result ends with a slash."""
    if "://" in relative:
        return normalise_url(relative.rstrip("/") + "/")
    joined = _join(base, relative.rstrip("/") + "/", root)
    if isinstance(joined, SpecProblem) and "spec" in joined.fields:
        return SpecProblem(joined.code, {**joined.fields, "spec": relative})
    return joined


def _join(base: str, relative: str, root: str) -> str | SpecProblem:
    path, mark, query = relative.partition("?")
    if "://" in base:
        parts = urlsplit(base)
        head, base_path, top = f"{parts.scheme}://{parts.netloc}", parts.path or "/", "/"
    else:
        tidy = tidy_escapes(path)  # the base is a location already: only what was written may be respelled
        if isinstance(tidy, SpecProblem):
            return tidy
        head, base_path, path = "", base.partition("?")[0], tidy
        top = root if base_path.startswith(root) else "/"
    if path.startswith("/"):
        joined, top = path, "/"
    else:
        joined = base_path[: base_path.rfind("/") + 1] + path
    resolved = _resolve_below(joined, top)
    if resolved is None:
        return SpecProblem(
            "above-root", {"spec": relative, "where": head + top if head or top != root else "the program"}
        )
    return head + resolved + mark + query


def _resolve_below(path: str, top: str) -> str | None:
    """`_resolve`, and no step on the way may leave `top` (an absolute directory)."""
    if top == "/":
        return _resolve(path)
    below = _resolve("/" + path[len(top) :])
    return None if below is None else top[:-1] + below


def tidy_escapes(path: str) -> str | SpecProblem:
    """A local path with escapes of ordinary characters decoded, so that one file has one spelling.

    Escapes that would change the path's shape (`%2F`, `%5C`, controls) are refused; a space, `%`, `#` and `?` stay escaped.
    """
    if "%" not in path:
        return path
    problem: list[str] = []

    def decode(match: re.Match[str]) -> str:
        try:
            text = bytes.fromhex(match.group().replace("%", "")).decode("utf-8")
        except UnicodeDecodeError:
            problem.append(match.group())
            return ""
        parts = []
        for char in text:
            if char in "/\\" or not char.isprintable():
                problem.append("".join(f"%{byte:02X}" for byte in char.encode()))
            parts.append(f"%{ord(char):02X}" if char in " %#?" else char)
        return "".join(parts)

    tidy = _ESCAPES.sub(decode, path)
    return SpecProblem("spec-escape", {"escape": problem[0]}) if problem else tidy


def tidy_location(location: str) -> str:
    """A location that a host gave, in the one spelling that `join` gives; what cannot be respelled stays."""
    tidy = location if "://" in location else tidy_escapes(location)
    return tidy if isinstance(tidy, str) else location


def directory_of(location: str) -> str:
    """The directory of a location, with its last slash; a query does not count."""
    path = location.partition("?")[0]
    return path[: path.rfind("/") + 1]


def suffix_of(location: str) -> str:
    """`.py`, `.wasm`, …: the end of a location's file name, in lower case; a query does not count."""
    name = location.partition("?")[0].rpartition("/")[2]
    return "".join(name.rpartition(".")[1:]).lower() if "." in name else ""


def parent_of(directory: str) -> str | None:
    """The directory above, or None at the top of an origin or disk."""
    head = len(urlsplit(directory).scheme) + 3 if "://" in directory else 0
    cut = directory.rfind("/", 0, len(directory) - 1)
    return directory[: cut + 1] if cut > head or (cut >= 0 and not head) else None


def normalised_origin(location: str) -> str:
    """The top directory of a URL's origin."""
    parts = urlsplit(location)
    return f"{parts.scheme}://{parts.netloc}/"


def looks_like_domain(name: str) -> bool:
    """A bare name that was probably meant as a URL: `example.com/x.py`."""
    return _DOMAIN.fullmatch(name) is not None
