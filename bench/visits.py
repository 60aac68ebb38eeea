"""Visits to pages by a browser that nobody debugs: what a page measures is what a visitor waits for.

Takes: a site, an address; `playwright.config.py` says which Chromium and how. Gives: `Visits`: one new profile, whose first
visit to a page is a cold one; of each visit what the page reports: one that begins with `HEAD` calls `report(value)`.
Refuses: a browser that does not start or ends by itself, a page that fails or reports too late, with `VisitError`.

Why not Playwright: it attaches a debugger to each page, frame and worker, holds each new one until its driver has answered, and
compiles 330 KB of its own script in the page, in the middle of what is measured. Here a page of the site tells windows where to
go. It is named `localhost` and they are named by number, so a visited page is of another site, in a process of its own.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import parse_qs, urlsplit

from tests.support.browser import launch_options
from tests.support.site import Site

PATIENCE: Final = 120.0
"""Seconds that a page has for its report, and a browser to come."""
REST: Final = 1.5  # a new browser is busy with itself
WINDOW: Final = 0.7  # a new window loads pages of the browser's own, which visitors' have long loaded
AFTER: Final = 0.3  # what a page keeps for later visits
# Its own windows, no question about a keychain, nothing of the user's.
ARGUMENTS: Final = (
    "--disable-popup-blocking",
    "--no-default-browser-check",
    "--password-store=basic",
    "--use-mock-keychain",
)
# The pipe of Chromium's DevTools is its file descriptors 3 and 4; Python hands on the first three.
PIPED: Final = ("/bin/sh", "-c", 'exec "$@" 3<&0 4>&1 0</dev/null 1>/dev/null', "sh")

# A report is answered when the visit is over. The page then closes itself: nobody holds it, as nobody holds a visitor's.
HEAD: Final = """<!doctype html><meta charset=utf-8><link rel=icon href=data:,><title>a visit</title>
<script>
const tell = (fields) => fetch('/report?' + new URLSearchParams({ page: location, ...fields })).then(() => close());
const report = (found) => tell({ found: JSON.stringify(found) });
const failed = (error) => tell({ error });
addEventListener('error', ({ message, target }) => failed(message || `${target.src} did not load`), true);
addEventListener('unhandledrejection', ({ reason }) => failed(String(reason)));
</script>
"""
CONTROL: Final = f"""{HEAD}<script type="module">
await fetch('/here?found=true');
let visited;
for (;;) {{
  const [what, address] = await (await fetch('/next', {{ cache: 'no-store' }})).json();
  if (what === 'open') (visited = open('about:blank')).opener = null;
  if (what === 'go') visited.location = address;
  if (what === 'end') break;
}}
</script>"""


class VisitError(Exception):
    """A browser or a page did not do what it was started for."""


class Visits:
    """A browser with a new profile, one window at a time. Its `with` ends it, and takes the profile away."""

    def __init__(self, site: Site, *, patience: float = PATIENCE, piped: bool = False) -> None:
        """`piped`: the process's own input and output are Chromium's DevTools, to which nothing is attached."""
        self.patience = patience
        self._asked: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
        self._reports: queue.SimpleQueue[dict[str, list[str]]] = queue.SimpleQueue()
        self._over = threading.Event()
        site.put("/visits.html", CONTROL, "text/html; charset=utf-8")
        site.reply("/next", lambda _: json.dumps(self._asked.get()))
        site.reply("/here", self._keep)
        site.reply("/report", self._keep_page)
        control = f"http://localhost:{urlsplit(site.url).port}/visits.html"
        with ExitStack() as stack:
            self._said = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace"))
            profile = Path(tempfile.mkdtemp(prefix="visits-"))
            stack.callback(_remove, profile)
            kind = subprocess.PIPE if piped else subprocess.DEVNULL
            command = _command(profile, control, piped=piped)
            try:
                self.process = subprocess.Popen(
                    command, stdin=kind, stdout=kind, stderr=self._said, bufsize=0, start_new_session=True
                )
            except OSError as error:
                raise VisitError(f"{command[0]} does not start: {error.strerror}") from error
            stack.callback(_end, self.process)
            stack.callback(self._release)
            self._take(control)
            time.sleep(REST)
            self._stack = stack.pop_all()

    def visit(self, address: str) -> Any:
        """What the page at this address reports, in a window of its own."""
        self.open()
        found = self.go(address)
        time.sleep(AFTER)
        self._over.set()
        return found

    def open(self) -> None:
        """An empty window that has come to rest; a page that is still there goes."""
        self._over.set()
        self._over = threading.Event()
        self._asked.put(("open", ""))
        time.sleep(WINDOW)

    def go(self, address: str) -> Any:
        """What the page reports, from the window that `open` made."""
        while not self._reports.empty():
            self._take(address)  # what an earlier page had to add; if that is an error, it counts
        self._asked.put(("go", address))
        return self._take(address)

    def close(self) -> None:
        """End the browser with all of its processes, and remove its profile."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _release(self) -> None:
        """No request waits for an answer any longer."""
        self._over.set()
        self._asked.put(("end", ""))

    def _keep(self, target: str) -> str:
        self._reports.put(parse_qs(urlsplit(target).query))
        return ""

    def _keep_page(self, target: str) -> str:
        over = self._over
        self._keep(target)
        over.wait()
        return ""

    def _take(self, address: str) -> Any:
        waited = 0.0  # not by the clock: it goes on while the machine, or whoever measures on it, lets nothing run
        while self._reports.empty():
            if self.process.poll() is not None:
                raise VisitError(f"the browser ended before {address} had reported{self._last_words()}")
            if waited >= self.patience:
                raise VisitError(f"{address} did not report within {self.patience:g} s")
            time.sleep(0.02)
            waited += 0.02
        fields = self._reports.get()
        if "error" in fields:
            raise VisitError(f"{fields['page'][0]} failed: {fields['error'][0]}")
        return json.loads(fields["found"][0])

    def _last_words(self) -> str:
        self._said.seek(0)
        said = self._said.read().split("\n")
        return next((f": {line.strip()}" for line in reversed(said) if line.strip()), "")


def _command(profile: Path, address: str, *, piped: bool) -> list[str]:
    options = launch_options()
    return [
        *(PIPED if piped else ()),
        options["executable_path"],
        *(["--headless"] if options["headless"] else []),
        *(["--remote-debugging-pipe"] if piped else []),
        f"--user-data-dir={profile}",
        *options["args"],
        *ARGUMENTS,
        address,
    ]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(5)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _remove(profile: Path) -> None:
    """Remove a profile into which processes that end may still write, and the folder of its socket, which lies elsewhere."""
    link = profile / "SingletonSocket"
    folders = [profile, *([link.readlink().parent] if link.is_symlink() else [])]
    for _ in range(50):
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        if not any(folder.exists() for folder in folders):
            break
        time.sleep(0.1)


def end_with_browsers() -> None:
    """From now on a process that is told to end takes its browsers with it, as an interrupted one does."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("it was told to end"))
