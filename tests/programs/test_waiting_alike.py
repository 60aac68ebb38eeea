"""Random programs of tasks do the same, to the last line, whether their waits are plain calls or awaited.

Takes: programs from seeds (tests/support/waiting.py), on a virtual clock. A plain call parks a stack, an awaited one needs none:
two ways through the scheduler, of which each is the other's oracle.
"""

import pytest

from tests.support.waiting import alike, program

SEEDS = 120
AT_ONCE = 10


@pytest.mark.parametrize("first", range(0, SEEDS, AT_ONCE))
def test_plain_and_awaited(first: int) -> None:
    from edge_runtime import MemoryHost, run_program
    from edge_runtime.hosts.clocks import VirtualClock

    for seed in range(first, first + AT_ONCE):
        seen = []
        for text in alike(program(seed)):
            result = run_program(text, MemoryHost(clock=VirtualClock()))
            assert result.error is None, f"seed {seed}:\n{result.error.rendered}\n{text}"
            seen.append(result.output)
        assert seen[0] == seen[1], f"seed {seed}"


def test_they_are_about_something() -> None:
    """Each kind of thing that tasks do to each other is in some of them."""
    texts = [alike(program(seed))[1] for seed in range(SEEDS)]
    for words in ("await gather(", "await with_timeout(", "cancel(tasks[", "finally:", "joined", "raise ValueError"):
        assert sum(words in text for text in texts) > SEEDS / 10, words
