"""A site for browser tests: a loopback server whose every answer the test decides, and that remembers who asked.

Takes: `put(path, body, …)`, `reply(path, say)`, folders to mount. Gives: `url`, `log`, `headers`, `paths()`, `at_once`.
Refuses: nothing it was not told about: an unknown path is a 404; one with an `ETag` that the browser has is a 304. Prints
nothing.

The folder that a build names by its digest is another with every build, so tests do without it: `/dist/<digest>/engine.js` is
logged as `/dist/engine.js`, and what is put at that path is the answer to both.
"""

import json
import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import SHUT_RDWR, socket
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from tools.serve import content_type as type_of

ROOT = Path(__file__).resolve().parents[2]
CORS = {"Access-Control-Allow-Origin": "*"}
JSON = "application/json; charset=utf-8"
PYTHON = "text/x-python; charset=utf-8"
DIGEST = re.compile(r"/[0-9a-f]{16}(?=/)")


def built(dist: Path) -> Path:
    """The folder of a built `dist/` that its digest names."""
    pointer = dist / "edge-python.json"
    return dist / json.loads(pointer.read_text("utf-8"))["folder"] if pointer.is_file() else dist


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the site says to one path."""

    body: bytes
    content_type: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0
    truncate: bool = False
    bodies: Iterator[bytes] | None = None


class Site:
    """One origin. Another `Site` is another origin, by its port."""

    def __init__(self, mounts: Mapping[str, Path] | None = None) -> None:
        self.log: list[tuple[str, str]] = []
        self.headers: list[Mapping[str, str]] = []
        self.at_once = 0
        self.failures: list[BaseException] = []
        self.closing = threading.Event()
        self._answers: dict[str, Answer] = {}
        self._replies: dict[str, Callable[[str], str]] = {}
        self.lock = threading.Lock()
        self._inside = 0
        self._mounts = {"/dist/": ROOT / "dist", "/web/": ROOT / "web"} if mounts is None else dict(mounts)
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        # Why a short poll: closing waits for it, once a test.
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name=f"site {self.url}")
        self._thread.start()

    def put(
        self,
        path: str,
        body: str | bytes = b"",
        content_type: str = "text/plain",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        delay: float = 0,
        truncate: bool = False,
        redirect: str | None = None,
        bodies: Iterable[str] | None = None,
    ) -> str:
        """Decide the answer to `path` (with its query, where it has one) and give its URL.

        `delay` seconds pass before the answer; `truncate` promises the whole body and sends half of it;
        `redirect` answers 302 (or `status`) to that address; of `bodies` each request gets the next.
        """
        if not path.startswith("/"):
            raise ValueError(f"a path of a site starts with a slash: {path!r}")
        extra = dict(headers or {})
        if redirect is not None:
            extra["Location"] = redirect
            status = HTTPStatus.FOUND if status == HTTPStatus.OK else status
        data = body.encode() if isinstance(body, str) else body
        self._answers[path] = Answer(
            body=data,
            content_type=content_type,
            status=status,
            headers=extra,
            delay=delay,
            truncate=truncate,
            bodies=None if bodies is None else (each.encode() for each in bodies),
        )
        return self.url + path

    def reply(self, path: str, say: Callable[[str], str]) -> None:
        """Each request for `path` gets the text that `say` makes of its whole target; it may take its time."""
        self._replies[path] = say

    def remove(self, path: str) -> None:
        """From now on a 404."""
        del self._answers[path]

    def forget(self) -> None:
        """Every path is a 404 again, but for the mounted folders, and nobody asked."""
        self._answers.clear()
        self._replies.clear()
        self.clear_log()

    def paths(self) -> list[str]:
        """Every path that was asked for, queries included, in order."""
        return [path for _, path in self.log]

    def clear_log(self) -> None:
        """Forget who asked."""
        self.log.clear()
        self.headers.clear()
        self.at_once = 0

    def enter(self, method: str, path: str, headers: Mapping[str, str]) -> None:
        """Somebody asks."""
        with self.lock:
            self.log.append((method, DIGEST.sub("", path)))
            self.headers.append(headers)
            self._inside += 1
            self.at_once = max(self.at_once, self._inside)

    def leave(self) -> None:
        """And has an answer."""
        with self.lock:
            self._inside -= 1

    def answer(self, target: str) -> Answer | None:
        """What to say to a request target: exactly that one, else its path without the query, else a mounted file."""
        path = urlsplit(target).path
        if path in self._replies:
            return Answer(body=self._replies[path](target).encode(), content_type="text/plain", status=200)
        for name in (target, path, unquote(path), DIGEST.sub("", target), DIGEST.sub("", path)):
            if name in self._answers:
                return self._answers[name]
        return self._file(unquote(path))

    def close(self) -> None:
        """Stop, waiting for nobody: delayed answers are dropped."""
        self.closing.set()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def _file(self, path: str) -> Answer | None:
        for prefix, folder in self._mounts.items():
            if not path.startswith(prefix):
                continue
            file = (folder / path.removeprefix(prefix)).resolve()
            if not file.exists():
                file = (built(folder) / path.removeprefix(prefix)).resolve()
            if file.is_dir():
                file /= "index.html"
            if file.is_relative_to(folder.resolve()) and file.is_file():
                return Answer(body=file.read_bytes(), content_type=type_of(file), status=200)
        return None


class _Server(ThreadingHTTPServer):
    # Why not daemons: a thread that outlives its test shows up as a warning in another one.
    daemon_threads = False

    def __init__(self, site: Site) -> None:
        self.site = site
        self._connections: set[socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def get_request(self) -> tuple[socket, object]:
        connection, address = super().get_request()
        self._connections.add(connection)
        return connection, address

    def shutdown_request(self, request: object) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)  # type: ignore[arg-type]  # handed on as it came

    def hang_up(self) -> None:
        """End kept-alive connections, so that their threads end."""
        for connection in list(self._connections):
            try:
                connection.shutdown(SHUT_RDWR)
            except OSError:
                continue  # the browser was faster

    def handle_error(self, request: object, client_address: object) -> None:
        error = sys.exception()
        if error is not None and not isinstance(error, ConnectionError):
            self.site.failures.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    # Why: a small answer otherwise waits for the acknowledgement of its own headers.
    disable_nagle_algorithm = True

    def _respond(self) -> None:
        site = self.server.site
        length = int(self.headers.get("Content-Length") or 0)
        if length:
            self.rfile.read(length)
        site.enter(self.command, self.path, dict(self.headers))
        try:
            answer = site.answer(self.path)
            if answer is None:
                answer = Answer(body=b"not here\n", content_type="text/plain", status=404, headers=CORS)
            if answer.bodies is not None:
                with site.lock:
                    answer = replace(answer, body=next(answer.bodies))
            if "ETag" in answer.headers and self.headers.get("If-None-Match") == answer.headers["ETag"]:
                answer = replace(answer, status=HTTPStatus.NOT_MODIFIED)
            if answer.delay and site.closing.wait(answer.delay):
                self.close_connection = True
                return
        finally:
            site.leave()
        self._send(answer)

    def _preflight(self) -> None:
        """A preflight is answered as the path's own headers allow."""
        site = self.server.site
        site.enter(self.command, self.path, dict(self.headers))
        site.leave()
        answer = site.answer(self.path)
        allowed = dict(answer.headers) if answer else {}
        if "Access-Control-Allow-Origin" in allowed:
            allowed.setdefault("Access-Control-Allow-Methods", "*")
            allowed.setdefault("Access-Control-Allow-Headers", "*")
        allowed.pop("Location", None)
        self._send(Answer(body=b"", content_type="text/plain", status=204, headers=allowed))

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        bodiless = answer.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        headers = {"Content-Type": answer.content_type, "Cache-Control": "no-cache", **answer.headers}
        if not bodiless:
            headers.setdefault("Content-Length", str(len(answer.body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD" or bodiless:
            return
        if answer.truncate:
            self.wfile.write(answer.body[: len(answer.body) // 2])
            self.close_connection = True
            return
        self.wfile.write(answer.body)

    # Why the names: the base class looks its methods up by the request's own word.
    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _respond  # noqa: N815
    do_OPTIONS = _preflight  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing: the log is `Site.log`."""
