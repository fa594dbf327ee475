"""How often there is a way out: something small that a person can change and that turns the advice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from vangrail.checks import Check
from vangrail.checks.explanation import cases as asking
from vangrail.checks.explanation import local
from vangrail.checks.explanation.cases import NUMBERS, Cases
from vangrail.checks.explanation.counterfactual import Search
from vangrail.model.card import Card, Changeable
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Cell, Columns, CountTable, Field, Need, Predict, Probe
from vangrail.model.outcome import Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import ColumnType, Unit

WHAT, COLUMN = "what", "column"
CASES, ONE, TWO, ALONE = "unfavourable", "one input", "two inputs", "this input alone"
MOST_CASES = 300


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per model of which the card says what a person can change."""
    for model, dataset in asking.models(card):
        if model.can_change and card.decision_log is not None:
            more = {
                "favourable": card.decision_log.favourable,
                "can_change": {c: how.model_dump(mode="json") for c, how in model.can_change.items()},
            }
            yield Measurement(
                check=CHECK.id,
                version=CHECK.version,
                dataset=dataset,
                subject=model.name,
                settings=asking.settings(card, model, dataset) | more,
            )


@dataclass(frozen=True, kw_only=True)
class WaysOut:
    """Rows and a model -> how many cases have an unfavourable advice, and how many of those a way out."""

    inputs: tuple[str, ...]
    search: Search

    def __call__(self, rows: Columns, predict: Predict) -> CountTable:
        """Counts of cases, by what was found, and for one input alone by which."""
        everyone, said, _ = asking.answered_only(predict, Cases.of(rows, self.inputs))
        unfavourable = everyone.at(np.flatnonzero(said.advice != self.search.favourable)[:MOST_CASES])
        among = {c: rows[c] for c, _ in self.search.can_change}
        ways = self.search.ways(predict, unfavourable, among)
        alone = {c: sum(any(w.columns == (c,) for w in found) for found in ways) for c, _ in self.search.can_change}
        cells = [
            Cell((CASES, None), len(unfavourable)),
            Cell((ONE, None), sum(bool(w) and len(w[0].columns) == 1 for w in ways)),
            Cell((TWO, None), sum(bool(w) and len(w[0].columns) == 2 for w in ways)),
        ]
        return CountTable((WHAT, COLUMN), (*cells, *(Cell((ALONE, c), n) for c, n in alone.items())))


def search(can_change: dict[str, Changeable], fields: Sequence[Field], *, favourable: bool) -> Search:
    """How to look, given the columns as they were found."""
    types = {f.name: f.type for f in fields}
    return Search(
        can_change=tuple(sorted(can_change.items())),
        numbers=tuple(sorted(c for c in can_change if types.get(c) in NUMBERS)),
        wholes=tuple(sorted(c for c in can_change if types.get(c) is ColumnType.INTEGER)),
        favourable=favourable,
    )


def _probe(measurement: Measurement, fields: Sequence[Field]) -> Probe:
    settings = measurement.settings
    can_change = {c: Changeable.model_validate(how) for c, how in settings["can_change"].items()}
    totals = WaysOut(
        inputs=tuple(settings["inputs"]),
        search=search(can_change, fields, favourable=settings["favourable"] == "yes"),
    )
    return Probe(
        model=settings["model"],
        columns=asking.columns(settings),
        at_most=settings["rows"],
        totals=totals,
    )


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The model on cases with an unfavourable advice, and on copies that a person could become."""
    return [_probe(measurement, fields)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """Share of the cases with an unfavourable advice that have a way out: one or two inputs changed as the card allows.

    Measured        percent [0, 100] with a Wilson interval; details per input that is enough by itself, and for two
    NotMeasurable   fewer than `min_rows` cases with an unfavourable advice
    """
    settings = measurement.settings
    table = answers.table(_probe(measurement, fields))
    number = table.of(what=CASES)
    if number < settings["min_rows"]:
        return NotMeasurable(
            reason=both(
                nl=f"Te weinig gevallen met een ongunstig advies van het model: {number}, en minstens"
                f" {settings['min_rows']} zijn nodig.",
                en=f"Too few cases with an unfavourable advice of the model: {number}, and at least"
                f" {settings['min_rows']} are needed.",
            ),
            do=both(nl="Kies een hogere 'tried_rows' op de kaart.", en="Choose higher 'tried_rows' on the card."),
        )
    one, two = table.of(what=ONE), table.of(what=TWO)
    value, low, high = local.wilson(one + two, number, settings["confidence"])
    alone = sorted(
        ((c.rows, str(c.values[1])) for c in table.cells if c.values[0] == ALONE), key=lambda x: (-x[0], x[1])
    )
    enough = both(nl="dit gegeven alleen is genoeg", en="this piece of data alone is enough")
    details = [Detail(name=column, rows=number, counted=n, note=enough) for n, column in alone]
    pair = both(nl="alleen met twee gegevens samen", en="only with two pieces of data together")
    together = both(nl="twee gegevens", en="two pieces of data")
    details.append(Detail(name=TWO, called=together, rows=number, counted=two, note=pair))
    return Measured(
        value=value,
        low=low,
        high=high,
        confidence=settings["confidence"],
        unit=Unit.PERCENT,
        rows=number,
        details=tuple(details),
        notes=(
            both(
                nl="Voor elk geval met een ongunstig advies is gezocht naar een kleine verandering die het advies gunstig"
                " maakt: in hoogstens twee gegevens die iemand volgens de kaart kan veranderen.",
                en="For every case with an unfavourable advice a small change was looked for that makes it favourable: in at"
                " most two pieces of data that a person can change according to the card.",
            ),
            both(
                nl="Het model kent alleen wat erin gaat. Of iemand dit echt kan veranderen, en of het dan ook juist is, weet"
                " het niet. Een hoog cijfer kan ook betekenen dat het model makkelijk te misleiden is.",
                en="The model knows only what goes in. Whether someone can really change this, and whether it would be right"
                " then, it does not know. A high figure may also mean that the model is easy to mislead.",
            ),
        ),
    )


def _not_asked(card: Card) -> Text | None:
    """Why this is not missed: it only describes, and only where the card says what a person can change."""
    if any(model.can_change for model, _ in asking.models(card)):
        return None
    return both(
        nl="De kaart zegt bij geen enkel model dat opgeroepen kan worden, wat een mens kan veranderen ('can_change'). Dit"
        " cijfer beschrijft alleen, dus het hoeft niet.",
        en="The card says of no model that can be called what a person can change ('can_change'). This figure only"
        " describes, so it is not required.",
    )


CHECK = Check(
    id="counterfactual-available",
    family="explanation",
    title=both(nl="Is er een uitweg", en="Counterfactual available"),
    measures=both(
        nl="Voor hoeveel mensen met een ongunstig advies er iets kleins is dat ze kunnen veranderen om een gunstig advies te"
        " krijgen.",
        en="For how many people with an unfavourable advice there is something small that they can change to get a"
        " favourable one.",
    ),
    wants=both(
        nl="een model op de kaart dat opgeroepen kan worden, met 'can_change', en een beslissingslogboek",
        en="a model on the card that can be called, with 'can_change', and a decision log",
    ),
    formula="cases with a way out in one or two inputs / cases with an unfavourable advice × 100",
    source="Wachter, Mittelstadt and Russell (2018), Harvard J. Law & Technology 31, 841-887; Ustun, Spangher and Liu"
    " (2019), FAT*, 10-19",
    counted=both(nl="gevallen", en="cases"),
    plan=plan,
    needs=needs,
    measure=measure,
    version=2,
    not_applicable=_not_asked,
    judged=False,
)
