"""The columns of a list of applications: what they are called, in Dutch and English, and where they go on a card."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import Language, Phase, ProcessActor


class Unreadable(Exception):
    """What stands in a cell is not what the column asks; says what would be."""

    def __init__(self, said: Text) -> None:
        super().__init__(said[Language.EN])
        self.said = said


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column that is known.

    path      where its value goes on the card
    headings  other things that it is called
    example   what could stand in it, for the template
    read      the text of a cell -> the value for the card. Raises Unreadable
    """

    path: str
    title: Text
    example: str
    headings: tuple[str, ...] = ()
    read: Callable[[str], Any] = str


def _one_of(words: dict[str, str], said: Text) -> Callable[[str], str]:
    def read(text: str) -> str:
        found = words.get(normal(text))
        if found is None:
            raise Unreadable(said)
        return found

    return read


def _person(text: str) -> dict[str, str]:
    return {"name": " ".join(text.split())}


def _several(key: str) -> Callable[[str], list[dict[str, str]]]:
    """A list in one cell: a line or a part between semicolons per item."""

    def read(text: str) -> list[dict[str, str]]:
        return [{key: part.strip()} for part in re.split(r"[;\n]", text) if part.strip()]

    return read


def _number(text: str) -> float:
    """1.234,5 and 1234.5 and 1 234: as it is written here, or as a computer writes it."""
    plain = text.replace(" ", "").replace("'", "")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(\.\d{3})+", plain):
        plain = plain.replace(".", "")
    if not re.fullmatch(r"\d{1,15}(\.\d{1,15})?", plain):
        raise Unreadable(
            both(nl="dit is geen getal. Schrijf 1234 of 1234,5.", en="this is no number. Write 1234 or 1234.5.")
        )
    return float(plain)


PHASES = {
    Phase.IDEA: ("idee", "idea", "voorstel", "gepland", "planned", "verkenning"),
    Phase.DESIGN: ("ontwerp", "design", "voorbereiding"),
    Phase.BUILD: ("ontwikkeling of aankoop", "in ontwikkeling", "ontwikkeling", "aankoop", "bouw", "build", "development",
                  "in development", "aanbesteding", "procurement"),
    Phase.VALIDATE: ("validatie", "validate", "validation", "test", "proef", "piloot", "pilot", "in test", "proefproject"),
    Phase.OPERATE: ("gebruik", "in gebruik", "operate", "operation", "in use", "in productie", "productie", "live", "actief",
                    "active"),
    Phase.RETIRE: ("uitfasering", "uit gebruik", "buiten gebruik", "gestopt", "stopgezet", "retire", "retired", "out of use"),
}  # fmt: skip
ACTORS = {
    ProcessActor.HUMAN: ("mens", "een mens", "human", "medewerker"),
    ProcessActor.AI_ADVISES: ("ai adviseert", "ai advises", "advies", "ai geeft advies"),
    ProcessActor.AI_ACTS_HUMAN_CHECKS: (
        "ai doet mens controleert",
        "ai handelt mens controleert",
        "ai acts human checks",
        "ai doet het een mens controleert",
    ),
    ProcessActor.AI_ACTS: ("ai doet", "ai handelt", "ai alleen", "ai acts", "volautomatisch", "automatisch"),
}
_PHASE = _one_of(
    {word: phase.value for phase, words in PHASES.items() for word in words},
    both(
        nl="dit is geen fase. Schrijf idee, ontwerp, ontwikkeling, validatie, gebruik of uitfasering.",
        en="this is no phase. Write idea, design, development, validation, in use or retired.",
    ),
)
_ACTOR = _one_of(
    {word: actor.value for actor, words in ACTORS.items() for word in words},
    both(
        nl="kies uit: mens; AI adviseert; AI doet, mens controleert; AI doet.",
        en="choose from: human; AI advises; AI acts, human checks; AI acts.",
    ),
)

