"""What the worker runs."""

from django_tasks import task


@task()
def send(hook: int) -> None:
    """Send what waits for an address, by its number."""
    from vangrail.web.hooks import sending

    sending.send_waiting(hook)
