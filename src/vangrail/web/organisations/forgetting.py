"""Forgets what is no longer needed to sign in: attempts, sessions and invitations that are over. Each holds an address on the
network or of a mailbox, which is nobody's business for longer than it serves."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session

from vangrail.web.organisations.models import Invitation

ATTEMPTS = timedelta(days=1)
"""How long a wrong password is remembered: far longer than somebody is locked out, and long enough to look into."""
INVITATIONS = timedelta(days=30)
"""How long an invitation that was used or is over stays in sight."""


def forget(now: datetime) -> None:
    """Delete what is over."""
    AccessAttempt.objects.filter(attempt_time__lt=now - ATTEMPTS).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    Invitation.objects.filter(until__lt=now - INVITATIONS).delete()
