"""Runs conformance cases in a process of their own, since some loop for ever and some eat memory.

Takes: on standard input one case a line, as JSON. Gives: one verdict a line, as JSON.
By hand: `python -m tests.conformance.worker language.json 108` shows one case and its verdict.
"""

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

from tests.conformance.cases import read_corpus, run_case

MEMORY = 192 * 1024 * 1024
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "conformance"


def main() -> int:
    """Serve until standard input ends, or show the one case that the arguments name."""
    # Why: a program that eats memory gets a MemoryError of its own, not the machine's.
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if len(sys.argv) == 3:
        case = read_corpus(CORPUS / sys.argv[1])[int(sys.argv[2])]
        print(case["src"])
        print("-- wanted", {key: value for key, value in case.items() if key != "src"})
        print("--", json.dumps(_verdict(case), ensure_ascii=False).replace("\\n", "\n   "))
        return 0
    # Why: whatever a program manages to write to the process's own output must not be taken for a verdict.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        answers.write(json.dumps(_verdict(json.loads(line))) + "\n")
        answers.flush()
    return 0


def _verdict(case: dict[str, Any]) -> dict[str, Any]:
    try:
        verdict = run_case(case)
    # Why so broad: a mistake of the package in one case is that case's verdict, not the end of the others.
    except BaseException as error:  # noqa: BLE001
        return {"ok": False, "seen": f"the package raised {type(error).__name__}: {str(error)[:400]}"}
    return {"ok": verdict.ok, "seen": verdict.seen}


if __name__ == "__main__":
    raise SystemExit(main())
