"""The proof in a real browser, with JavaScript off: an objection re-opens what it is about, until a person has answered."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import sync_playwright
from test_publishing import published

from conftest import card
from vangrail.model.vocabulary import AnswerValue, Role
from vangrail.web.applications import acts
from vangrail.web.participation import guarding
from vangrail.web.participation.models import Case

WIDTHS = (360, 768, 1280)
PUBLIC, BOARD = "/register/voorbeeld/meldingen/", "/werk/voorbeeld/toepassingen/meldingen/"


@pytest.fixture
def browser():
    """The system's own Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def ready(transactional_db, monkeypatch, settings, town):
    """The application is public, and dem-6 is met by the answer of a named person."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop of its own in this thread
    monkeypatch.setattr(guarding, "QUICKEST_SECONDS", 0)
    contact = {"ask": "vraag@voorbeeld.example", "object": "bezwaar@voorbeeld.example", "term_days": 20}
    summary = "De computer leest je melding en kiest een dienst. Een medewerker kijkt dat na."
    acts.declare(application=town.application, card=card(phase="design", contact=contact, summary=summary), by=town.an)
    acts.answer(
        application=town.application,
        requirement="dem-6",
        value=AnswerValue.YES,
        because="Het middel past bij het doel.",
        by=town.an,
        role=Role.APPLICATION_OWNER,
    )
    published(town)
    return town


def page_of(browser, live_server, person=None):
    """A page of somebody's own browser, in which nothing is scripted."""
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    if person is not None:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return context.new_page()


def dem_6(page):
    """The line of dem-6 on the board."""
    page.goto(BOARD)
    return page.locator("li.line", has=page.locator('a[href$="/eisen/dem-6/"]')).inner_text()


def test_an_objection_from_the_public_page_to_the_answer_without_javascript(ready, browser, live_server):
    an, bram = (page_of(browser, live_server, who) for who in (ready.an, ready.bram))
    assert "voldaan" in dem_6(an) and "betwist" not in dem_6(an)

    outside = page_of(browser, live_server)
    outside.goto(PUBLIC)
    outside.get_by_role("link", name="Stel een vraag of maak bezwaar").click()
    outside.get_by_label("Ik ben het niet eens").check()
    outside.get_by_label("Dit gaat te ver").check()
    outside.get_by_label("Vertel het in je eigen woorden").fill("Een telefoontje naar de dienst volstaat ook.")
    outside.get_by_role("button", name="Verstuur").click()
    code = outside.locator("#code").inner_text()

    assert "onbekend" in dem_6(an) and "betwist" in dem_6(an)
    outside.goto(PUBLIC)
    assert "bezwaar open" in outside.content()

    an.goto(f"{BOARD}inspraak/")
    assert "nog 20 dagen" in an.content() and "An" in an.locator("table").inner_text()
    an.get_by_role("link", name="bezwaar").click()
    an.get_by_label("Ongegrond").check()
    an.get_by_label("Antwoord, in gewone woorden").fill("Wij vinden dat het middel past bij het doel.")
    an.get_by_role("button", name="Leg voor aan een tweede persoon").click()
    assert "Jij behandelt dit bezwaar" not in an.content(), "An is no reviewer at all"
    assert "betwist" in dem_6(an)

    bram.goto(f"{BOARD}inspraak/zaken/{Case.objects.get().pk}/")
    bram.get_by_label("Gegrond", exact=True).check()
    bram.get_by_label("Antwoord, in gewone woorden").fill("Je hebt gelijk: bellen volstaat voor dringende meldingen.")
    bram.get_by_label("Wat verandert er nu?").fill("Het nummer staat bovenaan.")
    bram.get_by_label("Waarom beslis je zo?").fill("Nagegaan met de ploeg van het meldpunt.")
    bram.get_by_role("button", name="Beslis en verstuur").click()

    assert "voldaan" in dem_6(an) and "betwist" not in dem_6(an)
    outside.goto("/volg/")
    outside.get_by_label("Je code").fill(code.lower())
    outside.get_by_role("button", name="Bekijk").click()
    assert "bellen volstaat" in outside.content() and "gegrond" in outside.content()
    outside.goto(PUBLIC)
    assert "bezwaar open" not in outside.content()


def test_the_pages_have_no_barrier_and_no_sideways_scroll(ready, browser, live_server):
    context = browser.new_context(base_url=live_server.url, bypass_csp=True)
    outside = context.new_page()
    problems = []

    def look(page, name):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                problems.append(f"{name}: scrolls sideways at {width} px")
        found = Axe().run(page).response["violations"]
        problems.extend(f"{name}: {v['id']}: {v['nodes'][0]['html'][:150]}" for v in found)
        if page.locator("h1").count() != 1:
            problems.append(f"{name}: not one heading of the first level")

    outside.goto(f"{PUBLIC}vraag/")
    look(outside, "form")
    outside.get_by_label("Ik ben het niet eens").check()
    outside.get_by_label("Dit gaat te ver").check()
    outside.get_by_label("Vertel het").fill("Bel mij op 0470 12 34 56.")
    outside.get_by_role("button", name="Verstuur").click()
    look(outside, "form with an error")
    outside.get_by_label("Laat dit staan").check()
    outside.get_by_role("button", name="Verstuur").click()
    look(outside, "the code")
    code = outside.locator("#code").inner_text()
    outside.goto("/volg/")
    look(outside, "typing the code")
    outside.get_by_label("Je code").fill(code)
    outside.get_by_role("button", name="Bekijk").click()
    look(outside, "following")
    outside.goto(f"{PUBLIC}inspraak/")
    look(outside, "public page")
    client = Client()
    client.force_login(ready.an, backend="django.contrib.auth.backends.ModelBackend")
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    inside = context.new_page()
    case = Case.objects.get().pk
    for place in ("", f"zaken/{case}/", "raadplegingen/nieuw/", "bevragingen/nieuw/"):
        inside.goto(f"{BOARD}inspraak/{place}")
        look(inside, place or "tab")
    assert not problems, "\n".join(problems)
