"""The server of `make run`: types, validators, refusals, the next free port."""

import http.client
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
