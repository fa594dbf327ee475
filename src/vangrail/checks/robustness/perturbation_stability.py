"""tru-rob-2: does the advice stay the same when something small and irrelevant changes in a case?

The changes are those that a case meets on its way: a typing error, capitals, a space, an empty field, rounding. They
follow the invariance tests of Ribeiro and others (2020), CheckList, ACL, 4902-4912.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from vangrail.checks import Check, statistics
from vangrail.checks.drift import classes
from vangrail.checks.robustness import calling
from vangrail.checks.robustness.calling import CONFIDENCE, LEAST_CASES, NO, UNANSWERED, YES, Pool, digest
from vangrail.model.card import Card, Dataset
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Cell, Columns, CountTable, Field, Need, Predict, Probe, Value
from vangrail.model.outcome import Detail, Group, Measured, NotMeasurable, Outcome, shown
from vangrail.model.vocabulary import ColumnType, Language, SmallChange, Unit

SAME, CHANGED, REFUSED = "same", "changed", "refused"
CLOSED_LIST, STEP = "closed list", "step"
KEYS = ("kind", "column", "result")
FEW_VALUES = 50
"""A text column with no more different values than this, and five cases per value, is taken as a list to choose from."""
MOST_DECIMALS = 6
"""With more decimals than this a figure was computed, and its last decimal says nothing about how it was measured."""
COMPUTED = 0.01
"""The noise on a computed figure, as a part of its standard deviation."""
_OF_TEXT = (SmallChange.TYPO, SmallChange.CASE, SmallChange.SPACE)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One kind of change in one column.

    assumed     whether the card says nothing about it, so that it follows from the column
    step        for noise: how much; none where it follows from the decimals in the data
    low, high   bounds that the column keeps
    """

    kind: SmallChange
    column: str
    assumed: bool = False
    step: float | None = None
    low: Value = None
    high: Value = None
    separator: str = ""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """Tries every change on the drawn cases, one column at a time. Answer: counts per kind, column and result.

    Sums: the score's shift in all cases together, and the step of noise (in cells with result 'step').
    """

    inputs: tuple[str, ...]
    trials: tuple[Trial, ...]

    def __call__(self, rows: Columns, predict: Predict) -> CountTable:
        """Rows and model -> counts."""
        given = {name: rows[name] for name in self.inputs}
        base = predict(given)
        cells = calling.base_cells(base, keys=len(KEYS), sums=2)
        for trial in self.trials:
            values = given[trial.column]
            if trial.assumed and trial.kind in _OF_TEXT and _is_closed_list(values):
                cells.append(Cell((trial.kind.value, trial.column, CLOSED_LIST), len(values), (0.0, 0.0)))
                continue
            step = trial.step
            if trial.kind is SmallChange.NOISE and step is None:
                step = own_step(values)
                cells.append(Cell((trial.kind.value, trial.column, STEP), 0, (0.0, step)))
            pool = Pool.of(values)
            new = {i: made for i, v in enumerate(values) if (made := change(trial, v, step, pool)) != v}
            found = calling.compare(given, base, {trial.column: new}, predict)
            if found is None:
                cells.append(Cell((trial.kind.value, trial.column, SAME), 0, (0.0, 0.0)))
                continue
            same = found.answered & (found.advice_before == found.advice_after)
            shift = float(np.abs(found.after - found.before)[found.answered].sum())
            for result, number in (
                (SAME, int(same.sum())),
                (CHANGED, int((found.answered & ~same).sum())),
                (REFUSED, int((~found.answered).sum())),
            ):
                sums = (shift if result == SAME else 0.0, 0.0)
                cells.append(Cell((trial.kind.value, trial.column, result), number, sums))
        return CountTable(KEYS, tuple(cells))


# --- what changes ----------------------------------------------------------------------------------------------------


def change(trial: Trial, value: Value, step: float | None, pool: Pool) -> Value:
    """The value with the change in it; the value itself where the change cannot be made."""
    if trial.kind is SmallChange.IRRELEVANT:
        return pool.other(value, trial.kind, trial.column)
    if value is None or trial.kind is SmallChange.MISSING:
        return None
    if trial.kind is SmallChange.NOISE:
        return nudged(value, step or 0.0, trial) if not isinstance(value, bool) else value
    if not isinstance(value, str):
        return value
    match trial.kind:
        case SmallChange.TYPO:
            return typo(value)
        case SmallChange.CASE:
            return value.upper() if value.upper() != value else value.lower()
        case SmallChange.SPACE:
            return spaced(value)
        case _:
            return reordered(value, trial.separator)


