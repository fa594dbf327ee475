"""dat-3: values that cannot be right, by type, by list, by range, by pattern, and by rules between columns."""

from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check
from vangrail.checks.planning import reading
from vangrail.model.card import Card, Column, Rule
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Field, Need, Rows, Unreadable, Where
from vangrail.model.outcome import Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import ColumnType, Unit
from vangrail.tables import sql

VALUES = "values"

TYPE = both(nl="niet van het opgegeven type", en="not of the declared type")
LISTED = both(nl="niet in de lijst van toegelaten waarden", en="not in the list of allowed values")
RANGE = both(nl="buiten het toegelaten bereik", en="outside the allowed range")
PATTERN = both(nl="niet volgens het patroon", en="not of the declared pattern")
RULE = both(nl="in strijd met de regel", en="against the rule")

_EXPECTED = {"type", "allowed", "at_least", "at_most", "pattern"}


def plan(card: Card) -> Iterator[Measurement]:
    """Per data set where something was declared that a value could break."""
    for name, dataset in card.datasets.items():
        expected = {
            column: declared
            for column, about in sorted(dataset.columns.items())
            if (declared := about.model_dump(mode="json", include=_EXPECTED, exclude_defaults=True))
            and declared != {"type": ColumnType.TEXT}
        }
        rules = [rule.model_dump(mode="json") for rule in dataset.rules]
        settings = {"expected": expected, "rules": rules, "reading": reading(dataset)}
        yield Measurement(check=CHECK.id, version=CHECK.version, dataset=name, subject=VALUES, settings=settings)


def _tests(measurement: Measurement, fields: Sequence[Field]) -> list[tuple[str, Text, Need]]:
    """Every test: what it is about, what is wrong when it fails, and the rows that fail it."""
    by_name = {f.name: f for f in fields}
    tests: list[tuple[str, Text, Need]] = []
    for name, declared in measurement.settings["expected"].items():
        field, column = by_name[name], Column.model_validate(declared)
        value = sql.column(name)
        if column.type not in (None, ColumnType.TEXT):
            tests.append((name, TYPE, Unreadable(name)))
        if column.allowed:
            tests.append((name, LISTED, Where(f"NOT {sql.is_in(field, column.allowed)}")))
        bounds = [f"{value} < {sql.literal(column.at_least)}"] if column.at_least is not None else []
        bounds += [f"{value} > {sql.literal(column.at_most)}"] if column.at_most is not None else []
        if bounds:
            tests.append((name, RANGE, Where(" OR ".join(bounds))))
        if column.pattern is not None:
            tests.append(
                (
                    name,
                    PATTERN,
                    Where(
                        f"NOT {sql.matches(field, column.pattern, where=f'datasets.{measurement.dataset}.columns.{name}')}"
                    ),
                )
            )
    for declared in measurement.settings["rules"]:
        rule = Rule.model_validate(declared)
        place = f"datasets.{measurement.dataset}.rules '{rule.name}'"
        tests.append((rule.name, RULE, Where(f"NOT ({sql.checked(rule.holds, fields, where=place)})")))
    return tests


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The rows, and those that fail each test."""
    return [Rows(), *(need for _, _, need in _tests(measurement, fields))]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The largest share of rows that fail one test of type, list, range, pattern or rule.

    Measured        percent [0, 100]; every row is counted, so there is no interval; one detail per test.
                    A missing value fails no test: completeness counts it.
    NotMeasurable   when nothing was declared that a value could break, or when the table is empty
    """
    tests = _tests(measurement, fields)
    if not tests:
        return NotMeasurable(
            reason=both(
                nl="Er staat niet op de kaart welke waarden juist zijn.",
                en="The card does not say which values are right.",
            ),
            do=both(
                nl="Zet bij de kolommen 'type', 'allowed', 'at_least', 'at_most' of 'pattern', of schrijf 'rules'.",
                en="Give columns a 'type', 'allowed', 'at_least', 'at_most' or 'pattern', or write 'rules'.",
            ),
        )
    rows = answers.rows
    if rows == 0:
        return NotMeasurable(reason=both(nl="De tabel is leeg.", en="The table is empty."), rows=0)
    details = [Detail(name=name, rows=rows, counted=answers.count(need), note=note) for name, note, need in tests]
    details.sort(key=lambda d: -d.counted)
    given = [f.name for f in fields if f.given]
    looked_at = len(set(given) & set(measurement.settings["expected"]))
    return Measured(
        value=100 * details[0].counted / rows,
        unit=Unit.PERCENT,
        rows=rows,
        details=tuple(details),
        notes=(
            both(
                nl=f"Voor {looked_at} van de {len(given)} kolommen zegt de kaart welke waarden juist zijn.",
                en=f"For {looked_at} of the {len(given)} columns the card says which values are right.",
            ),
            *_about_dates(details, fields),
        ),
    )


def _about_dates(details: Sequence[Detail], fields: Sequence[Field]) -> Iterator[Text]:
    """What to write on the card, where dates are written in another way than years first."""
    dates = {f.name for f in fields if f.type in (ColumnType.DATE, ColumnType.DATETIME)}
    if any(d.note is TYPE and d.counted and d.name in dates for d in details):
        yield both(
            nl="Staat de dag in die datums eerst? Zet dan 'format: \"%d/%m/%Y\"' bij de kolom op de kaart.",
            en="Does the day come first in those dates? Then write 'format: \"%d/%m/%Y\"' with the column on the card.",
        )


CHECK = Check(
    id="validity",
    family="data",
    title=both(nl="Juistheid van de waarden", en="Validity of the values"),
    measures=both(
        nl="Hoeveel rijen een waarde hebben die niet kan kloppen: type, lijst, bereik, patroon of regel tussen kolommen.",
        en="How many rows hold a value that cannot be right: type, list, range, pattern, or a rule between columns.",
    ),
    wants=both(
        nl="een dataset op de kaart, met wat er van de kolommen verwacht wordt", en="a data set with expectations"
    ),
    formula="max over tests of rows that fail / rows × 100",
    source="ISO/IEC 25012:2008, accuracy and consistency; principedocument p. 11",
    plan=plan,
    needs=needs,
    measure=measure,
    subjects={VALUES: both(nl="waarden", en="values")},
)
