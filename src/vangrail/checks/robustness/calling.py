"""What the checks that call a model share: which models can be called on which cases, and what is changed in a case.

Changes are drawn by the content of a value and not by a clock or a place in a file, so that the same data and the same
model give the same figure on every machine.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vangrail.checks.drift import classes
from vangrail.checks.planning import reading
from vangrail.model.card import LANGUAGE, Card, Model
from vangrail.model.framework import Text, both
from vangrail.model.needs import Cell, Columns, Field, Predict, Predictions, Value
from vangrail.model.outcome import NotMeasurable

LEAST_CASES = 30
"""With fewer cases than this a share says too little to hold against a limit."""
CONFIDENCE = 0.95

YES, NO, UNANSWERED = "yes", "no", "unanswered"

WANTS = both(
    nl="een model op de kaart met 'source' (een .onnx- of .skops-bestand, of endpoint:NAAM), met 'inputs', en een dataset met"
    " dossiers om het op te proberen",
    en="a model on the card with 'source' (an .onnx or .skops file, or endpoint:NAME), with 'inputs', and a data set with cases"
    " to try it on",
)


@dataclass(frozen=True, kw_only=True)
class Called:
    """A model that can be called, the data set with cases, and the columns that it takes."""

    model: Model
    dataset: str
    inputs: tuple[str, ...]

    def settings(self, card: Card) -> dict[str, Any]:
        """All on the card that decides what the model is asked and how its answer is read."""
        return {
            "model": self.model.name,
            "calling": self.model.model_dump(mode="json", include={"kind", "positive", "threshold", "tried_rows"}),
            "inputs": list(self.inputs),
            "reading": reading(card.datasets[self.dataset]),
        }


def is_rows_model(model: Model) -> bool:
    """Whether it is a model that takes rows. A file of another kind is refused with the reason when it is opened."""
    return model.source is not None and model.kind != LANGUAGE


def is_language_model(model: Model) -> bool:
    """Whether it is a language model that can be talked to."""
    return model.source is not None and model.source.startswith("endpoint:") and model.kind == LANGUAGE


def called(card: Card) -> Iterator[Called]:
    """The models that can be called on cases, with the cases of their own data set or else of the decision log."""
    log = card.decision_log
    for model in card.models:
        dataset = model.dataset or (log.dataset if log is not None else None)
        if not is_rows_model(model) or dataset is None:
            continue
        used = tuple(name for name, column in card.datasets[dataset].columns.items() if column.used)
        inputs = model.inputs or used
        if inputs:
            yield Called(model=model, dataset=dataset, inputs=inputs)


def no_rows(card: Card) -> Text | None:
    """Why nothing is tried on cases, where every model on the card is one that people talk to."""
    if card.models and all(m.kind == LANGUAGE for m in card.models):
        return both(
            nl="Alle modellen op de kaart zijn taalmodellen: ze geven geen advies over dossiers. Daarvoor dienen de proeven op"
            " misbruik.",
            en="All models on the card are language models: they give no advice about cases. The misuse probes are for those.",
        )
    return None


def input_fields(settings: Mapping[str, Any], fields: Sequence[Field]) -> list[Field]:
    """The inputs as they were found. VangrailError for one that is not in the data."""
    return [classes.field_of(name, fields, where="card.yaml: models.inputs") for name in settings["inputs"]]


def digest(*parts: object) -> int:
    """A large whole number that follows from these parts alone."""
    text = "\x1f".join(repr(p) for p in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


@dataclass(frozen=True)
class Pool:
    """The different values of a column, in a fixed order, from which another can be taken."""

    values: tuple[Value, ...]

    @classmethod
    def of(cls, values: Sequence[Value]) -> "Pool":
        """The values that are there."""
        known = {v for v in values if v is not None}
        return cls(tuple(sorted(known, key=lambda v: (type(v).__name__, str(v)))))

    def other(self, value: Value, *seed: object) -> Value:
        """Another value than this one; the same value where there is no other."""
        others = len(self.values) - (value in self.values)
        if others < 1:
            return value
        place = digest(*seed, value) % len(self.values)
        return self.values[place] if self.values[place] != value else self.values[(place + 1) % len(self.values)]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What the model said about the changed cases beside what it said before. One element per case with an answer before.

    before, after   scores
    """

    advice_before: NDArray[np.bool_]
    advice_after: NDArray[np.bool_]
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    answered: NDArray[np.bool_]


