"""tru-rob-1: is the forecast better than saying what was there one season earlier?"""

from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check
from vangrail.checks.drift.classes import decimal
from vangrail.checks.forecast import dependent, errors, steps
from vangrail.checks.forecast.errors import HORIZON, MONTH, SERIES, Errors
from vangrail.model.card import Card, Forecasts
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Counts, Field, Need
from vangrail.model.outcome import Group, Measured, NotMeasurable, Outcome, shown
from vangrail.model.vocabulary import Language, Unit


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per data set with forecasts."""
    yield from errors.plan(card, CHECK.id, CHECK.version)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """Errors and naive errors per period, and by series, month and horizon."""
    return errors.needs(measurement, fields)


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The mean absolute error divided by that of the seasonal naive forecast of the same moments; every series alike.

    Below 1 the forecast is better than the simplest rule. Only rows for which the naive forecast exists are compared.

    Measured        ratio [0, ∞), with a paired interval that allows for errors that hang together; one group per series,
                    month and horizon
    NotMeasurable   fewer than `min_rows` rows or 9 periods; naive never wrong; forecast never wrong; columns of
                    another type; more series and periods than can be counted
    """
    log = errors.log_of(measurement)
    wrong = errors.unusable(log, fields)
    if wrong is not None:
        return wrong
    tables = errors.tables(measurement, fields)
    table = errors.told(answers, tables)
    if isinstance(table, NotMeasurable):
        return table
    whole = errors.errors(table, compared=True).get(())
    judged = errors.errors(table, compared=False).get(())
    if whole is None:
        return errors.too_short(0, 0, log) or _no_series(0)
    short = errors.too_short(whole.rows.sum(), len(whole.periods), log)
    if short is not None:
        return short
    per_series = answers.small_table(tables.series)
    if per_series is None:
        return _too_many(log)
    found = errors.errors(per_series, compared=True, by=[f"{SERIES} {c}" for c in log.series])
    good = {k: e for k, e in found.items() if e.rows.sum() >= log.min_rows and e.naive.sum() > 0}
    if not good:
        return _no_series(int(whole.rows.sum()))
    same = errors.equal_throughout(whole)
    if same is not None:
        return same
    alpha = 1 - log.confidence
    estimate = dependent.mean_of_ratios(*errors.on_periods(list(good.values())), alpha, errors.memory(log))
    return Measured(
        value=estimate.value,
        low=max(0.0, estimate.low),
        high=estimate.high,
        confidence=log.confidence,
        unit=Unit.RATIO,
        rows=int(sum(e.rows.sum() for e in good.values())),
        groups=(
            *_series(log, found),
            *_split(log, answers, tables.month, MONTH),
            *_split(log, answers, tables.horizon, HORIZON),
        ),
        group_unit=Unit.RATIO,
        notes=(*_how(log, list(good.values()), judged), *errors.notes(log, errors.used(table), fields)),
    )


def _series(log: Forecasts, found: dict[tuple, Errors]) -> list[Group]:  # type: ignore[type-arg]
    """Each series by itself, where there is more than one."""
    if not log.series:
        return []
    groups = []
    for values, one in sorted(found.items(), key=lambda kv: str(kv[0])):
        name, rows = errors.series_label(log, values), int(one.rows.sum())
        if rows < log.min_rows:
            few = both(nl=f"minder dan {log.min_rows} rijen", en=f"fewer than {log.min_rows} rows")
            groups.append(Group(attributes=name, rows=shown(rows), not_measurable=few))
        elif one.naive.sum() == 0:
            groups.append(Group(attributes=name, rows=shown(rows), not_measurable=_CONSTANT))
        else:
            groups.append(_group(log, name, one))
    return groups


def _group(log: Forecasts, name: dict[str, str], one: Errors) -> Group:
    low = high = None
    value = float(one.absolute.sum() / one.naive.sum())
    if len(one.periods) >= dependent.LEAST_PERIODS:
        estimate = dependent.ratio(one.absolute, one.naive, 1 - log.confidence, errors.memory(log))
        low, high = max(0.0, estimate.low), estimate.high
    called, rows = errors.called(name, log), shown(int(one.rows.sum()))
    return Group(attributes=name, called=called, rows=rows, value=value, low=low, high=high)


def _split(log: Forecasts, answers: Answers, need: Counts | None, key: str) -> list[Group]:
    """Months or horizons with enough rows, all series together."""
    table = answers.small_table(need) if need is not None else None
    if table is None:
        return []
    name = errors.month_label if key == MONTH else errors.horizon_label
    groups = [
        _group(log, {key: name(value)}, one)
        for (value,), one in errors.errors(table, compared=True, by=[key]).items()
        if one.rows.sum() >= log.min_rows and one.naive.sum() > 0 and value is not None
    ]
    return errors.sorted_groups(groups, key)


