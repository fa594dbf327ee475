"""Sends what waits for an address, in order. After a failure it rests for a while, longer each time; in the end it stops.

One worker at a time holds an address, for a while: one that is killed lets go by itself. A message whose answer was lost is
sent again, with the same id, so a receiver can tell.
"""

import json
import time
from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from vangrail.exports import webhooks
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import DeliveryOutcome
from vangrail.web.hooks.models import Delivery, Hook
from vangrail.web.hooks.tasks import send

PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 480))
"""After each failure in a row; the last one again after that."""
MOST_FAILURES = 8
"""In a row, which takes about 27 hours where the other side is down; then nothing is sent until the administrator tries it."""
SECONDS = 10.0
"""For one try, from looking up the name to the first line of the answer."""
HELD = timedelta(minutes=2)
"""How long a worker holds an address."""
AT_ONCE = 60.0
"""For so many seconds it goes on sending; the next worker takes what is left."""
KEPT = timedelta(days=30)
State = Delivery.State


def send_waiting(hook_pk: int) -> None:
    """Send what waits for this address, unless it rests, was stopped, or is held by another worker."""
    now = timezone.now()
    if not Hook.objects.filter(pk=hook_pk, next_at__lte=now, stopped_at=None).update(next_at=now + HELD):
        return
    hook, ends = Hook.objects.get(pk=hook_pk), time.monotonic() + AT_ONCE
    while (waiting := hook.deliveries.filter(state=State.WAITING).first()) and time.monotonic() < ends:
        if not _arrives(waiting, hook):
            return
    Hook.objects.filter(pk=hook_pk).update(next_at=timezone.now())


def _arrives(delivery: Delivery, hook: Hook) -> bool:
    """One try; whether to go on with the next message."""
    tried, now = _post(delivery, hook), timezone.now()
    state = State.ARRIVED if tried.arrived else State.WAITING if tried.again else State.GIVEN_UP
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, tries=F("tries") + 1, tried_at=now, outcome=tried.outcome.value, status=tried.status
    )
    held = Hook.objects.filter(pk=hook.pk)
    if tried.arrived:
        held.update(failures=0)
        return True
    hook.failures += 1
    if hook.failures >= MOST_FAILURES or tried.status == HTTPStatus.GONE:
        held.update(failures=hook.failures, stopped_at=now)
        hook.deliveries.filter(state=State.WAITING).update(state=State.GIVEN_UP)
        return False
    pause = PAUSES[min(hook.failures, len(PAUSES)) - 1] if tried.again else timedelta()
    held.update(failures=hook.failures, next_at=now + pause)
    return not tried.again


def _post(delivery: Delivery, hook: Hook) -> webhooks.Tried:
    try:
        address, key = hook.address, webhooks.key_of(hook.secret)
    except VangrailError:  # sealed with another key: nothing can be sent, and the administrator has to give it anew
        return webhooks.Tried(outcome=DeliveryOutcome.NOT_ALLOWED)
    return webhooks.post(
        json.dumps(delivery.body, ensure_ascii=False).encode(),
        to=address,
        id_=str(delivery.id_sent),
        key=key,
        at=int(time.time()),
        seconds=SECONDS,
        allowed=allowed,
    )


def allowed(address: webhooks.IpAddress) -> bool:
    """Whether the site may call this address: on the open internet, or in a network that the installation names."""
    return webhooks.public_only(address) or any(address in network for network in settings.HOOK_NETWORKS)


def take_up(now: datetime) -> None:
    """Every address for which something waits and that may be tried again. For the clock."""
    due = Hook.objects.filter(deliveries__state=State.WAITING, next_at__lte=now, stopped_at=None).distinct()
    for pk in due.values_list("pk", flat=True):
        send.enqueue(pk)


def forget(now: datetime) -> None:
    """What was sent, or given up, some time ago."""
    Delivery.objects.exclude(state=State.WAITING).filter(at__lt=now - KEPT).delete()
