"""One case explained: what weighed most in the model's advice, what spoke against it, and what would turn it.

In plain words, for the civil servant who has to tell someone. The values are those of a person: they are given, shown and
forgotten, and stand in no evidence, ledger or message of an error.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from vangrail.checks.drift import classes
from vangrail.checks.explanation import cases as asking
from vangrail.checks.explanation import shapley
from vangrail.checks.explanation.cases import Cases
from vangrail.checks.explanation.counterfactual import Search, Way
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.needs import Columns, Field, Predict, Value
from vangrail.model.outcome import label
from vangrail.model.vocabulary import ColumnType, Language
from vangrail.tables import sql

OTHERS, PAIRS = 200, 8
"""For one case there is time for more than for a hundred."""
MOST_WAYS = 3
_TOO_LITTLE = 0.05
"""A factor of less than this part of all that weighed is not named."""


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What a model did in one case.

    advice      what it said: yes or no
    favourable  whether that is favourable to the person; None where no one said which advice is
    towards     inputs that weighed towards the advice, the heaviest first, each with its part of all that weighed
    against     inputs that weighed the other way, likewise; the parts of both together are 1, but for what is not named
    ways        small changes that would turn an unfavourable advice, the smallest first; None where none were looked for
    """

    advice: bool
    favourable: bool | None
    towards: tuple[tuple[str, float], ...]
    against: tuple[tuple[str, float], ...]
    ways: tuple[Way, ...] | None


def explain_case(
    predict: Predict, case: Mapping[str, Value], others: Columns, *, inputs: Sequence[str], search: Search | None
) -> Explanation:
    """The explanation of a case, held against other cases. VangrailError when the model says nothing about it.

    case    a value per input; others: rows of the same inputs, of at least two cases
    search  how to look for a way out; None where the card does not say which advice is favourable, or what can be changed
    """
    one = Cases.of({name: [case[name]] for name in inputs}, inputs)
    pool = Cases.of(others, inputs)
    if len(pool) < 2:
        raise VangrailError(
            both(
                nl="Er zijn geen andere gevallen om mee te vergelijken.", en="There are no other cases to compare with."
            ),
            do=both(
                nl="Kijk na of de dataset van het model rijen heeft.",
                en="See whether the data set of the model has rows.",
            ),
        )
    said = asking.ask(predict, one)
    if not said.answered[0]:
        raise VangrailError(
            both(nl="Het model zegt niets over dit geval.", en="The model says nothing about this case."),
            do=both(
                nl="Kijk na of de waarden zijn zoals het model ze kent.",
                en="See whether its values are such as the model knows.",
            ),
        )
    generator = np.random.default_rng(asking.SEED)
    chosen = pool.at(range(min(OTHERS, len(pool))))
    weights = shapley.weigh(predict, one, said.score, [chosen], [shapley.orders(len(inputs), PAIRS, generator)])[0]
    if not np.isfinite(weights).all():
        raise VangrailError(
            both(
                nl="Het model zegt niets over gevallen die op dit lijken, dus uitleggen kan niet.",
                en="The model says nothing about cases that resemble this one, so it cannot be explained.",
            )
        )
    advice = bool(said.advice[0])
    weighed = weights if advice else -weights
    ways: tuple[Way, ...] | None = None
    if search is not None and search.can_change and advice != search.favourable:
        among = {column: others[column] for column, _ in search.can_change}
        ways = tuple(_shortest(search.ways(predict, one, among)[0]))
    return Explanation(
        advice=advice,
        favourable=None if search is None else advice == search.favourable,
        towards=_parts(inputs, weighed),
        against=_parts(inputs, -weighed),
        ways=ways,
    )


def _parts(inputs: Sequence[str], weights: "np.ndarray[Any, np.dtype[np.float64]]") -> tuple[tuple[str, float], ...]:
    whole = float(np.abs(weights[np.abs(weights) > shapley.ROUNDING]).sum())
    found = [(n, float(w) / whole) for n, w in zip(inputs, weights, strict=True) if w > shapley.ROUNDING]
    return tuple(sorted((f for f in found if f[1] >= _TOO_LITTLE), key=lambda f: -f[1]))


def _shortest(ways: Sequence[Way]) -> list[Way]:
    """The shortest way for each input or pair of inputs, the shortest first."""
    found: dict[tuple[str, ...], Way] = {}
    for way in ways:
        found.setdefault(way.columns, way)
    return list(found.values())[:MOST_WAYS]


