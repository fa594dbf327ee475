"""The application card: what is declared about one AI application. Unknown keys are refused.

Everything that the world can lack is optional; what is missing shows up as an open requirement, never as a good one.
Field descriptions are the help that the JSON Schema and `vangrail card new` show.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, NaiveDatetime, model_validator

from vangrail.model.errors import Clash
from vangrail.model.framework import Limit
from vangrail.model.vocabulary import (
    ColumnType,
    MisuseKind,
    ObjectionResult,
    OrganisationKind,
    Phase,
    ProcessActor,
    RecordKind,
    Role,
)

NAME_FORM = r"^[a-z0-9][a-z0-9-]{0,63}$"
COUNTRY_FORM = r"^[A-Z]{3}$"
Name = Annotated[str, Field(pattern=NAME_FORM)]
Filled = Annotated[str, Field(min_length=1)]
Scalar = str | int | float | bool
Use = Literal["direct", "indirect"]


def _as_list(value: Any) -> Any:
    """One value where a list is expected is a list of one."""
    return value if value is None or isinstance(value, list | tuple | set) else [value]


def _as_text(value: Any) -> Any:
    """A number where text is expected (a KBO number, a year) is that text."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(_as_text, json_schema_input_type=str | int | float)]
Texts = Annotated[tuple[Filled, ...], BeforeValidator(_as_list, json_schema_input_type=str | list[str])]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Quantity = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Country = Annotated[str, Field(pattern=COUNTRY_FORM)]
Values = Annotated[tuple[Scalar, ...], BeforeValidator(_as_list, json_schema_input_type=Scalar | list[Scalar])]


def _in_range(name: str, low: float | None, value: float | None, high: float | None) -> None:
    """A value lies within its range. Raises Clash."""
    if low is not None and high is not None and (value is None or not low <= value <= high):
        raise Clash(
            nl=f"'{name}' moet binnen zijn grenzen liggen ({low:g} tot {high:g})",
            en=f"'{name}' must lie within its range ({low:g} to {high:g})",
        )


class Part(BaseModel):
    """A part of a card."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, values: Any) -> Any:
        """A key with nothing behind it was not filled in yet. A key that is not ours stays, so that it is refused."""
        if not isinstance(values, dict):
            return values
        return {k: v for k, v in values.items() if v is not None or k not in cls.model_fields}


class Organisation(Part):
    """The government body that uses the application."""

    name: Filled
    """The body's own name."""
    kind: OrganisationKind | None = None
    """What kind of body it is."""
    number: Text | None = None
    """KBO or OVO number."""
    competence_profiles: str | None = None
    """Where the AI competence profiles per role are (lit-1)."""
    training_plan: str | None = None
    """Where the AI training plan is (lit-4)."""
    ai_rules: str | None = None
    """Where the body's own rules on the use of AI are (lit-3)."""
    help_desk: str | None = None
    """Whom a colleague asks for help with AI (lit-5)."""
    deontological_code: str | None = None
    """Where the deontological code is (lit-7)."""


class Person(Part):
    """A named person in a role."""

    name: Filled
    function: str | None = None
    contact: str | None = None
    """A functional address; it is shown in the dossier."""


class Purpose(Part):
    """What the application is for. Another purpose with the same tool is another application."""

    text: str | None = None
    """The purpose in one sentence (principedocument p. 4)."""
    public_task: str | None = None
    """The task of this government that it serves."""
    public_at: str | None = None
    """Address of the public page that states the purpose."""
    use: Annotated[tuple[Use, ...], BeforeValidator(_as_list, json_schema_input_type=Use | list[Use])] = ()
    """Do people use the AI themselves (direct), or a service behind which it works (indirect)?"""


class LegalBasis(Part):
    """A legal ground, or a rule that applies, and how it is met."""

    title: Filled
    article: Text | None = None
    level: Literal["international", "european", "federal", "flemish", "local"] | None = None
    how_met: str | None = None
    duty: str | None = None
    """Id of a duty of `vangrail classify` that this shows to be met, such as ALL-01."""
    link: str | None = None


class Affected(Part):
    """A group of people whom the application touches."""

    who: Filled
    how: str | None = None
    vulnerable: bool | None = None
    number_per_year: int | None = Field(None, ge=0)


class Benefit(Part):
    """A promised value, with an indicator that can be followed up (dem-3)."""

    indicator: Filled
    unit: str | None = None
    baseline: Finite | None = None
    """How it was before."""
    baseline_on: date | None = None
    """On which day, or at the end of which period, that was."""
    baseline_cases: int | None = Field(None, ge=1)
    """For a share in percent: on how many cases it was counted. Then the figure gets an interval."""
    target: Finite | None = None
    """What was promised."""
    target_on: date | None = None
    """By which day."""
    measured: Finite | None = None
    """How it is now."""
    measured_on: date | None = None
    measured_cases: int | None = Field(None, ge=1)
    """As `baseline_cases`."""
    source: str | None = None
    """Where these figures come from."""
    oecd: Texts = ()
    """Terms of the vocabulary oecd-benefits."""


class Alternative(Part):
    """Another way to reach the purpose, 'no AI' included (dem-5, sus-3)."""

    name: Filled
    cost: Text | None = None
    effect: str | None = None
    intrusive: str | None = None
    energy: Text | None = None
    quality: Text | None = None
    energy_wh: Quantity | None = None
    """Energy per use, in watt-hours, with `pue` where that is known. 0 where no computer is used."""
    energy_low_wh: Quantity | None = None
    energy_high_wh: Quantity | None = None
    """The range of `energy_wh`, where it is an estimate."""
    energy_source: str | None = None
    """How `energy_wh` came about: metered, estimated by which method, or stated by whom."""
    correct: int | None = Field(None, ge=0)
    cases: int | None = Field(None, ge=1)
    """Quality in numbers: in how many of how many cases of the trial it was right."""
    quality_source: str | None = None
    """Which trial that was."""
    chosen: bool = False
    why: str | None = None

    @model_validator(mode="after")
    def _numbers(self) -> "Alternative":
        if (self.correct is None) != (self.cases is None):
            raise Clash(nl="vul 'correct' en 'cases' samen in", en="'correct' and 'cases' go together")
        if self.correct is not None and self.cases is not None and self.correct > self.cases:
            raise Clash(
                nl=f"'correct' ({self.correct}) is meer dan 'cases' ({self.cases})",
                en=f"'correct' ({self.correct}) is more than 'cases' ({self.cases})",
            )
        if (self.energy_low_wh is None) != (self.energy_high_wh is None):
            raise Clash(
                nl="vul 'energy_low_wh' en 'energy_high_wh' samen in",
                en="'energy_low_wh' and 'energy_high_wh' go together",
            )
        _in_range("energy_wh", self.energy_low_wh, self.energy_wh, self.energy_high_wh)
        return self


