"""An engine that is not ours, or no longer: the page survives it and gives it nothing.

Takes: engines made for the purpose, served as the runtime of a real page. Holds: `web/protocol.js`, its bounds, and what
the page grants to whom. The page trusts no engine, because a hostile script may have taken it over.
"""

import pytest

from tests.support.lab import Lab
from tests.support.site import CORS

pytestmark = pytest.mark.usefixtures("dist")

# An engine that starts as it should, and then does what the test says with the message at hand.
ENGINE = """
const ending = { ok: true, error: null, exitCode: 0, phases: { link: 0, compile: 0, run: 0 } };
const linked = { type: 'linked', root: '/', keys: [], hosts: [], diagnostics: [] };
let heard = 0;
onmessage = ({ data }) => {
  const { run } = data;
  const say = (message) => postMessage({ run, ...message });
  const done = () => say({ type: 'done', ending });
  const call = (number, module, name, args = [7, 0]) => ({ call: number, what: 'call', module, name, args });
  const wait = (number, what = 'receive') => ({ call: number, what, text: '' });
  const asks = (questions, more = {}) => say({ type: 'asks', heard, used: 0, idle: true, questions, forgotten: [], ...more });
  if (data.type === 'run') heard = 0;
  if (data.type === 'returned') heard += data.answers.length;
  if (data.type === 'boot') return BOOT;
  DO
};
"""
BOOTED = "postMessage({ type: 'booted', ms: 1, waits: true })"
GOOD = "if (data.type === 'run') say(linked); else if (data.type === 'committed') done();"


def put_engine(lab: Lab, does: str, boot: str = BOOTED) -> None:
    lab.put_runtime("/runtimes/mine/", ENGINE.replace("BOOT", boot).replace("DO", does))


MINE = "{ runtime: '/runtimes/mine/' }"

