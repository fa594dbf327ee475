"""tru-rob-2: does the model go the way that its owner said beforehand, when a case changes in a way that is understood?

"Changing the name changes nothing" and "a clearly worse case never scores better" need no known outcome: a case and its
changed copy judge each other. These are metamorphic relations (Chen and others 1998, HKUST-CS98-01; Segura and others 2016,
IEEE Transactions on Software Engineering 42, 805-824) and the directional expectation tests of Ribeiro and others (2020).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from vangrail.checks import Check, statistics
from vangrail.checks.drift import classes
from vangrail.checks.robustness import calling
from vangrail.checks.robustness.calling import CONFIDENCE, LEAST_CASES, NO, UNANSWERED, YES, Compared, Pool
from vangrail.model.card import Card, Change, Expectation
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Cell, Columns, CountTable, Field, Need, Predict, Probe, Value
from vangrail.model.outcome import Detail, Group, Measured, NotMeasurable, Outcome, label, shown
from vangrail.model.vocabulary import ColumnType, Language, Unit

HELD, ADVICE, SCORE, REFUSED, SPREAD = "held", "other advice", "other score", "refused", "spread"
KEYS = ("result",)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What is changed in one column: one of the four is there."""

    column: str
    set_: Value = None
    add: float | None = None
    multiply: float | None = None
    swap: tuple[Value, Value] | bool | None = None


@dataclass(frozen=True, kw_only=True)
class Turned:
    """Changes the drawn cases and counts in how many the expectation held. Answer: counts per result.

    Sums: in the cell 'spread', the distance between the highest and the lowest score of the cases as they are.
    """

    inputs: tuple[str, ...]
    turns: tuple[Turn, ...]
    expect: str
    tolerance: float

    def __call__(self, rows: Columns, predict: Predict) -> CountTable:
        """Rows and model -> counts."""
        given = {name: rows[name] for name in self.inputs}
        base = predict(given)
        cells = calling.base_cells(base, keys=len(KEYS), sums=1)
        scores = base.score[base.answered]
        cells.append(Cell((SPREAD,), 0, (float(scores.max() - scores.min()) if len(scores) else 0.0,)))
        new = {
            t.column: {i: made for i, v in enumerate(given[t.column]) if (made := turned(t, v, pool)) != v}
            for t in self.turns
            for pool in (Pool.of(given[t.column]),)
        }
        found = calling.compare(given, base, new, predict)
        if found is not None:
            cells += [Cell((result,), n, (0.0,)) for result, n in self._results(found).items()]
        return CountTable(KEYS, tuple(cells))

    def _results(self, found: Compared) -> dict[str, int]:
        moved = found.after - found.before
        to_yes, to_no = ~found.advice_before & found.advice_after, found.advice_before & ~found.advice_after
        match self.expect:
            case "same":
                advice, score = to_yes | to_no, np.abs(moved) > self.tolerance
            case "not_higher":
                advice, score = to_yes, moved > self.tolerance
            case _:
                advice, score = to_no, -moved > self.tolerance
        known = found.answered
        return {
            ADVICE: int((known & advice).sum()),
            SCORE: int((known & ~advice & score).sum()),
            REFUSED: int((~known).sum()),
            HELD: int((known & ~advice & ~score).sum()),
        }


def turned(turn: Turn, value: Value, pool: Pool) -> Value:
    """The value after the change; the value itself where it does not apply, such as a sum to something missing."""
    if turn.swap is True:
        return pool.other(value, "swap", turn.column)
    if isinstance(turn.swap, tuple):
        a, b = turn.swap
        return b if label(value) == label(a) else a if label(value) == label(b) else value
    if turn.set_ is not None:
        return turn.set_
    if isinstance(value, bool) or not isinstance(value, int | float | date):
        return value
    if isinstance(value, date):
        try:
            return value + timedelta(days=turn.add or 0)
        except OverflowError:
            return value
    made = value + turn.add if turn.add is not None else value * (turn.multiply or 0)
    if not math.isfinite(made):
        return value
    return made if isinstance(value, float) else round(made)


