"""The tests' own site, from a page: what it was told, it says; who asked, it remembers."""

import pytest
from playwright.sync_api import Page

from tests.support.site import CORS, Site

FETCH = """async ([url, options]) => {
  try {
    const answer = await fetch(url, options);
    return `${answer.status} ${answer.redirected} ${await answer.text()}`;
  } catch (error) {
    return error.name;
  }
}"""


@pytest.fixture
def home(page: Page, site: Site) -> Page:
    """A page on the site, its own requests forgotten."""
    page.goto(site.put("/index.html", "<!doctype html><link rel=icon href=data:,>", "text/html"))
    site.clear_log()
    return page


def fetch(page: Page, url: str, **options: str) -> object:
    return page.evaluate(FETCH, [url, options])


def test_answers_and_remembers(home: Page, site: Site) -> None:
    url = site.put("/lib/ü.py", "x = 'ü'\n", "text/x-python; charset=utf-8")
    assert fetch(home, url) == "200 false x = 'ü'\n"
    assert fetch(home, site.url + "/none.py") == "404 false not here\n"
    assert site.paths() == ["/lib/%C3%BC.py", "/none.py"]
    site.clear_log()
    assert site.log == []


def test_status_redirect_and_query(home: Page, site: Site) -> None:
    site.put("/a.py", "a")
    site.put("/a.py?v=2", "second")
    site.put("/old.py", redirect="/a.py")
    site.put("/bad.py", "oh", status=500)
    assert fetch(home, site.url + "/a.py?v=1") == "200 false a"
    assert fetch(home, site.url + "/a.py?v=2") == "200 false second"
    assert fetch(home, site.url + "/old.py") == "200 true a"
    assert fetch(home, site.url + "/bad.py") == "500 false oh"


def test_truncated_body_is_a_network_error(home: Page, site: Site) -> None:
    assert fetch(home, site.put("/half.py", "0123456789", truncate=True)) == "TypeError"


def test_another_origin_needs_cors(home: Page, other_site: Site) -> None:
    closed = other_site.put("/closed.py", "x")
    opened = other_site.put("/open.py", "y", headers=CORS)
    assert fetch(home, closed) == "TypeError"
    assert fetch(home, opened) == "200 false y"
    assert fetch(home, opened, method="PUT") == "200 false y"
    assert ("OPTIONS", "/open.py") in other_site.log


def test_a_delayed_answer_does_not_hold_up_the_end(home: Page, site: Site) -> None:
    url = site.put("/slow.py", "late", delay=3600)
    home.evaluate("url => { fetch(url).catch(() => {}); }", url)


@pytest.mark.page_errors_expected("that the watch over page errors sees them is what is tested")
def test_page_errors_are_seen(home: Page) -> None:
    with home.context.expect_event("weberror") as caught:
        home.evaluate("setTimeout(() => { throw new Error('meant'); })")
    assert "meant" in caught.value.error.message
