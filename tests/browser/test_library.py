"""The standard library's archive, which a start does not ask for, in Chromium.

Takes: `dist/` as a page loads it, a browser that holds the archive back. Holds: docs/snapshot.md: what programs are known to
need is in the memory; what reads the archive all the same waits for it and can be stopped; what comes is checked and kept.
"""

import pytest
from playwright.sync_api import Route

from tests.browser.test_snapshot import KEPT, RUNTIME, asked, flipped
from tests.support.lab import Lab

pytestmark = pytest.mark.usefixtures("dist")

LIBRARY = "python_stdlib.zip"
# The one thing known that opens the archive: an encoding of Windows, which imports nowhere else.
READS = "'x'.encode('mbcs')"
PROGRAM = f"""try:
    {READS}
except LookupError as error:
    print(error)
"""
UNKNOWN = "unknown encoding: mbcs\n"

NAMES = """
    ascii big5 big5hkscs cp037 cp1125 cp1251 cp1252 cp437 cp850 cp932 cp949 euc_jis_2004 euc_jp euc_kr gb18030 gbk hp_roman8 hz
    idna iso2022_jp iso2022_kr iso8859_15 johab koi8_r koi8_t kz1048 latin_1 mac_cyrillic mac_roman palmos ptcp154 punycode
    raw_unicode_escape shift_jis shift_jisx0213 tis_620 unicode_escape utf_16 utf_32_be utf_7 utf_8_sig
"""
ENCODINGS = f"""
print([name for name in {NAMES.split()} if 'abc'.encode(name).decode(name) != 'abc'])
for name in 'rot13', 'hex', 'base64', 'bz2', 'zlib', 'uu', 'quopri':
    try:
        'a'.encode(name)
    except LookupError as error:
        print(error)
print('é'.encode('cp1252'), 'あ'.encode('shift_jis'), 'bücher'.encode('idna'))
"""
DATES = "from datetime import datetime\nprint(datetime.strptime('2026-11-21', '%Y-%m-%d').year)\n"


# The record of the page's shelf: whether the archive is in it; one with a damaged archive takes its place.
RECORD = """(change) => new Promise((resolve, reject) => {
  const open = indexedDB.open('edge-python-runtime', 1);
  open.onerror = () => reject(open.error);
  open.onsuccess = () => {
    const tx = open.result.transaction('runtimes', 'readwrite');
    const cursor = tx.objectStore('runtimes').openCursor();
    let found = false;
    cursor.onsuccess = () => {
      const { value } = cursor.result;
      found = 'python_stdlib.zip' in value.files;
      if (change) cursor.result.update({ ...value, files: { ...value.files, 'python_stdlib.zip': new Blob(['damaged']) } });
    };
    tx.oncomplete = () => { open.result.close(); resolve(found); };
  };
})"""
HAS_IT = f"() => ({RECORD})(false)"
DAMAGE = f"() => ({RECORD})(true)"


class Held:
    """Requests for the archive, which the browser does not send before it may."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._let = False
        self._routes: list[Route] = []
        self.asked = 0
        lab.context.route(f"**/{LIBRARY}", self._on_route)

    def wait(self) -> None:
        """Until there is one."""
        for _ in range(400):
            if self._routes:
                return
            self._lab.page.wait_for_timeout(25)
        raise AssertionError("nobody asked for the archive")

    def let(self) -> None:
        """Send it, and those that come later at once."""
        self._let = True
        for route in self._routes:
            route.continue_()

    def _on_route(self, route: Route) -> None:
        self.asked += 1
        if self._let:
            route.continue_()
        else:
            self._routes.append(route)


@pytest.fixture
def held(lab: Lab) -> Held:
    return Held(lab)


def begin(lab: Lab, source: str) -> None:
    """Run without waiting for the end."""
    lab.evaluate(
        "(source) => { window.shown = []; w.onOutput((text) => shown.push(text)); window.running = w.run(source); }",
        source,
    )


def end(lab: Lab) -> tuple[str, str | None]:
    """What was printed, and the kind of error that ended the program."""
    result = lab.evaluate("running")
    return "".join(lab.evaluate("shown")), result["error"] and result["error"]["type"]


def test_what_programs_need_is_in_the_memory(lab: Lab) -> None:
    lab.start()
    out = lab.run(ENCODINGS)["out"].splitlines()
    assert out[0] == "[]"
    assert all("is not a text encoding" in line for line in out[1:-1])
    assert len(out) == 9
    assert out[-1] == "b'\\xe9' b'\\x82\\xa0' b'xn--bcher-kva'"
    assert lab.run(DATES)["out"] == "2026\n"
    assert "help: did you mean 'math'?" in lab.run("import maths\n")["out"]
    assert asked(lab) == {"snapshot.bin", "bare.wasm"}


def test_a_program_that_reads_the_archive_waits_for_it_and_is_none_the_wiser(lab: Lab, held: Held) -> None:
    lab.start("{ limits: { timeout: 0.5 } }")
    begin(lab, f"print('first')\n{PROGRAM}print('last')\n")
    held.wait()
    lab.page.wait_for_function("w.state === 'waiting'")
    lab.page.wait_for_timeout(1_000)  # longer than it may compute
    assert lab.evaluate("shown") == ["first\n"]
    held.let()
    assert end(lab) == (f"first\n{UNKNOWN}last\n", None)
    assert lab.run(PROGRAM.replace("mbcs", "oem"))["ok"]
    assert held.asked == 1, "it is asked for once"


OTHERS = f"""
async def ticks():
    for n in range(3):
        print(n)
        await sleep(0.01)

