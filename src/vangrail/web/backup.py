"""One file with everything of an installation, made while it runs, and an installation from such a file.

Database and ledgers must be of one moment: whatever the database holds as written in a ledger is there, and nothing is there
that the database does not know. Entries reach a ledger only inside a transaction of the database (`applications/ledgers.py`),
so whoever holds off those who write, holds off both. Reading goes on meanwhile.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

import vangrail
from vangrail.model.errors import VangrailError

ABOUT, SQLITE, DUMP, DATA = "about.json", "database.sqlite3", "database.dump", "data"
_NOT_KEPT = ("static", "running", "running-journal")
"""Made anew at each start."""


def backup(file: Path) -> None:
    """Write everything to one file that only its owner can read. VangrailError when it is there already, or cannot be made."""
    if file.exists():
        raise VangrailError(
            f"{file} is there already.", do="Give another name: a backup is never written over another."
        )
    data, name = Path(settings.DATA), _database_name()
    with tempfile.TemporaryDirectory(prefix=".vangrail-", dir=file.parent) as place:
        part, copies = Path(place) / "part", Path(place) / "copies"
        copies.mkdir()
        with tarfile.open(part, "x:gz", compresslevel=1) as archive:
            part.chmod(0o600)
            # Files are many and change seldom: most are copied before anybody has to wait.
            kept = _add_files(archive, data, but=frozenset())
            with _nobody_writes():
                _copy_database(copies / name)
                _copy_ledgers(data / "ledgers", copies / "ledgers")
            _add_files(archive, data, but=kept)
            if connection.vendor == "sqlite":
                _require_whole(copies / name)
            archive.add(copies / name, name)
            archive.add(copies / "ledgers", f"{DATA}/ledgers")
            about = {"vangrail": vangrail.__version__, "at": timezone.now().isoformat(), "database": connection.vendor}
            (copies / ABOUT).write_text(json.dumps(about), encoding="ascii")
            archive.add(copies / ABOUT, ABOUT)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.rename(file)


@contextmanager
def _nobody_writes() -> Iterator[None]:
    """Hold off whoever wants to write; they wait, for 20 seconds at most on SQLite."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # SQLite's transactions hold the whole file from their beginning
            cursor.execute("LOCK TABLE applications_outbox IN EXCLUSIVE MODE")
        yield


def _copy_database(to: Path) -> None:
    if connection.vendor == "sqlite":
        # By a connection of its own: the one that holds off who writes counts as writing itself.
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as there, closing(sqlite3.connect(to)) as copy:
            there.backup(copy)
        return
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={to}")


def _copy_ledgers(ledgers: Path, to: Path) -> None:
    """Each checkpoint before its database: a database may hold more than was signed, never less."""
    to.mkdir()
    for place in sorted(p for p in ledgers.iterdir() if (p / "ledger.sqlite").exists()):
        copy = to / place.name
        copy.mkdir(mode=0o700)
        for file in sorted(place.iterdir()):
            if not file.name.startswith("ledger.sqlite"):
                shutil.copy2(file, copy)
        with (
            closing(sqlite3.connect(place / "ledger.sqlite")) as there,
            closing(sqlite3.connect(copy / "ledger.sqlite")) as new,
        ):
            there.backup(new)


def _add_files(archive: tarfile.TarFile, data: Path, *, but: frozenset[Path]) -> frozenset[Path]:
    """Every file of the data folder beside database and ledgers; returns which."""
    database = Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None
    added = set(but)
    for folder, folders, names in os.walk(data):
        here = Path(folder)
        if here == data:
            folders[:] = [f for f in folders if f not in (*_NOT_KEPT, "ledgers")]
            names = [n for n in names if n not in _NOT_KEPT]  # noqa: PLW2901
        for file in (here / n for n in names):
            is_database = database is not None and file.name.startswith(database.name) and here == database.parent
            if file in added or is_database:
                continue
            try:
                archive.add(file, f"{DATA}/{file.relative_to(data)}")
            except FileNotFoundError:
                continue  # replaced or removed meanwhile
            added.add(file)
    return frozenset(added)


