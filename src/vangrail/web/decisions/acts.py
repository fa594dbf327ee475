"""What people do at a gate, and the stop button."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from vangrail import knowledge
from vangrail.exports import formatting
from vangrail.model.board import Assessment
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Gate, both
from vangrail.model.vocabulary import GateOutcome, Language, LeafKind, MemberRole, Role
from vangrail.web.applications import acts, assessing
from vangrail.web.applications.models import Application, Decision
from vangrail.web.decisions.models import Advice, Stop
from vangrail.web.organisations.models import Person


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The advice of a role: asked by the framework or the organisation, and given or not."""

    role: Role
    must: bool
    """Whether the organisation does not open a gate without it."""
    given: Advice | None
    outdated: bool
    """Whether the card has changed since."""


def advice_for(application: Application, gate: Gate) -> list[Asked]:
    """What advisers said about this gate, and whose advice is still missing."""
    required = {Role(r) for r in application.organisation.advice_required}
    roles = [r for r in Role if r in required or r in gate.advice_of]
    given = {a.role: a for a in Advice.objects.filter(application=application, after=gate.after).select_related("by")}
    number = application.version.number
    return [
        Asked(
            role=role,
            must=role in required,
            given=given.get(role.value),
            outdated=role.value in given and given[role.value].version != number,
        )
        for role in roles
    ]


@transaction.atomic
def advise(*, application: Application, by: Person, role: Role, favourable: bool, text: str) -> Advice:
    """An adviser says what they think of opening the gate. It informs; it never decides."""
    gate = _gate(assessing.assess(application, on=timezone.localdate()))
    acts.require_reasons(text)
    written = Advice(
        application=application,
        by=by,
        at=timezone.now(),
        after=gate.after.value,
        role=role.value,
        favourable=favourable,
        text=text,
        version=application.version.number,
    )
    written.save()
    body = {"after": gate.after.value, "favourable": favourable, "role": role.value}
    acts.tell(application, LeafKind.REVIEWED, body, {"by": by.name, "text": text})
    return written


@transaction.atomic
def decide(*, application: Application, outcome: GateOutcome, by: Person, role: Role, reasons: str) -> Decision:
    """Open the gate or keep it shut. VangrailError while required advice is missing, or without a second pair of eyes."""
    gate = _gate(assessing.assess(application, on=timezone.localdate()))
    if outcome is GateOutcome.OPENED:
        advice = advice_for(application, gate)
        missing = [a.role for a in advice if a.must and (a.given is None or a.outdated)]
        if missing:
            nl, en = (
                ", ".join(formatting.word(f"role.{r}", x, knowledge.framework()) for r in missing) for x in Language
            )
            name = application.organisation.name
            raise VangrailError(
                both(
                    nl=f"Dit advies ontbreekt, of het is ouder dan de kaart: {nl}.",
                    en=f"This advice is missing, or older than the card: {en}.",
                ),
                why=both(nl=f"Zonder opent {name} geen poort.", en=f"{name} does not open a gate without it."),
                do=both(
                    nl="Vraag eerst het advies. De poort dicht houden kan ook zonder.",
                    en="Ask for the advice first; keeping the gate shut is possible without.",
                ),
            )
        if any(a.given is not None for a in advice) and all(a.given is None or a.given.by == by for a in advice):
            raise VangrailError(
                both(
                    nl="Alle advies komt van wie beslist.",
                    en="All advice comes from the person who decides.",
                ),
                why=both(
                    nl="Vier ogen zien meer dan twee: wie beslist, kan niet de enige adviseur zijn.",
                    en="Two pairs of eyes see more than one: whoever decides cannot be the only adviser.",
                ),
                do=both(
                    nl="Vraag iemand anders om advies, of laat iemand anders beslissen.",
                    en="Ask somebody else for advice, or let another person decide.",
                ),
            )
    return acts.decide(application=application, outcome=outcome, by=by, role=role, reasons=reasons)


@transaction.atomic
def stop(*, application: Application, by: Person, reasons: str) -> Stop:
    """Stop the application, now. One reason is enough; whoever hesitates can resume later."""
    return _switch(application, by=by, reasons=reasons, stopped=True)


@transaction.atomic
def resume(*, application: Application, by: Person, reasons: str) -> Stop:
    """Take a stopped application up again."""
    acts.require_reasons(reasons)
    return _switch(application, by=by, reasons=reasons, stopped=False)


def _switch(application: Application, *, by: Person, reasons: str, stopped: bool) -> Stop:
    if not reasons.strip():
        raise VangrailError(
            both(nl="De reden ontbreekt.", en="The reason is missing."),
            do=both(nl="Schrijf in enkele woorden waarom.", en="Write in a few words why."),
        )
    if Stop.is_stopped(application) == stopped:
        raise VangrailError(
            both(nl="Ze was al gestopt.", en="It was stopped already.")
            if stopped
            else both(nl="Ze was niet gestopt.", en="It was not stopped.")
        )
    written = Stop(application=application, by=by, at=timezone.now(), stopped=stopped, reasons=reasons)
    written.save()
    acts.tell(application, LeafKind.STOPPED, {"stopped": stopped}, {"by": by.name, "reasons": reasons})
    return written


def _gate(assessment: Assessment) -> Gate:
    if assessment.gate is None:
        raise VangrailError(both(nl="Na deze fase is er geen poort.", en="There is no gate after this phase."))
    return assessment.gate.gate


def roles_of(held: frozenset[MemberRole], allowed: Iterable[Role]) -> list[Role]:
    """The roles in which someone can act, of those that may."""
    return [r for r in allowed if r.value in {h.value for h in held}]
