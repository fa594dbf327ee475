"""The ten things that people do here, each from an empty installation to its end, by keyboard, without JavaScript.

Whoever cannot use a mouse or blocks scripts loses nothing. The people are five, each in a browser of their own.
"""

import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from keyboard import Visitor
from test_publishing import published

from conftest import card, second_factor
from vangrail.web.applications import acts
from vangrail.web.organisations import first_start
from vangrail.web.participation import guarding

WORK, BOARD = "/werk/voorbeeld/", "/werk/voorbeeld/toepassingen/meldingen/"
PASSWORD = "een appel valt niet ver van de boom"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def installation(transactional_db, chromium, live_server, settings, monkeypatch) -> Iterator["Installation"]:
    """An installation with nothing in it."""
    settings.SITE_ADDRESS = live_server.url
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"  # as where no mail server is set up
    settings.EMAIL_FILE_PATH = settings.DATA / "mail"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the slow one costs a second each
    monkeypatch.setattr(guarding, "QUICKEST_SECONDS", 0)
    cache.clear()
    made = Installation(chromium, live_server.url)
    yield made
    made.close()


class Installation:
    """Gives a browser to whoever comes."""

    def __init__(self, chromium, address: str) -> None:
        self._chromium, self.address, self._visitors = chromium, address, []

    def visitor(self, person=None, *, width: int = 1280) -> Visitor:
        """Somebody with a browser of their own; signed in when a person is given."""
        self._visitors.append(Visitor(self._chromium, self.address, person=person, width=width))
        return self._visitors[-1]

    def close(self) -> None:
        """Everybody goes home."""
        for visitor in self._visitors:
            visitor.context.close()


