"""The corpora that others wrote, against the package; what differs is listed in `deviations.toml` with its reason.

Takes: ../shared/conformance, where it is there. Gives: how many cases ran.
Refuses: a case that fails and is not listed, a listed one that passes or is not the case it was (the list may shrink),
an entry without a reason, a corpus that has shrunk. Skips only where the folder is absent.
"""

import hashlib
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.cases import read_corpus
from tests.conformance.pool import CORPUS, run_all

DEVIATIONS = Path(__file__).with_name("deviations.toml")
AT_LEAST = {
    "language.json": 1842,
    "imports.json": 50,
    "std-json.json": 27,
    "std-math.json": 31,
    "std-re.json": 14,
    "host-time.json": 4,
}
MUST_PASS = {
    "language.json": 1770,
    "imports.json": 50,
    "std-json.json": 20,
    "std-math.json": 30,
    "std-re.json": 4,
    "host-time.json": 2,
}
CATEGORIES = frozenset(
    {
        "CPython's behaviour",
        "CPython's wording",
        "limits (a later issue)",
        "not in this dialect",
    }
)


class DeviationError(Exception):
    """`deviations.toml` is not as it must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One case that is known to differ."""

    file: str
    index: int
    digest: str
    category: str
    reason: str


def read_deviations(text: str) -> list[Deviation]:
    """The list, family by family."""
    found: dict[tuple[str, int], Deviation] = {}
    for family in tomllib.loads(text).get("family", []):
        reason = family.get("reason", "").strip()
        where = f"a family of {family.get('file')!r}"
        if len(reason.split()) < 4:
            raise DeviationError(f"{where} has no reason that a reader accepts: {reason!r}")
        if family.get("category") not in CATEGORIES:
            raise DeviationError(f"{where} has the category {family.get('category')!r}; known: {sorted(CATEGORIES)}")
        for case in family["cases"]:
            entry = Deviation(
                file=family["file"],
                index=case["index"],
                digest=case["digest"],
                category=family["category"],
                reason=reason,
            )
            if (entry.file, entry.index) in found:
                raise DeviationError(f"{entry.file} {entry.index} is listed twice")
            found[entry.file, entry.index] = entry
    return list(found.values())


def digest_of(case: dict[str, Any]) -> str:
    """What tells a case from another, so that a reordered corpus is noticed."""
    return hashlib.sha256(case["src"].encode("utf-8", "surrogatepass")).hexdigest()[:12]


def judge(cases: list[dict[str, Any]], verdicts: list[dict[str, Any]], listed: dict[int, Deviation]) -> list[str]:
    """Every complaint about one corpus."""
    complaints: list[str] = []
    for index, entry in sorted(listed.items()):
        if index >= len(cases) or digest_of(cases[index]) != entry.digest:
            complaints.append(f"{index}: listed in deviations.toml, but it is another case now")
        elif verdicts[index]["ok"]:
            complaints.append(f"{index}: passes, so its entry in deviations.toml is stale")
    for index, (case, verdict) in enumerate(zip(cases, verdicts, strict=True)):
        if not verdict["ok"] and index not in listed:
            complaints.append(f"{index} (digest {digest_of(case)}): {case['src']!r}\n    {verdict['seen']}")
    return complaints


@pytest.mark.timeout(600)
@pytest.mark.parametrize("file", AT_LEAST)
def test_corpus(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    if not CORPUS.is_dir():
        pytest.skip(f"no conformance cases here: {CORPUS} is absent")
    cases = read_corpus(CORPUS / file)
    listed = {entry.index: entry for entry in read_deviations(DEVIATIONS.read_text("utf-8")) if entry.file == file}
    verdicts = run_all(cases)
    passed = sum(verdict["ok"] for verdict in verdicts)
    with capsys.disabled():
        families = ", ".join(f"{n} {name}" for name, n in Counter(e.category for e in listed.values()).most_common())
        print(f"\n{file}: {len(verdicts)} cases ran, {passed} pass, {len(listed)} listed as deviations ({families})")
    complaints = judge(cases, verdicts, listed)
    assert not complaints, f"{len(complaints)} complaints about {file}:\n" + "\n".join(complaints)
    assert len(verdicts) >= AT_LEAST[file]
    assert passed >= MUST_PASS[file]


def _entry(index: int, digest: str) -> dict[int, Deviation]:
    return {index: Deviation(file="f", index=index, digest=digest, category="c", reason="r")}


def test_the_judge_can_refuse() -> None:
    cases = [{"src": "a"}, {"src": "b"}]
    good, bad = {"ok": True, "seen": ""}, {"ok": False, "seen": "saw"}
    b = digest_of({"src": "b"})
    assert judge(cases, [good, good], {}) == []
    assert judge(cases, [good, bad], _entry(1, b)) == []
    assert "saw" in judge(cases, [good, bad], {})[0]
    assert "stale" in judge(cases, [good, good], _entry(1, b))[0]
    assert "another case" in judge(cases, [bad, good], _entry(0, b))[0]
    assert "another case" in judge(cases, [good, good], _entry(7, b))[0]


@pytest.mark.parametrize(
    ("family", "complaint"),
    [
        ('category = "CPython\'s wording"\nreason = ""', "no reason"),
        ('category = "whim"\nreason = "a reason of four words"', "category 'whim'"),
        ('category = "CPython\'s wording"\nreason = "a reason of four words"', "twice"),
    ],
)
def test_the_list_is_held(family: str, complaint: str) -> None:
    case = '{ index = 1, digest = "x" }'
    text = f'[[family]]\nfile = "f"\n{family}\ncases = [{case}, {case}]\n'
    with pytest.raises(DeviationError, match=complaint):
        read_deviations(text)
