"""tru-rob-1: how far is the forecast off, in the unit of what is forecast?"""

import math
from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check
from vangrail.checks.drift.classes import decimal
from vangrail.checks.forecast import dependent, errors
from vangrail.checks.forecast.dependent import Estimate
from vangrail.checks.forecast.errors import HORIZON, MONTH, SERIES, Errors
from vangrail.checks.statistics import Floats
from vangrail.model.card import Card, Forecasts
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Counts, Field, Need, Value
from vangrail.model.outcome import Group, Measured, NotMeasurable, Outcome, shown
from vangrail.model.vocabulary import Language, Unit


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per data set with forecasts."""
    yield from errors.plan(card, CHECK.id, CHECK.version)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The same totals as for the comparison with naive."""
    return errors.needs(measurement, fields)


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The mean absolute error (MAE); root mean squared error (RMSE) and mean error (bias) in the notes.

    Measured        in the unit of the column [0, ∞), with an interval that allows for errors that hang together; one
                    group per series, month and horizon
    NotMeasurable   fewer than `min_rows` rows or 9 periods; a forecast that is never wrong; columns of another type
    """
    log = errors.log_of(measurement)
    wrong = errors.unusable(log, fields)
    if wrong is not None:
        return wrong
    tables = errors.tables(measurement, fields)
    table = errors.told(answers, tables)
    if isinstance(table, NotMeasurable):
        return table
    whole = errors.errors(table, compared=False).get(())
    if whole is None:
        return errors.too_short(0, 0, log) or NotMeasurable(reason=errors.WANTS)
    refused = errors.too_short(whole.rows.sum(), len(whole.periods), log) or errors.equal_throughout(whole)
    if refused is not None:
        return refused
    found = _of(whole, whole.absolute, log)
    by_series = [f"{SERIES} {c}" for c in log.series]
    return Measured(
        value=found.value,
        low=max(0.0, found.low),
        high=found.high,
        confidence=log.confidence,
        unit=Unit.COLUMN,
        rows=int(whole.rows.sum()),
        groups=(
            *(_groups(log, answers, tables.series, by_series) if log.series else ()),
            *_groups(log, answers, tables.month, [MONTH]),
            *_groups(log, answers, tables.horizon, [HORIZON]),
        ),
        group_unit=Unit.COLUMN,
        notes=(*_how(log, whole), *errors.notes(log, errors.used(table), fields)),
    )


def _of(whole: Errors, totals: Floats, log: Forecasts) -> Estimate:
    """The mean of something per row."""
    return dependent.ratio(totals, whole.rows, 1 - log.confidence, errors.memory(log))


def _groups(log: Forecasts, answers: Answers, need: Counts | None, keys: list[str]) -> list[Group]:
    """Those with enough rows."""
    table = answers.small_table(need) if need is not None else None
    if table is None:
        return []
    groups = []
    for values, one in errors.errors(table, compared=False, by=keys).items():
        if one.rows.sum() < log.min_rows or (keys in ([MONTH], [HORIZON]) and values[0] is None):
            continue
        low = high = None
        if len(one.periods) >= dependent.LEAST_PERIODS:
            estimate = _of(one, one.absolute, log)
            low, high = max(0.0, estimate.low), estimate.high
        value = float(one.absolute.sum() / one.rows.sum())
        name = _name(log, keys, values)
        called, number = errors.called(name, log), shown(int(one.rows.sum()))
        groups.append(Group(attributes=name, called=called, rows=number, value=value, low=low, high=high))
    return errors.sorted_groups(groups, next(iter(groups[0].attributes)) if groups else "")


def _name(log: Forecasts, keys: list[str], values: tuple[Value, ...]) -> dict[str, str]:
    if keys == [MONTH]:
        return {MONTH: errors.month_label(values[0])}
    return {HORIZON: errors.horizon_label(values[0])} if keys == [HORIZON] else errors.series_label(log, values)


def _how(log: Forecasts, whole: Errors) -> Iterator[Text]:
    squared, bias = _of(whole, whole.squared, log), _of(whole, whole.signed, log)
    root = [math.sqrt(max(0.0, x)) for x in (squared.value, squared.low, squared.high)]
    if root[0] < 0.999 * whole.absolute.sum() / whole.rows.sum():
        return  # it is never below the mean error, but where the squares do not fit in a number
    digits = _digits(root[0])
    r, b = ([decimal(x, digits) for x in xs] for xs in (root, (bias.value, bias.low, bias.high)))
    percent = f"{100 * log.confidence:g}"
    nl, en = ([x[lang] for x in r + b] for lang in (Language.NL, Language.EN))
    yield both(
        nl=f"In de eenheid van kolom '{log.actual}'. Met grote fouten zwaarder geteld (RMSE): {nl[0]} ({nl[1]} tot {nl[2]})."
        f" Gemiddeld te hoog of, onder 0, te laag (bias): {nl[3]} ({nl[4]} tot {nl[5]}). Zekerheid telkens {percent} %.",
        en=f"In the unit of column '{log.actual}'. With large errors weighing more (RMSE): {en[0]} ({en[1]} to {en[2]})."
        f" Too high on average or, below 0, too low (bias): {en[3]} ({en[4]} to {en[5]}). Confidence {percent} % each.",
    )


def _digits(value: float) -> int:
    """Three significant digits."""
    return max(0, min(6, 2 - math.floor(math.log10(value)))) if value > 0 else 2


CHECK = Check(
    id="forecast-error",
    family="forecast",
    title=both(nl="Fout van de voorspelling", en="Forecast error"),
    measures=both(
        nl="Hoe ver de voorspelling er gemiddeld naast zit, in de eenheid van wat voorspeld wordt: meter, kilowattuur,"
        " mensen. Per reeks, per maand en per termijn.",
        en="How far the forecast is off on average, in the unit of what is forecast: metres, kilowatt-hours, people. Per"
        " series, per month and per number of steps ahead.",
    ),
    wants=errors.WANTS,
    formula="MAE = Σ|forecast − actual| / rows; RMSE = √(Σ(forecast − actual)² / rows); bias = Σ(forecast − actual) / rows",
    source="Hyndman and Koehler (2006), Int. J. Forecasting 22, 679-688; Lazarus et al. (2018), J. Business & Economic"
    " Statistics 36, 541-559",
    counted=both(nl="voorspellingen", en="forecasts"),
    plan=plan,
    needs=needs,
    measure=measure,
    not_applicable=errors.not_applicable,
)
