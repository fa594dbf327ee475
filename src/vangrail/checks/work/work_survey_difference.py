"""hum-4: did work get more or less workable, on the four features of Werkbaar werk?

Scores are put on one scale from 0 (worst) to 100 (best), the percentage of the maximum possible (Cohen, Cohen, Aiken and
West 1999, Multivariate Behavioral Research 34, 315-346), so that every feature and every questionnaire reads alike. The
answers hold no names, so who answered before cannot be paired with who answered after: the two rounds are compared as two
groups (Welch 1947, Biometrika 34, 28-35). Where the same people answered alike, that makes the interval wider than pairs
would give, never narrower.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from vangrail.checks import Check
from vangrail.checks.planning import reading
from vangrail.model.card import Card, Feature, WorkSurvey
from vangrail.model.errors import VangrailError
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Counts, CountTable, Field, Key, Need
from vangrail.model.outcome import SMALL_COUNT, Group, Measured, NotMeasurable, Outcome, shown
from vangrail.model.vocabulary import ColumnType, Unit
from vangrail.tables import sql

WAVE, SCORE = "wave", "score"
CONFIDENCE = 0.95
MOST_SCORES = 10_000
_BETTER = {"stress": "lower", "motivation": "higher", "learning": "higher", "work-life-balance": "higher"}


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per feature that was asked. The chance of a false alarm is shared equally over them (Bonferroni)."""
    survey = card.work_survey
    if survey is None:
        return
    common: dict[str, Any] = {
        "features": len(survey.features),
        "alpha": (1 - CONFIDENCE) / len(survey.features),
        "reading": reading(card.datasets[survey.dataset]),
    }
    for name, feature in survey.features.items():
        only = survey.model_copy(update={"features": {name: feature}})
        settings = common | {"survey": only.model_dump(mode="json", exclude_defaults=True)}
        yield Measurement(
            check=CHECK.id, version=CHECK.version, dataset=survey.dataset, subject=name, settings=settings
        )


def _survey(measurement: Measurement) -> WorkSurvey:
    return WorkSurvey.model_validate(measurement.settings["survey"])


def _feature(measurement: Measurement) -> Feature:
    (feature,) = _survey(measurement).features.values()
    return feature


def _counts(measurement: Measurement, fields: Sequence[Field]) -> Counts:
    survey, column = _survey(measurement), _feature(measurement).column
    known = {f.name: f for f in fields}
    for place, name in (("wave", survey.wave), (f"features.{measurement.subject}.column", column)):
        if name not in known:
            raise VangrailError(
                both(
                    nl=f"card.yaml: work_survey.{place}: de dataset heeft geen kolom '{name}'.",
                    en=f"card.yaml: work_survey.{place}: the data set has no column '{name}'.",
                ),
                do=both(
                    nl="Verbeter de naam op de kaart; hoofdletters en spaties tellen mee.",
                    en="Correct the name on the card; capitals and spaces count.",
                ),
            )
    if known[column].type not in (ColumnType.INTEGER, ColumnType.NUMBER):
        raise VangrailError(
            both(
                nl=f"card.yaml: work_survey.features.{measurement.subject}: in kolom '{column}' staan geen getallen.",
                en=f"card.yaml: work_survey.features.{measurement.subject}: column '{column}' holds no numbers.",
            ),
            do=both(
                nl="Geef de kolom 'type: number', en zet bij 'missing' wat 'geen antwoord' betekent.",
                en="Give the column a 'type: number', and under 'missing' what stands for no answer.",
            ),
        )
    wave = known[survey.wave]
    after = sql.is_in(wave, [survey.after])
    rounds = f"CASE WHEN {sql.is_in(wave, [survey.before])} THEN FALSE WHEN {after} THEN TRUE END"
    return Counts((Key(WAVE, rounds), Key(SCORE, sql.column(column))), at_most=MOST_SCORES)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """How often each score was given, before and after."""
    return [_counts(measurement, fields)]


@dataclass(frozen=True, kw_only=True)
class _Round:
    """The answers of one round on the scale from 0 to 100, higher is better: how many, their mean, and their variance."""

    answers: int
    mean: float
    variance: float


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """How many points better (above 0) or worse (below 0) the mean score is after the start than before it.

    Measured        percentage points [-100, 100] of the scale; Welch interval that holds for all features at once
    NotMeasurable   with fewer than five answers in a round, with scores outside the scale, or when in neither round two
                    people answered differently, so that chance cannot be told from change
    """
    survey = _survey(measurement)
    counted = answers.small_table(_counts(measurement, fields))
    scale = survey.lowest, survey.highest
    if counted is None:
        return NotMeasurable(
            reason=both(
                nl=f"Er zijn meer dan {MOST_SCORES} verschillende scores; dat is geen vraag met een schaal.",
                en=f"There are more than {MOST_SCORES} different scores; that is no question with a scale.",
            )
        )
    if _outside(counted, scale):
        return NotMeasurable(
            reason=both(
                nl=f"Er staan scores in die niet tussen {scale[0]:g} en {scale[1]:g} liggen.",
                en=f"Some scores do not lie between {scale[0]:g} and {scale[1]:g}.",
            ),
            do=both(
                nl="Kijk 'lowest' en 'highest' na, of zet bij de kolom onder 'missing' wat voor 'geen antwoord' staat.",
                en="See to 'lowest' and 'highest', or put under 'missing' of the column what stands for 'no answer'.",
            ),
        )
    flip = (_feature(measurement).better or _BETTER[measurement.subject]) == "lower"
    before, after = (_round(counted, wave, scale, flip) for wave in (False, True))
    groups = tuple(
        Group(attributes={WAVE: str(name)}, rows=shown(r.answers), value=r.mean if r.answers >= SMALL_COUNT else None)
        for name, r in ((survey.before, before), (survey.after, after))
    )
    few = min(before.answers, after.answers) < SMALL_COUNT
    if few or before.variance + after.variance == 0:
        return NotMeasurable(
            reason=_FEW if few else _ALIKE,
            do=_DISCUSS,
            groups=() if few else groups,
            group_unit=None if few else Unit.PERCENT,
        )
    low, high = welch(before, after, measurement.settings["alpha"])
    return Measured(
        value=after.mean - before.mean,
        low=max(-100.0, low),
        high=min(100.0, high),
        confidence=CONFIDENCE,
        unit=Unit.PERCENTAGE_POINTS,
        rows=before.answers + after.answers,
        groups=groups,
        group_unit=Unit.PERCENT,
        notes=(_SCALE, _how(measurement.settings["features"]), _CAUSE),
    )


