"""tru-rob-5: which share of the time did the service work, and how often did it answer with an error?

Availability is time up over all time (ISO/IEC 25010:2023). Outages on record give it directly.
Probes give the share of looks at which it worked: between two looks nothing is known, so a look that is missing could have
been either, and widens the bounds.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from vangrail.checks import Check, statistics
from vangrail.checks.planning import reading
from vangrail.model.card import RECORDS, Card, Uptime
from vangrail.model.errors import VangrailError
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Counts, CountTable, Field, Key, Need, Recorded
from vangrail.model.outcome import Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import ColumnType, RecordKind, Unit
from vangrail.tables import sql

UP, ERRORS = "up", "errors"
CONFIDENCE = 0.95
MIN_PROBES = 30
_OUTAGES = Recorded(RecordKind.INCIDENT, ("on", "started_at", "ended_at"))


def plan(card: Card) -> Iterator[Measurement]:
    """Whether it is up, and where the probes say so, how often it answers with an error."""
    uptime = card.fallback.uptime
    if uptime is None:
        return
    how = uptime.model_dump(mode="json", exclude_defaults=True, exclude={"at_least", "errors_at_most"})
    settings: dict[str, Any] = {"uptime": how}
    if uptime.dataset is not None:
        settings["reading"] = reading(card.datasets[uptime.dataset])
    place = uptime.dataset or RECORDS + RecordKind.INCIDENT
    for subject, there, limit in (
        (UP, True, {"at_least": uptime.at_least}),
        (ERRORS, uptime.error is not None, {"at_most": uptime.errors_at_most}),
    ):
        if there:
            chosen = {"limit": {**limit, "because": "card.yaml: fallback.uptime"}} if None not in limit.values() else {}
            yield Measurement(
                check=CHECK.id, version=CHECK.version, dataset=place, subject=subject, settings=settings | chosen
            )


def _uptime(measurement: Measurement) -> Uptime:
    return Uptime.model_validate(measurement.settings["uptime"])


def _period(uptime: Uptime, on: date) -> tuple[date, date]:
    """The first day, and the day after the last: whole days that are over."""
    first = on - timedelta(days=uptime.days)
    return (first if uptime.outages_since is None else max(first, uptime.outages_since)), on


def _probes(uptime: Uptime, fields: Sequence[Field], on: date) -> Counts:
    """The probes of the period by month, by whether it was up, and by whether it answered with an error."""
    where = "card.yaml: fallback.uptime"
    moment = next((f for f in fields if f.name == uptime.moment), None)
    if moment is None or moment.type not in (ColumnType.DATE, ColumnType.DATETIME):
        raise VangrailError(
            both(
                nl=f"{where}: de dataset heeft geen kolom '{uptime.moment}' met momenten.",
                en=f"{where}: the data set has no column '{uptime.moment}' with moments.",
            ),
            do=both(
                nl="Noem de kolom met het moment van de controle, en geef ze 'type: datetime' en, als het nodig is, een 'format'.",
                en="Name the column with the moment of the probe, and give it 'type: datetime' and, where needed, a 'format'.",
            ),
        )
    name, (first, end) = sql.column(moment.name), _period(uptime, on)
    if uptime.up is None:
        raise TypeError("probes were planned without a way to tell whether it was up")
    keys = [Key("year", f"YEAR({name})"), Key("month", f"MONTH({name})")]
    keys.append(Key(UP, sql.condition(uptime.up, fields, where=f"{where}.up")))
    if uptime.error is not None:
        keys.append(Key(ERRORS, sql.condition(uptime.error, fields, where=f"{where}.error")))
    return Counts(tuple(keys), where=f"{name} >= {sql.literal(first)} AND {name} < {sql.literal(end)}")


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The probes of the period, counted; or the recorded incidents with their begin and end."""
    uptime = _uptime(measurement)
    return [_OUTAGES] if uptime.dataset is None else [_probes(uptime, fields, on)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The share of the time, or of the probes, that it was up; or the share of the probes that got an error.

    Measured        percent [0, 100]. Outages: exact. Probes at regular times: exact, with bounds for those that are missing.
                    Probes at random moments: 95 % Wilson interval
    NotMeasurable   when no whole day is over, or with fewer than 30 probes
    """
    uptime = _uptime(measurement)
    first, end = _period(uptime, on)
    if first >= end:
        return NotMeasurable(
            reason=both(
                nl=f"De periode begint op {first.isoformat()}, dus er is nog geen hele dag voorbij.",
                en=f"The period begins on {first.isoformat()}, so no whole day is over yet.",
            )
        )
    if uptime.dataset is None:
        return _from_outages(answers.table(_OUTAGES), first, end)
    return _from_probes(answers.table(_probes(uptime, fields, on)), uptime, measurement.subject, (first, end))


def _from_outages(table: CountTable, first: date, end: date) -> Outcome:
    """Time without an outage over all time. Outages that overlap count once; one that lasts runs until the end."""
    begin, close = datetime.combine(first, time()), datetime.combine(end, time())
    spans = sorted(
        (max(start, begin), min(until if isinstance(until, datetime) else close, close))
        for _, start, until in (cell.values for cell in table.cells)
        if isinstance(start, datetime) and start < close and (not isinstance(until, datetime) or until > begin)
    )
    merged: list[tuple[datetime, datetime]] = []
    for start, until in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], until)
        else:
            merged.append((start, until))
    lengths = [until - start for start, until in merged]
    down, whole = sum(lengths, timedelta()), close - begin
    notes = [_said(first, end), _RECORDED]
    if lengths:
        total, longest = _span(down), _span(max(lengths))
        notes.insert(
            1,
            both(
                nl=f"Storingen: {len(lengths)}, samen {total}. De langste duurde {longest}.",
                en=f"Outages: {len(lengths)}, together {total}. The longest lasted {longest}.",
            ),
        )
    return Measured(value=100 * (1 - down / whole), unit=Unit.PERCENT, rows=whole.days, notes=tuple(notes))


def _span(length: timedelta) -> str:
    """Hours and minutes, in a form that both languages read."""
    minutes = round(length / timedelta(minutes=1))
    return f"{minutes // 60} h {minutes % 60} min"


_RECORDED = both(
    nl="Dit klopt alleen als elke storing in records.yaml staat, zoals de kaart zegt. Noteert niemand storingen, dan lijkt de"
    " dienst altijd te werken.",
    en="This holds only if every outage is in records.yaml, as the card says. When nobody records outages, the service seems"
    " to work always.",
)


def _said(first: date, end: date) -> Text:
    last = end - timedelta(days=1)
    return both(
        nl=f"Van {first.isoformat()} tot en met {last.isoformat()}, dag en nacht.",
        en=f"From {first.isoformat()} up to and including {last.isoformat()}, day and night.",
    )


def _from_probes(table: CountTable, uptime: Uptime, subject: str, period: tuple[date, date]) -> Outcome:
    """The share of the probes; those without an outcome, and those that should be there and are not, could be either."""
    yes, no, unknown = _split(table, subject)
    known = yes + no
    if known < MIN_PROBES:
        return NotMeasurable(
            reason=both(
                nl=f"Maar {known} controles in de periode; minstens {MIN_PROBES} zijn nodig.",
                en=f"Only {known} probes in the period; at least {MIN_PROBES} are needed.",
            ),
            do=both(
                nl="Controleer vaker, of zet 'days' bij 'uptime' hoger.",
                en="Probe more often, or raise 'days' under 'uptime'.",
            ),
            rows=known,
        )
    notes = [_said(*period), *_unknown(unknown)]
    low: float | None = None
    high: float | None = None
    if uptime.at_random:
        below, above = statistics.wilson([yes], [known], 1 - CONFIDENCE)
        low, high = 100 * float(below[0]), 100 * float(above[0])
        notes.append(_AT_RANDOM)
    elif subject == UP:
        missing, said = _missing(uptime, known + unknown, period)
        notes.append(said)
        total = known + unknown + missing
        if total > known:
            low, high = 100 * yes / total, 100 * (yes + unknown + missing) / total
    return Measured(
        value=100 * yes / known,
        low=low,
        high=high,
        confidence=CONFIDENCE if uptime.at_random else None,
        unit=Unit.PERCENT,
        rows=known,
        details=tuple(_by_month(table, subject)),
        notes=tuple(notes),
    )


def _split(table: CountTable, subject: str) -> tuple[int, int, int]:
    """How many probes say yes, no, and nothing."""
    counts = {None if c.values[0] is None else bool(c.values[0]): c.rows for c in table.by(subject).cells}
    return counts.get(True, 0), counts.get(False, 0), counts.get(None, 0)


def _missing(uptime: Uptime, found: int, period: tuple[date, date]) -> tuple[int, Text]:
    if uptime.every_minutes is None:
        return 0, both(
            nl="De kaart zegt niet hoe vaak er gecontroleerd wordt ('every_minutes'). Controles die ontbreken, zien we dus"
            " niet.",
            en="The card does not say how often is probed ('every_minutes'). So probes that are missing are not seen.",
        )
    expected = int((period[1] - period[0]) / timedelta(minutes=uptime.every_minutes))
    missing = max(0, expected - found)
    if not missing:
        return 0, both(
            nl="Alle verwachte controles zijn er. Wat tussen twee controles gebeurt, weten we niet.",
            en="All expected probes are there. What happens between two probes is not known.",
        )
    return missing, both(
        nl=f"Van de {expected} verwachte controles ontbreken er {missing}. Toen kan de dienst gewerkt hebben of niet: dat"
        " zeggen de grenzen. Begon het volgen later? Zet dan 'days' lager.",
        en=f"Of the {expected} expected probes {missing} are missing. Then the service may have worked or not: the bounds say"
        " so. Did the probing begin later? Then lower 'days'.",
    )


def _unknown(unknown: int) -> list[Text]:
    if not unknown:
        return []
    return [
        both(
            nl=f"Aantal controles zonder uitkomst: {unknown}. Ze tellen niet mee in het cijfer.",
            en=f"Probes without an outcome: {unknown}. They do not count in the figure.",
        )
    ]


_AT_RANDOM = both(
    nl="De momenten zijn geloot, dus er speelt toeval mee. Het interval is dat van Wilson.",
    en="The moments were drawn at random, so chance plays a part. The interval is Wilson's.",
)


def _by_month(table: CountTable, subject: str) -> Iterator[Detail]:
    months: dict[str, tuple[int, int]] = {}
    for cell in table.by("year", "month", subject).cells:
        year, month, value = cell.values
        if not isinstance(year, int | float) or not isinstance(month, int | float) or value is None:
            continue
        name = f"{int(year)}-{int(month):02}"
        rows, counted = months.get(name, (0, 0))
        months[name] = rows + cell.rows, counted + (cell.rows if value else 0)
    for name, (rows, counted) in sorted(months.items()):
        yield Detail(name=name, rows=rows, counted=counted)


CHECK = Check(
    id="availability",
    family="availability",
    title=both(nl="Beschikbaarheid", en="Availability"),
    measures=both(
        nl="Hoeveel procent van de tijd de dienst werkte, en hoe vaak ze met een fout antwoordde.",
        en="What share of the time the service worked, and how often it answered with an error.",
    ),
    wants=both(
        nl="'uptime' bij 'fallback': een tabel met controles, of 'outages_since' met de storingen in records.yaml",
        en="'uptime' under 'fallback': a table of probes, or 'outages_since' with the outages in records.yaml",
    ),
    formula="time up / all time × 100, or probes that found it up / probes × 100",
    source="ISO/IEC 25010:2023, availability; Wilson (1927), JASA 22, 209-212",
    counted=both(nl="dagen of controles", en="days or probes"),
    plan=plan,
    needs=needs,
    measure=measure,
    subjects={UP: both(nl="werkt de dienst", en="is it up"), ERRORS: both(nl="fouten", en="errors")},
)
