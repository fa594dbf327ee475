"""tru-priv-2: how many people at least look alike."""

from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check
from vangrail.checks.planning import reading
from vangrail.checks.privacy.classes import EMPTY, ONE_ROW_ONE_PERSON, WANTS, by, kinds, quasi_identifiers
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Classes, Field, Need
from vangrail.model.outcome import SMALL_COUNT, Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Unit


def plan(card: Card) -> Iterator[Measurement]:
    """Per data set with quasi-identifiers."""
    for name, dataset in card.datasets.items():
        quasi = quasi_identifiers(dataset)
        if quasi:
            settings = {
                "quasi_identifiers": quasi,
                "population": dataset.population,
                "reading": reading(dataset),
            }
            yield Measurement(
                check=CHECK.id, version=CHECK.version, dataset=name, subject=" × ".join(quasi), settings=settings
            )


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The sizes of the classes."""
    return [Classes(tuple(measurement.settings["quasi_identifiers"]))]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The number of rows in the smallest class.

    Measured        count of rows [1, rows]; every row is counted, so there is no sampling error
    NotMeasurable   when the table is empty
    """
    quasi = measurement.settings["quasi_identifiers"]
    found = kinds(answers.table(Classes(tuple(quasi))))
    if not found.classes:
        return NotMeasurable(reason=EMPTY, rows=0)
    rows, sizes = found.rows(found.sizes > 0), found.sizes
    unique, pairs = (int(found.number[sizes == size].sum()) for size in (1, 2))
    details = (
        Detail(
            name=f"k < {SMALL_COUNT}",
            rows=rows,
            counted=found.rows(sizes < SMALL_COUNT),
            note=both(
                nl=f"rijen in een groep van minder dan {SMALL_COUNT}", en=f"rows in a class of fewer than {SMALL_COUNT}"
            ),
        ),
        Detail(name="k = 1", rows=rows, counted=unique, note=both(nl="rijen die enig zijn", en="rows that are unique")),
    )
    notes = [
        by(quasi),
        both(
            nl=f"{found.classes} groepen; de grootste telt {int(sizes.max())} rijen.",
            en=f"{found.classes} classes; the largest has {int(sizes.max())} rows.",
        ),
        *_population(measurement.settings["population"], rows, unique, pairs),
        ONE_ROW_ONE_PERSON,
    ]
    return Measured(value=int(sizes.min()), unit=Unit.COUNT, rows=rows, details=details, notes=tuple(notes))


def _population(population: int | None, rows: int, unique: int, pairs: int) -> Iterator[Text]:
    """Of those who look unique here, how many would rightly be recognised: Skinner and Elliot's measure.

    With sampling fraction p, n1 unique rows and n2 pairs: p n1 / (p n1 + 2 (1 - p) n2).
    """
    if population is None or not unique:
        return
    if population < rows:
        yield both(
            nl=f"De opgegeven bevolking ({population}) is kleiner dan het aantal rijen, dus die is niet gebruikt.",
            en=f"The population that was declared ({population}) is smaller than the number of rows, so it was not used.",
        )
        return
    fraction = rows / population
    right = 100 * fraction * unique / (fraction * unique + 2 * (1 - fraction) * pairs)
    yield both(
        nl=f"{unique} rijen zijn hier enig. Wie er zo één terugvindt in een bevolking van {population}, heeft naar"
        f" schatting in {right:.0f} % van de gevallen de juiste mens.",
        en=f"{unique} rows are unique here. Whoever finds such a one in a population of {population} has the right person"
        f" in an estimated {right:.0f} % of the cases.",
    )


CHECK = Check(
    id="k-anonymity",
    family="privacy",
    title=both(nl="k-anonimiteit", en="k-anonymity"),
    measures=both(
        nl="Hoeveel rijen de kleinste groep telt waarin alle onrechtstreekse kenmerken gelijk zijn.",
        en="How many rows the smallest class has in which all quasi-identifiers are equal.",
    ),
    wants=WANTS,
    formula="min over classes of rows in the class",
    source="Sweeney (2002), International Journal of Uncertainty, Fuzziness and Knowledge-Based Systems 10, 557-570;"
    " Skinner and Elliot (2002), Journal of the Royal Statistical Society B 64, 855-867 (population)",
    plan=plan,
    needs=needs,
    measure=measure,
    version=2,
)
