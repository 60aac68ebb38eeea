"""A program from memory: the embedding API.

Takes: `MemoryHost` (sources, manifests, native functions, input, events) and the text of a program.
Gives: `run_program` -> `RunResult`; `check` -> diagnostics, nothing run.
Refuses: as the linker, guard and machine do. A `MemoryHost` reads no file and opens no connection.

Waiting stands still, as any call does: natively this thread, in Pyodide the page or worker that it is in.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from secrets import randbits
from types import FunctionType
from typing import Any, Final

from ..diagnostics import Diagnostic
from ..guard.sealed import renamed
from ..lower.program import NativeModule
from ..machine.host import Answer, Asking, Lent, Question, Ready, Unavailable
from ..machine.kept import Kept
from ..machine.limits import RunEnded
from ..machine.machine import Limits, Machine
from ..machine.stacks import Stacks
from ..packages.linker import Entry
from ..packages.needs import Absent, Bytes, Native, Need, Outcome
from ..packages.resolver import Settings
from ..packages.specs import tidy_escapes
from ..pipeline import Built, Session, build, drive
from ..std import NAMES
from .clocks import NO_FRAMES, Clock, RealClock
from .deadline import run_within
from .greenlets import new_stacks
from .meter import Meter
from .natives import NativeRun, NativeStore
from .result import NOT_COMPILED, RunResult, failed_to_compile
from .standard import Standard, standard_outcome

_NO_THREADS: Final = (
    "the host's answer cannot come while run_program runs, for Pyodide has no threads: "
    "the host must give the value itself, or run the program with createWorker"
)
_ROOT: Final = "/program/"
_MANIFEST: Final = "packages.json"

Manifest = Mapping[str, Any] | str | bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryHost:
    """What a program can reach, all of it in memory.

    - `sources`: module text or bytes by canonical spec: `./lib/a.py` from the program's root, a URL, or a bare name that
      every module may then import (a default of this host). Bytes of WebAssembly are native modules (`./vendor/math.wasm`).
    - `manifests`: packages.json by directory: `""` for the root, `./lib/`, `https://x.test/kit/`; an object, or its text.
    - `natives`, `constants`: functions and values of native modules, by bare name; `native_bytes` are what `#sha256-` of
      such a module is checked against.
    - `hosts`: names of `natives` that stand for packages of a page: a manifest's `host` or the grant `hosts` decides.
    - `input`: the lines that `input()` reads; None: this host has no input. `events`: what `receive()` gets, in order.
    - `clock`: the time of its programs, `RealClock()` or a `VirtualClock()`, with which sleeping takes no time.

    A native function that gives a `concurrent.futures.Future` lets the task that called it wait for its result while others go
    on. A future whose task was cancelled is cancelled too.
    """

    sources: Mapping[str, str | bytes] = field(default_factory=dict)
    manifests: Mapping[str, Manifest] = field(default_factory=dict)
    natives: Mapping[str, Mapping[str, Callable[..., Any]]] = field(default_factory=dict)
    constants: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    native_bytes: Mapping[str, bytes] = field(default_factory=dict)
    redirects: Mapping[str, str] = field(default_factory=dict)
    hosts: Sequence[str] = ()
    input: Sequence[str] | None = None
    events: Sequence[str] = ()
    clock: Clock = field(default_factory=RealClock)


def run_program(
    source: str | bytes,
    host: MemoryHost | None = None,
    *,
    name: str | None = None,
    session: Session | None = None,
    limits: Limits | None = None,
    keep: bool = False,
    memo: bool = True,
) -> RunResult:
    """Compile and run a program.

    `name` is the entry's path below the root, `main.py` if not said; `session` keeps compiled modules for later runs. Never
    raises for what the program does: a failing program is a result.

    `keep`: the program is a snippet, as in a console: it finds the names and modules of earlier snippets of its session, and
    prints the value of its last expression. Snippets without a name are `<input 1>`, `<input 2>` and so on. `forget` ends it.

    `memo`: recursive calls of pure functions may be answered from a table.
    """
    limits = limits or Limits()
    session = session or Session()
    kept = _snippets_of(session, limits) if keep else None
    name = name or (kept.next_name() if kept else "main.py")
    store = kept.store if kept else NativeStore(limits.memory)
    built = _build(source, host, name, session, store, keep=keep, memo=memo)
    error = failed_to_compile(built)
    if built.program is None:
        return RunResult(ok=False, output="", error=error, diagnostics=built.diagnostics, exit_code=NOT_COMPILED)
    meter = Meter(limits.time)
    run = kept.run if kept else _Run(name, store)
    run.begin(host or MemoryHost(), meter)
    try:
        machine = Machine(built.program, run, limits, kept=kept.kept if kept else None)
        ending = run_within(meter, machine, run.interrupt)
    finally:
        if not kept:
            run.close()
    return RunResult(
        ok=ending.ok,
        output="".join(run.written),
        error=ending.error,
        diagnostics=(),
        exit_code=ending.exit_code,
        program=built.program,
    )


def forget(session: Session) -> None:
    """Forget the names and modules of earlier snippets."""
    kept: _Snippets | None = session.kept
    session.kept = None
    if kept is not None:
        kept.run.close()


class _Snippets:
    """What a session has of its snippets: one run's side of the host, which outlives each of them."""

    def __init__(self, limits: Limits) -> None:
        self.store = NativeStore(limits.memory)
        self.run = _Run("<input>", self.store)
        self.kept = Kept(self.run, snippets=True)
        self._count = 0

    def next_name(self) -> str:
        self._count += 1
        return f"<input {self._count}>"


