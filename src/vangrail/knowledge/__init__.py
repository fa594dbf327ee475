"""The knowledge: what is asked and where that comes from, as YAML that a lawyer can correct without Python.

The only Python here is this loader. It checks the form; `tests/knowledge` checks the content.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from vangrail.model import framework as model
from vangrail.model.conversation import Attempt, Attempts, Openings
from vangrail.model.energy import Factor
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.language import DifficultWord
from vangrail.model.vocabulary import IdentifierKind, Language, MisuseKind, Phase, RecordKind, Role


def _one_line(text: Any) -> Any:
    """Fold the line breaks that YAML blocks keep."""
    return " ".join(text.split()) if isinstance(text, str) else text


Prose = Annotated[str, BeforeValidator(_one_line), Field(min_length=1)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Text(_Form):
    nl: Prose
    en: Prose

    def value(self) -> model.Text:
        return {Language.NL: self.nl, Language.EN: self.en}


class _Source(_Form):
    work: str
    passage: str

    def value(self) -> model.Source:
        return model.Source(work=self.work, passage=self.passage)


class _Limit(_Form):
    at_most: float | None = None
    at_least: float | None = None


class _Evidence(_Form):
    from_: Phase | None = Field(None, alias="from")


class _Measure(_Evidence):
    measure: str
    limit: _Limit | None = None
    because: _Text | None = None
    valid_months: int = 12

    @model_validator(mode="after")
    def _reason(self) -> "_Measure":
        if (self.limit is None) != (self.because is None):
            raise ValueError(f"measure {self.measure}: a default limit and its reason ('because') go together")
        return self

    def value(self) -> model.Proof:
        reason = self.because.value() if self.because else {}
        limit = None
        if self.limit is not None:
            limit = model.Limit(at_most=self.limit.at_most, at_least=self.limit.at_least, because=reason[Language.EN])
        return model.Measure(
            since=self.from_, check=self.measure, limit=limit, limit_reason=reason, valid_months=self.valid_months
        )


class _Answer(_Evidence):
    answer: _Text

    def value(self) -> model.Proof:
        return model.AskPerson(since=self.from_, question=self.answer.value())


class _Declare(_Evidence):
    declare: tuple[str, ...] = Field(min_length=1)

    def value(self) -> model.Proof:
        return model.Declare(since=self.from_, fields=self.declare)


class _Process(_Evidence):
    process: RecordKind
    valid_months: int = 24

    def value(self) -> model.Proof:
        return model.Process(since=self.from_, record=self.process, valid_months=self.valid_months)


class _Classification(_Evidence):
    classification: str

    def value(self) -> model.Proof:
        return model.Classify(since=self.from_, topic=self.classification)


class _Ledger(_Evidence):
    ledger: Literal["verified"]

    def value(self) -> model.Proof:
        return model.VerifyLedger(since=self.from_)


class _Requirement(_Form):
    id: str = Field(pattern=r"^(dem|tru-(well|trans|acc|hum|fair|law|rob|priv)|hum|lit|dat|sus)-\d+$")
    version: int = Field(ge=1)
    valid_from: date
    valid_until: date | None = None
    principle: str
    conditions: tuple[str, ...] = ()
    title: _Text
    why: _Text
    good: _Text
    source: tuple[_Source, ...] = Field(min_length=1)
    phases: tuple[Phase, ...] = Field(min_length=1)
    answered_by: tuple[Role, ...] = Field(min_length=1)
    evidence: tuple[_Measure | _Answer | _Declare | _Process | _Classification | _Ledger, ...] = Field(min_length=1)

    def value(self) -> model.Requirement:
        return model.Requirement(
            id=self.id,
            version=self.version,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            principle=self.principle,
            conditions=self.conditions,
            title=self.title.value(),
            why=self.why.value(),
            good=self.good.value(),
            source=tuple(s.value() for s in self.source),
            phases=self.phases,
            answered_by=self.answered_by,
            evidence=tuple(e.value() for e in self.evidence),
        )


class _Heading(_Form):
    """A principle or a condition."""

    id: str
    number: int
    title: _Text
    summary: _Text
    source: tuple[_Source, ...] = Field(min_length=1)

    def arguments(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "number": self.number,
            "title": self.title.value(),
            "summary": self.summary.value(),
            "source": tuple(s.value() for s in self.source),
        }


class _Gate(_Form):
    after: Phase
    title: _Text
    opened_by: tuple[Role, ...] = Field(min_length=1)
    advice_of: tuple[Role, ...] = ()


class _Gates(_Form):
    gates: tuple[_Gate, ...]


class _Term(_Form):
    id: str
    title: _Text
    note: _Text | None = None


class _Vocabulary(_Form):
    id: str
    title: _Text
    source: tuple[_Source, ...] = Field(min_length=1)
    terms: tuple[_Term, ...] = Field(min_length=1)


class _Work(_Form):
    id: str
    title: _Text
    passage_form: str
    address: str | None = None


class _Works(_Form):
    works: tuple[_Work, ...]


class _Entry(_Form):
    code: str
    title: _Text
    meaning: _Text
    source: tuple[_Source, ...] = Field(min_length=1)


class _Glossary(_Form):
    terms: tuple[_Entry, ...]


class _FactorValue(_Form):
    country: str | None = Field(None, pattern=r"^[A-Z]{3}$")
    value: float = Field(gt=0)
    low: float | None = Field(None, gt=0)
    high: float | None = Field(None, gt=0)

    @model_validator(mode="after")
    def _around(self) -> "_FactorValue":
        if (self.low is None) != (self.high is None):
            raise ValueError("'low' and 'high' go together")
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            raise ValueError(f"the value {self.value} lies outside its range")
        return self


class _Factors(_Form):
    id: str
    unit: str
    year: int
    title: _Text
    named: _Text
    source: tuple[_Source, ...] = Field(min_length=1)
    values: tuple[_FactorValue, ...] = Field(min_length=1)

    def factors(self) -> Iterator[Factor]:
        for one in self.values:
            yield Factor(
                id=self.id,
                unit=self.unit,
                year=self.year,
                title=self.title.value(),
                named=self.named.value(),
                source=tuple(s.value() for s in self.source),
                value=one.value,
                low=one.low,
                high=one.high,
                country=one.country,
            )


class _Attempt(_Form):
    id: str
    kind: MisuseKind
    what: _Text
    prompts: _Text
    says: tuple[str, ...] = ()
    identifiers: tuple[IdentifierKind, ...] = ()
    canary: bool = False

    @model_validator(mode="after")
    def _one_sign(self) -> "_Attempt":
        if sum(map(bool, (self.says, self.identifiers, self.canary))) != 1:
            raise ValueError(f"{self.id}: give one of 'says', 'identifiers' and 'canary'")
        return self

    def value(self) -> Attempt:
        return Attempt(
            id=self.id,
            kind=self.kind,
            what=self.what.value(),
            prompts=self.prompts.value(),
            says=self.says,
            identifiers=self.identifiers,
            canary=self.canary,
        )


class _Misuse(_Form):
    ordinary: tuple[str, ...] = Field(min_length=1)
    attempts: tuple[_Attempt, ...] = Field(min_length=1)


class _Disclosure(_Form):
    openings: tuple[_Text, ...] = Field(min_length=1)
    tells: tuple[str, ...] = Field(min_length=1)
    denies: tuple[str, ...]
    human: tuple[str, ...]


class _Word(_Form):
    word: str = Field(min_length=2)
    instead: tuple[str, ...] = Field(min_length=1)
    forms: tuple[str, ...] = ()


class _Words(_Form):
    words: tuple[_Word, ...]


F = TypeVar("F", bound=_Form)

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where it is compiled in; both read the same."""


