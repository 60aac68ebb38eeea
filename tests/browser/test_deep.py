"""Deep structures in a worker: each gives its result or an error that a program can catch, and the engine lives on.

Takes: `dist/` as a page loads it, so the engine that `tools/build/deepstack.mjs` made. Holds: issue 4, "Deep structures".
On the stock engine nearly all of these end the worker; docs/deep-structures.md says why.
"""

import json
from typing import Any

import pytest

from tests.support.lab import Lab
from tests.support.site import ROOT, built

pytestmark = pytest.mark.usefixtures("dist")

# `tried` gives what came of it; all that nests is made without recursion.
TOOLS = """
def nest(count, around, inner=1):
    for _ in range(count):
        inner = around(inner)
    return inner

def tried(work):
    try:
        work()
    except (RecursionError, MemoryError) as error:
        return type(error).__name__
    return "fine"

class Node:
    def __init__(self, next):
        self.next = next

class Wrap:
    def __init__(self, inner):
        self.inner = inner
    def __repr__(self):
        return repr(self.inner)
    def __format__(self, how):
        return format(self.inner, how)
    def __eq__(self, other):
        return self.inner == other.inner
    def __hash__(self):
        return hash((self.inner,))
    def __lt__(self, other):
        return self.inner < other.inner
    def __len__(self):
        return len(self.inner)
    def __getattr__(self, name):
        return getattr(self.inner, name)

def raised(previous):
    try:
        raise ValueError("deep") from (previous if isinstance(previous, ValueError) else None)
    except ValueError as error:
        return error

def holding(inner):
    return lambda: inner

def asleep(inner):
    def body():
        yield inner
    made = body()
    next(made)
    return made

def delegating(count):
    if count:
        yield from delegating(count - 1)
    else:
        yield 1
"""

# What is made of 2,000 and of 100,000, and freed: always fine.
FREED = {
    "linked objects": "Node",
    "lists": "lambda x: [x]",
    "tuples": "lambda x: (x, 1)",
    "dicts": "lambda x: {1: x}",
    "sets": "lambda x: frozenset([x]) if isinstance(x, int) else [x]",
    "generators": "asleep",
    "generator expressions": "lambda x: (y for y in [x])",
    "closures": "holding",
    "exceptions": "raised",
    "bound methods": "lambda x: Wrap(x).__len__",
    "maps": "lambda x: map(abs, x if x != 1 else [x])",
}

# What may be too deep: fine or an error, never the end of the engine. DEPTH stands for the depth.
TRIED = {
    "repr of lists": "repr(nest(DEPTH, lambda x: [x]))",
    "repr of dicts": "repr(nest(DEPTH, lambda x: {1: x}))",
    "repr of objects": "repr(nest(DEPTH, Wrap))",
    "format": "format(nest(DEPTH, Wrap), '')",
    "f-string": "f'{nest(DEPTH, Wrap)}'",
    "percent": "'%r' % [nest(DEPTH, Wrap)]",
    "equal lists": "nest(DEPTH, lambda x: [x]) == nest(DEPTH, lambda x: [x])",
    "equal dicts": "nest(DEPTH, lambda x: {1: x}) == nest(DEPTH, lambda x: {1: x})",
    "equal objects": "nest(DEPTH, Wrap) == nest(DEPTH, Wrap)",
    "order of tuples": "nest(DEPTH, lambda x: (x,)) < nest(DEPTH, lambda x: (x,))",
    "order of objects": "sorted([nest(DEPTH, Wrap), nest(DEPTH, Wrap, 0)])",
    "hash of tuples": "hash(nest(DEPTH, lambda x: (x,)))",
    "hash of objects": "hash(nest(DEPTH, Wrap))",
    "hash of generics": "hash(nest(DEPTH, lambda x: list[x], int))",
    "isinstance": "isinstance(1, nest(DEPTH, lambda x: (x, str), str))",
    "issubclass": "issubclass(int, nest(DEPTH, lambda x: (x, str), str))",
    "attributes": "nest(DEPTH, Wrap).missing",
    "length": "len(nest(DEPTH, Wrap, []))",
    "zip": "list(nest(DEPTH, lambda x: zip(x), [1]))",
    "map": "list(nest(DEPTH, lambda x: map(abs, x), [1]))",
    "filter": "list(nest(DEPTH, lambda x: filter(None, x), [1]))",
    "enumerate": "list(nest(DEPTH, lambda x: enumerate(x), [1]))",
    "generator expressions": "list(nest(DEPTH, lambda x: (y for y in x), [1]))",
    "yield from": "list(delegating(DEPTH))",
    "closures": "nest(DEPTH, lambda x: lambda: x(), int)()",
    "sum of lists": "sum([[x] for x in range(3000)], [])",
    "json.dumps": "json.dumps(nest(DEPTH, lambda x: [x]))",
    "json.dumps of dicts": "json.dumps(nest(DEPTH, lambda x: {'a': x}), indent=1)",
    "json.loads": "json.loads('[' * DEPTH + ']' * DEPTH)",
    "json.loads of dicts": "json.loads('{\"a\":' * DEPTH + '1' + '}' * DEPTH)",
    "regular expression": "re.compile('(' * DEPTH + 'a' + ')' * DEPTH)",
    "match": "re.match('(?:a|b)*c', 'a' * DEPTH)",
    "exceptions": "repr(nest(DEPTH, lambda x: ValueError(x)))",
}


