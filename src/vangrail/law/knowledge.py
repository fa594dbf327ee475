"""Reads `knowledge/law/`: what may be asked, what a rule says, from which day it counts and how sure that is.

The rules themselves are functions in `law/`; this is everything about them that a lawyer may correct without Python.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from vangrail.knowledge import yaml_values
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import Language

Certainty = Literal["S1", "S2", "S3", "S4"]
"""How sure the law itself is; S1 is the surest. The levels are explained in `certainty.yaml`."""
Kind = Literal["yes_no", "choice", "choices", "number", "date"]


@dataclass(frozen=True, kw_only=True)
class Question:
    """A fact that can be asked: its question, why it is asked, an example, and the answers it takes."""

    fact: str
    kind: Kind
    article: str
    short: Text
    question: Text
    why: Text
    example: Text
    values: Mapping[str, Text] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    rare: bool = False
    """Whether hardly anyone answers yes, so that it is asked after the others."""


@dataclass(frozen=True, kw_only=True)
class LawDate:
    """A day on which something starts to count, and the act and article that set it."""

    id: str
    day: date
    act: str
    article: str
    as_enacted: date | None

    @property
    def enacted(self) -> date:
        """The day in the act as first published."""
        return self.as_enacted or self.day


@dataclass(frozen=True, kw_only=True)
class Dating:
    """From when a rule counts.

    A rule has either fixed days (`enacted`, `amended`) or a `schedule`: the day on which the duties for high-risk
    systems start for its route. `formal` is the other day that is argued for in open point OPN-01.
    """

    enacted: LawDate | None = None
    amended: LawDate | None = None
    schedule: Literal["high_risk", "high_risk_annex_i", "high_risk_annex_iii"] | None = None
    formal: LawDate | None = None
    legacy: LawDate | None = None
    not_before: LawDate | None = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One row of the rule base: its permanent id, its article, what it says, and how sure that is."""

    id: str
    group: str
    article: str
    certainty: Certainty
    source: tuple[str, ...]
    title: Text
    text: Text
    dating: Dating
    valid_from: date | None
    """The day from which the rule is law at all; before it, it did not exist."""
    duty_of: tuple[str, ...]
    """The roles that the duty falls on; empty when the rule is no duty."""
    open_point: str | None


@dataclass(frozen=True, kw_only=True)
class LawSource:
    """A document that rules name, and whether it is in force, final, a draft, or was not found."""

    id: str
    status: str
    title: Text
    address: str


