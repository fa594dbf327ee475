"""Looks whether the address of a model answers, before any row is sent to it."""

import socket
import ssl
from urllib.parse import urlsplit

from vangrail.model.errors import VangrailError
from vangrail.model.framework import both

SECONDS = 5


def reach_endpoint(name: str, address: str) -> None:
    """Open a connection, encrypted where the address says https, and close it: nothing is asked. VangrailError when that does
    not succeed, without a word of the address."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        host, port = None, 0
    if not host:
        raise VangrailError(
            both(nl=f"{name}: dit is geen webadres.", en=f"{name}: this is no web address."),
            do=both(nl="Schrijf het als https://server/pad.", en="Write it as https://host/path."),
        )
    try:
        with socket.create_connection((host, port), timeout=SECONDS) as line:
            if parts.scheme == "https":
                with ssl.create_default_context().wrap_socket(line, server_hostname=host):
                    return
    except ssl.SSLError:
        raise VangrailError(
            both(nl=f"{name}: de verbinding is niet veilig.", en=f"{name}: the connection is not safe."),
            why=both(
                nl="Het certificaat van de server is niet te vertrouwen.",
                en="The certificate of the server cannot be trusted.",
            ),
        ) from None
    except TimeoutError:
        raise VangrailError(
            both(nl=f"{name}: de server antwoordde niet op tijd.", en=f"{name}: the server did not answer in time.")
        ) from None
    except OSError:
        raise VangrailError(
            both(nl=f"{name}: op dit adres is er geen server.", en=f"{name}: there is no server at this address.")
        ) from None
