"""The arguments with which the walk calls everything: words for what the script makes (`SAMPLES` in the program), or says.

Takes: nothing.
Gives: `FEW` for special methods and behind `self`, `MANY` for everything else, `NAMED` with one argument by keyword: each a label
and its words; `SAID`, what a word is that no sample makes. Any other word is the object itself.
Refuses: nothing.
"""

from __future__ import annotations

from typing import Any, Final

SAID: Final[dict[str, Any]] = {
    "2024": 2024, "2": 2, "1": 1, "'__class__'": "__class__", "'__globals__'": "__globals__", "'__dict__'": "__dict__",
    "'format'": "format", "'__mro__'": "__mro__", "None": None, "'{0.__class__}'": "{0.__class__}",
}  # fmt: skip


def _words(*labels: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((label, tuple(label.split())) for label in labels)


FEW: Final = _words(
    "",
    "int",
    "text",
    "list",
    "function",
    "class",
    "instance",
    "instance class",
    "text text",
    "itself",
    "int int",
    "None class",
)
MANY: Final = FEW + _words(
    "bytes", "dict", "template", "generator", "error", "base", "tuple", "None", "function list", "list function",
    "text list", "class text", "instance text", "text tuple space", "text tuple evil", "hostile", "hostile text",
    "hostile hostile", "class text tuple evil", "instance text tuple evil", "bytes int", "text text text",
    "2024 2 1", "function function", "class instance", "text int", "function list int", "dict text", "class class",
    "instance '__class__'", "class '__mro__'", "function '__globals__'", "instance '__dict__'", "text 'format'",
    "'{0.__class__}' function", "'__class__'", "'__globals__'", "'format'", "'format' '{0.__class__}'",
    "function function text",
    "list list", "class function", "text class", "text function", "dict dict", "function instance", "error error",
    "None None None",
)  # fmt: skip
NAMED: Final = tuple(
    (keyword, tuple(words.split()), word)
    for keyword, words, word in (
        ("key", "list", "function"), ("object_hook", "text", "function"), ("default", "instance", "function"),
        ("cls", "text", "class"), ("metaclass", "text tuple evil", "class"), ("factory", "", "class"),
        ("repl", "text text", "function"), ("indent", "list", "int"),
        ("names", "text", "text"), ("defaults", "text text", "list"),
    )
)  # fmt: skip
"""The keyword, what goes before it, and its value."""
