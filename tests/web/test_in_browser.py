"""Every page in a real browser: no barrier that axe can find, no sideways scroll, no error, in both languages."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from vangrail.web import demo
from vangrail.web.organisations.models import Person

WIDTHS = (360, 768, 1280)
SAME = re.compile(r"/(eisen|metingen|versies|registers?|vragen|bewerken)/[^/]+/")


@pytest.fixture
def page() -> Iterator[Page]:
    """A page of the system's own Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def links(page):
    """Where one can go from here, on this site."""
    found = page.eval_on_selector_all("a[href]:not([download])", "links => links.map(a => a.href)")
    return [u.split("#")[0] for u in found]


def test_every_page_for_every_role(live_server, page, settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop of its own in this thread
    demo.fill()
    problems: list[str] = []
    page.on(
        "request",
        lambda r: (
            problems.append(f"{page.url} asks {r.url}") if not r.url.startswith((live_server.url, "data:")) else None
        ),
    )
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    page.on("console", lambda m: problems.append(f"{page.url}: {m.text}") if m.type == "error" else None)
    kinds: set[str] = set()
    people = [None, *Person.objects.filter(name__in=["Lieve Hertecant", "Koen Dierinckx", "Nele Beheerder"])]
    for person in people:
        if person is not None:
            page.goto(live_server.url)
            page.select_option("#demo-person", value=str(person.pk))
            page.click(".demo button")
        waiting = [page.url if person else live_server.url + "/"]
        while waiting:
            url = waiting.pop()
            # One page of each kind is enough: a hundred requirements share one template.
            kind = SAME.sub(r"/\1/*/", url.split("?")[0])
            if kind in kinds or not url.startswith(live_server.url):
                continue
            kinds.add(kind)
            told = page.request.head(url).headers  # a file to save is no page, and the browser stops at it
            if "text/html" not in told.get("content-type", "") or "attachment" in told.get("content-disposition", ""):
                continue
            answer = page.goto(url)
            if answer is None:
                continue
            if answer.status != 200:
                problems.append(f"{url}: {answer.status}")
                continue
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    problems.append(f"{url}: scrolls sideways at {width} px")
            for violation in Axe().run(page).response["violations"]:
                problems += [f"{url}: {violation['id']}: {n['html'][:200]}" for n in violation["nodes"]]
            if page.locator("h1").count() != 1:
                problems.append(f"{url}: {page.locator('h1').count()} headings of the first level")
            waiting += links(page)
    assert not problems, "\n".join(problems)
    assert len(kinds) > 5
