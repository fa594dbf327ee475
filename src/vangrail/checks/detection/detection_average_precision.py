"""tru-rob-1: do sure recognitions come out more often than unsure ones, whatever the threshold?"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from vangrail.checks import Check, statistics
from vangrail.checks.detection import matches
from vangrail.model.card import Card, Detections
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Cell, Counts, CountTable, Field, Key, Need
from vangrail.model.outcome import Group, Measured, NotMeasurable, Outcome, shown
from vangrail.model.vocabulary import Unit
from vangrail.tables import sql

SCORE = "score"
CLASSES = 1000
"""Scores are counted by thousandths, so that only totals are asked. Scores of three decimals lose nothing by it."""


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per data set whose recognitions have a score."""
    for name, log, settings in matches.logs(card):
        if log.score is not None:
            yield Measurement(check=CHECK.id, version=CHECK.version, dataset=name, subject=name, settings=settings)


def _need(log: Detections, fields: Sequence[Field]) -> Counts:
    if log.score is None:
        raise TypeError("average precision was planned for recognitions without a score")
    return matches.counts(log, fields, Key(SCORE, f"CAST(ROUND({sql.column(log.score)} * {CLASSES}) AS INTEGER)"))


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """Classes against classes, by thousandths of the score."""
    log = matches.log_of(measurement)
    return [] if matches.unusable(log, fields) is not None else [_need(log, fields)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The area under the curve of precision against recall of the worst class.

    Going down from the surest recognition, each one that is right adds the precision so far. Recognitions with the same
    thousandth have no order among each other; the interval takes in the best and the worst order.

    Measured        percent [0, 100]; binomial interval by the number of objects, for all classes at once; one group per
                    class
    NotMeasurable   every class has fewer than `min_rows` objects; scores outside 0 to 1; people only looked at what was
                    recognised; too many classes
    """
    log = matches.log_of(measurement)
    wrong = matches.unusable(log, fields)
    if wrong is not None:
        return wrong
    if log.known_for == "predicted":
        return matches.CANNOT_BE_KNOWN
    need = _need(log, fields)
    whole = matches.told(answers, need)
    if isinstance(whole, NotMeasurable):
        return whole
    table = answers.table(need)
    place = table.keys.index(SCORE)
    scores = {c.values[place] for c in table.cells}
    if any(isinstance(s, int) and not 0 <= s <= CLASSES for s in scores):
        return NotMeasurable(
            reason=both(
                nl=f"Kolom '{log.score}' bevat scores buiten 0 tot 1.",
                en=f"Column '{log.score}' holds scores outside 0 to 1.",
            ),
            do=both(nl="Deel de score door haar hoogste waarde.", en="Divide the score by its highest value."),
        )
    curves = _curves(table)
    large = {c: curves[c] for c in whole.classes if whole.there(c) >= log.min_rows}
    if not large:
        return NotMeasurable(
            reason=both(
                nl=f"Geen enkele klasse is {log.min_rows} keer of meer echt te zien.",
                en=f"No class is really there {log.min_rows} times or more.",
            ),
            do=both(nl="Laat meer beelden nakijken.", en="Have more pictures checked."),
            rows=shown(sum(whole.there(c) for c in whole.classes)),
        )
    alpha = (1 - log.confidence) / len(large)
    groups = []
    for name in whole.classes:
        there = whole.there(name)
        if name not in large:
            few = matches.too_few(there, log.min_rows, nl="echt te zien", en="really there")
            groups.append(Group(attributes={"class": name}, rows=shown(there), not_measurable=few))
            continue
        area = average_precision(*large[name], there)
        low, _ = statistics.wilson([min(area.worst, area.value) * there], [there], alpha)
        _, high = statistics.wilson([max(area.best, area.value) * there], [there], alpha)
        groups.append(
            Group(
                attributes={"class": name},
                rows=there,
                value=100 * area.value,
                low=100 * float(low[0]),
                high=100 * float(high[0]),
            )
        )
    known = [g for g in groups if g.value is not None]
    return Measured(
        value=min(g.value for g in known if g.value is not None),
        low=min(g.low for g in known if g.low is not None),
        high=min(g.high for g in known if g.high is not None),
        confidence=log.confidence,
        unit=Unit.PERCENT,
        rows=sum(whole.there(c) for c in large),
        groups=tuple(sorted(groups, key=lambda g: (g.value is None, g.value or 0.0, g.name))),
        group_unit=Unit.PERCENT,
        notes=(*_how(log, len(large)), *matches.notes(log, whole)),
    )


Curve = tuple[list[int], list[int]]


def _curves(table: CountTable) -> dict[str, Curve]:
    """Per class the right and the false recognitions per thousandth, the surest first; those without a score come last."""
    cells: dict[int, list[Cell]] = defaultdict(list)
    place = table.keys.index(SCORE)
    for cell in table.cells:
        score = cell.values[place]
        cells[score if isinstance(score, int) else -1].append(cell)
    found: dict[str, Curve] = defaultdict(lambda: ([], []))
    for score in sorted(cells, reverse=True):
        here = matches.read(CountTable(table.keys, tuple(cells[score])))
        for name in here.classes:
            recognised, right = here.recognised(name), here.found(name)
            if recognised:
                found[name][0].append(right)
                found[name][1].append(recognised - right)
    return found


@dataclass(frozen=True, kw_only=True)
class Area:
    """Average precision as a proportion, and what it would be in the best and the worst order among equal scores.

    `value` takes equal scores as one step, as scikit-learn does, and so need not lie between the two.
    """

    value: float
    best: float
    worst: float


def average_precision(right: Sequence[int], false: Sequence[int], there: int) -> Area:
    """From the numbers per score, the highest first. What was never recognised adds nothing."""
    value = best = worst = 0.0
    seen_right = seen = 0
    for r, f in zip(right, false, strict=True):
        steps = np.arange(1, r + 1)
        value += r * (seen_right + r) / (seen + r + f) if r else 0.0
        best += float(((seen_right + steps) / (seen + steps)).sum())
        worst += float(((seen_right + steps) / (seen + f + steps)).sum())
        seen_right, seen = seen_right + r, seen + r + f
    return Area(value=value / there, best=best / there, worst=worst / there)


def _how(log: Detections, classes: int) -> Iterator[Text]:
    yield both(
        nl="Het cijfer zegt hoe goed de score ordent, los van de drempel die je kiest. Wat nooit herkend werd, drukt het. Het"
        " hangt af van hoe vaak iets voorkomt; vergelijk het dus niet tussen gemeenten.",
        en="The figure says how well the score puts in order, whatever threshold you choose. What was never recognised lowers"
        " it. It depends on how frequent something is; so do not compare it between municipalities.",
    )
    yield both(
        nl=f"De intervallen gelden met {100 * log.confidence:g} % zekerheid voor alle {classes} klassen samen (Bonferroni), ook"
        " voor de beste en slechtste volgorde van gelijke scores.",
        en=f"The intervals hold with {100 * log.confidence:g} % confidence for all {classes} classes together (Bonferroni),"
        " also for the best and the worst order of equal scores.",
    )


def not_applicable(card: Card) -> Text | None:
    """Why an order has no meaning for an application without recognitions, or without a score."""
    if any(log.score is not None for _, log, _ in matches.logs(card)):
        return None
    return matches.not_applicable(card) or both(
        nl="De herkenning heeft geen score ('score' bij 'detections').",
        en="The recognition has no score ('score' with 'detections').",
    )


CHECK = Check(
    id="detection-average-precision",
    family="detection",
    title=both(nl="Ordening van de herkenning", en="Average precision per class"),
    measures=both(
        nl="Of wat de toepassing zeker denkt te zien er ook vaker echt is dan wat ze onzeker ziet (average precision). De"
        " slechtste klasse telt.",
        en="Whether what the application is sure to see is really there more often than what it sees unsurely (average"
        " precision). The worst class counts.",
    ),
    wants=both(nl="'detections' met 'score' op de kaart", en="'detections' with 'score' on the card"),
    formula="Σ over scores, highest first, of (recall gained × precision so far); minimum over classes × 100",
    source="Everingham et al. (2010), Int. J. Computer Vision 88, 303-338; Boyd, Eng and Page (2013), ECML PKDD, LNCS 8190,"
    " 451-466 (binomial interval)",
    counted=both(nl="voorwerpen", en="objects"),
    plan=plan,
    needs=needs,
    measure=measure,
    not_applicable=not_applicable,
    judged=False,
)
