"""tru-priv-2: does the model give away whose data it learnt from?

A model that learnt cases by heart is surer of them than of others. Whoever can ask the model and knows the outcome of a
person can then guess whether that person was among the training data: the attack with a threshold on the loss of Yeom,
Giacomelli, Fredrikson and Jha (2018). It is the simplest attack there is. Stronger ones find more (Carlini et al. 2022), so
a figure near 50 % proves nothing, and a high one proves that the model remembers.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from vangrail.checks import Check, statistics
from vangrail.checks.drift import classes
from vangrail.checks.explanation import cases as asking
from vangrail.checks.explanation.cases import Cases, Floats
from vangrail.checks.proxies import separation
from vangrail.model.card import Card, Condition, Scalar
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Cell, Columns, CountTable, Field, Need, Predict, Probe, Value
from vangrail.model.outcome import Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Language, Unit
from vangrail.tables import sql

TRUTH, SCORE = "truth", "score"
ROWS_EACH = 5
"""Rows of each kind, for each one that other checks try the model on: here it is asked only once per row."""
FALSE_ALARMS = 0.01
LEAST_FOR_TAIL = 300


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per model of which the card says what it learnt from."""
    log = card.decision_log
    for model, dataset in asking.models(card):
        if model.trained_on is None:
            continue
        outcome = log.outcome if log is not None and log.dataset == dataset else None
        column = asking.of_column(outcome)
        more = {
            "trained_on": model.trained_on.model_dump(mode="json", exclude_defaults=True),
            "outcome": {"column": column[0], "positive": list(column[1])} if column else None,
        }
        yield Measurement(
            check=CHECK.id,
            version=CHECK.version,
            dataset=dataset,
            subject=model.name,
            settings=asking.settings(card, model, dataset) | more,
        )


@dataclass(frozen=True, kw_only=True)
class Sure:
    """Rows and a model -> how many rows there are by what is true and by rounded score.

    outcome   the column with what is true and the values that count as yes; without one, what the model itself says
    """

    inputs: tuple[str, ...]
    outcome: str | None = None
    positive: tuple[Scalar, ...] = ()

    def __call__(self, rows: Columns, predict: Predict) -> CountTable:
        """Scores are rounded to two figures of the distance to 0 or 1, so that no one's own score is told."""
        _, said, places = asking.answered_only(predict, Cases.of(rows, self.inputs))
        counted: Counter[tuple[bool, float]] = Counter()
        for place, advice, score in zip(places, said.advice, said.score, strict=True):
            true = bool(advice) if self.outcome is None else asking.yes(rows[self.outcome][place], self.positive)
            if true is not None and math.isfinite(score):
                counted[true, _rounded(float(score))] += 1
        return CountTable((TRUTH, SCORE), tuple(Cell(k, n) for k, n in sorted(counted.items())))


def _rounded(score: float) -> float:
    return 1 - float(f"{1 - score:.2g}") if 0.5 < score <= 1 else float(f"{score:.2g}")