def alive(lab: Lab) -> None:
    assert lab.run("print(sum(range(10)))")["out"] == "45\n"


def outcomes(lab: Lab, source: str) -> Any:
    """What a program prints, as JSON; a dead engine is a rejection or a failed run, shown as it is."""
    result = lab.run(source)
    assert result["ok"], result["error"]
    return json.loads(result["out"])


# A plain run enters Python once; after waiting it comes back on a stack that had been left.
WAITS = pytest.mark.parametrize(
    "first", ["", "sleep(0)", "[sleep(0) for _ in range(3)]"], ids=["at once", "waited", "often"]
)


@WAITS
@pytest.mark.parametrize("name", FREED)
def test_chains_are_freed(shared_lab: Lab, name: str, first: str) -> None:
    loop = f"for count in (2_000, 100_000):\n    made = nest(count, {FREED[name]})\n    made = None"
    source = f"{TOOLS}\n{first}\n{loop}\nprint('[]')"
    assert outcomes(shared_lab, source) == []
    alive(shared_lab)


@WAITS
@pytest.mark.parametrize("name", TRIED)
def test_deep_work_ends_with_a_result_or_an_error(shared_lab: Lab, name: str, first: str) -> None:
    lines = [
        f"    found[str({depth})] = tried(lambda: {TRIED[name].replace('DEPTH', str(depth))})"
        for depth in (100, 2_000, 50_000)
    ]
    source = (
        f"import json, re\n{TOOLS}\n{first}\nfound = {{}}\nif True:\n" + "\n".join(lines) + "\nprint(json.dumps(found))"
    )
    if name == "attributes":
        source = source.replace("except (RecursionError", "except (AttributeError, RecursionError")
    found = outcomes(shared_lab, source)
    assert set(found.values()) <= {"fine", "RecursionError", "MemoryError", "AttributeError"}
    if name not in ("attributes", "regular expression"):
        assert found["100"] == "fine"
    alive(shared_lab)


def test_the_stack_is_as_deep_again_afterwards(shared_lab: Lab) -> None:
    """What errors left behind would make each next one come sooner."""
    source = f"""
{TOOLS}
def depth():
    low, high = 100, 20_000
    while high - low > 10:
        middle = (low + high) // 2
        made = nest(middle, lambda x: [x])
        low, high = (middle, high) if tried(lambda: repr(made)) == "fine" else (low, middle)
    return low
first = depth()
deep = nest(50_000, lambda x: [x])
for _ in range(2_000):
    tried(lambda: repr(deep))
sleep(0)
print([first, depth()])
"""
    first, then = outcomes(shared_lab, source)
    assert first > 1_000
    assert first == then


def test_who_waits_too_deep_is_told_so(shared_lab: Lab) -> None:
    """At each depth around the last one where there is a stack to wait: nothing else is raised, and nothing is left half done."""
    source = f"""
{TOOLS}
class Waits:
    def __repr__(self):
        sleep(0.001)
        return "waited"
low, high = 100, 20_000
while high - low > 10:
    middle = (low + high) // 2
    low, high = (middle, high) if tried(lambda: repr(nest(middle, lambda x: [x], Waits()))) == "fine" else (low, middle)
ends = [tried(lambda: repr(nest(depth, lambda x: [x], Waits()))) for depth in range(low - 10, low + 90)]
sleep(0)
print(str([low, *sorted(set(ends))]).replace("'", '"'))
"""
    low, *ends = outcomes(shared_lab, source)
    assert low > 1_000
    assert ends == ["RecursionError", "fine"]
    alive(shared_lab)


@pytest.mark.parametrize(
    "source", ["(" * 5000 + "1" + ")" * 5000, "-" * 5000 + "1", "x = 1" + " + 1" * 20_000, "[" * 400 + "]" * 400]
)
def test_deep_source_is_compiled_or_refused(shared_lab: Lab, source: str) -> None:
    result = shared_lab.run(source)
    assert result["ok"] or result["error"]["type"] in (
        "CompileError",
        "SyntaxError",
        "RecursionError",
        "MemoryError",
    ), result
    alive(shared_lab)


def test_the_engine_that_is_shipped_is_the_rewritten_one() -> None:
    manifest = json.loads((built(ROOT / "dist") / "runtime/manifest.json").read_text())
    assert manifest["deepStructures"] is True
    stock = (ROOT / "node_modules/pyodide/pyodide.asm.wasm").stat().st_size
    assert 0 < manifest["files"]["pyodide.asm.wasm"]["bytes"] - stock < 20_000
