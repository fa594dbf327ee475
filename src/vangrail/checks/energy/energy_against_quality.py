"""sus-3: does the energy that the application takes more than a lighter way buy better results, on the same work?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from vangrail.checks import Check, statistics
from vangrail.checks.energy.estimates import Range, factor_of, factor_settings, per_use, recent, runs_in, written
from vangrail.model.card import DECLARED, Alternative, Card, MeterRun
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Field, Need
from vangrail.model.outcome import Detail, Group, Measured, NotMeasurable, Outcome, shown
from vangrail.model.vocabulary import Language, Unit

ALTERNATIVES = "alternatives"
CONFIDENCE = 0.95
LEAST_CASES = 30
_OF_ALTERNATIVE = {
    "name", "chosen", "energy_wh", "energy_low_wh", "energy_high_wh", "energy_source", "correct", "cases", "quality_source",
}  # fmt: skip


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement, where one alternative is chosen and any has a figure."""
    alternatives = card.alternatives
    with_figures = any(a.energy_wh is not None or a.cases is not None for a in alternatives)
    if len(alternatives) < 2 or sum(a.chosen for a in alternatives) != 1 or not with_figures:
        return
    settings: dict[str, Any] = {
        "alternatives": [
            a.model_dump(mode="json", exclude_defaults=True, include=_OF_ALTERNATIVE) for a in alternatives
        ],
        "runs": [r.model_dump(mode="json", exclude_defaults=True) for r in card.energy.runs],
        "pue": card.energy.pue,
        "pue_assumed": None if card.energy.pue is not None else factor_settings("pue", None),
    }
    yield Measurement(check=CHECK.id, version=CHECK.version, dataset=DECLARED, subject=ALTERNATIVES, settings=settings)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """Nothing: all stands on the card."""
    return []


@dataclass(frozen=True, kw_only=True)
class _Way:
    """An alternative with what is known of it: watt-hours per use, and how often it was right."""

    of: Alternative
    energy: Range | None
    energy_source: Text

    @property
    def is_counted(self) -> bool:
        """Whether enough cases were tried."""
        return self.of.cases is not None and self.of.cases >= LEAST_CASES

    @property
    def share(self) -> float:
        """How often it was right, in percent."""
        return 100 * (self.of.correct or 0) / (self.of.cases or 1)


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """By how many points the application is right more often than the best of the ways that take less energy.

    Each was tried on some cases. The interval is Newcombe's for two independent samples; when the same cases served for
    both, it is too wide rather than too narrow. With several lighter ways the intervals hold for all of them together
    (Bonferroni), and the smallest advantage is the figure.

    Measured        percentage points [-100, 100]; one group per alternative with how often it is right, one detail with
                    its energy per use and where that comes from
    NotMeasurable   without energy or counts of the chosen one, and without a lighter one that has both
    """
    ways = [_way(Alternative.model_validate(a), measurement, on) for a in measurement.settings["alternatives"]]
    chosen = next(w for w in ways if w.of.chosen)
    details = tuple(_detail(w) for w in ways)
    lacking = _lacking(chosen)
    if lacking is not None:
        return NotMeasurable(
            reason=both(
                nl=f"Van de gekozen oplossing is {lacking[Language.NL]} niet bekend.",
                en=f"Of the chosen solution {lacking[Language.EN]} is not known.",
            ),
            do=_FILL_IN,
            details=details,
        )
    lighter = [w for w in ways if w is not chosen and _is_lighter(w, chosen) and w.is_counted]
    if not lighter:
        return NotMeasurable(
            reason=both(
                nl="Geen enkele lichtere oplossing heeft een cijfer voor energie en voor kwaliteit.",
                en="No lighter solution has a figure for both energy and quality.",
            ),
            do=_FILL_IN,
            rows=chosen.of.cases,
            groups=tuple(_group(w, chosen, None) for w in ways),
            group_unit=Unit.PERCENT,
            details=details,
        )
    gaps = _gaps(chosen, lighter)
    groups = tuple(_group(w, chosen, gaps.get(w.of.name)) for w in ways)
    return Measured(
        value=min(g[0] for g in gaps.values()),
        low=min(g[1] for g in gaps.values()),
        high=min(g[2] for g in gaps.values()),
        confidence=CONFIDENCE,
        unit=Unit.PERCENTAGE_POINTS,
        rows=(chosen.of.cases or 0) + sum(w.of.cases or 0 for w in lighter),
        groups=groups,
        group_unit=Unit.PERCENT,
        details=details,
        notes=(*_said(chosen, lighter, gaps), _SEPARATE, *_assumed(measurement)),
    )


