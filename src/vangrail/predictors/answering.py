"""What a model answered, read the same way for every kind of model."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vangrail.model.card import Scalar
from vangrail.model.errors import OutOfReach, VangrailError
from vangrail.model.framework import both
from vangrail.model.needs import Columns, Fingerprint, Predictions, Value
from vangrail.model.outcome import label

Places = NDArray[np.int64]
_Kind = str | bool | type | None
AT_ONCE = 2000
"""Rows that a model in a file is asked about together."""
MOST_WORDS = 200
"""A column of more different texts than this is no list to choose from."""


LIST_INPUTS = both(
    nl="Noem bij 'inputs' de kolommen die het model vraagt, in zijn eigen volgorde.",
    en="List under 'inputs' the columns that it takes, in its own order.",
)


class RowsRefusedError(Exception):
    """The model did not take these rows: a missing value, a category that it never saw."""


def require_fewer(places: Places) -> None:
    """RowsRefusedError where so many rows together took too much memory: fewer may do."""
    if len(places) > 1:
        raise RowsRefusedError


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


class Refusals:
    """Asks a model in batches, and finds the rows that it does not take: those are not answered, the others are.

    A model refuses a batch as a whole. Halving finds the row that made it do so, but where one row in ten lacks a value that
    takes a question per row, and a model is asked about hundreds of thousands. So it is remembered what was taken, and what
    was not: a kind of value that was never taken, in a refused row of which all else was, is not asked about again. A number
    is one kind; so is a text in a column of many different ones; a missing value and each word of a list are their own.
    """

    def __init__(self) -> None:
        self._taken: dict[str, set[_Kind]] = {}
        self._refused: set[tuple[str, _Kind]] = set()
        self._wide: set[str] = set()

    def ask(self, ask: Callable[[Places], Predictions], columns: Columns, rows: int, *, at_once: int) -> Predictions:
        """What the model says about each row.

        ask   places of rows -> what the model says about them; RowsRefusedError when it does not take them together
        """
        answered, advice, score = np.zeros(rows, bool), np.zeros(rows, bool), np.zeros(rows)
        kinds: dict[str, list[_Kind]] | None = self._kinds(columns) if self._refused else None
        alone: list[int] = []
        every = np.arange(rows)
        waiting = [every[start : start + at_once] for start in reversed(range(0, rows, at_once))]
        while waiting:
            places = waiting.pop()
            if kinds is not None:
                places = self._without_refused(kinds, places)
            if not len(places):
                continue
            try:
                found = ask(places)
            except RowsRefusedError:
                kinds = self._kinds(columns) if kinds is None else kinds
                if len(places) == 1:
                    alone.append(int(places[0]))
                    self._learn(kinds, np.flatnonzero(answered), alone)
                else:
                    half = len(places) // 2
                    waiting += [places[half:], places[:half]]
                continue
            answered[places], advice[places], score[places] = found.answered, found.advice, found.score
        return predictions(advice, score, answered)

    def _kinds(self, columns: Columns) -> dict[str, list[_Kind]]:
        self._wide |= {
            n for n, values in columns.items() if len({v for v in values if isinstance(v, str)}) > MOST_WORDS
        }
        return {name: [_kind(v, wide=name in self._wide) for v in values] for name, values in columns.items()}

    def _without_refused(self, kinds: Mapping[str, Sequence[_Kind]], places: Places) -> Places:
        for name, kind in self._refused:
            places = places[[kinds[name][p] != kind for p in places]] if name in kinds else places
        return places

    def _learn(self, kinds: Mapping[str, Sequence[_Kind]], taken: Places, alone: Sequence[int]) -> None:
        """From the rows that were taken, and those that were refused by themselves."""
        for name, of in kinds.items():
            self._taken.setdefault(name, set()).update(of[p] for p in taken)
        for place in alone:
            new = [(name, of[place]) for name, of in kinds.items() if of[place] not in self._taken[name]]
            if len(new) == 1:
                self._refused.add(new[0])


def _kind(value: Value, *, wide: bool) -> _Kind:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and not wide:
        return value
    return type(value)


def late(where: str, seconds: float) -> OutOfReach:
    """No answer within the time that one question may take."""
    return OutOfReach(
        both(
            nl=f"{where} antwoordde niet binnen {seconds:g} seconden.",
            en=f"{where} did not answer within {seconds:g} seconds.",
        ),
        do=both(nl="Kijk na of het werkt, en probeer opnieuw.", en="See whether it runs, and try again."),
    )


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
