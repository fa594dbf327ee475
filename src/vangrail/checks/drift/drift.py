"""tru-rob-3: do the cases of now still look like those on which the application was validated?"""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from vangrail.checks import Check
from vangrail.checks.drift import classes, divergence, periods
from vangrail.checks.drift.periods import Followed
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Field, Need
from vangrail.model.outcome import Detail, Group, Measured, Outcome, shown
from vangrail.model.vocabulary import Unit


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per data set with a validated period."""
    yield from periods.plan(card, CHECK.id, CHECK.version)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The cases per period and class, for every column that is followed, and for advice, decision and outcome."""
    if not periods.has_dates(measurement, fields):
        return []
    return [s.need for s in periods.series(measurement, fields, on)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The largest population stability index of any column between the validated period and now.

    Each index is lessened by what chance alone brings, (classes - 1) (1/n + 1/m), so that a small sample is not called
    drift. Numbers are compared in tenths of the validated period; a missing value is a class of its own.

    Measured        coefficient [0, ∞); noncentral chi-square interval that holds for all columns at once; one group per
                    column, and one detail per column with Jensen-Shannon distance, two-sample test and new values
    NotMeasurable   when the column of the card holds no dates, or a period has fewer than `min_rows` cases
    """
    if not periods.has_dates(measurement, fields):
        return periods.no_dates(measurement)
    least, confidence = measurement.settings["min_rows"], measurement.settings["confidence"]
    followed, too_many = periods.follow_all(periods.series(measurement, fields, on), answers)
    usable = [f for f in followed if periods.enough(f, f.now, least)]
    if not usable:
        sizes = [(sum(f.old.values()), sum(f.now.values())) for f in followed] or [(0, 0)]
        return periods.too_few(*max(sizes, key=min), least)
    alpha = (1 - confidence) / len(usable)
    found = [(f, periods.index(f, f.now, alpha), _Test.of(f)) for f in usable]
    found.sort(key=lambda x: -x[1].value)
    adjusted = _holm([test.p for _, _, test in found])
    old, new = _sizes(usable)
    percent = f"{100 * confidence:g}"
    significant = sum(p < 1 - confidence for p in adjusted)
    notes = [
        *periods.left_out(too_many),
        both(
            nl=f"{old} gevallen uit de gevalideerde periode tegenover {new} van daarna; {len(usable)} kolommen.",
            en=f"{old} cases of the validated period against {new} after it; {len(usable)} columns.",
        ),
        both(
            nl="De index is verminderd met wat toeval alleen al geeft: (klassen − 1) × (1/n + 1/m). De intervallen gelden"
            f" met {percent} % zekerheid voor alle kolommen samen (Bonferroni).",
            en="The index is lessened by what chance alone brings: (classes − 1) × (1/n + 1/m). The intervals hold with"
            f" {percent} % confidence for all columns together (Bonferroni).",
        ),
        both(
            nl=f"{significant} van de {len(usable)} kolommen verschillen meer dan toeval verklaart (toets per kolom, Holm)."
            " Bij veel gevallen is ook een onbelangrijk verschil geen toeval: kijk dus naar de index, niet naar de toets.",
            en=f"{significant} of the {len(usable)} columns differ by more than chance explains (a test per column, Holm)."
            " With many cases an unimportant difference is no chance either: so look at the index, not at the test.",
        ),
    ]
    left_out = len(followed) - len(usable)
    if left_out:
        notes.append(
            both(
                nl=f"{left_out} kolommen hebben in een van beide periodes te weinig gevallen.",
                en=f"{left_out} columns have too few cases in one of the two periods.",
            )
        )
    return Measured(
        value=found[0][1].value,
        low=max(d.low for _, d, _ in found),
        high=max(d.high for _, d, _ in found),
        confidence=confidence,
        unit=Unit.COEFFICIENT,
        rows=old + new,
        groups=tuple(
            Group(attributes={"column": f.name}, rows=shown(_rows(f)), value=d.value, low=d.low, high=d.high)
            for f, d, _ in found
        ),
        group_unit=Unit.COEFFICIENT,
        details=tuple(_detail(f, d, t, p) for (f, d, t), p in zip(found, adjusted, strict=True)),
        notes=tuple(notes),
    )


def _rows(one: Followed) -> int:
    return sum(one.old.values()) + sum(one.now.values())


def _sizes(usable: Sequence[Followed]) -> tuple[int, int]:
    """The cases of both periods; the largest of all series, as an outcome may be known for fewer."""
    return max(sum(f.old.values()) for f in usable), max(sum(f.now.values()) for f in usable)


class _Test:
    """How far two periods of one series lie apart by other measures."""

    def __init__(self, name: Text, statistic: float, p: float, distance: float) -> None:
        self.name, self.statistic, self.p, self.distance = name, statistic, p, distance

    @classmethod
    def of(cls, one: Followed) -> "_Test":
        """Kolmogorov-Smirnov for numbers, chi-square for the rest.

        Of numbers with gaps both the values and the gaps are tested, and the stronger of the two is told at twice its p.
        """
        old, new = periods.binned(one, one.now)
        distance = divergence.jensen_shannon(old, new)
        fine_old, fine_new = periods.rising(one, one.now)
        if not (one.is_number and fine_old.sum() and fine_new.sum()):
            statistic, _, p = divergence.chi_square(np.array([old, new]))
            return cls(_CHI_SQUARE, statistic, p, distance)
        gap, p = divergence.kolmogorov_smirnov(fine_old, fine_new)
        missing = np.array([one.old.get(None, 0), one.now.get(None, 0)], float)
        if not missing.any():
            return cls(_KS, gap, p, distance)
        statistic, _, p_missing = divergence.chi_square(np.array([missing, [fine_old.sum(), fine_new.sum()]]))
        name, statistic, p = min((_KS, gap, p), (_GAPS, statistic, p_missing), key=lambda test: test[2])
        return cls(name, statistic, min(1.0, 2 * p), distance)


_KS, _CHI_SQUARE = both(nl="KS", en="KS"), both(nl="χ²", en="χ²")
_GAPS = both(nl="χ² van wat ontbreekt", en="χ² of what is missing")


def _holm(chances: Sequence[float]) -> list[float]:
    """The p of each test, adjusted for all of them together."""
    p = np.array(chances)
    rising = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[rising] = np.minimum(np.maximum.accumulate(p[rising] * np.arange(len(p), 0, -1)), 1)
    return [float(x) for x in adjusted]


def _detail(one: Followed, found: divergence.Divergence, test: _Test, adjusted: float) -> Detail:
    now = one.now
    raw, distance, statistic = (classes.decimal(x, 3) for x in (found.raw, test.distance, test.statistic))
    chance = both(nl="p < 0,001", en="p < 0.001")
    if adjusted >= 0.001:
        chance = {language: f"p = {text}" for language, text in classes.decimal(adjusted, 3).items()}
    note: Text = {
        language: f"PSI {raw[language]} {_UNCORRECTED[language]}, JS {distance[language]}, {test.name[language]}"
        f" {statistic[language]}, {chance[language]}"
        for language in raw
    }
    return Detail(name=one.name, rows=_rows(one), counted=sum(now.values()), note=note)


_UNCORRECTED = both(nl="zonder correctie", en="uncorrected")


CHECK = Check(
    id="drift",
    family="drift",
    version=2,
    title=both(nl="Verschuiving", en="Drift"),
    measures=both(
        nl="Hoe ver de gevallen van nu afwijken van die waarop de toepassing gevalideerd werd, in de kolom die het meest"
        " verschoof (populatie-stabiliteitsindex). 0 betekent: niets verschoven. Ook advies, beslissing en uitkomst tellen.",
        en="How far the cases of now lie from those on which the application was validated, in the column that shifted"
        " most (population stability index). 0 means: nothing shifted. Advice, decision and outcome count as well.",
    ),
    wants=periods.WANTS,
    formula="max over columns of Σ (now − then) ln(now / then) − (classes − 1)(1/n + 1/m), shares per class",
    source=periods.SOURCE,
    plan=plan,
    needs=needs,
    measure=measure,
)
