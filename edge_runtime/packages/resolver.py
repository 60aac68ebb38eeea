"""From a spec in a module to the place of another.

Takes: specs, and the manifests read so far.
Gives: a `Target`; or the directories whose manifests must be known first; or why the spec leads nowhere.
Refuses: by `formats.md`: undeclared names, cycles of `extends`, more than 32 hops, `host` entries outside the page's own
manifest.

Directories and files are locations (`specs.py`): `/path` below the top of the program's origin or disk, or a URL.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ..diagnostics import Diagnostic, edit_distance_hint, problem
from ..messages import quote
from ..source import Source, Span, place_name
from .manifest import FILE_NAME, Manifest
from .specs import Spec, SpecProblem, classify, directory_of, join, join_directory, looks_like_domain, parent_of

MAX_HOPS: Final = 32
_SURE: Final = 0.8
"""A name that nobody declared is most often not a standard package: only one that is nearly the same is offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a host tells the linker, once, before a program is linked.

    `imports` and `hosts` are the page's own word: they extend the root manifest and win over it. `packages` is a manifest
    that the page names: its location and bytes. `defaults` are the bare names that the host itself brings; `official` the
    host packages that exist but need a grant. `planned` are standard names of the dialect that this release lacks.
    """

    probe: bool = True
    top: str = "/"
    packages: tuple[str, bytes] | None = None
    imports: Mapping[str, str] = field(default_factory=dict)
    hosts: Mapping[str, str] = field(default_factory=dict)
    defaults: frozenset[str] = frozenset()
    official: frozenset[str] = frozenset()
    planned: frozenset[str] = frozenset()
    resolver: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """Where a spec leads. `kind` as in `Need`; `spec` is canonical; `digests` are those demanded on the way: by the
    import, and by the aliases that it goes by."""

    kind: str
    spec: str
    location: str
    digests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """Manifests that must be known first, by directory, nearest first."""

    directories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nowhere:
    """The spec leads nowhere; `diagnostic` is None where another diagnostic says it already (a broken manifest)."""

    diagnostic: Diagnostic | None


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks: the module's source and location, and the span of the spec in it."""

    source: Source
    location: str
    span: Span


@dataclass(frozen=True, slots=True)
class Package:
    """A manifest in force. `directory` is what its relative targets are read against."""

    manifest: Manifest
    directory: str


class Broken:
    """A manifest that was refused."""


BROKEN: Final = Broken()
Known = Package | Broken | None


