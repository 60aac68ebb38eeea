"""The snippets of a session in a page: runs that keep their names.

Takes: the host of all of them, which outlives each.
Gives: `Snippets`: what they keep, what each is called, the packages of the page that they may call.
Refuses: nothing.
"""

from __future__ import annotations

from typing import Final

from ..machine.kept import Kept
from .page import Page

_NAME: Final = "<input>"
"""What the page calls a snippet that has no name of its own."""


class Snippets:
    """Those of one session."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.kept = Kept(page, snippets=True)
        self._count = 0
        self._hosts: dict[str, None] = {}

    def location(self, given: str, *, counts: bool) -> str:
        """Where the snippet that comes is, with its number in its name. One that is only checked does not count."""
        number = self._count + 1
        if counts:
            self._count = number
        place, slash, name = given.rpartition("/")
        return f"{place}{slash}<input {number}>" if name == _NAME else given

    def with_earlier(self, hosts: list[str]) -> list[str]:
        """Names of packages, and those of all snippets before: their functions may be called for ever."""
        self._hosts |= dict.fromkeys(hosts)
        return list(self._hosts)
