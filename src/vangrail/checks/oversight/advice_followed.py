"""tru-hum-2: how often do officers follow the advice, and what happens when they do not?

A large share says little by itself: good advice is followed often. The sign of automation bias is that advice that was
wrong is followed as readily as advice that was right (Parasuraman and Manzey 2010, Human Factors 52, 381-410), so that
is shown beside it wherever outcomes are known.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from vangrail.checks import Check, comparing, statistics
from vangrail.checks.comparing import ADVICE, OUTCOME, RANDOM
from vangrail.checks.drift import classes
from vangrail.checks.fairness import rates
from vangrail.checks.planning import reading
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Counts, CountTable, Field, Key, Need
from vangrail.model.outcome import SMALL_COUNT, Detail, Group, Measured, NotMeasurable, Outcome, shown
from vangrail.model.vocabulary import Language, ProcessActor, Unit
from vangrail.tables import sql

DECISION, OFFICER, MONTH, SECONDS = "decision", "officer", "month", "seconds"
MOST_OFFICERS = 20_000
"""A column with more values than this does not say who decided."""
FEWEST_OFFICERS = SMALL_COUNT
"""With fewer officers, colleagues would know who 'officer 1' is."""
FEWEST_HIDDEN = 3
"""Of two officers who are not shown, each could work out the other from the totals and their own cases."""
_OF_LOG = {
    "dataset", "advice", "favourable", "decision", "officer", "seconds", "outcome", "random_sample", "min_rows",
    "confidence",
}  # fmt: skip


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement, where the log holds what officers decided."""
    log = card.decision_log
    if log is None or log.decision is None:
        return
    dataset = card.datasets[log.dataset]
    moment = dataset.drift.column if dataset.drift else dataset.refresh.column if dataset.refresh else None
    settings: dict[str, Any] = {
        "log": log.model_dump(mode="json", exclude_defaults=True, include=_OF_LOG),
        "moment": moment,
        "reading": reading(dataset),
    }
    yield Measurement(check=CHECK.id, version=CHECK.version, dataset=log.dataset, subject=DECISION, settings=settings)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """The tables of counts: with outcomes, per officer, per month, per time spent; none where the log has no such column."""

    whole: Counts
    officer: Counts | None
    month: Counts | None
    seconds: Counts | None