def _snippets_of(session: Session, limits: Limits) -> _Snippets:
    if session.kept is None:
        session.kept = _Snippets(limits)
    kept: _Snippets = session.kept
    return kept


def check(source: str | bytes, host: MemoryHost | None = None, *, name: str = "main.py") -> tuple[Diagnostic, ...]:
    """Every compile-time problem of a program; nothing of it runs."""
    return _build(source, host, name, Session(), NativeStore(Limits().memory)).diagnostics


def _build(
    source: str | bytes,
    host: MemoryHost | None,
    name: str,
    session: Session,
    store: NativeStore,
    *,
    keep: bool = False,
    memo: bool = True,
) -> Built:
    data = source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")
    entry = Entry(data, _ROOT + name.removeprefix("./"))
    if host is None:
        settings = Settings(probe=False, top=_ROOT, resolver=False, defaults=NAMES)
        host = MemoryHost()
    else:
        bare = {spec for spec in host.sources if "://" not in spec and not spec.startswith(("./", "/"))}
        natives = {*host.natives, *host.constants} - set(host.hosts)
        settings = Settings(top=_ROOT, defaults=NAMES | bare | natives, official=frozenset(host.hosts))
    files = _Files(host, store)
    return drive(
        build(entry, settings, session, keep=keep, memo=memo),
        lambda needs: {need.key: files.answer(need) for need in needs},
    )


class _Files:
    """Answers needs from memory."""

    def __init__(self, host: MemoryHost, store: NativeStore) -> None:
        self._host, self._store = host, store
        self._sources: dict[str, str | bytes] = {}
        for spec, text in host.sources.items():
            path = tidy_escapes(spec)
            self._sources[path if isinstance(path, str) and "://" not in spec else spec] = text
        self._manifests = {
            ("./" + key if _is_plain_directory(key) else key): value for key, value in host.manifests.items()
        }

    def answer(self, need: Need) -> Outcome:
        host = self._host
        if need.kind == "native":
            return self._store.inspect(need)
        # By place and not by canonical spec: where the root is, the linker learns from the manifests.
        local = need.location.startswith(_ROOT)
        place = f"./{need.location.removeprefix(_ROOT)}" if local else need.location or need.spec
        if need.kind == "manifest":
            return self._manifest(place.removesuffix(_MANIFEST))
        if need.spec in host.natives or need.spec in host.constants:
            names = frozenset(host.natives.get(need.spec, ()))
            return Native(names, "memory", host.constants.get(need.spec, {}), host.native_bytes.get(need.spec))
        if place in self._sources:
            found = self._sources[place]
            data = found.encode("utf-8", "surrogatepass") if isinstance(found, str) else found
            return Bytes(data, host.redirects.get(need.spec))
        return standard_outcome(need.spec) if need.kind == "default" else Absent()

    def _manifest(self, directory: str) -> Outcome:
        found = self._manifests.get(directory)
        if found is None and directory == "./":
            found = self._manifests.get("")
        if found is None:
            return Absent()
        if isinstance(found, bytes):
            return Bytes(found)
        text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
        return Bytes(text.encode("utf-8", "surrogatepass"))


