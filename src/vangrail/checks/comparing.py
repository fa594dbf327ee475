"""Comparing groups: who is compared with whom, on which cases, and how certain that is.

Many comparisons at once would raise false alarms by chance alone. So the chance of one false alarm (5 % at 95 %
confidence) is shared over everything that is compared in one assessment, fixed before the data are seen: equally over
the statements (an error rate and its complement are one statement), then four fifths to single characteristics and one
fifth to their intersections, equally over each of those, and last over the groups within (Bonferroni at every step).
Intersections get less because their groups are small and find little either way. Intervals on differences hold for all
of them together. A group's own rate carries a plain interval, for reading.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from vangrail.checks import statistics, suppression
from vangrail.checks.planning import reading
from vangrail.checks.suppression import KeptBack
from vangrail.model.card import Card, DecisionLog, Scalar
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Counts, CountTable, Field, Key, Value
from vangrail.model.outcome import Detail, Group, Measured, NotMeasurable, Outcome, label
from vangrail.model.vocabulary import Unit
from vangrail.tables import sql

ADVICE, OUTCOME, SELECTED, RANDOM = "advice", "outcome", "selected", "random sample"

_NOT_COMPARED = {"officer", "decision", "seconds", "performance", "baseline"}
"""What the log says that no comparison of groups depends on."""

FOR_SINGLES = 0.8
"""The part of the chance of a false alarm that goes to single characteristics, when there are intersections too."""

CANNOT_BE_KNOWN = both(
    nl="Hoe vaak het advies fout is, valt niet te weten: de uitkomst is alleen bekend voor dossiers die gekozen werden voor"
    " controle, en er is geen willekeurige steekproef.",
    en="The error rates cannot be known: the outcome is known only for cases that were selected to be checked, and there"
    " is no random sample.",
)
DRAW_A_SAMPLE = both(
    nl="Controleer voortaan ook een klein aantal willekeurig gekozen dossiers, en zet die kolom op de kaart bij"
    " 'random_sample'.",
    en="From now on also check a small number of cases drawn at random, and name that column on the card under"
    " 'random_sample'.",
)


def combinations_of(log: DecisionLog) -> list[tuple[str, ...]]:
    """The protected columns one by one, then their intersections: those on the card, or every pair."""
    names = [p.column for p in log.protected]
    pairs = combinations(names, 2) if log.intersections is None else log.intersections
    return [*((n,) for n in names), *pairs]


def statements(log: DecisionLog) -> int:
    """How many different things are compared between groups for this log."""
    number = 2  # selection rate, as difference and as ratio
    number += 4 if log.outcome else 0  # wrong when no, wrong when yes, and right when predicted yes, predicted no
    number += 1 if log.outcome and log.score else 0  # calibration
    number += (
        3 if log.outcome and log.outcome.known_for == "selected" else 0
    )  # hit rate, base rate, selection against it
    return number


def share_of_alpha(log: DecisionLog, attributes: Sequence[str]) -> float:
    """The part of the chance of a false alarm that one statement about these attributes may use."""
    all_ = combinations_of(log)
    singles = sum(len(c) == 1 for c in all_)
    crossed = len(all_) - singles
    alpha = (1 - log.confidence) / statements(log)
    if not crossed:
        return alpha / singles
    return alpha * FOR_SINGLES / singles if len(attributes) == 1 else alpha * (1 - FOR_SINGLES) / crossed


def plan(card: Card, check: str, version: int) -> Iterator[Measurement]:
    """One measurement for each protected column and intersection of the decision log."""
    log = card.decision_log
    if log is None:
        return
    parts = log.model_dump(mode="json", exclude_defaults=True, exclude=_NOT_COMPARED)
    for attributes in combinations_of(log):
        settings: Mapping[str, Any] = {
            "log": parts,
            "attributes": list(attributes),
            "alpha": share_of_alpha(log, attributes),
            "reading": reading(card.datasets[log.dataset]),
        }
        subject = " × ".join(attributes)
        yield Measurement(check=check, version=version, dataset=log.dataset, subject=subject, settings=settings)


def log_of(measurement: Measurement) -> DecisionLog:
    """The decision log that the measurement was planned from."""
    return DecisionLog.model_validate(measurement.settings["log"])


def counts(measurement: Measurement, fields: Sequence[Field]) -> Counts:
    """The cases per group, split by what the log declares: advice, outcome, selected, random sample."""
    log, by_name = log_of(measurement), {f.name: f for f in fields}
    bins = {p.column: p.bins for p in log.protected}
    keys = [
        Key(a, sql.bins(by_name[a], bins[a]) if bins[a] else sql.column(a)) for a in measurement.settings["attributes"]
    ]
    unknown_possible = {ADVICE: log.advice, OUTCOME: log.outcome}
    keys += [Key(name, sql.condition(c, fields)) for name, c in unknown_possible.items() if c is not None]
    # A case that is not marked as checked or as drawn was not: an empty mark is a no.
    marks = {SELECTED: log.selected, RANDOM: log.random_sample}
    keys += [Key(n, f"COALESCE({sql.condition(c, fields)}, FALSE)") for n, c in marks.items() if c is not None]
    return Counts(tuple(keys))


def without_contrast(table: CountTable, *conditions: str) -> NotMeasurable | None:
    """Why nothing can be compared when a condition is the same in every case where it is known; None when it differs.

    An advice that is never given, or an outcome that never comes true, is most often a value on the card that is written
    otherwise in the data. It would make all groups equal, and a slip of the pen would count as fair.
    """
    for name in conditions:
        place = table.keys.index(name)
        known = {cell.values[place] for cell in table.cells if cell.rows and cell.values[place] is not None}
        if len(known) == 1:
            return NotMeasurable(reason=_SAME[name][bool(known.pop())], do=_AS_WRITTEN[name], rows=table.rows)
    return None


def without_advice(sample: CountTable) -> NotMeasurable | None:
    """Why cases drawn at random say nothing about the advice when it is the same in all of them; None when it differs.

    A case that was drawn was often never scored, and is logged as one that the system did not pick. Then nobody knows what
    the advice would have been, and every group would have the same error rate, of 0 % or 100 %.
    """
    if without_contrast(sample, ADVICE) is None:
        return None
    return NotMeasurable(reason=_NOT_ADVISED, do=_ADVISE_THE_SAMPLE, rows=sample.rows)


_NOT_ADVISED = both(
    nl="In de willekeurige steekproef is het advies overal hetzelfde. Wat het systeem over die dossiers zou zeggen, weten we dus"
    " niet, en hoe vaak het fout is ook niet.",
    en="In the random sample the advice is the same everywhere. So what the system would say about those cases is not known,"
    " nor how often it is wrong.",
)
_ADVISE_THE_SAMPLE = both(
    nl="Laat het systeem ook advies geven over de dossiers van de steekproef, zonder dat iemand er iets mee doet, en bewaar dat"
    " in het logboek.",
    en="Have the system advise on the cases of the sample too, without anyone acting upon it, and keep that in the log.",
)
_SAME = {
    ADVICE: {
        True: both(
            nl="Alle gevallen kregen het advies 'ja', dus er is niets te vergelijken.",
            en="All cases got the advice 'yes', so there is nothing to compare.",
        ),
        False: both(
            nl="Alle gevallen kregen het advies 'nee', dus er is niets te vergelijken.",
            en="All cases got the advice 'no', so there is nothing to compare.",
        ),
    },
    OUTCOME: {
        True: both(
            nl="Alle bekende uitkomsten zijn 'ja', dus er is niets te vergelijken.",
            en="All known outcomes are 'yes', so there is nothing to compare.",
        ),
        False: both(
            nl="Alle bekende uitkomsten zijn 'nee', dus er is niets te vergelijken.",
            en="All known outcomes are 'no', so there is nothing to compare.",
        ),
    },
}
_AS_WRITTEN = {
    name: both(
        nl=f"Kijk na of '{name}' op de kaart schrijft wat in de data staat. Hoofdletters en spaties tellen mee.",
        en=f"See whether '{name}' on the card says what the data say. Capitals and spaces count.",
    )
    for name in _SAME
}


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A share of cases: `counted` among `given`, each a set of key values such as advice = yes."""

    given: Mapping[str, bool]
    counted: Mapping[str, bool]