class Step(Part):
    """A step of the process, and who does it (hum-1)."""

    step: Filled
    actor: ProcessActor
    why: str | None = None


class Oversight(Part):
    """How people keep control (tru-hum-1)."""

    authority: str | None = None
    """What the overseer may do: depart from the advice, stop the application."""
    time: Text | None = None
    """How much time the overseer has per case."""
    four_eyes: str | None = None
    """Where a second person looks, or why that is not needed."""


class Competences(Part):
    """A table of competences: one row per person, or one row per person and topic where it has a column for topics."""

    dataset: Name
    role: Filled
    """The column that says in which role somebody uses or oversees the application."""
    valid_until: Filled
    """The column with the last day on which the competence counts; empty where there is none yet."""
    person: str | None = None
    """The column with a code per person, never a name. Needed where somebody has more than one row."""
    topic: str | None = None
    """The column with a term of the vocabulary literacy-topics; then somebody needs all topics of 'covers'."""
    people: dict[Text, Annotated[int, Field(ge=1)]] = {}
    """How many people each role has, so that somebody without any row is counted as well."""

    @model_validator(mode="after")
    def _who(self) -> "Competences":
        if self.topic is not None and self.person is None:
            raise Clash(
                nl="bij een rij per onderwerp hoort 'person': de kolom met een code per persoon, nooit een naam",
                en="a row per topic needs 'person': the column with a code per person, never a name",
            )
        return self


class Literacy(Part):
    """What the people who work with this application must know."""

    profile: str | None = None
    covers: Texts = ()
    """Terms of the vocabulary literacy-topics."""
    competences: Competences | None = None
    """The table that says who holds which competence until when, without names (lit-2)."""


class Disclosure(Part):
    """How people hear that AI is at work (tru-trans-1)."""

    text: str | None = None
    where: str | None = None
    shown: Literal["in_answer", "around"] | None = None
    """Where a chatbot says that it is AI: in its first answer, or around the conversation, such as above the window."""


class Contact(Part):
    """How people reach the body about this application."""

    ask: str | None = None
    object: str | None = None
    term_days: int | None = Field(None, ge=1)
    """Within how many days an objection is answered."""
    person: str | None = None
    """How one reaches a person."""


class Condition(Part):
    """When something is the case: a column with the values that count, or an expression."""

    column: str | None = None
    expression: str | None = None
    """Standard SQL that is true, false, or unknown (null)."""
    positive: Values = ()
    """The values of the column that count as yes; every other value counts as no, a missing one as unknown."""

    @model_validator(mode="after")
    def _one(self) -> "Condition":
        if (self.column is None) == (self.expression is None):
            raise Clash(
                nl="geef 'column' met 'positive', of geef 'expression'",
                en="give either 'column' with 'positive', or 'expression'",
            )
        if self.column is not None and not self.positive:
            raise Clash(
                nl=f"zeg bij 'positive' welke waarden van '{self.column}' als ja tellen",
                en=f"say under 'positive' which values of '{self.column}' count as yes",
            )
        if self.expression is not None and self.positive:
            raise Clash(
                nl="'positive' hoort bij 'column' en niet bij 'expression'",
                en="'positive' belongs to 'column', not to 'expression'",
            )
        return self


class Uptime(Part):
    """How one knows whether the service works: from a table of probes, or from the outages among the incidents."""

    at_least: float | None = Field(None, gt=0, le=100)
    """The promised share of the time, in percent."""
    days: int = Field(90, ge=1)
    """Over how many whole days before the day of measuring."""
    outages_since: date | None = None
    """From this day on every outage is in records.yaml, as an incident with 'started_at' and 'ended_at'."""
    dataset: Name | None = None
    """The table of probes: one row per time that somebody or something looked whether it works."""
    moment: str | None = None
    """The column with the moment of the probe."""
    up: Condition | None = None
    """When it worked."""
    error: Condition | None = None
    """When it answered with an error, where the table says so."""
    errors_at_most: float | None = Field(None, ge=0, le=100)
    """The largest share of errors that is bearable, in percent."""
    every_minutes: float | None = Field(None, gt=0)
    """How often is looked, where that is regular: then probes that are missing are seen."""
    at_random: bool = False
    """Whether the moments were drawn at random; then chance plays a part, and the figure gets an interval."""

    @model_validator(mode="after")
    def _one_source(self) -> "Uptime":
        if (self.dataset is None) == (self.outages_since is None):
            raise Clash(
                nl="geef 'dataset' met 'moment' en 'up', of geef 'outages_since'",
                en="give either 'dataset' with 'moment' and 'up', or 'outages_since'",
            )
        if self.dataset is not None and (self.moment is None or self.up is None):
            raise Clash(
                nl="bij een tabel met controles horen 'moment' (een kolom) en 'up' (wanneer het werkte)",
                en="a table of probes needs 'moment' (a column) and 'up' (when it worked)",
            )
        if self.dataset is None and self.error is not None:
            raise Clash(
                nl="bij 'error' hoort een tabel met controles, bij 'dataset'",
                en="'error' needs a table of probes under 'dataset'",
            )
        if self.at_random and self.every_minutes is not None:
            raise Clash(
                nl="kies 'at_random' (toevallige tijdstippen) of 'every_minutes' (vaste tijdstippen), niet allebei",
                en="moments are drawn at random or come 'every_minutes', not both",
            )
        return self


class Fallback(Part):
    """What happens when it fails or is stopped (tru-hum-3, tru-rob-5)."""

    procedure: str | None = None
    stopped_by: str | None = None
    stop_procedure: str | None = None
    availability: Text | None = None
    """How often it should work, in words: what the contract or the team promises."""
    uptime: Uptime | None = None
    """Where it is followed whether it works (tru-rob-5)."""


class Supplier(Part):
    """Who supplies a part, and what they state."""

    name: Filled
    product: str | None = None
    country: str | None = None
    contract: str | None = None
    statements: str | None = None
    """Where the supplier's own statements or answers are."""


LANGUAGE = "language"
"""The kind of model that one talks to."""


class SmallChanges(Part):
    """Which small changes of an input may make no difference (tru-rob-2). What is left out is derived from the columns."""

    texts: Texts | None = None
    """Columns with text in which a typing error, a capital or a space may make no difference; when left out, those that hold
    many different texts and have no list of allowed values."""
    missing: Texts | None = None
    """Columns of which an empty field may make no difference. When left out, those with `required: false` are emptied too, and
    then only no answer counts as a change."""
    noise: dict[Filled, Annotated[float, Field(gt=0, allow_inf_nan=False)]] | None = None
    """By how much a figure can be off by measuring or rounding, per column, in its own unit (days for a date). When left out:
    one step of the last decimal of every column of type number, and nothing for whole numbers and dates."""
    lists: dict[Filled, Annotated[str, Field(min_length=1)]] = {}
    """Columns that hold a list in an order without meaning, with what stands between its items, such as ','."""
    irrelevant: Texts = ()
    """Columns of which no change may make any difference: they get the value of another case."""


