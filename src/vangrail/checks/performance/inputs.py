"""Which columns the application decides by, and how rows are put in one of two halves."""

from collections.abc import Sequence
from typing import Any

from vangrail.checks.drift import classes
from vangrail.model.card import Card, Condition
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Counts, CountTable, Field, Key
from vangrail.model.vocabulary import ColumnType
from vangrail.tables import sql

HALF = "half"
FOUND_ON, TESTED_ON = False, True
MOST_VALUES = 20_000
"""A column with more combinations than this is not followed: it tells cases apart, and says nothing about groups."""
_PRIME = 2_147_483_647
_MULTIPLIERS = (950_706_376, 742_938_285, 1_226_874_159)
_PLACES = 8


def declared(card: Card, name: str) -> dict[str, Any]:
    """What the card says about the inputs of a data set: those used, those that are something else, and the key."""
    dataset, log = card.datasets[name], card.decision_log
    other = {*dataset.key, *dataset.annotators}
    other |= {dataset.count} if dataset.count else set()
    other |= {dataset.refresh.column} if dataset.refresh else set()
    other |= {dataset.drift.column} if dataset.drift else set()
    if log is not None and log.dataset == name:
        parts: list[Condition | None] = [log.advice, log.decision, log.outcome, log.selected, log.random_sample]
        other |= {p.column for p in parts if p is not None and p.column}
        other |= {log.score.column} if log.score else set()
        other |= {c for c in (log.officer, log.seconds) if c}
    return {
        "used": sorted(c for c, column in dataset.columns.items() if column.used and c not in other),
        "not_used": sorted(c for c, column in dataset.columns.items() if column.used is False),
        "protected": sorted(p.column for p in log.protected) if log and log.dataset == name else [],
        "other": sorted(other),
        "key": list(dataset.key),
    }


def inputs(declared_: dict[str, Any], fields: Sequence[Field]) -> list[Field]:
    """The columns that the card says are used; without any such, all given ones that are not something else.

    A protected characteristic counts as an input only when the card says that it is used. Dates are left out.
    """
    if declared_["used"]:
        found = [classes.field_of(c, fields, where="card.yaml: columns") for c in declared_["used"]]
    else:
        skip = {*declared_["other"], *declared_["protected"], *declared_["not_used"]}
        found = [f for f in fields if f.given and f.name not in skip]
    return [f for f in found if f.type not in classes.MOMENTS]


def followed(
    asked: Sequence[tuple[Field, Counts]], answers: Answers
) -> tuple[list[tuple[Field, CountTable]], list[str]]:
    """The inputs with their counts, and the names of those that have too many values to be counted."""
    found, too_many = [], []
    for field, need in asked:
        table = answers.small_table(need)
        if table is None:
            too_many.append(field.name)
        else:
            found.append((field, table))
    return found, too_many


def left_out(names: Sequence[str]) -> tuple[Text, ...]:
    """What to say of columns with too many values; nothing without any."""
    if not names:
        return ()
    listed = ", ".join(f"'{n}'" for n in names)
    return (
        both(
            nl=f"Niet bekeken, want bijna elke rij heeft er een eigen waarde: {listed}.",
            en=f"Not looked at, since nearly every row has a value of its own: {listed}.",
        ),
    )


def half(declared_: dict[str, Any], fields: Sequence[Field]) -> Key:
    """In which half a row falls: the same for every run and engine, and for rows that are alike.

    By the key where it holds whole numbers, else by the minute and day of a time, else by up to three numbers, else by
    the letters of the key or of any text. Numbers are multiplied by constants that spread neighbours over both halves
    (Fishman and Moore 1986, SIAM J. Sci. Stat. Comput. 7, 24-45); no engine shares a hash function with another.
    """
    by_name = {f.name: f for f in fields}
    keys = [by_name[k] for k in declared_["key"] if k in by_name]
    whole = [f for f in keys if f.type is ColumnType.INTEGER]
    times = [f for f in fields if f.type is ColumnType.DATETIME]
    days = [f for f in fields if f.type is ColumnType.DATE]
    numbers = [f for f in fields if f.type in classes.NUMBERS]
    texts = [f for f in keys if f.type is ColumnType.TEXT] or [f for f in fields if f.type is ColumnType.TEXT]
    if whole:
        return Key(HALF, _spread([sql.column(f.name) for f in whole[:3]]))
    if times:
        column = sql.column(times[0].name)
        parts = " + ".join(f"EXTRACT({p} FROM {column})" for p in ("DAY", "HOUR", "MINUTE"))
        return Key(HALF, f"MOD(COALESCE({parts}, 0), 2) = 1")
    if not keys and numbers:
        return Key(HALF, _spread([f"CAST(FLOOR({sql.column(f.name)}) AS INTEGER)" for f in numbers[:3]]))
    if not keys and days:
        return Key(HALF, f"MOD(COALESCE(DAY({sql.column(days[0].name)}), 0), 2) = 1")
    if not texts:
        return Key(HALF, "FALSE")
    odd = ", ".join(f"'{c}'" for c in "13579bdfhjlnprtvxzBDFHJLNPRTVXZ")
    marks = [
        f"CASE WHEN SUBSTRING({sql.column(f.name)}, {place}, 1) IN ({odd}) THEN 1 ELSE 0 END"
        for f in texts[:3]
        for place in range(1, _PLACES + 1)
    ]
    return Key(HALF, f"MOD({' + '.join(marks)}, 2) = 1")


def _spread(columns: Sequence[str]) -> str:
    parts = [
        f"MOD(MOD(ABS(COALESCE({c}, 0)), {_PRIME}) * {m}, {_PRIME})"
        for c, m in zip(columns, _MULTIPLIERS, strict=False)
    ]
    return f"MOD({' + '.join(parts)}, {_PRIME}) >= {_PRIME // 2}"
