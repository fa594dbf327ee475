"""Looks whether a PostgreSQL server answers, before anything is measured on it."""

from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.tables.wording import said

SECONDS = 5


def reach_postgres(name: str, address: str) -> None:
    """Open a session and close it. VangrailError that says why not, without a word of the address: it holds a password."""
    try:
        import psycopg
    except ImportError:
        raise no_driver(name) from None
    try:
        text = psycopg.conninfo.make_conninfo(address, connect_timeout=SECONDS, application_name="vangrail")
        with psycopg.connect(text, autocommit=True) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        reason_given = str(error).lower()
        why = next((reason for sign, reason in _REASONS.items() if sign in reason_given), _NOT_REACHED)
        raise VangrailError(
            said(name, nl=": er is geen verbinding.", en=": there is no connection."), why=why
        ) from None


def no_driver(where: Text | str) -> VangrailError:
    """What to say without the driver."""
    return VangrailError(
        said(
            where,
            nl=": het stuurprogramma voor PostgreSQL is niet geïnstalleerd.",
            en=": the driver for PostgreSQL is not installed.",
        ),
        do=both(
            nl="Installeer het: pip install 'vangrail[postgres]'", en="Install it: pip install 'vangrail[postgres]'"
        ),
    )


_NO_COMPUTER = both(nl="Zo'n computer is er niet.", en="There is no such computer.")
_NOT_WRITTEN = both(
    nl="Het adres is niet geschreven als postgresql://gebruiker:wachtwoord@computer:5432/databank.",
    en="The address is not written as postgresql://user:password@host:5432/database.",
)
_NOT_REACHED = both(nl="De server was niet te bereiken.", en="The server could not be reached.")
_REASONS = {
    "password": both(nl="De naam of het wachtwoord wordt geweigerd.", en="The name or the password is refused."),
    "no pg_hba.conf entry": both(
        nl="De server laat deze computer niet toe.", en="The server does not let this computer in."
    ),
    "does not exist": both(nl="Zo'n databank of gebruiker is er niet.", en="There is no such database or user."),
    "could not translate": _NO_COMPUTER,
    "name or service not known": _NO_COMPUTER,
    "timeout": both(nl="De server antwoordde niet op tijd.", en="The server did not answer in time."),
    "refused": both(
        nl="De computer is er, maar op die poort luistert geen PostgreSQL.",
        en="The computer is there, but no PostgreSQL listens at that port.",
    ),
    "missing": _NOT_WRITTEN,
    "invalid": _NOT_WRITTEN,
}
