"""Asking for a run, doing it, and finding back what a killed worker left."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.web.applications import measuring
from vangrail.web.applications.models import Application
from vangrail.web.jobs.models import Run
from vangrail.web.organisations.models import Person

SILENT = timedelta(minutes=1)
"""Without a sign of life for so long, a run is lost."""
MOST_ATTEMPTS = 2
KEPT = timedelta(days=3)
_BEAT = timedelta(seconds=10)
_TOLD = timedelta(seconds=2)
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
        if moment - last >= _TOLD:
            Run.objects.filter(pk=run_pk).update(doing=doing[:300])
            last = moment

    try:
        with _beating(run):
            figures = measuring.measure(
                run.application, by=run.asked_by, environment=measuring.connections(run.application), progress=tell
            )
    except VangrailError as error:
        _end(run, Run.State.FAILED, problem=error.said)
    except Exception:
        _log.exception("a measurement failed")
        _end(
            run,
            Run.State.FAILED,
            problem=both(
                nl="Er ging iets mis bij ons; de beheerder vindt het in het serverlog.",
                en="Something went wrong on our side; the administrator finds it in the server's log.",
            ),
        )
    else:
        _end(run, Run.State.DONE, figures=figures)


@contextmanager
def _beating(run: Run) -> Iterator[None]:
    """Give a sign of life while something is done, also where one question to the data takes an hour."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(_BEAT.total_seconds()):
            try:
                Run.objects.filter(pk=run.pk).update(beat_at=timezone.now())
            except DatabaseError:  # busy or gone; the next beat tries again
                _log.warning("run %s could not give a sign of life", run.pk)
            finally:
                connection.close()  # of this thread

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _end(run: Run, state: str, *, figures: int | None = None, problem: Text | None = None) -> None:
    """The end of this attempt. Nothing where it was taken for lost, and another attempt has begun."""
    Run.objects.filter(pk=run.pk, attempts=run.attempts).update(
        state=state, figures=figures, problem=problem or {}, ended_at=timezone.now(), doing=""
    )


def find_lost(*, now: datetime) -> int:
    """Start once more what a killed worker left; what was lost before is marked as failed. Returns how many were found."""
    from vangrail.web.jobs.tasks import do_run

    found = 0
    for run in Run.objects.filter(state=Run.State.AT_WORK, beat_at__lt=now - SILENT):
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
    # A worker that was killed between taking a task and beginning its run leaves a run that nobody is going to do.
    ready = DBTaskResult.objects.ready().filter(task_path=do_run.module_path)
    in_line = {task.args_kwargs["args"][0] for task in ready}
    for run in Run.objects.filter(state=Run.State.ASKED, asked_at__lt=now - SILENT).exclude(pk__in=in_line):
        do_run.enqueue(run.pk)
        found += 1
    return found


def forget_tasks(now: datetime) -> None:
    """What the worker kept of tasks of days ago; also of those that it never ended, whose runs were found meanwhile."""
    DBTaskResult.objects.filter(enqueued_at__lt=now - KEPT).exclude(status=TaskResultStatus.READY).delete()
