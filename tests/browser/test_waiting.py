"""Waiting in Chromium, through real engines: many tasks, questions and their answers, stops, pauses, a browser without JSPI.

Takes: `dist/` as a page loads it. Holds: what `web/engine/{switch,waiting,limits}.js`, `web/page/{run,answers}.js` and
`hosts/{jspi,page,slices}.py` promise. What the words mean (`gather`, `cancel` …) is `tests/unit/machine`'s; what a page may
ask for, `test_control.py`'s; an engine that lies, `test_protocol.py`'s; what it costs, `bench/waiting.py`'s. Nothing is timed.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.lab import Lab

pytestmark = pytest.mark.usefixtures("dist")

# Handlers that a test holds in its hands: what they were called with, and how to answer.
PAGE = """{ page: ({ callSignal }) => ({
  same: (value) => value,
  later: (value) => new Promise((resolve) => setTimeout(() => resolve(value), 1)),
  held(value) {
    const signal = callSignal?.();
    return new Promise((resolve, reject) => { held.push({ value, resolve, reject, signal }); });
  },
  fails(kind) { const error = new Error(`no ${kind}`); error.name = kind; throw error; },
  never: () => new Promise(() => {}),
  begun() { begun?.(); },
}) }"""
TOOLS = """() => {
  Object.assign(window, { held: [], begun: null });
  window.until = async (holds) => { while (!await holds()) await new Promise((resolve) => setTimeout(resolve, 1)); };
}"""


@pytest.fixture(scope="module")
def room(shared_lab: Lab) -> Iterator[Lab]:
    """A page with a worker `p`, its host package `page`, and a log of the messages between them."""
    shared_lab.evaluate(TOOLS)
    shared_lab.evaluate(
        f"""async () => {{
          window.messages = [];
          const made = Worker;
          window.Worker = function (...given) {{
            const worker = new made(...given);
            const post = worker.postMessage;
            worker.postMessage = (message, ...rest) => {{ messages.push(message); return post.call(worker, message, ...rest); }};
            worker.addEventListener('message', ({{ data }}) => messages.push(data));
            return worker;
          }};
          window.engines = () => messages.filter(({{ type }}) => type === 'boot').length;
          window.p = await createWorker({{ isolation: 'worker', spare: false, mainThreadModules: {PAGE},
            onInput: async (prompt) => prompt === '' ? null : `line for ${{prompt}}` }});
        }}"""
    )
    yield shared_lab
    shared_lab.evaluate("p.dispose()")


@pytest.fixture
def page(room: Lab) -> Lab:
    """The same; nothing is held, no message was sent, and no engine was replaced so far."""
    room.evaluate("held.length = 0; messages.length = 0")
    return room


def out(lab: Lab, source: str) -> str:
    result = lab.run(source, name="p")
    return result["out"]  # type: ignore[no-any-return]


# -- tasks -------------------------------------------------------------------------------------------------------------

PROGRAMS = {
    "plain functions wait": (
        (
            "def pause(n):\n    sleep(n / 1000)\n    return n\n"
            "async def one(n):\n    print(pause(n))\n    return n\nprint(gather(one(30), one(1), one(15)))\n"
        ),
        "1\n15\n30\n[30, 1, 15]\n",
    ),
    "many waits inside C code": (
        (
            "def key(n):\n    sleep(0)\n    return -n\nasync def one(n):\n    return sorted(range(n), key=key)\n"
            "print(gather(one(2), one(3)))\n"
        ),
        "[[1, 0], [2, 1, 0]]\n",
    ),
    "input, once for each": ("print(input('a'), input('b'))\n", "abline for a line for b\n"),
    "the end of input": (
        "try:\n    input()\nexcept EOFError as error:\n    print(error)\n",
        "EOF when reading a line\n",
    ),
    "a frame": ("a = frame()\nb = frame()\nprint(type(a).__name__, 0 < a < b)\n", "float True\n"),
    "a timeout": (
        (
            "from page import never\nasync def f():\n    try:\n        never()\n    finally:\n        print('unwound')\n"
            "try:\n    with_timeout(0.01, f())\nexcept TimeoutError:\n    print('too long')\nsleep(0)\n"
        ),
        "unwound\ntoo long\n",
    ),
    "errors of the page, each in its own task": (
        (
            "from page import fails, same\n"
            "async def one(kind):\n    try:\n        return fails(kind)\n"
            "    except (KeyError, ValueError, RuntimeError) as error:\n"
            "        return type(error).__name__\nprint(gather(one('ValueError'), one('KeyError'), one('Odd')), same(1))\n"
        ),
        "['ValueError', 'KeyError', 'RuntimeError'] 1\n",
    ),
    "deep calls on each stack": (
        (
            "def down(n):\n    return down(n - 1) + 1 if n else sleep(0) or 0\n"
            "async def one(n):\n    return down(n)\nprint(gather(one(800), one(800), one(800)))\n"
        ),
        "[800, 800, 800]\n",
    ),
    "endless calls on a stack of its own": (
        (
            "def down():\n    return down()\nasync def one():\n    sleep(0)\n    try:\n        down()\n"
            "    except RecursionError:\n        sleep(0)\n        return 'too deep'\nprint(gather(one(), one()))\n"
        ),
        "['too deep', 'too deep']\n",
    ),
    "an exception that is being handled": (
        (
            "async def one(n):\n    try:\n        1 / 0\n    except ArithmeticError:\n        sleep(0)\n        raise\n"
            "async def two():\n    sleep(0)\n    try:\n        raise\n    except RuntimeError as error:\n        print(error)\n"
            "try:\n    gather(one(1), two())\nexcept ZeroDivisionError as error:\n    print(error)\n"
        ),
        "No active exception to reraise\ndivision by zero\n",
    ),
}


@pytest.mark.parametrize("what", PROGRAMS)
def test_a_program_that_waits(page: Lab, what: str) -> None:
    source, expected = PROGRAMS[what]
    assert out(page, source) == expected


def test_a_thousand_parked_tasks_and_the_garbage_collector(page: Lab) -> None:
    """Far more stacks than fit side by side; the collector runs while they are parked, and looks at none of them."""
    source = (
        "from page import later\ndef helper(n, depth):\n    return later(n) if depth == 0 else helper(n, depth - 1)\n"
        "async def one(n):\n    rings = []\n    for _ in range(50):\n        ring = [n]\n        ring.append(ring)\n"
        "        rings.append(ring)\n    return helper(n, 20) + rings[0][0]\n"
        "for _ in range(3):\n    print(sum(gather(*[one(n) for n in range(1_000)])))\n"
    )
    assert out(page, source) == "999000\n" * 3


# -- questions ---------------------------------------------------------------------------------------------------------


def test_answers_out_of_order_go_to_who_asked(page: Lab) -> None:
    found = page.evaluate("""async () => {
      const run = p.run('from page import held\\nasync def one(n):\\n    try:\\n        return held(n)\\n'
        + '    except ValueError as error:\\n        return str(error)\\nprint(gather(*[one(n) for n in range(5)]))');
      await until(() => held.length === 5);
      for (const at of [3, 0, 4]) held[at].resolve(held[at].value * 10);
      held[2].reject(Object.assign(new Error('no'), { name: 'ValueError' }));
      await until(() => messages.at(-1).idle);
      held[1].resolve('last');
      return (await run).out;
    }""")
    assert found == "[0, 'last', 'no', 30, 40]\n"


def test_questions_and_answers_travel_together(page: Lab) -> None:
    """Not one message each. How many exactly, `tests/web/waiting.test.js` holds: here a time slice may end a batch sooner."""
    assert out(page, "from page import same\nasync def one(n):\n    return await same(n)\n"
               "print(sum(gather(*[one(n) for n in range(1_000)])))\n") == "499500\n"  # fmt: skip
    sizes = page.evaluate("messages.flatMap(({ type, questions }) => type === 'asks' ? questions.length : [])")
    assert sum(sizes) == 1_000
    assert max(sizes) <= 256
    assert len(sizes) <= 100
    answers = page.evaluate("messages.flatMap(({ type, answers }) => type === 'returned' ? answers.length : [])")
    assert sum(answers) == 1_000
    assert len(answers) <= 100


def test_more_than_a_thousand_questions_are_refused_before_they_are_asked(page: Lab) -> None:
    source = (
        "from page import never\nasync def one(n):\n    try:\n        await never()\n"
        "    except RuntimeError as error:\n        print(error)\n"
        "async def every():\n    gather(*[one(n) for n in range(1_001)])\n"
        "try:\n    with_timeout(5, every())\nexcept TimeoutError:\n    print('late')\nsleep(0.001)\nprint('next')\n"
    )
    assert out(page, source) == "more than 1,000 calls of the page wait for their answers\nlate\nnext\n"
    asked = page.evaluate(
        "messages.flatMap(({ questions }) => questions ?? []).filter(({ name }) => name === 'never').length"
    )
    assert asked == 1_000


def test_a_cancelled_call_is_told_so(page: Lab) -> None:
    found = page.evaluate("""async () => {
      const run = p.run('from page import held, same\\nasync def one():\\n    held(1)\\n'
        + 'async def two():\\n    return await held(2)\\n'
        + 'async def three(a, b):\\n    same(0)\\n    cancel(a)\\n    cancel(b)\\na, b = one(), two()\\n'
        + 'try:\\n    gather(a, b, three(a, b))\\nexcept CancelledError:\\n    print("cancelled")\\n'
        + 'print(same("goes on"), held(3))');
      await until(() => held.length === 3);
      const signals = held.map(({ signal }) => signal.aborted);
      for (const { resolve } of held) resolve('now');
      return [(await run).out, signals];
    }""")
    assert found == ["cancelled\ngoes on now\n", [True, True, False]]


def test_an_event_that_nobody_waits_for_any_more_is_the_next_one_s(page: Lab) -> None:
    """It comes while the program computes, which then gives up waiting for it without having looked."""
    source = (
        "async def one():\n    return receive()\ntask = one()\n"
        "async def two():\n    sleep(0.001)\n    print('go')\n    n = 0\n    while n < 1_000_000:\n        n += 1\n"
        "    cancel(task)\ntry:\n    gather(task, two())\nexcept CancelledError:\n    print('cancelled')\n"
        "print(receive(), receive())\n"
    )
    found = page.evaluate(
        """async (source) => {
          let out = '';
          p.onOutput((text) => {
            out += text;
            if (text === 'go\\n') for (const event of ['first', 'second']) p.pushEvent(event);
          });
          await p.run(source);
          p.onOutput(null);
          return out;
        }""",
        source,
    )
    assert found == "go\ncancelled\nfirst second\n"


# -- stops -------------------------------------------------------------------------------------------------------------

STOPPED = {
    "a hundred calls": "async def one():\n    never()\nbegun()\ngather(*[one() for _ in range(100)])\n",
    "a hundred calls that are awaited": "async def one():\n    await never()\nbegun()\ngather(*[one() for _ in range(100)])\n",
    "a thousand tasks that sleep": "def nap():\n    sleep(1e6)\nasync def one():\n    nap()\nbegun()\n"
    "gather(*[one() for _ in range(1_000)])\n",
    "tasks that take turns": "def turn():\n    while True:\n        sleep(0)\nasync def one():\n    turn()\nbegun()\n"
    "gather(one(), one(), one())\n",
    "coroutines that take turns": "async def one():\n    while True:\n        await sleep(0)\nbegun()\ngather(one(), one())\n",
    "tasks that swallow everything": "async def one():\n    while True:\n        try:\n            sleep(1e6)\n"
    "        except BaseException:\n            pass\n        finally:\n            continue\nbegun()\ngather(one(), one())\n",
    "one computes, others wait": "async def one():\n    never()\nasync def two():\n    while True:\n        pass\nbegun()\n"
    "gather(one(), one(), two())\n",
}


@pytest.mark.parametrize("when", ["at once", "paused"])
@pytest.mark.parametrize("what", STOPPED)
def test_a_stop(page: Lab, what: str, when: str) -> None:
    """The same engine runs the next program, and no message of the stopped one comes after its end."""
    result = page.evaluate(
        """async ([source, paused]) => {
          const engines = window.engines();
          const told = new Promise((resolve) => { window.begun = resolve; });
          const run = p.run('from page import begun, never\\n' + source);
          await told;
          if (paused) await p.pause();
          p.stop();
          // The page gives the engine up after 50 ms, which are short on a machine that is busy: it looks again only after these.
          const busy = performance.now() + 250;
          while (performance.now() < busy);
          const { error } = await run;
          const after = messages.length;
          const next = await p.run('sleep(0.001)\\nprint("next")');
          const last = messages.at(-1).run;
          const strays = messages.slice(after).filter((message) => message.run === last - 1).map(({ type }) => type);
          return [error.type, next.out, window.engines() - engines, strays];
        }""",
        [STOPPED[what], when == "paused"],
    )
    assert result == ["Stopped", "next\n", 0, []]


def test_an_endless_native_module_is_stopped_and_the_engine_replaced(page: Lab) -> None:
    """(func (export "f") (loop (br 0))): nothing of the engine's runs meanwhile."""
    loop = bytes([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 0x66, 0, 0,
                  10, 9, 1, 7, 0, 3, 0x40, 0x0C, 0, 0x0B, 0x0B])  # fmt: skip
    page.site.put("/loop.wasm", loop, "application/wasm")
    result = page.evaluate("""async () => {
      const run = p.run('from "./loop.wasm" import f\\nfrom page import begun\\nbegun()\\nf()');
      await new Promise((resolve) => { window.begun = resolve; });
      p.stop();
      return [(await run).error.type, (await p.run('sleep(0)\\nprint("next")')).out];
    }""")
    assert result == ["Stopped", "next\n"]