# --- what is planned -------------------------------------------------------------------------------------------------


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per expectation of a model that can be called on cases."""
    for one in calling.called(card):
        for expectation in one.model.expectations:
            # The reason is words for people; it decides no figure.
            settings = one.settings(card) | {"expectation": expectation.model_dump(mode="json", exclude={"because"})}
            yield Measurement(
                check=CHECK.id, version=CHECK.version, dataset=one.dataset, subject=expectation.what, settings=settings
            )


def _expectation(measurement: Measurement) -> Expectation:
    return Expectation.model_validate({**measurement.settings["expectation"], "because": "-"})


def _turn(name: str, change: Change, field: Field) -> Turn:
    """The change in a column, with its values as the column has them. ValueError where it does not fit the column."""
    swap = change.swap
    adds = change.add is None or field.type in (*classes.NUMBERS, *classes.MOMENTS)
    if not adds or (change.multiply is not None and field.type not in classes.NUMBERS):
        raise ValueError(f"a column of type {field.type} does not add or multiply")
    pair = tuple(_as(v, field.type) for v in swap) if isinstance(swap, tuple) else None
    return Turn(
        column=name,
        set_=None if change.set is None else _as(change.set, field.type),
        add=change.add,
        multiply=change.multiply,
        swap=(pair[0], pair[1]) if pair is not None else swap is True or None,
    )


def _as(value: str | int | float | bool, type_: ColumnType) -> Value:
    """A value on the card as a value of the column. ValueError where it cannot be one."""
    match type_:
        case ColumnType.TEXT:
            return label(value)
        case ColumnType.BOOLEAN:
            if isinstance(value, bool):
                return value
        case ColumnType.INTEGER:
            if isinstance(value, int | float) and not isinstance(value, bool) and value == int(value):
                return int(value)
        case ColumnType.NUMBER:
            if isinstance(value, int | float) and not isinstance(value, bool):
                return float(value)
        case ColumnType.DATE:
            return date.fromisoformat(str(value))
        case _:
            pass
    raise ValueError(f"no value of a column of type {type_}")


def _turns(measurement: Measurement, fields: Sequence[Field]) -> tuple[Turn, ...] | NotMeasurable:
    """The changes, or why one of them cannot be made."""
    settings, expectation = measurement.settings, _expectation(measurement)
    inputs = {f.name: f for f in calling.input_fields(settings, fields)}
    found = []
    for name, change in expectation.change.items():
        field = inputs.get(name)
        if field is None:
            return NotMeasurable(
                reason=both(
                    nl=f"Het model krijgt '{name}' niet te zien, dus een andere waarde kan niets veranderen.",
                    en=f"The model does not see '{name}', so another value can change nothing.",
                ),
                do=both(
                    nl=f"Zet '{name}' bij 'inputs' als het model die kolom wel gebruikt, of schrap deze verwachting.",
                    en=f"Put '{name}' under 'inputs' when the model does use that column, or drop this expectation.",
                ),
            )
        try:
            found.append(_turn(name, change, field))
        except ValueError:
            return NotMeasurable(
                reason=both(
                    nl=f"De verandering van '{name}' past niet bij het soort kolom ({field.type}).",
                    en=f"The change of '{name}' does not fit the kind of column ({field.type}).",
                ),
                do=both(
                    nl="'add' en 'multiply' gelden voor getallen ('add' ook voor datums, in dagen); 'set' en 'swap' nemen een"
                    " waarde zoals ze in de kolom staat.",
                    en="'add' and 'multiply' are for numbers ('add' also for dates, in days); 'set' and 'swap' take a value as"
                    " it stands in the column.",
                ),
            )
    return tuple(found)


def _probe(measurement: Measurement, fields: Sequence[Field], turns: tuple[Turn, ...]) -> Probe:
    settings, expectation = measurement.settings, _expectation(measurement)
    return Probe(
        model=settings["model"],
        columns=tuple(settings["inputs"]),
        at_most=settings["calling"]["tried_rows"],
        totals=Turned(
            inputs=tuple(settings["inputs"]), turns=turns, expect=expectation.expect, tolerance=expectation.tolerance
        ),
        where=expectation.where,
    )


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The model's answers about the drawn cases and their changed copies; nothing where the change cannot be made."""
    turns = _turns(measurement, fields)
    return [] if isinstance(turns, NotMeasurable) else [_probe(measurement, fields, turns)]