# By the type that is at fault, or "" where it is no type of ours: the message.
UNKNOWN = {
    "{ type: 'eval', code: '1' }": '"eval"',
    "{ type: '__proto__' }": '"__proto__"',
    "{ type: 'x'.repeat(1_000_000) }": f'"{"x" * 80}"',
    "{ type: 'blob', x: new Blob() }": '"blob"',
    "{ type: 10n }": "(bigint)",
    "{}": "(undefined)",
    "'done'": "(undefined)",
    "null": "(undefined)",
}
ASKS = "heard: 0, used: 0, idle: true, forgotten: []"
ODD_QUESTIONS = [
    "null",
    "{ call: 1.5, what: 'receive', text: '' }",
    "{ call: 1, what: 'prompt', text: '' }",
    "{ call: 1, what: 'input', text: 1 }",
    "{ call: 1, what: 'call', module: 'm', name: 'n' }",
    "{ call: 1, what: 'call', module: 'm', name: 7, args: [] }",
    "{ call: 1, what: 'call', module: 'm', name: 'n', args: 'x' }",
    "{ call: 1, what: 'call', module: 'm', name: 'n', args: new Array(1_000_001).fill(0) }",
    "{ call: 1, what: 'call', module: 'm', name: 'n', args: [5, new Map()] }",
]
# What is wrong, as `type.field`: the message.
MALFORMED = {
    "output.text": ["{ stream: 'stdout' }", "{ stream: 'stdout', text: 'x'.repeat(2 ** 24 + 1) }"],
    "output.stream": ["{ stream: 'stdin', text: '' }"],
    "output.run": ["{ run: '1', stream: 'stdout', text: '' }"],
    "needs.needs": [
        "{ batch: 1, root: '/', needs: [{}] }",
        "{ batch: 1, root: '/', needs: new Array(100_001).fill(need) }",
        "{ batch: 1, root: '/', needs: [{ ...need, kind: 'script' }] }",
        "{ batch: 1, root: '/', needs: [{ ...need, location: '/'.repeat(20_000) }] }",
        "{ batch: 1, root: '/', needs: [{ ...need, integrity: 'abc' }] }",
    ],
    "needs.batch": ["{ batch: -1, root: '/', needs: [] }"],
    "linked.root": ["{ root: null, keys: [], hosts: [], diagnostics: [] }"],
    "linked.hosts": ["{ root: '/', keys: [], hosts: [3], diagnostics: [] }"],
    "linked.compiled": ["{ root: '/', keys: [], hosts: [], diagnostics: [], compiled: -1 }"],
    "linked.code": [
        "{ root: '/', keys: [], hosts: [], diagnostics: [], code: 'x' }",
        "{ root: '/', keys: [], hosts: [], diagnostics: [], code: new Uint8Array(2 ** 24 + 1) }",
    ],
    "linked.diagnostics": ["{ root: '/', keys: [], hosts: [], diagnostics: ['x'] }"],
    "asks.questions": [
        *(f"{{ {ASKS}, questions: [{question}] }}" for question in ODD_QUESTIONS),
        f"{{ {ASKS}, questions: new Array(1_001).fill({{ call: 1, what: 'receive', text: '' }}) }}",
        f"{{ {ASKS}, questions: new Array(5) }}",
        f"{{ {ASKS}, questions: {{ length: 0 }} }}",
    ],
    "asks.forgotten": [
        f"{{ {ASKS}, questions: [], forgotten: new Array(1_001).fill(1) }}",
        f"{{ {ASKS}, questions: [], forgotten: ['1'] }}",
        f"{{ {ASKS}, questions: [], forgotten: null }}",
    ],
    "asks.used": [f"{{ {ASKS}, questions: [], used: NaN }}"],
    "asks.heard": [f"{{ {ASKS}, questions: [], heard: -1 }}"],
    "asks.idle": [f"{{ {ASKS}, questions: [], idle: 1 }}"],
    "awake.used": ["{}", "{ used: -1 }"],
    "paused.used": ["{ pause: 1 }"],
    "paused.pause": ["{ used: 0, pause: 0.5 }"],
    "done.ending": [
        "{ ending: { ok: 1 } }",
        "{ ending: { ...ending, error: { type: 'E', message: 'm', rendered: 3 } } }",
    ],
    "answer.text": ["{ ask: 1, ok: true }"],
}


def test_garbage_ends_the_engine_and_nothing_else(lab: Lab) -> None:
    cases = {
        message: f"ProtocolError: the engine sent a message of unknown type {shown}"
        for message, shown in UNKNOWN.items()
    }
    for what, fields in MALFORMED.items():
        kind, field = what.split(".")
        for each in fields:
            cases[f"{{ type: '{kind}', run, ...{each} }}"] = (
                f"ProtocolError: the engine sent a '{kind}' message with a bad '{field}'"
            )
    cases["{ type: 'failed', message: 'it broke' }"] = "Error: the Python engine failed: it broke"
    need = "const need = { key: 'k', kind: 'module', spec: 's', location: '/s', remote: false, integrity: null };"
    # One worker for all: each message ends its engine, and the next run has another.
    list_of = ", ".join(f"(run) => ({message})" for message in cases)
    put_engine(
        lab,
        f"{need} const all = [{list_of}]; if (run % 2 && data.type === 'run') postMessage(all[(run - 1) / 2](run)); else {GOOD}",
    )
    lab.start(MINE)
    for message, error in cases.items():
        assert lab.rejection("w.run('print(1)')") == error, message
        assert lab.run("print(2)")["ok"], message
    assert lab.requests == []
    assert lab.errors == []


