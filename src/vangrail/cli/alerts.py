"""Where alerts go: a file of JSON lines, or an address on the web. What could not be delivered waits for the next run."""

import hashlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from vangrail.assessment.due import Alert, Figure
from vangrail.cli.writing import require_free, trouble
from vangrail.exports import webhooks
from vangrail.exports.webhooks import Tried
from vangrail.model.card import Card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import DeliveryOutcome, Language

Message = dict[str, Any]
"""An alert as it is sent: `alert/1`, described in docs/watch.md."""

PAUSES_SECONDS = (1.0, 4.0)
"""How long to wait after the first and after the second try."""
TIME_OUT_SECONDS = 10.0
"""For one try, from looking up the name to the first line of the answer."""
DEADLINE_SECONDS = 60.0
"""For all messages of a run, with their tries and pauses: what is left waits for the next run."""
_START = b'{"vangrail": "alert/1"'


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

    def send(self, messages: Sequence[Message]) -> tuple[int, Text | None]:
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

    def send(self, messages: Sequence[Message]) -> tuple[int, Text | None]:
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
            said = trouble(error, at=self.file)
            return 0, {x: f"{_NOT_WRITTEN[x]} {said[x]}" for x in Language}
        return len(messages), None


_NOT_WRITTEN = both(nl="De meldingen kunnen niet geschreven worden.", en="The alerts cannot be written.")


def _id(line: bytes) -> str | None:
    try:
        held = json.loads(line)
    except ValueError:
        return None
    return held.get("id") if isinstance(held, dict) else None


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """An address to which each alert is posted, signed as Standard Webhooks describes (standardwebhooks.com, 1.0.0).

    variable   the environment variable that holds the address; the secret stands in the same name with _SECRET behind it
    """

    variable: str
    address: str
    key: bytes

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
            key = webhooks.key_of(secret)
        except ValueError as error:
            raise VangrailError(f"What follows 'whsec_' in {variable}_SECRET is not base64.") from error
        return cls(variable=variable, address=address, key=key)

    @property
    def name(self) -> str:
        """The variable; the address can hold a secret."""
        return f"webhook {self.variable}"

    def send(self, messages: Sequence[Message]) -> tuple[int, Text | None]:
        """One after the other, each with a few tries, until the time for all is over; the first that does not arrive stops
        the rest."""
        ends = time.monotonic() + DEADLINE_SECONDS
        for number, one in enumerate(messages):
            problem = self._post(one, ends)
            if problem is not None:
                webhook = both(nl=f"De webhook van {self.variable}", en=f"The webhook of {self.variable}")
                return number, {x: f"{webhook[x]} {problem[x]}" for x in Language}
        return len(messages), None

    def _post(self, one: Message, ends: float) -> Text | None:
        body = json.dumps(one, ensure_ascii=False).encode()
        problem = both(
            nl=f"doet langer dan {DEADLINE_SECONDS:.0f} seconden over alle meldingen.",
            en=f"takes more than {DEADLINE_SECONDS:.0f} seconds for all alerts.",
        )
        for pause in (0.0, *PAUSES_SECONDS):
            left = ends - time.monotonic() - pause
            if left <= 0:
                break
            time.sleep(pause)
            tried = webhooks.post(
                body,
                to=self.address,
                id_=one["id"],
                key=self.key,
                at=int(time.time()),
                seconds=min(TIME_OUT_SECONDS, left),
                allowed=webhooks.everywhere,
            )
            if tried.arrived:
                return None
            problem = _told(tried)
            if not tried.again:
                break
        return problem


def _told(tried: Tried) -> Text:
    if tried.status is not None:
        return both(nl=f"antwoordt {tried.status}.", en=f"answers {tried.status}.")
    match tried.outcome:
        case DeliveryOutcome.LATE:
            return both(
                nl=f"geeft geen antwoord binnen {TIME_OUT_SECONDS:.0f} seconden.",
                en=f"gives no answer within {TIME_OUT_SECONDS:.0f} seconds.",
            )
        case DeliveryOutcome.FAILED:
            return both(
                nl=f"geeft een antwoord dat niet te lezen is ({tried.why}).",
                en=f"gives no answer that can be read ({tried.why}).",
            )
        case _:
            return both(nl=f"is niet bereikbaar ({tried.why}).", en=f"cannot be reached ({tried.why}).")
