"""tru-fair-1: does the same score mean the same thing for every group?"""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from vangrail.checks import Check, comparing, statistics, suppression
from vangrail.checks.comparing import OUTCOME, GroupCount, Rate
from vangrail.checks.fairness import rates
from vangrail.model.card import Card, DecisionLog
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Counts, CountTable, Field, Key, Need, Value
from vangrail.model.outcome import Group, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Unit
from vangrail.tables import sql

CLASSES = 10
SCORE = "score class"
_ALL = Rate(given={}, counted={OUTCOME: True})


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per characteristic and intersection, where the log has a score and an outcome."""
    log = card.decision_log
    if log is not None and log.score is not None and log.outcome is not None:
        yield from comparing.plan(card, CHECK.id, CHECK.version)


def _counts(measurement: Measurement, fields: Sequence[Field]) -> Counts:
    score = comparing.log_of(measurement).score
    if score is None:
        raise TypeError("calibration was planned for a log without a score")
    class_ = f"FLOOR({sql.column(score.column)} * {CLASSES} / {score.top!r})"
    return Counts((*comparing.counts(measurement, fields).by, Key(SCORE, class_)))


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The cases per group, score class and outcome."""
    return [_counts(measurement, fields)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """How many points more often the outcome came true in a group than in the reference group at the same score.

    Cases are put in ten classes of equal score width; differences within a class are averaged with Mantel-Haenszel
    weights, so that groups with other scores are compared like with like.

    Measured        percentage points [0, 100]; the largest such difference, with an interval for all comparisons at once
    NotMeasurable   as for the error rates, or when no group shares a score class with the reference group
    """
    log = comparing.log_of(measurement)
    usable = rates.with_known_outcome(answers.table(_counts(measurement, fields)), log)
    if isinstance(usable, NotMeasurable):
        return usable
    table, notes = usable
    attributes = measurement.settings["attributes"]
    groups = comparing.count_groups(_with_score(table), attributes, _ALL)
    # The comparison of plain rates tells which groups can be compared, and why not; its figures are replaced below.
    plain = comparing.compared(groups, measurement, as_ratio=False, notes=notes)
    kept = comparing.kept_back(_with_score(table), attributes, _ALL)
    in_tens = {g.values: g for g in comparing.in_tens(groups, kept, log.min_rows)}
    if isinstance(plain, NotMeasurable):
        return suppression.without(plain, kept)
    reference = comparing.reference_of(groups, log, attributes)
    if reference is None:
        raise TypeError("groups were compared without a reference")
    others = [g for g in groups if g is not reference and g.trials >= log.min_rows]
    strata = _strata(table, attributes)
    alpha = measurement.settings["alpha"] / len(others)
    found = {g.values: _against(strata[g.values], strata[reference.values], alpha) for g in others}
    shown_groups = tuple(_shown(in_tens[g.values], log, found, is_reference=g is reference) for g in groups)
    known = [f for f in found.values() if f is not None]
    if not known:
        none = NotMeasurable(
            reason=both(
                nl="Geen groep deelt een scoreklasse met de referentiegroep.",
                en="No group shares a score class with the reference group.",
            ),
            rows=plain.rows,
            groups=shown_groups,
            group_unit=Unit.PERCENT,
            notes=plain.notes,
        )
        return suppression.without(none, kept)
    value, low, high = statistics.largest_gap(*(np.array(column) for column in zip(*known, strict=True)))
    measured = Measured(
        value=100 * value,
        low=100 * low,
        high=100 * high,
        confidence=log.confidence,
        unit=Unit.PERCENTAGE_POINTS,
        rows=plain.rows,
        groups=shown_groups,
        group_unit=Unit.PERCENT,
        notes=plain.notes,
    )
    return suppression.without(measured, kept)


def _with_score(table: CountTable) -> CountTable:
    place = table.keys.index(SCORE)
    return CountTable(table.keys, tuple(c for c in table.cells if c.values[place] is not None))


Tally = tuple[float, float]
"""How often the outcome was yes, and out of how many."""


def _strata(table: CountTable, attributes: Sequence[str]) -> dict[tuple[Value, ...], dict[Value, Tally]]:
    """Per group and score class: how often the outcome was yes, and out of how many."""
    found: dict[tuple[Value, ...], dict[Value, Tally]] = {}
    for cell in _with_score(table).by(*attributes, SCORE, OUTCOME).cells:
        *values, class_, outcome = cell.values
        if outcome is not None:
            classes = found.setdefault(tuple(values), {})
            yes, all_ = classes.get(class_, (0.0, 0.0))
            classes[class_] = yes + (cell.rows if outcome else 0), all_ + cell.rows
    return found


def _against(
    group: dict[Value, Tally], reference: dict[Value, Tally], alpha: float
) -> tuple[float, float, float] | None:
    """The group minus the reference group over the classes that they share; none when they share none."""
    shared = group.keys() & reference.keys()
    return statistics.stratified_difference([(*group[c], *reference[c]) for c in shared], alpha)


_NO_SHARED_CLASS = both(
    nl="geen scoreklasse gemeen met de referentiegroep", en="no score class in common with the reference group"
)


def _shown(
    group: GroupCount,
    log: DecisionLog,
    found: dict[tuple[Value, ...], tuple[float, float, float] | None],
    *,
    is_reference: bool,
) -> Group:
    if group.trials < log.min_rows:
        return Group(
            attributes=group.attributes,
            rows=group.trials,
            is_reference=is_reference,
            not_measurable=comparing.too_small(log.min_rows),
        )
    low, high = statistics.wilson([group.successes], [group.trials], 1 - log.confidence)
    compared = found.get(group.values)
    return Group(
        attributes=group.attributes,
        rows=group.trials,
        value=100 * group.successes / group.trials,
        low=100 * float(low[0]),
        high=100 * float(high[0]),
        difference=100 * compared[0] if compared else None,
        difference_low=100 * compared[1] if compared else None,
        difference_high=100 * compared[2] if compared else None,
        is_reference=is_reference,
        not_measurable=_NO_SHARED_CLASS if not is_reference and compared is None else None,
    )


def not_applicable(card: Card) -> Text | None:
    """Advice without a score has no calibration."""
    if card.decision_log is None or card.decision_log.score is not None:
        return None
    return both(nl="Het advies heeft geen score.", en="The advice has no score.")


CHECK = Check(
    id="calibration-difference",
    family="fairness",
    title=both(nl="Verschil in betekenis van de score", en="Calibration difference"),
    measures=both(
        nl="Bij dezelfde score: hoeveel procentpunt vaker de uitkomst ja was voor een groep dan voor de referentiegroep.",
        en="At the same score: how many percentage points more often the outcome was yes for a group than for the"
        " reference group.",
    ),
    wants=both(
        nl="een beslissingslogboek op de kaart, met 'protected', 'outcome' en 'score'",
        en="a decision log on the card, with 'protected', 'outcome' and 'score'",
    ),
    formula="Σ w (p group − p reference) / Σ w over ten score classes, w = n m / (n + m), × 100",
    source="Mantel and Haenszel (1959), JNCI 22, 719-748 (weights); Chouldechova (2017), Big Data 5, 153-163",
    counted=both(nl="gevallen", en="cases"),
    plan=plan,
    needs=needs,
    measure=measure,
    version=3,  # 2 took the largest group of the cases with a score and an outcome; 1 let small groups be counted from what stood beside them
    not_applicable=not_applicable,
)
