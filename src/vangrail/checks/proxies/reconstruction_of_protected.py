"""tru-fair-2: could a protected characteristic be read from the inputs?

Two ways. Per input, from counts over all rows: how much the most telling one gives away by itself. And together, learnt
beside the data on rows drawn at random (`together`): how much a learner finds that sees all inputs of a person at once.
Whoever learns better finds more, so the larger of the two is a floor. Where the rows stay with a server, or the library
that learns is not there, only the first is measured, and that is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from vangrail.checks import Check
from vangrail.checks.drift import classes
from vangrail.checks.performance import inputs
from vangrail.checks.performance.inputs import FOUND_ON, TESTED_ON
from vangrail.checks.proxies import separation, tables, together
from vangrail.checks.statistics import Floats
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, CountTable, Field, Need, Sample, Value
from vangrail.model.outcome import Detail, Group, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Language, Unit

MOST_GROUPS = 20
"""Only the largest groups of a characteristic are looked at: with hundreds, no figure would be read."""


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per protected characteristic."""
    yield from tables.plan(card, CHECK.id, CHECK.version)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The same counts as for the association, in two halves; and rows to learn from, the same for all characteristics."""
    counts: list[Need] = [need for _, need in tables.asked(measurement, fields)]
    learnt = _learnt(measurement, fields) if counts else None
    return [*counts, learnt] if learnt is not None else counts


def _learnt(measurement: Measurement, fields: Sequence[Field]) -> Sample | None:
    settings = measurement.settings
    declared = settings["inputs"]
    return together.need(
        fields,
        inputs.inputs(declared, fields),
        settings["protected"],
        least=settings["min_rows"],
        most=MOST_GROUPS,
    )


@dataclass(frozen=True, kw_only=True)
class _Halves:
    """The counts of one input per class and group, on the half to learn from and on the half to try on."""

    name: str
    learn: Floats
    try_: Floats
    groups: tuple[str, ...]


def _halves(name: str, table: CountTable, attribute: str) -> _Halves:
    values, groups, _ = tables.cross(table, attribute)
    found: list[Floats] = []
    for which in (FOUND_ON, TESTED_ON):
        own_values, own_groups, counts = tables.cross(table, attribute, which)
        place: dict[Value, int] = {v: i for i, v in enumerate(values)}
        whole = np.zeros((len(values), len(groups)))
        if counts.size:
            rows = [place[v] for v in own_values]
            whole[np.ix_(rows, [groups.index(g) for g in own_groups])] = counts
        found.append(whole)
    return _Halves(name=name, learn=found[0], try_=found[1], groups=tuple(groups))


@dataclass(frozen=True, kw_only=True)
class _Told:
    """How well members of one group are told from all others: by the most telling input, and by all that were learnt."""

    group: str
    input: str
    rows: int
    members: int
    alone: float
    together: float | None
    value: float
    low: float
    high: float


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """How often the inputs point to the member, of one member of a group and one other person (AUC).

    50 % is guessing, 100 % is always. Learnt on one half of the cases, tried on the other: each input by itself, and all
    together where rows can be drawn.

    Measured        percent [0, 100] for the group that is told apart best, by the better of both ways; DeLong interval
                    for all ways, groups and characteristics at once. A floor: who learns better finds more. One group
                    per value of the characteristic; details with both figures
    NotMeasurable   without inputs, or when fewer than two groups have `min_rows` cases in both halves
    """
    attribute, least = measurement.settings["attribute"], measurement.settings["min_rows"]
    confidence = measurement.settings["confidence"]
    asked = tables.asked(measurement, fields)
    if not asked:
        return tables.no_inputs()
    counted, too_many = inputs.followed(asked, answers)
    if not counted:
        return tables.only_own_values()
    halves = [_halves(f.name, table, attribute) for f, table in counted]
    chosen = _large_groups(halves[0], least)
    if len(chosen) < 2:
        return NotMeasurable(
            reason=both(
                nl=f"Geen twee groepen hebben {least} gevallen of meer in elke helft van de data.",
                en=f"No two groups have {least} cases or more in each half of the data.",
            )
        )
    # Telling the one of two groups from the other is one question, not two.
    asked_groups = chosen[:1] if len(halves[0].groups) == 2 else chosen
    sample = _learnt(measurement, fields)
    learnt = answers.small_table(sample) if sample is not None else None
    ways = len(halves) + (learnt is not None)
    comparisons = ways * len(asked_groups) * len(measurement.settings["protected"])
    told = [_tell(group, halves, learnt, attribute, (1 - confidence) / comparisons) for group in asked_groups]
    told.sort(key=lambda t: -t.value)
    percent = f"{100 * confidence:g}"
    return Measured(
        value=100 * told[0].value,
        low=100 * max(t.low for t in told),
        high=100 * max(t.high for t in told),
        confidence=confidence,
        unit=Unit.PERCENT,
        rows=told[0].rows,
        groups=tuple(
            Group(
                attributes={attribute: t.group},
                rows=t.members,
                value=100 * t.value,
                low=100 * t.low,
                high=100 * t.high,
            )
            for t in told
        ),
        details=tuple(_detail(t) for t in told),
        notes=(
            tables.which_inputs(measurement),
            *inputs.left_out(too_many),
            *tables.small_groups(len(halves[0].groups) - len(chosen), least),
            both(
                nl="Neem iemand van de groep en iemand anders: zo vaak wijzen de kolommen de juiste aan. 50 % is raden,"
                " 100 % is altijd. Geleerd op de ene helft van de gevallen, geprobeerd op de andere.",
                en="Take someone of the group and someone else: so often the columns point to the right one. 50 % is"
                " guessing, 100 % is always. Learnt on one half of the cases, tried on the other.",
            ),
            _which_estimate(sample, learnt),
            both(
                nl=f"De intervallen gelden met {percent} % zekerheid voor alle manieren, groepen en kenmerken samen"
                f" (Bonferroni, {comparisons} vergelijkingen).",
                en=f"The intervals hold with {percent} % confidence for all ways, groups and characteristics together"
                f" (Bonferroni, {comparisons} comparisons).",
            ),
        ),
    )


def _large_groups(one: _Halves, least: int) -> list[str]:
    """The groups with enough cases in both halves, the largest first."""
    sizes = {g: min(float(one.learn[:, i].sum()), float(one.try_[:, i].sum())) for i, g in enumerate(one.groups)}
    large = sorted((g for g, n in sizes.items() if n >= least), key=lambda g: (-sizes[g], g))
    return large[:MOST_GROUPS]


def _which_estimate(sample: Sample | None, learnt: CountTable | None) -> Text:
    """Which of the two ways were taken, and what that means for the figure."""
    if learnt is not None:
        return both(
            nl=f"Gemeten op twee manieren: elke kolom apart op alle rijen, en alle kolommen samen met een lerend model op"
            f" hoogstens {together.DRAWN} willekeurige rijen. Het hoogste cijfer telt. Dit is een ondergrens: wie beter"
            " leert, vindt meer.",
            en=f"Measured in two ways: each column by itself on all rows, and all columns together with a learning model"
            f" on at most {together.DRAWN} rows drawn at random. The higher figure counts. This is a floor: who learns"
            " better finds more.",
        )
    why = (
        both(
            nl="de aanvulling 'models' van Vangrail is niet geïnstalleerd (pip install 'vangrail[models]')",
            en="the extra 'models' of Vangrail is not installed (pip install 'vangrail[models]')",
        )
        if sample is None
        else both(nl="de rijen blijven op de server", en="the rows stay on the server")
    )
    return both(
        nl=f"Alleen elke kolom apart is gemeten, niet wat alle kolommen samen verraden: {why[Language.NL]}. Dit is dus een"
        " ondergrens. Samen kunnen kolommen veel meer verraden dan apart.",
        en=f"Only each column by itself was measured, not what all columns together give away: {why[Language.EN]}. So this"
        " is a floor. Together, columns can give away much more than each by itself.",
    )


def _tell(group: str, halves: Sequence[_Halves], learnt: CountTable | None, attribute: str, alpha: float) -> _Told:
    """Members of a group against all others, by every input, and by all together where that was learnt."""
    best: tuple[float, float, float, str] | None = None
    rows = members = 0
    low = high = 0.0
    for one in halves:
        place = one.groups.index(group)
        learn, try_ = one.learn[:, place], one.try_[:, place]
        evidence = separation.weights(learn, one.learn.sum(axis=1) - learn)
        others = one.try_.sum(axis=1) - try_
        rows, members = int(one.try_.sum()), int(try_.sum())
        found = separation.area(evidence, try_, others, alpha)
        low, high = max(low, found[1]), max(high, found[2])
        if best is None or found[0] > best[0]:
            best = (*found, one.name)
    if best is None:
        raise TypeError("a group was looked at without inputs")
    all_ = together.area(learnt, attribute, group, alpha) if learnt is not None else None
    if all_ is not None:
        low, high = max(low, all_[1]), max(high, all_[2])
    return _Told(
        group=group,
        input=best[3],
        rows=rows,
        members=members,
        alone=best[0],
        together=all_[0] if all_ is not None else None,
        value=max(best[0], all_[0]) if all_ is not None else best[0],
        low=low,
        high=high,
    )


def _detail(told: _Told) -> Detail:
    alone = classes.decimal(100 * told.alone, 1)
    nl, en = (
        f"het meest zeggende gegeven '{told.input}': {alone[Language.NL]} %",
        f"the most telling piece of data '{told.input}': {alone[Language.EN]} %",
    )
    if told.together is not None:
        all_ = classes.decimal(100 * told.together, 1)
        nl, en = f"{nl}; alles samen: {all_[Language.NL]} %", f"{en}; all together: {all_[Language.EN]} %"
    return Detail(name=told.group, rows=told.rows, counted=told.members, note=both(nl=nl, en=en))


CHECK = Check(
    id="reconstruction-of-protected",
    family="proxies",
    title=both(nl="Beschermd kenmerk af te leiden", en="Reconstruction of protected characteristic"),
    measures=both(
        nl="Hoe goed de gegevens waarmee de toepassing beslist, een beschermd kenmerk minstens verraden, apart en samen: hoe"
        " vaak ze, van iemand van de groep en iemand anders, de juiste aanwijzen.",
        en="How well the data by which the application decides give away a protected characteristic at the least, alone and"
        " together: how often they point to the right one, of someone of the group and someone else.",
    ),
    wants=tables.WANTS,
    formula="max over inputs, all inputs together, and groups of AUC × 100 on the half not learnt from",
    source="DeLong et al. (1988), Biometrics 44, 837-845; Bamber (1975), J. Mathematical Psychology 12, 387-415; Geurts,"
    " Ernst and Wehenkel (2006), Machine Learning 63, 3-42",
    plan=plan,
    needs=needs,
    measure=measure,
    judged=False,
    version=2,
)
