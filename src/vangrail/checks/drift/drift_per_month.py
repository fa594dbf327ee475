"""tru-rob-3: when did the cases begin to differ from those on which the application was validated?"""

from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check
from vangrail.checks.drift import periods
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, Field, Need
from vangrail.model.outcome import Group, Measured, Outcome, shown
from vangrail.model.vocabulary import Unit


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per data set with a validated period."""
    yield from periods.plan(card, CHECK.id, CHECK.version)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The same counts as for drift."""
    if not periods.has_dates(measurement, fields):
        return []
    return [s.need for s in periods.series(measurement, fields, on)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The largest population stability index of any column in the newest month with enough cases, and in each month before.

    Measured        coefficient [0, ∞); interval that holds for all columns and months at once; one group per month
    NotMeasurable   when the column of the card holds no dates, or no month has `min_rows` cases
    """
    if not periods.has_dates(measurement, fields):
        return periods.no_dates(measurement)
    least, confidence = measurement.settings["min_rows"], measurement.settings["confidence"]
    followed, too_many = periods.follow_all(periods.series(measurement, fields, on), answers)
    counted = [
        (month, one, counts)
        for one in followed
        for month, counts in periods.month_counts(one).items()
        if periods.enough(one, counts, least)
    ]
    if not counted:
        sizes = [
            (sum(f.old.values()), max((sum(c.values()) for c in periods.month_counts(f).values()), default=0))
            for f in followed
        ] or [(0, 0)]
        return periods.too_few(*max(sizes, key=min), least)
    alpha = (1 - confidence) / len(counted)
    by_month: dict[int, list[tuple[str, int, float, float, float]]] = {}
    for month, one, counts in counted:
        found = periods.index(one, counts, alpha)
        line = (one.name, sum(counts.values()), found.value, found.low, found.high)
        by_month.setdefault(month, []).append(line)
    groups = []
    for month, lines in sorted(by_month.items()):
        name, _, value, _, _ = max(lines, key=lambda x: x[2])
        groups.append(
            Group(
                attributes={"month": f"{month // 12}-{month % 12 + 1:02}", "column": name},
                rows=shown(max(rows for _, rows, *_ in lines)),
                value=value,
                low=max(low for *_, low, _ in lines),
                high=max(high for *_, high in lines),
            )
        )
    newest = groups[-1]
    months = {m for f in followed for m in periods.month_counts(f)}
    notes = [
        *periods.left_out(too_many),
        both(
            nl=f"Elke maand tegenover de gevalideerde periode, met de kolom die het meest verschoof. Dit cijfer is dat van"
            f" {newest.attributes['month']}. De intervallen gelden voor alle maanden en kolommen samen (Bonferroni).",
            en=f"Each month against the validated period, with the column that shifted most. This figure is that of"
            f" {newest.attributes['month']}. The intervals hold for all months and columns together (Bonferroni).",
        ),
    ]
    small = len(months) - len(groups)
    if small:
        notes.append(
            both(
                nl=f"{small} maanden met minder dan {least} gevallen zijn weggelaten.",
                en=f"{small} months with fewer than {least} cases are left out.",
            )
        )
    return Measured(
        value=float(newest.value or 0.0),
        low=newest.low,
        high=newest.high,
        confidence=confidence,
        unit=Unit.COEFFICIENT,
        rows=max(sum(f.old.values()) + sum(sum(c.values()) for c in f.months.values()) for f in followed),
        groups=tuple(groups),
        group_unit=Unit.COEFFICIENT,
        notes=tuple(notes),
    )


CHECK = Check(
    id="drift-per-month",
    family="drift",
    title=both(nl="Verschuiving per maand", en="Drift per month"),
    measures=both(
        nl="Hoe ver de gevallen van elke maand afwijken van die waarop de toepassing gevalideerd werd. Zo zie je wanneer"
        " een verschuiving begon, en of ze nog groeit.",
        en="How far the cases of each month lie from those on which the application was validated. So you see when a shift"
        " began, and whether it still grows.",
    ),
    wants=periods.WANTS,
    formula="per month: max over columns of the population stability index against the validated period, less chance",
    source=periods.SOURCE,
    plan=plan,
    needs=needs,
    measure=measure,
    judged=False,
)
