"""`itertools`: beside CPython, and what the facade refuses.

Takes: programs. Gives: CPython's output. Refuses: nothing of its own.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.std.kit import same_output


@given(st.lists(st.integers(0, 3), max_size=5), st.integers(0, 3), st.integers(1, 3))
def test_as_cpython(items: list[int], few: int, step: int) -> None:
    same_output(f"""
        import itertools as it
        a, n, s = {items}, {few}, {step}
        print(list(it.accumulate(a)), list(it.accumulate(a, max, initial=n)), list(it.chain(a, a)), list(it.pairwise(a)))
        print(list(it.combinations(a, n)), list(it.permutations(a, n)), list(it.product(a, repeat=min(n, 2))))
        print(list(it.combinations_with_replacement(a, n)), list(it.islice(it.cycle(a + [7]), n, 9, s)), list(it.repeat(1, n)))
        print([(k, list(g)) for k, g in it.groupby(sorted(a))], list(it.compress(a, it.cycle([1, 0]))))
        print(list(it.dropwhile(lambda x: x < n, a)), list(it.takewhile(lambda x: x < n, a)), list(it.filterfalse(None, a)))
        print(list(it.zip_longest(a, "ab", fillvalue="-")), list(it.starmap(pow, zip(a, a))), list(it.islice(it.count(n, s), 3)))
        one, two = it.tee(a); next(one, None); print(list(one), list(two), list(it.chain.from_iterable([a, a])))
        """)