@dataclass(frozen=True, kw_only=True)
class GroupCount:
    """How many cases of a group there are, and how many of them count.

    trials      the cases that the rate is about
    cases       all cases, also those with another advice or outcome, or an unknown one
    """

    attributes: Mapping[str, str]
    values: tuple[Value, ...]
    trials: int
    successes: int
    cases: int


def count_groups(table: CountTable, attributes: Sequence[str], rate: Rate) -> list[GroupCount]:
    """Trials and successes per group, the largest first. A case with an unknown condition is in neither."""
    needed = sorted({*rate.given, *rate.counted})
    found: dict[tuple[Value, ...], list[int]] = {}
    for cell in table.by(*attributes, *needed).cells:
        group, conditions = (
            cell.values[: len(attributes)],
            dict(zip(needed, cell.values[len(attributes) :], strict=True)),
        )
        tally = found.setdefault(group, [0, 0, 0])
        tally[2] += cell.rows
        if any(v is None for v in conditions.values()) or any(bool(conditions[k]) != v for k, v in rate.given.items()):
            continue
        tally[0] += cell.rows
        tally[1] += cell.rows if all(bool(conditions[k]) == v for k, v in rate.counted.items()) else 0
    groups = [
        GroupCount(
            attributes={a: label(v) for a, v in zip(attributes, values, strict=True)},
            values=values,
            trials=trials,
            successes=successes,
            cases=cases,
        )
        for values, (trials, successes, cases) in found.items()
    ]
    return sorted(groups, key=lambda g: (-g.trials, str(g.values)))