def test_messages_out_of_turn_are_nobody_s(lab: Lab) -> None:
    """Well formed, but for a run that is over: dropped."""
    stray = """
      for (const other of [0, run - 1]) {
        postMessage({ type: 'output', run: other, stream: 'stdout', text: 'stray' });
        postMessage({ type: 'needs', run: other, batch: 1, root: '/', needs: [
          { key: 'k', kind: 'module', spec: './s.py', location: '/s.py', remote: false, integrity: null }] });
        asks([call(1, 'page', 'called')], { run: other });
        postMessage({ type: 'awake', run: other, used: 0 });
        postMessage({ type: 'paused', run: other, used: 0, pause: 1 });
        postMessage({ type: 'done', run: other, ending });
      }
      postMessage({ type: 'answer', ask: 77, ok: true, text: '' });
      postMessage({ type: 'booted', ms: 1, waits: false });
    """
    put_engine(lab, f"if (data.type !== 'returned') {{ {stray} }} {GOOD}")
    lab.start("{ runtime: '/runtimes/mine/', mainThreadModules: { page: { called: () => { said.push('called'); } } } }")
    result = lab.run("print(1)")
    assert (result["ok"], result["out"]) == (True, "")
    assert lab.run("print(1)")["ok"]
    assert (lab.requests, lab.evaluate("said")) == ([], [])


EARLY = {
    "output": "stream: 'stdout', text: 'stray'",
    "needs": "batch: 1, root: '/', needs: []",
    "linked": "root: '/', keys: [], hosts: [], diagnostics: []",
    "asks": f"{ASKS}, questions: []",
    "awake": "used: 0",
    "paused": "used: 0, pause: 1",
    "done": "ending",
}


def test_a_message_of_a_run_that_never_was_is_the_end_of_its_engine(lab: Lab) -> None:
    cases = ", ".join(f"(run) => ({{ type: '{kind}', run, {rest} }})" for kind, rest in EARLY.items())
    early = (
        f"const early = [{cases}]; if (run % 2 && data.type === 'run') postMessage(early[(run - 1) / 2](run + 1)); else"
    )
    put_engine(lab, f"{early} {GOOD}")
    lab.start(MINE)
    for kind in EARLY:
        message = f"ProtocolError: the engine sent a '{kind}' message of a run that never was"
        assert lab.rejection("w.run('print(1)')") == message
        assert lab.run("print(2)")["ok"]


def test_an_engine_gets_no_host_package_that_nobody_granted(lab: Lab) -> None:
    site, far = lab.site, lab.other
    evil = far.put("/evil.js", "export default { f: () => 1 };", "text/javascript", headers=CORS)
    site.put("/evil.js", "export default { f: () => 1 };", "text/javascript")
    site.put("/good.js", "export const good = { f: () => 'good', g: () => 2 };", "text/javascript")
    needs = """
      const host = (spec, location) => ({ key: spec, kind: 'host', spec, location, remote: false, integrity: null });
      if (data.type === 'run') say({ type: 'needs', batch: 1, root: '/', needs: [
        host('evil', 'EVIL'), host('own', '/evil.js'), host('good', 'EVIL'), host('dom', ''), host('__proto__', ''),
        host('constructor', '/evil.js'),
      ] });
      else if (data.type === 'supplied') {
        say({ type: 'output', stream: 'stdout', text: JSON.stringify(data.outcomes) });
        say({ ...linked, hosts: ['evil', 'own', 'dom', 'constructor', 'good'] });
      } else if (data.type === 'committed') {
        const modules = ['evil', 'own', 'dom', 'constructor', 'other', 'good'];
        const calls = modules.map((module, at) => call(at + 1, module, 'f'));
        asks([...calls, call(7, 'good', 'constructor'), call(8, 'good', 'g', [7, 99])]);
      } else if (data.type === 'returned') {
        for (const { call, value, error } of data.answers) {
          say({ type: 'output', stream: 'stdout', text: '\\n' + JSON.stringify([call, value ?? error.message]) });
        }
        if (heard === 8) done();
      }
    """
    put_engine(lab, needs.replace("EVIL", evil))
    lab.start(
        "{ runtime: '/runtimes/mine/', hostModules: { good: './good.js' }, mainThreadModules: { other: { f: () => 'other' } } }"
    )
    first, *calls = lab.run("print(1)")["out"].split("\n")
    refused = '"kind":"failed","reason":"the page does not grant it","hint":null'
    answers = [f'{{"key":"{name}",{refused}}}' for name in ("evil", "own", "dom", "__proto__", "constructor")]
    answers.insert(2, '{"key":"good","kind":"host","names":["f","g"]}')
    assert first == f"[{','.join(answers)}]"
    assert sorted(calls) == [
        """[1,"the program does not import 'evil'"]""",
        """[2,"the program does not import 'own'"]""",
        """[3,"the program does not import 'dom'"]""",
        """[4,"the program does not import 'constructor'"]""",
        """[5,"the program does not import 'other'"]""",
        """[6,[5,"good"]]""",
        """[7,"host package 'good' has no function 'constructor'"]""",
        """[8,"the engine sent a malformed value: a container at 0 that is larger than what comes before it"]""",
    ]
    assert lab.requests == [f"{site.url}/good.js"]


