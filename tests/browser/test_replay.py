"""Runs that are saved in the middle, and restored after the page was loaded anew, in Chromium.

All programs run one after the other in one engine, are held somewhere and saved; then the page is loaded again, and they are
restored one after the other. So each engine has runs behind it, other ones each time.
"""

from __future__ import annotations

from hashlib import sha256
from textwrap import dedent
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.lab import Lab
from tests.support.site import CORS

HELD = """async ([source, how]) => {
  window.printed = '';
  w.onOutput((text) => { window.printed += text; });
  window.running = w.run(source, how);
  while (!['running', 'waiting'].includes(w.state)) await new Promise((go) => setTimeout(go, 5));
  await new Promise((go) => setTimeout(go, 120));
  await w.pause();
  const [names, stack, state] = [await w.stateGlobals(), await w.stateStack(), await w.saveState()];
  const printed = window.printed;
  w.stop();
  await window.running;
  return { names, stack, printed, state: Array.from(state) };
}"""
RESTORED = """async (state) => {
  window.printed = '';
  w.onOutput((text) => { window.printed += text; });
  window.running = w.restoreState(new Uint8Array(state));
  if (!(await w.pause())) return { result: await window.running };
  const [names, stack, printed] = [await w.stateGlobals(), await w.stateStack(), window.printed];
  const again = Array.from(await w.saveState());
  w.resume();
  await new Promise((go) => setTimeout(go, 300));
  await w.pause();
  const later = await w.stateGlobals();
  w.stop();
  await window.running;
  return { names, stack, printed, later, all: window.printed, again };
}"""

PROGRAMS = {
    "counting": "n = 0\nwhile True:\n    n += 1\n",
    "functions": """
        n = 0
        def inner(i):
            global n
            for k in range(i % 7):
                n += k
            return n
        def outer():
            for i in range(10 ** 9):
                inner(i)
        outer()
    """,
    "tasks": """
        n, log = 0, []
        async def parked(k):
            for i in range(10 ** 6):
                sleep(0.03 * k)
                log.append((k, i))
        async def busy():
            global n
            while True:
                for _ in range(5000):
                    n += 1
                await sleep(0)
        gather(parked(1), parked(2), busy(), parked(3))
    """,
    "comprehension": """
        n = 0
        class Cell:
            def __init__(self, v):
                self.v = v
        def count(k):
            global n
            n += 1
            return Cell(k)
        total = [c.v for _ in range(10 ** 9) for c in {count(k) for k in range(20)}]
    """,
    "the runtime's code": """
        import json, random, re
        n, s = 0, ""
        class A:
            x = 1
        while True:
            n += getattr(A(), "x")
            s = json.dumps({"n": n, "r": random.random(), "m": re.sub("[0-9]", "x", str(n))})
            if n % 50 == 0:
                print(s)
    """,
    "the clock": """
        import time
        n, last = 0, 0.0
        while True:
            n += 1
            last = time.monotonic()
    """,
    "what lies somewhere": """
        from datetime import datetime
        n = 0
        def f(): yield n
        seen = [repr(object()), str(f), f"{f()}", hash(object()), str(datetime.now()), list({object() for _ in range(9)})]
        while True:
            n += 1
            last = repr(f) + f"{iter([])}"
    """,
    "prints": """
        n = 0
        while True:
            n += 1
            print(n)
    """,
}


def held(page: Page, source: str, how: dict[str, Any] | None = None) -> dict[str, Any]:
    """Run a program, hold it once it computes or waits, and save it."""
    return page.evaluate(HELD, [dedent(source), how or {}])  # type: ignore[no-any-return]


def restored(page: Page, state: list[int]) -> dict[str, Any]:
    """Restore a run: how it stands where it was saved, and a little later."""
    return page.evaluate(RESTORED, state)  # type: ignore[no-any-return]


def test_programs_go_on_where_they_were(lab: Lab) -> None:
    lab.start()
    saved = {name: held(lab.page, source) for name, source in PROGRAMS.items()}
    lab.again()
    for name, before in reversed(saved.items()):
        after = restored(lab.page, before["state"])
        assert "result" not in after, (name, after["result"])
        main = before["names"]["./main.py"]
        assert int(main["n"]) > 0
        assert (after["names"], after["stack"], after["printed"]) == (before["names"], before["stack"], ""), name
        assert int(after["later"]["./main.py"]["n"]) > int(main["n"]), name


