"""What holds for every test.

Gives: lanes, where a run has several processes (`tests/support/lanes.py`); tests of made-up values that may take as long as they
need. A deadline for each value would be a timed assertion, which fails where the machine is busy.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings

from tests.support.lanes import scheduler

settings.register_profile("edge", deadline=None)
settings.load_profile("edge")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """The hook of pytest-xdist, which asks for it where a run has several processes."""
    return scheduler(config, log)
