"""Both browsers for the suites of the cell; see `tests/support/drivers.py`."""

from tests.support.drivers import driver, firefox_process

__all__ = ["driver", "firefox_process"]
