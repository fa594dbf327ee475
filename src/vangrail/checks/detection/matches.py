"""What was recognised against what was there, as counts per pair of classes. What the checks on detection share.

A row is an object, or an image as a whole. Recognised and there, of the same class and in the same place: found. There and
not recognised as such: missed. Recognised as something that is not there: false. Recognised as another class is both.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vangrail.checks.drift import classes
from vangrail.checks.planning import reading
from vangrail.model.card import Card, Detections
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Counts, CountTable, Field, Key
from vangrail.model.outcome import MISSING, SMALL_COUNT, Detail, NotMeasurable, label, shown
from vangrail.model.vocabulary import ColumnType
from vangrail.tables import sql

PREDICTED, TRUTH, APART, LOOKED = "predicted", "truth", "apart", "looked"
NOTHING: str | None = None
MOST_CELLS = 500_000
_SHOWN_PAIRS = 10
WANTS = both(nl="'detections' bij een dataset op de kaart", en="'detections' with a data set on the card")


def not_applicable(card: Card) -> Text | None:
    """Why recognition has no meaning for an application without any."""
    if any(d.detections is not None for d in card.datasets.values()):
        return None
    return both(
        nl="De kaart noemt geen logboek van beeldherkenning ('detections').",
        en="The card names no log of image recognition ('detections').",
    )


def logs(card: Card) -> Iterator[tuple[str, Detections, dict[str, Any]]]:
    """Each data set with recognitions, and the settings that decide a figure about it."""
    for name, dataset in card.datasets.items():
        if dataset.detections is not None:
            part = dataset.detections.model_dump(mode="json", exclude_defaults=True)
            yield name, dataset.detections, {"detections": part, "reading": reading(dataset)}


def log_of(measurement: Measurement) -> Detections:
    """The recognitions as the card declares them."""
    return Detections.model_validate(measurement.settings["detections"])


def counts(log: Detections, fields: Sequence[Field], *also: Key) -> Counts:
    """The rows per class recognised, class really there, and whether the places lie apart."""
    predicted, truth = (classes.field_of(c, fields, where="card.yaml: detections") for c in (log.predicted, log.truth))
    keys = [Key(PREDICTED, _class(predicted, log)), Key(TRUTH, _class(truth, log))]
    if log.nothing:
        keys.append(Key(LOOKED, f"{sql.column(truth.name)} IS NOT NULL"))
    if log.overlap is not None:
        overlap = classes.field_of(log.overlap, fields, where="card.yaml: detections")
        enough = f"{sql.column(overlap.name)} >= {sql.literal(log.overlap_at_least)}"
        keys.append(Key(APART, f"NOT COALESCE({enough}, FALSE)"))
    return Counts((*keys, *also), at_most=MOST_CELLS)


def _class(field: Field, log: Detections) -> str:
    name = sql.column(field.name)
    return f"CASE WHEN {sql.is_in(field, log.nothing)} THEN NULL ELSE {name} END" if log.nothing else name


def unusable(log: Detections, fields: Sequence[Field]) -> NotMeasurable | None:
    """Why nothing can be asked of these columns; None when it can."""
    for name in (log.overlap, log.score):
        if (
            name is not None
            and classes.field_of(name, fields, where="card.yaml: detections").type not in classes.NUMBERS
        ):
            return NotMeasurable(
                reason=both(nl=f"Kolom '{name}' bevat geen getallen.", en=f"Column '{name}' holds no numbers."),
                do=both(
                    nl=f"Zet 'type: number' bij kolom '{name}', en 'decimal' bij de dataset als er komma's staan.",
                    en=f"Give column '{name}' a 'type: number', and the data set a 'decimal' where commas are used.",
                ),
            )
    for name in (log.predicted, log.truth):
        if classes.field_of(name, fields, where="card.yaml: detections").type in (*classes.MOMENTS, ColumnType.NUMBER):
            return NotMeasurable(
                reason=both(
                    nl=f"Kolom '{name}' bevat geen klassen maar getallen met een komma, of datums.",
                    en=f"Column '{name}' holds no classes but numbers with a fraction, or dates.",
                ),
                do=both(
                    nl="Noem bij 'predicted' en 'truth' de kolommen met de naam van wat er te zien is.",
                    en="Name under 'predicted' and 'truth' the columns with the name of what can be seen.",
                ),
            )
    return None


@dataclass(frozen=True, kw_only=True)
class Matches:
    """How often each class was recognised as which. `pairs` goes by (recognised, really there); None is nothing.

    not_looked  rows whose truth nobody has looked up
    """

    pairs: Mapping[tuple[str | None, str | None], int]
    not_looked: int

    @property
    def classes(self) -> list[str]:
        """Every class that was recognised or there, by name."""
        return sorted({c for pair in self.pairs for c in pair if c is not None})

    def found(self, name: str) -> int:
        """How often it was there and recognised."""
        return self.pairs.get((name, name), 0)

    def there(self, name: str) -> int:
        """How often it was really there."""
        return sum(n for (_, t), n in self.pairs.items() if t == name)

    def recognised(self, name: str) -> int:
        """How often it was recognised, rightly or not."""
        return sum(n for (p, _), n in self.pairs.items() if p == name)


def read(table: CountTable) -> Matches:
    """The counts per pair of classes. What was recognised elsewhere than where it is, is one missed and one false."""
    pairs: Counter[tuple[str | None, str | None]] = Counter()
    not_looked = 0
    for cell in table.cells:
        values = dict(zip(table.keys, cell.values, strict=True))
        predicted, truth = _name(values[PREDICTED]), _name(values[TRUTH])
        if not values.get(LOOKED, True):
            not_looked += cell.rows
        elif values.get(APART) and predicted is not None and truth is not None:
            pairs[predicted, NOTHING] += cell.rows
            pairs[NOTHING, truth] += cell.rows
        elif predicted is not None or truth is not None:
            pairs[predicted, truth] += cell.rows
    return Matches(pairs=pairs, not_looked=not_looked)


def _name(value: Any) -> str | None:
    name = label(value)
    return None if name == MISSING and value is None else name


def told(answers: Answers, need: Counts) -> Matches | NotMeasurable:
    """The matches, or why there are none."""
    table = answers.small_table(need)
    if table is None:
        return NotMeasurable(
            reason=both(
                nl="Er zijn te veel verschillende klassen om te tellen. Zijn het wel klassen, en geen namen van foto's?",
                en="There are too many different classes to count. Are these classes, and not the names of pictures?",
            ),
            do=both(
                nl="Noem bij 'predicted' en 'truth' de kolommen met de naam van wat er te zien is.",
                en="Name under 'predicted' and 'truth' the columns with the name of what can be seen.",
            ),
        )
    found = read(table)
    if not found.pairs:
        return NotMeasurable(
            reason=both(
                nl="In geen enkele rij is iets herkend of was er iets te herkennen.",
                en="In no row was anything recognised, or was there anything to recognise.",
            ),
            do=both(
                nl="Kijk na of 'predicted', 'truth' en 'nothing' schrijven wat in de data staat. Hoofdletters tellen mee.",
                en="See whether 'predicted', 'truth' and 'nothing' say what the data say. Capitals count.",
            ),
            rows=shown(found.not_looked),
        )
    return found


CANNOT_BE_KNOWN = NotMeasurable(
    reason=both(
        nl="Wat gemist werd, valt niet te weten: mensen keken alleen waar iets herkend werd.",
        en="What was missed cannot be known: people only looked where something was recognised.",
    ),
    do=both(
        nl="Laat iemand ook een aantal willekeurig gekozen beelden bekijken, en zet die in het logboek.",
        en="Have somebody look at a number of pictures drawn at random too, and put those in the log.",
    ),
)


def too_few(rows: int, least: int, *, nl: str, en: str) -> Text:
    """Why a class or a circumstance cannot be measured; `nl` and `en` say what there is too little of."""
    number = shown(rows)
    dutch, english = (str(number), str(number)) if number is not None else ("minder dan 5", "fewer than 5")
    return both(
        nl=f"{dutch} keer {nl}; minstens {least} keer is nodig",
        en=f"{en} {english} times; at least {least} times is needed",
    )


def confusion(found: Matches) -> tuple[Detail, ...]:
    """The most frequent mistakes: what was there, and as what it was seen. Rare ones are not shown."""
    wrong = [(n, t, p) for (p, t), n in found.pairs.items() if p != t and n >= SMALL_COUNT]
    details = []
    for number, truth, predicted in sorted(wrong, key=lambda w: (-w[0], str(w[1]), str(w[2])))[:_SHOWN_PAIRS]:
        if truth is None:
            assert predicted is not None  # noqa: S101  a pair of nothing and nothing is not kept
            rows, note = found.recognised(predicted), both(nl="gezien waar niets is", en="seen where nothing is")
        elif predicted is None:
            rows, note = found.there(truth), both(nl="niet gezien", en="not seen")
        else:
            rows, note = found.there(truth), both(nl=f"gezien als '{predicted}'", en=f"seen as '{predicted}'")
        details.append(Detail(name=truth or str(predicted), rows=rows, counted=number, note=note))
    return tuple(details)


def notes(log: Detections, found: Matches) -> Iterator[Text]:
    """What was left out, and what counts as the same place."""
    if found.not_looked:
        yield both(
            nl=f"Niet meegeteld: {found.not_looked} rijen waarvan niemand keek wat er echt te zien is.",
            en=f"Not counted: {found.not_looked} rows of which nobody looked what is really there.",
        )
    if log.overlap is not None:
        yield both(
            nl=f"Met minder dan {100 * log.overlap_at_least:g} % overlap, of zonder dat gegeven, is het niet dezelfde plaats.",
            en=f"With less than {100 * log.overlap_at_least:g} % overlap, or without that figure, it is not the same place.",
        )
