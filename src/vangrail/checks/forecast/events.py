"""Warnings against what really happened, counted by event and by warning instead of by row.

An event begins at a step where the condition holds, when it held at none of the `gap` + 1 steps before. A warning is
given at a step where it is on and was at none of the `gap` + 1 steps before; it holds for `window` steps. One that stays
on longer is a new warning each `window` steps, so that always warning is no way to be right.

event       hit when a warning is on somewhere from `window` steps before its beginning to `late` steps after; else missed
warning     right when the event is going on somewhere from `late` steps before it is given to `window` steps after; else false
unknown     while rows or values are lacking within those steps, also when a warning or an event was seen among those that
            are there: to keep only what ended well would flatter; and events of which the step before is not in the log

Source: Wilks (2019), Statistical Methods in the Atmospheric Sciences, 4th ed., ch. 9 (hit rate, false alarm ratio).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from vangrail.checks import statistics
from vangrail.checks.forecast import steps
from vangrail.checks.planning import reading
from vangrail.model.card import Alarms, Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, At, Cell, Counts, CountTable, Field, Key, Need, Over
from vangrail.model.outcome import Detail, Group, Measured, NotMeasurable, Outcome, label, shown
from vangrail.model.vocabulary import Unit
from vangrail.tables import sql

BEGUN, HIT, FIRST, EARLY, TWICE, RIGHT = "begun", "hit", "first", "early", "twice", "right"
"""Keys: whether the beginning was seen; whether a warning was on (null: unknown); how many steps before the beginning the
first one was; whether one was on in time (null: unknown); whether the moment stands there twice; whether a warning was right."""
SOURCE = (
    "Wilks (2019), Statistical Methods in the Atmospheric Sciences, 4th ed., ch. 9; Wilson (1927), JASA 22, 209-212"
)
WANTS = both(nl="'alarms' bij een dataset op de kaart", en="'alarms' with a data set on the card")
_MOST_CELLS = 500_000
_Tells = Callable[[Alarms, CountTable], Iterable[Text]]


def not_applicable(card: Card) -> Text | None:
    """Why warnings have no meaning for an application without any."""
    if any(d.alarms is not None for d in card.datasets.values()):
        return None
    return both(
        nl="De kaart noemt geen logboek van waarschuwingen ('alarms').",
        en="The card names no log of warnings ('alarms').",
    )


def plan(card: Card, check: str, version: int, *, with_lead: bool = False) -> Iterator[Measurement]:
    """One measurement per data set with warnings; with a declared lead time, where that is asked."""
    for name, dataset in card.datasets.items():
        log = dataset.alarms
        if log is None or (with_lead and log.lead is None):
            continue
        settings: dict[str, Any] = {
            "alarms": log.model_dump(mode="json", exclude_defaults=True),
            "reading": reading(dataset),
        }
        yield Measurement(check=check, version=version, dataset=name, subject=name, settings=settings)


def log_of(measurement: Measurement) -> Alarms:
    """The warnings as the card declares them."""
    return Alarms.model_validate(measurement.settings["alarms"])


class _Words:
    """What both counts look at: the place of a row, its series, and both conditions as 1, 0 or null."""

    def __init__(self, log: Alarms, fields: Sequence[Field]) -> None:
        self.at = steps.place(log.time, log.step, fields)
        self.series = tuple(sql.column(c) for c in log.series)
        event, alarm = sql.condition(log.event, fields), sql.condition(log.alarm, fields)
        self.event = f"CASE WHEN {event} THEN 1 WHEN NOT {event} THEN 0 END"
        self.alarm = f"CASE WHEN {alarm} THEN 1 WHEN NOT {alarm} THEN 0 END"
        self.happens, self.is_on = event, alarm
        self.on_at = f"CASE WHEN {alarm} THEN {self.at} END"
        self.keys = tuple(Key(c, sql.column(c)) for c in log.series)

    def over(self, name: str, text: str, take: Literal["min", "max", "count"], first: int | None, last: int) -> Over:
        """Something of the steps from `first` to `last` around a row."""
        return Over(name, text, take, self.series, self.at, first, last)

    def twice(self) -> Over:
        """How many rows there are of the moment of a row."""
        return self.over(_ROWS, "1", "count", 0, 0)

    def before(self, text: str, gap: int) -> tuple[Over | At, ...]:
        """What was so one step before, and whether it was so anywhere in the gap before. One step back is no window."""
        step_back = At(_STEP_BACK, text, self.series, self.at, f"{self.at} - 1")
        if gap == 0:
            return (step_back,)
        return step_back, self.over(_BEFORE, text, "max", -1 - gap, -1)


_ROWS, _STEP_BACK, _BEFORE, _FIRST = "near: rows", "near: step back", "near: before", "near: first"
_KNOWN, _LAST, _EVENT, _GIVEN = "near: known", "near: last", "near: event", "near: given"
_TWICE = Key(TWICE, f"{sql.column(_ROWS)} > 1")


def _begins(condition: str, gap: int) -> str:
    """Whether it is so here, and was not in the gap before."""
    return f"({condition}) AND COALESCE({sql.column(_BEFORE if gap else _STEP_BACK)}, 0) = 0"


def _known(found: str, lacks: str) -> str:
    """Unknown when something lacks, whatever was found in the rest; else whether it was found."""
    return f"CASE WHEN {lacks} THEN NULL WHEN {found} THEN TRUE ELSE FALSE END"


def events(log: Alarms, fields: Sequence[Field]) -> Counts:
    """The events: per series, whether the beginning was seen, whether they were hit, how early, and whether in time."""
    words = _Words(log, fields)
    first, ahead = sql.column(_FIRST), f"{words.at} - {sql.column(_FIRST)}"
    lacks = f"{sql.column(_KNOWN)} < {log.window + log.late + 1}"
    return Counts(
        (
            *words.keys,
            Key(BEGUN, f"{sql.column(_STEP_BACK)} IS NOT NULL"),
            Key(HIT, _known(f"{first} IS NOT NULL", lacks)),
            Key(FIRST, ahead),
            Key(EARLY, _known(f"{ahead} >= {log.lead or 0}", lacks)),
            _TWICE,
        ),
        where=_begins(words.happens, log.gap),
        over=(
            *words.before(words.event, log.gap),
            words.twice(),
            words.over(_FIRST, words.on_at, "min", -log.window, log.late),
            words.over(_KNOWN, words.alarm, "count", -log.window, log.late),
        ),
        at_most=_MOST_CELLS,
    )


def warnings(log: Alarms, fields: Sequence[Field]) -> Counts:
    """The warnings: per series, whether they were right. One that stays on counts again each `window` steps."""
    words = _Words(log, fields)
    last, given = sql.column(_LAST), sql.column(_GIVEN)
    since = f"MOD({words.at} - {given}, {log.window})"
    # Without a gap a warning is on at every step of it. With one, the first step that is on since it began anew counts.
    anew = f"({last} IS NULL OR {last} < {words.at} - {since})" if log.gap else f"{since} = 0"
    return Counts(
        (
            *words.keys,
            Key(RIGHT, _known(f"{sql.column(_EVENT)} = 1", f"{sql.column(_KNOWN)} < {log.window + log.late + 1}")),
            _TWICE,
        ),
        where=f"({words.is_on}) AND {anew}",
        over=(
            *words.before(words.alarm, log.gap),
            words.twice(),
            words.over(_EVENT, words.event, "max", -log.late, log.window),
            words.over(_KNOWN, words.event, "count", -log.late, log.window),
            *((words.over(_LAST, words.on_at, "max", None, -1),) if log.gap else ()),
            words.over(_GIVEN, f"CASE WHEN {_begins(words.is_on, log.gap)} THEN {words.at} END", "max", None, 0),
        ),
        at_most=_MOST_CELLS,
    )


@dataclass(frozen=True, kw_only=True)
class Share:
    """Which share is measured: of events or of warnings, by which key, and which answer counts."""

    what: Literal["events", "warnings"]
    key: str
    counted: bool

    def need(self, log: Alarms, fields: Sequence[Field]) -> Counts:
        """What it is counted from."""
        return events(log, fields) if self.what == "events" else warnings(log, fields)


def needs(share_: Share, measurement: Measurement, fields: Sequence[Field]) -> list[Need]:
    """The events or warnings, by what became of them."""
    log = log_of(measurement)
    return [] if steps.no_moments(log.time, log.step, fields) is not None else [share_.need(log, fields)]


def measure(
    share_: Share, measurement: Measurement, fields: Sequence[Field], answers: Answers, *, other: Text, tells: _Tells
) -> Outcome:
    """The share in percent, with its interval.

    other   what the cases are called that do not count
    tells   (declaration, all cases, those with a known answer) -> what else to say
    """
    log = log_of(measurement)
    wrong = steps.no_moments(log.time, log.step, fields)
    if wrong is not None:
        return wrong
    table = answers.small_table(share_.need(log, fields))
    if table is None:
        return _TOO_MANY
    good = _usable(log, table, share_)
    if isinstance(good, NotMeasurable):
        return good
    value, low, high = _share(good, log, share_)
    rest = good.rows - good.of(**{share_.key: share_.counted})
    return Measured(
        value=value,
        low=low,
        high=high,
        confidence=log.confidence,
        unit=Unit.PERCENT,
        rows=good.rows,
        groups=_groups(good, log, share_),
        details=(Detail(name=measurement.subject, called=other, rows=good.rows, counted=rest),),
        notes=(*tells(log, good), *_notes(log, table, good, what=share_.what)),
    )


_TOO_MANY = NotMeasurable(
    reason=both(
        nl=f"Er zijn meer dan {_MOST_CELLS} combinaties van reeks en uitkomst.",
        en=f"There are more than {_MOST_CELLS} combinations of series and result.",
    ),
    do=both(
        nl="Noem bij 'series' alleen de kolommen die een meetpunt aanduiden.",
        en="Name under 'series' only the columns that tell measuring points apart.",
    ),
)


def _usable(log: Alarms, table: CountTable, share_: Share) -> CountTable | NotMeasurable:
    """The events or warnings of which the answer is known, or why there are too few."""
    if table.of(**{TWICE: True}):
        return NotMeasurable(
            reason=both(
                nl="Sommige momenten staan er twee keer in voor dezelfde reeks, dus is niet te zeggen wat er toen was.",
                en="Some moments stand there twice for the same series, so what was there then cannot be said.",
            ),
            do=both(
                nl="Noem bij 'series' de kolommen die een meetpunt aanduiden, en kijk 'step' na.",
                en="Name under 'series' the columns that tell measuring points apart, and check 'step'.",
            ),
        )
    good = CountTable(table.keys, tuple(c for c in table.cells if _is_known(table, c, share_.key)))
    if good.rows >= log.min_events:
        return good
    nl, en = _NAMES[share_.what]
    rows = shown(good.rows)
    few_nl, few_en = (str(rows), str(rows)) if rows is not None else ("minder dan 5", "fewer than 5")
    return NotMeasurable(
        reason=both(
            nl=f"Te weinig {nl} waarvan de uitkomst bekend is: {few_nl}; minstens {log.min_events} zijn nodig.",
            en=f"Too few {en} of which the result is known: {few_en}; at least {log.min_events} are needed.",
        ),
        do=both(
            nl="Meet over een langere tijd, of over meer meetpunten. Vul gaten in het logboek.",
            en="Measure over a longer time, or over more measuring points. Fill the gaps in the log.",
        ),
        rows=rows,
    )


_NAMES = {"events": ("gebeurtenissen", "events"), "warnings": ("waarschuwingen", "warnings")}


def _is_known(table: CountTable, cell: Cell, known: str) -> bool:
    values = dict(zip(table.keys, cell.values, strict=True))
    return bool(values.get(BEGUN, True)) and values[known] is not None


def _share(table: CountTable, log: Alarms, share_: Share) -> tuple[float, float, float]:
    """The share in percent, with its Wilson interval."""
    successes, trials = table.of(**{share_.key: share_.counted}), table.rows
    low, high = statistics.wilson([successes], [trials], 1 - log.confidence)
    return 100 * successes / trials, 100 * float(low[0]), 100 * float(high[0])


def _groups(table: CountTable, log: Alarms, share_: Share) -> tuple[Group, ...]:
    """The same share of each series that has enough; none where there is one series only."""
    if not log.series:
        return ()
    by: dict[tuple[Any, ...], list[Cell]] = {}
    places = [table.keys.index(c) for c in log.series]
    for cell in table.cells:
        by.setdefault(tuple(cell.values[p] for p in places), []).append(cell)
    found = []
    for values, cells in sorted(by.items(), key=lambda kv: str(kv[0])):
        part = CountTable(table.keys, tuple(cells))
        if part.rows >= log.min_events:
            value, low, high = _share(part, log, share_)
            name = {c: label(v) for c, v in zip(log.series, values, strict=True)}
            found.append(Group(attributes=name, rows=shown(part.rows), value=value, low=low, high=high))
    return tuple(found)


def _notes(log: Alarms, table: CountTable, good: CountTable, *, what: str) -> Iterator[Text]:
    """What counts as what, and what was left out."""
    nl, en = _NAMES[what]
    (window_nl, window_en), (late_nl, late_en), (gap_nl, gap_en) = (
        steps.span(n, log.step) for n in (log.window, log.late, log.gap)
    )
    yield both(
        nl=f"Een waarschuwing geldt {window_nl} vooruit en telt nog tot {late_nl} na het begin. Blijft"
        f" ze langer aan, dan is ze elke {window_nl} een nieuwe. Wat hoogstens {gap_nl} uit elkaar ligt, is één gebeurtenis"
        " of één waarschuwing.",
        en=f"A warning holds for {window_en} ahead and still counts until {late_en} after the"
        f" beginning. One that stays on longer is a new one each {window_en}. What lies at most {gap_en} apart is one event"
        " or one warning.",
    )
    if (left := table.rows - good.rows) > 0:
        yield both(
            nl=f"Aantal {nl} dat niet meetelt, omdat het begin of de uitkomst niet in het logboek staat: {left}.",
            en=f"Number of {en} not counted, because the beginning or the result is not in the log: {left}.",
        )
    if log.series:
        yield both(
            nl=f"Reeksen met minder dan {log.min_events} {nl} staan er niet apart bij; ze tellen wel mee. Gebeurtenissen op"
            " meerdere meetpunten tegelijk tellen elk als apart bewijs, dus is het interval eerder te smal.",
            en=f"Series with fewer than {log.min_events} {en} are not shown apart, but they do count. Events at several"
            " measuring points at once count as separate evidence, so the interval is rather too narrow.",
        )