def compare(
    rows: Columns, base: Predictions, changed: Mapping[str, Mapping[int, Value]], predict: Predict
) -> Compared | None:
    """Ask the model again about the cases in which something changed; none where there is no such case.

    changed     per column, the new value per row
    """
    answered = np.flatnonzero(base.answered).tolist()
    touched = {i for values in changed.values() for i in values}
    places = [i for i in answered if i in touched]
    if not places:
        return None
    copies = {
        name: [changed[name].get(i, values[i]) for i in places] if name in changed else [values[i] for i in places]
        for name, values in rows.items()
    }
    found = predict(copies)
    return Compared(
        advice_before=base.advice[places],
        advice_after=found.advice,
        before=base.score[places],
        after=found.score,
        answered=found.answered,
    )


def base_cells(base: Predictions, *, keys: int, sums: int) -> list[Cell]:
    """How the cases themselves were answered: cells with empty keys before the result."""
    found = {
        YES: int((base.answered & base.advice).sum()),
        NO: int((base.answered & ~base.advice).sum()),
        UNANSWERED: int((~base.answered).sum()),
    }
    return [Cell((*[""] * (keys - 1), result), n, (0.0,) * sums) for result, n in found.items()]


def too_few(answered: int, unanswered: int) -> NotMeasurable | None:
    """Why nothing can be said, where the model answered too few of the cases as they are."""
    if answered == 0 and unanswered:
        return NotMeasurable(
            reason=both(
                nl="Het model gaf over geen enkel dossier een antwoord.", en="The model gave no answer about any case."
            ),
            do=both(
                nl="Kijk na of 'inputs' op de kaart de kolommen zijn waarop het model getraind is, in zijn volgorde en met dezelfde"
                " waarden.",
                en="See whether 'inputs' on the card are the columns that the model was trained on, in its order and with the"
                " same values.",
            ),
            rows=unanswered,
        )
    if answered < LEAST_CASES:
        return NotMeasurable(
            reason=both(
                nl=f"Het model gaf over minder dan {LEAST_CASES} dossiers een antwoord; dat is te weinig.",
                en=f"The model answered about fewer than {LEAST_CASES} cases; that is too few.",
            ),
            rows=None if answered < 5 else answered,
        )
    return None


SAME_FOR_ALL = both(
    nl="Het model zegt over alle dossiers hetzelfde, dus dat er niets verandert, bewijst niets.",
    en="The model says the same about all cases, so that nothing changes proves nothing.",
)
CHECK_POSITIVE = both(
    nl="Kijk na of 'positive' en 'threshold' bij het model kloppen, en of de dossiers verschillen.",
    en="See whether 'positive' and 'threshold' with the model are right, and whether the cases differ.",
)


def dutch(number: int) -> str:
    """A number of cases as it is written in Dutch: 1.000."""
    return f"{number:,}".replace(",", ".")


def unanswered_note(unanswered: int) -> list[Text]:
    """How many cases do not count because the model gave no answer about them as they are."""
    if not unanswered:
        return []
    few = unanswered < 5
    return [
        both(
            nl=f"Over {'minder dan 5' if few else dutch(unanswered)} dossiers gaf het model geen antwoord; die tellen niet mee.",
            en=f"About {'fewer than 5' if few else format(unanswered, ',')} cases the model gave no answer; those are left out.",
        )
    ]
