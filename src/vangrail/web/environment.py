"""Every setting of an installation, read once and typed. A wrong value stops the start with a message that names it."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from vangrail.model.errors import VangrailError

VARIABLES = {
    "VANGRAIL_DATA": "the folder that holds everything of this installation: database, ledgers, files, secret key",
    "VANGRAIL_DATABASE_URL": "postgresql://user:password@host/name; an SQLite file in the data folder when left out",
    "VANGRAIL_HOSTS": "the names under which the site is reached, separated by commas",
    "VANGRAIL_ADDRESS": "the address in mails, such as https://ai.gemeente.be; the first of VANGRAIL_HOSTS when left out",
    "VANGRAIL_PROXIES": "how many proxies of your own stand before the site; 0 when left out",
    "VANGRAIL_HTTPS": "'no' only where the site is not behind HTTPS, such as on your own computer",
    "VANGRAIL_DEMO": "'yes' fills the site with a fictitious municipality and shows a role switcher",
    "VANGRAIL_OIDC": "path of a JSON file that describes the identity provider (docs/site.md)",
    "VANGRAIL_TOKEN": "what `vangrail assess --push` shows; the site itself does not read it",
    "VANGRAIL_LANG": "the language of the command line; the site has its own switch",
    "VANGRAIL_HOOK_NETWORKS": "networks inside to which webhooks may go, such as 10.20.0.0/16, separated by commas; none when left out",
    "VANGRAIL_EMAIL_URL": "smtp://user:password@host:port for mail; without it mail is written to the data folder",
}

LEAST_KEY = 50
"""Characters; fewer is no key that we made, and Django warns of it."""


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The settings of an installation."""

    data: Path
    database_url: str
    hosts: tuple[str, ...]
    address: str
    """Where people reach the site, without a slash at the end."""
    proxies: int
    """How many proxies of one's own pass on whose address a visitor has. Believing more lets a visitor choose theirs."""
    https: bool
    demo: bool
    oidc: Path | None
    hook_networks: tuple[IPv4Network | IPv6Network, ...]
    email_url: str | None
    secret_key: str


def read(environ: Mapping[str, str]) -> Environment:
    """The settings, with the data folder made when it is not there. VangrailError that names a wrong variable."""
    unknown = sorted(name for name in environ if name.startswith("VANGRAIL_") and name not in VARIABLES)
    if unknown:
        known = ", ".join(VARIABLES)
        raise VangrailError(f"{unknown[0]} is no setting of Vangrail.", do=f"The settings are: {known}.")
    data = Path(environ.get("VANGRAIL_DATA") or "vangrail-data").resolve()
    try:
        for folder in (data, data / "ledgers", data / "files", data / "mail"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret = _secret(data / "secret-key")
    except OSError as error:
        raise VangrailError(
            f"VANGRAIL_DATA: {data} cannot be written: {error.strerror}.",
            why="The database, the ledgers and the files live there.",
            do="Name a folder in which the user that runs Vangrail may write.",
        ) from error
    database = environ.get("VANGRAIL_DATABASE_URL") or f"sqlite:///{data / 'vangrail.sqlite3'}"
    _check_database(database)
    oidc = environ.get("VANGRAIL_OIDC")
    if oidc and not Path(oidc).is_file():
        raise VangrailError(f"VANGRAIL_OIDC: {oidc} is not there.", do="Point to the JSON file of docs/site.md.")
    hosts = tuple(h.strip() for h in environ.get("VANGRAIL_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h.strip())
    https = _yes(environ, "VANGRAIL_HTTPS", default=True)
    return Environment(
        data=data,
        database_url=database,
        hosts=hosts,
        address=_address(environ, hosts, https=https),
        proxies=_number(environ, "VANGRAIL_PROXIES"),
        https=https,
        demo=_yes(environ, "VANGRAIL_DEMO", default=False),
        oidc=Path(oidc) if oidc else None,
        hook_networks=_networks(environ, "VANGRAIL_HOOK_NETWORKS"),
        email_url=environ.get("VANGRAIL_EMAIL_URL") or None,
        secret_key=secret,
    )


def _check_database(url: str) -> None:
    """VangrailError for an address that no database can have. Whether it answers is seen when it is used."""
    kind = url.split(":", 1)[0]
    how = "Write it as postgresql://user:password@host:5432/name; signs such as @ and / in a password as %40 and %2F."
    if kind not in ("sqlite", "postgres", "postgresql"):
        raise VangrailError("VANGRAIL_DATABASE_URL does not start with postgresql:// or sqlite:///.", do=how)
    try:
        parts = urlsplit(url)
        named = bool(parts.path.strip("/")) and (parts.port or 0) >= 0
    except ValueError:
        named = False
    if not named:
        raise VangrailError("VANGRAIL_DATABASE_URL cannot be read, or names no database.", do=how)
    if kind != "sqlite" and find_spec("psycopg") is None:
        raise VangrailError(
            "VANGRAIL_DATABASE_URL names a PostgreSQL, and its driver is not installed.",
            do='Install it with: pip install "vangrail[web,postgres]"',
        )


def _address(environ: Mapping[str, str], hosts: tuple[str, ...], *, https: bool) -> str:
    address = environ.get("VANGRAIL_ADDRESS", "").strip().rstrip("/")
    if not address:
        return f"{'https' if https else 'http'}://{hosts[0] if hosts else 'localhost'}"
    if not address.startswith(("https://", "http://")):
        raise VangrailError(
            "VANGRAIL_ADDRESS does not start with https://.",
            do="Write it as https://ai.gemeente.be, as people type it.",
        )
    return address


def _number(environ: Mapping[str, str], name: str) -> int:
    value = environ.get(name, "").strip() or "0"
    if not value.isdecimal():
        raise VangrailError(f"{name} is '{value}'; it has to be a whole number.", do=f"Set {name}=1, for instance.")
    return int(value)


def _networks(environ: Mapping[str, str], name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    named = [n.strip() for n in environ.get(name, "").split(",") if n.strip()]
    try:
        return tuple(ip_network(n) for n in named)
    except ValueError as error:
        raise VangrailError(f"{name}: {error}.", do=f"Write it as {name}=10.20.0.0/16,fd12::/32.") from error


def _yes(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = environ.get(name, "").strip().lower()
    if value not in ("", "yes", "no"):
        raise VangrailError(f"{name} is '{value}'; it can be 'yes' or 'no'.", do=f"Set {name}=yes or {name}=no.")
    return default if not value else value == "yes"


def _secret(file: Path) -> str:
    """The key under sessions and links: made at the first start, kept in the data folder, readable by its owner only."""
    if not file.exists():
        # Whole or not at all: who is stopped here leaves no empty key.
        making = file.with_name(f"{file.name}.{os.getpid()}")
        descriptor = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            opened.write(secrets.token_urlsafe(64))
        making.replace(file)
    key = file.read_text(encoding="ascii").strip()
    if len(key) < LEAST_KEY:
        raise VangrailError(
            f"{file} holds no secret key: it is empty or cut off.",
            why="Sessions, links and saved connections are signed and sealed with it.",
            do="Put it back from the last backup. Where there is none, throw the file away: a new key is made, everybody signs "
            "in again, and saved connections are entered again.",
        )
    return key
