"""Starts an installation with one command: brings the database up to date, then runs the server and the worker beside it."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import click

from vangrail.model.errors import VangrailError
from vangrail.web import environment


@click.group()
def main() -> None:
    """The site of Vangrail."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option("--open", "show", is_flag=True, help="Open the site in the browser.")
@click.option(
    "--demo", is_flag=True, help="Show a fictitious municipality, in a folder that is thrown away afterwards."
)
def serve(host: str, port: int, show: bool, demo: bool) -> None:
    """Run the site and its worker until it is stopped with Ctrl-C."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vangrail.web.settings")
    if host in ("127.0.0.1", "localhost", "::1"):
        os.environ.setdefault("VANGRAIL_HTTPS", "no")
    if not demo:
        _serve(host, port, show=show)
        return
    with tempfile.TemporaryDirectory(prefix="vangrail-demo-") as folder:
        os.environ |= {"VANGRAIL_DATA": folder, "VANGRAIL_DEMO": "yes"}
        os.environ.pop("VANGRAIL_DATABASE_URL", None)
        _serve(host, port, show=show)


def _serve(host: str, port: int, *, show: bool) -> None:
    if host in ("127.0.0.1", "localhost", "::1"):
        os.environ.setdefault("VANGRAIL_ADDRESS", f"http://localhost:{port}")
    environment.read(os.environ)  # a wrong setting stops the start here, with a message that names it
    prepare()
    address = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}/"
    _tell_first_start(address)
    commands: Sequence[Sequence[str]] = (
        (sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
         "--log-level", "warning", "--workers", "1", "--blocking-threads", "4", "vangrail.web.wsgi:application"),
        (sys.executable, "-m", "django", "db_worker", "--interval", "1"),
        (sys.executable, "-m", "vangrail.web", "tick"),
    )  # fmt: skip
    click.echo(f"Vangrail: {address}   (Ctrl-C stops it)")
    if show:
        threading.Timer(1.5, webbrowser.open, [address]).start()
    _keep_running(commands)


@main.command()
@click.option("--seconds", default=60, show_default=True, help="The time between two rounds.")
def tick(seconds: int) -> None:
    """Do what is due, round after round: `serve` starts this beside the server."""
    import django
    from django.utils import timezone

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vangrail.web.settings")
    django.setup()
    from django.db import close_old_connections

    from vangrail.web.jobs.ticking import tick as tick_once

    while True:
        close_old_connections()  # also one that broke, so that the next round has a new one
        tick_once(now=timezone.now())
        time.sleep(seconds)


@main.command()
def doctor() -> None:
    """Look at what can be wrong with this installation, and say how to mend it. Changes nothing; exit code 1 when something is."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vangrail.web.settings")
    django.setup()
    from vangrail.web.doctor import examine

    wrong = 0
    for found in examine():
        click.echo(f"{'✕' if found.wrong else '✓'} {found.what}{': ' if found.wrong else ''}{found.wrong}")
        if found.wrong:
            wrong += 1
            click.echo(f"    {found.do}")
    raise click.exceptions.Exit(1 if wrong else 0)


def prepare() -> None:
    """Bring the database and the static files up to date, and fill a demo. VangrailError when the database cannot be reached."""
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import OperationalError

    django.setup()
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        raise VangrailError(
            f"VANGRAIL_DATABASE_URL: the database cannot be used: {str(error).splitlines()[0]}",
            do="See whether it runs, and whether name and password are right.",
        ) from error
    call_command("collectstatic", interactive=False, verbosity=0)
    if settings.DEMO:
        from vangrail.web import demo

        click.echo("Making the demo: a fictitious municipality and its data ...")
        demo.fill()


def _tell_first_start(address: str) -> None:
    """On an empty installation: the one link by which the first administrator begins."""
    from django.conf import settings
    from django.urls import reverse

    from vangrail.web.organisations import first_start

    token = None if settings.DEMO else first_start.new_token()
    if token is None:
        return
    base = settings.SITE_ADDRESS if settings.SITE_ADDRESS.startswith("https://") else address.rstrip("/")
    click.echo("Nog leeg. Open deze link om te beginnen; hij werkt één keer, en elke start maakt een nieuwe.")
    click.echo("Still empty. Open this link to begin; it works once, and each start makes a new one.")
    click.echo(f"  {base}{reverse('first_start', args=[token])}")


def _keep_running(commands: Sequence[Sequence[str]]) -> None:
    """Run these until one of the signals to stop; one that ends by itself is started again, at most once a second."""
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    running = [subprocess.Popen(c, start_new_session=True) for c in commands]  # noqa: S603  our own programs
    while not stopping.wait(1):
        for place, process in enumerate(running):
            if process.poll() is not None:
                click.echo(
                    f"{Path(commands[place][2]).name} stopped with code {process.returncode}; starting it again."
                )
                running[place] = subprocess.Popen(commands[place], start_new_session=True)  # noqa: S603
    for process in running:
        process.terminate()
    end = time.monotonic() + 10
    for process in running:
        try:
            process.wait(timeout=max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
