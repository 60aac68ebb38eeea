"""A program in a page: the engine's Python side, called by `web/engine/engine.js`.

Takes: options of a run as JSON, outcomes as JSON with their bytes in one buffer, a bridge to the page.
Gives: `BrowserSession`: steps of a build (needs, then diagnostics), the run's ending; everything as JSON, so that one
conversion crosses between the languages for each step.
Refuses: as the linker, guard and machine do. It fetches and stores nothing.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from types import CodeType
from typing import Any, Final, Protocol

from ..diagnostics import problem, to_json_list
from ..lower.program import NativeModule, Program
from ..machine.errors import RunError, compile_error
from ..machine.limits import Ender, worded
from ..machine.machine import Ending, Limits, Machine
from ..native import PAGE, on_demand
from ..packages.linker import Entry
from ..packages.lockfile import LockEntry, read_lockfile, write_lockfile
from ..packages.needs import Absent, Bytes, Drift, Failed, Native, Need, NotAtHand, Outcome
from ..packages.resolver import Settings
from ..pipeline import Build, Built, Session, build
from ..source import Source, place_name
from ..std import NAMES
from ..std.ahead import AHEAD
from .archive import Archive
from .codestore import pack, unpack
from .jspi import Parking
from .page import Bridge, KnownNative, Page
from .result import NOT_COMPILED
from .slices import Slices
from .snippets import Snippets
from .standard import OFFICIAL, PLANNED, standard_outcome
from .travel import How, Refused, Travel

_YOUNG: Final = 10_000
"""Objects that are made before some are looked at for cycles. CPython's 2,000 are half a megabyte less, and a program that
makes trees and forgets them spends a fifth of its time on looking."""


class Buffer(Protocol):
    """Bytes that JavaScript holds."""

    def to_bytes(self) -> bytes:
        """A copy of them."""


class BrowserSession:
    """One engine: caches that outlive runs, and the run at hand."""

    def __init__(self, ffi: Any) -> None:
        """`ffi` is `pyodide.ffi`: its `run_sync` parks the program until a promise settles, its `to_js` hands a list to
        JavaScript as an array. `enter` is what the engine runs on each new stack; `archive` is for one that started without the
        standard library's."""
        self._ffi = ffi
        self._parking = Parking(ffi.run_sync)
        self.enter = self._parking.enter
        self.archive = Archive(ffi, self._parking)
        self._natives: dict[str, KnownNative] = {}
        self._max_memory, self._loaders, self._records = 0, False, False
        self._argv: tuple[str, ...] = ()
        self._keep, self._memo = False, True
        self._over: dict[int, CodeType] = {}
        """The code of the runs since the last collection, by its `id`: a program that runs again has the same."""
        self._snippets: Snippets | None = None
        self._session = Session()
        self._outcomes: dict[tuple[str, str, bool], Outcome] = {}
        self._steps: Build | None = None
        self._needs: dict[str, Need] = {}
        self._known: dict[str, Outcome] = {}
        self._built: Built | None = None
        self._fetch = True
        self._phases: dict[str, float] = {}
        self._mark = 0.0

    def settle(self, frozen: bool) -> None:
        """The engine has started. What there is now stays as long as it does: no program's collections go through it.
        `frozen`: a snapshot's is so since it was made, without what goes with the first run."""
        if not frozen:
            gc.freeze()
        gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])

    def begin(self, options_json: str, source: Buffer, manifest: Buffer, code: Buffer | None = None) -> str:
        """Begin a run; gives the first step. `manifest` are the bytes of the one that the page names, if it does; `code` is what
        an engine of an earlier visit made of the program's modules."""
        options = json.loads(options_json)
        named = options["packages"]
        settings = Settings(
            probe=options["probe"],
            packages=(named, manifest.to_bytes()) if named else None,
            imports=options["imports"],
            hosts=options["hosts"],
            defaults=NAMES if options["defaults"] else frozenset(),
            official=OFFICIAL,
            planned=PLANNED,
        )
        self._max_memory, self._loaders = options["maxMemory"], options["loaders"]
        self._keep, self._memo = options["keep"], options["memo"]
        self._records = options["record"] and not self._keep
        location: str = options["entry"]
        if self._keep:
            location = self._at_hand().location(location, counts=options["mode"] == "run")
        self._argv = (options["entry"].rpartition("/")[2], *options["args"])
        entry = Entry(source.to_bytes(), location)
        self._fetch = options["fetch"]
        self._phases = {"link": 0.0, "compile": 0.0, "run": 0.0}
        self._built = None
        self._session.stored = unpack(code.to_bytes()) if code and not self._keep else None
        self._session.compilations = 0
        self._mark = time.perf_counter()
        self._steps = build(entry, settings, self._session, self._clock, keep=self._keep, memo=self._memo)
        return self._advance(None)

    def supply(self, answers_json: str, data: Buffer) -> str:
        """Outcomes of the needs that the last step asked for; `data` holds the bytes of all, one after the other."""
        self._mark = time.perf_counter()
        whole = data.to_bytes()
        outcomes, at = dict(self._known), 0
        for answer in json.loads(answers_json):
            size = answer.get("size", 0)
            outcome = self._outcome(answer, whole[at : at + size])
            at += size
            outcomes[answer["key"]] = outcome
            if isinstance(outcome, Bytes | Absent | Native):
                self._outcomes[self._where(self._needs[answer["key"]])] = outcome
        return self._advance(outcomes)

    def conflicts(self, answers_json: str) -> str:
        """Diagnostics for modules that another tab locked with other bytes meanwhile; such a program does not run."""
        found = []
        for answer in json.loads(answers_json):
            spec = self._needs[answer["key"]].spec if answer["key"] in self._needs else answer["key"]
            if answer["kind"] == "drift":
                locked, remote = answer["locked"], answer["remote"]
                found.append(problem("drift", Source(spec, ""), spec=spec, locked=locked, remote=remote))
            else:  # a manifest that is there for one tab and not for the other
                reason = answer["reason"]
                found.append(problem("manifest-failed", Source(spec, ""), file=place_name(spec), reason=reason))
        self._session = Session()
        self._outcomes.clear()
        return self._ended(Ending(ok=False, error=compile_error(tuple(found)), exit_code=NOT_COMPILED))

    def checked(self) -> str:
        """The ending of a program that was compiled and is not to run, or did not compile."""
        built = self._built
        assert built is not None
        if built.program is None:
            return self._ended(Ending(ok=False, error=compile_error(built.diagnostics), exit_code=NOT_COMPILED))
        return self._ended(Ending(ok=True, error=None, exit_code=0))

    def run(self, bridge: Bridge, max_output: int, saved: Buffer | None = None) -> str:
        """Run the program that was built, from its beginning or from where it was `saved`; gives the ending."""
        built = self._built
        assert built is not None
        assert built.program is not None
        started = time.perf_counter()
        snippets = self._at_hand() if self._keep else None
        page = snippets.page if snippets else self._new_page()
        page.begin(bridge, self._max_memory)
        options = (
            f"memory: {self._max_memory} bytes, output: {max_output} characters, arguments: {json.dumps(self._argv)}"
            f", memo: {json.dumps(self._memo)}"
        )
        try:
            travel = Travel(
                built.program, page, bridge, How(options, self._records, saved.to_bytes() if saved else None)
            )
        except Refused as why:
            return self._ended(_refused("StateError", str(why)))
        limits = Limits(output=max_output, memory=self._max_memory)
        machine = Machine(travel.program, travel.host, limits, kept=snippets.kept if snippets else None)
        slices = Slices(bridge, self._ffi, self._parking, machine.ender)
        slices.before, slices.arrives, page.end = page.send, travel.arrives, slices.end
        slices.show = lambda what: bridge.shown(*travel.show(what, computes=True))
        page.show = lambda what: bridge.shown(*travel.show(what, computes=False))
        travel.watch(machine)
        try:
            with slices.watching(), self.archive.during(bridge, slices.end):
                ending = travel.concluded(machine, machine.run())
        finally:
            if not snippets:
                page.close()
        if ending.error is not None:
            ending = replace(ending, error=worded(ending.error, self._max_memory))
        self._phases["run"] = (time.perf_counter() - started) * 1_000
        self._over |= {id(code): code for code in machine.codes}
        return self._ended(ending)

    def native_bytes(self, key: str) -> Any:
        """The bytes of a native module that the engine is to look at, as a `Uint8Array`."""
        need = self._needs[key]
        assert need.data is not None
        return self._ffi.to_js(self._natives[need.digest].data)

    def loaded(self) -> str:
        """The native modules of the program that loaders of the page took."""
        built = self._built
        assert built is not None
        modules = built.program.modules if built.program else ()
        taken = [
            {"spec": module.spec, "digest": module.digest}
            for module in modules
            if isinstance(module, NativeModule) and module.kind == "wasm" and self._natives[module.digest].loaded
        ]
        return json.dumps(taken)

    def code(self) -> Any:
        """The program's compiled modules for the next visit, as a `Uint8Array`; None where the page has them all. To be asked for
        before the first program runs: what comes later out of an engine may be anybody's."""
        built = self._built
        if built is None or built.program is None or self._keep or not self._session.compilations:
            return None
        return self._ffi.to_js(pack(self._session, built.program.digests.items()))

    def unprepared(self, reason: str) -> str:
        """The ending of a program of which a loader failed before its run."""
        return self._ended(_refused("ImportError", reason))

    def forget(self) -> None:
        """Drop what was kept of earlier runs: `reset()`."""
        self._session = Session()
        self._outcomes.clear()
        snippets, self._snippets = self._snippets, None
        if snippets is not None:
            snippets.page.close()

    def make_ahead(self) -> bool:
        """While nothing runs, a part of what the next run would else have to do: let go of what the last one left in cycles,
        which may be all that it made; then what it may import. Whether there is more."""
        if self._keep:
            return False  # what snippets made lives on, and so do their modules
        if self._over:
            over, self._over = Ender(self._over.values()), {}
            over.collect()
            return True
        return AHEAD.prepare()

    def read_lock(self, text: str, name: str) -> tuple[bool, str]:
        """The entries of a lockfile as JSON, or the picture of what is wrong with it."""
        read = read_lockfile(text, name)
        if isinstance(read, tuple):
            return False, compile_error(read).rendered
        return True, json.dumps({url: entry.to_json() for url, entry in read.items()})

    def write_lock(self, entries_json: str) -> tuple[bool, str]:
        """A lockfile's text from the page's entries."""
        entries = {
            url: LockEntry(
                sha256=entry.get("sha256", ""),
                bytes=entry.get("bytes", 0),
                url=entry.get("url"),
                absent=bool(entry.get("absent")),
            )
            for url, entry in json.loads(entries_json).items()
        }
        return True, write_lockfile(entries)

    def _new_page(self) -> Page:
        return Page(self._ffi, self._parking, self._natives, self._argv)

    def _at_hand(self) -> Snippets:
        """What there is of earlier snippets."""
        if self._snippets is None:
            self._snippets = Snippets(self._new_page())
        return self._snippets

    def _hosts_of(self, program: Program | None) -> list[str]:
        """The packages of the page that a program imports, or that an earlier snippet did: the only ones whose functions it may
        call."""
        modules = program.modules if program else ()
        names = [module.spec for module in modules if isinstance(module, NativeModule) and module.kind == "host"]
        return self._at_hand().with_earlier(names) if self._keep else names

    def _advance(self, outcomes: Mapping[str, Outcome] | None) -> str:
        """Step the build until it asks for something that is not at hand, or ends."""
        assert self._steps is not None
        try:
            batch = next(self._steps) if outcomes is None else self._steps.send(outcomes)
            while True:
                asked = self._sort(batch.needs)
                if asked:
                    self._phases["link"] += (time.perf_counter() - self._mark) * 1_000
                    needs = [need.to_json() for need in asked if need.kind != "native"]
                    natives = [
                        {"key": need.key, "spec": need.spec, "digest": need.digest}
                        for need in asked
                        if need.kind == "native"
                    ]
                    return json.dumps({"done": False, "root": batch.root, "needs": needs, "natives": natives})
                batch = self._steps.send(self._known)
        except StopIteration as stop:
            self._steps = None
            built: Built = stop.value
            self._built = built
            return json.dumps(
                {
                    "done": True,
                    "root": built.root,
                    "keys": list(built.keys),
                    "hosts": self._hosts_of(built.program),
                    "diagnostics": to_json_list(built.diagnostics),
                    "compiled": self._session.compilations,
                }
            )

    def _sort(self, needs: list[Need]) -> list[Need]:
        """The needs that the page must answer; what is at hand for the others waits in `_known`."""
        self._known = {}
        asked: list[Need] = []
        for need in needs:
            self._needs[need.key] = need
            outcome = standard_outcome(need.spec) if need.kind == "default" else self._outcomes.get(self._where(need))
            if outcome is None and need.kind == "native":
                outcome = self._read(need)
            elif outcome is None and not self._fetch and need.kind != "manifest":
                outcome = NotAtHand()
            if outcome is None:
                asked.append(need)
            else:
                self._known[need.key] = outcome
        return asked

    def _where(self, need: Need) -> tuple[str, str, bool]:
        return need.kind, need.digest or need.location or need.spec, need.remote

    def _read(self, need: Need) -> Outcome | None:
        """What a native module's bytes say; None where the engine is to compile them."""
        assert need.data is not None
        if not need.data.startswith(b"\0asm"):
            return Failed("a native library runs on the command line only", "build it as WebAssembly for pages")
        wasmfile = on_demand("wasmfile")
        found = wasmfile.examine(need.spec, need.data, self._max_memory // PAGE)
        if isinstance(found, wasmfile.Examined):
            self._natives[need.digest] = KnownNative(found.data, found.surface)
            return None
        refused = Failed(found.reason, found.fix)
        if not self._loaders:
            return refused
        self._natives[need.digest] = KnownNative(need.data, None, refused)  # a loader of the page may take it
        return None

    def _outcome(self, answer: Mapping[str, Any], data: bytes) -> Outcome:
        match answer["kind"]:
            case "bytes":
                return Bytes(data, answer["url"])
            case "absent":
                return Absent()
            case "host":
                return Native(frozenset(answer["names"]))
            case "native":
                return self._inspected(answer)
            case "drift":
                return Drift(answer["locked"], answer["remote"])
            case _:
                return Failed(answer["reason"], answer["hint"])

    def _inspected(self, answer: Mapping[str, Any]) -> Outcome:
        """What the engine says of a native module: it compiled, and a loader of the page may have taken it."""
        native = self._natives[self._needs[answer["key"]].digest]
        if "failed" in answer:
            return Failed(answer["failed"])
        native.data = b""
        if answer["names"] is not None:
            native.loaded, native.capability = tuple(answer["names"]), answer["capability"]
            return Native(frozenset(native.loaded), "wasm")
        if native.refused is not None:
            return native.refused
        return Native(native.surface.names, "wasm", missing=native.surface.missing)

    def _clock(self, phase: str) -> None:
        now = time.perf_counter()
        self._phases[phase] += (now - self._mark) * 1_000
        self._mark = now

    def _ended(self, ending: Ending) -> str:
        error: RunError | None = ending.error
        return json.dumps(
            {
                "ok": ending.ok,
                "error": error.to_json() if error else None,
                "exitCode": ending.exit_code,
                "phases": self._phases,
            }
        )


def _refused(kind: str, reason: str) -> Ending:
    """The ending of a program that did not begin."""
    error = RunError(type=kind, message=reason, rendered=f"error: {kind}: {reason}")
    return Ending(ok=False, error=error, exit_code=1)
