"""The published JSON, as types: what `assess --format json` and `norms --format json` give, key by key.

The types are the one source: mypy holds the exporters to them, and the schemas in `schema/` are generated from them with
`python -m vangrail.exports.contract` (a test says when they are stale). Within a version keys may be added; none is
removed and none changes its meaning. So a reader ignores keys it does not know, and the schemas allow them.

Our texts are objects by language. What a person or an organisation wrote stays as it was written.
"""

import json
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired

from pydantic import ConfigDict, Field, TypeAdapter, with_config
from typing_extensions import TypedDict  # pydantic cannot read the one of typing before Python 3.12

from vangrail.model.vocabulary import OrganisationKind, Phase, RecordKind, Role, Unit, Verdict

ASSESSMENT = "assessment/1"
SCHEMAS = Path(__file__).parent / "schema"

Day = Annotated[str, Field(json_schema_extra={"format": "date"})]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Answered = Literal["yes", "partly", "no", "not_applicable"]

_described = with_config(ConfigDict(use_attribute_docstrings=True))


@_described
class Text(TypedDict):
    """The same text in each language. Dutch is always there."""

    nl: str
    en: NotRequired[str]


@_described
class Source(TypedDict):
    """Where something comes from."""

    work: str
    passage: str
    """Page, section or article, in the form that the work uses."""


@_described
class Limit(TypedDict):
    """The value that a figure may not pass. At least one of the two bounds is there."""

    at_most: float | None
    at_least: float | None
    because: Text
    """Why it lies there. An organisation's own reason stands as it was written, under both languages."""
    chosen_by: str | None
    """Empty for a default."""
    chosen_on: Day | None
    default: bool
    """Whether it is a default and not a choice of the organisation."""


@_described
class Group(TypedDict):
    """One group of a comparison."""

    name: str
    """Its values, joined: 'V × 65+'."""
    attributes: dict[str, str]
    """Its value for each characteristic."""
    called: Text | None
    """What people call it, where its values are words of ours and not of the data."""
    rows: int | None
    """Empty when there are so few that people could be known."""
    value: float | None
    """The group's own figure, in `unit`, with an interval for that group alone."""
    low: float | None
    high: float | None
    unit: Unit | None
    """Of the group's own figure; empty where no group has one."""
    difference: float | None
    """How it compares with the reference group, in the unit of the evidence, with an interval that accounts for all
    comparisons made at once."""
    difference_low: float | None
    difference_high: float | None
    is_reference: bool
    not_measurable: Text | None
    """Why there is no figure for this group."""


@_described
class Detail(TypedDict):
    """One line that explains a figure: a column, a rule, a class."""

    name: str
    called: Text | None
    """What people call it, where its name is a word of ours and not of the data."""
    rows: int
    counted: int
    """How many of the rows count for this figure: are missing, are invalid ..."""
    percent: float | None
    """`counted` as a share of `rows`; empty without rows."""
    value: float | None
    """Where the line is no count but a quantity, such as litres per year."""
    low: float | None
    high: float | None
    unit: Unit | None
    """Of `value`."""
    note: Text | None


@_described
class Fingerprint(TypedDict):
    """What a data set held when it was read."""

    algorithm: str
    content: str
    """Changes when any cell changes; does not depend on the order of the rows."""
    rows: int
    bytes_sha256: str | None
    """Of the file, where the source is one."""


@_described
class Judged(TypedDict):
    """What every piece of evidence says."""

    verdict: Verdict
    because: Text
    do: Text | None
    """What to do next, where something lacks."""
    who: list[Role]
    """Who can supply what is lacking."""
    valid_until: Day | None


@_described
class Given(TypedDict):
    """The reasoned answer of a named person."""

    answer: Answered
    reasons: str | None
    by: str | None
    role: Role | None
    on: Day
    on_behalf: str | None
    documents: list[str]