# --- what comes out --------------------------------------------------------------------------------------------------


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """In how many of the tried cases the expectation did not hold.

    A case violates it when its advice goes the wrong way, or its score does by more than the tolerance. Where the same was
    expected, no answer any more is a violation too; where a direction was, it is left out and told.

    Measured        count of the tried cases: every one was looked at, so there is no interval around it. The group holds the
                    share, in percent with its Wilson interval: what it says about all such cases
    NotMeasurable   when the model answers about fewer than 30 cases, the change touches fewer than 30, every case has the
                    same score, or the change does not fit the column
    """
    turns = _turns(measurement, fields)
    if isinstance(turns, NotMeasurable):
        return turns
    expectation = _expectation(measurement)
    counted = {str(cell.values[0]): cell for cell in answers.table(_probe(measurement, fields, turns)).cells}
    yes, no, unanswered = (counted[r].rows for r in (YES, NO, UNANSWERED))
    few = calling.too_few(yes + no, unanswered)
    if few is not None:
        return few
    result = {r: counted[r].rows if r in counted else 0 for r in (ADVICE, SCORE, REFUSED, HELD)}
    violated = result[ADVICE] + result[SCORE] + (result[REFUSED] if expectation.expect == "same" else 0)
    tried = violated + result[HELD]
    if tried < LEAST_CASES:
        return NotMeasurable(
            reason=both(
                nl=f"In minder dan {LEAST_CASES} dossiers viel dit te veranderen, met een antwoord erna.",
                en=f"In fewer than {LEAST_CASES} cases this could be changed, with an answer afterwards.",
            ),
            do=both(
                nl="Kijk na of de verandering en 'where' passen bij de data.",
                en="See whether the change and 'where' fit the data.",
            ),
            rows=shown(tried),
        )
    if violated == 0 and counted[SPREAD].sums[0] == 0:
        return NotMeasurable(reason=calling.SAME_FOR_ALL, do=calling.CHECK_POSITIVE, rows=tried)
    low, high = (100 * float(b[0]) for b in statistics.wilson([violated], [tried], 1 - CONFIDENCE))
    notes = [_said(expectation, high), *calling.unanswered_note(unanswered)]
    if result[REFUSED]:
        notes.append(_refused(result[REFUSED], counts=expectation.expect == "same"))
    details = [
        Detail(name=name, called=_CALLED[name], rows=tried, counted=result[name], note=note)
        for name, note in _NOTE[expectation.expect == "same"].items()
        if result[name]
    ]
    return Measured(
        value=float(violated),
        unit=Unit.COUNT,
        rows=tried,
        groups=(
            Group(
                attributes={"expectation": measurement.subject},
                rows=tried,
                value=100 * violated / tried,
                low=low,
                high=high,
            ),
        ),
        group_unit=Unit.PERCENT,
        confidence=CONFIDENCE,
        details=tuple(details),
        notes=tuple(notes),
    )


_CALLED = {
    ADVICE: both(nl="ander advies", en="other advice"),
    SCORE: both(nl="andere score", en="other score"),
}
_NOTE: Mapping[bool, Mapping[str, Text]] = {
    True: {
        ADVICE: both(nl="het advies veranderde", en="the advice changed"),
        SCORE: both(
            nl="het advies bleef hetzelfde, maar de score veranderde", en="the advice stayed, but the score changed"
        ),
    },
    False: {
        ADVICE: both(nl="het advies ging de verkeerde kant op", en="the advice went the wrong way"),
        SCORE: both(
            nl="het advies bleef hetzelfde, maar de score ging de verkeerde kant op",
            en="the advice stayed, but the score went the wrong way",
        ),
    },
}
_EXPECTED = {
    "same": both(nl="dat de score dezelfde blijft", en="that the score stays the same"),
    "not_higher": both(nl="dat de score niet hoger wordt", en="that the score gets no higher"),
    "not_lower": both(nl="dat de score niet lager wordt", en="that the score gets no lower"),
}