EARLY = {
    "a loop": "n = 0\nwhile True:\n    n += 1\n",
    "tasks": """
        n = 0
        async def step():
            global n
            while True:
                n += 1
                await sleep(0)
        gather(*[step() for _ in range(100)])
    """,
}


@pytest.mark.parametrize("wait", [None, 0, 5, 40])
def test_a_program_that_has_hardly_begun_goes_on_where_it_was(lab: Lab, wait: int | None) -> None:
    """It is held before it begins (None), or so many milliseconds later: the runtime's own code is what is met there."""
    lab.start()
    for name, source in EARLY.items():
        state = lab.page.evaluate(
            """async ([source, wait]) => {
          const running = w.run(source);
          if (wait !== null) {
            while (w.state !== 'running') await new Promise((go) => setTimeout(go));
            await new Promise((go) => setTimeout(go, wait));
          }
          await w.pause();
          const [n, state] = [(await w.stateGlobals())['./main.py'].n, Array.from(await w.saveState())];
          w.stop();
          await running;
          return { n, state };
        }""",
            [dedent(source), wait],
        )
        after = restored(lab.page, state["state"])
        assert "result" not in after, (name, after["result"])
        assert after["names"]["./main.py"].get("n") == state["n"], name


@pytest.mark.parametrize("how", ["input", "call"])
def test_open_questions_are_asked_again(lab: Lab, how: str) -> None:
    """What the page had not answered is asked again; what it had is not; nothing printed is printed again."""
    source = {
        "input": "a = input('one? ')\nprint('got', a)\nb = input('two? ')\nprint('got', b)\n",
        "call": "from box import ask\na = ask(1)\nprint('got', a)\nb = ask(2)\nprint('got', b)\n",
    }[how]
    options = {
        "input": "{ onInput: (prompt) => { said.push(prompt); return ANSWER; } }",
        "call": "{ mainThreadModules: { box: () => ({ ask: (n) => { said.push(n); return ANSWER; } }) } }",
    }[how]
    first = options.replace("ANSWER", "said.length === 1 ? 'x' : new Promise(() => {})")
    lab.start(first)
    before = held(lab.page, source)
    assert before["printed"] == {"input": "one? got x\ntwo? ", "call": "got x\n"}[how]
    assert [task["waits"] for task in before["stack"]] == [{"input": "input", "call": "box.ask"}[how]]
    assert len(lab.evaluate("said")) == 2
    lab.page.reload()
    lab.page.wait_for_function("window.ready")
    lab.start(options.replace("ANSWER", "'y'"))
    result = lab.evaluate("(state) => w.restoreState(new Uint8Array(state))", before["state"])
    assert (result["ok"], result["out"]) == (True, "got y\n")
    assert lab.evaluate("said") == [{"input": "two? ", "call": 2}[how]]


def test_states_that_do_not_fit(lab: Lab) -> None:
    lab.start()
    before = held(lab.page, PROGRAMS["counting"])
    change = """async ([state, from, to]) => {
      const text = state.map((one) => String.fromCharCode(one)).join('');
      const bytes = Uint8Array.from(text.replace(from, to), (one) => one.charCodeAt(0));
      return (await w.restoreState(bytes)).error;
    }"""
    other = lab.evaluate(change, [before["state"], "n += 1", "n += 2"])
    assert other["type"] == "StateError"
    assert other["message"] == "this state is of another program: './main.py' is not the same; save a new one"
    damaged = lab.evaluate(change, [before["state"], "EDGESTATE", "EDGESTATe"])
    assert damaged["message"] == "these bytes are no saved state of Edge Python"
    lab.evaluate("w.onOutput(null)")
    assert lab.run("print('next')")["out"] == "next\n"