class Change(Part):
    """What is changed in a column to see what the model does: one of the four."""

    set: Scalar | None = None
    """This value."""
    add: float | None = Field(None, allow_inf_nan=False)
    """So much more, or less when negative; days for a date."""
    multiply: float | None = Field(None, allow_inf_nan=False)
    """So many times as much."""
    swap: Literal[True] | tuple[Scalar, Scalar] | None = None
    """true: the value of another case. [a, b]: a becomes b and b becomes a."""

    @model_validator(mode="after")
    def _one(self) -> "Change":
        if sum(v is not None for v in (self.set, self.add, self.multiply, self.swap)) != 1:
            raise Clash(
                nl="geef één van deze: 'set', 'add', 'multiply' of 'swap'",
                en="give one of 'set', 'add', 'multiply' and 'swap'",
            )
        return self


class Expectation(Part):
    """Which way the model must go when a case changes, said beforehand (tru-rob-2)."""

    what: Filled
    """Its name, such as 'de naam doet er niet toe'."""
    change: dict[Filled, Change] = Field(min_length=1)
    """What changes, per column; all at once."""
    expect: Literal["same", "not_higher", "not_lower"]
    """What may happen to the score: the same, not higher, not lower. Higher means surer of yes."""
    because: Filled
    """Why it must be so."""
    where: str | None = None
    """Standard SQL that is true for the cases to which it applies."""
    tolerance: float = Field(0.0001, ge=0, allow_inf_nan=False)
    """How far the score may move before it counts."""


class Changeable(Part):
    """An input that a person can change, and how (tru-trans-2)."""

    direction: Literal["up", "down", "both"] = "both"
    """For a number: whether a person can bring it up, down, or both."""
    by: float | None = Field(None, gt=0, allow_inf_nan=False)
    """For a number: by how much at most, in its own unit; half the spread of the middle half of the cases when left out."""
    to: Values = ()
    """For text and yes/no: the values that a person can reach; every value that occurs among the cases when left out."""


class StatedReason(Part):
    """Where the log says which input weighed most in each case, as people are told (tru-trans-2)."""

    column: Filled
    """The column with the reason."""
    means: dict[Text, Filled] = {}
    """What stands in that column, with the input that it is about; left out where it holds the input's own name."""


class Model(Part):
    """A model that the application uses."""

    name: Filled
    version: Text | None = None
    kind: str | None = None
    """'language' for a model that one talks to, at the address of a chat/completions service."""
    supplier: str | None = None
    source: str | None = None
    """Path of an ONNX file (.onnx) or a skops file (.skops) beside the card, or endpoint:NAME where the environment variable
    NAME holds the address. A key never stands on a card, and a pickle is never opened."""
    dataset: Name | None = None
    """The data set with cases to try it on; the decision log's when left out."""
    inputs: Texts = ()
    """The columns that it takes, in its own order."""
    positive: Scalar | None = None
    """Which answer of the model counts as yes, where it answers in classes."""
    threshold: float = 0.5
    """From which score it says yes, where it answers with a score only."""
    tried_rows: int = Field(1000, ge=30)
    """On how many cases, drawn at random, it is tried."""
    most_asked: int | None = Field(None, ge=30)
    """About how many rows an address may be asked in one run, all questions together; no bound when left out."""
    small_changes: SmallChanges = SmallChanges()
    expectations: tuple[Expectation, ...] = ()
    canary: str | None = Field(None, min_length=8)
    """A meaningless code that stands in the instructions of a language model, and must never come out of it (tru-rob-4)."""
    misuse: tuple[MisuseKind, ...] = tuple(MisuseKind)
    """Which kinds of misuse a language model is tried on; all when left out. A general assistant may leave out
    'off_purpose'."""
    trained_on: Condition | None = None
    """Which rows of its data set it learnt from; the others, which it never saw, tell what it gives away (tru-priv-2)."""
    stated_reason: StatedReason | None = None
    """Which column names the input that weighed most, as people are told, so that it can be held against the model itself."""
    can_change: dict[Filled, Changeable] = {}
    """The inputs that a person can change, and how: a way out of an unfavourable advice is only looked for there."""

    @model_validator(mode="after")
    def _of_inputs(self) -> "Model":
        named = {"can_change": [*self.can_change]}
        named["stated_reason.means"] = [*self.stated_reason.means.values()] if self.stated_reason else []
        for place, columns in named.items():
            unknown = [c for c in columns if self.inputs and c not in self.inputs]
            if unknown:
                raise Clash(
                    nl=f"'{place}' noemt '{unknown[0]}', maar dat staat niet bij 'inputs' ({', '.join(self.inputs)})",
                    en=f"'{place}' names '{unknown[0]}', which is not among 'inputs' ({', '.join(self.inputs)})",
                )
        return self


class Documentation(Part):
    """Where the working is documented (tru-trans-3)."""

    model_card: str | None = None
    data_card: str | None = None
    limits: str | None = None
    versions: str | None = None


class Privacy(Part):
    """Personal data: which, why, how long (tru-priv-1)."""

    personal_data: str | None = None
    why: str | None = None
    retention: Text | None = None
    special_categories: str | None = None
    legal_basis: str | None = None
    dpia: str | None = None
    processing_register: str | None = None


class MeterRun(Part):
    """A run of the application, or of an alternative, with the energy that it took. `vangrail meter` writes it."""

    on: date
    uses: int = Field(ge=1)
    """How many times it was used during the run."""
    wh: Quantity
    """Energy of the whole computer part that could be metered or estimated, without the building around it."""
    memory_wh: Quantity = 0
    """The part of it that is memory, which is always estimated."""
    seconds: Quantity
    method: Literal["metered", "estimated"]
    """Metered: read from the processor's own meter. Estimated: from the processor's load and its known power."""
    tool: Filled
    """Which program, in which version, read what."""
    alternative: str | None = None
    """The alternative that was run, by its name on the card; the application itself when left out."""


class Hardware(Part):
    """The computer that the application runs on, for an estimate."""

    watts: Quantity
    """What it takes on average while it is on for this application."""
    watts_low: Quantity | None = None
    watts_high: Quantity | None = None
    hours_per_year: float = Field(gt=0, le=8784)
    """How many hours a year it is on for this application."""
    source: str | None = None
    """Where the power comes from: a plug meter, a data sheet."""

    @model_validator(mode="after")
    def _range(self) -> "Hardware":
        if (self.watts_low is None) != (self.watts_high is None):
            raise Clash(nl="vul 'watts_low' en 'watts_high' samen in", en="'watts_low' and 'watts_high' go together")
        _in_range("watts", self.watts_low, self.watts, self.watts_high)
        return self


