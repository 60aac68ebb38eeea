"""A host package that only a stranger's manifest grants: nothing of it is loaded. A real program, in the real cell.

Takes: a built `dist/`, Chromium and Firefox. Holds: `host` counts in the page's own manifest and nowhere else: neither in a
URL module's, nor in one of a folder below the program's, nor in one that an import names.
"""

import json
from pathlib import Path
from urllib.parse import quote

from tests.support.drivers import Driver
from tests.support.site import CORS, JSON, Site

SCRIPT = "text/javascript"
HERE = Path(__file__).parent


def test_a_stranger_s_host_entry_loads_nothing(driver: Driver, dist: Path) -> None:
    assert dist.is_dir()
    with Site() as here, Site() as there:
        here.put("/granted.html", (HERE / "granted.html").read_bytes(), "text/html; charset=utf-8")
        here.put("/app/packages.json", '{"host": {"good": "./good.js"}}', JSON)
        here.put("/app/good.js", "export const good = { f: () => { called.push('good'); return 'good'; } };", SCRIPT)
        evil = "export const evil = { f: () => { called.push('evil'); } }; called.push('loaded');"
        for site, folder in ((here, "/app/sub"), (here, "/kit"), (there, "/kit")):
            site.put(f"{folder}/packages.json", '{"host": {"evil": "./evil.js"}}', JSON, headers=CORS)
            site.put(f"{folder}/evil.js", evil, SCRIPT, headers=CORS)
            site.put(f"{folder}/unit.py", "from evil import f\ndef g():\n    return f()\n", headers=CORS)
        programs = {
            "sub": "./sub/unit.py",
            "url": f"{there.url}/kit/unit.py",
            "own-url": f"{here.url}/kit/unit.py",
            "path": "/kit/unit.py",
        }
        for name, spec in programs.items():
            here.put(f"/app/{name}.py", f'from "{spec}" import g\ng()\n')
        here.put("/app/own.py", "from good import f\nprint(f(), end='')\n")
        entries = [f"/app/{name}.py" for name in (*programs, "own")] + [f"{there.url}/kit/unit.py"]
        report = driver.visit(f"{here.url}/granted.html#{quote(json.dumps(entries))}", timeout=60)
        refused = "host package 'evil' is not granted here"
        assert report["results"] == {entry: "good" if entry == "/app/own.py" else refused for entry in entries}
        assert report["called"] == ["good"]
        assert [path for site in (here, there) for path in site.paths() if "evil" in path] == []
        assert "/kit/packages.json" in there.paths(), "the manifest was read, and its word not taken"
