"""Every page in a real browser: no barrier that axe can find, no sideways scroll, no error, in both languages."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from keyboard import sideways
from playwright.sync_api import Locator, Page
from test_publishing import published
from test_ten_tasks_in_browser import speak

from conftest import person
from vangrail.model.vocabulary import MemberRole as R
from vangrail.web import demo
from vangrail.web.organisations import first_start
from vangrail.web.organisations.models import Organisation, Person
from vangrail.web.participation import guarding

SAME = re.compile(r"/(eisen|metingen|versies|registers?|vragen|bewerken)/[^/]+/")
ALIKE = re.compile(r"/toepassingen/[^/]+/(wet|versies|incidenten|gebeurtenissen|leveranciers|stop)/")
"""Pages that look the same for every application, in whatever state it is."""


@pytest.fixture
def page(chromium) -> Iterator[Page]:
    """A page of the system's own Chromium."""
    with chromium.new_context() as context:
        yield context.new_page()


def barriers(page: Page) -> Iterator[str]:
    """What stands in the way of somebody on this page."""
    yield from sideways(page)
    for violation in Axe().run(page).response["violations"]:
        yield from (f"{page.url}: {violation['id']}: {n['html'][:200]}" for n in violation["nodes"])
    if page.locator("h1").count() != 1:
        yield f"{page.url}: {page.locator('h1').count()} headings of the first level"


def go_by(button: Locator) -> None:
    """Click, and be on the next page: a click alone does not wait for it."""
    with button.page.expect_navigation():
        button.click()


def sign_in(page: Page, address: str, who: Person) -> None:
    """From now on this browser is theirs."""
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])


def links(page):
    """Where one can go from here, on this site."""
    found = page.eval_on_selector_all("a[href]:not([download])", "links => links.map(a => a.href)")
    return [u.split("#")[0] for u in found]


def test_every_page_for_every_role(live_server, page, settings):
    settings.DEMO = True
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
    for visitor in people:
        if visitor is not None:
            page.goto(live_server.url)
            page.select_option("#demo-person", value=str(visitor.pk))
            go_by(page.locator(".demo button"))
        waiting = [page.url if visitor else live_server.url + "/"]
        while waiting:
            url = waiting.pop()
            # One page of each kind is enough: a hundred requirements share one template.
            kind = ALIKE.sub(r"/toepassingen/*/\1/", SAME.sub(r"/\1/*/", url.split("?")[0]))
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
            problems += barriers(page)
            waiting += links(page)
    assert not problems, "\n".join(problems)
    assert len(kinds) > 5


def test_an_empty_installation_has_no_barriers_and_says_what_to_do(transactional_db, live_server, page):
    """What nobody sees in a demo: each list without anything in it, and the pages by which one begins."""
    problems: list[str] = []
    for place in ("/", "/open-data/", "/aanmelden/login/", f"/eerste-start/{first_start.new_token()}/"):
        page.goto(live_server.url + place)
        problems += barriers(page)
    town = Organisation.objects.create(slug="voorbeeld", name="Gemeente Voorbeeld", kind="municipality")
    sign_in(page, live_server.url, person("Ada", town, *set(R) - {R.ADMINISTRATOR}))
    work = f"{live_server.url}/werk/voorbeeld/"
    for place in ("", "taken/", "samen/", "kalender/", "incidenten/", "nieuw/", "invoeren/", "productkaarten/"):
        page.goto(work + place)
        problems += barriers(page)
    sign_in(page, live_server.url, person("Gerda", town, R.ADMINISTRATOR))
    page.goto(work)
    assert "Nodig hen uit" in page.inner_text("main")
    for place in ("", "beheer/"):
        page.goto(work + place)
        problems += barriers(page)
    assert "een wachtwoord alleen niet genoeg" in page.inner_text("main")
    assert not problems, "\n".join(problems)