class ModelApi(Part):
    """A language model that is called elsewhere, for an estimate by EcoLogits."""

    provider: Filled
    """As EcoLogits calls it: anthropic, cohere, google_genai, huggingface_hub, mistralai or openai."""
    model: Filled
    """The name of the model, as in the call."""
    output_tokens: int = Field(ge=1)
    """How many tokens (pieces of words) it writes per use, on average."""
    country: Country | None = None
    """Where it runs; what EcoLogits takes for this provider when left out."""


class SupplierStates(Part):
    """What the supplier says that it uses. Nobody checked it."""

    wh_per_use: Quantity | None = None
    kwh_per_year: Quantity | None = None
    by: Filled
    source: Filled
    """Where it stands: a letter, a data sheet, with its date."""

    @model_validator(mode="after")
    def _one(self) -> "SupplierStates":
        if (self.wh_per_use is None) == (self.kwh_per_year is None):
            raise Clash(
                nl="geef 'wh_per_use' of 'kwh_per_year', niet allebei", en="give either 'wh_per_use' or 'kwh_per_year'"
            )
        return self


class OwnFactor(Part):
    """A factor that fits this application better than the one of the country, with where it comes from."""

    value: Quantity
    source: Filled


class Energy(Part):
    """Energy, water and place (sus-1, sus-2)."""

    training_kwh: float | None = Field(None, ge=0)
    operation_kwh_year: float | None = Field(None, ge=0)
    method: str | None = None
    """How these figures came about: metered, estimated, stated by the supplier."""
    location: str | None = None
    sources: str | None = None
    cooling: str | None = None
    pue: Finite | None = Field(None, ge=1)
    """What the building takes for each unit that the computers take. 1 for a computer on a desk."""
    wue: Quantity | None = None
    """Litres of water to cool, per kilowatt-hour of the computers."""
    country: Country | None = None
    """Where the computers are, in three letters such as BEL; Belgium when left out, and the output says so."""
    uses_per_year: int | None = Field(None, ge=1)
    """How many times a year it is used; counted from the decision log when left out."""
    hardware: Hardware | None = None
    model_api: ModelApi | None = None
    supplier_states: SupplierStates | None = None
    carbon_g_per_kwh: OwnFactor | None = None
    """Emission of the electricity that is really bought, in grams CO2 equivalent."""
    water_l_per_kwh: OwnFactor | None = None
    runs: tuple[MeterRun, ...] = ()
    """What was metered; written by `vangrail meter`."""


class Labour(Part):
    """Who labelled the data and trained the model, and how they were treated (sus-4)."""

    who: str | None = None
    where: str | None = None
    conditions: str | None = None
    source: str | None = None


class Accessibility(Part):
    """Usable by everyone (tru-fair-3)."""

    statement: str | None = None
    offline_alternative: str | None = None
    scans: Texts = ()
    """Paths beside the card of result files of axe-core (.json), one or more pages each."""
    scanned_within_days: int = Field(180, ge=1)
    """A scan that is older says nothing about the pages of today."""


class DataAccess(Part):
    """Why nothing can be measured: then a named person answers with reasons instead."""

    possible: bool
    because: str | None = None

    @model_validator(mode="after")
    def _reason(self) -> "DataAccess":
        if not self.possible and not self.because:
            raise Clash(
                nl="zeg bij 'because' waarom je niet bij de gegevens kunt: wie heeft ze, en wat heb je gevraagd",
                en="say under 'because' why there is no access to data: who holds them, and what was asked",
            )
        return self


class Column(Part):
    """A column of a data set, and what was expected of it."""

    type: ColumnType | None = None
    """Found by looking when left out."""
    description: str | None = None
    format: Texts = ()
    """How dates are written, such as '%d/%m/%Y'; several are tried in turn. Years first when left out."""
    expression: str | None = None
    """A derived column: standard SQL over the other columns."""
    required: bool = True
    """Whether a missing value counts as a gap (completeness)."""
    missing: Values = ()
    """Texts that stand for a missing value, such as 'n/a' or '-'."""
    allowed: Values = ()
    """The values that may occur."""
    at_least: float | date | None = None
    at_most: float | date | None = None
    pattern: str | None = None
    """A regular expression that every value must match as a whole."""
    used: bool | None = None
    """Whether the application uses it (minimisation). Left out: not stated."""
    personal: bool | None = None
    """Whether it holds personal data: then identifiers in it are judged apart, against a limit of its own."""
    special_category: bool | None = None
    """Whether it is sensitive (GDPR 9, or what people would not want known): l-diversity and t-closeness look at it."""
    quasi_identifier: bool | None = None
    """Whether it can help to recognise someone together with other columns (k-anonymity)."""

    @model_validator(mode="after")
    def _range(self) -> "Column":
        if self.at_least is not None and self.at_most is not None:
            if isinstance(self.at_least, date) != isinstance(self.at_most, date):
                raise Clash(
                    nl="'at_least' en 'at_most' moeten allebei een getal zijn, of allebei een dag",
                    en="'at_least' and 'at_most' must both be numbers or both be dates",
                )
            if self.at_least > self.at_most:  # type: ignore[operator]
                raise Clash(
                    nl=f"'at_least' ({self.at_least}) ligt hoger dan 'at_most' ({self.at_most})",
                    en=f"'at_least' ({self.at_least}) lies above 'at_most' ({self.at_most})",
                )
        return self


class Rule(Part):
    """A rule that holds between columns, as standard SQL that is true for a good row."""

    name: Filled
    holds: Filled


class Reference(Part):
    """The population that the data should look like, for one column."""

    shares: dict[Text, float]
    """Share per group; together 1 (or 100)."""
    source: Filled
    """Where the shares come from: which statistic, which year."""

    @model_validator(mode="after")
    def _sum(self) -> "Reference":
        if not self.shares:
            raise Clash(nl="noem minstens één groep met haar aandeel", en="name at least one group with its share")
        if any(not 0 <= share < float("inf") for share in self.shares.values()):
            raise Clash(nl="een aandeel kan niet kleiner zijn dan nul", en="a share cannot be negative")
        total = sum(self.shares.values())
        if not (abs(total - 1) <= 0.02 or abs(total - 100) <= 2):
            raise Clash(
                nl=f"de aandelen zijn samen {total:g}; dat moet 1 of 100 zijn",
                en=f"the shares add up to {total:g}; they should add up to 1 or to 100",
            )
        return self

    @property
    def proportions(self) -> dict[str, float]:
        """The shares, made to add up to exactly 1."""
        total = sum(self.shares.values())
        return {group: share / total for group, share in self.shares.items()}


class Refresh(Part):
    """How up to date the data should be."""

    column: Filled
    """The column that says when a row was made or last checked."""
    newest_within_days: float | None = Field(None, gt=0)
    """The newest row may be this old."""
    rows_within_days: float | None = Field(None, gt=0)
    """No row may be older than this."""


