"""Tries a connection, by what its address is. Why it fails is told in words of ours: the address holds a password."""

from urllib.parse import urlsplit

from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.predictors.reach import reach_endpoint
from vangrail.tables.reach import reach_postgres


def reach(name: str, address: str) -> None:
    """Open it and close it again. VangrailError when that does not succeed, or for a kind that cannot be tried."""
    scheme = address.partition(":")[0].lower()
    if scheme in ("postgresql", "postgres") or address.lower().startswith(("host=", "dbname=", "service=")):
        reach_postgres(name, address)
    elif scheme in ("http", "https") and urlsplit(address).netloc:
        reach_endpoint(name, address)
    else:
        raise VangrailError(
            both(nl=f"{name} kan niet vooraf geprobeerd worden.", en=f"{name} cannot be tried beforehand."),
            why=both(
                nl="We proberen een adres van PostgreSQL of van een model (https).",
                en="An address of PostgreSQL or of a model (https) can be tried.",
            ),
            do=both(nl="Meet een toepassing die het gebruikt.", en="Measure an application that uses it."),
        )
