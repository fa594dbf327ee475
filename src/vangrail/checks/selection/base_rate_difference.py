"""tru-fair-1 with selective labels: how often there is something to find, per group, from cases drawn at random."""

from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check, comparing
from vangrail.checks.selection import planned
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, Field, Need
from vangrail.model.outcome import NotMeasurable, Outcome


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per characteristic and intersection."""
    yield from planned.plan(card, CHECK.id, CHECK.version)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The cases per group, by random sample and outcome."""
    return [comparing.counts(measurement, fields)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """How many points more often there is something to find in a group than in the reference group.

    It describes the world, not the advice: a difference here is a reason for care, not a defect of the system.

    Measured        percentage points [0, 100]; interval for all comparisons at once
    NotMeasurable   when there is no random sample, or as for the other comparisons of groups
    """
    log, table = comparing.log_of(measurement), answers.table(comparing.counts(measurement, fields))
    if log.random_sample is None:
        return NotMeasurable(reason=comparing.CANNOT_BE_KNOWN, do=comparing.DRAW_A_SAMPLE, rows=table.rows)
    return comparing.compare(table, planned.base_rate(log), measurement, as_ratio=False)


CHECK = Check(
    id="base-rate-difference",
    family="selection",
    title=both(nl="Verschil in wat er te vinden is (basiskans)", en="Base rate difference"),
    measures=both(
        nl="In de willekeurige steekproef: hoeveel procentpunt vaker er iets te vinden is in een groep dan in de"
        " referentiegroep. Dit zegt iets over de werkelijkheid, niet over het systeem.",
        en="In the random sample: how many percentage points more often there is something to find in a group than in the"
        " reference group. This describes the world, not the system.",
    ),
    wants=planned.WANTS,
    formula="outcome yes / drawn at random, group − reference, × 100",
    source="Lakkaraju et al. (2017), KDD, 275-284 (selective labels); Newcombe (1998), method 10",
    counted=both(nl="gevallen", en="cases"),
    plan=plan,
    needs=needs,
    measure=measure,
    version=3,  # 2 took the largest group of the sample; 1 let small groups be counted from what stood beside them
    not_applicable=planned.not_applicable,
    judged=False,
)
