"""What happens by itself every minute: ledgers get what waits, lost runs are found, and stale evidence shows as stale."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from pydantic import TypeAdapter

from vangrail.ledger import Report
from vangrail.model.errors import VangrailError
from vangrail.web.applications import assessing, ledgers, measuring
from vangrail.web.applications.models import Application, LedgerSeen, Outbox
from vangrail.web.events.watching import watch_all
from vangrail.web.hooks import sending
from vangrail.web.jobs import acts
from vangrail.web.organisations.forgetting import forget
from vangrail.web.organisations.models import Organisation
from vangrail.web.participation import cases, guarding
from vangrail.web.talking.reminding import remind

LOOK_EVERY = timedelta(hours=1)
"""How often the data of an application are looked at."""
VERIFY_EVERY = timedelta(hours=6)
_REPORT = TypeAdapter(Report)
_log = logging.getLogger(__name__)


def tick(*, now: datetime) -> None:
    """Everything that is due. One thing that fails is logged and does not stop the others."""
    for do in TICKS:
        try:
            do(now)
        except Exception:
            _log.exception("%s failed; it is tried again in a minute", getattr(do, "__name__", do))


def deliver_ledgers(now: datetime) -> None:
    """Entries that are still in the outbox."""
    for organisation in Organisation.objects.filter(outbox__sequence=None).distinct():
        ledgers.deliver(organisation)


def verify_ledgers(now: datetime) -> None:
    """Verify each ledger, and remember what was found: the boards show it."""
    due = Organisation.objects.exclude(ledger_seen__seen_at__gt=now - VERIFY_EVERY)
    for organisation in due.filter(pk__in=Outbox.objects.exclude(sequence=None).values("organisation")):
        verify(organisation)


def verify(organisation: Organisation) -> Report:
    """Verify one ledger, and reach the boards of the organisation anew when it is not as it was."""
    with ledgers.open_ledger(organisation) as ledger:
        report, checkpoint = ledger.verify(), ledger.checkpoint
    held = _REPORT.dump_python(report, mode="json")
    before = LedgerSeen.objects.filter(organisation=organisation).first()
    with transaction.atomic():
        LedgerSeen.objects.update_or_create(
            organisation=organisation, defaults={"report": held, "checkpoint": checkpoint, "seen_at": timezone.now()}
        )
    if before is None or before.report.get("problems") != held["problems"]:
        for application in Application.objects.of(organisation):
            assessing.refresh(application)
    return report


def find_lost_runs(now: datetime) -> None:
    """What a killed worker left."""
    acts.find_lost(now=now)


def look_at_data(now: datetime) -> None:
    """Whether data, models and texts are still what was measured."""
    due = Application.everywhere.filter(retired_at=None).exclude(sources_seen__seen_at__gt=now - LOOK_EVERY)
    for application in due.select_related("organisation"):
        try:
            measuring.look(application, environment=measuring.connections(application))
        except VangrailError:
            _log.warning("the data of %s could not be looked at", application)


def reach_boards_of_today(now: datetime) -> None:
    """Boards of another day: time alone makes evidence expire."""
    today = timezone.localdate(now)
    for application in Application.everywhere.exclude(assessed__on=today).select_related("organisation"):
        assessing.refresh(application)


def forget_people_outside(now: datetime) -> None:
    """E-mail addresses of cases that were closed some time ago, and what was counted yesterday."""
    cases.forget_addresses(now)
    guarding.forget_knocks(timezone.localdate(now))


TICKS: Sequence[Callable[[datetime], None]] = (
    deliver_ledgers,
    verify_ledgers,
    find_lost_runs,
    acts.forget_tasks,
    look_at_data,
    watch_all,
    reach_boards_of_today,
    remind,
    forget,
    forget_people_outside,
    sending.take_up,
    sending.forget,
)
