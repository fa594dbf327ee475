"""The rounds: once a day for each watched application, measure what is due and tell what changed."""

import logging
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pydantic import TypeAdapter

from vangrail import checks, knowledge
from vangrail.assessment import due
from vangrail.assessment.due import Alert, Standing
from vangrail.model.framework import Text
from vangrail.model.vocabulary import LeafKind
from vangrail.web.applications import acts, assessing, measuring
from vangrail.web.applications.models import Application
from vangrail.web.events.models import Round, Watch
from vangrail.web.jobs.acts import ask_measurement
from vangrail.web.jobs.models import Run

FROM_HOUR = time(2)
"""Rounds begin at night, when nobody waits for the machine."""
AHEAD_DAYS = 7
"""A figure that holds for less than a week more is taken anew."""
_SITUATION = TypeAdapter(Mapping[str, Standing])
_log = logging.getLogger(__name__)


def watch_all(now: datetime) -> None:
    """Go on with today's round of every watched application; one that fails leaves the others be."""
    here = timezone.localtime(now)
    if here.time() < FROM_HOUR:
        return
    waiting = Watch.objects.filter(application__retired_at=None).exclude(application__rounds__on=here.date())
    for watch in waiting.select_related("application__organisation"):
        try:
            go_on(watch, now=here)
        except Exception:
            _log.exception("the round of %s failed; it is tried again in a minute", watch.application)


def go_on(watch: Watch, *, now: datetime) -> Round | None:
    """Ask to measure what is due, or end the round once that is done. Nothing while a measurement is at work.

    now   as the clock on the wall says
    """
    application, card = watch.application, assessing.card_of(watch.application)
    today = now.date()
    if application.runs.filter(state__in=Run.OPEN).exists():
        return None
    begun = datetime.combine(today, time(), tzinfo=now.tzinfo)
    measured = application.runs.filter(asked_at__gte=begun, asked_by=None).exists()
    if not measured:
        measuring.look(application, environment=measuring.connections(application))
    state, _ = assessing.state_of(application, card)
    found = due.due(
        checks.plan(card),
        {e.measurement.key: e for e in assessing.evidence_of(application)},
        state,
        valid_months=due.validity(knowledge.framework(), checks.checks()),
        on=today,
        ahead_days=AHEAD_DAYS,
    )
    if found and not measured:
        ask_measurement(application=application, by=None)
        return None
    return _end(watch, now=now, left=len(found), why={d.measurement.key: d.why for d in found})


def _end(watch: Watch, *, now: datetime, left: int, why: Mapping[due.Key, Text]) -> Round | None:
    """Write down how it stands and what changed, and tell it. Nothing when somebody else did so at the same moment."""
    application, today = watch.application, now.date()
    board = assessing.assess(application, on=today).board
    before = _SITUATION.validate_python(watch.situation) if watch.situation is not None else None
    changes = [_shown(alert) for alert in due.alerts(before, board, why)]
    told = list(watch.told.filter(is_active=True, memberships__organisation=application.organisation))
    taken = application.runs.filter(asked_by=None, ended_at__date=today).values_list("figures", flat=True)
    number = left + sum(figures or 0 for figures in taken)
    try:
        with transaction.atomic():
            done = Round.objects.create(
                application=application, on=today, due=number, left=left, told=bool(told), changes=changes
            )
            watch.situation = _SITUATION.dump_python(due.situation(board), mode="json")
            watch.save(update_fields=["situation"])
            body: Any = {"due": number, "measured": number - left, "left": left, "told": bool(told)}
            acts.tell(application, LeafKind.WATCHED, body, None)
    except IntegrityError:
        return None
    if done.waits:
        _mail(application, [person.email for person in told], len(changes), left)
    return done


def _shown(alert: Alert) -> dict[str, Any]:
    """What is kept of an alert: no figure, for the board has those."""
    return {
        "requirement": alert.requirement,
        "kind": alert.kind.value,
        "before": alert.before.value if alert.before else None,
        "after": alert.after.value if alert.after else None,
        "because": dict(alert.because),
    }


def _mail(application: Application, to: list[str], changes: int, left: int) -> None:
    """Counts only: what it is about stays on the site, behind the sign-in. In Dutch: a mail knows no choice of language."""
    place = reverse("events", args=[application.organisation.slug, application.slug])
    lines = [f"{application.organisation.name}: de bewaking van '{application.slug}' vond iets.", ""]
    if changes:
        lines.append(f"- Eisen die veranderden: {changes}")
    if left:
        lines.append(f"- Cijfers die niet berekend konden worden: {left}")
    lines += ["", f"{settings.SITE_ADDRESS}{place}"]
    for address in to:
        if address.endswith(".invalid"):
            continue
        try:
            send_mail("Vangrail: er is iets veranderd", "\n".join(lines), settings.DEFAULT_FROM_EMAIL, [address])
        except OSError:
            _log.warning("what changed could not be mailed; it stands among the tasks")
