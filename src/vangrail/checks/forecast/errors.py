"""What the checks on forecasts share: the totals that are asked, and their errors per period, series, month and horizon.

The simplest forecast (seasonal naive) says what was there one season earlier, or as many seasons as it takes to be known
at the moment of forecasting: 30 hours ahead with a season of 24 hours it takes two (Hyndman and Athanasopoulos,
Forecasting: Principles and Practice, 3rd ed., section 5.2).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from vangrail.checks.forecast import dependent, steps
from vangrail.checks.planning import reading
from vangrail.checks.statistics import Floats
from vangrail.model.card import Card, Forecasts
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, At, Counts, CountTable, Field, Key, Need, Value
from vangrail.model.outcome import Group, NotMeasurable, label, shown
from vangrail.model.vocabulary import ColumnType, Language
from vangrail.tables import sql

PERIOD, USE, SERIES, MONTH, HORIZON = "period", "use", "series", "month", "horizon"
ACTUAL, NAIVE = "near: actual", "near: season ago"
BOTH, ALONE, CLASH, LACKS = "both", "alone", "clash", "lacks"
"""What can be done with a row: compared with naive; only judged; not judged since the actual values of one moment differ
between rows; not judged since something is missing."""
MOST_CELLS = 500_000
_ABSOLUTE, _SIGNED, _SQUARED, _NAIVE = range(4)

WANTS = both(nl="'forecasts' bij een dataset op de kaart", en="'forecasts' with a data set on the card")


def not_applicable(card: Card) -> Text | None:
    """Why forecasts have no meaning for an application without any."""
    if any(d.forecasts is not None for d in card.datasets.values()):
        return None
    return both(
        nl="De kaart noemt geen logboek van voorspellingen ('forecasts').",
        en="The card names no log of forecasts ('forecasts').",
    )


def plan(card: Card, check: str, version: int, *, with_interval: bool = False) -> Iterator[Measurement]:
    """One measurement per data set with forecasts; with an interval, where that is asked."""
    for name, dataset in card.datasets.items():
        log = dataset.forecasts
        if log is None or (with_interval and log.level is None):
            continue
        settings: dict[str, Any] = {
            "forecasts": log.model_dump(mode="json", exclude_defaults=True),
            "reading": reading(dataset),
        }
        yield Measurement(check=check, version=version, dataset=name, subject=name, settings=settings)


def log_of(measurement: Measurement) -> Forecasts:
    """The forecasts as the card declares them."""
    return Forecasts.model_validate(measurement.settings["forecasts"])


def period_of(log: Forecasts) -> int:
    """How many steps are added up."""
    return steps.steps_in_period(log.step, log.horizon_at_most)


def memory(log: Forecasts) -> int:
    """How many steps of a day or longer a period has."""
    return steps.memory(log.step, period_of(log))


def unusable(log: Forecasts, fields: Sequence[Field]) -> NotMeasurable | None:
    """Why nothing can be asked of these columns; None when it can."""
    numbers = [log.forecast, log.actual, *(c for c in (log.low, log.high, log.horizon) if c)]
    for name in numbers:
        kind = steps.field_of(name, fields).type
        wrong = kind is not ColumnType.INTEGER if name == log.horizon else kind not in _NUMBERS
        if wrong:
            whole = name == log.horizon
            return NotMeasurable(
                reason=both(
                    nl=f"Kolom '{name}' bevat geen {'gehele ' if whole else ''}getallen.",
                    en=f"Column '{name}' holds no {'whole ' if whole else ''}numbers.",
                ),
                do=both(
                    nl=f"Zet 'type: {'integer' if whole else 'number'}' bij kolom '{name}', en 'decimal' bij de dataset"
                    " als er komma's staan.",
                    en=f"Give column '{name}' a 'type: {'integer' if whole else 'number'}', and the data set a 'decimal'"
                    " where commas are used.",
                ),
            )
    return steps.no_moments(log.time, log.step, fields)


_NUMBERS = (ColumnType.INTEGER, ColumnType.NUMBER)


def _over(log: Forecasts, fields: Sequence[Field]) -> tuple[At, ...]:
    """The actual value that all rows of one moment agree on; and that value as many seasons earlier as needed.

    Without a number of steps ahead, or with one beyond what the card says, the simplest forecast is not known.
    """
    at, series = steps.place(log.time, log.step, fields), tuple(sql.column(c) for c in log.series)
    back = f"{-(-log.horizon_at_most // log.season) * log.season}"
    if log.horizon is not None:
        ahead = sql.column(log.horizon)
        seasons = f"(CASE WHEN {ahead} < 1 THEN 1 ELSE CAST(CEIL({ahead} / {float(log.season)}) AS INTEGER) END)"
        back = f"(CASE WHEN {ahead} BETWEEN 0 AND {log.horizon_at_most} THEN {seasons} * {log.season} END)"
    actual = sql.column(log.actual)
    return At(ACTUAL, actual, series, at, at), At(NAIVE, actual, series, at, f"{at} - {back}")


def judged(log: Forecasts, fields: Sequence[Field]) -> str | None:
    """Which rows are judged: those after what the model learned from."""
    if log.learned_until is None or steps.field_of(log.time, fields).type is ColumnType.INTEGER:
        return None
    return f"{sql.column(log.time)} >= {sql.literal(log.learned_until + timedelta(days=1))}"


def _use(log: Forecasts) -> str:
    actual, forecast = sql.column(log.actual), sql.column(log.forecast)
    return (
        f"CASE WHEN {actual} IS NULL OR {forecast} IS NULL THEN '{LACKS}'"
        f" WHEN {sql.column(ACTUAL)} IS NULL THEN '{CLASH}'"
        f" WHEN {sql.column(NAIVE)} IS NULL THEN '{ALONE}' ELSE '{BOTH}' END"
    )


@dataclass(frozen=True, kw_only=True)
class Tables:
    """The needs: totals per period alone, and split by series, month and horizon where there are such."""

    whole: Counts
    series: Counts
    month: Counts | None
    horizon: Counts | None

    def all(self) -> list[Need]:
        """Those that there are."""
        return [n for n in (self.whole, self.series, self.month, self.horizon) if n is not None]


def split(
    log: Forecasts,
    fields: Sequence[Field],
    keys: Sequence[Key],
    *,
    sums: tuple[Key, ...] = (),
    over: tuple[At, ...] = (),
) -> Tables:
    """Counts per period by these keys, alone and with the splits."""
    at = steps.place(log.time, log.step, fields)
    period = Key(PERIOD, steps.period(at, period_of(log)))
    month = steps.month(log.time, fields)
    where = judged(log, fields)

    def counts(*by: Key) -> Counts:
        return Counts((period, *keys, *by), where=where, sums=sums, at_most=MOST_CELLS, over=over)

    return Tables(
        whole=counts(),
        series=counts(*(Key(f"{SERIES} {c}", sql.column(c)) for c in log.series)),
        month=counts(Key(MONTH, month)) if month is not None else None,
        horizon=counts(Key(HORIZON, sql.column(log.horizon))) if log.horizon is not None else None,
    )


def tables(measurement: Measurement, fields: Sequence[Field]) -> Tables:
    """The totals of errors."""
    log = log_of(measurement)
    error = f"({sql.column(log.forecast)} - {sql.column(log.actual)})"
    sums = (
        Key("absolute", f"ABS({error})"),
        Key("signed", error),
        Key("squared", f"{error} * {error}"),
        Key("naive", f"ABS({sql.column(NAIVE)} - {sql.column(log.actual)})"),
    )
    return split(log, fields, [Key(USE, _use(log))], sums=sums, over=_over(log, fields))


def needs(measurement: Measurement, fields: Sequence[Field]) -> list[Need]:
    """The totals, where the columns allow it."""
    if unusable(log_of(measurement), fields) is not None:
        return []
    return tables(measurement, fields).all()


@dataclass(frozen=True, kw_only=True)
class Errors:
    """Totals per period, in order of time. `naive` counts the same rows as `absolute` where only compared rows are read."""

    periods: tuple[int, ...]
    rows: Floats
    absolute: Floats
    signed: Floats
    squared: Floats
    naive: Floats


def errors(table: CountTable, *, compared: bool, by: Sequence[str] = ()) -> dict[tuple[Value, ...], Errors]:
    """The errors of each value of some keys: of all rows that are judged, or of those that naive has a forecast for."""
    uses = {BOTH} if compared else {BOTH, ALONE}
    found: dict[tuple[Value, ...], dict[int, Floats]] = defaultdict(dict)
    place = table.keys.index(USE)
    rows = CountTable(table.keys, tuple(c for c in table.cells if c.values[place] in uses))
    for cell in rows.by(*by, PERIOD).cells:
        period = cell.values[-1]
        if isinstance(period, int):
            found[cell.values[:-1]][period] = np.array([cell.rows, *cell.sums])
    return {key: _in_order(periods) for key, periods in found.items()}


def _in_order(totals: dict[int, Floats]) -> Errors:
    periods = tuple(sorted(totals))
    columns = np.array([totals[p] for p in periods]).T
    return Errors(
        periods=periods,
        rows=columns[0],
        absolute=columns[1 + _ABSOLUTE],
        signed=columns[1 + _SIGNED],
        squared=columns[1 + _SQUARED],
        naive=columns[1 + _NAIVE],
    )


def used(table: CountTable) -> dict[str, int]:
    """How many rows can be used for what."""
    return {str(c.values[0]): c.rows for c in table.by(USE).cells}


def too_short(rows: float, periods: int, log: Forecasts) -> NotMeasurable | None:
    """Why a log says too little; None when it is long enough."""
    if rows >= log.min_rows and periods >= dependent.LEAST_PERIODS:
        return None
    count = shown(int(rows))
    few = both(nl=str(count), en=str(count)) if count is not None else both(nl="minder dan 5", en="fewer than 5")
    if rows < log.min_rows:
        reason = both(
            nl=f"Te weinig rijen met voorspelling en werkelijkheid: {few[Language.NL]}; minstens {log.min_rows} zijn nodig.",
            en=f"Too few rows with forecast and actual value: {few[Language.EN]}; at least {log.min_rows} are needed.",
        )
    else:
        nl, en = steps.span(period_of(log), log.step)
        reason = both(
            nl=f"Het logboek is te kort: {periods} periodes van {nl}; minstens {dependent.LEAST_PERIODS} zijn nodig. In een"
            " kort logboek lijken fouten die samenhangen op bewijs.",
            en=f"The log is too short: {periods} periods of {en}; at least {dependent.LEAST_PERIODS} are needed. In a short"
            " log, errors that hang together look like evidence.",
        )
    return NotMeasurable(reason=reason, do=steps.WHERE_TO_LOOK, rows=count)


def equal_throughout(found: Errors) -> NotMeasurable | None:
    """A forecast that is never wrong is most often the same column twice."""
    if found.absolute.sum() > 0:
        return None
    return NotMeasurable(
        reason=both(
            nl="De voorspelling is in elke rij gelijk aan de werkelijkheid. Dat is bijna altijd twee keer dezelfde kolom.",
            en="The forecast equals the actual value in every row. That is nearly always the same column twice.",
        ),
        do=steps.WHERE_TO_LOOK,
        rows=int(found.rows.sum()),
    )


def month_label(value: Value) -> str:
    """A month or another value as it is shown."""
    return steps.month_name(value) if isinstance(value, int) else label(value)


def horizon_label(value: Value) -> str:
    """A number of steps ahead as forecasters write it: t+24."""
    return f"t+{label(value)}"


def called(name: Mapping[str, str], log: Forecasts) -> Text | None:
    """A number of steps ahead as time; nothing for a series or a month, which are called by their value."""
    ahead = name.get(HORIZON, "").removeprefix("t+")
    if not ahead.isdigit():
        return None
    nl, en = steps.span(int(ahead), log.step)
    return both(nl=f"{nl} vooruit", en=f"{en} ahead")


def series_label(log: Forecasts, values: Sequence[Value]) -> dict[str, str]:
    """The name of a series, by its columns."""
    return {c: label(v) for c, v in zip(log.series, values, strict=True)}


def on_periods(found: Sequence[Errors]) -> tuple[Floats, Floats]:
    """Absolute errors and naive errors of several series on the same periods; nothing where a series has none."""
    all_ = sorted({p for f in found for p in f.periods})
    column = {p: i for i, p in enumerate(all_)}
    upper, lower = np.zeros((len(found), len(all_))), np.zeros((len(found), len(all_)))
    for row, one in enumerate(found):
        places = [column[p] for p in one.periods]
        upper[row, places], lower[row, places] = one.absolute, one.naive
    return upper, lower


def sorted_groups(groups: Sequence[Group], of: str) -> list[Group]:
    """Groups in order of their number where they have one, else of their name."""

    def place(group: Group) -> tuple[float, str]:
        text = group.attributes.get(of, "")
        number = text.removeprefix("t+")
        return (float(number) if number.lstrip("-").isdigit() else 0.0, text)

    return sorted(groups, key=place)


def notes(log: Forecasts, counts: Mapping[str, int], fields: Sequence[Field]) -> list[Text]:
    """What was left out and how uncertainty was reckoned. `counts` are the rows by what can be done with them."""
    found = []
    for use, nl, en in (
        (LACKS, "zonder voorspelling of zonder werkelijkheid", "without a forecast or an actual value"),
        (CLASH, "waarvan de werkelijkheid in een andere rij van hetzelfde moment anders is", "whose actual value differs in another row of the same moment"),
    ):  # fmt: skip
        if number := counts.get(use, 0):
            found.append(both(nl=f"Niet meegeteld: {number} rijen {nl}.", en=f"Not counted: {number} rows {en}."))
    if log.learned_until is not None:
        if judged(log, fields) is None:
            found.append(
                both(
                    nl="'learned_until' telt niet mee, want de tijd is een rangnummer en geen datum.",
                    en="'learned_until' does not count, since time is a number here and not a date.",
                )
            )
        else:
            found.append(
                both(
                    nl=f"Alleen rijen na {log.learned_until.isoformat()} tellen: daarvoor leerde het model.",
                    en=f"Only rows after {log.learned_until.isoformat()} count: before that the model learned.",
                )
            )
    nl, en = steps.span(period_of(log), log.step)
    found.append(
        both(
            nl=f"Fouten hangen samen: na een slechte dag volgt vaak nog een. Daarom zijn ze opgeteld per {nl}, over alle"
            " reeksen samen, en is het interval breder dan het aantal rijen doet denken (Lazarus e.a. 2018).",
            en=f"Errors hang together: a bad day is often followed by another. So they were added up per {en}, over all"
            " series, and the interval is wider than the number of rows suggests (Lazarus et al. 2018).",
        )
    )
    return found


def told(answers: Answers, tables_: Tables) -> CountTable | NotMeasurable:
    """The totals per period, or why there are none."""
    table = answers.small_table(tables_.whole)
    if table is None:
        return NotMeasurable(
            reason=both(
                nl=f"Er zijn meer dan {MOST_CELLS} periodes: dit zijn geen momenten van een reeks.",
                en=f"There are more than {MOST_CELLS} periods: these are no moments of a series.",
            ),
            do=steps.WHERE_TO_LOOK,
        )
    if not table.cells or all(c.values[0] is None for c in table.cells):
        return NotMeasurable(
            reason=both(
                nl="Er is geen enkele rij met een leesbaar moment.",
                en="There is no row with a moment that can be read.",
            ),
            do=steps.WHERE_TO_LOOK,
            rows=shown(table.rows),
        )
    return table
