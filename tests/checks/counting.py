"""Answers to a check's needs, written down as small tables, so that the numbers are in sight."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from vangrail import checks
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.needs import Answers, Cell, Counts, CountTable, Field, Need, NeedAnswer, Value
from vangrail.model.outcome import Outcome
from vangrail.model.vocabulary import ColumnType

ON = date(2026, 11, 22)
_WORDS: Mapping[str, Value] = {"yes": True, "no": False, "": None, "-": None}


def counted(text: str) -> CountTable:
    """A table such as `group | advice | rows` with one combination per line; the last column is the number of rows."""
    lines = [[part.strip() for part in line.split("|")] for line in text.strip().splitlines()]
    return CountTable(
        keys=tuple(lines[0][:-1]),
        cells=tuple(Cell(tuple(_WORDS.get(v, v) for v in line[:-1]), int(line[-1])) for line in lines[1:]),
    )


def card(**parts: Any) -> Card:
    """A small card with these parts."""
    base = {"vangrail": 1, "id": "test", "name": "Test", "organisation": {"name": "Gemeente"}, "phase": "operate"}
    return Card.model_validate(base | parts)


def log_card(**log: Any) -> Card:
    """A card with a decision log; columns: advice, outcome (yes/no text), and whatever is protected."""
    parts = {
        "dataset": "log",
        "advice": {"column": "advice", "positive": "yes"},
        "favourable": "yes",
        "protected": [{"column": "group", "reference": "centre"}],
    }
    return card(datasets={"log": {"source": "log.csv"}}, decision_log=parts | log)


def fields(*names: str, type_: ColumnType = ColumnType.TEXT) -> list[Field]:
    """Columns as they were found."""
    return [Field(name=n, type=type_, origin="VARCHAR") for n in names]


def only(check: str, on_card: Card) -> Measurement:
    """The one measurement that a check plans for a card."""
    (measurement,) = checks.checks()[check].plan(on_card)
    return measurement


def measure(
    check: str,
    on_card: Card,
    table: CountTable,
    *,
    columns: Sequence[Field] = (),
    measurement: Measurement | None = None,
) -> Outcome:
    """The outcome when the one table of counts that the check needs holds this."""
    found, chosen = checks.checks()[check], measurement or only(check, on_card)
    columns = columns or fields(*table.keys, "score", "checked", "drawn")
    (need,) = (n for n in found.needs(chosen, columns, ON) if isinstance(n, Counts))
    return found.measure(chosen, columns, ON, Answers({need: table}))


def answered(check: str, on_card: Card, answers: Mapping[Need, NeedAnswer], *, columns: Sequence[Field]) -> Outcome:
    """The outcome when the table answers this."""
    chosen = only(check, on_card)
    return checks.checks()[check].measure(chosen, columns, ON, Answers(answers))
