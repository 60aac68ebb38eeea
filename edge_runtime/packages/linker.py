"""The linker: from an entry to a module graph, without touching anything.

Takes: the entry's text and place, and what the host says once (`Settings`).
Gives: batches of `Need`s until it knows everything, then a `Graph` or every diagnostic of the program.
Refuses: by `formats.md`; nothing runs unless the whole graph is sound.

Every host drives the same machine: `while needs := linker.needs(): …supply(need.key, outcome)…; linker.finish()`. A batch
holds all that can be asked for at once: every module of a level, or every manifest that the next level's bare names wait
for. So a host pays at most two round trips a level.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ..diagnostics import Diagnostic, problem
from ..source import BadByte, Source, Span, decode, decode_leniently, place_name
from ..syntax.parse import Parsed
from .graph import CodeNode, Graph, GraphNode, NativeNode, check_names, initialisation
from .integrity import digest_of
from .manifest import FILE_NAME, Manifest, is_html, read_manifest
from .needs import Absent, Bytes, Drift, Failed, Native, Need, NotAtHand, Outcome
from .resolver import BROKEN, Asking, Broken, Known, Missing, Nowhere, Package, Resolver, Settings, Target
from .specs import directory_of, normalised_origin, parent_of, suffix_of, tidy_location

MAX_MODULE_BYTES: Final = 1024 * 1024
MAX_NATIVE_BYTES: Final = 16 * 1024 * 1024
MAX_PROGRAM_BYTES: Final = 16 * 1024 * 1024
MAX_MODULES: Final = 10_000
_MAX_PROBES: Final = 32
_WASM: Final = b"\0asm"
_LIBRARIES: Final = (".so", ".dylib", ".dll")

Parse = Callable[[Source, str], "Parsed | tuple[Diagnostic, ...]"]
"""From a module's source and the digest of its bytes to what its parser says."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The program's first module: its bytes, and where it is: `/path/main.py` below the top, or an absolute URL."""

    data: bytes
    location: str


@dataclass(slots=True)
class _Module:
    """A module as far as it is known. `asked` says who asked first, for messages."""

    index: int
    spec: str
    location: str
    asked: tuple[_Module, int] | None
    digest: str = ""
    parsed: Parsed | None = None
    native: Native | None = None
    targets: list[int] = field(default_factory=list)
    demanded: dict[str, Asking] = field(default_factory=dict)
    answered: bool = False
    unknown: bool = False


class Linker:
    """One program's linking. `parse` may remember what it said in earlier runs."""

    def __init__(self, entry: Entry, settings: Settings, parse: Parse) -> None:
        self._entry = replace(entry, location=tidy_location(entry.location))
        self._settings = settings
        self._parse_source = parse
        self._resolver = Resolver(settings, directory_of(self._entry.location))
        self._modules: list[_Module] = []
        self._by_spec: dict[str, _Module] = {}
        self._problems: dict[int, list[Diagnostic]] = {}
        self._manifest_problems: list[Diagnostic] = []
        self._asked: dict[str, str] = {}
        self._batch: list[Need] = []
        self._parsed: list[tuple[Parsed, str]] = []
        self._waiting: list[tuple[_Module, int]] = []
        self._open_manifests = 0
        self._bytes = 0
        self._full = False
        self._started = False
        self._probing = self._first_probes()
        self._probed: dict[str, Outcome] = {}
        self._ask_manifests(self._probing)
        if not self._probing:
            self._start()

    @property
    def root(self) -> str | None:
        """The location of the root directory, once the outermost manifest is known."""
        return self._resolver.root if self._started else None

    @property
    def used(self) -> list[str]:
        """The keys of all needs that were asked for: what a lockfile must know."""
        return list(self._asked)

    def needs(self) -> list[Need]:
        """What must be known next; empty when nothing more can be asked."""
        batch, self._batch = self._batch, []
        return batch

    def supply(self, key: str, outcome: Outcome) -> None:
        """The host's answer to one need."""
        kind = self._asked[key]
        if kind == "manifest":
            self._supply_manifest(key.partition(":")[2], outcome)
        else:
            module = self._by_spec[key.partition(":")[2]]
            module.answered = True
            self._supply_module(module, outcome)

    def finish(self) -> Graph | tuple[Diagnostic, ...]:
        """The graph, or every diagnostic. Call it once `needs` is empty and all was supplied."""
        complete = all(module.native or module.parsed for module in self._modules)
        if not complete or self._problems or self._manifest_problems:
            self._name_problems()
            return self._collected()
        nodes = tuple(self._node(module) for module in self._modules)
        stars, name_problems = check_names(nodes)
        if name_problems:
            self._problems = name_problems
            return self._collected()
        order, cycle = initialisation(nodes)
        return Graph(root=self._resolver.root, nodes=nodes, order=order, cycle=cycle, stars=stars)

    def parsed_since(self) -> list[tuple[Parsed, str]]:
        """The modules that parsed since this was asked last, and their digests: the guard judges them even where linking
        fails."""
        parsed, self._parsed = self._parsed, []
        return parsed

    def parsed_modules(self) -> list[Parsed]:
        """The modules that parsed, in the order of discovery."""
        return [module.parsed for module in self._modules if module.parsed]

    # -- the root -------------------------------------------------------------------------------------------------

    def _first_probes(self) -> list[str]:
        """The directories whose manifest may make them the root: the entry's and those above it, nearest first."""
        if not self._settings.probe or not self._settings.resolver:
            return []
        directories: list[str] = []
        here: str | None = directory_of(self._entry.location)
        while here is not None and len(directories) <= _MAX_PROBES and here.startswith(self._settings.top):
            directories.append(here)
            here = parent_of(here)
        return directories

    def _start(self) -> None:
        """Every probe was answered, so the root is known: read the entry."""
        own = directory_of(self._entry.location)
        present = [directory for directory in self._probing if _is_there(self._probed[directory])]
        root = present[-1] if present else own
        named = self._settings.packages
        if named and "://" not in named[0]:
            root = _common(own, directory_of(tidy_location(named[0])))
        if "://" in own:  # what another origin's manifest grants, the page did not
            own_word = bool(named or self._settings.imports or self._settings.hosts)
            self._resolver.enter("/", normalised_origin(own), grants=own_word)
        else:
            self._resolver.enter(root, root, grants=True)
        self._started = True
        for directory, outcome in self._probed.items():
            self._read_manifest(directory, outcome)
        self._install_root()
        self._add(self._resolver.canonical(self._entry.location), self._entry.location, None).answered = True
        self._read_code(self._modules[0], self._entry.data)

    def _install_root(self) -> None:
        """The root manifest: the file or the one that the page names, with the page's own entries over it."""
        home = self._resolver.home
        package = self._resolver.manifests.get(home)
        named = self._settings.packages
        if named is not None:
            location = tidy_location(named[0])
            read = read_manifest(named[1], self._resolver.canonical(location))
            if isinstance(read, tuple):
                self._manifest_problems += read
            package = BROKEN if isinstance(read, tuple) else Package(read, directory_of(location))
        page = {**self._settings.imports, **self._settings.hosts}
        if page and not isinstance(package, Broken):
            base = package or Package(Manifest(spec=self._resolver.canonical(home + FILE_NAME)), home)
            package = Package(_page_over(base.manifest, self._settings), base.directory)
        if package is not None or "://" not in home:
            self._resolver.manifests[home] = package
        if named is not None and isinstance(package, Package):
            self._resolver.manifests[package.directory] = (
                package  # it is what a walk-up finds there, and the page's own
            )

    # -- asking ---------------------------------------------------------------------------------------------------

    def _ask(self, need: Need) -> None:
        if need.key not in self._asked:
            self._asked[need.key] = need.kind
            self._batch.append(need)

    def _ask_manifests(self, directories: list[str] | tuple[str, ...]) -> None:
        for directory in directories:
            location = directory + FILE_NAME
            self._open_manifests += f"manifest:{directory}" not in self._asked
            self._ask(
                Need(
                    key=f"manifest:{directory}",
                    kind="manifest",
                    spec=self._resolver.canonical(location),
                    location=location,
                    remote="://" in directory,
                )
            )

    def _add(self, spec: str, location: str, asked: tuple[_Module, int] | None) -> _Module:
        module = _Module(len(self._modules), spec, location, asked)
        self._modules.append(module)
        self._by_spec[spec] = module
        return module

    # -- manifests ------------------------------------------------------------------------------------------------

    def _supply_manifest(self, directory: str, outcome: Outcome) -> None:
        self._open_manifests -= 1
        if self._started:
            self._read_manifest(directory, outcome)
        else:
            self._probed[directory] = outcome
        if self._open_manifests:
            return
        if not self._started:
            self._start()
        waiting, self._waiting = self._waiting, []
        for module, position in waiting:
            self._resolve(module, position)

    def _read_manifest(self, directory: str, outcome: Outcome) -> None:
        """What a directory's manifest says, or that there is none, or why it cannot be used."""
        spec = self._resolver.canonical(directory + FILE_NAME)
        known: Known = None
        problems: tuple[Diagnostic, ...] = ()
        if isinstance(outcome, Bytes) and not is_html(outcome.data):
            read = read_manifest(outcome.data, spec)
            if isinstance(read, tuple):
                problems = read
            else:
                known = Package(read, directory_of(outcome.url) if outcome.url else directory)
        elif isinstance(outcome, Drift):
            problems = (problem("drift", Source(spec, ""), spec=spec, locked=outcome.locked, remote=outcome.remote),)
        elif isinstance(outcome, Failed):
            reason, hint = outcome.reason, outcome.hint
            problems = (problem("manifest-failed", Source(spec, ""), fix=hint, file=place_name(spec), reason=reason),)
        self._manifest_problems += problems
        self._resolver.manifests[directory] = BROKEN if problems else known

    # -- modules --------------------------------------------------------------------------------------------------

    def _supply_module(self, module: _Module, outcome: Outcome) -> None:
        match outcome:
            case Bytes(data=data, url=url):
                if url is not None:
                    module.location = url
                self._read_code(module, data)
            case Native():
                module.native = outcome
                self._check_native(module, outcome)
            case Absent():
                self._fail(module, "not-found", spec=module.spec)
            case Failed(reason=reason, hint=hint, code=code):
                self._fail(module, code, fix=hint, spec=module.spec, reason=reason)
            case Drift(locked=locked, remote=remote):
                self._fail(module, "drift", spec=module.spec, locked=locked, remote=remote)
            case NotAtHand():
                module.native, module.unknown = Native(frozenset()), True

    def _read_code(self, module: _Module, data: bytes) -> None:
        """Check a module's bytes, parse them, follow their imports. A name's suffix is a promise about the content."""
        module.digest = digest_of(data)
        suffix = suffix_of(module.location)
        wasm, library = data.startswith(_WASM), suffix in _LIBRARIES
        limit = MAX_NATIVE_BYTES if wasm or library else MAX_MODULE_BYTES
        self._bytes += 0 if wasm or library else len(data)
        if len(data) > limit:
            self._fail(module, "too-large", spec=module.spec, limit=limit)
        elif not self._check_digest(module, module.digest):
            return
        elif module.asked is not None and (library or (wasm and suffix != ".py")):
            self._ask_native(module, data)
        elif wasm:
            self._fail(module, "is-wasm", spec=module.spec)
        elif is_html(data):
            note = "the server answered with a web page: its 'not found' page, or a page to sign in; check the address"
            promised = "WebAssembly" if suffix == ".wasm" else "Python"
            self._fail(module, "is-html", note=note, spec=module.spec, promised=promised)
        elif suffix == ".wasm":
            self._fail(module, "is-not-wasm", spec=module.spec)
        else:
            decoded = decode(data)
            if isinstance(decoded, BadByte):
                shown = Source(module.spec, decode_leniently(data))
                span = Span(decoded.line, decoded.column, decoded.line, decoded.column + 1)
                self._fail(module, "not-utf8", at=(shown, span), spec=module.spec, byte=decoded.value)
                return
            if self._bytes <= MAX_PROGRAM_BYTES:
                self._parse(module, decoded)
            elif not self._full:
                self._full = True
                self._fail(module, "program-too-large", limit=MAX_PROGRAM_BYTES)

    def _ask_native(self, module: _Module, data: bytes) -> None:
        """What a native module exports, its engine knows."""
        self._ask(
            Need(
                key=f"native:{module.spec}",
                kind="native",
                spec=module.spec,
                location=module.location,
                remote="://" in module.location,
                data=data,
                digest=module.digest,
            )
        )

    def _parse(self, module: _Module, text: str) -> None:
        parsed = self._parse_source(Source(module.spec, text), module.digest)
        if isinstance(parsed, tuple):
            if module.asked is None:
                self._problems.setdefault(module.index, []).extend(parsed)
            else:
                self._fail(module, "parse-error", cause=parsed[0], spec=module.spec)
                self._problems.setdefault(module.index, []).extend(parsed[1:])
            return
        module.parsed = parsed
        self._parsed.append((parsed, module.digest))
        module.targets = [-1] * len(parsed.imports)
        if parsed.problems:
            self._problems.setdefault(module.index, []).extend(parsed.problems)
        for position in range(len(parsed.imports)):
            self._resolve(module, position)

    def _asking(self, module: _Module, position: int) -> Asking:
        assert module.parsed is not None
        return Asking(module.parsed.source, module.location, module.parsed.imports[position].span)

    def _resolve(self, module: _Module, position: int) -> None:
        """Follow one import of a module; it waits where manifests must be known first."""
        assert module.parsed is not None
        asking = self._asking(module, position)
        target = self._resolver.resolve(module.parsed.imports[position].spec, asking)
        match target:
            case Missing(directories=directories):
                self._ask_manifests(directories)
                self._waiting.append((module, position))
            case Nowhere(diagnostic=diagnostic):
                if diagnostic is not None:
                    self._say(module, diagnostic)
            case Target():
                self._follow(module, position, target, asking)

    def _follow(self, module: _Module, position: int, target: Target, asking: Asking) -> None:
        known = self._by_spec.get(target.spec)
        if known is None:
            if len(self._modules) >= MAX_MODULES:
                if not self._full:
                    self._full = True
                    self._problem_at(asking, "too-many-modules", limit=MAX_MODULES)
                return
            known = self._add(target.spec, target.location, (module, position))
            self._ask(
                Need(
                    key=f"module:{target.spec}",
                    kind=target.kind,
                    spec=target.spec,
                    location=target.location,
                    remote=target.kind == "module" and "://" in target.location,
                    integrity=target.digests[0] if target.digests else None,
                )
            )
        module.targets[position] = known.index
        for digest in target.digests:
            self._demand(known, asking, digest)

    def _demand(self, module: _Module, asking: Asking, digest: str) -> None:
        """An import demands a digest of a module."""
        other = next((one for one in module.demanded if one != digest), None)
        if other is not None:
            self._problem_at(asking, "integrity-conflict", spec=module.spec, here=digest, there=other)
            return
        if digest in module.demanded:
            return
        module.demanded[digest] = asking
        if module.answered:
            if module.digest:
                self._check_digest(module, module.digest)
            elif module.native is not None:
                self._check_native(module, module.native)

    def _check_digest(self, module: _Module, got: str) -> bool:
        for expected, asking in module.demanded.items():
            if expected != got:
                self._problem_at(asking, "integrity-mismatch", spec=module.spec, expected=expected, got=got)
                module.parsed = None
                return False
        return True

    def _check_native(self, module: _Module, native: Native) -> None:
        if not module.demanded or module.unknown or module.digest:
            return
        if native.data is None:
            self._problem_at(next(iter(module.demanded.values())), "integrity-unsupported")
        else:
            self._check_digest(module, digest_of(native.data))

    # -- saying ---------------------------------------------------------------------------------------------------

    def _say(self, module: _Module, diagnostic: Diagnostic) -> None:
        self._problems.setdefault(module.index, []).append(diagnostic)

    def _problem_at(self, asking: Asking, code: str, **fields: Any) -> None:
        module = self._by_spec[asking.source.spec]
        self._say(module, problem(code, asking.source, asking.span, **fields))

    def _fail(
        self,
        module: _Module,
        code: str,
        *,
        at: tuple[Source, Span] | None = None,
        note: str | None = None,
        fix: str | None = None,
        cause: Diagnostic | None = None,
        **fields: Any,
    ) -> None:
        """A module that cannot be had: said at the import that asked for it first, with the chain that led there."""
        if module.asked is None:
            source, span = at or (Source(module.spec, ""), None)
            self._say(module, problem(code, source, span, note=note, fix=fix, cause=cause, **fields))
            return
        importer, position = module.asked
        asking = self._asking(importer, position)
        if at is not None:
            cause = problem(code, at[0], at[1], **fields)
            code, fields = "parse-error", {"spec": module.spec}
        chain = _chain(importer)
        notes = [text for text in (note, f"imported by {chain}" if " -> " in chain else None) if text]
        found = problem(code, asking.source, asking.span, note="; ".join(notes) or None, fix=fix, cause=cause, **fields)
        self._say(importer, found)

    def _name_problems(self) -> None:
        """Names that modules do not export, as far as the graph is known: all problems are reported in one go."""
        known = [module for module in self._modules if module.native or module.parsed]
        place = {module.index: index for index, module in enumerate(known)}
        blank = NativeNode(spec="", digest="", native=Native(frozenset()))
        nodes: list[GraphNode] = []
        unsure: set[int] = {len(known)} | {place[module.index] for module in known if module.unknown}
        for module in known:
            node = self._node(module)
            if isinstance(node, CodeNode):
                targets = tuple(place.get(target, len(known)) for target in node.targets)
                node = CodeNode(spec=node.spec, digest=node.digest, parsed=node.parsed, targets=targets)
            nodes.append(node)
        _spread(nodes, unsure)
        _, problems = check_names([*nodes, blank])
        for index, found in problems.items():
            node = nodes[index]
            assert isinstance(node, CodeNode)
            sure = {
                item.span
                for item, target in zip(node.parsed.imports, node.targets, strict=True)
                if target not in unsure
            }
            self._problems.setdefault(known[index].index, []).extend(one for one in found if one.span in sure)

    def _collected(self) -> tuple[Diagnostic, ...]:
        """All problems: manifests first, then module by module in the order of discovery, each in the order of its text."""
        collected = list(self._manifest_problems)
        for index in sorted(self._problems):
            collected += sorted(self._problems[index], key=_order)
        unique: dict[Diagnostic, None] = dict.fromkeys(collected)
        return tuple(unique)

    def _node(self, module: _Module) -> GraphNode:
        if module.native is not None:
            return NativeNode(spec=module.spec, digest=module.digest, native=module.native)
        assert module.parsed is not None
        return CodeNode(spec=module.spec, digest=module.digest, parsed=module.parsed, targets=tuple(module.targets))


