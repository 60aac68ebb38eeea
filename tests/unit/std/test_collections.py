"""`collections`: beside CPython, and what the facade refuses.

Takes: programs. Gives: CPython's output. Refuses: names of fields that the language refuses.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.std.kit import refused, same_output


@given(
    names=st.lists(st.sampled_from(["a", "b", "_c", "def", "1x", "a b", "ä", "x1"]), max_size=4),
    rename=st.booleans(),
    defaults=st.lists(st.integers(0, 3), max_size=3),
    as_text=st.booleans(),
)
def test_named_tuples_as_cpython(names: list[str], rename: bool, defaults: list[int], as_text: bool) -> None:
    given_names = ", ".join(names) if as_text else names
    same_output(f"""
        from collections import namedtuple
        try:
            Made = namedtuple("Made", {given_names!r}, rename={rename}, defaults={defaults})
            print(Made._fields, Made._field_defaults, Made.__module__, Made.__doc__, Made.__match_args__)
            one = Made(*range(len(Made._fields)))
            print(one, one._asdict(), one._replace(), Made._make(one) == one, one == tuple(one), one[:1])
            print(Made())
        except (ValueError, TypeError) as error:
            print(type(error).__name__, error)
        """)


@given(st.text("abcab", max_size=12), st.text("abcd", max_size=6))
def test_counters_as_cpython(one: str, two: str) -> None:
    same_output(f"""
        from collections import Counter
        a, b = Counter({one!r}), Counter({two!r})
        print(a, a + b, a - b, a & b, a | b, a.most_common(2), a.total(), a <= b, +a, list(b.elements()), a["z"])
        a.update(b); a.subtract("ab"); print(a, dict(a))
        """)


def test_everything_else_as_cpython() -> None:
    same_output("""
        from collections import *
        import collections.abc as abc
        d = deque("abc", maxlen=3); d.append("d"); d.rotate(1); d.extendleft("x"); print(d, d.maxlen, d.index("d"))
        o = OrderedDict(a=1, b=2); o.move_to_end("a"); print(o, o.popitem(last=False), list(reversed(o)))
        dd = defaultdict(list); dd["a"].append(1); print(dd, dd.default_factory is list)
        c = ChainMap({"a": 1}, {"a": 2, "b": 3}); c["z"] = 9
        print(c, c["a"], c.parents, c.new_child({"q": 1}).maps, sorted(c))
        class Mine(UserDict):
            def __missing__(self, key): return key * 2
        print(Mine(a=1)["zz"], Mine(a=1), UserList([3, 1, 2]) + [4], UserString("abc").upper(), UserList("ba") < ["c"])
        class Point(namedtuple("Point", "x y")):
            __slots__ = ()
            def norm(self): return self.x ** 2 + self.y ** 2
        print(Point(3, 4).norm(), Point(1, y=2), isinstance(Point(1, 2), tuple))
        match Point(1, 2):
            case Point(x, y): print(x, y)
        for kind in (dict, list, set, str, deque, OrderedDict, ChainMap, UserDict, range, type(x for x in "")):
            print(kind.__name__, [name for name in ("Mapping", "MutableMapping", "Sequence", "Set", "Iterator", "Hashable",
                  "Collection", "Reversible") if issubclass(kind, getattr(abc, name))])
        class Own(abc.MutableSequence):
            def __init__(self): self.items = []
            def __getitem__(self, i): return self.items[i]
            def __setitem__(self, i, v): self.items[i] = v
            def __delitem__(self, i): del self.items[i]
            def __len__(self): return len(self.items)
            def insert(self, i, v): self.items.insert(i, v)
        own = Own(); own.extend("abc"); own.reverse(); print(list(own), own.pop(), own.index("b"), "c" in own)
        try: abc.Sized()
        except TypeError as error: print(error)
        @abc.Sized.register
        class Registered: pass
        print(issubclass(Registered, abc.Sized), abc.Callable[[int], str], abc.Mapping[str, int])
        """)


@pytest.mark.parametrize("name", ["gi_frame", "f_globals", "tb_frame", "mro"])
def test_fields_that_the_language_refuses(name: str) -> None:
    for names in (f"a {name}", ["a", name], (n for n in [name])):
        listed = names if isinstance(names, str) else list(names)
        assert repr(name) in refused(f"""
            from collections import namedtuple
            print("ESCAPED" if namedtuple("P", {listed!r}) else None)
            """)
