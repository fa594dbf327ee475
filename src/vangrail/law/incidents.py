"""What must be reported when something goes wrong, by when and to whom: GDPR 33-34, AI Act 26(5) and 73, NIS2 23.

Texts, lengths and addressees are in `knowledge/law/incidents.yaml`. Here is when each counts. Terms are counted as
Regulation (EEC, Euratom) 1182/71, Article 3, says: hours from the moment, days until the end of the last day, the day on
which it was noticed not counted; Saturdays, Sundays and holidays are counted. What that Article adds when the last day is
no working day (3(4), 3(5)) is left out, so the term shown is never later than the law's.
"""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vangrail.knowledge import yaml_values
from vangrail.law.classification import Classification
from vangrail.law.knowledge import Authority, Certainty, folder, law_knowledge
from vangrail.model.framework import Text
from vangrail.model.vocabulary import BreachRisk, Consequence, Language

TermState = Literal["reported", "reported_late", "overdue", "running", "at_once", "unknown", "not_law_yet"]
"""Done; done after the term; not done and the term is over; the term runs; to be done at once, without a last moment; it
hangs on what is not known yet; or not the law yet on the day that it was noticed."""


@dataclass(frozen=True, kw_only=True)
class Incident:
    """What decides the terms of an incident. Everything may be unknown (`None`), except when it was noticed."""

    noticed_at: datetime
    """When the organisation became aware of it, with its time zone: in that zone a day ends."""
    breach: bool | None = None
    """Whether personal data were lost, changed, seen or passed on without right (GDPR 4(12))."""
    risk: BreachRisk | None = None
    """What the breach can mean for the people concerned."""
    consequences: frozenset[Consequence] | None = None
    """Those of Article 3(49) that it had, directly or indirectly; empty when none."""
    widespread: bool | None = None
    """Whether people in several Member States were harmed by an infringement of Union law (Article 3(61))."""
    provider_unreachable: bool | None = None
    """Whether the deployer cannot reach the provider, so that Article 73 counts for the deployer (26(5))."""
    significant: bool | None = None
    """Whether it disrupts the service or harms others severely (NIS2, Article 23(3))."""
    reported: Mapping[str, datetime] = field(default_factory=dict)
    """When each term, by its id, was met."""

    def __post_init__(self) -> None:
        if self.noticed_at.tzinfo is None:
            raise ValueError("'noticed_at' needs a time zone: a term of hours cannot be counted without")


@dataclass(frozen=True, kw_only=True)
class Term:
    """Something to report because of an incident."""

    id: str
    article: str
    title: Text
    text: Text
    to: Text
    """To whom."""
    authorities: tuple[Authority, ...]
    certainty: Certainty
    form: str | None
    """The form that helps to report it."""
    by: datetime | None
    """The last moment; `None` when it must be done at once and the law gives no last moment."""
    applies: Literal["now", "later", "unknown"]
    missing: tuple[str, ...] = ()
    """What is not known yet and decides: fields of `Incident`, or facts of the card."""
    from_day: date | None = None
    """For what is not the law yet: the day from which it is."""
    contested: tuple[date, ...] = ()
    """Both days when that day is contested."""
    reported_at: datetime | None = None

    def state(self, at: datetime) -> TermState:
        """How it stands at a moment."""
        if self.reported_at is not None:
            return "reported_late" if self.by is not None and self.reported_at > self.by else "reported"
        if self.applies == "later":
            return "not_law_yet"
        if self.applies == "unknown":
            return "unknown"
        if self.by is None:
            return "at_once"
        return "overdue" if at > self.by else "running"


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _ConsequenceForm(_Form):
    id: Consequence
    article: str
    text: dict[Language, str]


class _TermForm(_Form):
    id: str
    rule: str
    article: str
    source: tuple[str, ...] = Field(min_length=1)
    sure: Certainty
    hours: int | None = None
    days: int | None = None
    months: int | None = None
    after: str | None = None
    form: str | None = None
    authorities: tuple[str, ...] = ()
    to: dict[Language, str] | None = None
    title: dict[Language, str]
    text: dict[Language, str]

    @model_validator(mode="after")
    def _to_someone(self) -> "_TermForm":
        if not self.authorities and self.to is None:
            raise ValueError("a term is reported to someone: give 'authorities' or 'to'")
        if sum(length is not None for length in (self.hours, self.days, self.months)) > 1:
            raise ValueError("a term has one length: hours, days or months")
        return self


class _Incidents(_Form):
    consequences: tuple[_ConsequenceForm, ...]
    terms: tuple[_TermForm, ...]


@cache
def _known() -> _Incidents:
    return _Incidents.model_validate(yaml_values((folder() / "incidents.yaml").read_text(encoding="utf-8")))


def consequences() -> Mapping[Consequence, Text]:
    """What makes an incident serious, in words."""
    return {c.id: c.text for c in _known().consequences}


def term_titles() -> Mapping[str, Text]:
    """Every term that exists, by its id, with its title."""
    return {t.id: t.title for t in _known().terms}


def terms(incident: Incident, classification: Classification) -> tuple[Term, ...]:
    """What must be reported because of an incident, the most urgent first; also what may have to be, and what not yet.

    classification   of the application, on the day on which the incident was noticed: it says which duties are yours

    A term that certainly does not count is left out. Unknown is not no: what hangs on something unknown is there, with its
    last moment if it turns out to count.
    """
    found = [*_gdpr(incident), *_ai_act(incident, classification), *_nis2(incident, classification)]
    return tuple(sorted(found, key=_urgency))