def test_an_engine_gets_no_package_of_an_earlier_program(lab: Lab) -> None:
    """One program's manifest granted it; the next program has no such manifest, whatever its engine says."""
    site = lab.site
    site.put("/app/packages.json", '{"host": {"box": "./box.js"}}')
    site.put("/app/box.js", "export const box = { f: () => { said.push('called'); } };", "text/javascript")
    site.put("/app/main.py", "")
    does = """
      const root = run === 1 ? '/app/' : '/';
      const local = (kind, location) => ({ key: location, kind, spec: location, location, remote: false, integrity: null });
      if (data.type === 'run') say({ type: 'needs', batch: 1, root, needs: [local('manifest', '/app/packages.json')] });
      else if (data.type === 'supplied' && data.batch === 1) say({ type: 'needs', batch: 2, root, needs:
        ['box', 'evil'].map((spec) => ({ ...local('host', '/app/evil.js'), key: spec, spec })) });
      else if (data.type === 'supplied') {
        say({ type: 'output', stream: 'stdout', text: data.outcomes.map(({ kind, reason }) => reason ?? kind).join() });
        say({ ...linked, root, hosts: ['box', 'evil'] });
      }
      else if (data.type === 'committed') asks([call(1, 'box', 'f')]);
      else if (data.type === 'returned') done();
    """
    put_engine(lab, does)
    lab.start(MINE)
    refused = "the page does not grant it"
    assert lab.entry("/app/main.py")["out"] == f"host,{refused}"
    assert lab.evaluate("said") == ["called"]
    assert lab.run("print(1)")["out"] == f"{refused},{refused}"
    assert lab.evaluate("said") == ["called"], "and not again"
    assert not [url for url in lab.requests if "evil" in url]


def test_an_engine_reaches_no_other_origin_by_a_local_address(lab: Lab) -> None:
    far = lab.other.url.removeprefix("http:")
    does = f"""
      const local = (location, i) => ({{ key: `k${{i}}`, kind: 'module', spec: 's', location, remote: false, integrity: null }});
      const places = ['{far}/x.py', '@x.test/x.py', '', 'x.py', '/\\\\x.test/x.py', '{lab.other.url}/x.py', '/ok.py'];
      if (data.type === 'run') say({{ type: 'needs', batch: 1, root: '/', needs: places.map(local) }});
      else if (data.type === 'supplied') {{
        say({{ type: 'output', stream: 'stdout', text: data.outcomes.map(({{ reason, kind }}) => reason ?? kind).join() }});
        say(linked);
      }} else if (data.type === 'committed') done();
    """
    lab.site.put("/ok.py", "")
    put_engine(lab, does)
    lab.start(MINE)
    # A path that only looks like another host's is one of the page's own site.
    refused = "this is not a local address"
    assert lab.run("")["out"].split(",") == ["absent", refused, refused, refused, "absent", refused, "bytes"]
    assert len(lab.requests) == 3
    assert all(url.startswith(f"{lab.site.url}/") for url in lab.requests)
    assert lab.other.paths() == []


