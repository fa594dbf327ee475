"""lit-2: which share of the people who use or oversee the application hold a valid competence?

Everyone is counted, so there is no chance in it. In a role of fewer than five a share would point at somebody: there it is
only said whether everyone holds one. Where not everyone does, the total has bounds instead of its number, since what is
missing in the small role would follow from it by subtraction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from vangrail import knowledge
from vangrail.checks import Check
from vangrail.checks.planning import reading
from vangrail.model.card import Card, Competences
from vangrail.model.errors import VangrailError
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Counts, CountTable, Field, Key, Need, Value
from vangrail.model.outcome import SMALL_COUNT, Detail, Group, Measured, NotMeasurable, Outcome, label
from vangrail.model.vocabulary import ColumnType, Unit
from vangrail.tables import sql

ROLE, PERSON, TOPIC, VALID = "role", "person", "topic", "valid"
MOST_PEOPLE = 50_000
"""More combinations of role, person and topic than this are no list of people around one application."""


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement over the table of competences."""
    table = card.literacy.competences
    if table is None:
        return
    settings: dict[str, Any] = {
        "competences": table.model_dump(mode="json", exclude_defaults=True),
        "reading": reading(card.datasets[table.dataset]),
    }
    if table.topic is not None:
        settings["topics"] = list(card.literacy.covers) or list(_topics())
    yield Measurement(check=CHECK.id, version=CHECK.version, dataset=table.dataset, subject="people", settings=settings)


def _topics() -> dict[str, Text]:
    """Every topic, with its title."""
    known = next(v for v in knowledge.framework().vocabularies if v.id == "literacy-topics")
    return {term.id: term.title for term in known.terms}


def _competences(measurement: Measurement) -> Competences:
    return Competences.model_validate(measurement.settings["competences"])


def _counts(measurement: Measurement, fields: Sequence[Field], on: date) -> Counts:
    table, known = _competences(measurement), {f.name: f for f in fields}
    named = {"role": table.role, "valid_until": table.valid_until, "person": table.person, "topic": table.topic}
    for key, column in named.items():
        if column is not None and column not in known:
            raise VangrailError(
                both(
                    nl=f"card.yaml: literacy.competences.{key}: de dataset heeft geen kolom '{column}'.",
                    en=f"card.yaml: literacy.competences.{key}: the data set has no column '{column}'.",
                ),
                do=both(
                    nl="Verbeter de naam op de kaart; hoofdletters en spaties tellen mee.",
                    en="Correct the name on the card; capitals and spaces count.",
                ),
            )
    if known[table.valid_until].type not in (ColumnType.DATE, ColumnType.DATETIME):
        raise VangrailError(
            both(
                nl=f"card.yaml: literacy.competences.valid_until: in kolom '{table.valid_until}' staan geen datums.",
                en=f"card.yaml: literacy.competences.valid_until: column '{table.valid_until}' holds no dates.",
            ),
            do=both(
                nl="Geef de kolom 'type: date' en, als het nodig is, een 'format'.",
                en="Give the column a 'type: date' and, where needed, a 'format'.",
            ),
        )
    keys = [Key(ROLE, sql.column(table.role))]
    keys += [Key(PERSON, sql.column(table.person))] if table.person is not None else []
    keys += [Key(TOPIC, sql.column(table.topic))] if table.topic is not None else []
    valid = f"COALESCE({sql.column(table.valid_until)} >= {sql.literal(on)}, FALSE)"
    return Counts((*keys, Key(VALID, valid)), at_most=MOST_PEOPLE)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The rows by role, by person and topic where there are such columns, and by whether the competence counts today."""
    return [_counts(measurement, fields, on)]


@dataclass(frozen=True, kw_only=True)
class _Role:
    """How many people have a role, and how many of them hold all that they need."""

    people: int
    holding: int


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The share of the people with a valid competence: in all topics where the table has topics.

    Somebody who has two roles counts in both. People that the card counts and the table does not have hold nothing.

    Measured        percent [0, 100]; everyone is counted, so there is no confidence interval. Where somebody in a role of
                    fewer than five lacks one, the bounds run from "all of that role" to "one of that role"
    NotMeasurable   without people, when a row has no person, or with more combinations than a list of people has
    """
    table = _competences(measurement)
    counted = answers.small_table(_counts(measurement, fields, on))
    if counted is None:
        return NotMeasurable(
            reason=both(
                nl=f"Er zijn meer dan {MOST_PEOPLE} combinaties van rol, persoon en onderwerp.",
                en=f"There are more than {MOST_PEOPLE} combinations of role, person and topic.",
            ),
            do=both(
                nl="Kies bij de dataset met 'where' de mensen die met deze toepassing werken.",
                en="Choose with 'where' of the data set the people who work with this application.",
            ),
        )
    held = _held(counted, table)
    if held is None:
        return NotMeasurable(
            reason=both(
                nl=f"Sommige rijen hebben geen code in kolom '{table.person}', dus we weten niet om hoeveel mensen het gaat.",
                en=f"Some rows have no code in column '{table.person}', so it is not known how many people there are.",
            ),
            do=both(
                nl="Vul de code in, of laat 'person' weg als elke rij één mens is.",
                en="Fill in the code, or leave 'person' out when every row is one person.",
            ),
        )
    topics = measurement.settings.get("topics")
    roles, more = _roles(held, topics, table.people)
    people = sum(r.people for r in roles.values())
    if not people:
        return NotMeasurable(
            reason=both(nl="Er staat niemand in de tabel.", en="There is nobody in the table."),
            do=both(
                nl="Zet er een rij in per persoon die met de toepassing werkt of erop toeziet, zonder naam.",
                en="Give it a row per person who uses the application or oversees it, without a name.",
            ),
            rows=0,
        )
    large = {name: r for name, r in roles.items() if r.people >= SMALL_COUNT}
    small = {name: r for name, r in roles.items() if r.people < SMALL_COUNT}
    lacking = [r for r in small.values() if r.holding < r.people]
    least = sum(r.holding for r in roles.values() if r not in lacking)
    most = least + sum(r.people - 1 for r in lacking)
    return Measured(
        value=100 * most / people,
        low=100 * least / people if lacking else None,
        high=100 * most / people if lacking else None,
        unit=Unit.PERCENT,
        rows=people,
        groups=tuple(
            Group(attributes={ROLE: name}, rows=r.people, value=100 * r.holding / r.people) for name, r in large.items()
        ),
        group_unit=Unit.PERCENT,
        details=tuple(_by_topic(held, topics, people)) if topics and not lacking else (),
        notes=(*([_BOUNDS] if lacking else []), *(_in_words(n, r) for n, r in small.items()), _how(topics), *more),
    )