async def reads():
    await sleep(0.005)
    try:
        {READS}
    except LookupError as error:
        print(error)

async def both():
    await gather(reads(), ticks())

run(both())
print('ok')
"""


def test_all_tasks_of_a_program_wait_and_go_on(lab: Lab, held: Held) -> None:
    lab.start("{ isolation: 'worker' }")
    begin(lab, OTHERS)
    held.wait()
    lab.page.wait_for_timeout(100)
    assert lab.evaluate("shown") == ["0\n"]
    held.let()
    assert end(lab) == (f"0\n{UNKNOWN}1\n2\nok\n", None)


def test_a_pause_and_a_look_come_right_after_it(lab: Lab, held: Held) -> None:
    lab.start("{ isolation: 'worker' }")
    begin(lab, f"{PROGRAM}for n in range(2_000_000):\n    pass\nprint(n)\n")
    held.wait()
    lab.evaluate("() => { window.paused = w.pause(); }")
    held.let()
    assert lab.evaluate("paused") is True
    lab.evaluate("async () => { window.state = await w.saveState(); w.resume(); }")
    assert end(lab) == (f"{UNKNOWN}1999999\n", None)
    restored = lab.evaluate("w.restoreState(state)")
    assert restored["error"] is None, "it comes to the same place without an import"


def test_a_program_that_waits_for_it_can_be_stopped(lab: Lab, held: Held) -> None:
    lab.start("{ isolation: 'worker', spare: false }")
    begin(lab, PROGRAM)
    held.wait()
    lab.evaluate("w.stop()")
    assert end(lab) == ("", "Stopped")
    assert lab.run("print('on')")["ok"]
    held.let()
    begin(lab, PROGRAM)
    assert end(lab) == (UNKNOWN, None)


def test_one_that_does_not_come_is_an_error_in_the_program_and_the_next_try_asks_again(lab: Lab) -> None:
    lab.site.put(RUNTIME + LIBRARY, "", "text/plain", status=404)
    lab.start("{ isolation: 'worker' }")
    said = lab.run(PROGRAM)["out"]
    assert said.startswith("the standard library's module 'encodings.mbcs' did not come (the runtime file http")
    assert "python_stdlib.zip could not be fetched: the server answered 404" in said
    assert said.endswith("): see to the network, and try again\n")
    flipped(lab, LIBRARY, 5_000_000)
    assert "(python_stdlib.zip is damaged: it is not the one that was built)" in lab.run(PROGRAM)["out"]
    lab.site.forget()
    assert lab.run(PROGRAM)["out"] == UNKNOWN


def test_what_came_is_kept_for_the_next_visit_and_checked_then(lab: Lab) -> None:
    lab.start("{ isolation: 'worker' }")
    lab.page.wait_for_function(KEPT)
    assert lab.run(PROGRAM)["out"] == UNKNOWN
    lab.page.wait_for_function(HAS_IT)
    lab.again("{ isolation: 'worker' }")
    assert lab.run(PROGRAM)["out"] == UNKNOWN
    assert asked(lab) == set()
    lab.evaluate(DAMAGE)
    lab.again("{ isolation: 'worker' }")
    assert lab.run(PROGRAM)["out"] == UNKNOWN
    assert asked(lab) == {LIBRARY}
