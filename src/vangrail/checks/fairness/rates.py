"""The family of checks that compare one rate between groups: they differ only in which cases are counted among which."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from vangrail.checks import Check, comparing
from vangrail.checks.comparing import ADVICE, OUTCOME, RANDOM, Rate
from vangrail.model.card import Card, DecisionLog
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, CountTable, Field, Need
from vangrail.model.outcome import NotMeasurable, Outcome

WANTS_LOG = both(
    nl="een beslissingslogboek op de kaart, met 'protected'", en="a decision log on the card, with 'protected'"
)
WANTS_OUTCOME = both(
    nl="een beslissingslogboek op de kaart, met 'protected' en 'outcome'",
    en="a decision log on the card, with 'protected' and 'outcome'",
)
MOST_UNKNOWN = 0.05
"""Outcomes may be missing for this share of the cases before the card must say why."""
VERSION = 4
"""4: a random sample in which all advice is the same says nothing about the advice, and where the card names no reference it is the same
group for every rate. 3: numbers from which a small group could be counted stay away. 2: a log in which every advice or every outcome is the same
has no figure; 1 called its groups equal."""


def rate_check(
    *,
    id_: str,
    title: Text,
    measures: Text,
    formula: str,
    source: str,
    rate: Callable[[DecisionLog], Rate],
    about_outcome: bool,
    as_ratio: bool = False,
) -> Check:
    """A check that compares `rate` between the groups of every protected characteristic and intersection."""

    def plan(card: Card) -> Iterator[Measurement]:
        if card.decision_log is not None and (card.decision_log.outcome is not None or not about_outcome):
            yield from comparing.plan(card, id_, VERSION)

    def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
        return [comparing.counts(measurement, fields)]

    def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
        log = comparing.log_of(measurement)
        table = answers.table(comparing.counts(measurement, fields))
        notes: list[Text] = []
        if not about_outcome:
            table, notes = with_known_advice(table)
        same = comparing.without_contrast(table, *((ADVICE, OUTCOME) if about_outcome else (ADVICE,)))
        if same is not None:
            return replace(same, reason=_ONLY_SELECTED, do=None, rows=table.rows) if notes else same
        if about_outcome:
            usable = with_known_outcome(table, log)
            if isinstance(usable, NotMeasurable):
                return usable
            table, notes = usable
            same = comparing.without_advice(table)
            if same is not None:
                return same
        return comparing.compare(table, rate(log), measurement, as_ratio=as_ratio, notes=notes)

    return Check(
        id=id_,
        family="fairness",
        title=title,
        measures=measures,
        wants=WANTS_OUTCOME if about_outcome else WANTS_LOG,
        formula=formula,
        source=source,
        counted=both(nl="gevallen", en="cases"),
        plan=plan,
        needs=needs,
        measure=measure,
        version=VERSION,
    )


_ONLY_SELECTED = both(
    nl="Buiten de willekeurige steekproef kregen alle dossiers hetzelfde advies: wie niet gekozen werd, staat er niet in. Hoe vaak elke"
    " groep gekozen werd, weten we dus niet. 'selection-against-base-rate' zegt wat de steekproef erover leert.",
    en="Outside the random sample all cases got the same advice: who was not selected is not there. So how often each group was"
    " selected is not known. 'selection-against-base-rate' says what the sample tells about it.",
)


def with_known_advice(table: CountTable) -> tuple[CountTable, list[Text]]:
    """The cases of which the advice is known, with what to say about them: without a random sample that it was not given on.

    The sample was drawn at random, so what stays is as good a picture of how often each group gets which advice.
    """
    if RANDOM not in table.keys:
        return table, []
    place = table.keys.index(RANDOM)
    sample, rest = (
        CountTable(table.keys, tuple(c for c in table.cells if bool(c.values[place]) is d)) for d in (True, False)
    )
    if not rest.rows or comparing.without_advice(sample) is None:
        return table, []
    note = both(
        nl=f"In de willekeurige steekproef is het advies overal hetzelfde. Die {sample.rows} dossiers tellen hier niet mee.",
        en=f"In the random sample the advice is the same everywhere. Those {sample.rows} cases are left out here.",
    )
    return rest, [note]


def with_known_outcome(table: CountTable, log: DecisionLog) -> tuple[CountTable, list[Text]] | NotMeasurable:
    """The cases on which error rates may be computed, with what to say about them.

    Where outcomes are known only for selected cases, that is the random sample; without one there are no such cases.
    """
    if log.outcome is not None and log.outcome.known_for == "selected":
        if log.random_sample is None:
            return NotMeasurable(reason=comparing.CANNOT_BE_KNOWN, do=comparing.DRAW_A_SAMPLE, rows=table.rows)
        place = table.keys.index(RANDOM)
        sample = CountTable(table.keys, tuple(c for c in table.cells if c.values[place]))
        note = both(
            nl=f"De uitkomst is alleen bekend voor gekozen dossiers. Dit is berekend op de willekeurige steekproef"
            f" ({sample.rows} dossiers).",
            en=f"The outcome is known only for selected cases. This is computed on the random sample ({sample.rows} cases).",
        )
        return sample, [note]
    place = table.keys.index(OUTCOME)
    unknown = sum(c.rows for c in table.cells if c.values[place] is None)
    if table.rows and unknown / table.rows > MOST_UNKNOWN:
        return NotMeasurable(
            reason=both(
                nl=f"Voor {unknown} van {table.rows} gevallen is de uitkomst niet bekend. Zolang je niet weet waarom,"
                " weet je ook niet hoe vaak het advies fout is.",
                en=f"For {unknown} of {table.rows} cases the outcome is not known. Without knowing why, the error rates"
                " cannot be known.",
            ),
            do=both(
                nl="Is de uitkomst alleen bekend voor gecontroleerde dossiers? Zet dan 'known_for: selected' bij 'outcome'"
                " en noem 'selected' en 'random_sample'. Of laat die rijen weg met 'where' en zeg waarom.",
                en="Is the outcome known only for cases that were checked? Then put 'known_for: selected' under 'outcome'"
                " and name 'selected' and 'random_sample'. Or leave those rows out with 'where' and say why.",
            ),
            rows=table.rows,
        )
    notes = []
    if unknown:
        notes.append(
            both(
                nl=f"{unknown} gevallen zonder uitkomst tellen niet mee.",
                en=f"{unknown} cases without outcome are left out.",
            )
        )
    return table, notes


def favourable(log: DecisionLog) -> Rate:
    """The share of the cases that got the advice that is favourable to the person."""
    return Rate(given={}, counted={ADVICE: log.favourable == "yes"})


def fixed(*, given: dict[str, bool], counted: dict[str, bool]) -> Callable[[DecisionLog], Rate]:
    """A rate that is the same for every log."""
    return lambda log: Rate(given=given, counted=counted)