class Drift(Part):
    """Which rows were validated, and which are compared with them (tru-rob-3)."""

    column: Filled
    """The column that says when a case came in or was decided."""
    validated_from: date | None = None
    """The first day of the validated period; the first row when left out."""
    validated_until: date
    """The last day of the validated period; what came later is compared with it."""
    recent_days: int | None = Field(None, ge=1)
    """Compare only the last so many days; everything after the validated period when left out."""
    columns: Texts = ()
    """Which columns to follow; all but keys, dates and officers when left out."""

    @model_validator(mode="after")
    def _in_order(self) -> "Drift":
        if self.validated_from is not None and self.validated_from > self.validated_until:
            raise Clash(
                nl="'validated_from' ligt na 'validated_until'", en="'validated_from' lies after 'validated_until'"
            )
        return self


class Detections(Part):
    """What image recognition saw and what was really there: one row per object, or per image (tru-rob-1)."""

    predicted: Filled
    """The column with the class that was recognised; empty where nothing was."""
    truth: Filled
    """The column with the class that was really there; empty where nothing was."""
    nothing: Values = ()
    """Words that stand for 'nothing there'. With such words an empty truth means that nobody has looked."""
    overlap: str | None = None
    """The column that says how far the place that was recognised covers the real one (IoU, 0 to 1)."""
    overlap_at_least: float = Field(0.5, ge=0, le=1)
    """With less overlap it is another place: then one thing was missed, and another was seen that is not there."""
    score: str | None = None
    """The column with how sure the recognition was, between 0 and 1."""
    known_for: Literal["all", "predicted"] = "all"
    """'predicted' when people only looked where something was recognised: then what was missed cannot be known."""
    by: Texts = ()
    """Columns that tell circumstances apart, such as day or night, or the district."""
    min_rows: int = Field(30, ge=5)
    """A class or circumstance with fewer objects than this is reported as not measurable."""
    confidence: float = Field(0.95, gt=0.5, lt=1)


Pace = Literal["minute", "5 minutes", "10 minutes", "15 minutes", "30 minutes", "hour", "day", "week", "month", "year"]


class Forecasts(Part):
    """A forecast and what really came: one row per series, moment, and number of steps ahead (tru-rob-1)."""

    time: Filled
    """The column with the moment that the forecast is about."""
    step: Pace
    """How far two moments lie apart."""
    season: int = Field(ge=1)
    """After how many steps the pattern comes back: 7 for days in a week, 24 for hours in a day, 1 without a pattern. The
    value one season earlier is the simplest forecast."""
    series: Texts = ()
    """The columns that together tell series apart, such as the measuring point."""
    forecast: Filled
    actual: Filled
    low: str | None = None
    """The column with the lower bound of the forecast's interval."""
    high: str | None = None
    """The column with the upper bound."""
    level: float | None = Field(None, gt=0, lt=1)
    """How often the real value should lie within the interval, such as 0.9."""
    horizon: str | None = None
    """The column with how many steps ahead the forecast was made."""
    horizon_at_most: int = Field(1, ge=1, le=10_000)
    """How many steps ahead a forecast looks at most."""
    learned_until: date | None = None
    """The last day that the model learned from; only later rows are judged."""
    min_rows: int = Field(30, ge=5)
    """A series, month or number of steps ahead with fewer rows than this is reported as not measurable."""
    confidence: float = Field(0.95, gt=0.5, lt=1)

    @model_validator(mode="after")
    def _interval(self) -> "Forecasts":
        given = [self.low is not None, self.high is not None, self.level is not None]
        if any(given) and not all(given):
            raise Clash(
                nl="een interval heeft drie dingen nodig: 'low', 'high' en 'level'",
                en="an interval needs all three: 'low', 'high' and 'level'",
            )
        return self


class Alarms(Part):
    """When something really happened and when a warning was on: one row per series and moment (tru-rob-1)."""

    time: Filled
    """The column with the moment."""
    step: Pace
    """How far two moments lie apart."""
    series: Texts = ()
    """The columns that together tell series apart, such as the measuring point."""
    event: "Condition"
    """When it happens, such as {expression: "level >= 2.4"}."""
    alarm: "Condition"
    """When the warning is on."""
    window: int = Field(ge=1, le=100_000)
    """For how many steps ahead a warning holds. An event that begins later was not announced by it."""
    late: int = Field(0, ge=0, le=100_000)
    """How many steps after the beginning of an event a warning still counts as one."""
    lead: int | None = Field(None, ge=0)
    """How many steps before the beginning people need the warning."""
    gap: int = Field(0, ge=0, le=100_000)
    """Events, and warnings, with at most so many steps between them are one."""
    min_events: int = Field(10, ge=5)
    """With fewer events, or fewer warnings, than this nothing is measurable."""
    confidence: float = Field(0.95, gt=0.5, lt=1)

    @model_validator(mode="after")
    def _lead_within_window(self) -> "Alarms":
        if self.lead is not None and self.lead > self.window:
            raise Clash(
                nl=f"'lead' ({self.lead}) is groter dan 'window' ({self.window}): zo'n waarschuwing telt nooit mee",
                en=f"'lead' ({self.lead}) lies beyond 'window' ({self.window}): such a warning never counts",
            )
        return self


