"""Starts an installation with one command: brings the database up to date, then runs the server and the worker beside it.

Beside that, what an administrator does from a terminal: looking what is wrong, making a backup, putting one back.
"""

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from vangrail.model.errors import VangrailError
from vangrail.web import environment

ROUND_SECONDS = 60
STEADY_SECONDS = 10
"""A part that ran for so long was sound; what ended it came from outside."""
LONGEST_PAUSE = 30.0
PORT_SECONDS = 3.0


@click.group()
def main() -> None:
    """The site of Vangrail."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vangrail.web.settings")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option("--open", "show", is_flag=True, help="Open the site in the browser.")
@click.option(
    "--demo", is_flag=True, help="Show a fictitious municipality, in a folder that is thrown away afterwards."
)
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="With --demo: keep it in this folder, and go on with it the next time.",
)
def serve(host: str, port: int, show: bool, demo: bool, keep: Path | None) -> None:
    """Run the site and its worker until it is stopped with Ctrl-C."""
    if host in ("127.0.0.1", "localhost", "::1"):
        os.environ.setdefault("VANGRAIL_HTTPS", "no")
    if not demo:
        _serve(host, port, show=show)
        return
    kept = contextlib.nullcontext(str(keep)) if keep else tempfile.TemporaryDirectory(prefix="vangrail-demo-")
    with kept as folder:
        os.environ |= {"VANGRAIL_DATA": folder, "VANGRAIL_DEMO": "yes"}
        os.environ.pop("VANGRAIL_DATABASE_URL", None)
        _serve(host, port, show=show)


def _serve(host: str, port: int, *, show: bool) -> None:
    if host in ("127.0.0.1", "localhost", "::1"):
        os.environ.setdefault("VANGRAIL_ADDRESS", f"http://localhost:{port}")
    data = environment.read(os.environ).data  # a wrong setting stops the start here, with a message that names it
    with _only_one(data):
        _require_free(host, port)
        prepare()
        address = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}/"
        _tell_first_start(address)
        click.echo(f"Vangrail: {address}   (Ctrl-C stops it)")
        if show:
            threading.Timer(1.5, webbrowser.open, [address]).start()
        _keep_running([["answer", "--host", host, "--port", str(port)], ["work"], ["tick"]])


@contextmanager
def _only_one(data: Path) -> Iterator[None]:
    """Hold the data folder. A second server on it would count attempts apart, and send every reminder twice."""
    try:
        # A lock of SQLite ends with the process, however that ends, and works the same on every system.
        lock = sqlite3.connect(data / "running", timeout=0, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
        lock.execute("CREATE TABLE IF NOT EXISTS running (one INTEGER)")  # what cannot be written is told here
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise VangrailError(
                f"Vangrail already runs on {data}.",
                why="Two servers on one folder would do everything twice.",
                do="Stop the other one first, or give this one a folder of its own with VANGRAIL_DATA.",
            ) from error
        raise VangrailError(
            f"VANGRAIL_DATA: {data} cannot be written: {error}.",
            why="The database, the ledgers and the files live there.",
            do="See whether the disk has room, and whether the user that runs Vangrail may write there.",
        ) from error
    try:
        yield
    finally:
        lock.close()


def _require_free(host: str, port: int) -> None:
    """VangrailError when something else listens there. What a killed server left gets a moment to end."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    until = time.monotonic() + PORT_SECONDS
    while True:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if time.monotonic() > until:
                    raise VangrailError(
                        f"Port {port} of {host} cannot be used: {error.strerror}.",
                        do=f"Stop the program that uses it, or choose another: --port {port + 1}.",
                    ) from error
            else:
                return
        time.sleep(0.2)


@main.command(hidden=True)
@click.option("--host", required=True)
@click.option("--port", type=int, required=True)
@click.option("--under", type=int, required=True)
def answer(host: str, port: int, under: int) -> None:
    """Answer requests: `serve` starts this."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    _end_with(under)
    # One process, which the limits on attempts count on; four threads, so that nobody waits for who waits for the database.
    Server(
        "vangrail.web.answering:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        log_level=LogLevels.warning,
    ).serve()


@main.command(hidden=True)
@click.option("--under", type=int, required=True)
def work(under: int) -> None:
    """Do what was asked to be done in the background: `serve` starts this."""
    import django
    from django.core.management import call_command

    _end_with(under)
    django.setup()
    call_command("db_worker", interval=1, startup_delay=False)


def _end_with(parent: int) -> None:
    """End this process when the one that started it is gone: nobody would stop it or start it again."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.2)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@main.command(hidden=True)