def _way(alternative: Alternative, measurement: Measurement, on: date) -> _Way:
    """With the figure on the card, else from its runs: metered ones before estimated ones."""
    if alternative.energy_wh is not None:
        source = alternative.energy_source or ""
        energy = Range.of(alternative.energy_wh, alternative.energy_low_wh, alternative.energy_high_wh)
        return _Way(of=alternative, energy=energy, energy_source=both(nl=source, en=source) if source else _NO_SOURCE)
    runs = recent([r for r in runs_in(measurement.settings) if _is_of(r, alternative)], on)
    for method, said in (("metered", _METERED), ("estimated", _ESTIMATED)):
        mine = [r for r in runs if r.method == method]
        if mine:
            return _Way(of=alternative, energy=per_use(mine, CONFIDENCE) * _pue(measurement), energy_source=said)
    return _Way(of=alternative, energy=None, energy_source=_NO_ENERGY)


def _is_of(run: MeterRun, alternative: Alternative) -> bool:
    return run.alternative == alternative.name or (run.alternative is None and alternative.chosen)


def _pue(measurement: Measurement) -> float:
    """The same for every run, so it cannot turn the comparison around: its range is left out."""
    assumed = factor_of(measurement.settings["pue_assumed"])
    return float(measurement.settings["pue"]) if assumed is None else assumed.range.value


_METERED = both(nl="gemeten met vangrail meter", en="metered by vangrail meter")
_ESTIMATED = both(
    nl="geschat door vangrail meter, uit de belasting van de processor",
    en="estimated by vangrail meter, from the processor's load",
)
_NO_SOURCE = both(nl="bron van de energie niet vermeld", en="source of the energy not stated")
_NO_ENERGY = both(nl="energie niet bekend", en="energy not known")
_FILL_IN = both(
    nl="Zet bij 'alternatives' op de kaart: energy_wh met energy_source, en correct en cases met quality_source. Of meet:"
    ' vangrail meter MAP --alternative "NAAM" --uses AANTAL -- OPDRACHT',
    en="Put under 'alternatives' on the card: energy_wh with energy_source, and correct and cases with quality_source. Or"
    ' meter: vangrail meter FOLDER --alternative "NAME" --uses NUMBER -- COMMAND',
)
_SEPARATE = both(
    nl="Gerekend alsof elke oplossing op eigen gevallen getest is. Waren het dezelfde gevallen, dan is het interval wat te breed.",
    en="Reckoned as if each solution was tried on cases of its own. If they were the same cases, the interval is somewhat too wide.",
)


def _lacking(way: _Way) -> Text | None:
    if way.energy is None:
        return both(nl="de energie per keer", en="the energy per use")
    if not way.is_counted:
        return both(
            nl=f"de kwaliteit op minstens {LEAST_CASES} gevallen", en=f"the quality on at least {LEAST_CASES} cases"
        )
    return None


def _is_lighter(way: _Way, chosen: _Way) -> bool:
    """Whether it certainly takes less: the ranges do not touch."""
    return way.energy is not None and chosen.energy is not None and way.energy.high < chosen.energy.low


def _gaps(chosen: _Way, lighter: Sequence[_Way]) -> dict[str, tuple[float, float, float]]:
    """Advantage of the chosen one over each lighter one in points, with intervals that hold for all at once."""
    alpha = (1 - CONFIDENCE) / len(lighter)
    found = {}
    for way in lighter:
        correct, cases = np.array([chosen.of.correct], float), np.array([chosen.of.cases], float)
        low, high = statistics.difference(correct, cases, float(way.of.correct or 0), float(way.of.cases or 1), alpha)
        found[way.of.name] = (chosen.share - way.share, 100 * float(low[0]), 100 * float(high[0]))
    return found


def _group(way: _Way, chosen: _Way, gap: tuple[float, float, float] | None) -> Group:
    cases = way.of.cases
    if cases is None or not way.is_counted:
        return Group(
            attributes={"alternative": way.of.name},
            rows=0 if cases is None else shown(cases),
            is_reference=way is chosen,
            not_measurable=None if _is_heavier(way, chosen) else _NO_QUALITY,
        )
    low, high = statistics.wilson([way.of.correct or 0], [cases], 1 - CONFIDENCE)
    value, gap_low, gap_high = gap or (None, None, None)
    compared = gap is not None or way is chosen or _is_heavier(way, chosen)
    return Group(
        attributes={"alternative": way.of.name},
        rows=cases,
        value=way.share,
        low=100 * float(low[0]),
        high=100 * float(high[0]),
        difference=value,
        difference_low=gap_low,
        difference_high=gap_high,
        is_reference=way is chosen,
        not_measurable=None if compared else _NO_ENERGY if way.energy is None else _NOT_CLEARLY,
    )


