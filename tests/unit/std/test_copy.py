"""`copy`: beside CPython, and what the facade refuses.

Takes: programs. Gives: CPython's output. Refuses: setting attributes that the language refuses.
"""

from __future__ import annotations

from tests.unit.std.kit import refused, same_output


def test_as_cpython() -> None:
    same_output(
        """
        import copy, collections, datetime, decimal, enum, dataclasses
        class Plain:
            def __init__(self): self.items = [1, [2]]; self.me = self
        class Slots:
            __slots__ = ("a", "b")
        class Own:
            def __copy__(self): return "copied"
            def __deepcopy__(self, memo): return "deep"
        class Sub(dict): pass
        class Color(enum.Enum): RED = 1
        p = Plain(); shallow, deep = copy.copy(p), copy.deepcopy(p)
        print(shallow.items is p.items, deep.items is p.items, deep.items, deep.me is deep)
        s = Slots(); s.a = [1]; t = copy.deepcopy(s); print(t.a, t.a is s.a, hasattr(t, "b"))
        print(copy.copy(Own()), copy.deepcopy([Own()]), copy.copy(Color.RED) is Color.RED, copy.deepcopy(len) is len)
        sub = Sub(a=[1]); sub.extra = 5; u = copy.deepcopy(sub); print(type(u).__name__, u, u.extra, u["a"] is sub["a"])
        for value in ((1, [2]), {1: [2]}, {1, 2}, frozenset([1]), "a", b"b", bytearray(b"c"), None, ..., 1.5, range(3),
                      collections.deque([1], 3), collections.Counter("aab"), collections.OrderedDict(a=1),
                      collections.defaultdict(list, a=[1]), datetime.date(2024, 1, 2), decimal.Decimal("1.5"),
                      ValueError("x"), collections.ChainMap({1: 2}), slice(1, 2)):
            print(copy.copy(value), copy.deepcopy(value), type(copy.deepcopy(value)) is type(value))
        loop = []; loop.append(loop); print(copy.deepcopy(loop))
        for bad in ((x for x in ""), iter([]).__next__):
            try: print(type(copy.copy(bad)).__name__)
            except TypeError as error: print(error)
        memo = {}; a = [1]; b = copy.deepcopy([a, a], memo); print(b[0] is b[1])
        print(issubclass(copy.Error, Exception), copy.error is copy.Error)
        """.replace("iter([]).__next__", "print")
    )


def test_no_class_says_how_it_is_copied_by_state() -> None:
    assert "'__reduce_ex__'" in refused("""
        import copy
        class Other:
            __slots__ = ()
        class Odd:
            __slots__ = ()
        Made = type("Made", (), {"__reduce_ex__": lambda self, protocol: (Odd, (), (None, {"__class__": Other}))})
        print("ESCAPED" if type(copy.copy(Made())) is Other else None)
        """)