def _probes(measurement: Measurement, fields: Sequence[Field]) -> tuple[Probe, Probe]:
    settings = measurement.settings
    trained = sql.condition(
        Condition.model_validate(settings["trained_on"]), fields, where="card.yaml: models.trained_on"
    )
    outcome = settings["outcome"]
    totals = Sure(
        inputs=tuple(settings["inputs"]),
        outcome=outcome["column"] if outcome else None,
        positive=tuple(outcome["positive"]) if outcome else (),
    )

    def probe(where: str) -> Probe:
        return Probe(
            model=settings["model"],
            columns=asking.columns(settings, totals.outcome),
            at_most=ROWS_EACH * settings["rows"],
            totals=totals,
            where=where,
        )

    return probe(trained), probe(f"NOT ({trained})")


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """What the model says of rows that it learnt from, and of rows that it never saw."""
    return [*_probes(measurement, fields)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """How often the one the model learnt from is told from the one that it never saw, by how sure it is of the truth.

    Measured        percent [0, 100], the area under the ROC curve (50 is guessing), with its DeLong interval; a detail
                    with how many of those learnt from are pointed out at 1 % false alarms
    NotMeasurable   fewer than `min_rows` rows of either kind
    """
    settings = measurement.settings
    tables = [answers.table(p) for p in _probes(measurement, fields)]
    learnt, others = (t.rows for t in tables)
    least, confidence = settings["min_rows"], settings["confidence"]
    if min(learnt, others) < least:
        return NotMeasurable(
            reason=both(
                nl=f"Te weinig rijen: van {learnt} leerde het model en {others} zag het nooit. Van elk zijn er minstens"
                f" {least} nodig.",
                en=f"Too few rows: the model learnt from {learnt} and never saw {others}. At least {least} of each are"
                " needed.",
            ),
            do=both(
                nl="Hou bij het leren een deel van de gevallen apart, en zet op de kaart bij 'trained_on' welke wel"
                " meegingen.",
                en="Keep part of the cases apart when the model learns, and say on the card under 'trained_on' which ones"
                " took part.",
            ),
        )
    places = sorted({c.values for t in tables for c in t.cells}, key=str)
    sure = _sureness([(bool(t), float(str(s))) for t, s in places], settings["answers"]["threshold"])
    members, rest = (_counts(t, places) for t in tables)
    value, low, high = separation.area(sure, members, rest, 1 - confidence)
    return Measured(
        value=100 * value,
        low=100 * low,
        high=100 * high,
        confidence=confidence,
        unit=Unit.PERCENT,
        rows=learnt + others,
        details=tuple(_tail(sure, members, rest, confidence)),
        notes=(
            both(
                nl="Neem iemand uit de gegevens waarvan het model leerde, en iemand die het nooit zag: zo vaak verraadt het"
                " model wie van de twee het al kende, doordat het daar zekerder is. 50 % is raden.",
                en="Take someone from the data that the model learnt from and someone that it never saw: so often the model"
                " gives away which of both it knew, by being surer there. 50 % is guessing.",
            ),
            both(
                nl="Dit is de eenvoudigste aanval die er is. Een cijfer dicht bij 50 % bewijst niet dat er niets lekt.",
                en="This is the simplest attack there is. A figure near 50 % does not prove that nothing leaks.",
            ),
            both(
                nl="Komen beide groepen uit een andere periode of een andere gemeente, dan kan het verschil ook daarvan"
                " komen.",
                en="When both groups come from another period or another municipality, the difference may come from that.",
            ),
            *_without_truth(measurement),
        ),
    )


def _sureness(places: Sequence[tuple[bool, float]], threshold: float) -> Floats:
    """How sure the model is of what is true: the chance of it, or the distance to the threshold where scores are no chances."""
    chances = all(0 <= score <= 1 for _, score in places)
    middle = 0.5 if chances else threshold
    return np.array([score - middle if true else middle - score for true, score in places])


def _counts(table: CountTable, places: Sequence[tuple[Value, ...]]) -> Floats:
    rows = {c.values: c.rows for c in table.cells}
    return np.array([rows.get(p, 0) for p in places], float)


def _tail(sure: Floats, members: Floats, others: Floats, confidence: float) -> Iterator[Detail]:
    """How many of those learnt from are pointed out when at most 1 % of the others are: the few whom it remembers best."""
    if others.sum() < LEAST_FOR_TAIL:
        return
    levels, place = np.unique(-sure, return_inverse=True)
    m, n = (np.bincount(place, weights=x, minlength=len(levels)).cumsum() for x in (members, others))
    # Between two levels the attack points out some of those who are equally sure, drawn at random.
    found = int(np.interp(FALSE_ALARMS * others.sum(), [0.0, *n], [0.0, *m]))
    low, high = statistics.wilson([found], [members.sum()], 1 - confidence)
    bounds = [classes.decimal(100 * float(b[0]), 1) for b in (low, high)]
    yield Detail(
        name="1 %",
        called=both(nl="bij 1 % vals alarm", en="at 1 % false alarms"),
        rows=int(members.sum()),
        counted=found,
        note=both(
            nl=f"aangewezen als bekend, terwijl hoogstens 1 % van de anderen ten onrechte aangewezen wordt; tussen"
            f" {bounds[0][Language.NL]} en {bounds[1][Language.NL]} %, raden geeft 1 %",
            en=f"pointed out as known, while at most 1 % of the others are pointed out wrongly; between"
            f" {bounds[0][Language.EN]} and {bounds[1][Language.EN]} %, guessing gives 1 %",
        ),
    )


def _without_truth(measurement: Measurement) -> tuple[Text, ...]:
    if measurement.settings["outcome"] is not None:
        return ()
    return (
        both(
            nl="De kaart noemt geen kolom met de uitkomst. Daarom telt hoe zeker het model is van zijn eigen advies: een"
            " zwakkere aanval.",
            en="The card names no column with the outcome. So what counts is how sure the model is of its own advice: a"
            " weaker attack.",
        ),
    )


def _none_to_call(card: Card) -> Text | None:
    """Why this is not asked: the requirement is about what is in the data, and about models that one can ask."""
    if any(True for _ in asking.models(card)):
        return None
    return both(
        nl="Er staat geen model op de kaart dat opgeroepen kan worden.",
        en="There is no model on the card that can be called.",
    )


CHECK = Check(
    id="membership-inference",
    family="privacy",
    title=both(nl="Verraadt het model van wie het leerde", en="Membership inference"),
    measures=both(
        nl="Of iemand die het model kan bevragen, kan raden wiens gegevens erin zaten toen het leerde: hoe vaak het model de"
        " juiste van twee mensen aanwijst door zekerder te zijn.",
        en="Whether someone who can ask the model can guess whose data it learnt from: how often the model points to the"
        " right one of two people by being surer.",
    ),
    wants=both(
        nl="een model op de kaart dat opgeroepen kan worden, met 'trained_on': van welke rijen het leerde",
        en="a model on the card that can be called, with 'trained_on': which rows it learnt from",
    ),
    formula="chance that the model is surer of the truth for a row that it learnt from than for another (AUC) × 100",
    source="Yeom et al. (2018), IEEE Computer Security Foundations 31, 268-282; Carlini et al. (2022), IEEE Symposium on"
    " Security and Privacy, 1897-1914; DeLong et al. (1988), Biometrics 44, 837-845",
    counted=both(nl="gevallen", en="cases"),
    plan=plan,
    needs=needs,
    measure=measure,
    version=2,
    not_applicable=_none_to_call,
)
