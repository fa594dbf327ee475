"""dat-10: is every data set described in Croissant or DCAT, with what that standard makes mandatory?"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from vangrail.checks import Check
from vangrail.checks.metadata import croissant, dcat
from vangrail.checks.metadata.described import Property, State, table
from vangrail.model.card import DECLARED, REPORTS, Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, CountTable, Field, Need, Report
from vangrail.model.outcome import Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Language, Unit

_PROPERTIES: Mapping[str, Mapping[str, Property]] = {
    croissant.NAME: croissant.PROPERTIES,
    dcat.NAME: dcat.PROPERTIES,
}


@dataclass(frozen=True)
class Description:
    """Reads the description of one data set: how many mandatory properties are there, missing, or of another form."""

    identifier: str | None

    def __call__(self, content: bytes) -> CountTable:
        """The states of the mandatory properties. A file of another form has one: unreadable."""
        text = content.lstrip()
        if text[:1] not in (b"{", b"[") or dcat.DCAT.encode() in content:
            return table(dcat.NAME, dcat.states(content, self.identifier))
        try:
            read = json.loads(text)
        except (ValueError, RecursionError):
            return table(croissant.NAME, [("file", State.UNREADABLE)])
        if not isinstance(read, dict):
            return table(croissant.NAME, [("file", State.NOT_DESCRIBED)])
        return table(croissant.NAME, croissant.states(read))


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per data set: of its file, or of the lack of one."""
    for name, dataset in card.datasets.items():
        file = dataset.metadata_file
        place = DECLARED if file is None else REPORTS + file
        settings = {"file": file, "identifier": dataset.metadata_id}
        yield Measurement(check=CHECK.id, version=CHECK.version, dataset=place, subject=name, settings=settings)


def _report(measurement: Measurement) -> Report | None:
    file = measurement.settings["file"]
    return None if file is None else Report(file, Description(measurement.settings["identifier"]))


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """How the mandatory properties stand in the file, where there is one."""
    report = _report(measurement)
    return [] if report is None else [report]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """Which share of the mandatory properties is there in the right form; per property that is not, why.

    Measured        percent [0, 100] of the properties that the standard makes mandatory; 0 for a file that cannot be read
    NotMeasurable   without a file that a program can read, or when the file describes several data sets and the card does
                    not say which, or when it leans on a context elsewhere
    """
    report = _report(measurement)
    if report is None:
        return NotMeasurable(reason=_NO_FILE, do=_MAKE_ONE)
    found = answers.table(report)
    standard = str(found.cells[0].values[0])
    states = {(str(name), State(str(state))): c.rows for c in found.cells for _, name, state in [c.values]}
    for state, (reason, do) in _NOT_ABOUT_IT.items():
        if ("file", state) in states:
            return NotMeasurable(reason=reason, do=do)
    asked = sum(states.values())
    there = sum(rows for (_, state), rows in states.items() if state is State.THERE)
    details = [
        Detail(name=name, rows=_rows(states, name), counted=rows, note=_why(standard, name, state))
        for (name, state), rows in states.items()
        if state is not State.THERE
    ]
    return Measured(
        value=100 * there / asked,
        unit=Unit.PERCENT,
        rows=asked,
        details=tuple(details),
        notes=(_said(standard),),
    )


def _rows(states: Mapping[tuple[str, State], int], name: str) -> int:
    return sum(rows for (other, _), rows in states.items() if other == name)


def _why(standard: str, name: str, state: State) -> Text:
    if state is State.UNREADABLE:
        return both(nl="het bestand is geen geldige JSON-LD of Turtle", en="the file is no valid JSON-LD or Turtle")
    wanted = _PROPERTIES[standard][name]
    nl, en = wanted.words[Language.NL], wanted.words[Language.EN]
    if state is State.MISSING:
        return both(nl=f"{nl}: ontbreekt", en=f"{en}: missing")
    return both(
        nl=f"{nl}: heeft een andere vorm dan gevraagd ({wanted.form[Language.NL]})",
        en=f"{en}: not of the form that is asked ({wanted.form[Language.EN]})",
    )


def _said(standard: str) -> Text:
    return both(
        nl=f"Nagekeken volgens {standard}: staan de verplichte velden er, in de juiste vorm? Of het waar is wat er staat, kan"
        " een programma niet zien.",
        en=f"Checked against {standard}: are the mandatory fields there, in the right form? Whether what they say is true, a"
        " program cannot see.",
    )


_MAKE_ONE = both(
    nl="Beschrijf de dataset in Croissant (.json) of DCAT (.jsonld of .ttl), leg het bestand naast de kaart en noem het bij"
    " 'metadata'.",
    en="Describe the data set in Croissant (.json) or DCAT (.jsonld or .ttl), put the file beside the card and name it under"
    " 'metadata'.",
)
_NO_FILE = both(
    nl="Er is geen beschrijving die een programma kan lezen: 'metadata' noemt geen bestand in Croissant of DCAT.",
    en="There is no description that a program can read: 'metadata' names no file in Croissant or DCAT.",
)
_NOT_ABOUT_IT: Mapping[State, tuple[Text, Text]] = {
    State.NOT_DESCRIBED: (
        both(nl="Het bestand beschrijft deze dataset niet.", en="The file does not describe this data set."),
        both(
            nl="Noem het juiste bestand bij 'metadata', en zo nodig het kenmerk bij 'metadata_id'.",
            en="Name the right file under 'metadata' and, where needed, the identifier under 'metadata_id'.",
        ),
    ),
    State.SEVERAL: (
        both(nl="Het bestand beschrijft verschillende datasets.", en="The file describes several data sets."),
        both(
            nl="Zet bij 'metadata_id' het kenmerk (dct:identifier) of het adres van deze dataset.",
            en="Put the identifier (dct:identifier) or the address of this data set under 'metadata_id'.",
        ),
    ),
    State.REMOTE: (
        both(
            nl="Het bestand steunt op een '@context' die elders op het web staat. We halen niets op.",
            en="The file leans on a '@context' that stands elsewhere on the web. Nothing is fetched.",
        ),
        both(
            nl="Bewaar het als Turtle (.ttl), of schrijf de '@context' voluit in het bestand.",
            en="Save it as Turtle (.ttl), or write the '@context' out in the file.",
        ),
    ),
}

CHECK = Check(
    id="metadata-validity",
    family="metadata",
    title=both(nl="Beschrijving volgens een standaard", en="Description by a standard"),
    measures=both(
        nl="Hoeveel procent van de verplichte velden van Croissant of DCAT-AP Vlaanderen er staat, in de juiste vorm.",
        en="What share of the mandatory fields of Croissant or DCAT-AP Vlaanderen is there, in the right form.",
    ),
    wants=both(nl="een dataset op de kaart", en="a data set on the card"),
    formula="mandatory properties that are there and of the right form / mandatory properties × 100",
    source="Croissant 1.1, Dataset-level Information; DCAT-AP Vlaanderen, Dataset and Distribution",
    counted=both(nl="gevraagde eigenschappen", en="properties asked"),
    plan=plan,
    needs=needs,
    measure=measure,
)
