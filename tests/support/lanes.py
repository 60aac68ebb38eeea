"""Two lanes for a whole run: browsers in one, everything else beside them.

Takes: the ids of all collected tests; pytest-xdist, which has the worker processes.
Gives: `lanes`: which tests stay together. All that use a browser are one lane, so that no two browsers run at once: their tests
look at what is under way in a page, and two at once would take turns on two cores. Of the others each file stays together.
Refuses: nothing. A run without `-n` has one process, and asks for none of this.
"""

from collections.abc import Iterable
from typing import Any

__all__ = ["BROWSERS", "lanes", "scheduler"]

BROWSERS = "browsers"
FOLDER = "tests/browser/"


def lanes(tests: Iterable[str]) -> dict[str, str]:
    """The lane of each file. One with a test that names a browser among its parameters has a browser open."""
    found: dict[str, str] = {}
    for test in tests:
        file, _, rest = test.partition("::")
        opens = file.startswith(FOLDER) or "chromium" in rest.partition("[")[2] or "firefox" in rest.partition("[")[2]
        if opens:
            found[file] = BROWSERS
        else:
            found.setdefault(file, file)
    return found


def scheduler(config: Any, log: Any) -> Any:
    """Hands whole lanes to the workers, the largest first: that of the browsers."""
    from xdist.scheduler.loadscope import LoadScopeScheduling

    class Lanes(LoadScopeScheduling):  # type: ignore[misc]  # xdist brings no types
        found: dict[str, str] | None = None

        def _split_scope(self, nodeid: str) -> str:
            if self.found is None:
                self.found = lanes(self.collection)
            return self.found[nodeid.partition("::")[0]]

    return Lanes(config, log)
