"""Looks whether a PostgreSQL server answers, before anything is measured on it."""

from vangrail.model.errors import VangrailError

SECONDS = 5


def reach_postgres(name: str, address: str) -> None:
    """Open a session and close it. VangrailError that says why not, without a word of the address: it holds a password."""
    try:
        import psycopg
    except ImportError:
        raise VangrailError(
            "The driver for PostgreSQL is not installed.", do="Install it: pip install 'vangrail[postgres]'"
        ) from None
    try:
        text = psycopg.conninfo.make_conninfo(address, connect_timeout=SECONDS, application_name="vangrail")
        with psycopg.connect(text, autocommit=True) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        said = str(error).lower()
        why = next((reason for sign, reason in _REASONS.items() if sign in said), "The server could not be reached.")
        raise VangrailError(f"{name}: there is no connection.", why=why) from None


_REASONS = {
    "password": "The name or the password is refused.",
    "no pg_hba.conf entry": "The server does not let this computer in.",
    "does not exist": "There is no such database or user.",
    "could not translate": "There is no such computer.",
    "name or service not known": "There is no such computer.",
    "timeout": "The server did not answer in time.",
    "refused": "The computer is there, but no PostgreSQL listens at that port.",
    "missing": "The address is not written as postgresql://user:password@host:5432/database.",
    "invalid": "The address is not written as postgresql://user:password@host:5432/database.",
}
