"""`python -m tests.fuzz --seconds 600`: fuzz every target for a share of the time; `make fuzz` calls it.

Takes: seconds, names of targets, a seed. Gives: how many inputs each target had, how many a second, the slowest; exit code 1
after a finding, with the input in `build/fuzz/` and the command that runs it again.
Refuses: names of targets that there are none of.

Where atheris installs (Linux, CPython 3.11 to 3.13) it takes half of the time: it is led by what the code did, where
hypothesis shuffles what is known to be interesting.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import subprocess
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.inputs import WORDS, changed, seeds
from tests.fuzz.targets import TARGETS, crash_of
from tests.support.site import ROOT

FINDINGS = ROOT / "build" / "fuzz"
SLOW = 5.0
BATCH = 100


class Finding(Exception):
    """An input that broke a promise."""


def fuzz(name: str, seconds: float, first_seed: int = 0) -> tuple[int, float]:
    """Fuzz one target: how many inputs it had, and the seconds of the slowest. Raises `Finding`."""
    target, until = TARGETS[name], time.monotonic() + seconds
    count, slowest = 0, 0.0

    def one(data: bytes) -> None:
        nonlocal count, slowest
        began = time.monotonic()
        error = crash_of(target, data)
        took = time.monotonic() - began
        count, slowest = count + 1, max(slowest, took)
        if error is not None or took > SLOW:
            why = f"took {took:.1f} s" if error is None else f"{type(error).__name__}: {error}"
            raise Finding(f"{name}: {why}\n  {_kept(name, data)}")

    number = first_seed
    while count == 0 or time.monotonic() < until:
        how = settings(
            max_examples=BATCH,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        number += 1
        seed(number)(how(given(changed(name))(one)))()
    return count, slowest


def _kept(name: str, data: bytes) -> str:
    """Keep an input; say how to run it again."""
    FINDINGS.mkdir(parents=True, exist_ok=True)
    path = FINDINGS / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    return f"again: {Path(sys.executable).name} -m tests.fuzz --again {path.relative_to(ROOT)}"


def _atheris(name: str, seconds: int) -> int:
    """Fuzz one target with atheris, in a process of its own: it ends its process."""
    folder = FINDINGS / "corpus" / name
    folder.mkdir(parents=True, exist_ok=True)
    for data in seeds(name):
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    words = FINDINGS / "words"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in WORDS if word))
    options = [
        f"-max_total_time={seconds}",
        f"-dict={words}",
        "-timeout=10",
        "-rss_limit_mb=4096",
        "-print_final_stats=1",
    ]
    options.append(f"-artifact_prefix={FINDINGS}/{name}-")
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.guided", name, *options, str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    runs = [line for line in done.stderr.splitlines() if "number_of_executed_units" in line]
    print(f"  {name:<10} atheris     {runs[-1].split()[-1] if runs else '?':>9} inputs in {seconds} s", flush=True)
    if done.returncode != 0:
        print(done.stderr[-3000:])
    return int(done.returncode != 0)


def _escaped(word: bytes) -> str:
    """As libFuzzer's dictionaries have them."""
    return "".join(f"\\x{byte:02x}" for byte in word)


def main() -> int:
    """Fuzz, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("targets", nargs="*", default=[], help=f"of {', '.join(TARGETS)}; all by default")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--again", type=Path, help="an input that was kept")
    given = parser.parse_args()
    if given.again is not None:
        TARGETS[given.again.name.partition("-")[0]](given.again.read_bytes())
        return 0
    unknown = set(given.targets) - set(TARGETS)
    if unknown:
        parser.error(f"there is no target {', '.join(sorted(unknown))}")
    names = given.targets or list(TARGETS)
    guided = importlib.util.find_spec("atheris") is not None
    share = given.seconds / len(names) / (2 if guided else 1)
    print(f"fuzzing for {given.seconds:g} s, seed {given.seed}, {'with' if guided else 'without'} atheris", flush=True)
    status = 0
    for name in names:
        try:
            count, slowest = fuzz(name, share, given.seed * 1_000)
        except Finding as finding:
            print(finding, flush=True)
            status = 1
            continue
        print(
            f"  {name:<10} hypothesis  {count:>9,} inputs in {share:.0f} s, the slowest {slowest * 1e3:.0f} ms",
            flush=True,
        )
        if guided:
            status = max(status, _atheris(name, max(1, round(share))))
    return status


if __name__ == "__main__":
    raise SystemExit(main())
