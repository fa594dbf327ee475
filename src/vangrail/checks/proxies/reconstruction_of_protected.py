"""tru-fair-2: could a protected characteristic be read from the inputs?

Only totals leave the data, so how all inputs of one person agree is not seen. What is measured is how much the most
telling input gives away by itself: all together give away at least as much. What they would give away together if they
said different things is added up as naive Bayes does, and called what it is: an estimate that is mostly too high.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from vangrail.checks import Check
from vangrail.checks.drift import classes
from vangrail.checks.performance import inputs
from vangrail.checks.performance.inputs import FOUND_ON, TESTED_ON
from vangrail.checks.proxies import separation, tables
from vangrail.checks.statistics import Floats
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, CountTable, Field, Need, Value
from vangrail.model.outcome import Detail, Group, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Language, Unit

MOST_GROUPS = 20
"""Only the largest groups of a characteristic are looked at: with hundreds, no figure would be read."""


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per protected characteristic."""
    yield from tables.plan(card, CHECK.id, CHECK.version)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The same counts as for the association, in two halves."""
    return [need for _, need in tables.asked(measurement, fields)]


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
    """How well members of one group are told from all others: by the most telling input, and by all added up."""

    group: str
    input: str
    rows: int
    members: int
    value: float
    low: float
    high: float
    together: float


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """How often the most telling input points to the member, of one member of a group and one other person (AUC).

    50 % is guessing, 100 % is always. Learnt on one half of the cases, tried on the other.

    Measured        percent [0, 100] for the group that is told apart best; DeLong interval for all inputs, groups and
                    characteristics at once. It is a floor for all inputs together. One group per value of the
                    characteristic; details with the input, and with the estimate for all inputs together
    NotMeasurable   without inputs, or when fewer than two groups have `min_rows` cases in both halves
    """
    attribute, least = measurement.settings["attribute"], measurement.settings["min_rows"]
    confidence = measurement.settings["confidence"]
    asked = tables.asked(measurement, fields)
    if not asked:
        return tables.no_inputs()
    counted, too_many = inputs.followed(asked, answers)
    if not counted:
        return tables.no_inputs()
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
    comparisons = len(halves) * len(asked_groups) * len(measurement.settings["protected"])
    told = [_tell(group, halves, (1 - confidence) / comparisons) for group in asked_groups]
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
                nl="Neem iemand van de groep en iemand anders: zo vaak wijst de kolom die het meest zegt, de juiste aan."
                " 50 % is raden, 100 % is altijd. Geleerd op de ene helft van de gevallen, geprobeerd op de andere.",
                en="Take someone of the group and someone else: so often the column that tells most points to the right"
                " one. 50 % is guessing, 100 % is always. Learnt on one half of the cases, tried on the other.",
            ),
            both(
                nl="Dit is een ondergrens: alle kolommen samen verraden minstens evenveel. De schatting voor alle kolommen"
                " samen gaat ervan uit dat elke kolom iets anders zegt, en is daarom meestal te hoog.",
                en="This is a floor: all columns together give away at least as much. The estimate for all columns together"
                " takes each column to say something else, and so is mostly too high.",
            ),
            both(
                nl=f"De intervallen gelden met {percent} % zekerheid voor alle kolommen, groepen en kenmerken samen"
                f" (Bonferroni, {comparisons} vergelijkingen).",
                en=f"The intervals hold with {percent} % confidence for all columns, groups and characteristics together"
                f" (Bonferroni, {comparisons} comparisons).",
            ),
        ),
    )


def _large_groups(one: _Halves, least: int) -> list[str]:
    """The groups with enough cases in both halves, the largest first."""
    sizes = {g: min(float(one.learn[:, i].sum()), float(one.try_[:, i].sum())) for i, g in enumerate(one.groups)}
    large = sorted((g for g, n in sizes.items() if n >= least), key=lambda g: (-sizes[g], g))
    return large[:MOST_GROUPS]


def _tell(group: str, halves: Sequence[_Halves], alpha: float) -> _Told:
    """Members of a group against all others, by every input."""
    best: tuple[float, float, float, str] | None = None
    low = high = 0.0
    added: tuple[Floats, Floats] | None = None
    rows = members = 0
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
        pair = separation.spread(evidence, try_), separation.spread(evidence, others)
        added = pair if added is None else (separation.add(added[0], pair[0]), separation.add(added[1], pair[1]))
    if best is None or added is None:
        raise TypeError("a group was looked at without inputs")
    return _Told(
        group=group,
        input=best[3],
        rows=rows,
        members=members,
        value=best[0],
        low=low,
        high=high,
        together=separation.area_of(*added),
    )


def _detail(told: _Told) -> Detail:
    together = classes.decimal(100 * told.together, 1)
    return Detail(
        name=told.group,
        rows=told.rows,
        counted=told.members,
        note=both(
            nl=f"het meest door '{told.input}'; schatting voor alle kolommen samen: {together[Language.NL]} %",
            en=f"mostly by '{told.input}'; estimate for all columns together: {together[Language.EN]} %",
        ),
    )


CHECK = Check(
    id="reconstruction-of-protected",
    family="proxies",
    title=both(nl="Beschermd kenmerk af te leiden", en="Reconstruction of protected characteristic"),
    measures=both(
        nl="Hoe goed de gegevens waarmee de toepassing beslist, een beschermd kenmerk minstens verraden: hoe vaak het meest"
        " zeggende gegeven, van iemand van de groep en iemand anders, de juiste aanwijst.",
        en="How well the data by which the application decides give away a protected characteristic at the least: how often"
        " the most telling piece of data points to the right one, of someone of the group and someone else.",
    ),
    wants=tables.WANTS,
    formula="max over inputs and groups of AUC × 100 on the half not learnt from; together: Σ ln(share in group / in rest)",
    source="DeLong et al. (1988), Biometrics 44, 837-845; Bamber (1975), J. Mathematical Psychology 12, 387-415",
    plan=plan,
    needs=needs,
    measure=measure,
    judged=False,
)