# -- pauses ------------------------------------------------------------------------------------------------------------


def test_a_pause_in_a_busy_loop_holds_it(page: Lab) -> None:
    result = page.evaluate("""async () => {
      let n = 0;
      p.onOutput((text) => { n = Number(text); });
      const run = p.run('n = 0\\nwhile True:\\n    n += 1\\n    if n % 100_000 == 0:\\n        print(n)');
      await until(() => n > 0);
      await p.pause();
      await new Promise((resolve) => setTimeout(resolve, 20)); // what was on its way
      const before = n;
      await new Promise((resolve) => setTimeout(resolve, 200));
      const held = n === before;
      p.resume();
      await until(() => n > before);
      p.stop();
      p.onOutput(null);
      return [held, (await run).error.type];
    }""")
    assert result == [True, "Stopped"]


@pytest.mark.parametrize("what", ["held(1)", "sleep(0.05) or 'now'", "receive()", "gather(one(), two())"])
def test_a_program_that_waits_is_held_when_its_answer_comes(page: Lab, what: str) -> None:
    source = (
        "from page import held, begun\nasync def one():\n    return held(1)\n"
        "async def two():\n    sleep(0.01)\n    return 'two'\n"
        f"begun()\nprint({what})\n"
    )
    result = page.evaluate(
        """async (source) => {
          let out = '';
          p.onOutput((text) => { out += text; });
          const run = p.run(source);
          await new Promise((resolve) => { window.begun = resolve; });
          await until(() => messages.at(-1).idle && messages.at(-1).heard === 1);
          await p.pause();
          held[0]?.resolve('now');
          p.pushEvent('now');
          await new Promise((resolve) => setTimeout(resolve, 100));
          const early = out;
          p.resume();
          const { ok } = await run;
          p.onOutput(null);
          await p.reset();
          return [early, ok, out.includes('now')];
        }""",
        source,
    )
    assert result == ["", True, True]


