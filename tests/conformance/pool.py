"""Drives a few worker processes through many cases.

Takes: cases. Gives: a verdict for each, in order; one that does not end in time or kills its worker has failed, and the
worker is replaced.
"""

import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from typing import Any

from tests.conformance.worker import CORPUS

__all__ = ["CORPUS", "run_all"]

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 10.0
WORKERS = max(1, min(4, os.cpu_count() or 1))


class _Worker:
    """One process and the pipe to it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def ask(self, case: Mapping[str, Any]) -> dict[str, Any]:
        process = self._process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(case) + "\n")
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], SECONDS)
            line = process.stdout.readline() if ready else None
        except BrokenPipeError:
            line = ""
        if line:
            verdict: dict[str, Any] = json.loads(line)
            return verdict
        if line == "":
            process.wait(SECONDS)
        code = process.returncode
        self.close()
        return {
            "ok": False,
            "seen": f"did not end within {SECONDS:g} s" if line is None else f"killed its process ({code})",
        }

    def close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close_quietly(pipe)

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.conformance.worker"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore"},
        )


def _close_quietly(pipe: Any) -> None:
    """Closing flushes, and the reader may be gone."""
    try:
        pipe.close()
    except BrokenPipeError:
        return


def run_all(cases: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A verdict for each case."""
    here = local()
    workers: list[_Worker] = []

    def ask(case: Mapping[str, Any]) -> dict[str, Any]:
        if not hasattr(here, "worker"):
            here.worker = _Worker()
            workers.append(here.worker)
        worker: _Worker = here.worker
        return worker.ask(case)

    with ThreadPoolExecutor(WORKERS) as threads:
        verdicts = list(threads.map(ask, cases))
    for worker in workers:
        worker.close()
    return verdicts
