"""Programs from disk: paths, streams, exit codes."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from edge_runtime.hosts.terminal import NoEntry, location_of, path_of, run_file


def execute(path: Path, stdin: str = "") -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = run_file(path, io.StringIO(stdin), out, err)
    return code, out.getvalue(), err.getvalue()


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root / "main.py"


@pytest.mark.parametrize("folder", ["plain", "café 中", "100% #1?", "a+b&c"])
def test_directories_of_any_name(tmp_path: Path, folder: str) -> None:
    files: dict[str, str | bytes] = {
        "main.py": 'from "./lib/%C3%A9%201.py" import x\nimport u\nprint(x, u.y)',
        "lib/é 1.py": 'from "../up.py" import x',
        "up.py": "x = 1",
        "packages.json": '{"imports": {"u": "./lib/u.py"}}',
        "lib/u.py": "y = 2",
    }
    assert execute(write(tmp_path / folder, files)) == (0, "1 2\n", "")


def test_locations_and_paths_are_each_others_reverse() -> None:
    for text in ("/a/b.py", "/café/中.py", "/a b/100%.py", "/x#y?z.py", "/semi;colon&=.py"):
        assert path_of(location_of(Path(text))) == Path(text)
    assert path_of("/a/b.py?v=1") == Path("/a/b.py")


def test_an_entry_of_any_name_is_one_module(tmp_path: Path) -> None:
    write(tmp_path, {"é.py": 'import "./é.py" as me'})
    code, _, err = execute(tmp_path / "é.py")
    assert code == 1
    assert err.startswith("error: ImportError: circular import: é.py -> é.py\n")


def test_exit_codes_and_streams(tmp_path: Path) -> None:
    assert execute(write(tmp_path, {"main.py": "print(input('? '))\nraise SystemExit(7)"}), "x\n") == (7, "? x\n", "")
    code, out, err = execute(write(tmp_path, {"main.py": "print(1)\n1/0"}))
    assert (code, out) == (1, "1\n")
    assert err.startswith("error: ZeroDivisionError: division by zero\n   --> main.py:2:1 in <module>\n")
    assert str(tmp_path) not in err
    code, out, err = execute(write(tmp_path, {"main.py": "print(1)\nimport gone"}))
    assert (code, out) == (2, "")
    assert err.startswith("error: no packages.json above '' declares 'gone'\n")


def test_end_of_input(tmp_path: Path) -> None:
    text = "try:\n    while True: print(repr(input()))\nexcept EOFError as e: print(e)"
    assert execute(write(tmp_path, {"main.py": text}), "a\n\nb") == (0, "'a'\n''\n'b'\nEOF when reading a line\n", "")


@pytest.mark.parametrize(
    ("imported", "message"),
    [
        (
            "https://x.test/u.py",
            "cannot load module 'https://x.test/u.py': this release of the command line reads local files only",
        ),
        ("./lib", "cannot load module './lib': it is a directory"),
        ("./" + "a" * 300 + ".py", "cannot load module './" + "a" * 198),
        ("./main.py/x.py", "module './main.py/x.py' not found"),
        ("/nowhere/at/all.py", "module '/nowhere/at/all.py' not found"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, imported: str, message: str) -> None:
    code, _, err = execute(
        write(tmp_path, {"main.py": f'import "{imported}" as m', "lib/x.py": "", "packages.json": "{}"})
    )
    assert code == 2
    assert err.startswith(f"error: {message[:150]}")


def test_packages_of_the_page(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"main.py": "import draw, dom", "packages.json": '{"host": {"draw": "./draw.js"}}'}
    _, _, err = execute(write(tmp_path, files))
    assert "'draw' is a package of the page, and there is no page here" in err
    assert "host package 'dom' is not granted here" in err


def test_no_entry(tmp_path: Path) -> None:
    with pytest.raises(NoEntry, match=r"cannot read .*gone\.py': No such file"):
        execute(tmp_path / "gone.py")


def test_a_large_module_is_not_read_whole(tmp_path: Path) -> None:
    _, _, err = execute(write(tmp_path, {"main.py": 'import "./big.py" as b', "big.py": b"#" * (1024 * 1024 + 5)}))
    assert err.startswith("error: module './big.py' is too large: more than 1048576 bytes")


def test_output_that_the_terminal_cannot_show(tmp_path: Path) -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    assert run_file(write(tmp_path, {"main.py": "print('é中')"}), sys.stdin, out, io.StringIO()) == 0
    assert raw.getvalue() == b"\\xe9\\u4e2d\n"


def test_no_events_here(tmp_path: Path) -> None:
    _, _, err = execute(write(tmp_path, {"main.py": "receive()"}))
    assert err.startswith("error: RuntimeError: no event source")


def test_a_broken_manifest_above_is_said(tmp_path: Path) -> None:
    write(tmp_path, {"packages.json": "[]"})
    _, _, err = execute(write(tmp_path / "app", {"main.py": "x = 1"}))
    assert err.startswith("error: packages.json: the top level must be an object\n   --> packages.json:1:1")
