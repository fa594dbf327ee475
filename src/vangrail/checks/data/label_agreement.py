"""dat-6: do the people who label agree with each other more than by chance?"""

import math
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from vangrail.checks import Check, statistics
from vangrail.checks.planning import reading
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, Counts, CountTable, Field, Key, Need
from vangrail.model.outcome import Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Unit
from vangrail.tables import sql

CONFIDENCE = 0.95
MIN_ROWS = 30


def plan(card: Card) -> Iterator[Measurement]:
    """Per data set with two or more annotators."""
    for name, dataset in card.datasets.items():
        if len(dataset.annotators) >= 2:
            settings = {"annotators": list(dataset.annotators), "reading": reading(dataset)}
            subject = " + ".join(dataset.annotators)
            yield Measurement(check=CHECK.id, version=CHECK.version, dataset=name, subject=subject, settings=settings)


def _counts(measurement: Measurement) -> Counts:
    return Counts(tuple(Key(a, sql.column(a)) for a in measurement.settings["annotators"]))


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """How often each combination of labels occurs."""
    return [_counts(measurement)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """Cohen's kappa for two annotators, Fleiss' kappa for more.

    Measured        kappa [-1, 1], 95 % interval (Cohen: large-sample; Fleiss: jackknife over the items)
    NotMeasurable   when fewer than 30 items have all labels, or when all labels are the same
    """
    table = answers.table(_counts(measurement)).by(*measurement.settings["annotators"])
    complete = CountTable(table.keys, tuple(c for c in table.cells if None not in c.values))
    left_out = table.rows - complete.rows
    labels = sorted({v for c in complete.cells for v in c.values}, key=str)
    if complete.rows < MIN_ROWS or len(labels) < 2:
        few = complete.rows < MIN_ROWS
        return NotMeasurable(
            reason=both(
                nl=f"Maar {complete.rows} items met alle labels; minstens {MIN_ROWS} zijn nodig."
                if few
                else "Iedereen gaf altijd hetzelfde label; overeenstemming boven toeval bestaat dan niet.",
                en=f"Only {complete.rows} items have all labels; at least {MIN_ROWS} are needed."
                if few
                else "Everyone always gave the same label, so agreement beyond chance does not exist.",
            ),
            rows=complete.rows,
        )
    two = len(table.keys) == 2
    value, low, high = _cohen(complete, labels) if two else _fleiss(complete, labels)
    notes = [both(nl="Cohens kappa." if two else "Fleiss' kappa.", en="Cohen's kappa." if two else "Fleiss' kappa.")]
    if left_out:
        notes.append(
            both(
                nl=f"{left_out} items missen een label en tellen niet mee.",
                en=f"{left_out} items miss a label and are left out.",
            )
        )
    return Measured(
        value=value,
        low=max(-1.0, low),
        high=min(1.0, high),
        confidence=CONFIDENCE,
        unit=Unit.COEFFICIENT,
        rows=complete.rows,
        notes=tuple(notes),
    )


def _cohen(table: CountTable, labels: Sequence[object]) -> tuple[float, float, float]:
    """Cohen's kappa, with the large-sample variance of Fleiss, Cohen and Everitt (1969), Psychol. Bull. 72, 323-327."""
    shares = np.zeros((len(labels), len(labels)))
    for cell in table.cells:
        shares[labels.index(cell.values[0]), labels.index(cell.values[1])] += cell.rows / table.rows
    agreed, first, second = np.diag(shares), shares.sum(1), shares.sum(0)
    by_chance = first @ second
    kappa = (agreed.sum() - by_chance) / (1 - by_chance)
    on = (agreed * (1 - (first + second) * (1 - kappa)) ** 2).sum()
    all_ = shares * (second[:, None] + first) ** 2
    off = (1 - kappa) ** 2 * (all_.sum() - np.trace(all_))
    variance = (on + off - (kappa - by_chance * (1 - kappa)) ** 2) / (1 - by_chance) ** 2 / table.rows
    half = statistics.normal_quantile(1 - CONFIDENCE) * math.sqrt(max(0.0, variance))
    return float(kappa), float(kappa) - half, float(kappa) + half


def _fleiss(table: CountTable, labels: Sequence[object]) -> tuple[float, float, float]:
    """Fleiss' kappa, with the jackknife done per distinct pattern of labels: leaving out any of its items is the same."""
    patterns = np.array([[c.values.count(label) for label in labels] for c in table.cells], float)
    weights = np.array([c.rows for c in table.cells], float)
    raters, items = len(table.keys), weights.sum()
    agreement = ((patterns**2).sum(1) - raters) / (raters * (raters - 1))
    total_agreement, totals = weights @ agreement, weights @ patterns

    def kappa(agreed: statistics.Floats, counts: statistics.Floats, n: float) -> statistics.Floats:
        by_chance = ((counts / (n * raters)) ** 2).sum(-1)
        found: statistics.Floats = (agreed / n - by_chance) / (1 - by_chance)
        return found

    value = float(kappa(total_agreement, totals, items))
    without_one = kappa(total_agreement - agreement, totals - patterns, items - 1)
    mean = weights @ without_one / items
    error = float(np.sqrt((items - 1) / items * (weights @ (without_one - mean) ** 2)))
    half = statistics.normal_quantile(1 - CONFIDENCE) * error
    return value, value - half, value + half


CHECK = Check(
    id="label-agreement",
    family="data",
    title=both(nl="Overeenstemming tussen labelaars", en="Label agreement"),
    measures=both(
        nl="Hoe vaak mensen die labels geven het eens zijn, boven wat toeval zou geven.",
        en="How often people who label agree, beyond what chance would give.",
    ),
    wants=both(
        nl="'annotators' bij een dataset: twee of meer kolommen", en="'annotators' with a data set: two or more columns"
    ),
    formula="(observed agreement − chance agreement) / (1 − chance agreement)",
    source="Cohen (1960), Educ. Psychol. Meas. 20, 37-46; Fleiss (1971), Psychol. Bull. 76, 378-382",
    plan=plan,
    needs=needs,
    measure=measure,
)