def test_engines_that_do_not_start(lab: Lab) -> None:
    cases = {
        "postMessage({ type: 'failed', message: 'no Python here' })": "the Python engine failed: no Python here",
        "postMessage({ type: 'ready' })": 'the engine sent a message of unknown type "ready"',
        "postMessage({ type: 'booted', ms: -1, waits: true })": "the engine sent a 'booted' message with a bad 'ms'",
        "(() => { throw new Error('at once'); })()": "the Python engine failed: Uncaught Error: at once",
    }
    for boot, message in cases.items():
        put_engine(lab, "", boot)
        lab.page.goto(lab.home)
        lab.page.wait_for_function("window.ready")
        assert lab.rejection(f"createWorker({MINE})").removeprefix("ProtocolError: ").removeprefix("Error: ") == message
    lab.put_runtime("/runtimes/mine/", "this is not a script")
    lab.page.goto(lab.home)
    lab.page.wait_for_function("window.ready")
    found = lab.rejection(f"createWorker({MINE})")
    assert found.startswith("Error: the Python engine failed: Uncaught SyntaxError: ")
    # A page with such a runtime still starts a good one.
    put_engine(lab, GOOD)
    lab.page.goto(lab.home)
    lab.page.wait_for_function("window.ready")
    lab.start(MINE)
    assert lab.run("")["ok"]


def test_page_and_engine_of_different_builds_refuse_each_other(lab: Lab) -> None:
    """The real engine, told another number."""
    engine = (lab.site.answer("/dist/engine.js") or pytest.fail("no dist/")).body.decode()
    other = "onmessage = new Proxy(onmessage, { apply: (call, self, [{ data }]) => call({ data: { ...data, protocol: 999 } }) });"
    lab.put_runtime("/runtimes/mine/", engine + other)
    ours = lab.page.evaluate("import('/web/protocol.js').then(({ PROTOCOL }) => PROTOCOL)")
    assert lab.rejection(f"createWorker({MINE})") == (
        f"Error: the Python engine failed: the page speaks protocol 999, this engine {ours}"
    )


STALE = "{ type: 'asks', run: 0, heard: 0, used: 0, idle: false, forgotten: [] }"
# What an engine may do to drown its page; what the page says, and it is the end of that engine.
FLOODS = {
    "messages of no run": (
        "for (let i = 0; i < 300_000; i += 1) postMessage({ type: 'output', run: 0, stream: 'stdout', text: '' });",
        "the engine flooded the page with messages",
    ),
    "prints of nothing": (
        "for (let i = 0; i < 6_000; i += 1) say({ type: 'output', stream: 'stdout', text: '' });",
        "the engine sent more output than the run may print",
    ),
    "calls": (
        "for (let number = 1; number < 300_000; number += 1) asks([call(number, 'page', 'f')]);",
        "the engine flooded the page with calls",
    ),
    "calls in large messages": (
        (
            "for (let from = 1; from < 300_000; from += 1_000) "
            "asks(Array.from({ length: 1_000 }, (_, at) => call(from + at, 'page', 'f')));"
        ),
        "the engine flooded the page with calls",
    ),
    "calls that are forgotten at once": (
        "for (let n = 1; n < 300_000; n += 1) { asks([call(n, 'page', 'f')]); asks([], { forgotten: [n] }); }",
        "the engine flooded the page with calls",
    ),
    "waits without questions": (
        "for (let n = 0; n < 300_000; n += 1) asks([], { idle: n % 2 === 0 });",
        "the engine flooded the page with messages",
    ),
    "awakenings": (
        "for (let n = 0; n < 300_000; n += 1) say({ type: 'awake', used: 0 });",
        "the engine flooded the page with messages",
    ),
    "large messages of an earlier run": (
        (
            "const many = new Array(1_000_000).fill(0); for (let i = 0; i < 40; i += 1) "
            f"postMessage({{ ...{STALE}, questions: [call(1, 'm', 'n', many)] }});"
        ),
        "the engine flooded the page with messages",
    ),
    "more prints of nothing than characters": (
        "for (let i = 0; i < 10; i += 1) say({ type: 'output', stream: 'stdout', text: '', ends: new Array(1_000).fill(0) });",
        "the engine sent more output than the run may print",
    ),
    "more output than the run may print": (
        "say({ type: 'output', stream: 'stdout', text: 'x'.repeat(5_200) });",
        "the engine sent more output than the run may print",
    ),
    "ends of nothing": (
        "say({ type: 'output', stream: 'stdout', text: '', ends: new Array(1_001).fill(0) });",
        "the engine sent an 'output' message with a bad 'ends'",
    ),
    "ends that go back": (
        "say({ type: 'output', stream: 'stdout', text: 'abc', ends: [2, 1, 3] });",
        "the engine sent an 'output' message with a bad 'ends'",
    ),
    "an end beyond": (
        "say({ type: 'output', stream: 'stdout', text: 'abc', ends: [4] });",
        "the engine sent an 'output' message with a bad 'ends'",
    ),
    "an end before the end": (
        "say({ type: 'output', stream: 'stdout', text: 'abc', ends: [2] });",
        "the engine sent an 'output' message with a bad 'ends'",
    ),
    "a list of holes": (
        "say({ type: 'needs', batch: 1, root: '/', needs: new Array(1000) });",
        "the engine sent a 'needs' message with a bad 'needs'",
    ),
}


