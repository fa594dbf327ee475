"""What a model answered, read the same way for every kind of model."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vangrail.model.card import Scalar
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.needs import Fingerprint, Predictions
from vangrail.model.outcome import label

Places = NDArray[np.int64]


LIST_INPUTS = both(
    nl="Noem bij 'inputs' de kolommen die het model vraagt, in zijn eigen volgorde.",
    en="List under 'inputs' the columns that it takes, in its own order.",
)


class RowsRefusedError(Exception):
    """The model did not take these rows: a missing value, a category that it never saw."""


class NoConversation:
    """A model that answers about rows, and cannot be talked to."""

    where: str

    def say(self, prompt: str) -> str:
        """Raises VangrailError: rows go in, not a text."""
        raise VangrailError(
            both(
                nl=f"{self.where} krijgt rijen met gegevens, dus je kunt er niet mee praten.",
                en=f"{self.where} takes rows, so it cannot be talked to.",
            ),
            do=both(
                nl="Dat kan alleen met een model met 'kind: language'.", en="Only a model with 'kind: language' can."
            ),
        )


def of_file(content: bytes) -> Fingerprint:
    """SHA-256 of a model file."""
    return Fingerprint(algorithm="sha256", content=hashlib.sha256(content).hexdigest(), rows=0)


def predictions(
    advice: NDArray[np.bool_], score: NDArray[np.float64], answered: NDArray[np.bool_] | None = None
) -> Predictions:
    """Predictions in which a score that is no number is no answer."""
    finite = np.isfinite(score)
    known = finite if answered is None else answered & finite
    return Predictions(answered=known, advice=advice & known, score=np.where(known, score, 0.0))


def none_answered(rows: int) -> Predictions:
    """Nothing was answered about any of these rows."""
    return predictions(np.zeros(rows, bool), np.zeros(rows), np.zeros(rows, bool))


def together(parts: Sequence[Predictions]) -> Predictions:
    """The predictions of several batches, one after the other."""
    if not parts:
        return none_answered(0)
    return Predictions(
        answered=np.concatenate([p.answered for p in parts]),
        advice=np.concatenate([p.advice for p in parts]),
        score=np.concatenate([p.score for p in parts]),
    )


def row_by_row_where_refused(ask: Callable[[Places], Predictions], rows: int, *, at_once: int) -> Predictions:
    """Ask in batches, and find by halving which rows make a batch fail: those are not answered, the others are.

    ask   places of rows -> what the model says about them; RowsRefusedError when it does not take them together
    """

    def some(places: Places) -> list[Predictions]:
        try:
            return [ask(places)]
        except RowsRefusedError:
            if len(places) == 1:
                return [none_answered(1)]
            half = len(places) // 2
            return [*some(places[:half]), *some(places[half:])]

    every = np.arange(rows)
    return together([p for start in range(0, rows, at_once) for p in some(every[start : start + at_once])])


def same_class(answer: Any, positive: Scalar) -> bool:
    """Whether a class of the model is the one on the card: 1, 1.0, '1' and true are one class, as people write them."""
    if isinstance(answer, np.generic):
        answer = answer.item()
    if isinstance(positive, bool) and isinstance(answer, int | float):
        return answer == positive
    if isinstance(answer, bool) and isinstance(positive, int | float):
        return answer == positive
    return label(answer) == label(positive)


def positive_place(classes: Sequence[Any], positive: Scalar | None, *, where: str) -> int:
    """Which of the classes is the yes. VangrailError where the card does not say so, or names another."""
    chosen: Scalar = 1 if positive is None else positive
    places = [i for i, c in enumerate(classes) if same_class(c, chosen)]
    if len(places) == 1 and (positive is not None or all(same_class(c, 0) or same_class(c, 1) for c in classes)):
        return places[0]
    names = ", ".join(f"'{label(c.item() if isinstance(c, np.generic) else c)}'" for c in classes[:20])
    what = (
        both(
            nl=f"{where} antwoordt in klassen, en de kaart zegt niet welke daarvan ja is: {names}.",
            en=f"{where} answers in classes, and the card does not say which of them is yes: {names}.",
        )
        if positive is None
        else both(
            nl=f"{where}: de kaart zegt 'positive: {label(positive)}', en dat is geen van zijn klassen: {names}.",
            en=f"{where}: the card says 'positive: {label(positive)}', which is not one of its classes: {names}.",
        )
    )
    raise VangrailError(
        what,
        do=both(
            nl="Schrijf bij het model op de kaart, bij 'positive', welke klasse als ja telt.",
            en="Write the class that counts as yes under 'positive', with the model on the card.",
        ),
    )


def wrong_length(got: int, rows: int, *, where: str) -> VangrailError:
    """Another number of answers than of rows."""
    return VangrailError(
        both(
            nl=f"{where} gaf {got} antwoorden op {rows} rijen.",
            en=f"{where} gave {got} answers for {rows} rows.",
        ),
        why=both(
            nl="Zo is niet te weten welk antwoord bij welke rij hoort.",
            en="So it is not known which answer belongs to which row.",
        ),
    )
