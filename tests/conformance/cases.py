"""One conformance case against the package.

Takes: a case of ../shared/conformance as data. Gives: a `Verdict`.
Refuses: nothing; whatever goes wrong inside the package is a failed verdict.
"""

import json
import math
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from edge_runtime import MemoryHost, run_program
from edge_runtime.hosts.clocks import VirtualClock

SHOWN = 400

IMPORTED: Mapping[str, str] = {
    "std-json.json": "json",
    "std-math.json": "math",
    "std-re.json": "re",
    "host-time.json": "time",
}
"""The corpora whose every `src` is preceded by `from … import *`, and of which module."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the case holds, and what was seen instead."""

    ok: bool
    seen: str = ""


def read_corpus(path: Path) -> list[dict[str, Any]]:
    """The cases of a file, each with the module whose names it may use."""
    cases: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    module = IMPORTED.get(path.name)
    return cases if module is None else [{**case, "module": module} for case in cases]


def run_case(case: Mapping[str, Any]) -> Verdict:
    """Run one case as its fields say."""
    source = f"from {case['module']} import *\n{case['src']}" if "module" in case else case["src"]
    result = run_program(source, _host(case), name="main.py")
    rendered = "" if result.error is None else result.error.rendered
    complaints: list[str] = []
    if "error" in case:
        if result.error is None:
            complaints.append(f"no error; wanted {case['error']!r}")
        elif case["error"] not in rendered:
            complaints.append(f"the error does not hold {case['error']!r}:\n{rendered[:SHOWN]}")
    elif result.error is not None:
        complaints.append(f"failed:\n{rendered[:SHOWN]}")
    expected = "\n".join(case.get("output", ()))
    if result.output.removesuffix("\n") != expected and result.output != expected:
        complaints.append(f"printed {result.output[:SHOWN]!r}, not {expected[:SHOWN]!r}")
    if "expect_externs" in case and result.program is not None:
        externs = len(result.program.externs)
        if externs != case["expect_externs"]:
            complaints.append(f"{externs} externs, not {case['expect_externs']}")
    if "error_span_covers" in case:
        marked = [_marked(source, diagnostic.span) for diagnostic in result.diagnostics[:1]]
        if marked != [case["error_span_covers"]]:
            complaints.append(f"marked {marked}, not {case['error_span_covers']!r}")
    return Verdict(ok=not complaints, seen="\n".join(complaints))


def _marked(source: str, span: Any) -> str | None:
    """The text that a span of the entry underlines; columns count characters from 1."""
    if span is None or span.line != span.end_line:
        return None
    text: str = source.split("\n")[span.line - 1][span.column - 1 : span.end_column - 1]
    return text


def _host(case: Mapping[str, Any]) -> MemoryHost:
    answers = _Answers(case)
    sources: dict[str, str] = {}
    natives: dict[str, dict[str, Callable[..., Any]]] = {}
    constants: dict[str, dict[str, Any]] = {}
    native_bytes: dict[str, bytes] = {}
    for spec, module in case.get("modules", {}).items():
        if "code" in module:
            sources[spec] = module["code"]
            continue
        known = _natives(answers)
        names = module["native"]
        natives[spec] = {name: known[name] for name in names if not name.startswith("__const_")}
        constants[spec] = {name.removeprefix("__const_"): _CONSTANTS[name] for name in names if name in _CONSTANTS}
        if "bytes" in module:
            native_bytes[spec] = module["bytes"].encode()
    manifests = dict(case.get("manifests", {}))
    if case.get("aliases"):
        manifests[""] = {"imports": case["aliases"]}
    return MemoryHost(
        sources=sources,
        manifests=manifests,
        natives=natives,
        constants=constants,
        native_bytes=native_bytes,
        # Why: a case without `input` was made on a host whose input is empty lines for ever.
        input=case.get("input", [""] * 10),
        clock=VirtualClock(),
        events=[*case.get("events", ()), *case.get("interactive_events", ())],
    )


class _Answers:
    """What the host says later. Each call is a future; they are kept in the order of the case: of the calls, or where the case
    has `host_deliveries`, by call and in the order of delivery."""

    def __init__(self, case: Mapping[str, Any]) -> None:
        results = enumerate(case.get("host_results", ()))
        self._left: deque[tuple[int, Any]] = deque(case.get("host_deliveries", results))
        self._asked: dict[int, Future[Any]] = {}
        self._calls = count()

    def defer(self, *_args: Any) -> Future[Any]:
        """A call. Whatever can be delivered now is."""
        future: Future[Any] = Future()
        self._asked[next(self._calls)] = future
        while self._left and self._left[0][0] in self._asked:
            call, value = self._left.popleft()
            self._asked[call].set_result(value)
        return future


_CONSTANTS = {"__const_pi": math.pi}


def _natives(answers: _Answers) -> dict[str, Callable[..., Any]]:
    """The test natives that the corpus names, new ones for each program."""
    numbers = count()

    def add(*args: Any) -> Any:
        for place, arg in enumerate(args):
            if type(arg) is not int:
                raise RuntimeError(f"add: arg {place} not int")
        first, second = args
        return first + second

    def boom() -> None:
        raise RuntimeError("boom from extern")

    def double_f(*args: Any) -> Any:
        if len(args) != 1 or type(args[0]) is not float:
            raise RuntimeError("double_f: expected one float arg")
        return args[0] * 2

    return {
        "abs": lambda _value: 42,
        "add": add,
        "boom": boom,
        "const_42": lambda: 42,
        "counter": lambda: next(numbers),
        "double_f": double_f,
        "host_defer": answers.defer,
        "make_str": lambda n: "x" * n,
        "negate": lambda value: not value,
        "pick": lambda condition, first, second: second if condition else first,
        "square": lambda n: n * n,
    }
