"""Serves a folder on this machine, the way any static host would.

Takes: a folder, a port. Gives: HTTP on 127.0.0.1 with the right types, ETags and 304s; `.br` and `.gz` copies to browsers that
take them; files below a digest's name with leave to keep them for ever; one line with the address.
Refuses: paths outside the folder, other machines, folder listings. A taken port leads to the next free one.
"""

import argparse
import errno
import os
import re
import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".epy": "application/zip",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".py": "text/x-python; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}
PORTS_TO_TRY = 50
# The folder that a build names by the digest of what it holds (tools/build/layout.mjs): another content has another address.
IN_DIGEST = re.compile(r"/[0-9a-f]{16}/")
FOR_EVER = "public, max-age=31536000, immutable"
COPIES = {"br": ".br", "gzip": ".gz"}


def content_type(path: str | Path) -> str:
    """The type by suffix; the same table for the server and for the tests' sites."""
    return TYPES.get(Path(path).suffix.lower(), "application/octet-stream")


class Handler(SimpleHTTPRequestHandler):
    """Static files with validators: a browser asks again, and gets a 304 when nothing changed."""

    protocol_version = "HTTP/1.1"
    server_version = "edge-runtime"
    sys_version = ""

    def __init__(self, *args: object, verbose: bool = False, directory: str) -> None:
        self.verbose = verbose
        super().__init__(*args, directory=directory)  # type: ignore[arg-type]  # what socketserver passes on

    def guess_type(self, path: str | os.PathLike[str]) -> str:
        """By our own table: the machine's may call .mjs or .wasm anything."""
        return content_type(os.fspath(path))

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Answer 304 where the browser's copy is the file's; send the smallest form that the browser takes."""
        path = self._file()
        tag = _tag(path)
        if tag is not None and self.headers.get("If-None-Match") == tag:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.end_headers()
            return None
        # Why: a date has whole seconds only; a rebuild within one must not look unchanged.
        del self.headers["If-Modified-Since"]
        coding = self._coding()
        if coding is None:
            return super().send_head()
        file = _copy(path, coding).open("rb")
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", content_type(path))
        self.send_header("Content-Encoding", coding)
        self.send_header("Content-Length", str(os.fstat(file.fileno()).st_size))
        self.end_headers()
        return file

    def end_headers(self) -> None:
        """Validators on every answer, errors too."""
        path = self._file()
        tag = _tag(path)
        if tag is not None:
            self.send_header("ETag", tag)
        lasts = tag is not None and IN_DIGEST.search(self.path.partition("?")[0]) is not None
        self.send_header("Cache-Control", FOR_EVER if lasts else "no-cache")
        if any(_copy(path, coding).is_file() for coding in COPIES):
            self.send_header("Vary", "Accept-Encoding")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def _file(self) -> Path:
        """What is asked for: a file, or the index of a folder whose address ends with a slash."""
        path = Path(self.translate_path(self.path))
        return path / "index.html" if path.is_dir() and self.path.partition("?")[0].endswith("/") else path

    def _coding(self) -> str | None:
        """The first of our codings that the browser takes and that the file has a copy in, no older than itself."""
        path = self._file()
        taken = _codings(self.headers.get("Accept-Encoding", ""))
        if not path.is_file():
            return None
        since = path.stat().st_mtime_ns
        copies = ((coding, _copy(path, coding)) for coding in COPIES if coding in taken)
        return next((name for name, copy in copies if copy.is_file() and copy.stat().st_mtime_ns >= since), None)

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        """No listings: a static host has none."""
        self.send_error(HTTPStatus.NOT_FOUND, f"No page here: {os.fspath(path)}"[:200].splitlines()[0])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Quiet unless asked."""
        if self.verbose:
            super().log_message(format, *args)


class Server(ThreadingHTTPServer):
    """Threads, no waiting for idle connections at the end, no traceback for a browser that went away."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A closed tab is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # handed on as it came


def _copy(path: Path, coding: str) -> Path:
    return path.with_name(path.name + COPIES[coding])


def _codings(header: str) -> set[str]:
    """The codings of an `Accept-Encoding` that are not refused by `q=0`."""
    parts = [part.partition(";") for part in header.lower().split(",")]
    return {name.strip() for name, _, how in parts if not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", how)}


def _tag(path: Path) -> str | None:
    """The ETag of a file, or of the index of a folder."""
    if path.is_dir():
        path /= "index.html"
    try:
        status = path.stat()
    except OSError:
        return None
    return f'"{status.st_mtime_ns:x}-{status.st_size:x}"'


def make_server(folder: Path, port: int, *, verbose: bool = False) -> Server:
    """A server on `port`, or on the next free one."""
    handler = partial(Handler, verbose=verbose, directory=os.fspath(folder))
    for candidate in range(port, port + PORTS_TO_TRY) if port else (0,):
        try:
            return Server(("127.0.0.1", candidate), handler)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    raise SystemExit(f"serve: no free port from {port} to {port + PORTS_TO_TRY - 1}; name another: make run PORT=9000")


def main() -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8000, help="0 takes any free one")
    parser.add_argument("--show", default="", metavar="PATH", help="the page whose address is printed")
    parser.add_argument("--verbose", action="store_true", help="print each request")
    options = parser.parse_args()
    if not options.folder.is_dir():
        raise SystemExit(f"serve: '{options.folder}' is no folder; 'make build' writes dist")
    with make_server(options.folder.resolve(), options.port, verbose=options.verbose) as server:
        port = server.server_address[1]
        note = "" if options.port in (0, port) else f"   (port {options.port} was taken)"
        print(f"http://127.0.0.1:{port}/{options.show}{note}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
