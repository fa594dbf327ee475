"""What can be wrong with an installation, and how to mend it. Looks only; changes nothing."""

import shutil
import socket
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import Max
from django.utils import timezone

from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Language
from vangrail.web.applications import ledgers
from vangrail.web.applications.models import Outbox
from vangrail.web.jobs.models import Run
from vangrail.web.organisations import secrets
from vangrail.web.organisations.models import Connection, Organisation

LEAST_FREE_BYTES = 1_000_000_000
WAITS_LONG = timedelta(minutes=10)
_SECONDS = 3.0


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at. `wrong` is empty when it is in order; `do` says how to mend it."""

    what: str
    wrong: str = ""
    do: str = ""


def examine() -> Iterator[Finding]:
    """Everything, one after the other; what depends on the database is left out when that cannot be reached."""
    yield _data_folder(Path(settings.DATA))
    yield _room(Path(settings.DATA))
    yield _keys(Path(settings.DATA))
    yield _https()
    yield _mail()
    yield _provider()
    database = _database()
    yield database
    if database.wrong:
        return
    for look in LOOKS:
        yield look()
    for organisation in Organisation.objects.order_by("slug"):
        yield _ledger(organisation)


def _data_folder(folder: Path) -> Finding:
    what = f"data folder {folder}"
    try:
        probe = folder / ".doctor"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return Finding(
            what=what,
            wrong=f"cannot be written: {error.strerror}",
            do="Give the user that runs Vangrail the right to write there, or name another folder in VANGRAIL_DATA.",
        )
    return Finding(what=what)


def _room(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    what = f"room on the disk: {free // 1_000_000_000} GB free"
    if free < LEAST_FREE_BYTES:
        return Finding(what=what, wrong="less than 1 GB", do="Make room, or move the data folder to a larger disk.")
    return Finding(what=what)


def _keys(folder: Path) -> Finding:
    """The secret key of the installation, and the keys that ledgers are signed with."""
    what = "keys are for their owner only"
    for file in (folder / "secret-key", *sorted(folder.glob("ledgers/*/ledger.key"))):
        try:
            open_to_others = stat.S_IMODE(file.stat().st_mode) & 0o077
        except OSError as error:
            return Finding(what=what, wrong=f"{file}: {error.strerror}", do="Put it back from the last backup.")
        if open_to_others:
            return Finding(what=what, wrong=f"others can read {file}", do=f"Run: chmod 600 {file}")
    return Finding(what=what)


def _https() -> Finding:
    if not settings.SESSION_COOKIE_SECURE and not settings.DEMO:
        return Finding(
            what="HTTPS",
            wrong="VANGRAIL_HTTPS is 'no': cookies travel where others can read them",
            do="Put a server with HTTPS in front, and leave VANGRAIL_HTTPS out.",
        )
    return Finding(what="HTTPS")


def _mail() -> Finding:
    host = getattr(settings, "EMAIL_HOST", "")
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        return Finding(
            what="mail",
            wrong="is written to the data folder; nobody gets a reminder",
            do="Set VANGRAIL_EMAIL_URL=smtp://user:password@host:587.",
        )
    return _reach("mail server", host, settings.EMAIL_PORT)


def _provider() -> Finding:
    oidc = settings.OIDC
    if oidc is None:
        return Finding(what="identity provider: none, local accounts only")
    parts = urlsplit(oidc.issuer)
    return _reach("identity provider", parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))


def _reach(what: str, host: str, port: int) -> Finding:
    try:
        socket.create_connection((host, port), timeout=_SECONDS).close()
    except OSError as error:
        return Finding(
            what=f"{what} {host}:{port}",
            wrong=f"cannot be reached: {error.strerror or error}",
            do="See whether the name is right, whether it runs, and whether the firewall lets it through.",
        )
    return Finding(what=f"{what} {host}:{port}")


def _database() -> Finding:
    what = f"database ({connection.vendor})"
    try:
        connection.ensure_connection()
        waiting = MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes())
    except DatabaseError as error:
        return Finding(
            what=what,
            wrong=f"cannot be used: {str(error).splitlines()[0]}",
            do=f"See whether {connection.settings_dict['NAME']} may be used. Where it is damaged, keep it, and put back the last "
            "backup elsewhere: vangrail restore"
            if connection.vendor == "sqlite"
            else "See whether the server runs, and whether host, name, user and password in VANGRAIL_DATABASE_URL are right.",
        )
    if unknown := newer_than_program():
        return Finding(
            what=what,
            wrong=f"is of a newer version of Vangrail: it has '{unknown}'",
            do="Install that version again, or put back a backup from before it was upgraded.",
        )
    if waiting:
        return Finding(what=what, wrong="is of an older version", do="Start Vangrail once: vangrail serve")
    return Finding(what=what)


def newer_than_program() -> str:
    """A change of the database that this version does not know; empty where it knows them all."""
    loader = MigrationLoader(connection)
    ours = {app for app, _ in loader.disk_migrations}
    unknown = sorted(m for m in loader.applied_migrations if m[0] in ours and m not in loader.disk_migrations)
    replaced = {m for known in loader.disk_migrations.values() for m in known.replaces}
    return next((f"{app}.{name}" for app, name in unknown if (app, name) not in replaced), "")


def _sound_database() -> Finding:
    """SQLite says of itself whether its file is whole; PostgreSQL has its own tools for that."""
    what = "database file is whole"
    if connection.vendor != "sqlite":
        return Finding(what="database integrity: see your PostgreSQL's own checks")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check")
        said = str(cursor.fetchone()[0])
        cursor.execute("PRAGMA journal_mode")
        journal = str(cursor.fetchone()[0])
    if said != "ok":
        return Finding(what=what, wrong=said.splitlines()[0], do="Put back the last backup; the ledgers stand apart.")
    if journal == "wal":
        return Finding(
            what="journal of the database",
            wrong="is in WAL mode, in which older versions of SQLite lose rows",
            do="Run on it: PRAGMA journal_mode=DELETE",
        )
    return Finding(what=what)


def _settings() -> Finding:
    what = "Django's own safety checks"
    try:
        # Without HTTPS half of them repeat that there is none.
        call_command("check", deploy=bool(settings.SESSION_COOKIE_SECURE), fail_level="WARNING", stdout=StringIO())
    except CommandError as error:
        first = next((line for line in str(error).splitlines() if "?:" in line), str(error).splitlines()[0])
        return Finding(what=what, wrong=first.strip().partition(". ")[0], do="See the settings in docs/site.md.")
    return Finding(what=what)


def _worker() -> Finding:
    old = Run.objects.filter(state=Run.State.ASKED, asked_at__lt=timezone.now() - WAITS_LONG).count()
    if old:
        return Finding(
            what="worker",
            wrong=f"{old} measurements wait longer than ten minutes",
            do="Start Vangrail by `vangrail serve`, which runs the worker beside the site.",
        )
    return Finding(what="worker")


def _outbox() -> Finding:
    old = Outbox.objects.filter(sequence=None, at__lt=timezone.now() - WAITS_LONG).count()
    if old:
        return Finding(
            what="ledger outbox",
            wrong=f"{old} entries wait longer than ten minutes",
            do="See below what is wrong with the ledger, and whether Vangrail runs.",
        )
    return Finding(what="ledger outbox")


def _clock() -> Finding:
    """A clock that runs behind is seen by what was written later than now."""
    last = Outbox.objects.order_by("-at").values_list("at", flat=True).first()
    if last is not None and last > datetime.now(UTC) + timedelta(minutes=2):
        return Finding(what="clock", wrong="runs behind what was already written", do="Set the clock by a time server.")
    return Finding(what="clock")


def _sealed() -> Finding:
    """Connections and second factors are sealed with the secret key: with another key nobody can open them."""
    what, lost = "what is sealed with the secret key", []
    for one in Connection.objects.select_related("organisation"):
        try:
            _ = one.address
        except VangrailError:
            lost.append(f"connection {one}")
    factors = 0
    for factor in Authenticator.objects.filter(type=Authenticator.Type.TOTP):
        try:
            secrets.opened(factor.data["secret"].encode())
        except (VangrailError, KeyError):
            factors += 1
    if factors:
        lost.append(f"{factors} second factors")
    if lost:
        return Finding(
            what=what,
            wrong=f"cannot be opened: {', '.join(lost)}. The file 'secret-key' is not the one of then",
            do="Put back the file 'secret-key' from the last backup. Without it: enter the connections again, and have people "
            "set up their second factor anew.",
        )
    return Finding(what=what)


LOOKS: tuple[Callable[[], Finding], ...] = (
    _sound_database,
    _settings,
    _worker,
    _outbox,
    _clock,
    _sealed,
)


def _ledger(organisation: Organisation) -> Finding:
    what = f"ledger of {organisation.slug}"
    if not (ledgers.folder_of(organisation) / "ledger.sqlite").exists():
        written = Outbox.objects.filter(organisation=organisation).exclude(sequence=None).exists()
        if written:
            return Finding(what=what, wrong="is gone", do="Put back its folder from the last backup.")
        return Finding(what=f"{what}: nothing written yet")
    try:
        with ledgers.open_ledger(organisation) as ledger:
            report = ledger.verify()
            last = ledger.leaf(ledger.size - 1).body.get("outbox") if ledger.size else None  # none for what was erased
    except VangrailError as error:
        return Finding(what=what, wrong=error.what[Language.EN], do=error.do[Language.EN])
    if report.problems:
        return Finding(
            what=what,
            wrong=f"{len(report.problems)} problems in {report.size} entries",
            do=f"See them: vangrail ledger verify --ledger {ledgers.folder_of(organisation)}",
        )
    sent = Outbox.objects.filter(organisation=organisation)
    newest = sent.aggregate(newest=Max("sequence"))["newest"]
    if (isinstance(last, int) and not sent.filter(pk=last).exists()) or (newest is not None and newest >= report.size):
        return Finding(
            what=what,
            wrong="and the database are not of the same moment: an older backup of one of the two was put back",
            do="Put back both from the same backup: vangrail restore",
        )
    return Finding(what=f"{what}: {report.size} entries")
