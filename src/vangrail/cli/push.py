"""Sends what was measured here to a site: figures and fingerprints, never a row."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What the site says that it has: how many figures it received, how many were new, and the address of the board."""

    received: int
    new: int
    board: str


class _Straight(urllib.request.HTTPRedirectHandler):
    """A token goes to the address that was named, and to no other."""

    def redirect_request(self, *given: Any) -> None:
        """Nowhere."""


@dataclass(frozen=True, kw_only=True)
class Destination:
    """A site, and the token that opens one of its applications."""

    address: str
    token: str = field(repr=False)

    @classmethod
    def of(cls, address: str, environment: Mapping[str, str]) -> "Destination":
        """VangrailError without a token, or for an address that is not https: said before anything is measured."""
        token = environment.get(TOKEN, "").strip()
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
        return cls(address=address.rstrip("/"), token=token)


def push(run: Run, *, application: str, card_digest: str, to: Destination) -> Taken:
    """Send the figures of a run; returns what the site answered.

    Figures about records stay here: the site has records of its own.

    Raises VangrailError for whatever the site refuses, and where there is no site.
    """
    body = {
        "application": application,
        "cardDigest": card_digest,
        "evidence": [storing.to_body(e) for e in run.evidence if not _of_records(e.measurement.dataset)],
        "fingerprints": {name: _print(f) for name, f in run.fingerprints.items() if not _of_records(name)},
        "models": {name: _print(f) for name, f in run.models.items()},
    }
    request = urllib.request.Request(  # noqa: S310  the scheme was looked at
        f"{to.address}/api/v1/measurements",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {to.token}", "Content-Type": "application/json"},
        method="POST",
    )
    opener = urllib.request.build_opener(_Straight, urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=TIME_OUT_SECONDS) as answer:
            said = json.loads(answer.read(MOST_BYTES))
            return Taken(received=int(said["received"]), new=int(said["new"]), board=str(said["board"]))
    except urllib.error.HTTPError as error:
        raise VangrailError(f"The site refused the figures ({error.code}): {_why(error)}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise VangrailError(
            f"The site at {urlsplit(to.address).hostname} could not be reached, or is no site of Vangrail.",
            why="The figures are in the ledger here; whether the site has them is not certain.",
            do="See whether the site runs, and push again: what it has already is not kept twice.",
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
