"""Where alerts go: a file of JSON lines, or an address on the web. What could not be delivered waits for the next run."""

import base64
import binascii
import hashlib
import hmac
import http.client
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol

import vangrail
from vangrail.assessment.due import Alert, Figure
from vangrail.cli.writing import require_free
from vangrail.model.card import Card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text
from vangrail.model.vocabulary import Language

Message = dict[str, Any]
"""An alert as it is sent: `alert/1`, described in docs/watch.md."""

TRIES = 3
PAUSES_SECONDS = (1.0, 4.0)
"""How long to wait after the first and after the second try."""
TIME_OUT_SECONDS = 10.0
_START = b'{"vangrail": "alert/1"'
_AGAIN = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)


def message(alert: Alert, *, folder: str, card: Card | None, at: datetime) -> Message:
    """An alert as it is sent. Its id is made from all that it says, so that it can be recognised when it comes twice."""
    body = {
        "vangrail": "alert/1",
        "at": at.isoformat(),
        "kind": alert.kind.value,
        "application": {"folder": folder, "id": card.id if card else None, "name": card.name if card else None},
        "requirement": alert.requirement,
        "title": _text(alert.title),
        "before": alert.before,
        "after": alert.after,
        "because": _text(alert.because),
        "stale": _text(alert.stale),
        "figures": [
            {
                "check": change.after.check,
                "dataset": change.after.dataset,
                "subject": change.after.subject,
                "before": _figure(change.before),
                "after": _figure(change.after),
            }
            for change in alert.figures
        ],
    }
    id_ = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:32]
    return {"vangrail": body.pop("vangrail"), "id": id_, **body}


def _text(text: Text | None) -> dict[str, str] | None:
    return {language.value: text[language] for language in Language if language in text} if text else None


def _figure(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    return {name: getattr(figure, name) for name in ("value", "low", "high", "unit", "rows")}


class Channel(Protocol):
    """Somewhere that alerts go."""

    @property
    def name(self) -> str:
        """What it goes by in the state and in messages; never an address, which can hold a secret."""
        ...

    def send(self, messages: Sequence[Message]) -> tuple[int, str | None]:
        """How many of these were delivered, from the first on; and what was wrong where that is not all of them."""
        ...


@dataclass(frozen=True, kw_only=True)
class AlertFile:
    """A file to which each alert is added as one line of JSON."""

    file: Path

    def __post_init__(self) -> None:
        require_free(self.file, start=_START, what="a file of alerts")

    @property
    def name(self) -> str:
        """The path in full."""
        return f"file {self.file.resolve()}"

    def send(self, messages: Sequence[Message]) -> tuple[int, str | None]:
        """All of them in one write, without those that are there already; whole lines or none."""
        try:
            with self.file.open("a+b") as out:
                out.seek(0)
                held, last = set(), b"\n"
                for line in out:
                    held.add(_id(line))
                    last = line
                new = [m for m in messages if m["id"] not in held]
                lines = b"".join(json.dumps(m, ensure_ascii=False).encode() + b"\n" for m in new)
                # A line that a power cut left half stays what it is: what it should have said comes after it, whole.
                mended = lines if last.endswith(b"\n") else b"\n" + lines
                start = out.seek(0, os.SEEK_END)
                try:
                    out.write(mended)
                    out.flush()
                    os.fsync(out.fileno())
                except OSError:
                    os.truncate(out.fileno(), start)
                    raise
        except OSError as error:
            return 0, f"{self.file} cannot be written: {error.strerror}."
        return len(messages), None


def _id(line: bytes) -> str | None:
    try:
        held = json.loads(line)
    except ValueError:
        return None
    return held.get("id") if isinstance(held, dict) else None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """An answer that sends us elsewhere is a failure: the message would go, unseen, to an address that nobody chose."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """An address to which each alert is posted, signed as Standard Webhooks describes (standardwebhooks.com, 1.0.0).

    variable   the environment variable that holds the address; the secret stands in the same name with _SECRET behind it
    """

    variable: str
    address: str
    secret: bytes

    @classmethod
    def of(cls, variable: str, environment: Mapping[str, str]) -> "Webhook":
        """The webhook of a variable. VangrailError when its address or its secret is not there."""
        address, secret = environment.get(variable, "").strip(), environment.get(f"{variable}_SECRET", "").strip()
        if not address.startswith(("https://", "http://")):
            raise VangrailError(
                f"The environment variable {variable} holds no address."
                if not address
                else f"The address in {variable} begins neither with https:// nor with http://.",
                do=f"Set {variable} to the address that alerts are posted to. It never stands in a file of the application.",
            )
        if not secret:
            raise VangrailError(
                f"The environment variable {variable}_SECRET is not set.",
                why="Each alert is signed with it; without a signature anybody could send false ones to that address.",
                do=f"Make a secret, for example with: openssl rand -base64 32. Give it to the receiver and set {variable}_SECRET.",
            )
        try:
            key = base64.b64decode(secret.removeprefix("whsec_"), validate=True) if secret.startswith("whsec_") else b""
        except binascii.Error as error:
            raise VangrailError(f"What follows 'whsec_' in {variable}_SECRET is not base64.") from error
        return cls(variable=variable, address=address, secret=key or secret.encode())

    @property
    def name(self) -> str:
        """The variable; the address can hold a secret."""
        return f"webhook {self.variable}"

    def send(self, messages: Sequence[Message]) -> tuple[int, str | None]:
        """One after the other, each with a few tries; the first that does not arrive stops the rest."""
        for number, one in enumerate(messages):
            problem = self._post(one)
            if problem is not None:
                return number, f"The webhook of {self.variable} {problem}"
        return len(messages), None

    def _post(self, one: Message) -> str | None:
        body = json.dumps(one, ensure_ascii=False).encode()
        problem: str | None = None
        for pause in (0.0, *PAUSES_SECONDS)[:TRIES]:
            time.sleep(pause)
            moment = str(int(time.time()))
            headers = {
                "Content-Type": "application/json",
                "User-Agent": f"vangrail/{vangrail.__version__}",
                "webhook-id": one["id"],
                "webhook-timestamp": moment,
                "webhook-signature": self.signature(one["id"], moment, body),
            }
            request = urllib.request.Request(self.address, data=body, headers=headers, method="POST")  # noqa: S310  http(s) only, see `of`
            try:
                with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIME_OUT_SECONDS):
                    return None
            except urllib.error.HTTPError as error:
                problem = f"answers {error.code}."
                error.close()
                if error.code < HTTPStatus.INTERNAL_SERVER_ERROR and error.code not in _AGAIN:
                    return problem
            except (OSError, ValueError) as error:  # no route, no such name, no TLS, too late; an address that is none
                reason = getattr(error, "reason", error)
                problem = f"cannot be reached ({type(reason).__name__})."
            except http.client.HTTPException as error:
                problem = f"gives no answer that can be read ({type(error).__name__})."
        return problem

    def signature(self, id_: str, moment: str, body: bytes) -> str:
        """HMAC-SHA256 over id, moment and body, so that a message can be neither made up nor sent again later."""
        signed = hmac.new(self.secret, b".".join((id_.encode(), moment.encode(), body)), hashlib.sha256).digest()
        return f"v1,{base64.b64encode(signed).decode()}"