@dataclass(frozen=True, kw_only=True)
class Penalty:
    """The highest fine: an amount, and a share of worldwide turnover."""

    id: str
    euro: int
    share: float | None


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long something is kept, by whom."""

    id: str
    what: Text
    role: str
    article: str
    certainty: Certainty
    years: int | None
    months: int | None


@dataclass(frozen=True, kw_only=True)
class Authority:
    """Who supervises, and how sure that is; a setting, because national law may still name another."""

    id: str
    name: Text
    certainty: Certainty
    address: str


@dataclass(frozen=True, kw_only=True)
class LawKnowledge:
    """All data of the law, as shipped."""

    questions: Mapping[str, Question]
    rules: Mapping[str, Rule]
    dates: Mapping[str, LawDate]
    sources: Mapping[str, LawSource]
    penalties: Mapping[str, Penalty]
    retention: tuple[Retention, ...]
    authorities: tuple[Authority, ...]
    certainty: Mapping[str, Text]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Text(_Form):
    nl: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def value(self) -> Text:
        return {Language.NL: self.nl, Language.EN: self.en}


class _Question(_Form):
    id: str
    kind: Kind
    article: str
    short: _Text
    question: _Text
    why: _Text
    example: _Text
    values: dict[str, _Text] = {}
    aliases: dict[str, str] = {}
    rare: bool = False

    @field_validator("values", "aliases", mode="before")
    @classmethod
    def _keys_are_text(cls, value: Any) -> Any:
        """A bare `2` (Annex III, point 2) is a number in YAML; here it is a name."""
        return {str(k): str(v) if isinstance(v, int) else v for k, v in value.items()}

    def value(self) -> Question:
        return Question(
            fact=self.id,
            kind=self.kind,
            article=self.article,
            short=self.short.value(),
            question=self.question.value(),
            why=self.why.value(),
            example=self.example.value(),
            values={k: v.value() for k, v in self.values.items()},
            aliases=self.aliases,
            rare=self.rare,
        )


class _Questions(_Form):
    facts: tuple[_Question, ...]


class _Date(_Form):
    id: str
    day: date
    act: str
    article: str
    as_enacted: date | None = None


class _Dates(_Form):
    dates: tuple[_Date, ...]


class _Dating(_Form):
    enacted: str | None = None
    amended: str | None = None
    schedule: Literal["high_risk", "high_risk_annex_i", "high_risk_annex_iii"] | None = None
    formal: str | None = None
    legacy: str | None = None
    not_before: str | None = None

    def value(self, dates: Mapping[str, LawDate]) -> Dating:
        def day(id_: str | None) -> LawDate | None:
            return None if id_ is None else dates[id_]

        return Dating(
            enacted=day(self.enacted),
            amended=day(self.amended or self.enacted),
            schedule=self.schedule,
            formal=day(self.formal),
            legacy=day(self.legacy),
            not_before=day(self.not_before),
        )


class _Rule(_Form):
    id: str = Field(pattern=r"^[A-Z]{3}-[0-9A-Za-z]+$")
    article: str
    sure: Certainty
    source: tuple[str, ...] = Field(min_length=1)
    title: _Text
    text: _Text
    dates: _Dating = _Dating()
    valid_from: str | None = None
    duty: tuple[str, ...] = ()
    open_point: str | None = None


class _Rules(_Form):
    group: str
    defaults: dict[str, Any] = {}
    rules: tuple[dict[str, Any], ...]

    def value(self, dates: Mapping[str, LawDate]) -> list[Rule]:
        forms = [_Rule.model_validate(self.defaults | rule) for rule in self.rules]
        return [
            Rule(
                id=form.id,
                group=self.group,
                article=form.article,
                certainty=form.sure,
                source=form.source,
                title=form.title.value(),
                text=form.text.value(),
                dating=form.dates.value(dates),
                valid_from=dates[form.valid_from].day if form.valid_from else None,
                duty_of=form.duty,
                open_point=form.open_point,
            )
            for form in forms
        ]


class _Source(_Form):
    id: str
    status: Literal["in_force", "final", "draft", "living", "not_found"]
    title: _Text
    address: str = ""


class _Sources(_Form):
    sources: tuple[_Source, ...]


class _Penalty(_Form):
    id: str
    euro: int
    share: float | None = None


class _Penalties(_Form):
    penalties: tuple[_Penalty, ...]


class _Retention(_Form):
    id: str
    role: str
    article: str
    sure: Certainty
    what: _Text
    years: int | None = None
    months: int | None = None


class _Retentions(_Form):
    retention: tuple[_Retention, ...]


class _Authority(_Form):
    id: str
    sure: Certainty
    name: _Text
    address: str


class _Authorities(_Form):
    checked_on: date
    authorities: tuple[_Authority, ...]


class _Levels(_Form):
    levels: dict[Certainty, _Text]


F = TypeVar("F", bound=_Form)


def _read(file: Traversable, form: type[F]) -> F:
    try:
        return form.model_validate(yaml_values(file.read_text(encoding="utf-8")))
    except (ValidationError, ValueError) as error:
        raise VangrailError(
            both(
                nl=f"knowledge/law/{file.name} heeft niet de vorm die we verwachten.",
                en=f"knowledge/law/{file.name} does not have the form that is expected.",
            ),
            do=str(error),
        ) from error


def _folder(folder: Traversable) -> list[Traversable]:
    return sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)


def folder() -> Traversable:
    """Where the data of the law lies."""
    return files("vangrail.knowledge") / "law"


@cache
def questions() -> Mapping[str, Question]:
    """Every fact that can be asked, in the order of the law."""
    forms = [q for file in _folder(folder() / "facts") for q in _read(file, _Questions).facts]
    return {q.id: q.value() for q in forms}


@cache
def law_knowledge() -> LawKnowledge:
    """All data of the law that ships with Vangrail."""
    here = folder()
    dates = {
        d.id: LawDate(id=d.id, day=d.day, act=d.act, article=d.article, as_enacted=d.as_enacted)
        for d in _read(here / "dates.yaml", _Dates).dates
    }
    rules = [r for file in _folder(here / "rules") for r in _read(file, _Rules).value(dates)]
    return LawKnowledge(
        questions=questions(),
        rules={r.id: r for r in rules},
        dates=dates,
        sources={
            s.id: LawSource(id=s.id, status=s.status, title=s.title.value(), address=s.address)
            for s in _read(here / "sources.yaml", _Sources).sources
        },
        penalties={p.id: Penalty(**p.model_dump()) for p in _read(here / "penalties.yaml", _Penalties).penalties},
        retention=tuple(
            Retention(
                id=r.id,
                what=r.what.value(),
                role=r.role,
                article=r.article,
                certainty=r.sure,
                years=r.years,
                months=r.months,
            )
            for r in _read(here / "retention.yaml", _Retentions).retention
        ),
        authorities=tuple(
            Authority(id=a.id, name=a.name.value(), certainty=a.sure, address=a.address)
            for a in _read(here / "authorities.yaml", _Authorities).authorities
        ),
        certainty={k: v.value() for k, v in _read(here / "certainty.yaml", _Levels).levels.items()},
    )
