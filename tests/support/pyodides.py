"""Python 3.12, 3.13 and 3.14 without a browser: this repository's code inside Pyodide under Node.

Takes: a version; code that defines `run(argument)`, or `package.module:function` of this repository; an argument that JSON
can say.
Gives: what the function returns, through JSON; the fixture `run_in`, which keeps one engine for each version.
Refuses: a repository whose node_modules is missing. An exception inside is `InsideError` with its traceback; an engine that
died or does not answer is `EngineError`, and the next call starts another.

    def test_it(run_in: RunIn) -> None:
        assert run_in("3.12", "def run(n):\n    return n + 1\n", 1) == 2

The repository is at `/repo`, first on `sys.path`; what the module imports stays loaded from call to call. An engine starts in
about 1.5 s. Threads, subprocesses, ctypes and wasmtime are not there.
"""

from __future__ import annotations

import json
import selectors
import shutil
import subprocess
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Final, Protocol, Self

import pytest

from tests.support.site import ROOT

PACKAGES: Final = {"3.12": "pyodide-312", "3.13": "pyodide-313", "3.14": "pyodide"}
"""The npm package with each version of Python."""

VERSIONS: Final = tuple(PACKAGES)
_DRIVER: Final = ROOT / "tests" / "support" / "pyodides.mjs"


class InsideError(Exception):
    """The code raised: its traceback."""


class EngineError(Exception):
    """The engine died, or did not answer in time."""


class RunIn(Protocol):
    """`run_in(version, code, argument)`."""

    def __call__(self, version: str, code: str, argument: Any = None, *, seconds: float = 120) -> Any: ...


class Engine:
    """One Pyodide in a process of its own."""

    def __init__(self, version: str) -> None:
        package = ROOT / "node_modules" / PACKAGES[version]
        if not package.is_dir():
            raise EngineError(f"node_modules has no {package.name}: run 'make setup' first")
        node = shutil.which("node")
        if node is None:
            raise EngineError("there is no 'node' on the path: Node 20 or later runs the Pyodides")
        self.version = version
        self._unread = b""
        self._process = subprocess.Popen(
            [node, str(_DRIVER), package.name, str(ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.python: str = self._answer(60)["python"]

    def call(self, code: str, argument: Any = None, seconds: float = 120) -> Any:
        """What the code's function returns."""
        if self._process.stdin is None or not self.alive:
            raise EngineError(f"the Pyodide of Python {self.version} has ended")
        self._process.stdin.write(json.dumps({"code": code, "argument": argument}).encode() + b"\n")
        self._process.stdin.flush()
        answer = self._answer(seconds)
        if "died" in answer:
            self.close()
            raise EngineError(f"the Pyodide of Python {self.version} died: {answer['died']}")
        if "error" in answer:
            raise InsideError(f"in the Pyodide of Python {self.version}:\n{answer['error']}")
        return answer["value"]

    @property
    def alive(self) -> bool:
        """Whether the process is there."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def _answer(self, seconds: float) -> dict[str, Any]:
        """The next line."""
        stream = self._process.stdout
        assert stream is not None
        until = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(stream, selectors.EVENT_READ)
            while b"\n" not in self._unread:
                if not selector.select(max(0.0, until - time.monotonic())):
                    self.close()
                    raise EngineError(f"the Pyodide of Python {self.version} did not answer within {seconds:g} s")
                # Why not `read`: it waits until the whole buffer is full.
                part = stream.read1(1 << 16)  # type: ignore[attr-defined]
                if not part:
                    self.close()
                    raise EngineError(f"the Pyodide of Python {self.version} ended without an answer")
                self._unread += part
        line, _, self._unread = self._unread.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer


class Engines:
    """One engine for each version, started when it is first asked for."""

    def __init__(self) -> None:
        self._engines: dict[str, Engine] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for engine in self._engines.values():
            engine.close()

    def run_in(self, version: str, code: str, argument: Any = None, *, seconds: float = 120) -> Any:
        """What the code gives on that version of Python."""
        engine = self._engines.get(version)
        if engine is None or not engine.alive:
            engine = self._engines[version] = Engine(version)
        return engine.call(code, argument, seconds)


@pytest.fixture(scope="session")
def run_in() -> Iterator[RunIn]:
    """Code of this repository on 3.12, 3.13 or 3.14; import it in the suite's `conftest.py`."""
    with Engines() as engines:
        yield engines.run_in


@pytest.fixture(scope="module")
def run_apart() -> Iterator[RunIn]:
    """The same in engines of a file's own: what attacks do to a plain Python stays there."""
    with Engines() as engines:
        yield engines.run_in