def _outside(counted: CountTable, scale: tuple[float, float]) -> bool:
    scores = (c.values[1] for c in counted.cells if c.values[0] is not None)
    return any(isinstance(s, int | float) and not scale[0] <= s <= scale[1] for s in scores)


def _round(counted: CountTable, wave: bool, scale: tuple[float, float], flip: bool) -> _Round:
    """A score that was left open does not count."""
    low, high = scale
    found: list[tuple[float, int]] = []
    for (of, score), rows in ((c.values, c.rows) for c in counted.cells):
        if of is not None and bool(of) is wave and isinstance(score, int | float):
            points = 100 * (float(score) - low) / (high - low)
            found.append((100 - points if flip else points, rows))
    n = sum(rows for _, rows in found)
    mean = math.fsum(p * rows for p, rows in found) / n if n else math.nan
    alike = len({p for p, _ in found}) < 2
    squares = 0.0 if alike else math.fsum(rows * (p - mean) ** 2 for p, rows in found)
    return _Round(answers=n, mean=mean, variance=squares / (n - 1) if n > 1 else 0.0)


def welch(before: _Round, after: _Round, alpha: float) -> tuple[float, float]:
    """Interval of the difference of two means with unequal variances, at 1 - alpha. At least one variance is above 0."""
    from scipy.special import stdtrit

    a, b = before.variance / before.answers, after.variance / after.answers
    freedom = (a + b) ** 2 / (a * a / (before.answers - 1) + b * b / (after.answers - 1))
    half = float(stdtrit(freedom, 1 - alpha / 2)) * math.sqrt(a + b)
    return after.mean - before.mean - half, after.mean - before.mean + half


_FEW = both(
    nl=f"Minder dan {SMALL_COUNT} antwoorden in een ronde. Cijfers zouden dan over enkele mensen gaan.",
    en=f"Fewer than {SMALL_COUNT} answers in a round. Figures would then be about a few people.",
)
_ALIKE = both(
    nl="In elke ronde gaf iedereen hetzelfde antwoord. Dan is toeval niet van verandering te onderscheiden.",
    en="In each round everyone gave the same answer. Then chance cannot be told from change.",
)
_DISCUSS = both(
    nl="Bespreek samen wat er veranderd is, en schrijf op wat je ermee doet.",
    en="Discuss together what has changed, and write down what you do about it.",
)
_SCALE = both(
    nl="Van 0 (slechtst) tot 100 (best), ook voor werkstress: daar betekent hoger dus minder stress.",
    en="From 0 (worst) to 100 (best), for work stress too: there higher means less stress.",
)
_CAUSE = both(
    nl="Een verschil zegt niet dat de toepassing de oorzaak is: vraag wat er nog veranderde, en wie niet antwoordde.",
    en="A difference does not say that the application is the cause: ask what else changed, and who did not answer.",
)


def _how(features: int) -> Text:
    nl = (
        "Zonder namen weten we niet wie twee keer antwoordde, dus de rondes worden als twee groepen vergeleken (Welch). Dat"
        " maakt het interval eerder te breed dan te smal."
    )
    en = (
        "Without names it is not known who answered twice, so the rounds are compared as two groups (Welch). That makes the"
        " interval too wide rather than too narrow."
    )
    if features > 1:
        nl += f" Het interval geldt met 95 % zekerheid voor alle {features} kenmerken samen (Bonferroni)."
        en += f" The interval holds with 95 % confidence for all {features} features together (Bonferroni)."
    return both(nl=nl, en=en)


CHECK = Check(
    id="work-survey-difference",
    family="work",
    title=both(nl="Verschil in werkbaarheid", en="Difference in workability"),
    measures=both(
        nl="Hoeveel beter of slechter medewerkers hun werk noemen na de start van de toepassing dan ervoor.",
        en="How much better or worse staff call their work after the start of the application than before it.",
    ),
    wants=both(
        nl="'work_survey' op de kaart: een tabel met antwoorden van voor en na de start, zonder namen",
        en="'work_survey' on the card: a table of answers from before and after the start, without names",
    ),
    formula="mean score after − mean score before, in percent of the scale",
    source="Welch (1947), Biometrika 34, 28-35; Cohen et al. (1999), Multivar. Behav. Res. 34, 315-346; werkbaarheidsmonitor (SERV)",
    counted=both(nl="antwoorden", en="answers"),
    plan=plan,
    needs=needs,
    measure=measure,
    subjects={
        "stress": both(nl="werkstress", en="work stress"),
        "motivation": both(nl="motivatie", en="motivation"),
        "learning": both(nl="leermogelijkheden", en="chances to learn"),
        "work-life-balance": both(nl="balans tussen werk en privé", en="balance between work and private life"),
    },
)
