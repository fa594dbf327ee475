"""Seals what may not be read from a copy of the database: addresses with passwords in them."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from vangrail.model.errors import VangrailError
from vangrail.model.framework import both


def sealed(text: str) -> bytes:
    """The text, encrypted with the secret key of the installation."""
    return _key().encrypt(text.encode())


def opened(token: bytes) -> str:
    """What was sealed. VangrailError when the secret key is another than it was then."""
    try:
        return _key().decrypt(token).decode()
    except InvalidToken as error:
        raise VangrailError(
            both(
                nl="Een bewaarde verbinding kan niet gelezen worden: de geheime sleutel van deze installatie is veranderd.",
                en="A saved connection cannot be read: the secret key of this installation has changed.",
            ),
            do=both(
                nl="Zet het bestand 'secret-key' terug in de datamap, of vul de verbinding opnieuw in.",
                en="Put back the file 'secret-key' in the data folder, or enter the connection again.",
            ),
        ) from error


def _key() -> Fernet:
    digest = hashlib.sha256(b"vangrail connections " + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
