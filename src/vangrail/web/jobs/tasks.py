"""What the worker runs."""

from django_tasks import task

from vangrail.web.jobs import acts


@task()
def do_run(run: int) -> None:
    """Carry out a run, by its number."""
    acts.carry_out(run)