def _urgency(term: Term) -> tuple[int, bool, float]:
    """What counts now before what may count; at once before what has a last moment, but not where it only may count."""
    rank = ("now", "unknown", "later").index(term.applies)
    return rank, (term.by is not None) is (term.applies == "now"), term.by.timestamp() if term.by else 0


# --- GDPR, Articles 33 and 34 ----------------------------------------------------------------------------------------
def _gdpr(incident: Incident) -> Iterator[Term]:
    """33(1): within 72 hours, unless a risk to people is unlikely. 34(1): to the people, when the risk is high.

    A risk that nobody has weighed yet does not stop the 72 hours: the exception has to be shown.
    """
    if incident.breach is False or incident.risk is BreachRisk.UNLIKELY:
        return
    unsure = () if incident.breach else ("breach",)
    yield _term("gdpr-33", incident, missing=unsure)
    if incident.risk is not BreachRisk.LIKELY:
        yield _term("gdpr-34", incident, missing=(*unsure, *(() if incident.risk else ("risk",))))


# --- AI Act, Articles 26(5) and 73 -----------------------------------------------------------------------------------
def _ai_act(incident: Incident, classification: Classification) -> Iterator[Term]:
    """26(5): the deployer tells the provider and the authority at once. 73: the provider reports, within a term.

    26(5), last sentences: when the deployer cannot reach the provider, Article 73 counts for the deployer.
    """
    if incident.consequences is not None and not incident.consequences and not incident.widespread:
        return
    duties = {d.id: d for d in classification.duties}
    unsure = ("consequences",) if incident.consequences is None else ()
    if "DEP-05" in duties:
        yield _term("ai-26-5", incident, classification, missing=unsure)
    if "PRV-21" in duties:
        yield _term(_of_article_73(incident), incident, classification, missing=unsure)
    elif "DEP-05" in duties and incident.provider_unreachable is not False:
        unreached = () if incident.provider_unreachable else ("provider_unreachable",)
        yield _term(_of_article_73(incident), incident, classification, duty="DEP-05", missing=(*unsure, *unreached))


def _of_article_73(incident: Incident) -> str:
    """The paragraph whose term is the shortest: 73(3) two days, 73(4) ten, otherwise 73(2) fifteen."""
    happened = incident.consequences or frozenset()
    if incident.widespread or Consequence.INFRASTRUCTURE in happened:
        return "ai-73-3"
    return "ai-73-4" if Consequence.DEATH in happened else "ai-73-2"


# --- NIS2, Article 23 ------------------------------------------------------------------------------------------------
def _nis2(incident: Incident, classification: Classification) -> Iterator[Term]:
    """23(4): only for an entity that says that it is essential or important, and for a significant incident."""
    if not classification.facts.nis2_entity or incident.significant is False:
        return
    unsure = () if incident.significant else ("significant",)
    for id_ in ("nis2-warning", "nis2-notification", "nis2-final"):
        yield _term(id_, incident, classification, missing=unsure)


def _term(
    id_: str,
    incident: Incident,
    classification: Classification | None = None,
    *,
    duty: str | None = None,
    missing: tuple[str, ...] = (),
) -> Term:
    """A term with its last moment. With a classification, its duty says from which day it is the law."""
    form = next(t for t in _known().terms if t.id == id_)
    known = {a.id: a for a in law_knowledge().authorities}
    held = None
    if classification is not None:
        held = next((d for d in classification.duties if d.id == (duty or form.rule)), None)
    if held is not None and held.applies == "unknown":
        missing = (*missing, *held.missing)
    later = held is not None and (
        held.applies in ("later", "on_release")
        # Whoever may have the duty does not have it before its day either.
        or (held.from_day is not None and held.from_day > incident.noticed_at.date())
    )
    to = form.to or {lang: ", ".join(known[a].name[lang] for a in form.authorities) for lang in Language}
    return Term(
        id=id_,
        article=form.article,
        title=form.title,
        text=form.text,
        to=to,
        authorities=tuple(known[a] for a in form.authorities),
        certainty=form.sure if held is None else max(form.sure, held.certainty),
        form=form.form,
        by=_by(form, incident),
        applies="later" if later else "unknown" if missing else "now",
        missing=() if later else missing,
        from_day=held.from_day if later and held else None,
        contested=held.contested if later and held else (),
        reported_at=incident.reported.get(id_),
    )


def _by(form: _TermForm, incident: Incident) -> datetime | None:
    noticed = incident.noticed_at
    if form.hours is not None:
        # Through UTC: the clock on the wall jumps twice a year, and 72 hours stay 72 hours.
        return (noticed.astimezone(UTC) + timedelta(hours=form.hours)).astimezone(noticed.tzinfo)
    if form.days is not None:
        return _end_of(noticed.date() + timedelta(days=form.days), noticed)
    if form.months is None:
        return None
    start = incident.reported.get(form.after or "")
    if start is None:
        before = next(t for t in _known().terms if t.id == form.after)
        start = _by(before, incident) or noticed
    return _end_of(_months_later(start.astimezone(noticed.tzinfo).date(), form.months), noticed)


def _end_of(day: date, noticed: datetime) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=noticed.tzinfo)


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last day where it has no such day (Regulation 1182/71, 3(2)(c))."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
