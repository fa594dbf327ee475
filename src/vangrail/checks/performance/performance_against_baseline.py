"""tru-rob-1, dem-4: is the advice right more often than what would do without AI?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from vangrail.checks import Check, comparing, statistics
from vangrail.checks.comparing import ADVICE, OUTCOME, RANDOM
from vangrail.checks.drift import classes
from vangrail.checks.fairness import rates
from vangrail.checks.performance import inputs, paired, simple_rule
from vangrail.checks.performance.paired import Advantage, Pairs
from vangrail.checks.performance.simple_rule import FEATURE, Rule
from vangrail.checks.planning import reading
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Counts, CountTable, Field, Key, Need
from vangrail.model.outcome import Group, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Language, Unit
from vangrail.tables import sql

DECISION = "decision"
MAJORITY, RULE, STATED = "majority", "one column", "stated"
_OF_LOG = {
    "dataset", "advice", "favourable", "decision", "outcome", "performance", "baseline", "random_sample", "min_rows",
    "confidence",
}  # fmt: skip


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement, where the log has an outcome."""
    log = card.decision_log
    if log is None or log.outcome is None:
        return
    settings: dict[str, Any] = {
        "log": log.model_dump(mode="json", exclude_defaults=True, include=_OF_LOG),
        "inputs": inputs.declared(card, log.dataset),
        "reading": reading(card.datasets[log.dataset]),
    }
    yield Measurement(
        check=CHECK.id, version=CHECK.version, dataset=log.dataset, subject=log.performance, settings=settings
    )


def _keys(measurement: Measurement, fields: Sequence[Field]) -> tuple[Key, ...]:
    log = comparing.log_of(measurement)
    if log.outcome is None:
        raise TypeError("performance was planned for a log without an outcome")
    keys = [Key(ADVICE, sql.condition(log.advice, fields)), Key(OUTCOME, sql.condition(log.outcome, fields))]
    if log.random_sample is not None:
        keys.append(Key(RANDOM, f"COALESCE({sql.condition(log.random_sample, fields)}, FALSE)"))
    return tuple(keys)


def _whole(measurement: Measurement, fields: Sequence[Field]) -> Counts:
    decision = comparing.log_of(measurement).decision
    extra = (Key(DECISION, sql.condition(decision, fields)),) if decision is not None else ()
    return Counts((*_keys(measurement, fields), *extra))


