"""What goes over the line. Names in lowerCamelCase and no nulls, as the Belgian REST guide asks."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from vangrail.model.vocabulary import OrganisationKind, Phase, ProcessActor, Unit, Verdict

NAME = r"^[^\x00-\x1f\x7f]*$"
"""No control characters: a database refuses some of them."""


class Body(Schema):
    """A part of a message that comes in; unknown keys are refused."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", use_attribute_docstrings=True
    )


class Said(Schema):
    """A part of an answer. Within a version keys may be added, so whoever reads it ignores what it does not know."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, use_attribute_docstrings=True)


class Health(Said):
    """Whether the service answers."""

    status: Literal["UP"]


class Issue(Said):
    """One thing that is wrong in a message."""

    type: str
    title: str
    detail: str
    where: Literal["body", "header", "path", "query"] = Field(alias="in")
    name: str
    """The parameter, or the place in the body. What was sent is never repeated."""


class Problem(Said):
    """What went wrong (RFC 9457)."""

    type: str
    """What kind of problem it is; stable."""
    title: str
    status: int
    detail: str
    instance: str
    """Name it when you report it."""
    issues: list[Issue] | None = None


# --- the register ------------------------------------------------------------------------------------------------------
class ApplicationReference(Said):
    """A published application, in a list."""

    href: str
    id: str
    organisation: str
    name: str
    phase: Phase
    changed_at: datetime


class ApplicationList(Said):
    """One page of the register."""

    self: str
    items: list[ApplicationReference]
    total: int
    page_size: int
    next: str | None = None


class Text(Said):
    """The same text in each language. Dutch is always there."""

    nl: str
    en: str | None = None


class Named(Said):
    """The application, or its organisation."""

    id: str | None = None
    name: str
    kind: OrganisationKind | None = None
    number: str | None = None
    """KBO or OVO number."""
    phase: Phase | None = None


class What(Said):
    """What it does, and how people are told."""

    summary: str | None = None
    disclosure: str | None = None
    disclosure_where: str | None = None
    use: list[str]


class Benefit(Said):
    """What was promised, and what came of it."""

    indicator: str
    unit: str | None = None
    baseline: float | None = None
    baseline_on: date | None = None
    target: float | None = None
    target_on: date | None = None
    measured: float | None = None
    measured_on: date | None = None
    source: str | None = None


class Alternative(Said):
    """What else was looked at."""

    name: str
    effect: str | None = None
    why: str | None = None
    chosen: bool


class Why(Said):
    """What it is for."""

    purpose: str | None = None
    public_task: str | None = None
    benefits: list[Benefit]
    alternatives: list[Alternative]


class Affected(Said):
    """A group of people that it touches."""

    who: str
    how: str | None = None
    vulnerable: bool | None = None
    number_per_year: int | None = None


class Themes(Said):
    """What it is about."""

    policy: list[str] = Field(default_factory=list)
    """Themes of the EU for open data, such as 'envi'."""
    four_d: list[str]
    sdg: list[str]


class Step(Said):
    """A step of the work, and who takes it."""

    step: str
    actor: ProcessActor
    why: str | None = None


class Oversight(Said):
    """How people keep a hand on it."""

    authority: str | None = None
    time: str | None = None
    four_eyes: str | None = None


class Dataset(Said):
    """Data that it uses."""

    name: str
    description: str | None = None
    origin: str | None = None
    authentic_source: str | None = None


class Data(Said):
    """Which personal data, and from where."""

    personal_data: str | None = None
    why: str | None = None
    retention: str | None = None
    special_categories: str | None = None
    datasets: list[Dataset]


class Model(Said):
    """A model."""

    name: str
    version: str | None = None
    kind: str | None = None


class Supplier(Said):
    """Who supplies it."""

    name: str
    product: str | None = None
    country: str | None = None


class Technique(Said):
    """What it is made of."""

    models: list[Model]
    suppliers: list[Supplier]


class Energy(Said):
    """What it uses, as the card says."""

    operation_kwh_year: float | None = None
    training_kwh: float | None = None
    method: str | None = None
    location: str | None = None
    sources: str | None = None


class Responsible(Said):
    """Who answers for it, by function."""

    function: str | None = None
    contact: str | None = None


class Contact(Said):
    """Where to ask and to object."""

    ask: str | None = None
    object: str | None = None
    term_days: int | None = None
    person: str | None = None


class Accessibility(Said):
    """For who cannot use it as it is."""

    statement: str | None = None
    offline_alternative: str | None = None


class Rule(Said):
    """What it rests on."""

    title: str
    article: str | None = None
    how_met: str | None = None
    link: str | None = None


class Point(Said):
    """Something that the AI Act says of it."""

    title: Text
    article: str


class Law(Said):
    """What the AI Act makes of it."""

    outcome: str
    text: Text
    confirmed_on: date | None = None
    points: list[Point]
    roles: list[str]
    routes: list[str]
    annex_iii: list[str]


class Principle(Said):
    """How many requirements of a principle have each verdict."""

    id: str
    number: int
    title: Text
    counts: dict[Verdict, int]


class Group(Said):
    """A group that a figure tells apart; without its number and its figures where it is small."""

    name: str
    attributes: dict[str, str]
    small: bool
    rows: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    difference: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None
    is_reference: bool
    not_measurable: Text | None = None


class Detail(Said):
    """A part of a figure."""

    name: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: Unit | None = None
    note: Text | None = None


class Limit(Said):
    """The value that a figure may not pass, chosen beforehand."""

    at_most: float | None = None
    at_least: float | None = None
    because: Text
    default: bool
    chosen_on: date | None = None


class Figure(Said):
    """What measuring showed for a requirement."""

    requirement: str
    requirement_title: Text
    verdict: Verdict
    because: Text
    check: str
    dataset: str
    subject: str
    title: Text
    measures: Text
    about: Text
    value: float
    unit: Unit
    rows: int | None = None
    low: float | None = None
    high: float | None = None
    confidence: float | None = None
    exact: bool
    group_unit: Unit | None = None
    groups: list[Group]
    details: list[Detail]
    limit: Limit | None = None
    measured_on: date
    valid_until: date | None = None


class PublicationReference(Said):
    """Which publication this is."""

    number: int
    at: datetime


class Now(Said):
    """How it stands now, beside what was published."""

    changed_at: datetime
    stopped: bool
    stale_figures: int
    card_changed_since: bool
    verified_on: date | None = None


class Application(Said):
    """A published application: the publication as it was approved, and how it stands now."""

    self: str
    vangrail: str
    """The form of the publication."""
    on: date
    """The day as of which it was made."""
    address: str
    """Its public page; never changes."""
    licence: str
    application: Named
    organisation: Named
    what: What
    why: Why
    affected: list[Affected]
    themes: Themes
    process: list[Step]
    oversight: Oversight
    data: Data
    technique: Technique
    energy: Energy
    responsible: Responsible
    contact: Contact
    fallback: str | None = None
    accessibility: Accessibility
    legal_basis: list[Rule]
    law: Law
    counts: dict[Verdict, int]
    principles: list[Principle]
    figures: list[Figure]
    not_measured: str | None = None
    publication: PublicationReference
    now: Now


# --- measurements ------------------------------------------------------------------------------------------------------
class Fingerprint(Body):
    """What a data set or a model held."""

    algorithm: str = Field(max_length=100, pattern=NAME)
    content: str = Field(max_length=200, pattern=NAME)
    rows: int = Field(ge=0, le=2**53)
    bytes_sha256: str | None = Field(None, alias="bytesSha256", max_length=64, pattern=NAME)


class Measurements(Body):
    """What a pipeline measured: `vangrail assess --push` makes it."""

    application: str = Field(max_length=64, pattern=NAME)
    """The short name on the card that was measured with; another than the token's is refused."""
    card_digest: str = Field(max_length=64, pattern=NAME)
    """Of the card that was measured with; another than the site's is refused."""
    evidence: list[dict[str, Any]] = Field(max_length=5_000)
    """Each as the ledger keeps it (docs/json.md)."""
    fingerprints: dict[str, Fingerprint] = Field(max_length=500)
    """What each data set held, by its name on the card."""
    models: dict[str, Fingerprint] = Field(default_factory=dict, max_length=100)
    """What each model that was called held, by its name on the card."""


class Received(Said):
    """What came of it."""

    received: int
    new: int
    board: str