def yaml_values(text: str) -> Any:
    """The values of a YAML text of the knowledge. Not for what users write: there the line of each value is kept."""
    return _LOADER(text).get_single_data()


def _read(file: Traversable, form: type[F]) -> F:
    try:
        return form.model_validate(yaml_values(file.read_text(encoding="utf-8")))
    except (ValidationError, ValueError) as error:
        raise VangrailError(
            both(
                nl=f"knowledge/{file.name} heeft niet de vorm die we verwachten.",
                en=f"knowledge/{file.name} does not have the form that is expected.",
            ),
            do=str(error),
        ) from error


def _folder(name: str) -> Iterator[Traversable]:
    folder = files(__name__) / name
    return iter(sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name))


def _digest() -> str:
    """SHA-256 over every file of the knowledge, so that a verdict can say by which text it was reached."""
    found: dict[str, bytes] = {}

    def walk(folder: Traversable, path: str) -> None:
        for entry in folder.iterdir():
            if entry.is_dir():
                walk(entry, f"{path}{entry.name}/")
            elif entry.name.endswith(".yaml"):
                found[path + entry.name] = entry.read_bytes()

    walk(files(__name__), "")
    hash_ = hashlib.sha256()
    for name in sorted(found):
        hash_.update(f"{name}\0{len(found[name])}\0".encode())
        hash_.update(found[name])
    return hash_.hexdigest()