def test_a_state_goes_on_under_its_own_lock_only(lab: Lab) -> None:
    """The modules' texts are the same under both locks; what differs is the manifest that leads to one of them."""
    far = lab.other
    manifest = '{"imports": {"part": "./b.py"}}'
    far.put("/kit/index.py", "from part import b\n", headers=CORS)
    far.put("/kit/packages.json", manifest, headers=CORS)
    far.put("/kit/b.py", "b = 'far'\n", headers=CORS)
    lab.start()
    source = f"from '{far.url}/kit/index.py' import b\nprint(b, input('? '))\n"
    before = held(lab.page, source)
    restore = "(state) => { w.onOutput(null); return w.restoreState(new Uint8Array(state), {}); }"
    locked = lab.evaluate("w.lockfile()")

    far.put("/kit/packages.json", manifest + "\n", headers=CORS)
    assert [change["spec"] for change in lab.evaluate("w.updateLock()")["changes"]] == [f"{far.url}/kit/packages.json"]
    digests = [sha256(text.encode()).hexdigest() for text in (manifest, manifest + "\n")]
    why = (
        f"this state was saved under another lock: '{far.url}/kit/packages.json' was sha256-{digests[0]}, and is "
        f"sha256-{digests[1]} here; restore it with the lockfile that it was saved with, or save a new one"
    )
    refused = lab.evaluate(restore, before["state"])
    assert (refused["error"]["type"], refused["error"]["message"]) == ("StateError", why)
    assert refused["out"] == f"error: StateError: {why}", "nothing of it ran"
    assert lab.run("print('next')")["out"] == "next\n"

    # The lock that it was saved under.
    far.put("/kit/packages.json", manifest, headers=CORS)
    lab.evaluate("w.clearCache()")
    lab.evaluate("w.reset()")
    assert lab.evaluate("(text) => w.importLockfile(text)", locked) == []
    lab.evaluate("(state) => { window.running = w.restoreState(new Uint8Array(state)); }", before["state"])
    lab.page.wait_for_function("w.state === 'waiting'")
    lab.evaluate("w.provideInput('again')")
    assert lab.evaluate("running")["out"] == "far again\n"


def test_a_long_restore_says_so(lab: Lab) -> None:
    """The page is told where a program is still on its way after a second, and when it goes on."""
    lab.start("{ onProgress: ({ phase }) => { if (phase !== said.at(-1)) said.push(phase); } }")
    # By the clock, so that a fast machine takes as long: its answers are recorded, so the way again is as long as this one.
    slow = (
        "import time\nend = time.monotonic() + 3\nwhile time.monotonic() < end:\n"
        "    for n in range(100_000):\n        str(n)\nprint(input('? '))\n"
    )
    lab.evaluate("(source) => { window.running = w.run(source, { record: true }); }", slow)
    lab.page.wait_for_function("w.state === 'waiting'")
    state = lab.evaluate("w.saveState().then((bytes) => Array.from(bytes))")
    lab.evaluate("(w.stop(), running)")
    lab.evaluate("(state) => { said.length = 0; window.running = w.restoreState(new Uint8Array(state)); }", state)
    lab.page.wait_for_function("w.state === 'waiting'")
    phases = lab.evaluate("said")
    assert phases[-2:] == ["restore", "run"], phases
    lab.evaluate("w.provideInput('end')")
    assert lab.evaluate("running")["out"] == "end\n"


def test_damage_is_said_in_a_sentence(lab: Lab) -> None:
    lab.start()
    before = held(lab.page, PROGRAMS["counting"])
    spoil = """async ([state, at]) => {
      const bytes = new Uint8Array(state);
      bytes[at < 0 ? bytes.length + at : at] ^= 1;
      try {
        return (await w.restoreState(bytes)).error.message;
      } catch (error) {
        return error.message;
      }
    }"""
    head = bytes(before["state"]).index(b"EDGESTATE")
    no_state = "these bytes are no saved state of Edge Python"
    damaged = "this saved state is damaged: not all of its bytes are as they were saved"
    for at, why in [(head, no_state), (head + 20, damaged), (head + 60, damaged), (-1, damaged)]:
        assert lab.evaluate(spoil, [before["state"], at]) == why
    source = bytes(before["state"]).index(b'"source"')
    for at in (0, 9, source + 1):
        assert "these are not, or a part is missing" in lab.evaluate(spoil, [before["state"], at])
    lab.evaluate("w.onOutput(null)")
    assert lab.run("print('next')")["out"] == "next\n"