class Resolver:
    """Resolution for one program. `root` is its root directory, `manifests` what is known of each directory.

    Below the root no search goes above it: it is the outermost manifest's directory, so nothing is there.
    """

    def __init__(self, settings: Settings, root: str) -> None:
        self._settings = settings
        self.root = self.home = root
        self.grants = False
        self.manifests: dict[str, Known] = {}

    def enter(self, root: str, home: str, *, grants: bool) -> None:
        """The root is known. `home` is the directory of the root manifest: the root, or the origin of a URL entry.
        `grants`: that manifest is the page's own word, so its `host` counts."""
        self.root, self.home, self.grants = root, home, grants

    def canonical(self, location: str) -> str:
        """A module's identity: local files below the root as `./…`, everything else by its location."""
        return "./" + location[len(self.root) :] if location.startswith(self.root) else location

    def shown_directory(self, directory: str) -> str:
        """A directory as messages have it: the root is empty."""
        return "" if directory == self.root else self.canonical(directory)

    def shown_manifest(self, directory: str) -> str:
        """A manifest as messages have it."""
        return self.shown_directory(directory) + FILE_NAME

    def resolve(self, text: str, asking: Asking) -> Target | Missing | Nowhere:
        """Where a spec of a module leads."""
        spec = classify(text)
        if isinstance(spec, SpecProblem):
            return self._nowhere(spec, asking.source, asking.span)
        if spec.kind == "bare":
            return self._bare(spec, directory_of(asking.location), asking)
        return self._placed(spec, asking.location, asking.source, asking.span)

    def _nowhere(self, spec_problem: SpecProblem, source: Source, span: Span) -> Nowhere:
        return Nowhere(problem(spec_problem.code, source, span, fix=spec_problem.fix, **spec_problem.fields))

    def _placed(self, spec: Spec, base: str, source: Source, span: Span) -> Target | Nowhere:
        location = spec.path if spec.kind == "url" else join(base, spec.path, self.root)
        if isinstance(location, SpecProblem):
            return self._nowhere(location, source, span)
        return Target("module", self.canonical(location), location, spec.digests)

    def _bare(self, spec: Spec, directory: str, asking: Asking) -> Target | Missing | Nowhere:
        """The search of `formats.md`: nearest manifest, its `imports`, its `host`, its `extends`; then the defaults."""
        name, start, hops = spec.path, directory, 0
        chain: list[str] = []
        digests = spec.digests
        nearest: str | None = None
        here: str | None = directory
        while here is not None:
            if here not in self.manifests:
                return Missing(self._unknown_above(here))
            package = self.manifests[here]
            if isinstance(package, Broken):
                return Nowhere(None)
            if package is None:
                here, hops = None if here == self.home else parent_of(here), hops + 1
                if hops > MAX_HOPS and here is not None:
                    return self._problem("too-many-hops", asking, name=name)
                continue
            manifest = package.manifest
            if manifest.source is not None:
                nearest = nearest or self.shown_manifest(here)
            if name in manifest.imports:
                target = classify(manifest.imports[name])
                place = self._alias_place(manifest, name, asking)
                if isinstance(target, SpecProblem):
                    return self._nowhere(target, *place)
                if target.kind != "bare":
                    found = self._placed(target, package.directory + FILE_NAME, *place)
                    return replace(found, digests=digests + found.digests) if isinstance(found, Target) else found
                digests += target.digests
                if target.path == name:  # the host's own module of that name
                    break
                hops += 1
                if hops > MAX_HOPS:
                    return self._problem("too-many-hops", asking, name=spec.path)
                name, chain = target.path, []
                continue
            if name in manifest.host:
                return self._host(
                    name,
                    digests,
                    package,
                    trusted=self.grants and package is self.manifests.get(self.home),
                    asking=asking,
                )
            if manifest.extends is None:
                break
            chain.append(here)
            further = self._extended(package, chain, asking)
            if isinstance(further, Nowhere):
                return further
            here, hops = further, hops + 1
            if hops > MAX_HOPS:
                return self._problem("too-many-hops", asking, name=name)
        if name in self._settings.defaults:
            return Target("default", name, "", digests)
        return self._undeclared(name, nearest, start, asking)

    def _extended(self, package: Package, chain: list[str], asking: Asking) -> str | Nowhere:
        """The directory that a manifest extends. `chain` are those of the manifests that led to it."""
        manifest = package.manifest
        assert manifest.extends is not None
        further = join_directory(package.directory + FILE_NAME, manifest.extends, self.root)
        if isinstance(further, SpecProblem):
            return self._nowhere(further, *_extends_place(manifest, asking))
        if further in chain:
            shown = " -> ".join(place_name(self.shown_manifest(link)) for link in (*chain, further))
            return self._problem("extends-cycle", asking, chain=shown)
        return further

    def _unknown_above(self, directory: str) -> tuple[str, ...]:
        """This directory and those above it that are not known yet: asked for at once, in one round trip."""
        unknown: list[str] = []
        here: str | None = directory
        while here is not None and len(unknown) <= MAX_HOPS:
            if here not in self.manifests:
                unknown.append(here)
            if here == self.home:
                break
            here = parent_of(here)
        return tuple(unknown)

    def _alias_place(self, manifest: Manifest, name: str, asking: Asking) -> tuple[Source, Span]:
        if manifest.source is not None and name in manifest.places:
            return manifest.source, manifest.places[name]
        return asking.source, asking.span

    def _host(
        self, name: str, digests: tuple[str, ...], package: Package, *, trusted: bool, asking: Asking
    ) -> Target | Nowhere:
        url = package.manifest.host[name]
        if not trusted:
            return self._problem("host-not-granted", asking, note=who_grants(name), name=name)
        if not url or "://" in url:
            return Target("host", name, url, digests)
        location = join(package.directory + FILE_NAME, url, self.root)
        if isinstance(location, SpecProblem):
            return self._nowhere(location, *self._alias_place(package.manifest, name, asking))
        return Target("host", name, location, digests)

    def _undeclared(self, name: str, nearest: str | None, start: str, asking: Asking) -> Nowhere:
        """Nobody declares the name: say so in the words that help most."""
        if not self._settings.resolver:
            return self._problem("no-resolver", asking, name=name)
        if name in self._settings.official:
            return self._problem("host-not-granted", asking, note=who_grants(name), name=name)
        if name in self._settings.planned:
            instead = "this release does not carry it yet, so declare a module of that name in packages.json"
            return self._problem("not-part-of-edge", asking, name=name, instead=instead)
        if name.partition(".")[0] in sys.stdlib_module_names:
            instead = INSTEAD.get(
                name.partition(".")[0], "declare a module of that name in packages.json, or import a file by its path"
            )
            return self._problem("not-part-of-edge", asking, name=name, instead=instead)
        fix = None
        if looks_like_domain(name):
            fix = f'an address needs its scheme: "https://{name}"'
        elif close := edit_distance_hint(name, self._settings.defaults, closeness=_SURE):
            fix = f"did you mean '{close}'?"
        elif name.endswith(".py"):
            fix = f'a file is imported by its path: "./{name}"'
        if nearest is not None:
            return self._problem("alias-missing", asking, fix=fix, name=name, manifest=nearest)
        return self._problem("not-declared", asking, fix=fix, name=name, dir=self.shown_directory(start))

    def _problem(
        self, code: str, asking: Asking, *, note: str | None = None, fix: str | None = None, **fields: Any
    ) -> Nowhere:
        return Nowhere(problem(code, asking.source, asking.span, note=note, fix=fix, **fields))


def _extends_place(manifest: Manifest, asking: Asking) -> tuple[Source, Span]:
    if manifest.source is not None and manifest.extends_place is not None:
        return manifest.source, manifest.extends_place
    return asking.source, asking.span


def who_grants(name: str) -> str:
    """The note under a refused host package: who could grant it."""
    return (
        f"only the page grants it: grant=\"{name}\" on the element, 'hostModules' of createWorker, "
        f'or {quote(name)} under "host" in the page\'s own packages.json'
    )


INSTEAD: Final[Mapping[str, str]] = {
    "os": "files and the system are out of a script's reach; ask the page for a host package",
    "pathlib": "files are out of a script's reach; ask the page for a host package",
    "socket": "the network is out of a script's reach; ask the page for a host package that fetches",
    "urllib": "the network is out of a script's reach; ask the page for a host package that fetches",
    "http": "the network is out of a script's reach; ask the page for a host package that fetches",
    "asyncio": "waiting needs no module: 'run', 'gather', 'with_timeout', 'cancel' and 'sleep' are built in",
    "threading": "there are no threads",
    "subprocess": "a script cannot start programs",
    "importlib": "imports are settled before the program runs; 'import_module' picks among them",
    "tkinter": "draw through a host package of the page",
}
