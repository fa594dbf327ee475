"""Every setting of an installation, read once and typed. A wrong value stops the start with a message that names it."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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
    "VANGRAIL_EMAIL_URL": "smtp://user:password@host:port for mail; without it mail is written to the data folder",
}


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
    if database.split(":", 1)[0] not in ("sqlite", "postgres", "postgresql"):
        raise VangrailError(
            "VANGRAIL_DATABASE_URL does not start with postgresql:// or sqlite:///.",
            do="Write it as postgresql://user:password@host:5432/name.",
        )
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
        email_url=environ.get("VANGRAIL_EMAIL_URL") or None,
        secret_key=secret,
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


def _yes(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = environ.get(name, "").strip().lower()
    if value not in ("", "yes", "no"):
        raise VangrailError(f"{name} is '{value}'; it can be 'yes' or 'no'.", do=f"Set {name}=yes or {name}=no.")
    return default if not value else value == "yes"


def _secret(file: Path) -> str:
    """The key under sessions and links: made at the first start, kept in the data folder, readable by its owner only."""
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            opened.write(secrets.token_urlsafe(64))
    return file.read_text(encoding="ascii").strip()