@_described
class Figure(Judged):
    """What every measurement that was tried says."""

    kind: Literal["measure"]
    check: str
    dataset: str
    subject: str
    """What it is about, within the check: a column, a characteristic, a combination."""
    limit: Limit | None
    groups: list[Group]
    """Empty when it does not compare."""
    details: list[Detail]
    notes: list[Text]
    fingerprint: Fingerprint
    measured_at: Moment
    measured_by: str
    settings_sha256: str
    """Digest of all that decides the figure besides the data, as canonical JSON (RFC 8785) in which a number that is not
    whole stands as text."""
    answered: Given | None
    """The answer of a person for the groups that are too small to measure."""


@_described
class Measured(Figure):
    """A figure."""

    value: float
    low: float | None
    """Empty with `high` where every row was counted, or where an estimate has no interval (`exact` is false)."""
    high: float | None
    confidence: float | None
    """Of the interval, between 0 and 1. Empty where `low` and `high` are a range that a method or a source states."""
    exact: bool
    """False for what was estimated or stated, and is no count of rows; its notes say how it came about."""
    unit: Unit
    rows: int


@_described
class NotMeasurable(Figure):
    """No figure, and why."""

    not_measurable: Text
    rows: int | None


@_described
class NotMeasured(Judged):
    """A measurement that was not taken."""

    kind: Literal["measure"]
    check: str
    limit: Limit | None
    """The limit that would hold, where there is one."""
    not_measurable: Text
    answered: Given | None
    """The answer of a person that stands in for the figure, where there is no access to the data."""


@_described
class Answer(Judged, Given):
    """A question, and the answer to it. Without reasons or a name it does not count."""

    kind: Literal["answer"]
    question: Text


@_described
class NotAnswered(Judged):
    """A question that nobody answered yet."""

    kind: Literal["answer"]
    question: Text


@_described
class Declared(Judged):
    """Facts on the card."""

    kind: Literal["declare"]
    fields: list[str]
    """Which fields of the card must be filled, as dotted paths."""


@_described
class Recorded(TypedDict):
    """Something that happened and was written down."""

    on: Day
    what: str
    by: str
    outcome: str | None
    people: int | None
    documents: list[str]


@_described
class Process(Judged):
    """Something that must have happened."""

    kind: Literal["process"]
    record: RecordKind
    records: list[Recorded]


@_described
class Classification(Judged):
    """What follows from the law."""

    kind: Literal["classification"]
    topic: str


@_described
class Ledger(Judged):
    """Whether the ledger verifies."""

    kind: Literal["ledger"]


Evidence = Measured | NotMeasurable | NotMeasured | Answer | NotAnswered | Declared | Process | Classification | Ledger


@_described
class OpenObjection(TypedDict):
    """An objection that was not answered yet."""

    came: Day
    due: Day
    """The last day for the answer."""
    late: bool


@_described
class Requirement(TypedDict):
    """A requirement, its verdict on the day, and every piece of evidence behind it."""

    id: str
    version: int
    title: Text
    principle: str
    conditions: list[str]
    phases: list[Phase]
    asked: bool
    """Whether the present phase or an earlier one asks it. What is not asked yet does not count."""
    verdict: Verdict
    because: Text
    objections: list[OpenObjection]
    """The objections about it that are open. Until they are answered it counts as unknown at best."""
    source: list[Source]
    evidence: list[Evidence]


@_described
class Principle(TypedDict):
    """How many requirements of a principle that are asked by now have each verdict."""

    id: str
    number: int
    title: Text
    counts: dict[Verdict, int]


@_described
class Lack(TypedDict):
    """Something that the gate still lacks."""

    requirement: str
    verdict: Verdict
    what: Text
    who: list[Role]


@_described
class Gate(TypedDict):
    """The gate that closes the present phase. It informs the person who decides; it never decides."""

    after: Phase
    title: Text
    opened_by: list[Role]
    advice_of: list[Role]
    met: list[str]
    """The requirements that are met."""
    lacks: list[Lack]


