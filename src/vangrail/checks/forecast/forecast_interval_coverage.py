"""tru-rob-1: does the real value lie within the forecast's interval as often as is promised?"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check
from vangrail.checks.drift.classes import decimal
from vangrail.checks.forecast import dependent, errors
from vangrail.checks.forecast.errors import HORIZON, LACKS, MONTH, PERIOD, SERIES, Tables
from vangrail.model.card import Card, Forecasts
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Counts, CountTable, Field, Key, Need, Value
from vangrail.model.outcome import Detail, Group, Measured, NotMeasurable, Outcome, shown
from vangrail.model.vocabulary import Language, Unit
from vangrail.tables import sql

WHERE = "where"
INSIDE, BELOW, ABOVE, CROSSED = "inside", "below", "above", "crossed"
_LIES = {
    BELOW: both(nl="onder het interval", en="below the interval"),
    ABOVE: both(nl="boven het interval", en="above the interval"),
    CROSSED: both(nl="ondergrens boven de bovengrens", en="lower bound above the upper bound"),
}


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per data set with forecasts that have an interval."""
    yield from errors.plan(card, CHECK.id, CHECK.version, with_interval=True)


def _bounds(log: Forecasts) -> tuple[str, str]:
    if log.low is None or log.high is None:
        raise TypeError("coverage was planned for forecasts without an interval")
    return sql.column(log.low), sql.column(log.high)


def _tables(log: Forecasts, fields: Sequence[Field]) -> Tables:
    low, high = _bounds(log)
    actual = sql.column(log.actual)
    where = (
        f"CASE WHEN {actual} IS NULL OR {low} IS NULL OR {high} IS NULL THEN '{LACKS}'"
        f" WHEN {low} > {high} THEN '{CROSSED}' WHEN {actual} < {low} THEN '{BELOW}'"
        f" WHEN {actual} > {high} THEN '{ABOVE}' ELSE '{INSIDE}' END"
    )
    return errors.split(log, fields, [Key(WHERE, where)])


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """Rows inside, below and above the interval per period, and by series, month and horizon."""
    log = errors.log_of(measurement)
    return [] if errors.unusable(log, fields) is not None else _tables(log, fields).all()


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """Share of real values within the forecast's interval, less the share that was promised.

    Measured        percentage points [-100, 100]: below 0 the forecast is too sure of itself, above 0 its intervals are
                    wider than promised; Wilson interval with the number of rows that these are worth; one group per
                    series, month and horizon with its share in percent
    NotMeasurable   fewer than `min_rows` rows or 9 periods; columns of another type
    """
    log = errors.log_of(measurement)
    wrong = errors.unusable(log, fields)
    if wrong is not None:
        return wrong
    tables = _tables(log, fields)
    table = errors.told(answers, tables)
    if isinstance(table, NotMeasurable):
        return table
    inside, rows = _per_period(table).get((), ([], []))
    short = errors.too_short(sum(rows), len(rows), log)
    if short is not None:
        return short
    promised = 100 * (log.level or 0)
    found = dependent.share(inside, rows, 1 - log.confidence, errors.memory(log))
    return Measured(
        value=100 * found.value - promised,
        low=100 * found.low - promised,
        high=100 * found.high - promised,
        confidence=log.confidence,
        unit=Unit.PERCENTAGE_POINTS,
        rows=int(sum(rows)),
        groups=(
            *(_groups(log, answers, tables.series, [f"{SERIES} {c}" for c in log.series]) if log.series else ()),
            *_groups(log, answers, tables.month, [MONTH]),
            *_groups(log, answers, tables.horizon, [HORIZON]),
        ),
        group_unit=Unit.PERCENT,
        details=tuple(
            Detail(name=lies, called=called, rows=int(sum(rows)), counted=table.of(**{WHERE: lies}))
            for lies, called in _LIES.items()
        ),
        notes=(*_how(log, found, table), *errors.notes(log, {LACKS: table.of(**{WHERE: LACKS})}, fields)),
    )