_ORDER = (
    *("dem", "tru-well", "tru-trans", "tru-acc", "tru-hum", "tru-fair", "tru-law", "tru-rob", "tru-priv"),
    *("hum", "lit", "dat", "sus"),
)


def _place(requirement: model.Requirement) -> tuple[int, int]:
    """The order of the source document: by principle and condition, then by number."""
    group, _, number = requirement.id.rpartition("-")
    return _ORDER.index(group), int(number)


@cache
def framework() -> model.Framework:
    """All principles, conditions, requirements, gates, vocabularies and terms that ship with Vangrail."""
    here = files(__name__)
    headings = {
        name: sorted((_read(f, _Heading) for f in _folder(name)), key=lambda h: h.number)
        for name in ("principles", "conditions")
    }
    return model.Framework(
        principles=tuple(model.Principle(**h.arguments()) for h in headings["principles"]),
        conditions=tuple(model.Condition(**h.arguments()) for h in headings["conditions"]),
        requirements=tuple(sorted((_read(f, _Requirement).value() for f in _folder("requirements")), key=_place)),
        gates=tuple(
            model.Gate(after=g.after, title=g.title.value(), opened_by=g.opened_by, advice_of=g.advice_of)
            for g in _read(here / "gates.yaml", _Gates).gates
        ),
        vocabularies=tuple(_vocabulary(_read(f, _Vocabulary)) for f in _folder("vocabularies")),
        works=tuple(
            model.Work(id=w.id, title=w.title.value(), passage_form=w.passage_form, address=w.address)
            for w in _read(here / "works.yaml", _Works).works
        ),
        glossary=tuple(
            model.GlossaryEntry(
                code=e.code,
                title=e.title.value(),
                meaning=e.meaning.value(),
                source=tuple(s.value() for s in e.source),
            )
            for e in _read(here / "glossary.yaml", _Glossary).terms
        ),
        digest=_digest(),
    )


def _vocabulary(form: _Vocabulary) -> model.Vocabulary:
    return model.Vocabulary(
        id=form.id,
        title=form.title.value(),
        source=tuple(s.value() for s in form.source),
        terms=tuple(
            model.Term(id=t.id, title=t.title.value(), note=t.note.value() if t.note else {}) for t in form.terms
        ),
    )


@cache
def energy_factors() -> dict[tuple[str, str | None], Factor]:
    """The factors of energy, emissions and water, by id and country (ISO 3166, three letters)."""
    found = [factor for file in _folder("energy") for factor in _read(file, _Factors).factors()]
    return {(factor.id, factor.country): factor for factor in found}


@cache
def difficult_words() -> dict[str, DifficultWord]:
    """Every form, in small letters, of a word that makes a text hard, with what could stand instead."""
    found = {}
    for entry in _read(files(__name__) / "difficult_words.yaml", _Words).words:
        for form in (entry.word, *entry.forms):
            found[form] = DifficultWord(word=entry.word, instead=entry.instead)
    return found


@cache
def misuse_attempts() -> Attempts:
    """The ways to misuse a language model that ship with Vangrail."""
    file = files(__name__) / "probes" / "misuse.yaml"
    found = _read(file, _Misuse)
    return Attempts(
        attempts=tuple(a.value() for a in found.attempts),
        ordinary=found.ordinary,
        digest=hashlib.sha256(file.read_bytes()).hexdigest(),
    )


@cache
def disclosure_openings() -> Openings:
    """How a conversation begins, and the words by which an answer tells that it is AI."""
    file = files(__name__) / "probes" / "disclosure.yaml"
    found = _read(file, _Disclosure)
    return Openings(
        openings=tuple(o.value() for o in found.openings),
        tells=found.tells,
        denies=found.denies,
        human=found.human,
        digest=hashlib.sha256(file.read_bytes()).hexdigest(),
    )