@_described
class Dataset(TypedDict):
    """A data set as it was read."""

    name: str
    rows: int
    columns: int
    fingerprint: Fingerprint
    notes: list[Text]
    """What was assumed while reading."""


@_described
class Check(TypedDict):
    """What a reader must know of a check to follow its figure."""

    id: str
    family: str
    version: int
    title: Text
    measures: Text
    formula: str
    source: str
    origin: str | None
    """The package of a check of the organisation's own; empty for one of Vangrail's."""


@_described
class Organisation(TypedDict):
    """The body that uses the application."""

    name: str
    kind: OrganisationKind | None
    number: str | None
    """KBO or OVO number."""


@_described
class Application(TypedDict):
    """The application that was assessed."""

    id: str
    name: str
    summary: str | None
    organisation: Organisation
    phase: Phase
    owner: str | None
    """Name of the application owner."""
    card_digest: str


@_described
class Assessment(TypedDict):
    """An assessment of one application on one day. There is no total score, on purpose."""

    vangrail: Literal["assessment/1"]
    """Name and version of this form."""
    application: Application
    on: Day
    """The day for which the verdicts hold."""
    made_at: Moment
    made_by: str
    """Which program, in which version."""
    framework_digest: str
    """Digest of all that was asked, as it held then."""
    checkpoint: str | None
    """The ledger's signed state after this assessment was written down, where there is a ledger."""
    datasets: list[Dataset]
    counts: dict[Verdict, int]
    """How many requirements that are asked by now have each verdict."""
    principles: list[Principle]
    gate: Gate | None
    """Empty in the last phase."""
    requirements: list[Requirement]
    checks: list[Check]
    """The checks that the evidence names."""


@_described
class NormMeasure(TypedDict):
    """Evidence by measuring."""

    kind: Literal["measure"]
    check: str
    limit: Limit | None
    """A default, where one is defensible."""
    valid_months: int


@_described
class NormAnswer(TypedDict):
    """Evidence by the reasoned answer of a named person."""

    kind: Literal["answer"]
    question: Text


@_described
class NormDeclare(TypedDict):
    """Evidence by facts on the card."""

    kind: Literal["declare"]
    fields: list[str]
    """Dotted paths that must be filled."""


@_described
class NormProcess(TypedDict):
    """Evidence by something that happened and was recorded."""

    kind: Literal["process"]
    record: RecordKind
    valid_months: int


@_described
class NormClassification(TypedDict):
    """Evidence by classification under the law."""

    kind: Literal["classification"]
    topic: str


@_described
class NormLedger(TypedDict):
    """Evidence by verifying the ledger."""

    kind: Literal["ledger"]


NormEvidence = NormMeasure | NormAnswer | NormDeclare | NormProcess | NormClassification | NormLedger


@_described
class Norm(TypedDict):
    """One thing that an application must show. Its id is permanent; a changed meaning is a new version."""

    id: str
    version: int
    valid_from: Day
    valid_until: Day | None
    principle: str
    conditions: list[str]
    title: Text
    why: Text
    """Why it is asked."""
    good: Text
    """What a good answer looks like."""
    source: list[Source]
    phases: list[Phase]
    answered_by: list[Role]
    evidence: list[NormEvidence]
    """All that is listed is needed."""


def schemas() -> dict[str, str]:
    """The JSON Schemas, as they should stand in `schema/`, by file name."""
    published: dict[str, Any] = {"assessment-1.schema.json": Assessment, "norms-1.schema.json": list[Norm]}
    return {
        name: json.dumps(_schema(name, type_), indent=2, ensure_ascii=False) + "\n" for name, type_ in published.items()
    }


def _schema(name: str, type_: Any) -> dict[str, Any]:
    body = TypeAdapter(type_).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:vangrail:{name}", **body}


if __name__ == "__main__":
    for file, text in schemas().items():
        (SCHEMAS / file).write_text(text, encoding="utf-8")
