"""tru-fair-1 with selective labels: is a group selected more than its base rate explains?"""

import math
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from vangrail.checks import Check, comparing, statistics, suppression
from vangrail.checks.comparing import GroupCount
from vangrail.checks.selection import planned
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, Field, Need
from vangrail.model.outcome import Group, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Unit


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per characteristic and intersection."""
    yield from planned.plan(card, CHECK.id, CHECK.version)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The cases per group, by advice, selection, random sample and outcome."""
    return [comparing.counts(measurement, fields)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """How a group's selection rate relates to its base rate, compared with the reference group.

    Both are needed: a group may be selected more often because there is more to find there. What remains after dividing
    by the base rate is selection that the base rate does not explain. A group's own figure is selection rate / base rate.

    A log of nothing but checked cases does not say who was not selected. Then the sample says how large each group is, and what is
    compared is how many were selected per case in the sample with something to find: the sizes cancel out.

    Measured        the smaller relation divided by the larger, [0, 1]; 1 is equal. Log-scale interval of four independent
                    binomials with half a case added, for all comparisons at once
    NotMeasurable   without a random sample, or when the reference group or all others have too few drawn at random
    """
    log, table = comparing.log_of(measurement), answers.table(comparing.counts(measurement, fields))
    if log.random_sample is None:
        return NotMeasurable(reason=comparing.CANNOT_BE_KNOWN, do=comparing.DRAW_A_SAMPLE, rows=table.rows)
    attributes = measurement.settings["attributes"]
    drawn = comparing.count_groups(table, attributes, planned.base_rate(log))
    selected = {g.values: g for g in comparing.count_groups(table, attributes, planned.selection_rate(log))}
    # Which groups can be compared, and with whom, is decided by the drawn cases: they are the scarce ones.
    plain = comparing.compared(drawn, measurement, as_ratio=False)
    kept = comparing.kept_back(table, attributes, planned.base_rate(log))
    if isinstance(plain, NotMeasurable):
        return suppression.without(plain, kept)
    reference = comparing.reference_of(drawn, log, attributes)
    if reference is None:
        raise TypeError("groups were compared without a reference")
    large = [g for g in drawn if g.trials >= log.min_rows and selected[g.values].trials >= log.min_rows]
    others = [g for g in large if g is not reference]
    if reference not in large or not others:
        return NotMeasurable(
            reason=both(
                nl="Te weinig dossiers buiten de steekproef om te vergelijken wie gekozen werd.",
                en="Too few cases outside the sample to compare who was selected.",
            ),
            rows=plain.rows,
        )
    z = statistics.normal_quantile(measurement.settings["alpha"] / len(others))
    only_checked = all(g.successes == g.trials for g in selected.values())
    notes = (*plain.notes, _ONLY_CHECKED) if only_checked else plain.notes
    relations = {g.values: _relation(selected[g.values], g, only_checked=only_checked) for g in large}
    folded = {g.values: _folded(relations[g.values], relations[reference.values], z) for g in others}
    groups = []
    for g in drawn:
        if g not in large:
            small = comparing.too_small(log.min_rows)
            groups.append(
                Group(attributes=g.attributes, rows=g.trials, is_reference=g is reference, not_measurable=small)
            )
            continue
        value, low, high = folded.get(g.values, (None, None, None))
        groups.append(
            Group(
                attributes=g.attributes,
                rows=g.trials,
                value=math.exp(relations[g.values][0]),
                difference=value,
                difference_low=low,
                difference_high=high,
                is_reference=g is reference,
            )
        )
    values, lows, highs = (np.array(column) for column in zip(*folded.values(), strict=True))
    measured = Measured(
        value=float(values.min()),
        low=float(lows.min()),
        high=float(highs.min()),
        confidence=log.confidence,
        unit=Unit.RATIO,
        rows=plain.rows,
        groups=tuple(groups),
        group_unit=Unit.RATIO,
        notes=notes,
    )
    return suppression.without(measured, kept)


_ONLY_CHECKED = both(
    nl="Het logboek heeft alleen dossiers die gecontroleerd werden. Hoe groot elke groep is, zegt daarom de steekproef. Het cijfer"
    " van een groep is: hoeveel dossiers gekozen werden per dossier in de steekproef waar iets te vinden was.",
    en="The log holds only cases that were checked. So the sample says how large each group is. A group's figure is: how many cases"
    " were selected per case in the sample where there was something to find.",
)


def _relation(selected: GroupCount, drawn: GroupCount, *, only_checked: bool) -> tuple[float, float]:
    """Logarithm of selection rate / base rate, half a case added to each, and its variance.

    Where only checked cases are known: of selected cases / cases of the sample with something to find.
    """
    if only_checked:
        chosen, found = selected.successes + 0.5, drawn.successes + 0.5
        return math.log(chosen / found), 1 / chosen + 1 / found
    log_value = variance = 0.0
    for group, sign in ((selected, 1), (drawn, -1)):
        successes, trials = group.successes + 0.5, group.trials + 0.5
        log_value += sign * math.log(successes / trials)
        variance += 1 / successes - 1 / trials
    return log_value, variance


def _folded(one: tuple[float, float], other: tuple[float, float], z: float) -> tuple[float, float, float]:
    """The smaller of two relations divided by the larger, with its interval."""
    difference, half = abs(one[0] - other[0]), z * math.sqrt(one[1] + other[1])
    return math.exp(-difference), math.exp(-(difference + half)), math.exp(-max(0.0, difference - half))


CHECK = Check(
    id="selection-against-base-rate",
    family="selection",
    title=both(nl="Gekozen tegenover wat er te vinden is", en="Selection against base rate"),
    measures=both(
        nl="Wordt een groep vaker gekozen dan de kans om iets te vinden verklaart? 1 betekent: even vaak als bij de"
        " referentiegroep; 0,5 betekent: een factor twee verschil.",
        en="Is a group selected more often than the chance of finding something explains? 1 means: as often as the"
        " reference group; 0.5 means: a factor of two apart.",
    ),
    wants=planned.WANTS,
    formula="(selection rate / base rate) of group and reference, smaller / larger; half a case added to every count",
    source="Lakkaraju et al. (2017), KDD, 275-284 (selective labels); Katz et al. (1978), Biometrics 34, 469-474 (interval)",
    counted=both(nl="gevallen", en="cases"),
    plan=plan,
    needs=needs,
    measure=measure,
    version=3,  # 2 took a log of nothing but checked cases for one in which everybody was selected; 1 let small groups be counted
    not_applicable=planned.not_applicable,
)