_CONSTANT = both(
    nl="de waarde was telkens dezelfde als een seizoen eerder, dus valt er niets te voorspellen",
    en="the value was always the same as one season earlier, so there is nothing to forecast",
)


def _no_series(rows: int) -> NotMeasurable:
    return NotMeasurable(
        reason=both(
            nl="Geen enkele reeks heeft genoeg rijen waarvoor ook de waarde van een seizoen eerder bekend is en ooit afweek.",
            en="No series has enough rows for which the value of one season earlier is known and ever differed.",
        ),
        do=both(
            nl="Kijk 'season', 'step' en 'series' op de kaart na.",
            en="Check 'season', 'step' and 'series' on the card.",
        ),
        rows=shown(rows),
    )


def _too_many(log: Forecasts) -> NotMeasurable:
    names = ", ".join(f"'{c}'" for c in log.series)
    return NotMeasurable(
        reason=both(
            nl=f"{names} geven zoveel reeksen dat ze niet te vergelijken zijn.",
            en=f"{names} give so many series that they cannot be compared.",
        ),
        do=both(
            nl="Noem bij 'series' alleen de kolommen die een meetpunt aanduiden.",
            en="Name under 'series' only the columns that tell measuring points apart.",
        ),
    )


def _how(log: Forecasts, found: Sequence[Errors], judged: Errors | None) -> Iterator[Text]:
    rows = sum(float(e.rows.sum()) for e in found)
    ours, naive = (sum(float(getattr(e, n).sum()) for e in found) / rows for n in ("absolute", "naive"))
    a, b = decimal(ours, 3), decimal(naive, 3)
    back_nl, back_en = steps.span(log.season, log.step)
    yield both(
        nl=f"De simpelste voorspelling zegt wat er {back_nl} eerder was. Die zit er gemiddeld"
        f" {b[Language.NL]} naast; de toepassing {a[Language.NL]}. Vanaf 1 is de toepassing niet beter dan die regel.",
        en=f"The simplest forecast says what was there {back_en} earlier. It is off by"
        f" {b[Language.EN]} on average; the application by {a[Language.EN]}. From 1 on, the application is no better.",
    )
    if log.horizon_at_most > log.season:
        yield both(
            nl="Kijkt een voorspelling verder vooruit dan een seizoen, dan gaat de simpelste voorspelling zoveel seizoenen"
            " terug als nodig is om de waarde dan al te kennen.",
            en="Where a forecast looks further ahead than one season, the simplest forecast goes back as many seasons as it"
            " takes to know the value at that time.",
        )
    alone = (float(judged.rows.sum()) if judged else rows) - rows
    if alone > 0:
        yield both(
            nl=f"{int(alone)} rijen tellen hier niet mee: de waarde van een seizoen eerder is er niet, of de reeks is te kort.",
            en=f"{int(alone)} rows do not count here: the value of one season earlier is lacking, or the series is too short.",
        )
    if log.series:
        yield both(
            nl="Elke reeks telt even zwaar. Een maand of termijn neemt alle reeksen samen.",
            en="Every series counts alike. A month or a number of steps ahead takes all series together.",
        )
    yield both(
        nl="Het interval van een groep geldt voor die groep alleen. Een groep met minder dan 9 periodes heeft er geen.",
        en="A group's interval holds for that group alone. A group of fewer than 9 periods has none.",
    )


CHECK = Check(
    id="forecast-against-naive",
    family="forecast",
    title=both(nl="Voorspelling tegenover de simpelste regel", en="Forecast against the simplest rule"),
    measures=both(
        nl="Hoe groot de fout van de voorspelling is tegenover wie gewoon herhaalt wat er een seizoen eerder was, zoals"
        " vorige week op dezelfde dag (MASE). Is dat 1 of meer, dan voegt de toepassing niets toe.",
        en="How large the error of the forecast is against simply repeating what was there one season earlier, such as last"
        " week on the same day (MASE). At 1 or more the application adds nothing.",
    ),
    wants=errors.WANTS,
    formula="mean over series of Σ|forecast − actual| / Σ|actual one season earlier − actual|, over the same rows",
    source="Hyndman and Koehler (2006), Int. J. Forecasting 22, 679-688; Diebold and Mariano (1995), J. Business & Economic"
    " Statistics 13, 253-263; Lazarus et al. (2018), same journal 36, 541-559",
    counted=both(nl="voorspellingen", en="forecasts"),
    plan=plan,
    needs=needs,
    measure=measure,
    not_applicable=errors.not_applicable,
)
