"""tru-fair-1 with selective labels: how often checking a selected case finds something, per group."""

from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check, comparing
from vangrail.checks.comparing import OUTCOME
from vangrail.checks.selection import planned
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, Field, Need
from vangrail.model.outcome import Outcome


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per characteristic and intersection."""
    yield from planned.plan(card, CHECK.id, CHECK.version)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The cases per group, by advice, selection and outcome."""
    return [comparing.counts(measurement, fields)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """How many points more often a check found something in a group than in the reference group.

    A lower hit rate means that the group is checked on weaker grounds.

    Measured        percentage points [0, 100]; interval for all comparisons at once
    NotMeasurable   as for the other comparisons of groups
    """
    table = answers.table(comparing.counts(measurement, fields))
    same = comparing.without_contrast(table, OUTCOME)
    if same is not None:
        return same
    rate = planned.hit_rate(comparing.log_of(measurement))
    return comparing.compare(table, rate, measurement, as_ratio=False)


CHECK = Check(
    id="hit-rate-difference",
    family="selection",
    title=both(nl="Verschil in hoe vaak een controle raak is", en="Hit rate difference"),
    measures=both(
        nl="Van de dossiers die gekozen werden voor controle: hoeveel procentpunt vaker er iets gevonden werd in een groep"
        " dan in de referentiegroep. Minder vaak raak betekent: gecontroleerd op zwakkere gronden.",
        en="Of the cases selected for a check: how many percentage points more often something was found in a group than"
        " in the reference group. A lower hit rate means: checked on weaker grounds.",
    ),
    wants=planned.WANTS,
    formula="outcome yes / selected and not drawn at random, group − reference, × 100",
    source="Knowles, Persico, Todd (2001), J. Political Economy 109, 203-229 (outcome test, with its known limits)",
    counted=both(nl="gevallen", en="cases"),
    plan=plan,
    needs=needs,
    measure=measure,
    version=4,  # 3 took the largest group of the selected; 1 called groups equal when no check ever found anything; 2 let small groups be counted
    not_applicable=planned.not_applicable,
)