class Dataset(Part):
    """A table: where it is and what was expected of it."""

    source: Filled
    """Path (CSV, Parquet, SQLite or DuckDB file, or a pattern such as data/*.parquet), postgresql:NAME where the
    environment variable NAME holds the connection string, or spark:NAME where it holds the address of a cluster. A password
    never stands on a card."""
    table: str | None = None
    """Which table, where the source holds several; on Spark also a path to Parquet."""
    description: str | None = None
    delimiter: str | None = Field(None, min_length=1, max_length=1)
    decimal: Literal[",", "."] | None = None
    encoding: str | None = None
    skip: int = Field(0, ge=0)
    """How many lines stand on top of a CSV file before the names of the columns, such as a title."""
    names: Texts = ()
    """The names of the columns, in order, for a CSV file whose first line holds data already."""
    missing: Values = ()
    """Texts that stand for a missing value in every column, such as '?'."""
    count: str | None = None
    """The column that says for how many cases a line stands, in a file that was counted already."""
    of_which: dict[Name, Filled] = {}
    """Beside `count`: a new yes/no column, and the column that says for how many of the line's cases it is yes, such as
    {selected: "# selected"}."""
    where: str | None = None
    """Standard SQL that is true for the rows that count."""
    columns: dict[str, Column] = {}
    key: Texts = ()
    """The columns that together identify a row."""
    rules: tuple[Rule, ...] = ()
    expected_rows: int | None = Field(None, ge=0)
    """How many records there should be (completeness)."""
    population: int | None = Field(None, ge=1)
    """How many people there are of the kind that the rows describe: all inhabitants, all applicants (k-anonymity)."""
    refresh: Refresh | None = None
    drift: Drift | None = None
    reference: dict[str, Reference] = {}
    annotators: Texts = ()
    """Columns with the label that each annotator gave."""
    detections: Detections | None = None
    forecasts: Forecasts | None = None
    alarms: Alarms | None = None
    origin: str | None = None
    licence: str | None = None
    owner: str | None = None
    authentic_source: str | None = None
    access: str | None = None
    classification: Text | None = None
    granularity: str | None = None
    metadata: str | None = None
    """Where the description of this data set is. A Croissant file (.json) or a DCAT file (.jsonld, .ttl) beside the card
    is checked (dat-10)."""
    metadata_id: str | None = None
    """Which data set of that file this is, by its dct:identifier or address, where the file describes several."""

    @model_validator(mode="after")
    def _of_which(self) -> "Dataset":
        if self.of_which and self.count is None:
            raise Clash(
                nl="'of_which' staat er zonder 'count': van hoeveel gevallen per regel?",
                en="'of_which' stands without 'count': of how many cases per line?",
            )
        if len(self.of_which) > 1:
            raise Clash(
                nl="'of_which' neemt één kolom: uit twee aantallen volgt niet welke gevallen ze samen hebben",
                en="'of_which' takes one column: two numbers do not say which cases they share",
            )
        return self

    def missing_in(self, column: str) -> tuple[Scalar, ...]:
        """What stands for a missing value in a column."""
        own = self.columns.get(column)
        return self.missing if own is None else (*self.missing, *own.missing)

    @property
    def metadata_file(self) -> str | None:
        """The description of this data set where it is a file that a program can read; nothing for a page or a note."""
        readable = self.metadata is not None and self.metadata.lower().endswith((".json", ".jsonld", ".ttl"))
        return self.metadata if readable and "://" not in str(self.metadata) else None


class Outcome(Condition):
    """What turned out to be true, in the same sense as the advice: yes means that the advice should have been yes."""

    known_for: Literal["all", "selected"] = "all"
    """'selected' when the outcome is only known for cases that were checked (selective labels)."""


class Score(Part):
    """The score behind the advice."""

    column: Filled
    probability: bool = False
    """Whether it is meant as the chance of the outcome, between 0 and 1 (or 0 and `top`)."""
    top: float = Field(1, gt=0)


class Protected(Part):
    """A characteristic that may not make a difference, with the group that others are compared with."""

    column: Filled
    reference: Scalar | None = None
    """The group that the others are compared with; the largest group when left out, and the output says so."""
    bins: tuple[float, ...] = ()
    """For a number: the lower bounds of its classes after the first, such as [25, 45]."""

    @model_validator(mode="after")
    def _rising(self) -> "Protected":
        if any(a >= b for a, b in zip(self.bins, self.bins[1:], strict=False)):
            raise Clash(
                nl="de grenzen bij 'bins' moeten van klein naar groot staan", en="the bounds in 'bins' must rise"
            )
        return self


class StatedBaseline(Part):
    """How well it goes today without AI, as it was established elsewhere (tru-rob-1)."""

    accuracy: float = Field(ge=0, le=100)
    """Share of the cases that are right today, in percent."""
    source: Filled
    """Where that figure comes from: which sample, which period."""


class DecisionLog(Part):
    """The log of advice, decisions and outcomes: one row per case."""

    dataset: Name
    advice: Condition
    """What the system said."""
    favourable: Literal["yes", "no"]
    """Which advice is favourable to the person: yes or no."""
    decision: Condition | None = None
    """What the civil servant decided."""
    officer: str | None = None
    """The column that says who decided."""
    seconds: str | None = None
    """The column that says how many seconds the officer spent on the case."""
    outcome: Outcome | None = None
    score: Score | None = None
    performance: Literal["accuracy", "balanced_accuracy"] = "balanced_accuracy"
    """What counts as doing well: every case alike, or both outcomes alike however rare one of them is."""
    baseline: StatedBaseline | None = None
    selected: Condition | None = None
    """Which cases were checked, where outcomes are known only for those."""
    random_sample: Condition | None = None
    """Which cases were drawn at random for a check, whatever the advice."""
    protected: tuple[Protected, ...] = ()
    intersections: tuple[tuple[str, ...], ...] | None = None
    """Which combinations of protected columns to compare; every pair when left out, none when empty."""
    min_rows: int = Field(30, ge=5)
    """A group with fewer rows than this is reported as not measurable."""
    confidence: float = Field(0.95, gt=0.5, lt=1)


class Feature(Part):
    """One of the four features of workable work in a survey."""

    column: Filled
    """The column with the score that somebody gave."""
    better: Literal["higher", "lower"] | None = None
    """Which score is better; lower for stress and higher for the others when left out."""


class WorkSurvey(Part):
    """The same short questions to everyone who works with it, before the start and some time after (hum-4). No names."""

    dataset: Name
    wave: Filled
    """The column that says in which round somebody answered."""
    before: Scalar
    """What that column says for the round before the start."""
    after: Scalar
    """What that column says for the round after the start."""
    lowest: float
    """The lowest score that can be given."""
    highest: float
    """The highest score that can be given."""
    features: dict[Literal["stress", "motivation", "learning", "work-life-balance"], Feature] = Field(min_length=1)
    """The features that were asked: stress, motivation, learning, work-life-balance."""

    @model_validator(mode="after")
    def _scale(self) -> "WorkSurvey":
        if self.lowest >= self.highest:
            raise Clash(nl="'lowest' moet lager zijn dan 'highest'", en="'lowest' must lie below 'highest'")
        if str(self.before) == str(self.after):
            raise Clash(nl="'before' en 'after' zijn dezelfde ronde", en="'before' and 'after' are the same round")
        return self


class PublicText(Part):
    """A text that people outside the service read: a web page, a letter, an explanation of a decision (dem-11, tru-trans-2)."""

    what: Filled
    """Its name, such as 'webpagina' or 'uitleg bij een weigering'."""
    file: str | None = None
    """Path of a text file (.txt or .md) beside the card."""
    text: str | None = None
    """The text itself, where it is short."""
    audience: str | None = None
    """Whom it is for."""

    @model_validator(mode="after")
    def _one(self) -> "PublicText":
        if (self.file is None) == (self.text is None):
            raise Clash(nl="geef 'file' of 'text', niet allebei", en="give either 'file' or 'text'")
        return self


TEXTS = "card.texts"
"""What the public texts go by where a measurement names its data set; no data set can have this name."""
RECORDS = "card.records/"
"""What the records of one kind beside the card go by, with the kind behind it: 'card.records/objection'."""
REPORTS = "card.reports/"
"""What a file beside the card goes by, with its path behind it: the result of a scan, a description of a data set."""
DECLARED = "card.declared"
"""What a figure goes by that is reckoned from the card itself: its settings hold all that decides it."""


