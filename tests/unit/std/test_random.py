"""`random`: beside CPython, and what the facade refuses.

Takes: programs. Gives: CPython's output. Refuses: sharing a generator with another run.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.std.kit import forgotten, printed, same_output

_SEEDS = st.one_of(st.integers(), st.text(max_size=4), st.binary(max_size=4), st.floats(allow_nan=False))


@given(_SEEDS, st.lists(st.integers(), min_size=1, max_size=6))
def test_seeded_as_cpython(seed: object, items: list[int]) -> None:
    same_output(f"""
        from random import *
        seed({seed!r})
        items = {items}
        print(random(), randint(1, 9), randrange(0, 99, 3), uniform(1, 2), choice(items), choices(items, k=3), getrandbits(70))
        shuffle(items); print(items, sample(items, len(items)), sample(range(100), 3, counts=None), randbytes(5))
        print(triangular(), betavariate(1, 2), expovariate(1), gammavariate(1, 2), gauss(0, 1), lognormvariate(0, 1))
        print(normalvariate(0, 1), vonmisesvariate(0, 1), paretovariate(1), weibullvariate(1, 2))
        own = Random({seed!r}); print(own.random(), own.choices("abc", weights=[1, 2, 3], k=4))
        state = own.getstate(); a = own.random(); own.setstate(state); print(a == own.random())
        """)


def test_everything_else_as_cpython() -> None:
    same_output("""
        import random
        for bad in (lambda: random.choice([]), lambda: random.randint(2, 1), lambda: random.sample([1], 2),
                    lambda: random.seed([]), lambda: random.randrange(1.5), lambda: random.choices([1], weights=[0])):
            try: bad()
            except Exception as error: print(type(error).__name__, error)
        class Mine(random.Random):
            def random(self): return 0.5
        print(Mine().uniform(0, 10), Mine().choice("abc"), 0 <= random.SystemRandom().random() < 1)
        """)


def test_a_seed_ends_with_its_run() -> None:
    wanted = int(printed("import random\nrandom.seed(5)\nprint(random.getrandbits(64))"))
    forgotten(
        "import random\nrandom.seed(5)",
        f"import random\nprint('seeded' if random.getrandbits(64) == {wanted} else 'clean')",
    )