def _per_period(table: CountTable, by: Sequence[str] = ()) -> dict[tuple[Value, ...], tuple[list[int], list[int]]]:
    """Rows inside, and all rows, per period in order of time."""
    found: dict[tuple[Value, ...], dict[int, list[int]]] = defaultdict(dict)
    for cell in table.by(*by, PERIOD, WHERE).cells:
        *values, period, lies = cell.values
        if lies == LACKS or not isinstance(period, int):
            continue
        tally = found[tuple(values)].setdefault(period, [0, 0])
        tally[0] += cell.rows if lies == INSIDE else 0
        tally[1] += cell.rows
    return {
        values: ([periods[p][0] for p in sorted(periods)], [periods[p][1] for p in sorted(periods)])
        for values, periods in found.items()
    }


def _groups(log: Forecasts, answers: Answers, need: Counts | None, keys: list[str]) -> list[Group]:
    table = answers.small_table(need) if need is not None else None
    if table is None:
        return []
    groups = []
    for values, (inside, rows) in _per_period(table, keys).items():
        if sum(rows) < log.min_rows or (keys in ([MONTH], [HORIZON]) and values[0] is None):
            continue
        low = high = None
        if len(rows) >= dependent.LEAST_PERIODS:
            found = dependent.share(inside, rows, 1 - log.confidence, errors.memory(log))
            low, high = 100 * found.low, 100 * found.high
        name = {keys[0]: errors.month_label(values[0]) if keys == [MONTH] else errors.horizon_label(values[0])}
        groups.append(
            Group(
                attributes=name if keys in ([MONTH], [HORIZON]) else errors.series_label(log, values),
                called=errors.called(name, log) if keys == [HORIZON] else None,
                rows=shown(sum(rows)),
                value=100 * sum(inside) / sum(rows),
                low=low,
                high=high,
            )
        )
    return errors.sorted_groups(groups, next(iter(groups[0].attributes)) if groups else "")


def _how(log: Forecasts, found: dependent.Estimate, table: CountTable) -> Iterator[Text]:
    share = decimal(100 * found.value, 1)
    yield both(
        nl=f"{share[Language.NL]} % van de werkelijke waarden ligt binnen het interval; {100 * (log.level or 0):g} % was"
        " beloofd. Onder 0 is de voorspelling te zeker van zichzelf, boven 0 zijn haar intervallen breder dan nodig.",
        en=f"{share[Language.EN]} % of the actual values lie within the interval; {100 * (log.level or 0):g} % was"
        " promised. Below 0 the forecast is too sure of itself, above 0 its intervals are wider than needed.",
    )
    if crossed := table.of(**{WHERE: CROSSED}):
        yield both(
            nl=f"Bij {crossed} rijen ligt de ondergrens boven de bovengrens; die tellen als niet binnen het interval.",
            en=f"In {crossed} rows the lower bound lies above the upper one; these count as not within the interval.",
        )


def not_applicable(card: Card) -> Text | None:
    """Why coverage has no meaning for an application without intervals."""
    promised = any(d.forecasts is not None and d.forecasts.level is not None for d in card.datasets.values())
    return None if promised else _NONE


_NONE = both(
    nl="De kaart noemt geen voorspellingen met een interval ('low', 'high' en 'level' bij 'forecasts').",
    en="The card names no forecasts with an interval ('low', 'high' and 'level' with 'forecasts').",
)


CHECK = Check(
    id="forecast-interval-coverage",
    family="forecast",
    title=both(nl="Klopt het interval van de voorspelling?", en="Forecast interval coverage"),
    measures=both(
        nl="Of de werkelijkheid even vaak binnen het interval van de voorspelling ligt als beloofd, zoals 90 op de 100 keer.",
        en="Whether reality lies within the forecast's interval as often as promised, such as 90 times in 100.",
    ),
    wants=both(
        nl="'low', 'high' en 'level' bij 'forecasts' op de kaart",
        en="'low', 'high' and 'level' with 'forecasts' on the card",
    ),
    formula="rows with low ≤ actual ≤ high / rows × 100 − promised level × 100",
    source="Christoffersen (1998), Int. Economic Review 39, 841-862 (unconditional coverage); Korn and Graubard (1998),"
    " Survey Methodology 24, 193-201; Wilson (1927), JASA 22, 209-212",
    counted=both(nl="voorspellingen", en="forecasts"),
    plan=plan,
    needs=needs,
    measure=measure,
    not_applicable=not_applicable,
)
