"""Sends what was measured here to a site: figures and fingerprints, never a row."""

import json
import os
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from vangrail.assessment import storing
from vangrail.assessment.measuring import Run
from vangrail.model.card import RECORDS
from vangrail.model.errors import VangrailError
from vangrail.model.needs import Fingerprint

TOKEN = "VANGRAIL_TOKEN"  # noqa: S105  the name of the variable, not what is in it
TIME_OUT_SECONDS = 30.0
MOST_BYTES = 1_000_000
_LOCAL = ("localhost", "127.0.0.1", "::1")


class _Straight(urllib.request.HTTPRedirectHandler):
    """A token goes to the address that was named, and to no other."""

    def redirect_request(self, *given: Any) -> None:
        """Nowhere."""


def push(run: Run, *, card_digest: str, address: str) -> dict[str, Any]:
    """What the site answered: how many figures it received, how many were new, and the address of the board.

    Figures about records stay here: the site has records of its own.

    Raises VangrailError without a token, for an address that is not https, and for whatever the site refuses.
    """
    token = os.environ.get(TOKEN, "").strip()
    if not token:
        raise VangrailError(
            f"There is no token in the environment variable {TOKEN}.",
            why="The site only takes figures from who shows a token of that application.",
            do="Make one on the site, at the application under 'Sleutels', and put it in that variable.",
        )
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise VangrailError(
            f"--push: {address} does not begin with https://.",
            why="The token would travel where others can read it.",
            do="Name the site as https://vangrail.voorbeeld.be/.",
        )
    body = {
        "cardDigest": card_digest,
        "evidence": [storing.to_body(e) for e in run.evidence if not _of_records(e.measurement.dataset)],
        "fingerprints": {name: _print(f) for name, f in run.fingerprints.items() if not _of_records(name)},
        "models": {name: _print(f) for name, f in run.models.items()},
    }
    request = urllib.request.Request(  # noqa: S310  the scheme was looked at
        f"{address.rstrip('/')}/api/v1/measurements",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        method="POST",
    )
    opener = urllib.request.build_opener(_Straight, urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=TIME_OUT_SECONDS) as answer:
            found: dict[str, Any] = json.loads(answer.read(MOST_BYTES))
            return found
    except urllib.error.HTTPError as error:
        raise VangrailError(f"The site refused the figures ({error.code}): {_why(error)}") from error
    except (OSError, ValueError) as error:
        raise VangrailError(
            f"The site at {parts.hostname} could not be reached or understood.",
            why="The figures are in the ledger here; the site does not have them yet.",
            do="See whether the site runs, and push again.",
        ) from error


def _of_records(name: str) -> bool:
    return name.startswith(RECORDS)


def _print(held: Fingerprint) -> dict[str, Any]:
    return {"algorithm": held.algorithm, "content": held.content, "rows": held.rows, "bytesSha256": held.bytes_sha256}


def _why(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(error.read(MOST_BYTES))["detail"])
    except (ValueError, KeyError, TypeError):
        return error.reason