def _said(expectation: Expectation, high: float) -> Text:
    expected = _EXPECTED[expectation.expect]
    written = [(name, _written(change)) for name, change in expectation.change.items()]
    nl, en = ("; ".join(f"'{name}' {said[language]}" for name, said in written) for language in Language)
    most = classes.decimal(high, 2)
    return both(
        nl=f"Verandering: {nl}. Verwacht werd {expected[Language.NL]}. De dossiers zijn willekeurig gekozen: van alle zulke"
        f" dossiers gaat het met 95 % zekerheid bij hoogstens {most[Language.NL]} % mis.",
        en=f"Change: {en}. Expected: {expected[Language.EN]}. The cases were drawn at random: of all such cases, with 95 %"
        f" certainty at most {most[Language.EN]} % go wrong.",
    )


def _written(change: Change) -> Text:
    """What happens to the column."""
    match change:
        case Change(swap=True):
            return both(nl="krijgt de waarde van een ander dossier", en="gets the value of another case")
        case Change(swap=(one, other)):
            a, b = label(one), label(other)
            return both(nl=f"wordt '{b}' in plaats van '{a}', en omgekeerd", en=f"becomes '{b}' for '{a}', and back")
        case Change(add=float(by)):
            (nl, en), size = (("omlaag", "down") if by < 0 else ("omhoog", "up")), f"{abs(by):g}"
            return both(nl=f"gaat {size.replace('.', ',')} {nl}", en=f"goes {en} by {size}")
        case Change(multiply=float(times)):
            number = f"{times:g}"
            return both(nl=f"wordt maal {number.replace('.', ',')} gedaan", en=f"is multiplied by {number}")
        case _:
            value = label(change.set)
            return both(nl=f"wordt '{value}'", en=f"becomes '{value}'")


def _refused(number: int, *, counts: bool) -> Text:
    told = shown(number)
    few = both(nl="minder dan 5", en="fewer than 5") if told is None else both(nl=str(told), en=str(told))
    if counts:
        return both(
            nl=f"Na de verandering gaf het model {few[Language.NL]} keer geen antwoord meer; dat telt als een afwijking.",
            en=f"After the change the model gave no answer any more {few[Language.EN]} times; that counts as a violation.",
        )
    return both(
        nl=f"Na de verandering gaf het model {few[Language.NL]} keer geen antwoord meer; die dossiers tellen niet mee.",
        en=f"After the change the model gave no answer any more {few[Language.EN]} times; those cases are left out.",
    )


CHECK = Check(
    id="directional-tests",
    family="robustness",
    title=both(nl="Verwachte richting", en="Expected direction"),
    measures=both(
        nl="In hoeveel van de geprobeerde dossiers het model niet doet wat vooraf verwacht werd. Voorbeeld: een andere naam"
        " verandert niets, en een zwakker dossier scoort nooit beter.",
        en="In how many of the tried cases the model does not do what was expected beforehand. Example: another name changes"
        " nothing, and a weaker case never scores better.",
    ),
    wants=both(
        nl=f"{calling.WANTS[Language.NL]}; en bij het model 'expectations'",
        en=f"{calling.WANTS[Language.EN]}; and 'expectations' with the model",
    ),
    formula="number of tried cases whose advice or score goes the wrong way after the change",
    source="Segura and others (2016), IEEE Transactions on Software Engineering 42, 805-824; Wilson (1927), JASA 22, 209-212",
    counted=both(nl="dossiers", en="cases"),
    plan=plan,
    needs=needs,
    measure=measure,
    not_applicable=calling.no_rows,
)
