"""What the checks on explanation share: which models, which cases, and asking a model about changed copies of a case."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vangrail.checks.planning import reading
from vangrail.model.card import LANGUAGE, Card, Condition, Model, Scalar
from vangrail.model.framework import Text, both
from vangrail.model.needs import Columns, Predict, Predictions, Value
from vangrail.model.vocabulary import ColumnType
from vangrail.tables import sql

SEED = 20261122
AT_ONCE = 20_000
"""Copies of cases that are made before the model is asked about them."""
NUMBERS = (ColumnType.INTEGER, ColumnType.NUMBER)
WANTS = both(
    nl="een model op de kaart dat opgeroepen kan worden, met 'source', 'inputs' en gevallen in 'dataset'",
    en="a model on the card that can be called, with 'source', 'inputs' and cases in 'dataset'",
)

Objects = NDArray[np.object_]
Floats = NDArray[np.float64]


def models(card: Card) -> Iterator[tuple[Model, str]]:
    """The models that can be called on rows, each with the data set of its cases."""
    for model in card.models:
        name = model.dataset or (card.decision_log.dataset if card.decision_log else None)
        if model.source and model.inputs and model.kind != LANGUAGE and name in card.datasets:
            yield model, name


def only_talked_to(card: Card) -> Text | None:
    """Why nothing can be said of weights of inputs where every model is one that one talks to."""
    if not card.models or any(m.kind != LANGUAGE for m in card.models):
        return None
    return both(
        nl="Met dit model praat je. Het geeft geen score per geval, dus er valt geen gewicht per gegeven te meten.",
        en="This is a model that one talks to. It gives no score per case, so no weight per piece of data can be measured.",
    )


def none_to_call(card: Card) -> Text | None:
    """Why a figure that only describes is not missed where there is no model that can be called."""
    if any(True for _ in models(card)):
        return None
    return both(
        nl="Er staat geen model op de kaart dat opgeroepen kan worden. Dit cijfer beschrijft alleen, dus het hoeft niet.",
        en="There is no model on the card that can be called. This figure only describes, so it is not required.",
    )


def settings(card: Card, model: Model, dataset: str) -> dict[str, Any]:
    """What decides every figure on explanation, whichever it is."""
    log = card.decision_log
    return {
        "model": model.name,
        "answers": model.model_dump(mode="json", include={"positive", "threshold"}),
        "inputs": list(model.inputs),
        "rows": model.tried_rows,
        "min_rows": log.min_rows if log else 30,
        "confidence": log.confidence if log else 0.95,
        "reading": reading(card.datasets[dataset]),
    }


def columns(chosen: Mapping[str, Any], *more: str | None) -> tuple[str, ...]:
    """The columns to draw: the inputs, and what else is looked at."""
    return tuple(dict.fromkeys((*chosen["inputs"], *(m for m in more if m))))


def yes(value: Value, positive: Sequence[Scalar]) -> bool | None:
    """Whether a value is among those that count as yes on the card, compared as the tables compare them; None without one."""
    match value:
        case None:
            return None
        case bool():
            words = [str(p).strip().lower().removesuffix(".0") for p in positive]
            return any(w in (sql.YES if value else sql.NO) for w in words)
        case int() | float():
            return any(_number(p) == value for p in positive)
        case str():
            return any(value.lower() == str(p).lower() if isinstance(p, bool) else value in _forms(p) for p in positive)
        case date():
            return any(str(p).strip() == value.isoformat() for p in positive)


def _number(value: Scalar) -> float | None:
    try:
        return float(str(value).strip().replace(",", ".")) if not isinstance(value, bool) else float(value)
    except ValueError:
        return None


def _forms(value: Scalar) -> tuple[str, ...]:
    if isinstance(value, float) and value.is_integer():
        return str(value), str(int(value))
    return (str(value), f"{value}.0") if isinstance(value, int) else (str(value),)


def of_column(condition: Condition | None) -> tuple[str, tuple[Scalar, ...]] | None:
    """The column and the values of a condition that a row can be held against; None for an expression."""
    return (condition.column, condition.positive) if condition is not None and condition.column else None


def objects(values: Sequence[Value]) -> Objects:
    """Values as an array that keeps them as they are."""
    found: Objects = np.empty(len(values), object)
    found[:] = list(values)
    return found


@dataclass(frozen=True, kw_only=True, eq=False)
class Cases:
    """Rows of a model's inputs: one array per input, of equal length."""

    inputs: tuple[str, ...]
    values: tuple[Objects, ...]

    @staticmethod
    def of(rows: Columns, inputs: Sequence[str]) -> "Cases":
        """The inputs of these rows."""
        return Cases(inputs=tuple(inputs), values=tuple(objects(rows[name]) for name in inputs))

    def __len__(self) -> int:
        return len(self.values[0])

    def at(self, places: "Sequence[int] | NDArray[Any]") -> "Cases":
        """Some of the rows, in that order; a row may come more than once."""
        chosen = np.asarray(places, int)
        return Cases(inputs=self.inputs, values=tuple(v[chosen] for v in self.values))

    def with_(self, place: int, values: Objects) -> "Cases":
        """The same rows with one input replaced."""
        return Cases(inputs=self.inputs, values=(*self.values[:place], values, *self.values[place + 1 :]))

    def mixed(self, other: "Cases", keep: NDArray[np.bool_]) -> "Cases":
        """Row by row and input by input: the own value where `keep`, else that of the other."""
        mixed = tuple(
            np.where(keep[:, j], mine, theirs)
            for j, (mine, theirs) in enumerate(zip(self.values, other.values, strict=True))
        )
        return Cases(inputs=self.inputs, values=mixed)


def joined(parts: Sequence[Cases]) -> Cases:
    """Several sets of rows, one after the other; at least one."""
    columns_ = zip(*(p.values for p in parts), strict=True)
    return Cases(inputs=parts[0].inputs, values=tuple(np.concatenate(c) for c in columns_))


def ask(predict: Predict, cases: Cases) -> Predictions:
    """What the model says about each row, asked in parts."""
    found: list[Predictions] = []
    for start in range(0, len(cases), AT_ONCE):
        part = {n: v[start : start + AT_ONCE].tolist() for n, v in zip(cases.inputs, cases.values, strict=True)}
        found.append(predict(part))
    if not found:
        nothing = np.zeros(0, bool)
        return Predictions(answered=nothing, advice=nothing, score=np.zeros(0))
    return Predictions(
        answered=np.concatenate([p.answered for p in found]).astype(bool),
        advice=np.concatenate([p.advice for p in found]).astype(bool),
        score=np.concatenate([p.score for p in found]).astype(float),
    )


def answered_only(predict: Predict, cases: Cases) -> tuple[Cases, Predictions, NDArray[np.int64]]:
    """The rows about which the model says something, what it says, and their places."""
    said = ask(predict, cases)
    places = np.flatnonzero(said.answered)
    kept = Predictions(answered=said.answered[places], advice=said.advice[places], score=said.score[places])
    return cases.at(places), kept, places
