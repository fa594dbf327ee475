"""Three things that nobody else shows, each proven in a browser, by keyboard and without JavaScript."""

import pytest
from test_publishing import published
from test_ten_tasks_in_browser import BOARD, Installation, decisions, measured, put_file, speak

from vangrail.model.vocabulary import AnswerValue, Role
from vangrail.web.applications import acts
from vangrail.web.participation import guarding

PUBLIC = "/register/voorbeeld/meldingen/"


@pytest.fixture
def installation(transactional_db, chromium, live_server, monkeypatch):
    """A running site, and a browser for whoever comes."""
    monkeypatch.setattr(guarding, "QUICKEST_SECONDS", 0)
    made = Installation(chromium, live_server.url)
    yield made
    made.close()


def line(visitor, requirement, *, board=BOARD):
    """The line of a requirement on the board."""
    visitor.open(board)
    there = visitor.page.locator("li.line", has=visitor.page.locator(f'a[href$="/eisen/{requirement}/"]'))
    return " ".join(there.first.inner_text().split())


def test_one_changed_row_makes_the_requirement_stale_on_the_board_at_the_gate_and_on_the_public_page(
    installation, town, tmp_path
):
    speak(town, phase="operate")
    an, chaima = installation.visitor(town.an), installation.visitor(width=360)
    an.open(BOARD)
    measured(an, tmp_path, centre=100, suburb=96)
    published(town)
    assert "verlopen" not in line(an, "tru-fair-1")
    chaima.open(PUBLIC)
    chaima.reads_not("verouderd")

    an.open(BOARD)
    put_file(an, decisions(tmp_path, centre=100, suburb=95))
    assert "verlopen" in line(an, "tru-fair-1")
    an.follow("Poort")
    lacks = an.page.locator("li.line", has=an.page.locator('a[href$="/eisen/tru-fair-1/"]')).first
    assert "verlopen" in lacks.inner_text()
    chaima.open(PUBLIC)
    chaima.reads("verouderd")


def test_an_objection_reopens_what_it_touches_with_a_term_an_owner_and_an_answer(installation, town):
    """dem-6 is met by the answer of a named person, until somebody objects; and again once a second person has decided."""
    speak(town)
    acts.answer(
        application=town.application,
        requirement="dem-6",
        value=AnswerValue.YES,
        because="Het middel past bij het doel.",
        by=town.an,
        role=Role.APPLICATION_OWNER,
    )
    published(town)
    an, bram = installation.visitor(town.an), installation.visitor(town.bram)
    assert "voldaan" in line(an, "dem-6") and "betwist" not in line(an, "dem-6")

    chaima = installation.visitor(width=360)
    chaima.open(PUBLIC)
    chaima.follow("Stel een vraag of maak bezwaar")
    chaima.tick("Ik ben het niet eens")
    chaima.tick("Dit gaat te ver")
    chaima.fill("Vertel het in je eigen woorden", "Een telefoontje naar de dienst volstaat ook.")
    chaima.press("Verstuur")
    code = chaima.text("#code")
    assert "onbekend" in line(an, "dem-6") and "betwist" in line(an, "dem-6")
    chaima.open(PUBLIC)
    chaima.reads("bezwaar open")

    an.open(f"{BOARD}inspraak/")
    an.reads("nog 20 dagen", "An")
    an.follow("bezwaar")
    an.tick("Ongegrond")
    an.fill("Antwoord, in gewone woorden", "Wij vinden dat het middel past bij het doel.")
    an.press("Leg voor aan een tweede persoon")
    assert "betwist" in line(an, "dem-6"), "one person proposes, another decides"
    bram.open(f"{BOARD}inspraak/")
    bram.follow("bezwaar")
    bram.tick("Gegrond", exact=True)
    bram.fill("Antwoord, in gewone woorden", "Je hebt gelijk: bellen volstaat voor dringende meldingen.")
    bram.fill("Wat verandert er nu?", "Het nummer staat bovenaan.")
    bram.fill("Waarom beslis je zo?", "Nagegaan met de ploeg van het meldpunt.")
    bram.press("Beslis en verstuur")

    assert "voldaan" in line(an, "dem-6") and "betwist" not in line(an, "dem-6")
    chaima.open("/volg/")
    chaima.fill("Je code", code.lower())
    chaima.press("Bekijk")
    chaima.reads("bellen volstaat", "gegrond")
    chaima.open(PUBLIC)
    chaima.reads_not("bezwaar open")


def test_one_product_card_in_two_municipalities_gives_two_verdicts(installation, town, dirk, tmp_path):
    """The supplier's side is the same; 100 against 96 of 200 in one town, and 130 against 60 of 200 in the other."""
    speak(town, phase="operate", suppliers=[{"name": "Spraakwater nv", "product": "Wegwijs 3"}])
    an, other = installation.visitor(town.an), installation.visitor(dirk, width=768)
    an.open(BOARD)
    an.follow("Kaart", exact=True)
    an.follow("Deel als productkaart")
    an.press("Deel als productkaart")

    other.open("/werk/elders/")
    other.follow("Productkaarten")
    other.follow("Meldingen", within="main")
    other.reads("Wegwijs 3", "Wat van jullie blijft")
    other.press("Begin met deze productkaart")
    other.fill("Hoe heet de toepassing?", "Meldingen")
    other.fill("Waarvoor dient ze?", "Klachten over de markt sneller behandelen.")
    other.press("Bewaar en ga verder")
    other.press("Bewaar en ga verder")
    other.fill("Wie is verantwoordelijk", "Dirk")
    other.pick("Waar staat ze nu?", "gebruik")
    other.press("Bewaar en ga verder")
    other.press("Registreer")
    theirs = other.page.url

    an.open(BOARD)
    measured(an, tmp_path, centre=100, suburb=96)
    other.open(theirs)
    measured(other, tmp_path, centre=130, suburb=60)
    assert "niet voldaan" in line(other, "tru-fair-1", board=theirs)
    assert "niet voldaan" not in line(an, "tru-fair-1")
    other.open(f"{theirs}kaart/product/")
    other.reads("Deze kaart begon met de productkaart van Gemeente Voorbeeld", "Wegwijs 3")