def restore(file: Path, environ: Mapping[str, str]) -> Path:
    """Make an installation of a backup, in a data folder that is empty and a database that is; returns the folder.

    VangrailError when something is there already, or when the file is no backup, or one for another kind of database.
    """
    data = Path(environ.get("VANGRAIL_DATA") or "vangrail-data").resolve()
    if data.exists() and any(data.iterdir()):
        raise VangrailError(
            f"VANGRAIL_DATA: {data} is not empty.",
            why="Putting a backup over what is there would mix two installations.",
            do="Name an empty folder; or move this one away first, and throw it away when all is well.",
        )
    data.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".vangrail-", dir=data.parent) as place:
        about = _unpack(file, Path(place))
        url = environ.get("VANGRAIL_DATABASE_URL", "")
        if (about.get("database") == "sqlite") != (not url or url.startswith("sqlite:")):
            raise VangrailError(
                f"This backup is of a {about.get('database')} database, and VANGRAIL_DATABASE_URL names another kind.",
                do="Set VANGRAIL_DATABASE_URL to an empty database of that kind; leave it out for SQLite.",
            )
        if data.exists():
            data.rmdir()
        (Path(place) / DATA).rename(data)
        try:
            _put_database(Path(place))
        except BaseException:
            shutil.rmtree(data)
            raise
    return data


def _unpack(file: Path, to: Path) -> dict[str, Any]:
    try:
        with tarfile.open(file) as archive:
            archive.extractall(to, filter="data")
        about: dict[str, Any] = json.loads((to / ABOUT).read_text(encoding="ascii"))
    except FileNotFoundError as error:
        missing = file if not file.exists() else f"In {file}, {ABOUT}"
        raise VangrailError(f"{missing} is not there.", do="Name a file that `vangrail backup` made.") from error
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise VangrailError(
            f"{file} cannot be read as a backup: {error}.", do="Take an older one: this one is damaged or cut off."
        ) from error
    return about


def _put_database(unpacked: Path) -> None:
    """Into the database of the settings, which are read now that the secret key is in its place."""
    import django

    django.setup()
    tables = []
    if connection.vendor == "postgresql" or Path(connection.settings_dict["NAME"]).exists():
        tables = connection.introspection.table_names()
        connection.close()
    if tables:
        raise VangrailError(
            f"The database is not empty: it has {len(tables)} tables.", do="Name an empty one in VANGRAIL_DATABASE_URL."
        )
    if connection.vendor == "sqlite":
        shutil.copy2(unpacked / SQLITE, connection.settings_dict["NAME"])
        _require_whole(Path(connection.settings_dict["NAME"]))
    else:
        _run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
             f"--dbname={connection.settings_dict['NAME']}", str(unpacked / DUMP))  # fmt: skip


def _database_name() -> str:
    return SQLITE if connection.vendor == "sqlite" else DUMP


def _require_whole(file: Path) -> None:
    with closing(sqlite3.connect(file)) as copy:
        said = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if said != "ok":
        raise VangrailError(f"The database is damaged: {said}.", do="Run: vangrail doctor")


def _run(program: str, *arguments: str) -> None:
    """A program of PostgreSQL on the database of the settings. The password goes by its environment, which others cannot read."""
    found = shutil.which(program)
    if found is None:
        raise VangrailError(
            f"{program} is not installed.",
            why="PostgreSQL copies its databases with programs of its own.",
            do="Install those of the same version as the server, on Debian: apt install postgresql-client",
        )
    known = connection.settings_dict
    named = {"PGHOST": known["HOST"], "PGPORT": known["PORT"], "PGUSER": known["USER"], "PGPASSWORD": known["PASSWORD"]}
    named["PGDATABASE"] = known["NAME"]
    done = subprocess.run(  # noqa: S603  found on the path of the administrator, with arguments of ours
        [found, *arguments],
        env={**os.environ, **{k: str(v) for k, v in named.items() if v}},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise VangrailError(
            f"{program} did not succeed: {(done.stderr.strip().splitlines() or ['it said nothing'])[-1]}",
            do="See whether it is of the same version as the server, and whether this user may read everything.",
        )
