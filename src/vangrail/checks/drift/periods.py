"""What the checks on drift share: the series that are followed, and their counts in the validated period and per month."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from vangrail.checks.comparing import ADVICE, OUTCOME, RANDOM
from vangrail.checks.drift import classes, divergence
from vangrail.checks.drift.divergence import Divergence
from vangrail.checks.planning import reading
from vangrail.checks.statistics import Floats
from vangrail.model.card import Card, Condition, DecisionLog, Drift
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Counts, CountTable, Field, Key
from vangrail.model.outcome import SMALL_COUNT, NotMeasurable
from vangrail.tables import sql

WINDOW, CLASS = "window", "class"
MOST_CLASSES = 50_000
"""Over all windows. A text with more values than this is no category but a name or a number of its own in every row."""
VALIDATED = 0
MOST_MONTHS, EARLIER = 240, 1
"""Months are shown for so long back; what lies between the validated period and those is counted as one."""
DECISION = "decision"
WANTS = both(nl="'drift' bij een dataset op de kaart", en="'drift' with a data set on the card")
SOURCE = (
    "Yurdakul and Naranjo (2020), J. Risk Model Validation 14(4), 89-100 (index and its distribution); Lin (1991), IEEE"
    " Trans. Inf. Theory 37, 145-151; Holm (1979), Scand. J. Statistics 6, 65-70"
)


@dataclass(frozen=True, kw_only=True)
class Series:
    """What is followed: a column, or what the log says; and how it is counted per window."""

    name: str
    need: Counts
    is_number: bool = False


def plan(card: Card, check: str, version: int) -> Iterator[Measurement]:
    """One measurement for each data set with a validated period."""
    for name, dataset in card.datasets.items():
        if dataset.drift is None:
            continue
        log = card.decision_log if card.decision_log and card.decision_log.dataset == name else None
        settings: dict[str, Any] = {
            "drift": dataset.drift.model_dump(mode="json", exclude_defaults=True),
            "key": list(dataset.key),
            "log": log.model_dump(mode="json", exclude_defaults=True, include=_OF_LOG) if log else None,
            "confidence": log.confidence if log else 0.95,
            "min_rows": log.min_rows if log else 30,
            "reading": reading(dataset),
        }
        yield Measurement(check=check, version=version, dataset=name, subject=name, settings=settings)


_OF_LOG = {"dataset", "advice", "favourable", "decision", "officer", "outcome", "selected", "random_sample", "seconds"}


def drift_of(measurement: Measurement) -> Drift:
    """The validated period of the card."""
    return Drift.model_validate(measurement.settings["drift"])


def _log_of(measurement: Measurement) -> DecisionLog | None:
    log = measurement.settings["log"]
    return DecisionLog.model_validate(log) if log else None


def has_dates(measurement: Measurement, fields: Sequence[Field]) -> bool:
    """Whether rows can be put in time."""
    column = drift_of(measurement).column
    return classes.field_of(column, fields, where="card.yaml: drift").type in classes.MOMENTS


def window(measurement: Measurement, on: date) -> Key:
    """The period of a row: 0 when validated, else its month; negative when that is not recent. Null outside.

    Months are told apart by a balanced tree of comparisons: calculating with years and months was measured slower.
    """
    drift = drift_of(measurement)
    column, later = sql.column(drift.column), drift.validated_until + timedelta(days=1)
    first = f"{column} >= {sql.literal(drift.validated_from)} AND " if drift.validated_from else ""
    recent = later
    if drift.recent_days is not None:
        recent = max(later, on - timedelta(days=drift.recent_days - 1))
    first_shown = max(_month(later), _month(on) - MOST_MONTHS + 1)
    parts = [(later, _first_day(first_shown), EARLIER)] if first_shown > _month(later) else []
    parts += [(_first_day(m), _first_day(m + 1), m) for m in range(first_shown, _month(on) + 1)]
    ends: list[date] = []
    codes: list[int] = []
    for start, end, code in parts:
        if max(start, later) < recent < end:
            ends, codes = [*ends, recent], [*codes, -code]
        ends, codes = [*ends, end], [*codes, code if end > recent else -code]
    tree = _tree(column, ends[:-1], codes) if codes else "NULL"
    validated = f"{first}{column} < {sql.literal(later)}"
    now = f"{column} >= {sql.literal(later)} AND {column} < {sql.literal(on + timedelta(days=1))}"
    return Key(WINDOW, f"CASE WHEN {validated} THEN {VALIDATED} WHEN {now} THEN {tree} END")


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _tree(column: str, bounds: Sequence[date], codes: Sequence[int]) -> str:
    """Which of the codes a moment has, each holding until its bound."""
    if not bounds:
        return str(codes[0])
    half = len(bounds) // 2
    before, after = (
        _tree(column, bounds[:half], codes[: half + 1]),
        _tree(column, bounds[half + 1 :], codes[half + 1 :]),
    )
    return f"CASE WHEN {column} < {sql.literal(bounds[half])} THEN {before} ELSE {after} END"


def series(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Series]:
    """Everything that is followed: columns one by one, then advice, decision and outcome as the card defines them."""
    drift, log, when = drift_of(measurement), _log_of(measurement), window(measurement, on)
    conditions: dict[str, Condition | None] = {}
    if log is not None:
        conditions = {ADVICE: log.advice, DECISION: log.decision, OUTCOME: log.outcome}
    if drift.columns:
        chosen = [classes.field_of(c, fields, where="card.yaml: drift, columns") for c in drift.columns]
    else:
        skip = {drift.column, *measurement.settings["key"]}
        if log is not None:
            marks = [*conditions.values(), log.selected, log.random_sample]
            skip |= {c.column for c in marks if c is not None and c.column}
            skip |= {c for c in (log.officer, log.seconds) if c}
        chosen = [f for f in fields if f.name not in skip]
    found = [
        Series(
            name=f.name,
            need=Counts((when, Key(CLASS, classes.class_of(f))), at_most=MOST_CLASSES),
            is_number=f.type in classes.NUMBERS,
        )
        for f in chosen
        if f.type not in classes.MOMENTS
    ]
    for name, condition in conditions.items():
        if log is None or condition is None:
            continue
        key = Key(CLASS, sql.condition(condition, fields))
        if name != OUTCOME or log.outcome is None or log.outcome.known_for == "all":
            found.append(Series(name=name, need=Counts((when, key))))
        elif log.random_sample is not None:
            # What was found in selected cases shifts with whoever is selected; cases drawn at random do not.
            drawn = f"COALESCE({sql.condition(log.random_sample, fields)}, FALSE)"
            found.append(Series(name=name, need=Counts((when, key, Key(RANDOM, drawn)))))
    return found


@dataclass(frozen=True, kw_only=True)
class Followed:
    """The counts of one series: per class in the validated period, and per class in each later month."""

    name: str
    is_number: bool
    old: Mapping[Hashable, int]
    months: Mapping[int, Mapping[Hashable, int]]
    recent: frozenset[int]
    """The months, or parts of months, that count as now."""

    @property
    def now(self) -> dict[Hashable, int]:
        """The counts per class of what counts as now."""
        return _sum(self.months[m] for m in self.recent)


def follow_all(all_: Sequence[Series], answers: Answers) -> tuple[list[Followed], list[str]]:
    """The counts of each series, and the names of those with too many different values to follow."""
    found = [(one.name, follow(one, answers)) for one in all_]
    return [f for _, f in found if f is not None], [name for name, f in found if f is None]


def left_out(names: Sequence[str]) -> tuple[Text, ...]:
    """What to say of columns with too many values to follow; nothing without any."""
    if not names:
        return ()
    listed = ", ".join(f"'{n}'" for n in names)
    return (
        both(
            nl=f"Niet gevolgd, want te veel verschillende waarden: {listed}.",
            en=f"Not followed, since there are too many different values: {listed}.",
        ),
    )


def follow(one: Series, answers: Answers) -> Followed | None:
    """The counts of a series; none when it has too many values. An outcome that is not known (yet) is left out."""
    table = answers.small_table(one.need)
    if table is None:
        return None
    if RANDOM in table.keys:
        place = table.keys.index(RANDOM)
        table = CountTable(table.keys, tuple(c for c in table.cells if c.values[place])).by(WINDOW, CLASS)
    months: dict[int, dict[Hashable, int]] = defaultdict(dict)
    for cell in table.cells:
        when, class_ = cell.values
        if when is None or (one.name == OUTCOME and class_ is None):
            continue
        months[int(when)][class_] = months[int(when)].get(class_, 0) + cell.rows  # type: ignore[arg-type]
    old = months.pop(VALIDATED, {})
    return Followed(
        name=one.name,
        is_number=one.is_number,
        old=old,
        months=dict(months),
        recent=frozenset(m for m in months if m > 0),
    )


def _sum(parts: Iterable[Mapping[Hashable, int]]) -> dict[Hashable, int]:
    total: dict[Hashable, int] = defaultdict(int)
    for part in parts:
        for class_, rows in part.items():
            total[class_] += rows
    return dict(total)


def month_counts(one: Followed) -> dict[int, dict[Hashable, int]]:
    """The counts per class of each whole month, whether recent or not."""
    found: dict[int, list[Mapping[Hashable, int]]] = defaultdict(list)
    for month, counts in one.months.items():
        if abs(month) != EARLIER:
            found[abs(month)].append(counts)
    return {month: _sum(parts) for month, parts in sorted(found.items())}


def binned(one: Followed, new: Mapping[Hashable, int]) -> tuple[Floats, Floats]:
    """The counts in comparable classes: numbers in tenths of the validated period, rare classes together, gaps apart."""
    if not one.is_number:
        return divergence.fold({c: (one.old.get(c, 0), new.get(c, 0)) for c in {*one.old, *new}})
    old_numbers, new_numbers = _numbers(one.old), _numbers(new)
    counts = divergence.tenths(old_numbers, new_numbers)
    if None in one.old or None in new:
        counts[None] = (one.old.get(None, 0), new.get(None, 0))
    return divergence.fold(counts)


def _numbers(counts: Mapping[Hashable, int]) -> dict[float, float]:
    return {float(c): rows for c, rows in counts.items() if isinstance(c, int | float)}


def rising(one: Followed, new: Mapping[Hashable, int]) -> tuple[Floats, Floats]:
    """The counts of numbers in fine rising classes, without gaps."""
    old_numbers, new_numbers = _numbers(one.old), _numbers(new)
    keys = sorted({*old_numbers, *new_numbers})
    return (
        np.array([old_numbers.get(k, 0) for k in keys], float),
        np.array([new_numbers.get(k, 0) for k in keys], float),
    )


def index(one: Followed, new: Mapping[Hashable, int], alpha: float) -> Divergence:
    """The population stability index between the validated period and these counts."""
    old, later = binned(one, new)
    return divergence.population_stability_index(old, later, alpha)


def enough(one: Followed, new: Mapping[Hashable, int], least: int) -> bool:
    """Whether both periods hold enough cases."""
    return min(sum(one.old.values()), sum(new.values())) >= least


def no_dates(measurement: Measurement) -> NotMeasurable:
    """What to say when the rows cannot be put in time."""
    column = drift_of(measurement).column
    return NotMeasurable(
        reason=both(nl=f"Kolom '{column}' bevat geen datums.", en=f"Column '{column}' holds no dates."),
        do=both(
            nl=f"Zet 'type: date' en zo nodig 'format' bij kolom '{column}'.",
            en=f"Give column '{column}' a 'type: date' and, where needed, a 'format'.",
        ),
    )


def too_few(old: int, new: int, least: int) -> NotMeasurable:
    """What to say when a period holds too few cases."""
    shown = [str(n) if n == 0 or n >= SMALL_COUNT else "minder dan 5" for n in (old, new)]
    in_english = [s.replace("minder dan", "fewer than") for s in shown]
    return NotMeasurable(
        reason=both(
            nl=f"Te weinig gevallen: {shown[0]} in de gevalideerde periode en {shown[1]} daarna; in elk zijn er"
            f" minstens {least} nodig.",
            en=f"Too few cases: {in_english[0]} in the validated period and {in_english[1]} after it; each needs at"
            f" least {least}.",
        ),
        do=both(
            nl="Kijk de datums bij 'drift' op de kaart na, of wacht tot er meer gevallen zijn.",
            en="Check the dates under 'drift' on the card, or wait until there are more cases.",
        ),
        rows=old + new if min(old, new) >= SMALL_COUNT else None,
    )
