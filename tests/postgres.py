"""A throw-away PostgreSQL cluster for tests: in a folder of its own, on a socket of its own, gone afterwards."""

import os
import pwd
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote


@dataclass(frozen=True)
class Cluster:
    """A running server."""

    folder: Path
    password: str
    programs: Path
    user: tuple[str, ...]
    """What to put before a command so that it runs as the server's user."""

    def connection(self, *, password: str | None = None, database: str = "postgres") -> str:
        """A connection string."""
        return f"host={self.folder} dbname={database} user=vangrail password={password or self.password}"

    @property
    def url(self) -> str:
        """The same, as VANGRAIL_DATABASE_URL takes it."""
        return f"postgresql://vangrail:{self.password}@{quote(str(self.folder), safe='')}/postgres"

    def stop(self) -> None:
        """Stop the server at once, as a crash would."""
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = (
            f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c fsync=off -c max_connections=40"
        )
        self._control("start", "-w", "-o", options, "-l", str(self.folder / "log"))

    def _control(self, *arguments: str) -> None:
        command = [*self.user, str(self.programs / "pg_ctl"), "-D", str(self.folder / "data"), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


def programs() -> Path | None:
    """Where the server's programs are: on the path, or where Debian puts them."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    return versions[-1].parent if versions else None


@contextmanager
def cluster(programs: Path) -> Iterator[Cluster]:
    """Make a cluster, run it, and remove it. PostgreSQL refuses to run as root, so root lends it to user postgres."""
    folder = Path(tempfile.mkdtemp(prefix="vg-pg-"))
    user: tuple[str, ...] = ()
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        user = ("setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups")
    password = secrets.token_hex(8)
    secret = folder / "password"
    secret.write_text(password)
    secret.chmod(0o644)
    command = [*user, str(programs / "initdb"), "-D", str(folder / "data"), "-U", "vangrail", "-A", "scram-sha-256"]
    command += [f"--pwfile={secret}", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
    made = Cluster(folder=folder, password=password, programs=programs, user=user)
    try:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
        made.start()
        yield made
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Run a command with a throw-away cluster as the database of the site: python tests/postgres.py pytest tests/web."""
    found = programs()
    if found is None:
        sys.exit("no PostgreSQL server found (initdb): install Debian's package 'postgresql'")
    with cluster(found) as running:
        os.environ["VANGRAIL_DATABASE_URL"] = running.url
        done = subprocess.run(sys.argv[1:], check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