def reference_of(groups: Sequence[GroupCount], log: DecisionLog, attributes: Sequence[str]) -> GroupCount | None:
    """The group that the card names for these attributes; the largest where it names none. None when it is not there.

    The largest of all cases, so that it is the same group for each rate; one that can be measured, and whose values are known.
    """
    chosen = {p.column: p.reference for p in log.protected if p.reference is not None}
    wanted = {place: chosen[a] for place, a in enumerate(attributes) if a in chosen}
    fitting = (g for g in groups if all(is_meant(g.values[place], v) for place, v in wanted.items()))
    return max(fitting, key=lambda g: (g.trials >= log.min_rows, None not in g.values, g.cases), default=None)


def is_meant(value: Value, on_card: Scalar) -> bool:
    """Whether this is the value that the card means: 'no', 'nee' and 0 are all false in a column of yes and no."""
    if isinstance(value, bool):
        return label(on_card).strip().lower() in (sql.YES if value else sql.NO)
    return label(value) == label(on_card)


def too_small(least: int) -> Text:
    """Why a group cannot be measured; how many cases it has stands beside it, where that may be shown."""
    return both(nl=f"te weinig gevallen; minstens {least} zijn nodig", en=f"too few cases; at least {least} are needed")


def kept_back(table: CountTable, attributes: Sequence[str], rate: Rate) -> KeptBack:
    """Which numbers of cases stay away where this rate is shown per group, with all others that it can be held against.

    Whoever knows how many cases of a group there are, and how many with a yes, knows how many with a no. So what stays away
    of one of these stays away of all.
    """
    needed = sorted({*rate.given, *rate.counted})
    given = [place for place, name in enumerate(needed) if name in rate.given]
    whole: dict[tuple[Value, ...], int] = {}
    parts: dict[tuple[Value, ...], dict[tuple[Value, ...], int]] = {}
    for cell in table.by(*attributes, *needed).cells:
        group, marks = cell.values[: len(attributes)], cell.values[len(attributes) :]
        if None not in marks:
            whole[group] = whole.get(group, 0) + cell.rows
            part = parts.setdefault(tuple(marks[place] for place in given), {})
            part[group] = part.get(group, 0) + cell.rows
    kept = KeptBack()
    for sizes in (whole, *parts.values()):
        kept |= suppression.kept_back({tuple(map(label, group)): n for group, n in sizes.items()})
    return kept


