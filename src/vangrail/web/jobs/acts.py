"""Asking for a run, doing it, and finding back what a killed worker left."""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.web.applications import measuring
from vangrail.web.applications.models import Application
from vangrail.web.jobs.models import Run
from vangrail.web.organisations.models import Person

SILENT = timedelta(minutes=3)
"""Without a sign of life for so long, a run is lost."""
MOST_ATTEMPTS = 2
_BEAT = timedelta(seconds=2)
_STOPPED_TWICE = both(
    nl="De meting stopte twee keer zonder uitleg.", en="The measurement stopped twice without a reason."
)
_log = logging.getLogger(__name__)


def ask_measurement(*, application: Application, by: Person | None) -> Run:
    """Ask to measure an application; the run that is open already, where there is one."""
    from vangrail.web.jobs.tasks import do_run

    try:
        with transaction.atomic():
            run = Run.objects.create(application=application, asked_by=by, asked_at=timezone.now())
            do_run.enqueue(run.pk)
    except IntegrityError:
        return Run.objects.get(application=application, state__in=Run.OPEN)
    return run


def carry_out(run_pk: int) -> None:
    """Do a run that was asked. A run that was started by another worker meanwhile, or has ended, is left alone."""
    now = timezone.now()
    taken = Run.objects.filter(pk=run_pk, state=Run.State.ASKED).update(
        state=Run.State.AT_WORK, started_at=now, beat_at=now
    )
    if not taken:
        return
    run = Run.objects.select_related("application__organisation", "asked_by").get(pk=run_pk)
    last = now

    def tell(doing: str) -> None:
        nonlocal last
        moment = timezone.now()
        if moment - last >= _BEAT:
            Run.objects.filter(pk=run_pk).update(doing=doing[:300], beat_at=moment)
            last = moment

    try:
        figures = measuring.measure(
            run.application, by=run.asked_by, environment=measuring.connections(run.application), progress=tell
        )
    except VangrailError as error:
        _end(run_pk, Run.State.FAILED, problem=error.said)
    except Exception:
        _log.exception("a measurement failed")
        _end(
            run_pk,
            Run.State.FAILED,
            problem=both(
                nl="Er ging iets mis bij ons; de beheerder vindt het in het serverlog.",
                en="Something went wrong on our side; the administrator finds it in the server's log.",
            ),
        )
    else:
        _end(run_pk, Run.State.DONE, figures=figures)


def _end(run_pk: int, state: str, *, figures: int | None = None, problem: Text | None = None) -> None:
    Run.objects.filter(pk=run_pk).update(
        state=state, figures=figures, problem=problem or {}, ended_at=timezone.now(), doing=""
    )


def find_lost(*, now: datetime) -> int:
    """Start once more what a killed worker left; what was lost before is marked as failed. Returns how many were found."""
    from vangrail.web.jobs.tasks import do_run

    lost = Run.objects.filter(state=Run.State.AT_WORK, beat_at__lt=now - SILENT)
    found = 0
    for run in lost:
        with transaction.atomic():
            again = run.attempts + 1 < MOST_ATTEMPTS
            changed = Run.objects.filter(pk=run.pk, state=Run.State.AT_WORK, beat_at=run.beat_at).update(
                state=Run.State.ASKED if again else Run.State.FAILED,
                attempts=run.attempts + 1,
                ended_at=None if again else now,
                problem={} if again else _STOPPED_TWICE,
            )
            if changed and again:
                do_run.enqueue(run.pk)
        found += changed
    return found