def typo(text: str) -> str:
    """One typing error: two letters swapped, one left out, or one twice. The same text gets the same error.

    Only between two letters, so that a number in a text stays what it is.
    """
    places = [i for i in range(len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha()]
    if not places:
        return text
    draw = digest("typo", text)
    i, kind = places[draw % len(places)], draw // len(places) % 3
    if kind == 0 and text[i] != text[i + 1]:
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    return text[: i + 1] + text[i + 2 :] if kind == 1 else text[: i + 1] + text[i:]


def spaced(text: str) -> str:
    """One space too many: before, after, or the first one twice."""
    if not text:
        return text
    kind = digest("space", text) % 3
    if kind == 2 and " " in text:
        return text.replace(" ", "  ", 1)
    return " " + text if kind == 0 else text + " "


def reordered(text: str, separator: str) -> str:
    """The same items, with the first ones put last."""
    items = text.split(separator) if separator else [text]
    if len(items) < 2:
        return text
    turn = 1 + digest("order", text) % (len(items) - 1)
    return separator.join([*items[turn:], *items[:turn]])


def nudged(value: Value, step: float, trial: Trial) -> Value:
    """The value one step higher or lower, within its bounds."""
    sign = 1 if digest("noise", trial.column, value) % 2 else -1
    low: Any = trial.low
    high: Any = trial.high
    for way in (sign, -sign):
        moved = _moved(value, way * step)
        if moved is not None and (low is None or moved >= low) and (high is None or moved <= high):
            return moved  # type: ignore[no-any-return]
    return value


def _moved(value: Value, by: float) -> Any:
    if isinstance(value, int):
        return value + round(by)
    if isinstance(value, float):
        moved = round(value + by, max(decimals(value), decimals(by)))
        return moved if math.isfinite(moved) else None
    if isinstance(value, date):
        try:
            return value + timedelta(days=by)
        except OverflowError:
            return None
    return None


def decimals(value: float) -> int:
    """How many decimals a figure is written with. Behind the twelfth digit stands what arithmetic left behind."""
    exponent = Decimal(f"{value:.12g}").as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def own_step(values: Sequence[Value]) -> float:
    """One step of the last decimal in the data; for computed figures, 1 % of their standard deviation."""
    known = [float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    written = max((decimals(v) for v in known if v != int(v)), default=0)
    if written <= MOST_DECIMALS:
        return float(10**-written)
    with np.errstate(over="ignore"):
        spread = COMPUTED * float(np.std(known))
    return float(f"{spread:.2g}") if math.isfinite(spread) and spread > 0 else 10.0**-MOST_DECIMALS


def _is_closed_list(values: Sequence[Value]) -> bool:
    known = Counter(v for v in values if v is not None)
    return len(known) <= FEW_VALUES and known.total() >= 5 * len(known)


# --- what is planned -------------------------------------------------------------------------------------------------


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per model that can be called on cases."""
    for one in calling.called(card):
        declared = one.model.small_changes
        settings = one.settings(card) | {
            "changes": declared.model_dump(mode="json"),
            "columns": _described(card.datasets[one.dataset], one.inputs),
        }
        yield Measurement(
            check=CHECK.id, version=CHECK.version, dataset=one.dataset, subject=one.model.name, settings=settings
        )


def _described(dataset: Dataset, inputs: Sequence[str]) -> dict[str, Any]:
    """What the card says about the inputs that decides which changes are tried."""
    found = {}
    for name in inputs:
        column = dataset.columns.get(name)
        if column is not None:
            bounds = column.model_dump(include={"at_least", "at_most"}, mode="json")
            found[name] = {"required": column.required, "closed": bool(column.allowed), **bounds}
    return found


def trials(measurement: Measurement, fields: Sequence[Field]) -> tuple[Trial, ...]:
    """Every change to try: those on the card, and for what it leaves out those that follow from the columns."""
    settings = measurement.settings
    declared, described = settings["changes"], settings["columns"]
    inputs = {f.name: f for f in calling.input_fields(settings, fields)}
    found: list[Trial] = []
    texts = declared["texts"]
    if texts is None:
        chosen = [
            f.name
            for f in inputs.values()
            if f.type is ColumnType.TEXT
            and not described.get(f.name, {}).get("closed")
            and f.name not in (*declared["lists"], *declared["irrelevant"])
        ]
    else:
        chosen = [n for n in texts if n in inputs]
    found += [Trial(kind=k, column=n, assumed=texts is None) for n in chosen for k in _OF_TEXT]
    missing = declared["missing"]
    optional = [n for n in inputs if described.get(n, {}).get("required") is False] if missing is None else missing
    found += [Trial(kind=SmallChange.MISSING, column=n, assumed=missing is None) for n in optional if n in inputs]
    noise: Mapping[str, float | None] | None = declared["noise"]
    if noise is None:
        noise = {f.name: None for f in inputs.values() if f.type is ColumnType.NUMBER}
        noise = {n: s for n, s in noise.items() if n not in declared["irrelevant"]}
    for name, step in noise.items():
        if name in inputs:
            low, high = (_bound(described.get(name, {}).get(b), inputs[name].type) for b in ("at_least", "at_most"))
            found.append(
                Trial(kind=SmallChange.NOISE, column=name, assumed=step is None, step=step, low=low, high=high)
            )
    found += [Trial(kind=SmallChange.ORDER, column=n, separator=s) for n, s in declared["lists"].items() if n in inputs]
    found += [Trial(kind=SmallChange.IRRELEVANT, column=n) for n in declared["irrelevant"] if n in inputs]
    return tuple(found)


def _bound(value: Any, type_: ColumnType) -> Value:
    """A bound on the card, as the values of the column are compared with it; none where they cannot be."""
    if type_ in classes.NUMBERS and isinstance(value, int | float):
        return value
    if type_ is ColumnType.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    return None


def _unknown(measurement: Measurement) -> list[str]:
    """Columns that the card names for a change, and that are no input: changing them cannot be tried."""
    declared, inputs = measurement.settings["changes"], measurement.settings["inputs"]
    named = [*(declared["texts"] or ()), *(declared["missing"] or ()), *(declared["noise"] or ())]
    named += [*declared["lists"], *declared["irrelevant"]]
    return [n for n in dict.fromkeys(named) if n not in inputs]


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The model's answers about the drawn cases and their changed copies."""
    return [_probe(measurement, fields)]


def _probe(measurement: Measurement, fields: Sequence[Field]) -> Probe:
    settings = measurement.settings
    return Probe(
        model=settings["model"],
        columns=tuple(settings["inputs"]),
        at_most=settings["calling"]["tried_rows"],
        totals=Tried(inputs=tuple(settings["inputs"]), trials=trials(measurement, fields)),
    )


# --- what comes out --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Pair:
    """One kind of change in one column, as it was counted."""

    kind: SmallChange
    column: str
    same: int
    changed: int
    refused: int
    shift: float

    @property
    def cases(self) -> int:
        return self.same + self.changed + self.refused

    @property
    def attributes(self) -> dict[str, str]:
        return {"change": self.kind.value, "column": self.column}

    @property
    def called(self) -> Text:
        return {language: f"{self.column}: {word}" for language, word in _KIND[self.kind].items()}


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The share of the cases that keep their advice, for the change that upsets the model most.

    A case that gets no answer any more counts as changed. Cases without an answer beforehand are left out.

    Measured        percent [0, 100]; exact intervals that hold for all changes at once (Bonferroni), so the worst share lies
                    between the lowest lower and the lowest upper bound. A group per change and column
    NotMeasurable   when the model answers about fewer than 30 cases, no change touches 30 of them, or it says the same about
                    all cases
    """
    table = answers.table(_probe(measurement, fields))
    counted = {cell.values: cell for cell in table.cells}
    yes, no, unanswered = (counted[("", "", r)].rows for r in (YES, NO, UNANSWERED))
    few = calling.too_few(yes + no, unanswered)
    if few is not None:
        return few
    pairs = _pairs(table, may_change=_only_answered(measurement, fields))
    notes = [*_assumed(measurement, fields, table), *calling.unanswered_note(unanswered)]
    large = [p for p in pairs if p.cases >= LEAST_CASES]
    small = [
        Group(attributes=p.attributes, called=p.called, rows=shown(p.cases), not_measurable=_TOO_SMALL)
        for p in pairs
        if p.cases < LEAST_CASES and not (p.cases == 0 and p.kind is not SmallChange.NOISE)
    ]
    if not large:
        return NotMeasurable(reason=_NOTHING, do=_DECLARE, rows=yes + no, groups=tuple(small), notes=tuple(notes))
    if (yes == 0 or no == 0) and all(p.same == p.cases for p in large):
        return NotMeasurable(reason=calling.SAME_FOR_ALL, do=calling.CHECK_POSITIVE, rows=yes + no, notes=tuple(notes))
    alpha = (1 - CONFIDENCE) / len(large)
    low, high = statistics.exact([p.same for p in large], [p.cases for p in large], alpha)
    groups = [
        Group(
            attributes=p.attributes,
            called=p.called,
            rows=p.cases,
            value=100 * p.same / p.cases,
            low=100 * float(a),
            high=100 * float(b),
        )
        for p, a, b in zip(large, low, high, strict=True)
    ]
    groups.sort(key=lambda g: (g.value or 0.0, g.name))
    notes.append(
        both(
            nl=f"Elke verandering is apart geprobeerd, op {calling.dutch(yes + no)} dossiers die willekeurig gekozen zijn. Het cijfer is dat van"
            f" de slechtste verandering; de intervallen gelden samen voor alle {len(large)}.",
            en=f"Each change was tried by itself, on {yes + no:,} cases drawn at random. The figure is that of the worst change;"
            f" the intervals hold for all {len(large)} together.",
        )
    )
    return Measured(
        value=min(100 * p.same / p.cases for p in large),
        low=100 * float(low.min()),
        high=100 * float(high.min()),
        confidence=CONFIDENCE,
        unit=Unit.PERCENT,
        rows=yes + no,
        groups=(*groups, *small),
        group_unit=Unit.PERCENT,
        details=tuple(_detail(p) for p in sorted(large, key=lambda p: (p.same / p.cases, p.column))),
        notes=tuple(notes),
    )


def _only_answered(measurement: Measurement, fields: Sequence[Field]) -> set[str]:
    """Columns that may be empty by the card, without more: then there must be an answer, and it may be another one."""
    return {t.column for t in trials(measurement, fields) if t.assumed and t.kind is SmallChange.MISSING}


def _pairs(table: CountTable, *, may_change: set[str]) -> list[_Pair]:
    found: dict[tuple[str, str], dict[str, int]] = {}
    shifts: dict[tuple[str, str], float] = {}
    for cell in table.cells:
        kind, column, result = map(str, cell.values)
        if kind and result in (SAME, CHANGED, REFUSED):
            found.setdefault((kind, column), {})[result] = cell.rows
            shifts[kind, column] = shifts.get((kind, column), 0.0) + cell.sums[0]
    for (kind, column), results in found.items():
        if kind == SmallChange.MISSING and column in may_change:
            results[SAME] = results.get(SAME, 0) + results.pop(CHANGED, 0)
    return [
        _Pair(
            kind=SmallChange(kind),
            column=column,
            same=results.get(SAME, 0),
            changed=results.get(CHANGED, 0),
            refused=results.get(REFUSED, 0),
            shift=shifts[kind, column],
        )
        for (kind, column), results in found.items()
    ]


def _detail(pair: _Pair) -> Detail:
    answered = pair.same + pair.changed
    shift = classes.decimal(pair.shift / answered, 4) if answered else None
    refused_nl = f"; {calling.dutch(pair.refused)} keer gaf het model geen antwoord meer" if pair.refused else ""
    refused_en = f"; {pair.refused:,} times the model gave no answer any more" if pair.refused else ""
    moved_nl = f"; de score verschoof gemiddeld {shift[Language.NL]}" if shift else ""
    moved_en = f"; the score moved by {shift[Language.EN]} on average" if shift else ""
    return Detail(
        name=f"{pair.column}: {pair.kind.value}",
        called=pair.called,
        rows=pair.cases,
        counted=pair.changed + pair.refused,
        note=both(
            nl=f"van de {calling.dutch(pair.cases)} dossiers kregen er zoveel een ander of geen advies{refused_nl}{moved_nl}",
            en=f"of {pair.cases:,} cases so many got other advice or none{refused_en}{moved_en}",
        ),
    )


_KIND = {
    SmallChange.TYPO: both(nl="één tikfout", en="one typing error"),
    SmallChange.CASE: both(nl="hoofdletters", en="capitals"),
    SmallChange.SPACE: both(nl="een spatie te veel", en="a space too many"),
    SmallChange.MISSING: both(nl="leeg gelaten", en="left empty"),
    SmallChange.NOISE: both(nl="een stap hoger of lager", en="a step higher or lower"),
    SmallChange.ORDER: both(nl="andere volgorde", en="another order"),
    SmallChange.IRRELEVANT: both(nl="waarde van een ander dossier", en="the value of another case"),
}
_TOO_SMALL = both(
    nl=f"in minder dan {LEAST_CASES} dossiers viel er iets te veranderen",
    en=f"in fewer than {LEAST_CASES} cases there was something to change",
)
_NOTHING = both(
    nl="Er is geen kleine verandering die in genoeg dossiers geprobeerd kon worden.",
    en="There is no small change that could be tried in enough cases.",
)
_DECLARE = both(
    nl="Zeg op de kaart bij 'small_changes' welke veranderingen niets mogen uitmaken: 'noise', 'missing', 'texts' of 'irrelevant'.",
    en="Say on the card under 'small_changes' which changes must make no difference: 'noise', 'missing', 'texts' or 'irrelevant'.",
)


def _assumed(measurement: Measurement, fields: Sequence[Field], table: CountTable) -> Iterator[Text]:
    """What followed from the columns because the card does not say it, and what could not be tried."""
    tried = trials(measurement, fields)
    closed = {str(c.values[1]) for c in table.cells if c.values[2] == CLOSED_LIST}
    free = {t.column for t in tried if t.assumed and t.kind is SmallChange.TYPO} - closed
    optional = [t.column for t in tried if t.assumed and t.kind is SmallChange.MISSING]
    steps = {str(c.values[1]): c.sums[1] for c in table.cells if c.values[2] == STEP}
    if free:
        names = _names(sorted(free))
        yield both(
            nl=f"Aangenomen: {names} is vrije tekst, dus een tikfout, hoofdletters of een spatie mogen niets uitmaken.",
            en=f"Assumed: {names} is free text, so a typing error, capitals or a space must make no difference.",
        )
    if closed:
        names = _names(sorted(closed))
        yield both(
            nl=f"Aangenomen: {names} is een keuzelijst, want er zijn weinig verschillende waarden. Daarin zijn geen tikfouten"
            " geprobeerd.",
            en=f"Assumed: {names} is a list to choose from, since there are few different values. No typing errors were tried"
            " in it.",
        )
    if optional:
        names = _names(optional)
        yield both(
            nl=f"Aangenomen: {names} mag leeg blijven ('required: false'), dus dan moet er nog een antwoord komen. Een ander"
            " advies telt daar niet als fout. Moet ook het advies gelijk blijven? Noem de kolom bij 'small_changes.missing'.",
            en=f"Assumed: {names} may stay empty ('required: false'), so then there must still be an answer. Other advice is no"
            " fault there. Must the advice stay the same too? Name the column under 'small_changes.missing'.",
        )
    if steps:
        nl = ", ".join(f"'{n}' {_short(s).replace('.', ',')}" for n, s in steps.items())
        en = ", ".join(f"'{n}' {_short(s)}" for n, s in steps.items())
        yield both(
            nl=f"Aangenomen: zoveel kan een getal verschillen door meten of afronden: {nl}.",
            en=f"Assumed: by so much a figure can differ by measuring or rounding: {en}.",
        )
    unknown = _unknown(measurement)
    if unknown:
        names = _names(unknown)
        yield both(
            nl=f"Niet geprobeerd, want geen invoer van het model: {names}.",
            en=f"Not tried, since the model does not take it: {names}.",
        )
    without = [n for n in measurement.settings["inputs"] if n not in {t.column for t in tried} | closed]
    if without:
        names = _names(without)
        yield both(
            nl=f"Niets geprobeerd in {names}: de kaart zegt niet welke kleine verandering daar niets mag uitmaken.",
            en=f"Nothing tried in {names}: the card does not say which small change must make no difference there.",
        )


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f"'{c}'" for c in columns)


def _short(step: float) -> str:
    return f"{step:f}".rstrip("0").rstrip(".") if step < 1 else f"{step:g}"


CHECK = Check(
    id="perturbation-stability",
    family="robustness",
    title=both(nl="Stabiel bij kleine veranderingen", en="Stable under small changes"),
    measures=both(
        nl="Hoeveel procent van de dossiers hetzelfde advies houdt als er iets kleins verandert dat er niet toe doet: een tikfout,"
        " een leeg veld, een afronding. De slechtste verandering telt.",
        en="How many percent of the cases keep the same advice when something small changes that does not matter: a typing"
        " error, an empty field, a rounding. The worst change counts.",
    ),
    wants=calling.WANTS,
    formula="min over changes of cases with the same advice / cases in which the change was made × 100",
    source="Ribeiro and others (2020), CheckList, ACL, 4902-4912 (invariance tests); Clopper and Pearson (1934),"
    " Biometrika 26, 404-413",
    counted=both(nl="dossiers", en="cases"),
    plan=plan,
    needs=needs,
    measure=measure,
    version=2,
    not_applicable=calling.no_rows,
)