class ChosenLimit(Part):
    """A limit that the organisation chose beforehand, with its reason."""

    check: Filled
    subject: str | None = None
    """Only for this column, attribute or data set; for all when left out."""
    at_most: float | None = None
    at_least: float | None = None
    because: Filled
    by: Filled
    on: date

    @model_validator(mode="after")
    def _bound(self) -> "ChosenLimit":
        if self.at_most is None and self.at_least is None:
            raise Clash(nl="geef 'at_most', 'at_least' of allebei", en="give 'at_most', 'at_least' or both")
        return self

    @property
    def limit(self) -> Limit:
        """As the judge reads it."""
        return Limit(
            at_most=self.at_most,
            at_least=self.at_least,
            because=self.because,
            chosen_by=self.by,
            chosen_on=self.on,
        )


PRODUCT_FIELDS = (
    "summary",
    "suppliers",
    "models",
    "documentation.model_card",
    "documentation.data_card",
    "documentation.limits",
    "documentation.versions",
    "energy.training_kwh",
    "energy.location",
    "energy.sources",
    "energy.cooling",
    "energy.pue",
    "energy.wue",
    "energy.country",
    "energy.model_api",
    "energy.supplier_states",
    "labour.who",
    "labour.where",
    "labour.conditions",
    "labour.source",
    "facts.machine_based",
    "facts.infers_from_input",
    "facts.technique",
    "facts.synthetic_output",
)
"""What a product is, whoever uses it. All the rest is about a use: its purpose, people, process, data and limits."""


class Departure(Part):
    """A field in which a card departs from the product card that it was adopted from."""

    field: Filled
    """Which field, such as 'energy.pue'."""
    because: Filled
    """Why it is otherwise here."""


class AdoptedFrom(Part):
    """What this card began with: a product card, or a record of another register."""

    kind: Literal["product_card", "algoritmeregister"]
    source: Filled
    """What it is called where it comes from, such as 'leverancier/product' or the number in the other register."""
    by: Filled
    """Who wrote it."""
    version: Text | None = None
    digest: Filled
    """SHA-256 of what it said when it was taken over, to tell a newer one from it."""
    on: date
    states: dict[str, Any] = {}
    """What the product card says, by field. This card says the same, and may say more, unless it departs from it."""
    departures: tuple[Departure, ...] = ()

    @model_validator(mode="after")
    def _of_the_product(self) -> "AdoptedFrom":
        stray = next((f for f in self.states if f not in PRODUCT_FIELDS), None)
        if stray is not None:
            raise Clash(
                nl=f"'states' bevat '{stray}', maar dat gaat over het gebruik en niet over het product",
                en=f"'states' holds '{stray}', which belongs to a use and not to a product",
            )
        stray = next((d.field for d in self.departures if d.field not in self.states), None)
        if stray is not None:
            raise Clash(
                nl=f"'departures' noemt '{stray}', maar daarover zegt de productkaart niets",
                en=f"'departures' names '{stray}', about which the product card says nothing",
            )
        return self


def value_at(values: Any, path: str) -> Any:
    """What stands at a dotted path in the plain values of a card; nothing where there is nothing."""
    for step in path.split("."):
        values = values.get(step) if isinstance(values, dict) else None
    return values


def keeps(stated: Any, held: Any) -> bool:
    """Whether what was stated still stands in what is held now; more may have been added to it."""
    if isinstance(stated, dict):
        return isinstance(held, dict) and all(k in held and keeps(v, held[k]) for k, v in stated.items())
    if isinstance(stated, list):
        return isinstance(held, list) and all(any(keeps(s, h) for h in held) for s in stated)
    return bool(stated == held)