def code(secret: str) -> str:
    """The six digits that an app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def work() -> None:
    """The worker does what waits for it."""
    call_command("db_worker", "--batch", "--interval", "0", verbosity=0)


def begin(gerda: Visitor) -> str:
    """By the link of the first start: the organisation, its administrator with a second step, and an invitation for An."""
    gerda.open("/")
    gerda.reads("Er is nog niets gepubliceerd")
    gerda.open(f"/eerste-start/{first_start.new_token()}/")
    gerda.fill("Naam van je organisatie", "Gemeente Voorbeeld")
    gerda.fill("Je naam", "Gerda")
    gerda.fill("Je e-mailadres", "gerda@voorbeeld.example")
    gerda.fill("Kies een wachtwoord", PASSWORD)
    gerda.fill("Nog eens", "iets anders")
    gerda.press("Begin")
    gerda.reads("Dit is niet hetzelfde.")
    gerda.fill("Kies een wachtwoord", PASSWORD)
    gerda.fill("Nog eens", PASSWORD)
    gerda.press("Begin")
    gerda.follow("Een app op je telefoon")
    gerda.fill("Code", code(gerda.text("main code")))
    gerda.press("Zet aan")
    gerda.follow("Ik heb ze bewaard")
    gerda.reads("Je werkt hier nog alleen")
    gerda.fill("Naam", "An")
    gerda.fill("E-mailadres", "an@voorbeeld.example")
    gerda.tick("toepassingsverantwoordelijke")
    gerda.press("Stuur de uitnodiging")
    gerda.reads("Deze installatie kan geen mail sturen")
    return gerda.text("main .alert code")


def decisions(folder: Path, *, centre: int, suburb: int) -> Path:
    """A file with 200 decisions in the centre and 200 in the suburb, of which so many were favourable."""
    places = [("centrum", centre), ("rand", suburb)]
    rows = [f"{place}-{i},{int(i < good)},{place}" for place, good in places for i in range(200)]
    file = folder / "beslissingen.csv"
    file.write_text("\n".join(["nummer,advies,wijk", *rows]), encoding="utf-8")
    return file


def put_file(visitor: Visitor, file: Path) -> None:
    """From the board: the file in its place."""
    visitor.follow("Bestanden met gegevens")
    visitor.attach("Bestand met gegevens", file)
    visitor.press("Zet klaar")


def measured(visitor: Visitor, folder: Path, *, centre: int, suburb: int) -> None:
    """From the board of an application: a file in its place, what its columns mean, and a measurement."""
    put_file(visitor, decisions(folder, centre=centre, suburb=suburb))
    visitor.follow("Zeg wat de kolommen betekenen")
    visitor.pick("In welke kolom staat wat de AI adviseerde?", "advies")
    visitor.fill("Welk woord of getal betekent daar 'ja'?", "1")
    visitor.tick("Ja, bijvoorbeeld een toekenning")
    visitor.tick("wijk")
    visitor.press("Zet op de kaart")
    visitor.fill("Wat is er veranderd?", "De beslissingen staan erbij.")
    visitor.press("Leg vast")
    visitor.follow("Bord")
    visitor.press("Meet nu")
    visitor.reads("De meting wacht op haar beurt.")
    there = visitor.page.url
    visitor.page.goto("about:blank")  # the page asks for itself every few seconds, also in the midst of being opened
    work()
    visitor.open(there)


def test_1_register(installation):
    an = installation.visitor(width=360)
    an.open(begin(installation.visitor()))
    an.fill("Kies een wachtwoord", PASSWORD)
    an.fill("Nog eens", PASSWORD)
    an.press("Maak mijn account")
    an.reads("Er staat nog geen toepassing")
    an.follow("Nieuwe toepassing")
    an.press("Begin")
    an.reads("bewaar met de knop")
    an.fill("Hoe heet de toepassing?", "Meldingen")
    an.press("Bewaar en stop voor nu")
    an.follow("Meldingen")
    an.fill("Wat doet ze?", "Ze leest een melding en stelt een dienst voor.")
    an.fill("Waarvoor dient ze?", "Meldingen sneller bij de juiste dienst brengen.")
    an.fill("Welke opdracht", "Openbare netheid")
    an.press("Bewaar en ga verder")
    an.fill("Wie merkt er iets van?", "inwoners die melden")
    an.fill("In welke stap", "De dienst voorstellen")
    an.pick("Wie doet die stap?", "AI adviseert")
    an.press("Bewaar en ga verder")
    an.fill("Wie is verantwoordelijk", "An")
    an.fill("Wie beslist", "Els")
    an.pick("Waar staat ze nu?", "idee")
    an.fill("Waar stelt een burger", "vraag@voorbeeld.example")
    an.press("Bewaar en ga verder")
    an.reads("namen die hier niemand heeft: Els", "vraag@voorbeeld.example")
    an.press("Registreer")
    an.reads("Geregistreerd.", "Fase: idee", "Er is geen totaalcijfer")


def test_1_bring_in_a_spreadsheet_and_look_back(installation, town, tmp_path):
    an = installation.visitor(town.an, width=768)
    an.open(WORK)
    an.follow("Invoeren uit een bestand")
    list_ = tmp_path / "lijst.csv"
    list_.write_text("Naam;Doel\nChatbot;Vragen van inwoners beantwoorden\n;Iets zonder naam\n", encoding="utf-8")
    an.attach("Bestand", list_)
    an.press("Bekijk wat erin staat")
    an.reads("2 gevonden", "1 goed", "1 met een probleem")
    an.press("Voer 1 in als concept")
    an.reads("Chatbot")
    an.press("Maak deze invoer ongedaan")
    an.reads("maakte deze invoer ongedaan")

    an.open(BOARD)
    an.follow("Kaart", exact=True)
    an.follow("Wijzig : Wat en waarom")
    an.fill("Doel", "Meldingen naar de dienst sturen, niet om overtreders te vinden.", exact=True)
    an.press("Bewaar", exact=True)
    an.fill("Wat is er veranderd?", "Het doel is scherper.")
    an.press("Leg vast")
    an.reads("Versie 2 is vastgelegd", "niet om overtreders te vinden")
    an.follow("Versies")
    an.follow("wat veranderde")
    an.reads("Meldingen naar de juiste dienst sturen.", "niet om overtreders te vinden")
    an.follow("Versies van de kaart")
    an.fill_day("Hoe was de kaart op", timezone.localdate())
    an.press("Toon de kaart van die dag")
    an.reads("niet om overtreders te vinden")


def test_2_classify(installation, town):
    an, bram = installation.visitor(town.an, width=360), installation.visitor(town.bram)
    an.open(BOARD)
    an.follow("Wet")
    an.follow("Beantwoord de vragen")
    an.reads("Waarom we dit vragen", "Bijvoorbeeld")
    asked = an.text("h1")
    an.unfold("Vraag het aan een collega")
    an.pick("Wie weet dit?", "Bram")
    an.fill("Wil je er iets bij zeggen?", "Jij kent de techniek.")
    an.press("Geef de vraag door")
    an.reads("De vraag staat nu bij de taken van Bram")

    bram.open(f"{WORK}taken/")
    bram.follow(asked)
    bram.reads("Jij kent de techniek.")
    bram.tick("leert uit gegevens")
    bram.press("Geef mijn antwoord")
    bram.reads("Dank je.")

    for _ in range(40):
        if "/antwoorden/" in an.page.url:
            break
        answers = [text.strip() for text in an.page.locator("main label:has(input[name=value])").all_inner_texts()]
        yes = "Ja" if "Bepaalt het systeem zelf" in an.text("h1") or "Gebruikt je organisatie" in an.text("h1") else ""
        an.tick(yes or next((a for a in answers if a.lower().startswith(("nee", "geen"))), answers[0]), exact=True)
        an.press("Bewaar en ga verder")
    an.reads("Geen hoog risico", "nog niet op de kaart")
    an.press("Zet de nieuwe antwoorden op de kaart")
    an.reads("Je antwoorden staan op de kaart (versie 2).", "Valt onder de AI-verordening")
    an.unfold("Bevestig deze indeling")
    an.fill("Waarom", "Nagelezen met de DPO: de computer adviseert, een mens beslist.")
    an.press("Bevestig", within="main form:has(textarea)")
    an.reads("Je bevestiging is bewaard.")


def test_3_answer_and_ask_colleagues(installation, town, tmp_path):
    an, bram = installation.visitor(town.an), installation.visitor(town.bram, width=768)
    an.open(BOARD)
    an.follow("De toepassing dient een taak van je bestuur")
    decision = tmp_path / "collegebesluit.pdf"
    decision.write_bytes(b"%PDF-1.7\n%%EOF\n")
    answering = "form:has(textarea[name=because])"
    an.tick("ja", exact=True, within=answering)
    an.fill("Waarom?", "Openbare netheid is een taak van de gemeente.", within=answering)
    an.attach("Voeg een document toe", decision, within=answering)
    an.press("Bewaar mijn antwoord")
    an.reads("Je antwoord is bewaard.", "Openbare netheid is een taak", "collegebesluit.pdf")
    an.unfold("Schrijf een opmerking")
    an.fill("Wat wil je zeggen of vragen?", "Klopt dit volgens jou?")
    an.tick("Bram")
    an.press("Plaats de opmerking")
    an.unfold("Vraag iemand")
    an.pick("Wie bekijkt dit?", "Bram")
    an.fill_day("Tegen wanneer?", timezone.localdate() + timedelta(days=7))
    an.fill("Wat vraag je?", "Lees het besluit na.")
    an.press("Vraag dit")
    an.reads("Gevraagd door An")

    bram.open(f"{WORK}taken/")
    bram.reads("Lees het besluit na.", "An: Klopt dit volgens jou?")
    bram.follow("De toepassing dient een taak")
    bram.press("Dit is klaar")
    bram.reads("Niemand is gevraagd.")


def test_3_measure(installation, town, tmp_path):
    an = installation.visitor(town.an)
    an.open(BOARD)
    measured(an, tmp_path, centre=130, suburb=60)
    an.reads("Klaar.", "latere fase")
    an.follow("Uitkomsten en fouten verschillen niet te veel")
    an.unfold("Verschil in gunstige adviezen")
    figure = an.page.locator("article", has_text="Verschil in gunstige adviezen")
    # 130 of 200 against 60 of 200: Newcombe's interval at 97,5 %, for two statements are made about this log (Bonferroni).
    assert re.search(r"35,0 procentpunt.*24,0 tot 44,8.*400.*hoogstens 10 procentpunt", an.text("article"))
    assert figure.get_by_role("img").count() == 1 and figure.locator("table").count() == 2
    an.reads("niet voldaan", "centrum", "rand")


def test_4_decide(installation, town):
    TOTP.activate(town.els, SECRET)
    town.els.set_password(PASSWORD)
    town.els.save()
    an, bram, els = (installation.visitor(p) for p in (town.an, town.bram, None))
    an.open(f"{BOARD}poort/")
    an.reads("Mag het idee een ontwerp worden?", "Wat nog ontbreekt", "Wie beslist", "Els")
    bram.open(f"{WORK}taken/")
    bram.follow("Mag het idee een ontwerp worden?")
    bram.unfold("Geef je advies")
    bram.tick("Gunstig")
    bram.fill("Je redenen", "Er zitten geen persoonsgegevens in.")
    bram.press("Bewaar mijn advies")
    bram.reads("gunstig Er zitten geen persoonsgegevens in.")

    els.open("/")
    els.follow("Aanmelden")
    els.fill("E-mailadres", "els@voorbeeld.example")
    els.fill("Wachtwoord", PASSWORD)
    els.press("Aanmelden", within="main")
    els.fill("Code", code(SECRET))
    els.press("Aanmelden", within="main")
    els.follow("Mag het idee een ontwerp worden?")
    els.tick("Ik open de poort")
    els.fill("Je redenen", "De meerwaarde is duidelijk.")
    els.press("Teken deze beslissing")
    els.reads("Ben jij het?")
    els.follow("Gebruik authenticator-app")
    cache.clear()  # half a minute later: an app gives another code then, and each is taken once
    els.fill("Code", code(SECRET))
    els.press("Ga verder")
    els.reads("Je beslissing staat in het logboek.", "De meerwaarde is duidelijk. Els", "laten bouwen of aankopen")

    els.follow("Stopknop")
    els.fill("Waarom?", "Te veel fouten vandaag.")
    els.press("Stop nu")
    els.reads("Deze toepassing is gestopt", "Te veel fouten vandaag. (Els)", "Zonder de toepassing werken")
    an.open(WORK)
    an.reads("gestopt")


def test_5_publish_by_two_people(installation, town):
    speak(town)
    fons, els = installation.visitor(town.fons, width=360), installation.visitor(town.els)
    fons.open(BOARD)
    fons.follow("Publiceren")
    fons.press("Maak een voorbeeld")
    fons.reads("Jij bereidde dit voor, dus iemand anders keurt het goed.", "Wat doet deze AI?")
    els.open(f"{WORK}taken/")
    els.reads("Een openbare pagina nalezen")
    els.follow("Meldingen", within="main")
    els.tick("Nee, er moet nog iets veranderen")
    els.press("Bevestig")
    els.reads("Zeg wat er moet veranderen")
    els.tick("Ja, zet ze in het openbare register")
    els.press("Bevestig")
    els.reads("De pagina staat in het openbare register.")
    els.follow("Bekijk de pagina")
    els.reads("Stel een vraag of maak bezwaar", "Laatst nagekeken", "Sindsdien gewijzigd? Nee")


def test_6_read_the_public_register(installation, town):
    published(speak(town))
    chaima = installation.visitor(width=360)
    chaima.open("/")
    chaima.fill("Zoek op een woord", "melding")
    chaima.pick("Bestuur", "Gemeente Voorbeeld")
    chaima.press("Zoek")
    chaima.follow("Meldingen")
    chaima.reads("Een mens beslist", "Heb je een vraag, of ga je niet akkoord?", "versie 1. Twee mensen lazen ze na.")
    assert json.loads(chaima.save("JSON").read_bytes())["address"].endswith("/register/voorbeeld/meldingen/")
    assert "Meldingen" in chaima.save("CSV").read_text(encoding="utf-8-sig")
    assert b"dpv" in chaima.save("Turtle").read_bytes()
    chaima.unfold("QR-code")
    assert chaima.page.get_by_role("img", name="QR-code").is_visible()
    assert "/register/voorbeeld/meldingen/" in chaima.page.get_by_label("Zet dit in je webpagina").input_value()
    chaima.follow("Dit is de eerste publicatie")
    chaima.fill_day("Op welke dag?", timezone.localdate())
    chaima.press("Toon de pagina van die dag")
    chaima.reads("Meldingen", "zoals ze toen was")


def test_7_take_part(installation, town):
    published(speak(town))
    chaima, an, bram = installation.visitor(width=360), installation.visitor(town.an), installation.visitor(town.bram)
    chaima.open("/register/voorbeeld/meldingen/")
    chaima.follow("Stel een vraag of maak bezwaar")
    chaima.tick("Ik ben het niet eens")
    chaima.tick("Dit gaat te ver")
    chaima.fill("Vertel het in je eigen woorden", "Bel mij op 0470 12 34 56.")
    chaima.press("Verstuur")
    chaima.reads("Hier lijkt iets persoonlijks in te staan")
    chaima.fill("Vertel het in je eigen woorden", "Bellen naar de dienst volstaat ook.")
    chaima.press("Verstuur")
    followed = chaima.text("#code")

    an.open(f"{BOARD}inspraak/")
    an.follow("bezwaar")
    an.tick("Ongegrond")
    an.fill("Antwoord, in gewone woorden", "Wij vinden dat het past.")
    an.press("Leg voor aan een tweede persoon")
    bram.open(f"{WORK}taken/")
    bram.follow("Dit gaat te ver")
    bram.tick("Gegrond", exact=True)
    bram.fill("Antwoord, in gewone woorden", "Je hebt gelijk: bellen volstaat.")
    bram.fill("Wat verandert er nu?", "Het nummer staat bovenaan.")
    bram.fill("Waarom beslis je zo?", "Nagegaan met de ploeg van het meldpunt.")
    bram.press("Beslis en verstuur")
    chaima.open("/volg/")
    chaima.fill("Je code", followed.lower())
    chaima.press("Bekijk")
    chaima.reads("Je hebt gelijk: bellen volstaat.", "gegrond")


def test_7_consult_and_survey(installation, town):
    published(speak(town))
    an = installation.visitor(town.an)
    an.open(f"{BOARD}inspraak/")
    an.follow("Noteer een raadpleging")
    an.fill("Titel", "Avond met de seniorenraad")
    an.fill("Wie werd gevraagd?", "de seniorenraad")
    an.fill_day("Wanneer?", timezone.localdate())
    an.press("Ga verder")
    an.fill("Wat zeiden ze?", "Bellen moet kunnen.")
    an.press("Voeg dit punt toe")
    an.tick("Ja")
    an.fill("Wat deed je ermee", "Het nummer staat bovenaan de pagina.")
    an.press("Bewaar", exact=True)
    an.press("Sluit af en maak openbaar")
    an.reads("Ze staat op de openbare pagina")

    an.open(f"{BOARD}inspraak/")
    an.follow("Maak een bevraging")
    an.fill("Titel", "Werkt het meldpunt?")
    an.fill("Wie vraag je?", "inwoners die meldden")
    an.fill("Wat vraag je?", "Wat kan beter?", within="fieldset:nth-of-type(1)")
    an.pick("Hoe antwoordt men?", "Eigen woorden", within="fieldset:nth-of-type(1)")
    an.press("Maak de bevraging")
    an.fill("Hoeveel links?", "5")
    an.press("Maak links")
    links = an.text("main pre").split()
    assert len(links) == 5
    chaima = installation.visitor(width=360)
    chaima.open(links[0])
    chaima.fill("Wat kan beter?", "Een teken van leven na mijn melding.")
    chaima.press("Verstuur")
    chaima.open(links[0])
    chaima.reads("al")
    an.press("Sluit de bevraging af")
    an.reads("Minder dan vijf antwoorden.")


def test_8_record_an_incident(installation, town):
    fons, an = installation.visitor(town.fons, width=768), installation.visitor(town.an)
    fons.open(BOARD)
    fons.follow("Incidenten", within="main")
    fons.follow("Schrijf een incident op")
    fons.fill("Wat ging er mis, in één zin?", "Meldingen gingen naar de verkeerde dienst")
    fons.fill("Wat gebeurde er precies?", "Een ochtend lang kreeg de groendienst alles.")
    fons.tick("mensen leden schade")
    fons.tick("Ja", within="fieldset:has(input[name=breach])")
    fons.press("Bewaar", exact=True)
    fons.reads("Wat je moet melden", "72 uur", "nog")

    an.open(f"{WORK}incidenten/")
    an.follow("Meldingen gingen naar de verkeerde dienst")
    an.pick("Wie volgt dit incident op?", "Bram")
    an.press("Kies", exact=True)
    an.unfold("Geef iemand een taak")
    an.fill("Wat moet er gebeuren?", "Bel wie iets meldde.")
    an.pick("Wie doet dit?", "An")
    an.press("Geef deze taak")
    an.press("Klaar : Bel wie iets meldde.")
    an.reads("klaar", "gedaan op")
    an.unfold("Sluit dit incident")
    an.fill("Waarom is dit afgehandeld?", "Alles is opnieuw verdeeld.")
    an.fill("Wat leer je eruit", "We kijken elke ochtend na.")
    an.press("Sluit met deze redenen")
    an.reads("eerst")


def test_9_manage(installation, town):
    second_factor(town.gerda)
    gerda, an, bram = (installation.visitor(p) for p in (town.gerda, town.an, town.bram))
    an.open(WORK)
    an.unfold("Kies en rangschik")
    an.pick("Fase", "idee")
    an.press("Toon", exact=True)
    an.reads("1 van 1 toepassingen")
    an.follow("Mijn taken")
    an.reads("Wat op jou wacht")
    an.follow("Alles samen")
    an.reads("OESO")
    an.follow("Kalender")
    an.press("Maak een adres")
    address = re.search(r"https?://\S+\.ics", an.text())[0]
    assert an.page.request.get(address).text().startswith("BEGIN:VCALENDAR")

    gerda.open(WORK)
    gerda.follow("Beheer")
    gerda.follow("Pas aan Fons")
    gerda.tick("personeelsdienst (HR)")
    gerda.press("Bewaar")
    gerda.reads("De rollen zijn bewaard.")
    gerda.follow("Verplicht advies")
    gerda.tick("functionaris voor gegevensbescherming (DPO)")
    gerda.press("Bewaar")
    gerda.follow("Uitzicht")
    bram.open(f"{WORK}taken/")
    bram.reads("Je advies is gevraagd")


def test_10_keep_the_dossier(installation, town):
    an = installation.visitor(town.an)
    an.open(BOARD)
    assert b"Meldingen" in an.save("HTML").read_bytes()
    dossier = json.loads(an.save("JSON").read_bytes())
    assert dossier["application"]["name"] == "Meldingen"
    assert an.save("PDF").read_bytes().startswith(b"%PDF-")


def speak(town, **parts):
    """The card says what an inhabitant has to know, and by whom it can be reached."""
    said = {
        "phase": "design",
        "summary": "De computer leest je melding en kiest een dienst. Een medewerker kijkt dat na.",
        "contact": {"ask": "vraag@voorbeeld.example", "object": "bezwaar@voorbeeld.example", "term_days": 20},
        "process": [{"step": "Een dienst voorstellen", "actor": "ai_advises"}],
    }
    acts.declare(application=town.application, card=card(**said | parts), by=town.an)
    return town