def compare(
    table: CountTable, rate: Rate, measurement: Measurement, *, as_ratio: bool, notes: Sequence[Text] = ()
) -> Outcome:
    """As `compared`, without the numbers from which a small group could be counted."""
    attributes = measurement.settings["attributes"]
    table = table.by(*attributes, *sorted({*rate.given, *rate.counted}))
    groups, kept = count_groups(table, attributes, rate), kept_back(table, attributes, rate)
    shown = compared(in_tens(groups, kept, log_of(measurement).min_rows), measurement, as_ratio=as_ratio, notes=notes)
    return suppression.without(replace(shown, rows=sum(g.trials for g in groups)), kept)


def in_tens(groups: Sequence[GroupCount], kept: KeptBack, least: int) -> list[GroupCount]:
    """The same groups, those whose number stays away with their rate on a number in tens.

    least   how many cases it takes to be measured: whoever has them keeps them
    """
    return [_in_tens(g, least) if tuple(g.attributes.values()) in kept.numbers else g for g in groups]


def _in_tens(group: GroupCount, least: int) -> GroupCount:
    if group.trials < least:
        return group
    trials = max(least, suppression.in_tens(group.trials))
    return replace(group, trials=trials, successes=round(group.successes * trials / group.trials))


def compared(
    groups: Sequence[GroupCount], measurement: Measurement, *, as_ratio: bool, notes: Sequence[Text] = ()
) -> Outcome:
    """Each group against the reference group, as a difference in points or as a ratio of the smaller to the larger rate.

    Measured        the largest difference [0, 100] or the smallest ratio [0, 1], with an interval that holds for all
                    comparisons of the assessment at once; every group, measurable or not
    NotMeasurable   when the reference group or every other group has fewer than `min_rows` cases
    """
    log, attributes = log_of(measurement), measurement.settings["attributes"]
    reference = reference_of(groups, log, attributes)
    rows = sum(g.trials for g in groups)
    large = [g for g in groups if g.trials >= log.min_rows]
    if reference is None or reference.trials < log.min_rows or len(large) < 2:
        return NotMeasurable(
            reason=_why_not(groups, reference, log),
            rows=rows,
            groups=tuple(_plain(g, log, g is reference) for g in groups),
            group_unit=Unit.PERCENT,
            notes=tuple(notes),
        )
    others = [g for g in large if g is not reference]
    alpha = measurement.settings["alpha"] / len(others)
    successes, trials = (np.array([getattr(g, n) for g in others], float) for n in ("successes", "trials"))
    estimate = _ratios if as_ratio else _differences
    value, low, high = estimate(successes, trials, reference, alpha)
    compared = {id(g): (v, a, b) for g, v, a, b in zip(others, value, low, high, strict=True)}
    own_low, own_high = statistics.wilson([g.successes for g in large], [g.trials for g in large], 1 - log.confidence)
    own = {id(g): (a, b) for g, a, b in zip(large, own_low, own_high, strict=True)}
    known = ~np.isnan(value)
    if not known.any():
        return NotMeasurable(
            reason=both(
                nl="In geen enkele groep komt dit voor, dus een verhouding bestaat niet.",
                en="It occurs in no group at all, so a ratio does not exist.",
            ),
            rows=rows,
            groups=tuple(_plain(g, log, g is reference) for g in groups),
            group_unit=Unit.PERCENT,
            notes=tuple(notes),
        )
    overall: tuple[float, float, float]
    if as_ratio:
        overall = float(value[known].min()), float(low[known].min()), float(high[known].min())
    else:
        overall = statistics.largest_gap(value, low, high)
    scale = 1 if as_ratio else 100
    impact = _impact_ratios(large, reference) if as_ratio else ()
    return Measured(
        value=scale * overall[0],
        low=scale * overall[1],
        high=scale * overall[2],
        confidence=log.confidence,
        unit=Unit.RATIO if as_ratio else Unit.PERCENTAGE_POINTS,
        rows=rows,
        groups=tuple(_shown(g, log, g is reference, own.get(id(g)), compared.get(id(g)), scale) for g in groups),
        group_unit=Unit.PERCENT,
        details=impact,
        notes=(
            *notes,
            *_look_alike(large),
            *_how_compared(measurement, log, len(others), reference),
            *([_WHAT_IMPACT_RATIOS] if impact else []),
        ),
    )