def test_a_fresh_application_has_no_barriers(transactional_db, live_server, page, town):
    """Every tab of an application of which only the name, the purpose and the phase are known."""
    sign_in(page, live_server.url, town.an)
    board = f"{live_server.url}/werk/voorbeeld/toepassingen/meldingen/"
    page.goto(board)
    places = {SAME.sub(r"/\1/*/", u): u for u in links(page) if u.startswith(board)}
    problems = [problem for place in places.values() for problem in seen(page, place)]
    assert not problems, "\n".join(problems)


def seen(page: Page, place: str) -> list[str]:
    """The barriers of a page; none for a file."""
    if "text/html" not in page.request.head(place).headers.get("content-type", ""):
        return []
    page.goto(place)
    return list(barriers(page))


def test_pages_that_say_that_something_is_wrong_have_no_barriers(
    transactional_db, live_server, page, town, monkeypatch
):
    monkeypatch.setattr(guarding, "QUICKEST_SECONDS", 0)
    problems: list[str] = []

    def go(place: str, status: int) -> None:
        answer = page.goto(live_server.url + place)
        assert answer is not None and answer.status == status, (place, answer and answer.status)
        problems.extend(barriers(page))

    def send(button: str = "main form button", *, form: str = "main form") -> None:
        page.eval_on_selector_all(form, "forms => forms.forEach(f => f.noValidate = true)")
        go_by(page.locator(button).first)
        problems.extend(barriers(page))

    go("/bestaat/niet/", 404)
    go("/uitnodiging/verlopen/", 404)
    page.goto(live_server.url + "/aanmelden/login/")
    send()
    page.goto(live_server.url + "/volg/")
    send()

    sign_in(page, live_server.url, town.fons)
    go("/werk/voorbeeld/nieuw/", 403)
    sign_in(page, live_server.url, town.an)
    board = "/werk/voorbeeld/toepassingen/meldingen/"
    go(f"{board}incidenten/nieuw/", 200)
    send()
    go(f"{board}inspraak/raadplegingen/nieuw/", 200)
    send()
    go(f"{board}inspraak/bevragingen/nieuw/", 200)
    send()
    go(f"{board}eisen/dem-1/", 200)
    send("text=Bewaar mijn antwoord")
    go(f"{board}bestanden/", 200)
    send()
    go(f"{board}kaart/yaml/", 200)
    page.fill("textarea", "vangrail: 1\nfout: [")
    send()
    go(f"{board}publicatie/", 200)
    send("text=Maak een voorbeeld")
    go("/werk/voorbeeld/invoeren/", 200)
    send()
    assert not problems, "\n".join(problems)


def test_asking_from_outside_has_no_barriers(transactional_db, live_server, page, town, monkeypatch):
    monkeypatch.setattr(guarding, "QUICKEST_SECONDS", 0)
    published(speak(town))
    problems: list[str] = []
    page.goto(f"{live_server.url}/register/voorbeeld/meldingen/vraag/")
    problems += barriers(page)
    page.get_by_label("Ik ben het niet eens").check()
    page.get_by_label("Dit gaat te ver").check()
    page.get_by_label("Vertel het").fill("Bel mij op 0470 12 34 56.")
    go_by(page.get_by_role("button", name="Verstuur"))
    problems += barriers(page)
    page.get_by_label("Laat dit staan").check()
    go_by(page.get_by_role("button", name="Verstuur"))
    problems += barriers(page)
    code = page.locator("#code").inner_text()
    page.goto(f"{live_server.url}/volg/")
    page.get_by_label("Je code").fill(code)
    go_by(page.get_by_role("button", name="Bekijk"))
    problems += barriers(page)
    page.goto(f"{live_server.url}/register/voorbeeld/meldingen/inspraak/")
    problems += barriers(page)
    sign_in(page, live_server.url, town.an)
    page.goto(f"{live_server.url}/werk/voorbeeld/toepassingen/meldingen/inspraak/")
    problems += barriers(page)
    go_by(page.get_by_role("link", name="bezwaar"))
    problems += barriers(page)
    assert not problems, "\n".join(problems)