def _is_plain_directory(key: str) -> bool:
    return bool(key) and "://" not in key and not key.startswith(("./", "/"))


class _Run:
    """One run's side of the machine's host interface."""

    def __init__(self, name: str, store: NativeStore) -> None:
        self._standard = Standard((name,))
        self._natives = NativeRun(store)

    def begin(self, host: MemoryHost, meter: Meter) -> None:
        """A run begins, with nothing of an earlier one left: of it, native code may be."""
        self._host = host
        self._meter = meter
        self._lines = iter(host.input or ())
        self._events = iter(host.events)
        self._clock = host.clock
        self._answers: SimpleQueue[Answer] = SimpleQueue()
        self._futures: dict[int, Future[Any]] = {}
        self.written: list[str] = []

    def interrupt(self, ending: RunEnded) -> bool:
        """End what native code is running, if any is; from another thread."""
        return self._natives.interrupt(ending)

    def close(self) -> None:
        """The run is over."""
        self._natives.close()

    def write(self, stream: str, text: str) -> None:
        self.written.append(text)

    def now(self) -> float:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def seed(self) -> int:
        return randbits(64)

    def ask(self, question: Question) -> None:
        number = question.number
        match question.kind:
            case "input":
                if self._host.input is None:
                    raise Unavailable("input() has no source here")
                self._answers.put(Answer(number, next(self._lines, None)))
            case "receive":
                event = next(self._events, None)
                if event is None:
                    raise Unavailable("no event source")
                self._answers.put(Answer(number, event))
            case "frame":
                raise Unavailable(NO_FRAMES)
            case _:
                future: Future[Any] = question.arguments
                if sys.platform == "emscripten" and not future.done():
                    raise Unavailable(_NO_THREADS)
                answers = self._answers  # this run's: an answer that comes late is not for the next one
                self._futures[number] = future
                future.add_done_callback(lambda done: answers.put(answer_of(number, done)))

    def forget(self, number: int) -> None:
        future = self._futures.pop(number, None)
        if future is not None:
            future.cancel()

    def wait(self, seconds: float | None) -> Sequence[Answer]:
        first = self._first(seconds)
        if first is None:
            return ()
        answers = [first]
        while True:
            try:
                answers.append(self._answers.get_nowait())
            except Empty:
                break
        for answer in answers:
            self._futures.pop(answer.number, None)
        return answers

    def _first(self, seconds: float | None) -> Answer | None:
        """The first answer that comes; None where there is none in time."""
        try:
            return self._answers.get_nowait()
        except Empty:
            if seconds == 0:
                return None
        if seconds is not None and self._clock.is_virtual:
            self._clock.sleep(seconds)
            return None
        with self._meter.waiting():
            try:
                return self._answers.get(timeout=seconds)
            except Empty:
                return None

    def stacks(self) -> Stacks:
        return new_stacks()

    def can_wait(self) -> str | None:
        return self._natives.can_wait()

    def bind(self, module: NativeModule, lent: Lent) -> Mapping[str, Any]:
        if module.kind == "std":
            return self._standard.bind(module.spec, lent)
        if module.kind != "memory":
            return self._natives.bind(module)
        functions = self._host.natives.get(module.spec, {})
        return {name: asking(name, functions[name]) for name in module.names} | dict(module.constants)


def asking(name: str, function: Callable[..., Any]) -> Asking:
    """A native function as the machine takes it: one that gives a `Future` lets its task wait for it. Its own errors know it by
    the script's name for it."""
    if isinstance(function, FunctionType):
        function = renamed(function, name)

    def prepare(*given: Any, **named: Any) -> Any:
        value = function(*given, **named)
        return value if isinstance(value, Future) else Ready(value)

    return Asking(prepare)


def answer_of(number: int, done: Future[Any]) -> Answer:
    """What a future brought."""
    if done.cancelled():
        return Answer(number, error=RuntimeError("the host cancelled the call"))
    error = done.exception()
    return Answer(number, None if error else done.result(), error)
