"""How much each input of a case weighs in the model's score: Shapley values against other cases.

Which share of the difference between the score of a case and that of others is due to which input: the mean of what it
adds when it takes its own value, over all orders in which inputs can do so (Štrumbelj and Kononenko 2014, Knowledge and
Information Systems 41, 647-665; Lundberg and Lee 2017, NeurIPS 30). An input that has not taken its value yet has that of
another case. Orders are drawn in pairs, each with its reverse: one pair is exact where inputs work together at most two
by two (Mitchell et al. 2022, JMLR 23(43)). The weights of all inputs add up to the whole difference.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vangrail.checks.explanation.cases import AT_ONCE, Cases, Floats, ask, joined
from vangrail.model.needs import Predict

PAIRS = 2
OTHERS = 64
"""Other cases that each case is held against. With 32, the draw alone was measured to turn one main factor in twenty."""
ROUNDING = 1e-7
"""A smaller change of the score is rounding of the model: its numbers may be of 32 bits."""

Mask = NDArray[np.bool_]


def values(predict: Predict, cases: Cases, others: Sequence[Cases], kept: Sequence[Mask]) -> list[Floats]:
    """Per case and set of inputs: the mean score when those inputs keep their value and the rest come from other cases.

    others  per case, the cases to take values from
    kept    per case, one row per set; true for an input that keeps its value
    NaN     where the model says nothing about any of the copies
    """
    found: list[Floats] = []
    waiting: list[tuple[Cases, tuple[int, int]]] = []
    size = 0

    def flush() -> None:
        nonlocal size
        if not waiting:
            return
        said = ask(predict, joined([w for w, _ in waiting]))
        start = 0
        for _, (sets, number) in waiting:
            stop = start + sets * number
            there = said.answered[start:stop].reshape(sets, number)
            score = np.where(there, said.score[start:stop].reshape(sets, number), 0.0)
            counted = there.sum(axis=1)
            with np.errstate(over="ignore"):  # a score that is too large to add up is no score
                mean = score.sum(axis=1) / np.maximum(counted, 1)
            found.append(np.where((counted > 0) & np.isfinite(mean), mean, np.nan))
            start = stop
        waiting.clear()
        size = 0

    for i, (own, masks) in enumerate(zip(others, kept, strict=True)):
        sets, number = len(masks), len(own)
        case = cases.at(np.full(sets * number, i))
        copies = case.mixed(own.at(np.tile(np.arange(number), sets)), np.repeat(masks, number, axis=0))
        waiting.append((copies, (sets, number)))
        size += sets * number
        if size >= AT_ONCE:
            flush()
    flush()
    return found


def orders(inputs: int, pairs: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """Orders of the inputs, each followed by its reverse."""
    drawn = [generator.permutation(inputs) for _ in range(pairs)]
    return np.array([way for one in drawn for way in (one, one[::-1])])


def prefixes(ways: NDArray[np.int64]) -> Mask:
    """For each order, which inputs have taken their value after 0, 1, 2 ... steps, all but the last."""
    number = ways.shape[1]
    masks = np.zeros((len(ways), number, number), bool)
    for o, way in enumerate(ways):
        for step in range(1, number):
            masks[o, step, way[:step]] = True
    return masks.reshape(-1, number)


def weigh(
    predict: Predict, cases: Cases, scores: Floats, others: Sequence[Cases], ways: Sequence[NDArray[np.int64]]
) -> Floats:
    """The weight of each input in the score of each case: cases by inputs, in the unit of the score.

    scores  what the model says about each case; others, ways: per case, whom it is held against and in which orders
    NaN     where the model says nothing about copies that are needed
    """
    found = np.zeros((len(cases), len(cases.inputs)))
    if not len(cases):
        return found
    # Nobody's value taken is asked once per case, though every order begins there.
    every = [prefixes(w) for w in ways]
    number = len(cases.inputs)
    first = [np.vstack([m[:1], m[[k for k in range(len(m)) if k % number]]]) for m in every]
    means = values(predict, cases, others, first)
    for i, (way, mean) in enumerate(zip(ways, means, strict=True)):
        for o, order in enumerate(way):
            start = 1 + o * (number - 1)
            steps = np.concatenate([mean[:1], mean[start : start + number - 1], scores[i : i + 1]])
            found[i, order] += np.diff(steps) / len(way)
    return found


def main(weights: Floats, advice: Mask) -> NDArray[np.int64]:
    """Per case, the input that weighed most towards the advice that was given; -1 where none did."""
    towards = np.where(advice[:, None], weights, -weights)
    towards = np.where(np.isfinite(towards), towards, -np.inf)
    found = towards.argmax(axis=1)
    return np.where(towards.max(axis=1) > ROUNDING, found, -1)