def _asked(measurement: Measurement, fields: Sequence[Field]) -> _Asked:
    log = comparing.log_of(measurement)
    if log.decision is None:
        raise TypeError("oversight was planned for a log without decisions")
    pair = (Key(ADVICE, sql.condition(log.advice, fields)), Key(DECISION, sql.condition(log.decision, fields)))
    known: tuple[Key, ...] = ()
    if log.outcome is not None:
        known = (Key(OUTCOME, sql.condition(log.outcome, fields)),)
        if log.random_sample is not None:
            known += (Key(RANDOM, f"COALESCE({sql.condition(log.random_sample, fields)}, FALSE)"),)
    officer = month = seconds = None
    if log.officer is not None:
        column = classes.field_of(log.officer, fields, where="card.yaml: decision_log.officer").name
        officer = Counts((*pair, Key(OFFICER, sql.column(column))), at_most=MOST_OFFICERS)
    moment = measurement.settings["moment"]
    if moment is not None:
        when = classes.field_of(moment, fields, where="card.yaml: drift or refresh")
        if when.type in classes.MOMENTS:
            name = sql.column(when.name)
            month = Counts((*pair, Key("year", f"YEAR({name})"), Key(MONTH, f"MONTH({name})")))
    if log.seconds is not None:
        spent = classes.field_of(log.seconds, fields, where="card.yaml: decision_log.seconds")
        if spent.type in classes.NUMBERS:
            name = sql.column(spent.name)
            key = f"CASE WHEN {name} > 0 THEN ROUND(LN({name}), {classes.FINE}) WHEN {name} = 0 THEN -1000 END"
            seconds = Counts((*pair, Key(SECONDS, key)))
    return _Asked(whole=Counts((*pair, *known)), officer=officer, month=month, seconds=seconds)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The cases by advice, decision and outcome; by officer, by month, and by time spent."""
    asked = _asked(measurement, fields)
    return [n for n in (asked.whole, asked.officer, asked.month, asked.seconds) if n is not None]


@dataclass(frozen=True, kw_only=True)
class _Followed:
    """How many cases have both advice and decision, and in how many the decision is the advice."""

    cases: int = 0
    followed: int = 0

    def __add__(self, other: "_Followed") -> "_Followed":
        return _Followed(cases=self.cases + other.cases, followed=self.followed + other.followed)


def _followed(table: CountTable, *by: str) -> dict[tuple[Any, ...], _Followed]:
    """Advice followed per value of these keys. A case without advice or decision is left out."""
    found: dict[tuple[Any, ...], _Followed] = {}
    for cell in table.by(*dict.fromkeys((*by, ADVICE, DECISION))).cells:
        values = dict(zip(dict.fromkeys((*by, ADVICE, DECISION)), cell.values, strict=True))
        if values[ADVICE] is None or values[DECISION] is None:
            continue
        same = values[ADVICE] == values[DECISION]
        group = tuple(values[k] for k in by)
        found[group] = found.get(group, _Followed()) + _Followed(cases=cell.rows, followed=cell.rows if same else 0)
    return found


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """In which share of the cases the officer decided as advised; by advice, by month and by officer.

    Officers are personal data: they are numbered by how often they follow, never named, and only shown with `min_rows`
    cases each and five of them together. Where outcomes are known, the details tell how often wrong advice was followed
    and who was right when the officer departed from it.

    Measured        percent [0, 100], Wilson interval; a group's interval holds for that group alone
    NotMeasurable   with fewer than `min_rows` cases that have both advice and decision
    """
    log, asked = comparing.log_of(measurement), _asked(measurement, fields)
    table = answers.table(asked.whole)
    total = _followed(table).get((), _Followed())
    if total.cases < log.min_rows:
        few = shown(total.cases)
        number = both(nl="minder dan 5", en="fewer than 5") if few is None else both(nl=str(few), en=str(few))
        return NotMeasurable(
            reason=both(
                nl=f"{number[Language.NL]} gevallen met advies en beslissing; minstens {log.min_rows} zijn nodig.",
                en=f"{number[Language.EN]} cases with advice and decision; at least {log.min_rows} are needed.",
            ),
            rows=few,
        )
    alpha = 1 - log.confidence
    low, high = statistics.wilson([total.followed], [total.cases], alpha)
    groups = [
        *_by_advice(table, total.cases, log.min_rows, alpha),
        *(_by_month(answers.table(asked.month), total.cases, log.min_rows, alpha) if asked.month else ()),
    ]
    notes: list[Text] = [CAVEAT]
    if asked.officer is not None:
        per_officer = answers.small_table(asked.officer)
        if per_officer is not None:
            officers, said = _by_officer(per_officer, total.cases, log.min_rows, alpha)
            groups += officers
            notes.append(said)
    details: list[Detail] = []
    if log.outcome is not None:
        usable = rates.with_known_outcome(table, log)
        if isinstance(usable, NotMeasurable):
            notes.append(usable.reason)
        else:
            details += _outcomes(usable[0], log.min_rows)
            notes += usable[1]
    if asked.seconds is not None:
        details += _time_spent(answers.table(asked.seconds), log.min_rows)
    without = table.rows - total.cases
    if without:
        notes.append(
            both(
                nl=f"{shown(without) or 'Minder dan 5'} gevallen zonder advies of beslissing tellen niet mee.",
                en=f"{shown(without) or 'Fewer than 5'} cases without advice or decision are left out.",
            )
        )
    return Measured(
        value=100 * total.followed / total.cases,
        low=100 * float(low[0]),
        high=100 * float(high[0]),
        confidence=log.confidence,
        unit=Unit.PERCENT,
        rows=total.cases,
        groups=tuple(groups),
        group_unit=Unit.PERCENT,
        details=tuple(details),
        notes=tuple(notes),
    )


CAVEAT = both(
    nl="Goed advies wordt vaak gevolgd, dus een hoog cijfer is op zich geen fout. Kijk of fout advies even vaak gevolgd"
    " wordt als juist advies, en of medewerkers er tijd aan besteden. Zoek oorzaken, geen schuldigen.",
    en="Good advice is followed often, so a high figure is no fault by itself. Look whether wrong advice is followed as"
    " often as right advice, and whether officers spend time on it. Look for causes, not for culprits.",
)


def _group(attributes: Mapping[str, str], found: _Followed, alpha: float, *, called: Text | None = None) -> Group:
    low, high = statistics.wilson([found.followed], [found.cases], alpha)
    return Group(
        attributes=attributes,
        called=called,
        rows=found.cases,
        value=100 * found.followed / found.cases,
        low=100 * float(low[0]),
        high=100 * float(high[0]),
    )


def _large(found: Mapping[Any, _Followed], cases: int, least: int) -> dict[Any, _Followed]:
    """Those with enough cases. What is left over of all cases is none or not few, or it would follow by subtraction."""
    large = {k: f for k, f in found.items() if f.cases >= least}
    while large and 0 < cases - sum(f.cases for f in large.values()) < SMALL_COUNT:
        large.pop(_fewest(large))
    return large


def _fewest(found: Mapping[Any, _Followed]) -> Any:
    return min(found, key=lambda k: found[k].cases)


def _by_advice(table: CountTable, cases: int, least: int, alpha: float) -> Iterator[Group]:
    for (advice,), found in sorted(_large(_followed(table, ADVICE), cases, least).items(), reverse=True):
        said = both(nl="advies 'ja'", en="advice 'yes'") if advice else both(nl="advies 'nee'", en="advice 'no'")
        yield _group({ADVICE: f"{ADVICE} {'yes' if advice else 'no'}"}, found, alpha, called=said)


def _by_month(table: CountTable, cases: int, least: int, alpha: float) -> Iterator[Group]:
    found = {k: v for k, v in _followed(table, "year", MONTH).items() if k[0] is not None}
    for (year, month), followed in sorted(_large(found, cases, least).items()):
        yield _group({MONTH: f"{int(year)}-{int(month):02}"}, followed, alpha)


def _by_officer(table: CountTable, cases: int, least: int, alpha: float) -> tuple[list[Group], Text]:
    """The officers with enough cases, the one who follows most first, by number; and what to say about the others."""
    found = {k: v for k, v in _followed(table, OFFICER).items() if k[0] is not None}
    large = _large(found, cases, least)
    while large and 0 < len(found) - len(large) < FEWEST_HIDDEN:
        large.pop(_fewest(large))
    rising = sorted(large.values(), key=lambda f: -f.followed / f.cases)
    if len(rising) < FEWEST_OFFICERS:
        return [], both(
            nl=f"Er zijn geen {FEWEST_OFFICERS} medewerkers met {least} gevallen of meer van wie het cijfer getoond kan worden."
            " Per medewerker tonen we daarom niets: anders weet iedereen over wie het gaat.",
            en=f"There are no {FEWEST_OFFICERS} officers with {least} cases or more whose figure can be shown. So nothing is"
            " shown per officer: everybody would know who it is about.",
        )
    groups = [
        _group({OFFICER: f"{OFFICER} {i}"}, f, alpha, called=both(nl=f"medewerker {i}", en=f"officer {i}"))
        for i, f in enumerate(rising, start=1)
    ]
    return groups, _NUMBERED if len(large) == len(found) else {x: _NUMBERED[x] + _HIDDEN[x] for x in Language}


_NUMBERED = both(
    nl="Medewerkers staan zonder naam of code, van wie het vaakst volgt naar wie het minst volgt.",
    en="Officers stand without name or code, from who follows most to who follows least.",
)
_HIDDEN = both(
    nl=" Niet getoond zijn wie te weinig gevallen heeft, en wie nodig is om die te verbergen.",
    en=" Not shown are who has too few cases, and who it takes to hide them.",
)


def _outcomes(table: CountTable, least: int) -> Iterator[Detail]:
    """Of right and of wrong advice, how much was followed; and who was right when the officer departed."""
    counts: dict[tuple[bool, bool], int] = {}
    for cell in table.by(ADVICE, DECISION, OUTCOME).cells:
        advice, decision, outcome = cell.values
        if advice is None or decision is None or outcome is None:
            continue
        key = (advice == outcome, advice == decision)
        counts[key] = counts.get(key, 0) + cell.rows
    for right, name, called, note in (
        (True, "advice right", both(nl="advies was juist", en="advice was right"), _RIGHT),
        (False, "advice wrong", both(nl="advies was fout", en="advice was wrong"), _WRONG),
    ):
        cases = counts.get((right, True), 0) + counts.get((right, False), 0)
        if cases >= least:
            yield Detail(name=name, called=called, rows=cases, counted=counts.get((right, True), 0), note=note)
    departed = counts.get((True, False), 0) + counts.get((False, False), 0)
    if departed >= least:
        called = both(nl="afgeweken van het advies", en="departed from the advice")
        yield Detail(
            name="departed", called=called, rows=departed, counted=counts.get((False, False), 0), note=_DEPARTED
        )


_RIGHT = both(nl="van het juiste advies werd zoveel gevolgd", en="of right advice, so much was followed")
_WRONG = both(
    nl="van het foute advies werd zoveel toch gevolgd; is dat even vaak als van het juiste, dan kan het blind volgen zijn",
    en="of wrong advice, so much was followed all the same; as often as of right advice can mean following blindly",
)
_DEPARTED = both(
    nl="toen de medewerker afweek, had die zo vaak gelijk",
    en="when the officer departed, so often the officer was right",
)


def _time_spent(table: CountTable, least: int) -> Iterator[Detail]:
    """The middle time spent where the advice was followed, and where it was not."""
    for same, name, called in (
        (
            True,
            "seconds, followed",
            both(nl="seconden, als het advies gevolgd werd", en="seconds, where it was followed"),
        ),
        (
            False,
            "seconds, departed",
            both(nl="seconden, als ervan afgeweken werd", en="seconds, where it was departed from"),
        ),
    ):
        times: dict[float, int] = {}
        without = 0
        for cell in table.by(ADVICE, DECISION, SECONDS).cells:
            advice, decision, class_ = cell.values
            if advice is None or decision is None or (advice == decision) is not same:
                continue
            if isinstance(class_, int | float):
                times[float(class_)] = times.get(float(class_), 0) + cell.rows
            else:
                without += cell.rows
        known = sum(times.values())
        if known < least:
            continue
        low, middle, high = (_written(_quantile(times, share)) for share in (0.25, 0.5, 0.75))
        note = both(
            nl=f"de helft nam {middle[Language.NL]} seconden of minder; de middelste helft {low[Language.NL]} tot"
            f" {high[Language.NL]}",
            en=f"half took {middle[Language.EN]} seconds or less; the middle half {low[Language.EN]} to"
            f" {high[Language.EN]}",
        )
        yield Detail(name=name, called=called, rows=known + without, counted=known, note=note)


def _quantile(times: Mapping[float, int], share: float) -> float:
    """The seconds that this share of the cases stays under, to within 1 %: the log holds classes of that width."""
    total, seen = sum(times.values()), 0
    for class_, rows in sorted(times.items()):
        seen += rows
        if seen >= share * total:
            return math.exp(class_)
    raise ValueError("no times")


def _written(seconds: float) -> Text:
    return classes.decimal(seconds, 1 if seconds < 10 else 0)


def not_applicable(card: Card) -> Text | None:
    """Where the process has no step in which AI advises or acts under a person's eye, there is no advice to follow."""
    advised = {ProcessActor.AI_ADVISES, ProcessActor.AI_ACTS_HUMAN_CHECKS}
    if not card.process or any(step.actor in advised for step in card.process):
        return None
    return both(
        nl="Volgens de stappen op de kaart geeft AI geen advies aan een medewerker.",
        en="According to the steps on the card, AI gives no advice to an officer.",
    )


CHECK = Check(
    id="advice-followed",
    family="oversight",
    version=2,
    title=both(nl="Advies gevolgd", en="Advice followed"),
    measures=both(
        nl="In hoeveel procent van de gevallen de medewerker beslist wat de AI adviseerde; per soort advies, per maand en"
        " per medewerker zonder naam. Ook: hoe vaak fout advies gevolgd werd, en wie gelijk had bij afwijken.",
        en="In how many percent of the cases the officer decides what the AI advised; by advice, by month and by officer"
        " without name. Also: how often wrong advice was followed, and who was right on departing.",
    ),
    wants=both(
        nl="een beslissingslogboek op de kaart, met 'decision'", en="a decision log on the card, with 'decision'"
    ),
    formula="cases where decision = advice / cases with both × 100",
    source="Parasuraman and Manzey (2010), Human Factors 52, 381-410; Wilson (1927), JASA 22, 209-212",
    counted=both(nl="gevallen", en="cases"),
    plan=plan,
    needs=needs,
    measure=measure,
    subjects={DECISION: both(nl="beslissingen", en="decisions")},
    not_applicable=not_applicable,
)