def typed(given: Mapping[str, Any], fields: Sequence[Field], inputs: Sequence[str]) -> dict[str, Value]:
    """A case as it came in, with each value as the model gets it from the table. VangrailError that names columns only."""
    missing = [name for name in inputs if name not in given]
    if missing:
        lacks, takes = ", ".join(missing), ", ".join(inputs)
        raise VangrailError(
            both(nl=f"In het geval ontbreekt: {lacks}.", en=f"The case lacks: {lacks}."),
            do=both(
                nl=f"Het model vraagt: {takes}. Schrijf null voor wat niet bekend is.",
                en=f"The model takes: {takes}. Write null for what is not known.",
            ),
        )
    types = {f.name: f.type for f in fields}
    found: dict[str, Value] = {}
    for name in inputs:
        try:
            found[name] = _typed(given[name], types[name])
        except ValueError:
            raise VangrailError(
                both(
                    nl=f"Het geval: '{name}' is niet van het type '{types[name]}'.",
                    en=f"The case: '{name}' is no {types[name]}.",
                ),
                do=both(
                    nl="Schrijf getallen met een punt, dagen als 2026-11-22, en ja of nee als true of false.",
                    en="Write numbers with a point, days as 2026-11-22, and yes or no as true or false.",
                ),
            ) from None  # its own words hold the value
    return found


def _typed(value: Any, type_: ColumnType) -> Value:
    """ValueError when it is not of that type."""
    text = str(value).strip()
    if value is None or text == "":
        return None
    match type_:
        case ColumnType.BOOLEAN:
            if text.lower() not in (*sql.YES, *sql.NO):
                raise ValueError
            return text.lower() in sql.YES
        case ColumnType.INTEGER | ColumnType.NUMBER:
            number = float(text)
            if (
                isinstance(value, bool)
                or not math.isfinite(number)
                or (type_ is ColumnType.INTEGER and not number.is_integer())
            ):
                raise ValueError
            return int(number) if type_ is ColumnType.INTEGER else number
        case ColumnType.DATE:
            return date.fromisoformat(text)
        case ColumnType.DATETIME:
            return datetime.fromisoformat(text)
        case ColumnType.TEXT:
            return label(value) if isinstance(value, str | int | float) else text


def in_words(found: Explanation, case: Mapping[str, Value], names: Mapping[str, str], language: Language) -> list[str]:
    """The explanation in plain sentences. `names` has what an input is called where that is not its own name."""
    return [text[language] for text in _sentences(found, case, names)]


def _sentences(found: Explanation, case: Mapping[str, Value], names: Mapping[str, str]) -> list[Text]:
    if found.favourable is None:
        said = both(
            nl=f"Het model zegt {'ja' if found.advice else 'nee'}.",
            en=f"The model says {'yes' if found.advice else 'no'}.",
        )
    else:
        said = (
            both(nl="Het model geeft een gunstig advies.", en="The model gives a favourable advice.")
            if found.favourable
            else both(nl="Het model geeft een ongunstig advies.", en="The model gives an unfavourable advice.")
        )
    texts = [said]
    if found.towards:
        nl, en = (_listed(found.towards, case, names, language) for language in Language)
        texts.append(both(nl=f"Dit woog het zwaarst voor dat advies: {nl}.", en=f"What weighed most for it: {en}."))
    else:
        texts.append(
            both(
                nl="Geen enkel gegeven woog duidelijk door: dit geval ligt in het midden van de andere.",
                en="Nothing clearly weighed: this case lies in the middle of the others.",
            )
        )
    if found.against:
        nl, en = (_listed(found.against, case, names, language) for language in Language)
        texts.append(both(nl=f"Dit pleitte ertegen: {nl}.", en=f"What spoke against it: {en}."))
    for way in found.ways or ():
        nl, en = (_change(way, case, names, language) for language in Language)
        texts.append(
            both(nl=f"Met {nl} was het advies gunstig geweest.", en=f"With {en} the advice would be favourable.")
        )
    if found.ways == ():
        texts.append(
            both(
                nl="Er is geen kleine verandering gevonden waarmee het advies gunstig wordt.",
                en="No small change was found that makes the advice favourable.",
            )
        )
    texts.append(
        both(
            nl="Dit zegt wat het model deed, niet of het juist is. De percentages zeggen hoe zwaar een gegeven meetelde,"
            " vergeleken met andere gevallen: alles voor en tegen samen is 100 %. Een mens beslist, en motiveert met de wet en"
            " het dossier.",
            en="This says what the model did, not whether it is right. The percentages say how much a piece of data counted,"
            " compared with other cases: all for and against together is 100 %. A person decides, with reasons from the law"
            " and the file.",
        )
    )
    return texts


def _listed(
    parts: Sequence[tuple[str, float]], case: Mapping[str, Value], names: Mapping[str, str], language: Language
) -> str:
    return "; ".join(f"{names.get(n, n)} {_shown(case[n], language)} ({100 * part:.0f} %)" for n, part in parts)


def _change(way: Way, case: Mapping[str, Value], names: Mapping[str, str], language: Language) -> str:
    instead, and_ = both(nl="in plaats van", en="instead of")[language], both(nl=" en ", en=" and ")[language]
    return and_.join(
        f"{names.get(column, column)} {_shown(value, language)} {instead} {_shown(case[column], language)}"
        for column, value in zip(way.columns, way.values, strict=True)
    )


def _shown(value: Value, language: Language) -> str:
    match value:
        case None:
            return both(nl="onbekend", en="unknown")[language]
        case bool():
            return both(nl="ja" if value else "nee", en="yes" if value else "no")[language]
        case float() if not value.is_integer():
            return classes.decimal(value, 2)[language]
        case str():
            return f"'{value}'"
    return label(value)
