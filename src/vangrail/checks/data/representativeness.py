"""dat-2: does the composition of the data look like the population it speaks about?"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import numpy as np

from vangrail.checks import Check, comparing, statistics, suppression
from vangrail.checks.planning import reading
from vangrail.model.card import Card, Reference
from vangrail.model.evidence import Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, Counts, Field, Key, Need, Value
from vangrail.model.outcome import SMALL_COUNT, Group, Measured, NotMeasurable, Outcome, label
from vangrail.model.vocabulary import Unit
from vangrail.tables import sql

CONFIDENCE = 0.95
MIN_ROWS = 30


def plan(card: Card) -> Iterator[Measurement]:
    """Per data set and column with a declared reference population."""
    for name, dataset in card.datasets.items():
        for column, reference in sorted(dataset.reference.items()):
            settings = {"reference": reference.model_dump(mode="json"), "reading": reading(dataset)}
            yield Measurement(check=CHECK.id, version=CHECK.version, dataset=name, subject=column, settings=settings)


def _counts(measurement: Measurement) -> Counts:
    return Counts((Key(measurement.subject, sql.column(measurement.subject)),))


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The rows per group."""
    return [_counts(measurement)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """How many points the share of a group in the data lies from its share in the population: the largest such gap.

    Measured        percentage points [0, 100], 95 % Wilson intervals that hold for all groups at once (Bonferroni).
                    A group of the population that is not in the data at all is named and counts with its whole share.
    NotMeasurable   when fewer than 30 rows have a value
    """
    column = measurement.subject
    reference = Reference.model_validate(measurement.settings["reference"])
    counted = answers.table(_counts(measurement)).by(column)
    shares = reference.proportions
    found = {_name(cell.values[0], shares): cell.rows for cell in counted.cells if cell.values[0] is not None}
    rows = sum(found.values())
    unknown = counted.rows - rows
    if rows < MIN_ROWS:
        return NotMeasurable(
            reason=both(
                nl=f"Maar {rows} rijen met een waarde in '{column}'; minstens {MIN_ROWS} zijn nodig.",
                en=f"Only {rows} rows have a value in '{column}'; at least {MIN_ROWS} are needed.",
            ),
            rows=rows,
        )
    strangers = sorted(set(found) - set(shares))
    names = [*shares, *strangers]
    held = [found.get(n, 0) for n in names]
    kept = suppression.kept_back({(name,): n for name, n in zip(names, held, strict=True)})
    counts, least, most = np.array(
        [_span(n) if (name,) in kept.numbers else (n, n, n) for name, n in zip(names, held, strict=True)], float
    ).T
    expected = np.array([shares.get(n, 0.0) for n in names])
    alpha, all_ = (1 - CONFIDENCE) / len(names), np.full(len(names), float(rows))
    low, high = statistics.wilson(least, all_, alpha)[0], statistics.wilson(most, all_, alpha)[1]
    share = counts / rows
    value, gap_low, gap_high = statistics.largest_gap(share - expected, low - expected, high - expected)
    groups = tuple(
        Group(
            attributes={column: name},
            rows=n,
            value=100 * s,
            low=100 * a,
            high=100 * b,
            difference=100 * (s - e),
            difference_low=100 * (a - e),
            difference_high=100 * (b - e),
        )
        for name, n, s, a, b, e in zip(names, held, share, low, high, expected, strict=True)
    )
    notes = [
        both(
            nl=f"Vergeleken met: {reference.source}. De intervallen gelden voor alle {len(names)} groepen samen (Bonferroni).",
            en=f"Compared with: {reference.source}. The intervals hold for all {len(names)} groups at once (Bonferroni).",
        )
    ]
    absent = [n for n in shares if not found.get(n) and shares[n] > 0]
    if absent:
        notes.append(
            both(nl=f"Ontbreekt helemaal: {', '.join(absent)}.", en=f"Missing altogether: {', '.join(absent)}.")
        )
    if strangers:
        text = ", ".join(strangers[:20])
        notes.append(
            both(
                nl=f"Wel in de data, niet in de referentie: {text}.",
                en=f"In the data but not in the reference: {text}.",
            )
        )
    if unknown:
        notes.append(
            both(
                nl=f"{unknown} rijen zonder waarde tellen niet mee.", en=f"{unknown} rows without a value are left out."
            )
        )
    measured = Measured(
        value=100 * value,
        low=100 * gap_low,
        high=100 * gap_high,
        confidence=CONFIDENCE,
        unit=Unit.PERCENTAGE_POINTS,
        rows=rows,
        groups=groups,
        group_unit=Unit.PERCENT,
        notes=tuple(notes),
    )
    return suppression.without(measured, kept)


def _name(value: Value, on_card: Iterable[str]) -> str:
    """What the card calls the group with this value: it may write 'ja' where the column holds true."""
    return next((name for name in on_card if comparing.is_meant(value, name)), label(value))


def _span(number: int) -> tuple[int, int, int]:
    """What a number that stays away counts as, the least and the most that it can be: a share of all rows would tell it."""
    if number < SMALL_COUNT:
        return 2, 1, SMALL_COUNT - 1
    tens = suppression.in_tens(number)
    return tens + 5, tens, tens + 9


CHECK = Check(
    id="representativeness",
    family="data",
    title=both(nl="Representativiteit", en="Representativeness"),
    measures=both(
        nl="Hoeveel procentpunt het aandeel van een groep in de data afwijkt van haar aandeel in de bevolking.",
        en="How many percentage points the share of a group in the data lies from its share in the population.",
    ),
    wants=both(nl="'reference' bij een dataset op de kaart", en="'reference' with a data set on the card"),
    formula="max over groups of |rows of group / rows − share in the population| × 100",
    source="Wilson (1927), JASA 22, 209-212, with Bonferroni over groups; principedocument p. 11",
    plan=plan,
    needs=needs,
    measure=measure,
    version=3,  # 2 did not know the yes and no of the card again in a column of true and false; 1 showed the share of a small group, and so its number
)