def _per_input(measurement: Measurement, fields: Sequence[Field]) -> list[tuple[Field, Counts]]:
    """The columns that the card says are used. Others may hold what only became known later, so no rule may look at them."""
    declared = measurement.settings["inputs"]
    if not declared["used"]:
        return []
    keys = (*_keys(measurement, fields), inputs.half(declared, fields))
    return [
        (
            f,
            Counts((*keys, Key(FEATURE, classes.class_of(f, decimals=classes.COARSE))), at_most=inputs.MOST_VALUES),
        )
        for f in inputs.inputs(declared, fields)
    ]


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The cases by advice, outcome and decision; and for each input by its class, in two halves."""
    return [_whole(measurement, fields), *(need for _, need in _per_input(measurement, fields))]


@dataclass(frozen=True, kw_only=True)
class _Compared:
    """One way of deciding without the advice, and the advice beside it."""

    name: str
    rows: int
    advantage: Advantage


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """By how many points the advice is right more often than the best of what would do without it.

    Compared with: always saying what is mostly the outcome; the best rule that looks at one column only, found on one
    half and tested on the other; what officers decided, where the log has it; and the figure stated on the card.
    Balanced accuracy lets both outcomes weigh alike.

    Measured        percentage points [-100, 100]; the smallest advantage, with paired intervals that hold for all of
                    these comparisons at once; one group per comparison, with how often that is right
    NotMeasurable   as for the error rates, and without `min_rows` cases of both outcomes
    """
    log = comparing.log_of(measurement)
    usable = rates.with_known_outcome(answers.table(_whole(measurement, fields)), log)
    if isinstance(usable, NotMeasurable):
        return usable
    table, notes = usable
    unknown = comparing.without_advice(table) if log.outcome and log.outcome.known_for == "selected" else None
    if unknown is not None:
        return unknown
    # Beating the simplest rule is asked, so a rule that was not looked for is a comparison that is lacking.
    unsought = (
        ()
        if measurement.settings["inputs"]["used"]
        else (Group(attributes={"baseline": RULE}, called=_CALLED[RULE], rows=None, not_measurable=_NO_COLUMNS),)
    )
    notes += inputs.left_out(inputs.followed(_per_input(measurement, fields), answers)[1])
    balanced = log.performance == "balanced_accuracy"
    per_outcome = _sizes(table)
    if (
        sum(per_outcome.values()) < log.min_rows
        or min(per_outcome.values()) == 0
        or (balanced and min(per_outcome.values()) < log.min_rows)
    ):
        return _too_few(per_outcome, log.min_rows, balanced=balanced)
    most = per_outcome[True] > per_outcome[False]
    sides: list[tuple[str, dict[bool, Pairs]]] = [(MAJORITY, _constant(table, most))]
    rule = _best_rule(measurement, fields, answers, balanced=balanced)
    if rule is not None:
        sides.append((f"{RULE}: {rule[0].column}", rule[1]))
    if log.decision is not None:
        sides.append((DECISION, _decided(table)))
    least = log.min_rows
    sides = [
        (name, pairs)
        for name, pairs in sides
        if sum(p.rows for p in pairs.values()) >= least
        and (not balanced or min(p.rows for p in pairs.values()) >= least)
    ]
    if rule is not None and f"{RULE}: {rule[0].column}" not in dict(sides):
        rule = None
    alpha = (1 - log.confidence) / (len(sides) + (log.baseline is not None))
    estimate = paired.balanced_accuracy if balanced else paired.accuracy
    compared = [
        _Compared(name=name, rows=sum(p.rows for p in pairs.values()), advantage=estimate(pairs, alpha))
        for name, pairs in sides
    ]
    advice = estimate(_constant(table, most), alpha).advice
    if log.baseline is not None:
        compared.append(_stated(table, log.baseline.accuracy / 100, alpha, balanced=balanced))
        notes.append(
            both(
                nl=f"'{_CALLED[STATED][Language.NL]}': hoe goed het vandaag gaat volgens de kaart (bron: {log.baseline.source}). Die onzekerheid"
                " kennen we niet; ze telt niet mee.",
                en=f"'{_CALLED[STATED][Language.EN]}': how well it goes today according to the card (source: {log.baseline.source}). Its own"
                " uncertainty is not known and not counted in.",
            )
        )
    worst = min(compared, key=lambda c: c.advantage.value)
    return Measured(
        value=100 * worst.advantage.value,
        low=100 * min(c.advantage.low for c in compared),
        high=100 * min(c.advantage.high for c in compared),
        confidence=log.confidence,
        unit=Unit.PERCENTAGE_POINTS,
        rows=sum(per_outcome.values()),
        groups=(*(_group(c, log.confidence, table, balanced=balanced) for c in compared), *unsought),
        group_unit=Unit.PERCENT,
        notes=(*notes, *_how(advice, log.confidence, rule, balanced=balanced, decided=DECISION in dict(sides))),
    )


_NO_COLUMNS = both(
    nl="De kaart zegt van geen enkele kolom 'used: true', dus de beste regel met één kolom is niet gezocht.",
    en="The card says 'used: true' of no column, so the best rule on one column was not looked for.",
)


def _sizes(table: CountTable) -> dict[bool, int]:
    """How many cases with advice there are of each outcome."""
    sizes = {False: 0, True: 0}
    for cell in table.by(ADVICE, OUTCOME).cells:
        advice, outcome = cell.values
        if advice is not None and outcome is not None:
            sizes[bool(outcome)] += cell.rows
    return sizes


def _constant(table: CountTable, says: bool) -> dict[bool, Pairs]:
    found = {o: Pairs(rows=0, only_advice=0, only_other=0, both=0) for o in (False, True)}
    for cell in table.by(ADVICE, OUTCOME).cells:
        advice, outcome = cell.values
        if advice is not None and outcome is not None:
            found[bool(outcome)] += simple_rule.pair(bool(advice), says, bool(outcome), cell.rows)
    return found


def _decided(table: CountTable) -> dict[bool, Pairs]:
    found = {o: Pairs(rows=0, only_advice=0, only_other=0, both=0) for o in (False, True)}
    for cell in table.by(ADVICE, DECISION, OUTCOME).cells:
        advice, decision, outcome = cell.values
        if advice is not None and decision is not None and outcome is not None:
            found[bool(outcome)] += simple_rule.pair(bool(advice), bool(decision), bool(outcome), cell.rows)
    return found


def _best_rule(
    measurement: Measurement, fields: Sequence[Field], answers: Answers, *, balanced: bool
) -> tuple[Rule, dict[bool, Pairs]] | None:
    """The rule that did best on the half where rules are found, and how it does beside the advice on the other half."""
    log = comparing.log_of(measurement)
    best: tuple[Rule, CountTable] | None = None
    counted, _ = inputs.followed(_per_input(measurement, fields), answers)
    for field, table in counted:
        usable = rates.with_known_outcome(table, log)
        if isinstance(usable, NotMeasurable):
            return None
        rule = simple_rule.find(field, usable[0], log.min_rows, balanced=balanced)
        if rule is not None and (best is None or rule.score > best[0].score):
            best = rule, usable[0]
    return (best[0], simple_rule.against_advice(*best)) if best else None


def _stated(table: CountTable, stated: float, alpha: float, *, balanced: bool) -> _Compared:
    """The advice against a fixed figure: only the advice is uncertain."""
    value, low, high, rows = _own(table, alpha, balanced=balanced)
    advantage = Advantage(value=value - stated, low=low - stated, high=high - stated, advice=value, other=stated)
    return _Compared(name=STATED, rows=rows, advantage=advantage)


def _own(table: CountTable, alpha: float, *, balanced: bool) -> tuple[float, float, float, int]:
    """How often the advice is right, with its interval."""
    pairs = _constant(table, True)
    parts = list(pairs.values()) if balanced else [pairs[True] + pairs[False]]
    right = [p.both + p.only_advice for p in parts]
    trials = [p.rows for p in parts]
    low, high = statistics.wilson(right, trials, alpha)
    shares = [r / n for r, n in zip(right, trials, strict=True)]
    value = sum(shares) / len(shares)
    below = sum((s - b) ** 2 for s, b in zip(shares, low, strict=True)) ** 0.5 / len(shares)
    above = sum((t - s) ** 2 for s, t in zip(shares, high, strict=True)) ** 0.5 / len(shares)
    return value, float(value - below), float(value + above), sum(trials)


def _group(compared: _Compared, confidence: float, table: CountTable, *, balanced: bool) -> Group:
    advantage = compared.advantage
    low: float | None = None
    high: float | None = None
    if not balanced and compared.name != STATED:
        bounds = statistics.wilson([advantage.other * compared.rows], [compared.rows], 1 - confidence)
        low, high = 100 * float(bounds[0][0]), 100 * float(bounds[1][0])
    return Group(
        attributes={"baseline": compared.name},
        called=_called(compared.name),
        rows=compared.rows,
        value=100 * advantage.other,
        low=low,
        high=high,
        difference=100 * advantage.value,
        difference_low=100 * advantage.low,
        difference_high=100 * advantage.high,
    )


_CALLED = {
    MAJORITY: both(nl="altijd de meest voorkomende uitkomst", en="always the most common outcome"),
    RULE: both(nl="één kolom", en="one column"),
    STATED: both(nl="vandaag, volgens de kaart", en="today, according to the card"),
    DECISION: both(nl="beslissing van medewerkers", en="decision of officers"),
}


def _called(name: str) -> Text:
    kind, _, column = name.partition(": ")
    return {language: f"{text}: {column}" if column else text for language, text in _CALLED[kind].items()}


def _too_few(per_outcome: dict[bool, int], least: int, *, balanced: bool) -> NotMeasurable:
    if sum(per_outcome.values()) >= least and min(per_outcome.values()) == 0:
        reason = both(
            nl="Alle bekende uitkomsten zijn gelijk, dus er valt niets te voorspellen.",
            en="All known outcomes are the same, so there is nothing to predict.",
        )
    else:
        each = both(nl=" van elke uitkomst", en=" of each outcome") if balanced else both(nl="", en="")
        reason = both(
            nl=f"Te weinig gevallen met advies en uitkomst: minstens {least}{each[Language.NL]} zijn nodig.",
            en=f"Too few cases with advice and outcome: at least {least}{each[Language.EN]} are needed.",
        )
    return NotMeasurable(reason=reason)


def _how(
    advice: float, confidence: float, rule: tuple[Rule, Any] | None, *, balanced: bool, decided: bool
) -> Iterator[Text]:
    percent, right = f"{100 * confidence:g}", classes.decimal(100 * advice, 1)
    kind = both(nl="gemiddeld over beide uitkomsten", en="averaged over both outcomes")
    plain = both(nl="van alle gevallen", en="of all cases")
    of = kind if balanced else plain
    yield both(
        nl=f"Het advies is juist in {right[Language.NL]} % ({of[Language.NL]}). Het cijfer hierboven is het kleinste"
        f" voordeel; de intervallen gelden met {percent} % zekerheid voor alle vergelijkingen samen (Bonferroni).",
        en=f"The advice is right in {right[Language.EN]} % ({of[Language.EN]}). The figure above is the smallest"
        f" advantage; the intervals hold with {percent} % confidence for all comparisons together (Bonferroni).",
    )
    yield both(
        nl=f"'{_CALLED[MAJORITY][Language.NL]}': altijd zeggen wat meestal de uitkomst is.",
        en=f"'{_CALLED[MAJORITY][Language.EN]}': always saying what is mostly the outcome.",
    )
    if rule is not None:
        yield both(
            nl=f"'{_CALLED[RULE][Language.NL]}': de beste regel die alleen naar één kolom kijkt, hier '{rule[0].column}'. Gevonden op de ene"
            " helft van de gevallen, getest op de andere.",
            en=f"'{_CALLED[RULE][Language.EN]}': the best rule that looks at one column only, here '{rule[0].column}'. Found on one half of the"
            " cases, tested on the other.",
        )
    if decided:
        yield both(
            nl=f"'{_CALLED[DECISION][Language.NL]}': wat medewerkers beslisten. Zagen ze het advies al, dan is dit niet het werk zonder AI.",
            en=f"'{_CALLED[DECISION][Language.EN]}': what officers decided. Where they saw the advice, this is not the work without AI.",
        )


def not_applicable(card: Card) -> Text | None:
    """Why advice has no meaning for an application that only recognises images, or forecasts: other figures say how well."""
    elsewhere = any(d.detections or d.forecasts or d.alarms for d in card.datasets.values())
    if card.decision_log is not None or not elsewhere:
        return None
    return both(
        nl="Deze toepassing geeft geen advies over gevallen. Hoe goed ze beelden herkent of voorspelt, is apart gemeten.",
        en="This application gives no advice on cases. How well it recognises images or forecasts is measured apart.",
    )


CHECK = Check(
    id="performance-against-baseline",
    family="performance",
    title=both(nl="Voordeel tegenover zonder AI", en="Performance against baseline"),
    measures=both(
        nl="Hoeveel procentpunt vaker het advies juist is dan het beste van: altijd hetzelfde zeggen, een regel met één"
        " gegeven, de beslissing van medewerkers, en het cijfer van vandaag op de kaart. Onder 0 is AI niet het antwoord.",
        en="How many percentage points more often the advice is right than the best of: always saying the same, a rule on"
        " one column, what officers decide, and today's figure on the card. Below 0, AI is not the answer.",
    ),
    wants=both(nl="een beslissingslogboek op de kaart, met 'outcome'", en="a decision log on the card, with 'outcome'"),
    formula="min over baselines of (share right by advice − share right by baseline) × 100, on the same cases",
    source="Agresti and Min (2005), Statistics in Medicine 24, 729-740; Holte (1993), Machine Learning 11, 63-91",
    counted=both(nl="gevallen", en="cases"),
    plan=plan,
    needs=needs,
    measure=measure,
    version=2,  # 1 called advice no better than a guess where the random sample was never advised on
    not_applicable=not_applicable,
    subjects={
        "accuracy": both(nl="elk geval even zwaar", en="every case alike"),
        "balanced_accuracy": both(nl="beide uitkomsten even zwaar", en="both outcomes alike"),
    },
)