def _impact_ratios(groups: Sequence[GroupCount], reference: GroupCount) -> tuple[Detail, ...]:
    """Each rate divided by that of the group with the highest rate; nothing where that is the reference group.

    As the four-fifths rule (29 CFR 1607.4(D)) and the bias audits of New York (6 RCNY 5-301) reckon, who leave out people of
    whom the characteristic is not known. Without an interval: which rate is the highest is chosen by the data themselves.
    """
    groups = [g for g in groups if None not in g.values]
    highest = max(groups, key=_rate, default=reference)
    if _rate(highest) <= _rate(reference):
        return ()
    return tuple(
        Detail(name=f"{_name(g)} / {_name(highest)}", value=_rate(g) / _rate(highest), unit=Unit.RATIO)
        for g in sorted(groups, key=_rate)
        if g is not highest
    )


_WHAT_IMPACT_RATIOS = both(
    nl="De regels met '/' delen door de groep met de hoogste kans, zoals de vier-vijfderegel. Zonder interval, want de data zelf"
    " kiezen welke groep dat is.",
    en="The lines with '/' divide by the group with the highest rate, as the four-fifths rule does. Without an interval, because the"
    " data themselves choose which group that is.",
)


def _rate(group: GroupCount) -> float:
    return group.successes / group.trials


def _name(group: GroupCount) -> str:
    return " × ".join(group.attributes.values())


def _look_alike(groups: Sequence[GroupCount]) -> list[Text]:
    """A warning where names of groups differ only in capitals or spaces: they may well be one group."""
    alike: dict[str, list[str]] = {}
    for group in (g for g in groups if None not in g.values):
        alike.setdefault(" ".join(_name(group).lower().split()), []).append(f"'{_name(group)}'")
    names = "; ".join(", ".join(sorted(same)) for same in alike.values() if len(same) > 1)
    if not names:
        return []
    return [
        both(
            nl=f"Deze namen verschillen alleen in hoofdletters of spaties, en tellen als aparte groepen: {names}. Is het dezelfde groep?"
            " Neem dan een afgeleide kolom met LOWER(TRIM(...)).",
            en=f"These names differ only in capitals or spaces, and count as separate groups: {names}. Are they the same group? Then"
            " take a derived column with LOWER(TRIM(...)).",
        )
    ]


def _differences(
    successes: statistics.Floats, trials: statistics.Floats, reference: GroupCount, alpha: float
) -> tuple[statistics.Floats, statistics.Floats, statistics.Floats]:
    low, high = statistics.difference(successes, trials, reference.successes, reference.trials, alpha)
    return successes / trials - reference.successes / reference.trials, low, high


def _ratios(
    successes: statistics.Floats, trials: statistics.Floats, reference: GroupCount, alpha: float
) -> tuple[statistics.Floats, statistics.Floats, statistics.Floats]:
    """The smaller rate divided by the larger; NaN where both are zero."""
    rates, base = successes / trials, reference.successes / reference.trials
    low, high = statistics.ratio(successes, trials, reference.successes, reference.trials, alpha)
    larger = np.maximum(rates, base)
    value = np.divide(np.minimum(rates, base), larger, out=np.full_like(rates, np.nan), where=larger > 0)
    inside = (low <= 1) & (high >= 1)
    folded_low = np.where(inside, np.minimum(low, 1 / high), np.where(high < 1, low, 1 / high))
    folded_high = np.where(inside, 1.0, np.where(high < 1, high, 1 / low))
    # The half case that the interval adds can leave a ratio of exactly 0 just outside it.
    return value, np.fmin(folded_low, value), np.fmax(folded_high, value)