_Held = Mapping[tuple[str, Value], frozenset[str]]
"""Per role and person the topics that count today; without topics the one word 'all' for a competence."""
_WHOLE = frozenset({"all"})


def _held(counted: CountTable, table: Competences) -> _Held | None:
    """Who holds what; none when a row has no person."""
    found: dict[tuple[str, Value], frozenset[str]] = {}
    for number, cell in enumerate(counted.cells):
        values = dict(zip(counted.keys, cell.values, strict=True))
        role, valid = label(values[ROLE]), bool(values[VALID])
        if table.person is None:
            # Every row is a person; they are told apart by the cell and their place in it.
            found |= {(role, f"{number}/{i}"): _WHOLE if valid else frozenset() for i in range(cell.rows)}
            continue
        person = values[PERSON]
        if person is None:
            return None
        topic = _WHOLE if table.topic is None else frozenset({label(values[TOPIC])})
        found[role, person] = found.get((role, person), frozenset()) | (topic if valid else frozenset())
    return found


def _roles(held: _Held, topics: Sequence[str] | None, people: Mapping[str, int]) -> tuple[dict[str, _Role], list[Text]]:
    """The roles in order of name; and what to say where the card counts other numbers of people."""
    wanted = _WHOLE if topics is None else frozenset(topics)
    found = dict.fromkeys(sorted({*people, *(role for role, _ in held)}), _Role(people=0, holding=0))
    for (role, _), topics_held in held.items():
        r = found[role]
        found[role] = _Role(people=r.people + 1, holding=r.holding + (wanted <= topics_held))
    notes = []
    for role, number in people.items():
        in_table = found[role].people
        if number > in_table:
            found[role] = _Role(people=number, holding=found[role].holding)
            notes.append(
                both(
                    nl=f"Rol '{role}': de tabel heeft minder mensen dan de kaart. Wie ontbreekt, telt als zonder competentie.",
                    en=f"Role '{role}': the table has fewer people than the card. Who is missing counts as without competence.",
                )
            )
        elif number < in_table:
            notes.append(
                both(
                    nl=f"Rol '{role}': de tabel heeft meer mensen dan de kaart. Geteld is de tabel.",
                    en=f"Role '{role}': the table has more people than the card. The table was counted.",
                )
            )
    return found, notes


_BOUNDS = both(
    nl="In een rol met minder dan 5 mensen heeft niet iedereen een geldige competentie. Om hoeveel mensen het gaat, tonen we"
    " niet. De grenzen zeggen wat kan, en het cijfer is het hoogste daarvan.",
    en="In a role of fewer than 5 people not everyone holds a valid competence. How many people that are is not shown. The"
    " bounds say what can be, and the figure is the highest of it.",
)


def _in_words(name: str, role: _Role) -> Text:
    everyone = role.holding == role.people
    return both(
        nl=f"Rol '{name}' (minder dan 5 mensen): {'iedereen' if everyone else 'niet iedereen'} heeft een geldige competentie.",
        en=f"Role '{name}' (fewer than 5 people): {'everyone holds' if everyone else 'not everyone holds'} a valid competence.",
    )


def _by_topic(held: _Held, topics: Sequence[str], people: int) -> Iterator[Detail]:
    titles = _topics()
    for topic in topics:
        holding = sum(topic in topics_held for topics_held in held.values())
        yield Detail(name=topic, called=titles.get(topic), rows=people, counted=holding)


def _how(topics: Sequence[str] | None) -> Text:
    if topics is None:
        return both(
            nl="Een competentie telt tot en met de laatste dag die in de tabel staat. Zonder dag telt ze niet.",
            en="A competence counts up to and including the last day in the table. Without a day it does not count.",
        )
    return both(
        nl=f"Iemand telt pas mee als alle {len(topics)} onderwerpen vandaag gelden. Zonder dag telt een onderwerp niet.",
        en=f"Somebody counts only when all {len(topics)} topics are valid today. Without a day a topic does not count.",
    )


CHECK = Check(
    id="competence-coverage",
    family="literacy",
    title=both(nl="Mensen met een geldige competentie", en="People with a valid competence"),
    measures=both(
        nl="Hoeveel procent van wie met de toepassing werkt of erop toeziet, een opleiding volgde die vandaag nog geldt.",
        en="What share of those who use or oversee the application followed a training that still counts today.",
    ),
    wants=both(
        nl="'competences' bij 'literacy': een tabel met rol en geldig tot, zonder namen",
        en="'competences' under 'literacy': a table with role and valid until, without names",
    ),
    formula="people with every competence valid today / people × 100",
    source="AI Act art. 4 and 26(2); principedocument p. 9",
    counted=both(nl="mensen", en="people"),
    plan=plan,
    needs=needs,
    measure=measure,
    subjects={"people": both(nl="gebruikers en toezichters", en="users and overseers")},
)
