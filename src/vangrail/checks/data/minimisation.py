"""dat-7: are there only columns that are needed? Held against declared against used."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check
from vangrail.checks.planning import reading
from vangrail.model.card import Card, Condition
from vangrail.model.evidence import Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, Field, Need, Rows
from vangrail.model.outcome import Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Unit
from vangrail.tables import sql

COLUMNS = "columns"

NOT_DECLARED = both(nl="staat niet op de kaart", en="not on the card")
NOT_USED = both(nl="op de kaart, maar niet gebruikt", en="on the card, but not used")
NOT_SAID = both(nl="op de kaart, maar er staat niet of ze gebruikt wordt", en="on the card, but use is not stated")


def plan(card: Card) -> Iterator[Measurement]:
    """Per data set."""
    for name, dataset in card.datasets.items():
        settings = {
            "used": {c: column.used for c, column in sorted(dataset.columns.items()) if not column.expression},
            "assessing": sorted(_for_assessing(card, name)),
            "expressions": _expressions(card, name),
            "derived": {c: column.expression for c, column in sorted(dataset.columns.items()) if column.expression},
            "reading": reading(dataset),
        }
        yield Measurement(check=CHECK.id, version=CHECK.version, dataset=name, subject=COLUMNS, settings=settings)


def _for_assessing(card: Card, name: str) -> set[str]:
    """Columns that are held to identify, date, label or assess: a protected characteristic is not there to decide by."""
    dataset, log = card.datasets[name], card.decision_log
    columns = {*dataset.key, *dataset.annotators, *dataset.reference}
    columns |= {dataset.refresh.column} if dataset.refresh else set()
    columns |= {dataset.drift.column} if dataset.drift else set()
    if log is not None and log.dataset == name:
        parts: list[Condition | None] = [log.advice, log.decision, log.outcome, log.selected, log.random_sample]
        columns |= {p.column for p in parts if p is not None and p.column}
        columns |= {p.column for p in log.protected}
        columns |= {c for c in (log.officer, log.seconds) if c}
        columns |= {log.score.column} if log.score else set()
    return columns


def _expressions(card: Card, name: str) -> list[str]:
    """What says which rows count, and what the log's advice, decision, outcome and marks are, where no column does."""
    dataset, log = card.datasets[name], card.decision_log
    found = [dataset.where]
    if log is not None and log.dataset == name:
        parts: list[Condition | None] = [log.advice, log.decision, log.outcome, log.selected, log.random_sample]
        found += [p.expression for p in parts if p is not None]
    return sorted({e for e in found if e})


def _with_sources(measurement: Measurement, fields: Sequence[Field]) -> set[str]:
    """The columns held for assessing, with those that expressions and derived columns among them are made from."""
    settings = measurement.settings
    derived, ahead, found = settings["derived"], list(settings["expressions"]), set(settings["assessing"])
    ahead += [derived[name] for name in found & derived.keys()]
    while ahead:
        expression = ahead.pop()
        text = sql.checked(expression, fields, where=f"card.yaml, datasets.{measurement.dataset}")
        text = re.sub(r"'(?:[^']|'')*'", "", text)  # a column's name may stand in a text too
        new = {f.name for f in fields if sql.column(f.name) in text} - found
        ahead += [derived[name] for name in new & derived.keys()]
        found |= new
    return found


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """Only the columns; the rows are counted to say how large the table is."""
    return [Rows()]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The share of the columns held that are not declared, or not declared to be used.

    Measured        percent [0, 100] of the columns; one detail per column that is not accounted for
    NotMeasurable   when the card names no columns at all
    """
    used = measurement.settings["used"]
    if not used:
        return NotMeasurable(
            reason=both(nl="Er staan geen kolommen op de kaart.", en="The card names no columns."),
            do=both(
                nl="Schrijf bij elke kolom of de toepassing ze gebruikt: 'used: true' of 'used: false'.",
                en="State for each column whether the application uses it: 'used: true' or 'used: false'.",
            ),
        )
    assessing = _with_sources(measurement, fields)
    held = [f.name for f in fields if f.given]
    details = []
    for name in held:
        if name in assessing or used.get(name) is True:
            continue
        note = NOT_DECLARED if name not in used else NOT_USED if used[name] is False else NOT_SAID
        details.append(Detail(name=name, rows=answers.rows, counted=answers.rows, note=note))
    return Measured(
        value=100 * len(details) / len(held),
        unit=Unit.PERCENT,
        rows=answers.rows,
        details=tuple(details),
        notes=(
            both(
                nl=f"{len(held)} kolommen in de bron. Voor {len(held) - len(details)} daarvan staat op de kaart waarvoor ze dienen.",
                en=f"{len(held)} columns in the source. For {len(held) - len(details)} of them the card says what they serve.",
            ),
        ),
    )


CHECK = Check(
    id="minimisation",
    family="data",
    title=both(nl="Minimale gegevens", en="Data minimisation"),
    measures=both(
        nl="Welk deel van de kolommen in de bron niet op de kaart staat of volgens de kaart niet gebruikt wordt.",
        en="Which share of the columns in the source is not on the card, or is not used according to the card.",
    ),
    wants=both(nl="een dataset op de kaart, met kolommen", en="a data set on the card, with columns"),
    formula="columns neither declared as used nor needed for assessing / columns held × 100",
    source="GDPR art. 5(1)(c); principedocument p. 11",
    plan=plan,
    needs=needs,
    measure=measure,
    version=2,  # 1 did not see the columns that stand in an expression
    subjects={COLUMNS: both(nl="kolommen", en="columns")},
)
