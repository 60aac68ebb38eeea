"""What the linker asks, and what a host answers.

Takes and gives: frozen data. The linker gives out `Need`s; a host answers each with one outcome.
Refuses: nothing here; the linker judges outcomes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One question to the host.

    `kind`: `module` (bytes of code or of a native module), `manifest` (a packages.json), `host` (a package of the page, by
    name), `default` (a bare name that the host itself brings), `native` (the bytes of a native module are here, as `data`
    with their `digest`: what does it export?). `location` is `/path` below the top of the program's own origin or disk, or
    an absolute URL (then `remote`); for `host` the address of its ES module, or empty. `integrity` is a digest that the
    program demands: a host must not lock other bytes.
    """

    key: str
    kind: str
    spec: str
    location: str
    remote: bool
    integrity: str | None = None
    data: bytes | None = field(default=None, repr=False)
    digest: str = ""

    def to_json(self) -> dict[str, Any]:
        """The need as the browser's protocol has it."""
        return {
            "key": self.key,
            "kind": self.kind,
            "spec": self.spec,
            "location": self.location,
            "remote": self.remote,
            "integrity": self.integrity,
        }


@dataclass(frozen=True, slots=True)
class Bytes:
    """The bytes of a module or manifest; `url` is the final address where a redirect led elsewhere."""

    data: bytes
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """There is no such file."""


@dataclass(frozen=True, slots=True)
class Native:
    """A module of native functions. `kind`: `host` (of the page), `std` (a standard package), `memory` (of the embedder),
    `wasm` or `library` (from bytes). `data` are the bytes of one from memory, where the host has them: integrity is checked
    against them. `missing` says of names why they are not among `names`, where that is worth a word."""

    names: frozenset[str]
    kind: str = "host"
    constants: Mapping[str, object] = field(default_factory=dict)
    data: bytes | None = None
    missing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failed:
    """The host could not bring it; `reason` completes "cannot load module '…': ", or the message that `code` names."""

    reason: str
    hint: str | None = None
    code: str = "cannot-load"


@dataclass(frozen=True, slots=True)
class Drift:
    """A locked URL served other bytes; both digests as hex."""

    locked: str
    remote: str


@dataclass(frozen=True, slots=True)
class NotAtHand:
    """Not asked for on purpose (`check` without fetching): neither a module nor an error."""


Outcome = Bytes | Absent | Native | Failed | Drift | NotAtHand
