"""The server of `make run`: types, validators, refusals, the next free port."""

import http.client
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.serve import make_server


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A served folder with a few files."""
    (tmp_path / "index.html").write_text("<p>home")
    (tmp_path / "empty").mkdir()
    for name in ("m.mjs", "m.wasm", "m.js", "m.py", "m.odd"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path.parent / "secret.txt").write_text("no")
    with make_server(tmp_path, 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def get(port: int, path: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers=headers or {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/m.mjs", "text/javascript; charset=utf-8"),
        ("/m.js", "text/javascript; charset=utf-8"),
        ("/m.wasm", "application/wasm"),
        ("/m.py", "text/x-python; charset=utf-8"),
        ("/m.odd", "application/octet-stream"),
    ],
)
def test_types(port: int, path: str, expected: str) -> None:
    status, headers, _ = get(port, path)
    assert (status, headers["content-type"]) == (200, expected)


def test_an_unchanged_file_is_not_sent_again(port: int, tmp_path: Path) -> None:
    _, headers, _ = get(port, "/m.py")
    assert headers["cache-control"] == "no-cache"
    again = {"If-None-Match": headers["etag"]}
    status, _, body = get(port, "/m.py", again)
    assert (status, body) == (304, b"")
    (tmp_path / "m.py").write_bytes(b"changed")
    assert get(port, "/m.py", again)[2] == b"changed"


@pytest.mark.parametrize("path", ["/none", "/empty/", "/../secret.txt", "/%2e%2e/secret.txt"])
def test_refusals(port: int, path: str) -> None:
    assert get(port, path)[0] == 404


def test_a_taken_port_leads_to_the_next(port: int, tmp_path: Path) -> None:
    with make_server(tmp_path, port) as second:
        assert second.server_address[1] > port


def test_no_other_machine(tmp_path: Path) -> None:
    with make_server(tmp_path, 0) as server:
        assert server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    ("accepts", "coding", "body"),
    [
        ("gzip, deflate, br", "br", b"small"),
        ("gzip", "gzip", b"middling"),
        ("br;q=0, gzip;q=0.5", "gzip", b"middling"),
        ("br;q=0.000,gzip; q=0", None, b"as it is"),
        ("", None, b"as it is"),
    ],
)
def test_compressed_copies_go_to_browsers_that_take_them(
    port: int, tmp_path: Path, accepts: str, coding: str | None, body: bytes
) -> None:
    (tmp_path / "c.js").write_bytes(b"as it is")
    (tmp_path / "c.js.br").write_bytes(b"small")
    (tmp_path / "c.js.gz").write_bytes(b"middling")
    status, headers, found = get(port, "/c.js", {"Accept-Encoding": accepts})
    assert (status, headers.get("content-encoding"), found) == (200, coding, body)
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert headers["vary"] == "Accept-Encoding"
    assert get(port, "/c.js", {"Accept-Encoding": accepts, "If-None-Match": headers["etag"]})[0] == 304


def test_a_copy_that_is_older_than_its_file_is_not_sent(port: int, tmp_path: Path) -> None:
    (tmp_path / "c.js.br").write_bytes(b"old")
    os.utime(tmp_path / "c.js.br", (1, 1))
    (tmp_path / "c.js").write_bytes(b"new")
    assert get(port, "/c.js", {"Accept-Encoding": "br"})[2] == b"new"


@pytest.mark.parametrize(
    ("path", "lasts"),
    [("0123456789abcdef/x.js", True), ("0123456789abcdef/none.js", False), ("edge/x.js", False)],
)
def test_what_lies_below_a_digest_is_kept_for_ever(port: int, tmp_path: Path, path: str, lasts: bool) -> None:
    for folder in ("0123456789abcdef", "edge"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.js").write_bytes(b"x")
    assert ("immutable" in get(port, f"/{path}")[1]["cache-control"]) == lasts