@pytest.mark.parametrize("how", FLOODS)
def test_a_flood_is_the_end_of_its_engine(lab: Lab, how: str) -> None:
    flood, message = FLOODS[how]
    put_engine(lab, f"if (data.type === 'committed' && run % 2) {{ {flood} }} else {GOOD}")
    lab.start("{ runtime: '/runtimes/mine/', limits: { maxOutput: 5_000 } }")
    lab.evaluate("void (performance.now = () => 1e6)")  # the clock stands still: all comes in one second
    for _ in range(2):
        assert lab.rejection("w.run('print(1)')") == f"ProtocolError: {message}"
        assert lab.run("print(2)")["ok"]


@pytest.mark.parametrize("forgotten", ["[]", "[number - 1].filter(Boolean)"], ids=["awaited", "forgotten"])
def test_more_than_a_thousand_calls_do_not_wait(lab: Lab, forgotten: str) -> None:
    """Nor do they run: that nobody waits for them ends nothing on the page."""
    does = """
      if (data.type === 'run') say({ type: 'needs', batch: 1, root: '/', needs: [
        { key: 'page', kind: 'host', spec: 'page', location: '', remote: false, integrity: null }] });
      else if (data.type === 'supplied') say({ ...linked, hosts: ['page'] });
      else if (data.type === 'committed') {
        for (let number = 1; number <= 1_001; number += 1) asks([call(number, 'page', 'never')], { forgotten: FORGOTTEN });
      } else if (data.type === 'returned') {
        for (const { call, error } of data.answers) {
          say({ type: 'output', stream: 'stdout', text: `${call} ${error.name}: ${error.message}` });
        }
        done();
      }
    """
    put_engine(lab, does.replace("FORGOTTEN", forgotten))
    lab.start("{ runtime: '/runtimes/mine/', mainThreadModules: { page: { never: () => new Promise(() => {}) } } }")
    refused = "more than 1,000 calls of the page wait for their answers"
    assert lab.run("")["out"] == f"1001 Error: {refused}"


# What an engine may say of its questions that an honest one does not; what the page says to it.
ODD = {
    "a number twice": ("asks([wait(1), wait(1)]);", "with the number of another question"),
    "a number again": ("asks([wait(2)]); asks([wait(1)]);", "with the number of another question"),
    "the number of one that was forgotten": (
        "asks([wait(1)]); asks([wait(1)], { forgotten: [1] });",
        "with the number of another question",
    ),
    "no number": ("asks([wait(0)]);", "with the number of another question"),
    "it forgets what never was": ("asks([wait(1)], { forgotten: [2] });", "that forgets a question that never was"),
    "it has heard what nobody said": ("asks([], { heard: 1 });", "that speaks of more answers than there were"),
}