def test_a_pause_that_is_taken_back_and_wished_again(page: Lab) -> None:
    result = page.evaluate("""async () => {
      const run = p.run('from page import begun\\nbegun()\\nn = 0\\nwhile n < 3_000_000:\\n    n += 1\\nprint(n)');
      await new Promise((resolve) => { window.begun = resolve; });
      for (let turn = 0; turn < 20; turn += 1) {
        if (turn % 3) await p.pause(); else p.pause().catch(() => {});
        p.resume();
      }
      return (await run).out;
    }""")
    assert result == "3000000\n"


# -- without JSPI ------------------------------------------------------------------------------------------------------


def test_a_browser_that_cannot_wait(lab: Lab) -> None:
    """The engine itself takes away what such a browser lacks."""
    engine = (lab.site.answer("/dist/engine.js") or pytest.fail("no dist/")).body.decode()
    put_old(lab, engine)
    lab.start("{ runtime: '/old/', isolation: 'worker' }")
    whole = (
        "async def one(n):\n    return n\nasync def two():\n    a = await one(1)\n    return a + sum(gather(one(2), one(3)))\n"
        "print(run(two()))\nsleep(0)\nprint([n async for n in [1, 2]])\n"
    )
    assert lab.run(whole)["out"] == "6\n[1, 2]\n"
    for waits in ("sleep(0.01)", "input()", "receive()", "await sleep(1)", "gather(later(), later())"):
        result = lab.run(
            f"async def later():\n    sleep(1)\ntry:\n    {waits}\nexcept RuntimeError as error:\n    print(error)\n"
        )
        assert result["out"] == (
            "this browser cannot wait inside a program: it lacks JavaScript Promise Integration (JSPI). "
            "Chrome 137, Firefox 153 and Safari 27 have it\n"
        ), waits


def put_old(lab: Lab, engine: str) -> None:
    """The runtime as it is, for a browser without JSPI."""
    site: Any = lab.site
    site.put("/old/frame.html", site.answer("/dist/frame.html").body, "text/html; charset=utf-8")
    site.put(
        "/old/engine.js", "delete WebAssembly.Suspending; delete WebAssembly.promising;" + engine, "text/javascript"
    )
    listed = json.loads(site.answer("/dist/runtime/manifest.json").body)["files"]
    for name in ("manifest.json", *listed):
        found = site.answer(f"/dist/runtime/{name}")
        kind = (
            "application/wasm"
            if name.endswith(".wasm")
            else "text/javascript"
            if name.endswith("mjs")
            else "application/json"
        )
        site.put(f"/old/runtime/{name}", found.body, kind)
