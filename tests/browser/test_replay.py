"""Runs that are saved in the middle, and restored after the page was loaded anew, in Chromium."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.lab import Lab


def hold(page: Page, source: str, *, run: str = "{}") -> dict[str, Any]:
    """Run a program, pause it once it computes or waits, and save it: its state, names and tasks."""
    found: dict[str, Any] = page.evaluate(
        f"""async (source) => {{
          window.running = w.run(source, {run});
          while (!['running', 'waiting'].includes(w.state)) await new Promise((go) => setTimeout(go, 5));
          await new Promise((go) => setTimeout(go, 150));
          await w.pause();
          const [names, stack, state] = [await w.stateGlobals(), await w.stateStack(), await w.saveState()];
          return {{ names, stack, state: Array.from(state) }};
        }}""",
        source,
    )
    return found


def restore(page: Page, state: list[int]) -> dict[str, Any]:
    """Restore a run, pause it where it goes on: its names and tasks."""
    found: dict[str, Any] = page.evaluate(
        """async (state) => {
          window.said = [];
          window.running = w.restoreState(new Uint8Array(state));
          await w.pause();
          return { names: await w.stateGlobals(), state: w.state };
        }""",
        state,
    )
    return found


def test_counting(lab: Lab) -> None:
    lab.start()
    held = hold(lab.page, "n = 0\nwhile True:\n    n += 1\n")
    print(held["names"], held["stack"], len(held["state"]))
    lab.page.reload()
    lab.start()
    print(restore(lab.page, held["state"]))