@pytest.mark.parametrize("what", ODD)
def test_odd_questions_end_their_engine(lab: Lab, what: str) -> None:
    says, complaint = ODD[what]
    put_engine(lab, f"if (data.type === 'committed' && run === 1) {{ {says} }} else {GOOD}")
    lab.start(MINE)
    assert lab.rejection("w.run('')") == f"ProtocolError: the engine sent an 'asks' message {complaint}"
    assert lab.run("")["ok"]


# The page has answered meanwhile; the engine could not know.
def test_to_forget_what_was_answered_is_no_mistake(lab: Lab) -> None:
    does = """
      if (data.type === 'run') say(linked);
      else if (data.type === 'committed') asks([wait(1), wait(2)]);
      else if (data.type === 'returned' && heard === 2) { asks([wait(3)], { forgotten: [1, 2, 1] }); done(); }
    """
    put_engine(lab, does)
    lab.start(MINE)
    lab.evaluate("w.pushEvent('a'); w.pushEvent('b')")
    assert lab.run("")["ok"]


BEFORE = {
    "asks": "asks([])",
    "awake": "say({ type: 'awake', used: 0 })",
    "paused": "say({ type: 'paused', pause: 0, used: 0 })",
}


@pytest.mark.parametrize("kind", BEFORE)
def test_a_program_that_does_not_run_waits_for_nothing(lab: Lab, kind: str) -> None:
    put_engine(lab, f"if (data.type === 'run' && run === 1) {BEFORE[kind]}; else {GOOD}")
    lab.start(MINE)
    message = f"ProtocolError: the engine sent a '{kind}' message before its program ran"
    assert lab.rejection("w.run('')") == message
    assert lab.run("")["ok"]


PAUSES = {
    "nobody asked": "if (data.type === 'committed') say({ type: 'paused', pause: 1, used: 0 });",
    "twice": "if (data.type === 'pause') for (let i = 0; i < 2; i += 1) say({ type: 'paused', pause: data.pause, used: 0 });",
    "a later one": "if (data.type === 'pause') say({ type: 'paused', pause: data.pause + 1, used: 0 });",
}


@pytest.mark.parametrize("what", PAUSES)
def test_a_pause_that_nobody_asked_for(lab: Lab, what: str) -> None:
    put_engine(lab, f"if (run === 1 && data.type !== 'run') {{ {PAUSES[what]} }} else {GOOD}")
    asks = "if (state === 'running') w.pause().catch(() => {});" if what != "nobody asked" else ""
    lab.start(f"{{ runtime: '/runtimes/mine/', onState: (state) => {{ {asks} }} }}")
    assert lab.rejection("w.run('')") == "ProtocolError: the engine sent a 'paused' message that nobody asked for"


def test_a_pause_that_was_taken_back_is_over(lab: Lab) -> None:
    """The engine confirms the first when the page has long asked for a second: the program counts as paused by that one only."""
    does = """
      if (data.type === 'run') say(linked);
      else if (data.type === 'pause') {
        if (data.pause === 2) for (const pause of [1, 2]) say({ type: 'paused', pause, used: 0 });
      } else if (data.type === 'resume' && (globalThis.resumed = (globalThis.resumed ?? 0) + 1) === 2) done();
    """
    put_engine(lab, does)
    lab.start("{ runtime: '/runtimes/mine/', onState: (state) => said.push(state) }")
    lab.evaluate("""async () => {
      const run = w.run('');
      while (said.at(-1) !== 'running') await new Promise(requestAnimationFrame);
      w.pause().catch(() => {});
      w.resume();
      await w.pause();
      w.resume();
      await run;
    }""")
    assert lab.evaluate("said.slice(said.indexOf('running'))")[:3] == ["running", "paused", "running"]