COLUMNS = (
    Column(
        path="name",
        title=both(nl="Naam", en="Name"),
        example="Meldingen van sluikstort naar de juiste dienst",
        headings=("naam toepassing", "naam van de toepassing", "toepassing", "titel", "application", "application name",
                  "title", "naam algoritme", "ai-toepassing", "tool"),
    ),
    Column(
        path="summary",
        title=both(nl="Wat doet ze?", en="What does it do?"),
        example="Leest de tekst van een melding en stelt een dienst voor.",
        headings=("omschrijving", "korte omschrijving", "beschrijving", "description", "summary", "short description"),
    ),
    Column(
        path="purpose.text",
        title=both(nl="Doel", en="Purpose"),
        example="Meldingen meteen naar de juiste dienst sturen.",
        headings=("beoogd doel", "waarom", "doelstelling", "goal", "intended purpose", "why"),
    ),
    Column(
        path="purpose.public_task",
        title=both(nl="Opdracht van je bestuur", en="Public task"),
        example="Openbare netheid",
        headings=("taak", "publieke taak", "opdracht", "openbare taak", "task", "bevoegdheid"),
    ),
    Column(
        path="phase",
        title=both(nl="Fase", en="Phase"),
        example="gebruik",
        headings=("status", "stand", "stage", "levensfase"),
        read=_PHASE,
    ),
    Column(
        path="affected",
        title=both(nl="Wie merkt er iets van?", en="Who is affected?"),
        example="Inwoners die melden; medewerkers van het meldpunt",
        headings=("betrokkenen", "doelgroep", "doelgroepen", "affected", "affected people", "stakeholders"),
        read=_several("who"),
    ),
    Column(
        path="process.step",
        title=both(nl="In welke stap doet AI mee?", en="In which step does AI take part?"),
        example="Dienst voorstellen",
        headings=("stap", "processtap", "step", "process step"),
    ),
    Column(
        path="process.actor",
        title=both(nl="Wie doet die stap?", en="Who does that step?"),
        example="AI adviseert",
        headings=("wie doet wat", "mens of ai", "actor", "automatisering", "rol van ai", "role of ai"),
        read=_ACTOR,
    ),
    Column(
        path="people.application_owner",
        title=both(nl="Toepassingsverantwoordelijke", en="Application owner"),
        example="Jo Vandersteegen",
        headings=("verantwoordelijke", "eigenaar", "owner", "contactpersoon", "beheerder"),
        read=_person,
    ),
    Column(
        path="people.decider",
        title=both(nl="Beslisser", en="Decider"),
        example="Koen Dierinckx",
        headings=("wie beslist", "opdrachtgever", "decision maker"),
        read=_person,
    ),
    Column(
        path="people.dpo",
        title=both(nl="DPO", en="DPO"),
        example="Samira El Khattabi",
        headings=("functionaris voor gegevensbescherming", "data protection officer"),
        read=_person,
    ),
    Column(
        path="suppliers.name",
        title=both(nl="Leverancier", en="Supplier"),
        example="Spraakwater nv",
        headings=("vendor", "provider", "firma", "ontwikkelaar", "aanbieder"),
    ),
    Column(
        path="suppliers.product",
        title=both(nl="Product", en="Product"),
        example="Wegwijs 3",
        headings=("productnaam", "software", "pakket", "product name"),
    ),
    Column(
        path="contact.ask",
        title=both(nl="Contact voor vragen", en="Contact for questions"),
        example="meldpunt@voorbeeld.be",
        headings=("contact", "contactgegevens", "e-mail", "email", "mail"),
    ),
    Column(
        path="contact.object",
        title=both(nl="Contact voor bezwaar", en="Contact for objections"),
        example="meldpunt@voorbeeld.be",
        headings=("bezwaar", "klachten", "objections"),
    ),
    Column(
        path="legal_basis",
        title=both(nl="Wettelijke basis", en="Legal basis"),
        example="Nieuwe Gemeentewet art. 135 §2",
        headings=("rechtsgrond", "wettelijke grondslag", "legal ground", "grondslag"),
        read=_several("title"),
    ),
    Column(
        path="privacy.personal_data",
        title=both(nl="Persoonsgegevens", en="Personal data"),
        example="Tekst van de melding en e-mailadres",
        headings=("welke persoonsgegevens", "gegevens", "data"),
    ),
    Column(
        path="privacy.retention",
        title=both(nl="Bewaartermijn", en="Retention"),
        example="90 dagen",
        headings=("hoe lang bewaard", "bewaring", "retention period"),
    ),
    Column(
        path="privacy.dpia",
        title=both(nl="Waar staat de DPIA?", en="Where is the DPIA?"),
        example="documentbeheer, 2026/114",
        headings=("dpia", "geb", "gegevensbeschermingseffectbeoordeling"),
    ),
    Column(
        path="privacy.processing_register",
        title=both(nl="Verwerkingsregister", en="Processing register"),
        example="nummer 14",
        headings=("nummer verwerkingsregister", "register van verwerkingen", "record of processing"),
    ),
    Column(
        path="energy.operation_kwh_year",
        title=both(nl="Energie per jaar (kWh)", en="Energy per year (kWh)"),
        example="9",
        headings=("energie", "energieverbruik", "verbruik kwh", "energy", "energy use"),
        read=_number,
    ),
)  # fmt: skip
BY_PATH = {column.path: column for column in COLUMNS}


def normal(text: str) -> str:
    """A word as it is compared: without capitals, accents, signs and doubled spaces."""
    plain = unicodedata.normalize("NFKD", text[:200]).encode("ascii", "ignore").decode().lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())


_KNOWN = {
    normal(heading): column.path
    for column in COLUMNS
    for heading in (*column.title.values(), column.path, *column.headings)
}


def recognise(headings: Sequence[str]) -> dict[int, str]:
    """Which columns are known by their heading, by place from 0: an exact name before one that nearly is; each goes once."""
    words = [normal(h) for h in headings]
    found: dict[int, str] = {}
    for place, word in enumerate(words):
        path = _KNOWN.get(word)
        if path is not None and path not in found.values():
            found[place] = path
    for place, word in enumerate(words):
        if place in found or len(word) < 4:
            continue
        near = difflib.get_close_matches(word, _KNOWN, n=1, cutoff=0.87)
        if near and _KNOWN[near[0]] not in found.values():
            found[place] = _KNOWN[near[0]]
    return found