@click.option("--under", type=int, required=True)
def tick(under: int) -> None:
    """Do what is due, round after round: `serve` starts this."""
    import django
    from django.utils import timezone

    _end_with(under)
    django.setup()
    from django.db import close_old_connections

    from vangrail.web.jobs.ticking import tick as tick_once

    while True:
        close_old_connections()  # also one that broke, so that the next round has a new one
        tick_once(now=timezone.now())
        time.sleep(ROUND_SECONDS)


@main.command()
def doctor() -> None:
    """Look at what can be wrong with this installation, and say how to mend it. Changes nothing; exit code 1 when something is."""
    import django

    django.setup()
    from vangrail.web.doctor import examine

    wrong = 0
    for found in examine():
        click.echo(f"{'✕' if found.wrong else '✓'} {found.what}{': ' if found.wrong else ''}{found.wrong}")
        if found.wrong:
            wrong += 1
            click.echo(f"    {found.do}")
    raise click.exceptions.Exit(1 if wrong else 0)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write everything of this installation to one FILE, also while it runs. Who has that file can read all of it: keep it safe."""
    import django

    environment.read(os.environ)
    django.setup()
    from vangrail.web.backup import backup as write

    with _told():
        write(file)
    click.echo(
        f"{file}: {file.stat().st_size / 1e6:.1f} MB. It holds the secret key and the keys of the ledgers: keep it safe."
    )


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def restore(file: Path) -> None:
    """Make an installation of a backup FILE, in an empty VANGRAIL_DATA and an empty database."""
    from vangrail.web.backup import restore as read

    with _told():
        data = read(file, os.environ)
    click.echo(f"Put back in {data}. Look whether all is well: vangrail doctor. Then start it: vangrail serve")


@contextmanager
def _told() -> Iterator[None]:
    """What is wrong with the database or the disk is told to the administrator."""
    from django.db import DatabaseError

    try:
        yield
    except DatabaseError as error:
        raise VangrailError(
            f"The database cannot be used: {str(error).splitlines()[0]}",
            do="Run `vangrail doctor`: it looks at the disk, the rights, the address and the password.",
        ) from error
    except OSError as error:
        raise VangrailError(
            f"{error.filename or 'A file'} cannot be read or written: {error.strerror or error}.",
            do="See whether it is there, whether the disk has room, and whether this user may.",
        ) from error


def prepare() -> None:
    """Bring the database and the static files up to date, and fill a demo. VangrailError when the database cannot be reached."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    from vangrail.web.doctor import newer_than_program

    with _told():
        if unknown := newer_than_program():
            raise VangrailError(
                f"The database is of a newer version of Vangrail: it has '{unknown}', which this one does not know.",
                do="Install that version again, or put back a backup from before it was upgraded.",
            )
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
    if settings.DEMO:
        from vangrail.web import demo

        if not (settings.DATA / demo.MADE).exists():
            click.echo("Making the demo: a fictitious municipality and its data, in about ten seconds ...")
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


def _keep_running(parts: Sequence[Sequence[str]]) -> None:
    """Run these commands of `vangrail.web` until one of the signals to stop; one that ends by itself is started again."""
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    running = [_Part(arguments) for arguments in parts]
    while not stopping.wait(0.5):
        for part in running:
            part.keep()
    for part in running:
        part.process.terminate()
    end = time.monotonic() + 10
    for part in running:
        part.wait_until(end)


class _Part:
    """A command of ours that is started again when it ends: at once the first time, and ever later while it keeps ending."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._command = [sys.executable, "-m", "vangrail.web", *arguments, "--under", str(os.getpid())]
        self._name, self._pause, self._again_at = arguments[0], 0.0, 0.0
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(self._command, start_new_session=True)  # noqa: S603  our own programs
        self._started_at, self._again_at = time.monotonic(), 0.0

    def keep(self) -> None:
        """Start it again when it ended and its pause is over."""
        if self.process.poll() is None:
            return
        now = time.monotonic()
        if not self._again_at:
            self._sweep()
            lasted = now - self._started_at > STEADY_SECONDS
            self._pause = 0.0 if lasted else min(LONGEST_PAUSE, 2 * self._pause or 1.0)
            self._again_at = now + self._pause
            click.echo(f"'{self._name}' ended with code {self.process.returncode}; it is started again.", err=True)
        if now >= self._again_at:
            self._start()

    def _sweep(self) -> None:
        """What it had started itself and could not end."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def wait_until(self, end: float) -> None:
        """Give it until then to end by itself."""
        try:
            self.process.wait(timeout=max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._sweep()