class Card(Part):
    """An AI application, as declared."""

    vangrail: Literal[1]
    """Version of this form."""
    id: Name
    """Short name in lower case, digits and hyphens. It never changes."""
    name: Filled
    summary: str | None = None
    """What it does, in plain words."""
    organisation: Organisation
    phase: Phase
    people: dict[Role, Person] = {}
    purpose: Purpose = Purpose()
    legal_basis: tuple[LegalBasis, ...] = ()
    applicable_law: tuple[LegalBasis, ...] = ()
    affected: tuple[Affected, ...] = ()
    themes: Texts = ()
    """What it is about: terms of the vocabulary data-themes. The register can be filtered by them."""
    four_d: Texts = ()
    sdg: Texts = ()
    oecd_risks: Texts = ()
    benefits: tuple[Benefit, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    process: tuple[Step, ...] = ()
    oversight: Oversight = Oversight()
    literacy: Literacy = Literacy()
    disclosure: Disclosure = Disclosure()
    contact: Contact = Contact()
    fallback: Fallback = Fallback()
    suppliers: tuple[Supplier, ...] = ()
    models: tuple[Model, ...] = ()
    documentation: Documentation = Documentation()
    privacy: Privacy = Privacy()
    energy: Energy = Energy()
    labour: Labour = Labour()
    accessibility: Accessibility = Accessibility()
    work_survey: WorkSurvey | None = None
    """Where the answers of staff about their work are, before and after (hum-4)."""
    data_access: DataAccess | None = None
    datasets: dict[Name, Dataset] = {}
    decision_log: DecisionLog | None = None
    texts: tuple[PublicText, ...] = ()
    """Public texts and explanations, whose plain language is measured; the summary and the disclosure always are."""
    limits: tuple[ChosenLimit, ...] = ()
    facts: dict[str, Any] = {}
    """Facts for the law; a fact that is left out is unknown."""
    adopted_from: AdoptedFrom | None = None
    """The product card, or the record of another register, that this card began with."""

    @model_validator(mode="after")
    def _product(self) -> "Card":
        if self.adopted_from is None or not self.adopted_from.states:
            return self
        said = self.model_dump(mode="json", exclude_defaults=True)
        explained = {d.field for d in self.adopted_from.departures}
        for field, stated in said["adopted_from"]["states"].items():
            if field not in explained and not keeps(stated, value_at(said, field)):
                raise Clash(
                    nl=f"'{field}' is niet wat de productkaart zegt; "
                    "neem het over, of zeg bij 'adopted_from: departures' waarom het hier anders is",
                    en=f"'{field}' is not what the product card says; "
                    "take that over, or say under 'adopted_from: departures' why it is otherwise here",
                )
        return self

    @model_validator(mode="after")
    def _references(self) -> "Card":
        for place, dataset in self._pointers():
            if dataset is not None and dataset not in self.datasets:
                known = ", ".join(sorted(self.datasets))
                raise Clash(
                    nl=f"'{place}' wijst naar de dataset '{dataset}', maar die staat niet op de kaart ({known or 'er zijn er nog geen'})",
                    en=f"'{place}' points to data set '{dataset}', which is not on the card ({known or 'none'})",
                )
        log = self.decision_log
        if log is not None and log.intersections:
            attributes = {p.column for p in log.protected}
            for combination in log.intersections:
                if len(combination) < 2 or not attributes.issuperset(combination):
                    raise Clash(
                        nl=f"'decision_log': de combinatie {list(combination)} moet twee of meer kolommen van 'protected' noemen",
                        en=f"'decision_log': intersection {list(combination)} must name two or more columns listed under 'protected'",
                    )
        return self

    def _pointers(self) -> tuple[tuple[str, str | None], ...]:
        """Which other parts point to a data set, and which."""
        return (
            ("decision_log", self.decision_log.dataset if self.decision_log else None),
            ("fallback.uptime", self.fallback.uptime.dataset if self.fallback.uptime else None),
            ("literacy.competences", self.literacy.competences.dataset if self.literacy.competences else None),
            ("work_survey", self.work_survey.dataset if self.work_survey else None),
            *((f"models.{number}", model.dataset) for number, model in enumerate(self.models)),
        )

    @model_validator(mode="after")
    def _runs(self) -> "Card":
        known = [a.name for a in self.alternatives]
        stray = next((r.alternative for r in self.energy.runs if r.alternative and r.alternative not in known), None)
        if stray is not None:
            raise Clash(
                nl=f"een meting bij 'energy' noemt het alternatief '{stray}', maar dat staat niet op de kaart",
                en=f"a run under 'energy' names the alternative '{stray}', which is not on the card",
            )
        return self

    @model_validator(mode="after")
    def _text_names(self) -> "Card":
        names = [t.what for t in self.public_texts]
        twice = next((n for n in names if names.count(n) > 1), None)
        if twice is not None:
            raise Clash(
                nl=f"twee teksten heten '{twice}'; geef elk een eigen 'what'",
                en=f"two texts are called '{twice}'; give each its own 'what'",
            )
        return self

    @model_validator(mode="after")
    def _model_names(self) -> "Card":
        names = [m.name for m in self.models]
        twice = next((n for n in names if names.count(n) > 1), None)
        if twice is not None:
            raise Clash(
                nl=f"twee modellen heten '{twice}'; geef elk een eigen 'name'",
                en=f"two models are called '{twice}'; give each its own 'name'",
            )
        expected = [e.what for m in self.models for e in m.expectations]
        twice = next((n for n in expected if expected.count(n) > 1), None)
        if twice is not None:
            raise Clash(
                nl=f"twee verwachtingen heten '{twice}'; geef elk een eigen 'what'",
                en=f"two expectations are called '{twice}'; give each its own 'what'",
            )
        return self

    @property
    def public_texts(self) -> tuple[PublicText, ...]:
        """Every text on the card, or named by it, that people outside the service read."""
        own = {"summary": self.summary, "disclosure.text": self.disclosure.text}
        short = tuple(PublicText(what=name, text=text) for name, text in own.items() if text and text.strip())
        return (*short, *self.texts)

    @property
    def reports(self) -> tuple[str, ...]:
        """Every file beside the card that a figure is taken from, once."""
        described = (d.metadata_file for d in self.datasets.values())
        return tuple(dict.fromkeys((*self.accessibility.scans, *(f for f in described if f is not None))))

    def declared(self, path: str) -> bool:
        """Whether the field at this dotted path is filled; below `datasets`, for every data set."""
        head, _, tail = path.partition(".")
        if head == "datasets" and tail:
            return bool(self.datasets) and all(_filled(getattr(d, tail)) for d in self.datasets.values())
        if head == "people" and tail:
            return Role(tail) in self.people
        value = getattr(self, head)
        return _filled(getattr(value, tail) if tail else value)


def _filled(value: object) -> bool:
    """Whether something was declared: not nothing, and not only white space. False and zero are declared."""
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, Part):
        return any(_filled(v) for _, v in value)
    return value is not None and value != () and value != {}


class Answer(Part):
    """The reasoned answer of a named person to what cannot be measured. Stands in answers.yaml beside the card."""

    requirement: Filled
    answer: Literal["yes", "partly", "no", "not_applicable"]
    because: str | None = None
    """The reasons. Without them the answer does not count."""
    by: str | None = None
    """The name of the person. Without it the answer does not count."""
    role: Role | None = None
    on: date
    documents: Texts = ()
    """Paths beside the card, or addresses."""
    on_behalf: str | None = None


class Record(Part):
    """Something that happened: a consultation, a training, a stop drill. Stands in records.yaml beside the card."""

    kind: RecordKind
    on: date
    what: Filled
    by: Filled
    """Who recorded it."""
    outcome: str | None = None
    people: int | None = Field(None, ge=0)
    """How many people took part; never who."""
    documents: Texts = ()
    requirement: str | None = None
    """Which requirement it touches, such as dat-3."""
    answered_on: date | None = None
    """For an objection: the day of the answer, or of the withdrawal. Empty while it is open; 'on' is the day it came in."""
    result: ObjectionResult | None = None
    """For an objection: what came of it. Upheld in part is upheld."""
    started_at: NaiveDatetime | None = None
    """For an incident in which the service was down: from when, as the clock on the wall said."""
    ended_at: NaiveDatetime | None = None
    """For such an incident: until when. Empty while it lasts."""

    @model_validator(mode="after")
    def _in_order(self) -> "Record":
        if self.answered_on is not None and self.answered_on < self.on:
            raise Clash(
                nl=f"'answered_on' ({self.answered_on}) ligt voor 'on' ({self.on}), de dag waarop het binnenkwam",
                en=f"'answered_on' ({self.answered_on}) lies before 'on' ({self.on}), the day it came in",
            )
        if self.result is not None and self.answered_on is None:
            raise Clash(
                nl="bij 'result' hoort 'answered_on': de dag van de beslissing of de intrekking",
                en="'result' needs 'answered_on': the day on which it was decided or withdrawn",
            )
        if self.result is not None and self.kind is not RecordKind.OBJECTION:
            raise Clash(
                nl=f"'result' is voor een bezwaar, en dit is '{self.kind}'",
                en=f"'result' is for an objection, and this is '{self.kind}'",
            )
        if self.started_at is not None and self.kind is not RecordKind.INCIDENT:
            raise Clash(
                nl=f"'started_at' is voor een incident, en dit is '{self.kind}'",
                en=f"'started_at' is for an incident, and this is '{self.kind}'",
            )
        if self.ended_at is not None and (self.started_at is None or self.ended_at < self.started_at):
            raise Clash(
                nl="bij 'ended_at' hoort een 'started_at' die vroeger ligt",
                en="'ended_at' needs a 'started_at' that lies before it",
            )
        return self