def _why_not(groups: Sequence[GroupCount], reference: GroupCount | None, log: DecisionLog) -> Text:
    if sum(g.trials for g in groups) == 0:
        return both(
            nl="Er zijn geen gevallen waarop dit berekend kan worden.",
            en="There are no cases on which this can be computed.",
        )
    if reference is None:
        return both(
            nl="De referentiegroep van de kaart komt niet voor in de data.",
            en="The reference group of the card does not occur in the data.",
        )
    if reference.trials < log.min_rows:
        return both(
            nl=f"De referentiegroep is te klein: minstens {log.min_rows} gevallen zijn nodig.",
            en=f"The reference group is too small: at least {log.min_rows} cases are needed.",
        )
    if len(groups) == 1:
        return both(
            nl="Er is maar één groep, dus niets te vergelijken.", en="There is one group only, so nothing to compare."
        )
    return both(
        nl=f"Geen tweede groep heeft {log.min_rows} gevallen of meer.",
        en=f"No second group has {log.min_rows} cases or more.",
    )


_BOTH_ZERO = both(nl="in beide groepen komt het niet voor", en="it occurs in neither group")


def _plain(group: GroupCount, log: DecisionLog, is_reference: bool) -> Group:
    """A group by itself, not compared."""
    if group.trials < log.min_rows:
        return Group(
            attributes=group.attributes,
            rows=group.trials,
            is_reference=is_reference,
            not_measurable=too_small(log.min_rows),
        )
    low, high = statistics.wilson([group.successes], [group.trials], 1 - log.confidence)
    return _shown(group, log, is_reference, (float(low[0]), float(high[0])), None, 100)


def _shown(
    group: GroupCount,
    log: DecisionLog,
    is_reference: bool,
    own: tuple[float, float] | None,
    compared: tuple[float, float, float] | None,
    scale: float,
) -> Group:
    if own is None:
        return _plain(group, log, is_reference)
    undefined = compared is not None and np.isnan(compared[0])
    difference = (None, None, None) if compared is None or undefined else tuple(scale * float(c) for c in compared)
    return Group(
        attributes=group.attributes,
        rows=group.trials,
        value=100 * group.successes / group.trials,
        low=100 * own[0],
        high=100 * own[1],
        difference=difference[0],
        difference_low=difference[1],
        difference_high=difference[2],
        is_reference=is_reference,
        not_measurable=_BOTH_ZERO if undefined else None,
    )


def _how_compared(measurement: Measurement, log: DecisionLog, others: int, reference: GroupCount) -> list[Text]:
    name = _name(reference)
    percent = f"{100 * log.confidence:g}"
    groups_nl, groups_en = ("groep", "group") if others == 1 else ("groepen", "groups")
    chosen = any(p.reference is not None for p in log.protected if p.column in measurement.settings["attributes"])
    return [
        both(
            nl=f"Vergeleken met '{name}', "
            + (
                "de referentiegroep van de kaart."
                if chosen
                else "de grootste groep: de kaart noemt geen referentiegroep."
            ),
            en=f"Compared with '{name}', "
            + (
                "the reference group of the card."
                if chosen
                else "the largest group: the card names no reference group."
            ),
        ),
        both(
            nl="Wie veel groepen vergelijkt, vindt ook door toeval verschillen. Daarom zijn de intervallen van de verschillen"
            f" breder gemaakt: ze gelden met {percent} % zekerheid voor alle vergelijkingen van deze beoordeling samen"
            f" (Bonferroni: {statements(log)} uitspraken, {len(combinations_of(log))} kenmerken en"
            f" combinaties, hier {others} {groups_nl}). Het interval van een groep zelf geldt voor die groep alleen.",
            en="Whoever compares many groups finds differences by chance too. So the intervals of the differences were made"
            f" wider: they hold with {percent} % confidence for all comparisons of this assessment together (Bonferroni: {statements(log)} statements, {len(combinations_of(log))} characteristics and"
            f" combinations, {others} {groups_en} here). A group's own interval holds for that group alone.",
        ),
    ]
