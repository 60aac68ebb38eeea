"""Every text that the project itself says about a program, by code.

Takes: a code and its fields.
Gives: the message. Those of the specification stand here letter for letter.
Refuses: an unknown code (a mistake of ours, so a KeyError).

`docs/messages.md` lists them all, and a test holds the two together. CPython's own messages (syntax errors, exceptions)
pass through unchanged and are not listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    # resolution (formats.md)
    "not-declared": "no packages.json above {dir} declares {name}",
    "alias-missing": "alias {name} not declared in {manifest}",
    "too-many-hops": "packages.json walk-up exceeded 32 hops resolving {name}",
    "extends-cycle": "circular extends chain in packages.json: {chain}",
    "no-resolver": "module {name} not found (no resolver configured)",
    "host-not-granted": "host package {name} is not granted here",
    "not-part-of-edge": "{name} is not part of Edge Python; {instead}",
    # integrity (formats.md)
    "fragment-unknown": "unrecognized integrity fragment {fragment}",
    "fragment-length": "sha256 digest must be 64 hex chars",
    "fragment-hex": "invalid hex in sha256 digest",
    "integrity-unsupported": "integrity verification not supported by this host",
    "integrity-mismatch": "integrity check failed for {spec}\n  expected sha256-{expected}\n  got      sha256-{got}",
    "integrity-conflict": "two different digests for {spec} in one program\n  here  sha256-{here}\n  there sha256-{there}",
    "drift": "integrity drift for {spec}\n  locked: sha256-{locked}\n  remote: sha256-{remote}",
    # specs
    "spec-empty": "a module spec cannot be empty",
    "spec-not-plain": "a module spec is one plain string on one line",
    "spec-control": "a module spec cannot contain the control character {char}",
    "spec-space": "a module spec cannot contain a space",
    "spec-backslash": "a module spec cannot contain a backslash",
    "spec-too-long": "a module spec has at most 2048 characters; this one has {length}",
    "spec-scheme": "cannot import from {scheme} addresses; only http and https",
    "spec-bad-url": "{spec} is not a valid address: {reason}",
    "spec-directory": "{spec} names a directory, not a module",
    "spec-escape": "a module path cannot contain the escape {escape}",
    "above-root": "{spec} leads above the root of {where}",
    # modules
    "not-found": "module {spec} not found",
    "cannot-load": "cannot load module {spec}: {reason}",
    "is-html": "module {spec} is an HTML page, not {promised}",
    "is-wasm": "module {spec} is WebAssembly, not Python: the name of a native module ends with .wasm",
    "is-not-wasm": "module {spec} is not WebAssembly: its first bytes are not those of a .wasm file",
    "is-binary": "module {spec} has a zero byte: it is not Python source",
    "not-utf8": "module {spec} is not UTF-8: byte 0x{byte:02x}",
    "too-large": "module {spec} is too large: more than {limit} bytes",
    "program-too-large": "the program is too large: more than {limit} bytes of source",
    "too-many-modules": "the program has too many modules: more than {limit}",
    "library-refused": "native library {spec} needs --allow-native (it runs outside the sandbox)",
    "parse-error": "module {spec} parse error",
    "too-deep": "this code is nested too deeply (more than {limit} levels)",
    "no-export": "module {spec} has no export {name}",
    "no-export-all": "module {spec} lists {name} in __all__ but does not bind it",
    # import statements
    "relative-import": "relative imports are not part of Edge Python",
    "dotted-needs-as": "{statement} needs a name to bind",
    "quoted-needs-as": "importing a quoted module needs a name to bind",
    "star-not-top": "'from … import *' is only allowed at the top level of a module",
    "future-unknown": "future feature {name} is not defined",
    # the guard
    "unknown-node": "this syntax is not part of Edge Python yet: {node}",
    "name-refused": "the name {name} is not available in Edge Python",
    "attribute-refused": "the attribute {name} is not available in Edge Python",
    "builtin-refused": "{name} is not part of Edge Python",
    "metaclass": "metaclasses are not part of Edge Python",
    "class-keyword-refused": "the class keyword {name} is not available in Edge Python",
    "finaliser": "'__del__' cannot be defined in Edge Python",
    "guarded-pattern": "the attribute {name} can only be bound or compared with a literal in a pattern",
    "literal-only": "{name} must be assigned a literal",
    # packages.json and packages.lock.json
    "json-syntax": "{file}: {reason}",
    "manifest-not-object": "{file}: the top level must be an object",
    "manifest-value": "{file}: {kind} is not allowed in packages.json",
    "manifest-duplicate": "{file}: the key {key} is there twice",
    "manifest-escape": "{file}: the escape {escape} is not allowed; paste the character itself (UTF-8)",
    "manifest-not-strings": "{file}: {key} must be an object of strings",
    "manifest-extends": "{file}: 'extends' must be a string, the path of a directory",
    "manifest-too-large": "{file}: a manifest has at most {limit} bytes",
    "manifest-failed": "cannot load {file}: {reason}",
    "lock-version": "{file}: lockfile version {version} is newer than this release knows (1)",
    "lock-shape": "{file}: {reason}",
}

_QUOTED: Final = frozenset({"dir", "manifest", "spec", "fragment", "char", "key", "escape", "name", "statement"})


def message(code: str, fields: Mapping[str, object]) -> str:
    """The text of a code. Fields that come from the program are quoted, cut and stripped of control characters."""
    shown = {key: quote(value) if key in _QUOTED and isinstance(value, str) else value for key, value in fields.items()}
    return MESSAGES[code].format(**shown)


def quote(text: str) -> str:
    """Text from a program between single quotes, on one line, at most 200 characters."""
    if len(text) > 200:
        text = text[:199] + "…"
    if not text.isprintable():
        text = "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)
    return f"'{text}'"
