"""What happens on the site, as messages for who wants to know. Each is written in the transaction of what it tells about."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models.signals import post_save
from django.urls import reverse
from django.utils import timezone

from vangrail.model.vocabulary import HookEvent, Verdict
from vangrail.web.applications.models import Application, Assessed, Decision
from vangrail.web.hooks.models import Delivery, Hook, StaleTold
from vangrail.web.hooks.tasks import send
from vangrail.web.organisations.models import Organisation
from vangrail.web.participation.models import Case
from vangrail.web.publishing.models import Approval, Withdrawal


def tell(event: HookEvent, application: Application, place: str, *numbers: int, **data: Any) -> None:
    """Put it on its way to every address of the organisation that wants to know.

    place   the name of the page where one looks further, with the numbers that are in its address
    """
    here = [application.organisation.slug, application.slug, *numbers]
    about = {
        "organisation": application.organisation.slug,
        "application": application.slug,
        "href": settings.SITE_ADDRESS + reverse(place, args=here),
    }
    wanting = [
        h for h in Hook.objects.filter(organisation=application.organisation_id, stopped_at=None) if event in h.wants
    ]
    for hook in wanting:
        put(hook, event, about | data)


def put(hook: Hook, event: HookEvent, data: Mapping[str, Any]) -> Delivery:
    """One message for one address, in the form of Standard Webhooks; the worker sends it once this is committed."""
    now = timezone.now()
    body = {"type": event.value, "timestamp": now.isoformat(), "data": data}
    made = Delivery.objects.create(hook=hook, event=event.value, body=body, at=now)
    send.enqueue(hook.pk)
    return made


def about(organisation: Organisation) -> dict[str, str]:
    """What a try-out tells: nothing but where it comes from."""
    return {
        "organisation": organisation.slug,
        "href": settings.SITE_ADDRESS + reverse("hooks", args=[organisation.slug]),
    }


def _decided(sender: type[Decision], instance: Decision, created: bool, **_: Any) -> None:
    if created:
        tell(HookEvent.GATE_DECIDED, instance.application, "gate", after=instance.after, outcome=instance.outcome)


def _opened(sender: type[Case], instance: Case, created: bool, **_: Any) -> None:
    if created:
        data = {"kind": instance.kind, "requirement": instance.requirement or None, "due": instance.due.isoformat()}
        tell(HookEvent.CASE_OPENED, instance.application, "case", instance.pk, **data)


def _reviewed(sender: type[Approval], instance: Approval, created: bool, **_: Any) -> None:
    if created and instance.approved:
        tell(HookEvent.PUBLISHED, instance.application, "public_page", publication=instance.publication.number)


def _withdrawn(sender: type[Withdrawal], instance: Withdrawal, created: bool, **_: Any) -> None:
    if created:
        tell(HookEvent.WITHDRAWN, instance.application, "public_page", publication=instance.last.number)


def _assessed(sender: type[Assessed], instance: Assessed, **_: Any) -> None:
    """A board was reached anew: is there evidence that is stale now and was not?"""
    now = _stale(instance.content)
    told, first = StaleTold.objects.get_or_create(application=instance.application, defaults={"requirements": now})
    if first or told.requirements == now:
        return
    new = [r for r in now if r not in told.requirements]
    told.requirements = now
    told.save(update_fields=["requirements"])
    if new:
        tell(HookEvent.EVIDENCE_STALE, instance.application, "board", requirements=new)


def _stale(content: Mapping[str, Any]) -> list[str]:
    """The requirements with a piece of evidence that no longer counts."""
    return [r["id"] for r in content["requirements"] if any(e.get("verdict") == Verdict.EXPIRED for e in r["evidence"])]


def follow() -> None:
    """Once, when the site starts."""
    for model, follower in (
        (Decision, _decided),
        (Case, _opened),
        (Approval, _reviewed),
        (Withdrawal, _withdrawn),
        (Assessed, _assessed),
    ):
        post_save.connect(follower, sender=model, dispatch_uid=f"hooks follow {model.__name__}")