def _is_heavier(way: _Way, chosen: _Way) -> bool:
    """Whether it takes as much or more: then there is nothing to justify."""
    return way.energy is not None and chosen.energy is not None and way.energy.value >= chosen.energy.value


_NO_QUALITY = both(
    nl=f"kwaliteit niet geteld op minstens {LEAST_CASES} gevallen",
    en=f"quality not counted on at least {LEAST_CASES} cases",
)
_NOT_CLEARLY = both(nl="gebruikt misschien minder: de bandbreedtes overlappen", en="may take less: the ranges overlap")


def _detail(way: _Way) -> Detail:
    low, high = way.energy.ends if way.energy else (None, None)
    quality = way.of.quality_source
    return Detail(
        name=way.of.name,
        rows=way.of.cases or 0,
        counted=way.of.correct or 0,
        value=way.energy.value if way.energy else None,
        low=low,
        high=high,
        unit=Unit.WATT_HOURS if way.energy else None,
        note=both(
            nl=f"energie per keer: {way.energy_source[Language.NL]}; kwaliteit: {quality or 'bron niet vermeld'}",
            en=f"energy per use: {way.energy_source[Language.EN]}; quality: {quality or 'source not stated'}",
        ),
    )


def _said(chosen: _Way, lighter: Sequence[_Way], gaps: dict[str, tuple[float, float, float]]) -> Iterator[Text]:
    """How much more the chosen one takes than each lighter one, and whether it does better for it."""
    for way in lighter:
        gap, low, high = gaps[way.of.name]
        times = _times(chosen, way)
        if gap <= 0:
            better = both(nl="is niet vaker juist", en="is not right more often")
        elif low > 0:
            better = both(
                nl="is vaker juist, ook met de onzekerheid meegeteld",
                en="is right more often, even with the uncertainty counted in",
            )
        else:
            better = both(
                nl="was in de test vaker juist, maar dat kan toeval zijn",
                en="was right more often in the trial, but that may be chance",
            )
        if high < 0:
            better = both(nl="is minder vaak juist", en="is right less often")
        yield both(
            nl=f"De gekozen oplossing gebruikt {times[Language.NL]} '{way.of.name}' en {better[Language.NL]}.",
            en=f"The chosen solution takes {times[Language.EN]} '{way.of.name}' and {better[Language.EN]}.",
        )


def _times(chosen: _Way, way: _Way) -> Text:
    if chosen.energy is None or way.energy is None or way.energy.value == 0:
        return both(nl="meer energie dan", en="more energy than")
    times = written(chosen.energy.value / way.energy.value)
    return both(nl=f"{times[Language.NL]} keer zoveel energie als", en=f"{times[Language.EN]} times as much energy as")


def _assumed(measurement: Measurement) -> Iterator[Text]:
    if measurement.settings["pue"] is None and measurement.settings["runs"]:
        value = written(_pue(measurement))
        yield both(
            nl=f"Metingen zijn vermenigvuldigd met PUE {value[Language.NL]}, want die staat niet op de kaart.",
            en=f"Runs were multiplied by PUE {value[Language.EN]}, since it is not on the card.",
        )


CHECK = Check(
    id="energy-against-quality",
    family="energy",
    title=both(nl="Voordeel tegenover een lichtere oplossing", en="Advantage over a lighter solution"),
    measures=both(
        nl="Hoeveel procentpunt vaker de toepassing juist is dan de beste oplossing die minder energie vraagt, op hetzelfde werk."
        " Energie en kwaliteit van elke oplossing staan naast elkaar.",
        en="By how many points the application is right more often than the best solution that takes less energy, on the same"
        " work. Energy and quality of each solution stand side by side.",
    ),
    wants=both(
        nl="bij 'alternatives' op de kaart: één gekozen oplossing en minstens één andere, met 'energy_wh' (of metingen met vangrail"
        " meter), 'correct' en 'cases'",
        en="under 'alternatives' on the card: one chosen solution and at least one other, with 'energy_wh' (or runs of vangrail"
        " meter), 'correct' and 'cases'",
    ),
    formula="share right of the chosen one - share right of each lighter one; the smallest",
    source="Newcombe (1998), Statistics in Medicine 17, 873-890, method 10; Schwartz et al. (2020), Green AI, CACM 63(12), 54-63",
    counted=both(nl="gevallen", en="cases"),
    plan=plan,
    needs=needs,
    measure=measure,
    version=2,
    subjects={ALTERNATIVES: both(nl="alternatieven", en="alternatives")},
)
