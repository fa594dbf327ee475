"""What people do at a gate, and the stop button."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from vangrail.model.board import Assessment
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Gate
from vangrail.model.vocabulary import GateOutcome, LeafKind, MemberRole, Role
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
            raise VangrailError(
                f"The advice of {', '.join(missing)} is missing, or older than the card.",
                why=f"{application.organisation.name} does not open a gate without it.",
                do="Ask for the advice first; keeping the gate shut is possible without.",
            )
        if any(a.given is not None for a in advice) and all(a.given is None or a.given.by == by for a in advice):
            raise VangrailError(
                "All advice comes from the person who decides.",
                why="Two pairs of eyes see more than one: whoever decides cannot be the only adviser.",
                do="Ask somebody else for advice, or let another person decide.",
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
        raise VangrailError("The reason is missing.", do="Write in a few words why.")
    if Stop.is_stopped(application) == stopped:
        raise VangrailError("It was stopped already." if stopped else "It was not stopped.")
    written = Stop(application=application, by=by, at=timezone.now(), stopped=stopped, reasons=reasons)
    written.save()
    acts.tell(application, LeafKind.STOPPED, {"stopped": stopped}, {"by": by.name, "reasons": reasons})
    return written


def _gate(assessment: Assessment) -> Gate:
    if assessment.gate is None:
        raise VangrailError("There is no gate after this phase.")
    return assessment.gate.gate


def roles_of(held: frozenset[MemberRole], allowed: Iterable[Role]) -> list[Role]:
    """The roles in which someone can act, of those that may."""
    return [r for r in allowed if r.value in {h.value for h in held}]
