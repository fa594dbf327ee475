"""Mails about what colleagues ask: at most one a day for each person, and none when there is nothing to tell."""

import logging
from collections import defaultdict
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from vangrail.web.organisations.models import Membership, Organisation, Person
from vangrail.web.talking.models import Assignment, Call, Reminded

FROM_HOUR = time(7)
"""Nobody gets mail before this hour."""
BEFORE = timedelta(days=3)
"""How long before the day somebody is reminded of it; from then on every day."""
_log = logging.getLogger(__name__)


def remind(now: datetime) -> None:
    """Mail whoever has something to hear. A mail that cannot be sent is tried again at the next round."""
    here = timezone.localtime(now)
    if here.time() < FROM_HOUR:
        return
    today = here.date()
    done = set(Reminded.objects.filter(on=today).values_list("person", flat=True))
    told: dict[tuple[Person, Organisation], list[int]] = defaultdict(lambda: [0, 0, 0])
    for assignment in Assignment.objects.filter(ended_at=None, due__lte=today + BEFORE).select_related(
        "to", "application__organisation"
    ):
        late = assignment.due is not None and assignment.due < today
        told[assignment.to, assignment.application.organisation][1 if late else 0] += 1
    for call in Call.objects.filter(seen_at=None).select_related("person", "comment__application__organisation"):
        told[call.person, call.comment.application.organisation][2] += 1
    members = set(Membership.objects.values_list("person", "organisation"))
    waiting: dict[Person, list[tuple[Organisation, list[int]]]] = defaultdict(list)
    for (person, organisation), counts in told.items():
        if person.is_active and person.pk not in done and (person.pk, organisation.pk) in members:
            waiting[person].append((organisation, counts))
    for person, work in waiting.items():
        _mail(person, work, on=today)


def _mail(person: Person, work: list[tuple[Organisation, list[int]]], *, on: date) -> None:
    """The row is written first and undone when the mail fails, so that two rounds at once send one mail."""
    try:
        with transaction.atomic():
            Reminded.objects.create(person=person, on=on)
            if not person.email.endswith(".invalid"):
                send_mail(
                    "Vangrail: er wacht iets op je", _text(person, work), settings.DEFAULT_FROM_EMAIL, [person.email]
                )
    except IntegrityError:
        return
    except OSError:
        _log.warning("a reminder could not be mailed; it is tried again")


def _text(person: Person, work: list[tuple[Organisation, list[int]]]) -> str:
    """Counts only: what it is about stays on the site, behind the sign-in. In Dutch: a mail knows no choice of language."""
    lines = [f"Dag {person.name},", ""]
    for organisation, (soon, late, called) in sorted(work, key=lambda w: w[0].name):
        lines.append(f"{organisation.name}:")
        lines += [
            f"- {text}: {count}"
            for count, text in (
                (late, "Over tijd"),
                (soon, "Binnenkort af te werken"),
                (called, "Vragen van collega's"),
            )
            if count
        ]
        lines += [f"  {settings.SITE_ADDRESS}{reverse('my_tasks', args=[organisation.slug])}", ""]
    lines.append("Je krijgt hoogstens één bericht per dag.")
    return "\n".join(lines)