def _order(diagnostic: Diagnostic) -> tuple[int, int]:
    return (diagnostic.span.line, diagnostic.span.column) if diagnostic.span else (0, 0)


def _chain(module: _Module) -> str:
    """How the entry reaches a module: `main.py -> lib/a.py`."""
    specs = [module.spec]
    while module.asked is not None:
        module = module.asked[0]
        specs.append(module.spec)
    return " -> ".join(place_name(spec) for spec in reversed(specs))


def _spread(nodes: list[GraphNode], unsure: set[int]) -> None:
    """What a module with a star import of an unknown one exports cannot be known either."""
    while True:
        more = {
            index
            for index, node in enumerate(nodes)
            if isinstance(node, CodeNode) and index not in unsure
            if any(
                item.star and target in unsure for item, target in zip(node.parsed.imports, node.targets, strict=True)
            )
        }
        if not more:
            return
        unsure |= more


def _is_there(outcome: Outcome) -> bool:
    """Whether a probe found a manifest, sound or not."""
    return isinstance(outcome, Failed) or (isinstance(outcome, Bytes) and not is_html(outcome.data))


def _page_over(manifest: Manifest, settings: Settings) -> Manifest:
    """A manifest with the page's own entries over it."""
    page = {**settings.imports, **settings.hosts}
    return Manifest(
        spec=manifest.spec,
        imports={**{n: t for n, t in manifest.imports.items() if n not in page}, **settings.imports},
        host={**{n: t for n, t in manifest.host.items() if n not in page}, **settings.hosts},
        extends=manifest.extends,
        source=manifest.source,
        places={name: span for name, span in manifest.places.items() if name not in page},
    )


def _common(first: str, second: str) -> str:
    """The deepest directory above both."""
    parts = []
    for one, other in zip(first.split("/")[:-1], second.split("/")[:-1], strict=False):
        if one != other:
            break
        parts.append(one)
    return "/".join(parts) + "/"