def test_prints_of_one_message_are_handed_over_one_by_one(lab: Lab) -> None:
    texts = "say({ type: 'output', stream: 'stderr', text: 'aébc', ends: [1, 1, 3, 4] });"
    put_engine(lab, f"if (data.type === 'committed') {{ {texts} done(); }} else {GOOD}")
    lab.start(MINE)
    heard = "async () => { const heard = []; w.onOutput((...given) => void heard.push(given)); await w.run(''); return heard; }"
    assert lab.evaluate(heard) == [["a", "stderr"], ["", "stderr"], ["éb", "stderr"], ["c", "stderr"]]


def test_an_engine_that_is_spent_is_replaced(lab: Lab) -> None:
    put_engine(
        lab, f"if (data.type === 'committed') say({{ type: 'done', ending, spent: run % 2 === 1 }}); else {GOOD}"
    )
    lab.evaluate("""() => {
      const made = Worker;
      window.engines = 0;
      window.Worker = function (...given) { window.engines += 1; return new made(...given); };
    }""")
    lab.start("{ runtime: '/runtimes/mine/', isolation: 'worker', spare: false }")
    counts = []
    for _ in range(4):
        assert lab.run("")["ok"]
        counts.append(lab.evaluate("engines"))
    assert counts == [2, 2, 3, 3]


# What an engine may say to a stop instead of `done`.
DEAF = {
    "that it linked": ("run", "linked"),
    "that it needs more": ("run", "{ type: 'needs', batch: 1, root: '/', needs: [] }"),
    "that it waits": (
        "committed",
        "{ type: 'asks', heard: 0, used: 0, idle: true, questions: [wait(1)], forgotten: [] }",
    ),
    "that it woke": ("committed", "{ type: 'awake', used: 0 }"),
    "that it is paused": ("committed", "{ type: 'paused', pause: 1, used: 0 }"),
}


@pytest.mark.parametrize("what", DEAF)
def test_no_answer_to_a_stop_puts_it_off(lab: Lab, what: str) -> None:
    begins, says = DEAF[what]
    put_engine(
        lab,
        f"if (run !== 1) {{ {GOOD} }} else if (data.type === 'stop') say({says});"
        f" else if (data.type === '{begins}') say({{ type: 'output', stream: 'stdout', text: 'begun' }});"
        " else if (data.type === 'run') say(linked);",
    )
    lab.start(MINE)
    stopped = "() => { w.onOutput(() => w.stop()); return w.run('').finally(() => w.onOutput(null)); }"
    assert lab.evaluate(stopped)["error"]["type"] == "Stopped"
    assert lab.run("")["ok"]


def test_the_time_that_a_message_lies_at_the_page_is_not_the_program_s(lab: Lab) -> None:
    """Each question lies for as long as the whole limit: the page is busy. What the engine says it used is what counts."""
    does = """
      if (data.type === 'run') say(linked);
      else if (data.type === 'committed' || data.type === 'returned' && heard < 12)
        asks([wait(heard + 1, 'input')], { used: USED * heard });
      else if (data.type === 'returned') { if (USED === 0) done(); }
    """
    busy = """async () => {
      const block = () => { for (const end = performance.now() + 120; performance.now() < end;); };
      const blocking = setInterval(block, 130);
      const { ok, error } = await w.run('');
      clearInterval(blocking);
      return [ok, error?.type];
    }"""
    for used, ending in ((0, [True, None]), (200, [False, "TimeoutError"])):
        put_engine(lab, does.replace("USED", str(used)))
        lab.page.goto(lab.home)
        lab.page.wait_for_function("window.ready")
        lab.start("{ runtime: '/runtimes/mine/', limits: { timeout: 0.1 }, onInput: async () => '' }")
        assert lab.evaluate(busy) == ending


def test_an_engine_that_hears_no_stop_is_replaced(lab: Lab) -> None:
    put_engine(lab, "if (data.type === 'stop' || run === 1 && data.type === 'committed') {} else " + GOOD)
    lab.start(MINE)
    stopped = "() => { const run = w.run(''); setTimeout(() => w.stop(), 100); return run; }"
    assert lab.evaluate(stopped)["error"]["type"] == "Stopped"
    assert lab.run("")["ok"]
