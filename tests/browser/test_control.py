"""Control of a running program from the page, over the real engine.

Takes: `dist/`, a worker as a page makes it, elements in a page. Holds: what docs/page-authors.md says of `state`, `pause`,
`resume`, `stop`, `pushEvent`, `provideInput`, kept runs and saved states, in every state in which a page may ask for them; that
bad use has a clear answer; that `callSignal()` of a host package hears of the end.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.support.elements import Ground, opened
from tests.support.lab import Lab
from tests.support.site import Site

# What a page would wait for.
TOOLS = """() => {
  window.until = async (holds) => { while (!await holds()) await new Promise(requestAnimationFrame); };
  window.ticks = async (count = 5) => { for (let i = 0; i < count; i += 1) await new Promise(requestAnimationFrame); };
  window.outcome = (promise) => promise.then((value) => value, (error) => `${error.name}: ${error.message}`);
}"""
# It tells the page how far it is, at a pace that floods nobody.
COUNTING = "from page import at\nn = 0\nwhile True:\n    n += 1\n    if n % 20000 == 0:\n        at(n)\n"
PAGE = """{
  isolation: 'worker',
  mainThreadModules: { page: { at: (n) => { window.n = n; } } },
  onProgress: ({ phase }) => { if (phase === 'boot') window.boots = (window.boots ?? 0) + 1; },
}"""
PARKED = {
    "a busy loop": "while True:\n    pass",
    "a loop that catches everything": "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "input": "input('? ')",
    "an event": "receive()",
    "a long sleep": "sleep(1e9)",
}


@pytest.fixture(scope="module")
def room(shared_lab: Lab) -> Iterator[Lab]:
    """A page with a worker `c` that tells how far a program is."""
    shared_lab.evaluate(TOOLS)
    shared_lab.evaluate(f"async () => {{ window.c = await createWorker({PAGE}); }}")
    yield shared_lab
    shared_lab.evaluate("c.dispose()")


@pytest.fixture(scope="module")
def ground(browser: Browser, browser_context_args: dict[str, Any], dist: Path) -> Iterator[Ground]:
    with Site({"/dist/": dist}) as site, opened(browser, browser_context_args, site) as found:
        yield found


# -- state -----------------------------------------------------------------------------------------------------------


def test_states_of_a_worker(room: Lab) -> None:
    states = room.evaluate("""async () => {
      const worker = await createWorker({ isolation: 'worker' });
      const states = [worker.state];
      const first = worker.run('print(receive())');
      states.push(worker.state);
      await until(() => worker.state === 'waiting');
      worker.pushEvent('x');
      states.push((await first).out, worker.state);
      states.push((await worker.run('1 / 0')).error.type, worker.state);
      states.push((await worker.check('x = (')).length, worker.state);
      states.push((await worker.run('x = (')).exitCode, worker.state);
      const busy = worker.run('while True: pass');
      await until(() => worker.state === 'running');
      worker.stop();
      states.push((await busy).error.type, worker.state);
      await worker.reset();
      states.push(worker.state);
      worker.dispose();
      states.push(worker.state);
      return states;
    }""")
    ran = ["ready", "loading", "x\n", "done", "ZeroDivisionError", "failed", 1, "failed", 2, "failed"]
    assert states == [*ran, "Stopped", "failed", "ready", "idle"]


# -- misuse ----------------------------------------------------------------------------------------------------------


def test_wishes_without_a_program_do_nothing(room: Lab) -> None:
    assert room.evaluate("async () => [await c.pause(), c.resume(), c.stop() ?? null]") == [False, False, None]
    assert room.run("print('next')", name="c")["out"] == "next\n"
    assert room.evaluate("async () => [await c.pause(), c.resume()]") == [False, False]


def test_misuse_has_a_clear_answer(room: Lab) -> None:
    none = "Error: there is no program: run one, and hold it with await pause()"
    for call in ("c.saveState()", "c.stateStack()", "c.stateGlobals()"):
        assert room.rejection(call) == none
    line = "TypeError: provideInput() takes a line (a string), or null for the end of the input, not a "
    assert room.rejection("c.provideInput(5)") == line + "number"
    assert room.rejection("c.provideInput()") == line + "undefined"
    assert room.rejection("c.restoreState()") == (
        "TypeError: restoreState() takes the Uint8Array of saveState(), not undefined"
    )
    assert room.rejection("c.restoreState(new Uint8Array(30))") == (
        "TypeError: restoreState() takes the bytes that saveState() gave; these are not, or a part is missing"
    )
    running = room.evaluate("""async () => {
      const run = c.run('while True: pass');
      const early = await outcome(c.saveState());
      await until(() => c.state === 'running');
      const found = [early, await outcome(c.saveState())];
      c.stop();
      await run;
      return found;
    }""")
    assert running == [
        "Error: the program has not begun yet: first hold it, with await pause()",
        "Error: the program is running: first hold it, with await pause()",
    ]
    refused = room.evaluate("""async () => {
      const found = [];
      for (const how of [{ keep: true }, { record: false }]) {
        const run = c.run('receive()', how);
        await until(() => c.state === 'waiting');
        found.push(await outcome(c.saveState()));
        c.stop();
        await run;
      }
      return found;
    }""")
    assert refused == [
        "Error: a kept run cannot be saved: its names come from earlier runs; run it without keep",
        "Error: this run is not recorded, so its state cannot be saved: run it without record: false",
    ]


# -- input and events ------------------------------------------------------------------------------------------------


def test_input_goes_to_whoever_waits_longest(room: Lab) -> None:
    source = "async def ask(name):\n    return name, input(name)\nprint(gather(ask('a'), ask('b'), ask('c')))"
    out = room.evaluate(
        """async (source) => {
          c.provideInput('first');
          const run = c.run(source);
          await until(() => c.state === 'waiting');
          c.provideInput('second');
          c.provideInput('third');
          return (await run).out;
        }""",
        source,
    )
    assert out.endswith("[('a', 'first'), ('b', 'second'), ('c', 'third')]\n")


def test_input_that_ran_out_of_time_is_no_longer_asked(room: Lab) -> None:
    found = room.evaluate("""async () => {
      const asked = [];
      const worker = await createWorker({ isolation: 'worker', onInput: (prompt, { signal }) => new Promise((resolve) => {
        asked.push(prompt);
        signal.addEventListener('abort', () => asked.push('no longer'));
        if (prompt === 'again? ') resolve('yes');
      }) });
      const source = "async def ask():\\n    return input('now? ')\\n"
        + "try:\\n    with_timeout(0.05, ask())\\nexcept TimeoutError:\\n    print(input('again? '))";
      const { out } = await worker.run(source);
      worker.dispose();
      return [asked, out];
    }""")
    assert found == [["now? ", "no longer", "again? ", "no longer"], "now? again? yes\n"]


# -- pause, resume, stop ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", PARKED)
def test_a_stop_while_it_is_held(room: Lab, what: str) -> None:
    found = room.evaluate(
        """async (source) => {
          const run = c.run(source);
          await until(() => c.state === 'running' || c.state === 'waiting');
          const held = [await c.pause(), c.state];
          c.stop();
          return [...held, (await run).error.type, c.state];
        }""",
        PARKED[what],
    )
    assert found == [True, "paused", "Stopped", "failed"]
    assert room.run("print('next')", name="c")["out"] == "next\n"


def test_a_stop_that_is_heard_keeps_the_engine(room: Lab) -> None:
    """Though the page is so busy that it hears of the end when the time for it is long over."""
    room.run("print('first')", name="c")  # an engine that an earlier test lost is replaced by now
    found = room.evaluate(
        """async (sources) => {
          const before = window.boots;
          const ends = [];
          for (const source of sources) {
            const run = c.run(source);
            await until(() => c.state === 'running' || c.state === 'waiting');
            c.stop();
            const busy = performance.now() + 1000;
            while (performance.now() < busy);
            ends.push((await run).error.type);
          }
          return [ends, window.boots - before];
        }""",
        [PARKED["a busy loop"], PARKED["input"]],
    )
    assert found == [["Stopped", "Stopped"], 0]


def test_a_held_loop_stands_still_and_goes_on(room: Lab) -> None:
    found = room.evaluate(
        """async (source) => {
          window.n = 0;
          const run = c.run(source);
          await until(() => n > 0);
          const held = await c.pause();
          await ticks();
          const before = n;
          await ticks(10);
          const stood = n === before;
          const resumed = [c.resume(), c.resume()];
          await until(() => n > before);
          c.stop();
          await run;
          return [held, stood, resumed];
        }""",
        COUNTING,
    )
    assert found == [True, True, [True, False]]


def test_a_held_program_does_not_take_its_answer(room: Lab) -> None:
    found = room.evaluate("""async () => {
      const said = [];
      c.onOutput((text) => said.push(text));
      const run = c.run('print("got", receive())');
      await until(() => c.state === 'waiting');
      const held = await c.pause();
      c.pushEvent('it');
      await ticks(10);
      const before = [...said, c.state];
      c.resume();
      await run;
      c.onOutput(null);
      return [held, before, said];
    }""")
    assert found == [True, ["paused"], ["got it\n"]]


def test_a_pause_before_it_begins(room: Lab) -> None:
    found = room.evaluate("""async () => {
      const said = [];
      c.onOutput((text) => said.push(text));
      const run = c.run('for i in range(10 ** 6): pass\\nprint("begun")\\nreceive()');
      const held = [await c.pause(), c.state, said.length];
      c.resume();
      await until(() => said.length > 0);
      c.stop();
      c.onOutput(null);
      return [held, (await run).error.type];
    }""")
    assert found == [[True, "paused", 0], "Stopped"]


def test_a_pause_of_a_program_that_ends(room: Lab) -> None:
    """Whichever comes first, nothing hangs, and the next one runs."""
    found = room.evaluate("""async () => {
      const run = c.run('x = 1');
      if (await c.pause()) c.resume();
      const { ok } = await run;
      return [ok, c.state, await c.pause()];
    }""")
    assert found == [True, "done", False]


def test_held_time_is_not_the_programs(room: Lab) -> None:
    found = room.evaluate("""async () => {
      const worker = await createWorker({ isolation: 'worker', limits: { timeout: 1 } });
      const run = worker.run('for i in range(10 ** 5): pass\\nreceive()\\nprint("well")');
      await worker.pause();
      await new Promise((resolve) => setTimeout(resolve, 2000));
      worker.resume();
      worker.pushEvent('');
      const { out } = await run;
      worker.dispose();
      return out;
    }""")
    assert found == "well\n"


# -- kept runs -------------------------------------------------------------------------------------------------------


def test_kept_runs_share_their_names(room: Lab) -> None:
    outs = room.evaluate("""async () => {
      const outs = [];
      const kept = async (source) => outs.push((await c.run(source, { keep: true })).out);
      await c.reset();
      await kept('x = 41');
      await kept('x + 1');
      await kept('"text"');
      await kept('None');
      await kept('def f():\\n    return x\\n');
      await kept('1 / 0');
      await kept('x = 5\\nf()');
      outs.push((await c.run('print("x" in globals())')).out);
      await kept('x');
      await c.reset();
      await kept('x');
      return outs;
    }""")
    assert outs[:5] == ["", "42\n", "'text'\n", "", ""]
    assert outs[5].startswith("error: ZeroDivisionError")
    assert outs[6:9] == ["5\n", "False\n", "5\n"]
    assert "x" in outs[9]
    assert outs[9].startswith("error: ")


def test_kept_names_that_went_with_their_engine(room: Lab) -> None:
    outs = room.evaluate("""async () => {
      await c.run('x = 1', { keep: true });
      const run = c.run('sum(iter(int, 1))', { keep: true });
      await until(() => c.state === 'running');
      c.stop(); // one long operation, which hears nothing
      await run;
      const outs = [(await c.run('print(1)')).out, (await c.run('print(2)', { keep: true })).out];
      return [...outs, (await c.run('print(3)', { keep: true })).out];
    }""")
    note = "note: Python was started anew, so what earlier inputs defined is gone\n"
    assert outs == ["1\n", f"{note}2\n", "3\n"]


def test_a_group_has_one_set_of_names(ground: Ground) -> None:
    ground.put(
        '<edge-python id="a" group="g">names = ["a"]\n\ndef greet(name):\n    print("Hello,", name)</edge-python>'
        '<edge-python id="b" group="g">names.append("b")\n1 / 0</edge-python>'
        '<edge-python id="c" group="g">greet(names)\nlen(names)</edge-python>'
    )
    ground.wait("done", "#c")
    assert ground.state("#b") == "failed", "an error ends that run only"
    assert ground.shown("#c") == "Hello, ['a', 'b']\n2\n"
    ground.call("element.reset()", None, "#a")
    assert ground.run("names", selector="#c")["error"] is not None


# -- saved states ----------------------------------------------------------------------------------------------------


def test_an_element_goes_on_where_it_was_saved(ground: Ground) -> None:
    source = 'print("begun")\ntotal = int(input("? "))\nprint(total + int(input("more? ")))'
    ground.put(f'<edge-python id="e" isolation="worker">{source}</edge-python>', wait="waiting")
    ground.call("element.worker.provideInput('3')")
    ground.shows("begun\n? more? ")
    ground.wait("waiting")
    found = ground.call(
        "(async () => { window.saved = await element.saveState(); return await element.stateGlobals(); })()"
    )
    assert "total" in str(found)
    ground.call("element.stop()")
    ground.call("void (window.restored = element.restoreState(saved))")
    ground.wait("waiting")
    assert ground.part("question").is_visible(), "what was open is asked again"
    ground.part("question input").fill("4")
    ground.part("question input").press("Enter")
    assert ground.call("restored.then(({ ok }) => ok)") is True
    assert ground.shown().endswith("7\n")
    ground.call("void (element.source = 'print(1)')")
    ground.shows("1\n")
    refused = ground.call("element.restoreState(saved).catch((error) => error.message)")
    assert refused == "this state is of another program"


# -- the element -----------------------------------------------------------------------------------------------------


def test_pause_and_resume_by_keyboard(ground: Ground) -> None:
    ground.put(
        '<edge-python id="e" controls autorun="true" isolation="worker">print("on")\nwhile True:\n    pass</edge-python>'
    )
    ground.wait("running")
    button = ground.part("toolbar .pause")
    assert (button.inner_text(), button.get_attribute("aria-disabled")) == ("Pause", "false")
    button.press("Enter")
    ground.wait("paused")
    assert button.inner_text() == "Resume"
    assert ground.part("status .phase").inner_text() == "Paused"
    assert ground.axe() == []
    button.press("Space")
    ground.wait("running")
    assert button.inner_text() == "Pause"
    button.press("Enter")
    ground.wait("paused")
    ground.part("toolbar .stop").click()
    ground.wait("failed")
    assert button.get_attribute("aria-disabled") == "true"


def test_an_element_may_be_held_before_it_begins(ground: Ground) -> None:
    source = 'for i in range(10 ** 6):\n    pass\nprint("begun")\nreceive()'
    ground.put(f'<edge-python id="e" autorun="false" isolation="worker">{source}</edge-python>')
    held = ground.call(
        """(async () => {
          window.run = element.run();
          return [await element.pause(), element.state];
        })()"""
    )
    assert held == [True, "paused"]
    assert ground.shown() == ""
    assert ground.call("element.resume()") is True
    ground.wait("waiting")
    assert ground.shown() == "begun\n"
    ground.call("element.stop()")
    ground.wait("failed")
    taken_back = ground.call(
        """(async () => {
          const run = element.run();
          const held = element.pause();
          const resumed = element.resume();
          element.stop();
          return [resumed, await held, (await run).error.type];
        })()"""
    )
    assert taken_back == [True, False, "Stopped"]


# -- host packages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["cancel", "with_timeout", "stop", "an exit"])
def test_the_signal_of_a_call(room: Lab, end: str) -> None:
    programs = {
        "cancel": "c = call()\nasync def main():\n    gather(c, other())\nasync def other():\n    sleep(0.05)\n    cancel(c)\n"
        "try:\n    run(main())\nexcept CancelledError:\n    print('cancelled')",
        "with_timeout": "try:\n    with_timeout(0.05, call())\nexcept TimeoutError:\n    print('late')",
        "stop": "run(call())",
        "an exit": "async def quick():\n    sleep(0.05)\n    raise SystemExit('out')\nrun(call(), quick())",
    }
    source = f"from slow import wait, quick_one\nasync def call():\n    return wait()\nquick_one()\n{programs[end]}"
    found = room.evaluate(
        """async ([source, end]) => {
          const heard = [];
          let begun;
          const began = new Promise((resolve) => (begun = resolve));
          const slow = ({ callSignal }) => ({
            quick_one: () => { callSignal().addEventListener('abort', () => heard.push('of another call')); },
            wait: () => new Promise(() => {
              const signal = callSignal();
              signal.addEventListener('abort', () => heard.push('aborted'));
              begun();
            }),
          });
          const worker = await createWorker({ isolation: 'worker', mainThreadModules: { slow } });
          const run = worker.run(source);
          await began;
          if (end === 'stop') worker.stop();
          await run;
          await ticks();
          worker.dispose();
          return heard.filter((each) => each === 'aborted');
        }""",
        [source, end],
    )
    assert found == ["aborted"]
