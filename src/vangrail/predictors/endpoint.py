"""A model that answers at an address: rows in a small JSON contract of ours, or a conversation in OpenAI's.

Rows      POST {"rows": [{column: value}]} -> {"predictions": [{"score": 0.7, "advice": true} | {"error": "..."}],
          "version": "..."}. No rows give no predictions: so its version is asked. `version` may be left out.
Language  POST {"model": ..., "messages": [{"role": "user", "content": ...}]} -> {"choices": [{"message": {"content": ...}}]}

The address and the key come from the environment, never from a card. No proxy of the environment is used and no
redirection is followed: the rows go to the address that somebody chose, and nowhere else.
"""

import contextlib
import hashlib
import http.client
import ipaddress
import json
import math
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

import numpy as np

from vangrail.model import card
from vangrail.model.errors import OutOfReach, VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.needs import Columns, Fingerprint, Predictions, Value
from vangrail.predictors import answering

AT_ONCE = 100
_AGAIN, _NEAR = 3, 0.01
"""Of the range of the scores: arithmetic on another machine, or in another batch, differs less."""
SECONDS = 60.0
"""The longest that one question may take, from the first byte to the last."""
MOST_BYTES = 10_000_000
MOST_TOKENS = 400
"""Enough to see what a language model does with a question, and a bound on what a run costs."""
_TRIES = 4
_BUSY = {429, 500, 502, 503, 504}
"""Asked again: too busy, or a fault that mostly is gone the next time. The question changes nothing where it is answered."""
_LONGEST_WAIT = 60.0
_CONTRACT = both(
    nl='Het moet antwoorden: {"predictions": [{"score": 0.7, "advice": true}]}, één per rij, in dezelfde volgorde.',
    en='It must answer {"predictions": [{"score": 0.7, "advice": true}]}, one per row, in the same order.',
)
_CHAT = both(
    nl='Het moet antwoorden: {"choices": [{"message": {"content": "..."}}]}.',
    en='It must answer {"choices": [{"message": {"content": "..."}}]}.',
)


def open_(
    model: card.Model, name: str, environment: Mapping[str, str], *, where: str
) -> "RowsEndpoint | LanguageEndpoint":
    """The endpoint whose address is in the environment variable `name`, with the key in `name`_KEY if there is one."""
    address = environment.get(name, "").strip()
    if not name or not address:
        raise VangrailError(
            both(
                nl=f"{where}: de omgevingsvariabele '{name}' bevat geen adres.",
                en=f"{where}: the environment variable '{name}' holds no address.",
            ),
            do=both(
                nl=f"Zet het adres erin voor je start, bijvoorbeeld: export {name or 'NAAM'}=https://...",
                en=f"Set it before you start, for instance: export {name or 'NAME'}=https://...",
            ),
        )
    line = Line(where=where, variable=name, address=_checked(address, name, where), key=environment.get(f"{name}_KEY"))
    return LanguageEndpoint(model, line) if model.kind == card.LANGUAGE else RowsEndpoint(model, line)


def _checked(address: str, name: str, where: str) -> SplitResult:
    """The parts of an address. Messages name the variable and not the address, which can hold a secret."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise _no_address(name, where) from error
    if parts.scheme not in {"http", "https"} or not host or any(c.isspace() or ord(c) < 32 for c in address):
        raise _no_address(name, where)
    if parts.username or parts.password:
        raise VangrailError(
            both(
                nl=f"{where}: in de omgevingsvariabele '{name}' staat een naam of een wachtwoord.",
                en=f"{where}: '{name}' in the environment holds a name or a password.",
            ),
            do=both(
                nl=f"Zet de sleutel in de omgevingsvariabele '{name}_KEY'.",
                en=f"Put the key in the environment variable '{name}_KEY'.",
            ),
        )
    return parts


def _no_address(name: str, where: str) -> VangrailError:
    return VangrailError(
        both(
            nl=f"{where}: in de omgevingsvariabele '{name}' staat geen webadres dat begint met http of https.",
            en=f"{where}: '{name}' in the environment is no web address that starts with http or https.",
        )
    )


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line to one address."""

    where: str
    variable: str
    address: SplitResult
    key: str | None = None
    seconds: float = SECONDS

    def __post_init__(self) -> None:
        if self.key and self.address.scheme == "http" and not _is_this_machine(self.address.hostname or ""):
            raise VangrailError(
                both(
                    nl=f"{self.where}: de sleutel in '{self.variable}_KEY' zou onversleuteld verstuurd worden.",
                    en=f"{self.where}: '{self.variable}_KEY' would be sent unencrypted.",
                ),
                do=both(
                    nl=f"Zet in '{self.variable}' een adres dat begint met https.",
                    en=f"Use an address in '{self.variable}' that starts with https.",
                ),
            )

    def post(self, body: Mapping[str, Any]) -> tuple[int, bytes]:
        """What it answers: status and body. Where it is busy or faulty it is asked again, at most three times."""
        sent = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
        for attempt in range(1, _TRIES + 1):
            status, headers, content = self._once(sent)
            if status not in _BUSY or attempt == _TRIES:
                break
            time.sleep(_wait(headers.get("retry-after"), headers.get("date"), attempt))
        if 300 <= status < 400:
            raise VangrailError(
                both(
                    nl=f"{self.where}: het adres in '{self.variable}' stuurt door naar een ander adres.",
                    en=f"{self.where}: the address in '{self.variable}' sends on to another one.",
                ),
                why=both(
                    nl="Dat volgen we niet: de gegevens zouden naar een plaats gaan die niemand koos.",
                    en="That is not followed: the rows would go to a place that nobody chose.",
                ),
                do=both(
                    nl=f"Zet het uiteindelijke adres in '{self.variable}'.",
                    en=f"Put the final address in '{self.variable}'.",
                ),
            )
        if status in {401, 403}:
            raise VangrailError(
                both(
                    nl=f"{self.where} weigert toegang (status {status}).",
                    en=f"{self.where} refuses access (status {status}).",
                ),
                do=both(
                    nl=f"Zet de juiste sleutel in de omgevingsvariabele '{self.variable}_KEY'.",
                    en=f"Put the right key in the environment variable '{self.variable}_KEY'.",
                ),
            )
        return status, content

    def _once(self, sent: bytes) -> tuple[int, http.client.HTTPMessage, bytes]:
        """One question. The watch ends the connection when time is up, however slowly bytes drip in."""
        host, port = self.address.hostname or "", self.address.port
        connection = (
            http.client.HTTPSConnection(host, port, timeout=self.seconds, context=ssl.create_default_context())
            if self.address.scheme == "https"
            else http.client.HTTPConnection(host, port, timeout=self.seconds)
        )
        headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "vangrail"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key.strip()}"
        path = (self.address.path or "/") + (f"?{self.address.query}" if self.address.query else "")
        over = threading.Event()
        watch: threading.Timer | None = None
        try:
            connection.connect()
            # The connection lets go of its socket while an answer is read, so the watch holds it.
            watch = threading.Timer(self.seconds, _end, (connection.sock, over))
            watch.daemon = True
            watch.start()
            connection.request("POST", path, body=sent, headers=headers)
            answer = connection.getresponse()
            content = answer.read(MOST_BYTES + 1)
            if answer.length and len(content) <= MOST_BYTES:
                raise http.client.IncompleteRead(content, answer.length)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if over.is_set() or isinstance(error, TimeoutError):
                raise answering.late(self.where, self.seconds) from error
            if isinstance(error, ssl.SSLCertVerificationError):
                raise self._untrusted() from error
            why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
            raise OutOfReach(
                both(
                    nl=f"{self.where} is niet bereikbaar op het adres in '{self.variable}' ({why}).",
                    en=f"{self.where} cannot be reached at the address in '{self.variable}': {why}.",
                ),
                do=both(
                    nl="Kijk na of het adres klopt, en of het vanaf deze computer antwoordt.",
                    en="See whether the address is right and whether it answers from this machine.",
                ),
            ) from error
        finally:
            if watch is not None:
                watch.cancel()
            connection.close()
        if over.is_set():
            raise answering.late(self.where, self.seconds)
        if len(content) > MOST_BYTES:
            megabytes = MOST_BYTES // 1_000_000
            raise VangrailError(
                both(
                    nl=f"{self.where} antwoordt met meer dan {megabytes} MB op één vraag.",
                    en=f"{self.where} answers with more than {megabytes} MB to one question.",
                )
            )
        return answer.status, answer.headers, content

    def _untrusted(self) -> OutOfReach:
        return OutOfReach(
            both(
                nl=f"{self.where}: het certificaat op het adres in '{self.variable}' is niet te vertrouwen.",
                en=f"{self.where}: the certificate at the address in '{self.variable}' cannot be trusted.",
            ),
            why=both(
                nl="Dan is niet zeker dat de gegevens gaan naar wie je denkt. Er is niets verstuurd.",
                en="So it is not certain that the rows go to whom you think. Nothing was sent.",
            ),
            do=both(
                nl="Een certificaat van je eigen organisatie? Zet het bestand ervan in de omgevingsvariabele SSL_CERT_FILE.",
                en="Is it a certificate of your own organisation? Put its file in the environment variable SSL_CERT_FILE.",
            ),
        )

    def fingerprint(self, kind: str, *versions: str | None) -> Fingerprint:
        """SHA-256 of the address without its query, and of the versions that are stated."""
        place = f"{self.address.scheme}://{self.address.hostname}:{self.address.port or ''}{self.address.path}"
        stated = json.dumps([place, *versions], ensure_ascii=False)
        return Fingerprint(algorithm=f"vangrail-1/{kind}", content=hashlib.sha256(stated.encode()).hexdigest(), rows=0)


def _end(line: socket.socket, over: threading.Event) -> None:
    over.set()
    with contextlib.suppress(OSError):  # it was closed already
        line.shutdown(socket.SHUT_RDWR)


def _wait(asked: str | None, said_at: str | None, attempt: int) -> float:
    """Seconds until the next try, as the server asks: a number, or a moment by its own clock (RFC 9110, section 10.2.3)."""
    seconds = 2.0**attempt / 2
    if asked is not None and asked.strip().isdigit():
        seconds = float(asked)
    elif asked is not None and said_at is not None:
        with contextlib.suppress(ValueError, TypeError):
            seconds = max(seconds, (parsedate_to_datetime(asked) - parsedate_to_datetime(said_at)).total_seconds())
    return min(seconds, _LONGEST_WAIT)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _json(content: bytes, where: str, contract: Text) -> Any:
    def refuse(_: str) -> None:
        raise ValueError

    try:
        return json.loads(content, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        # Mostly a page that says that the service is away for a while.
        raise OutOfReach(
            both(
                nl=f"{where} antwoordt met iets dat geen JSON is.",
                en=f"{where} answers with something that is no JSON.",
            ),
            do=contract,
        ) from error


class RowsEndpoint(answering.NoConversation):
    """A model that answers about rows at an address."""

    def __init__(self, model: card.Model, line: Line) -> None:
        self.where, self._model, self._line = line.where, model, line
        self._version: Any = None
        self._asked = 0
        self._in_order = False

    def predict(self, rows: Columns) -> Predictions:
        """What it says about each row. A missing value goes as null; an error about a row is no answer."""
        names = list(self._model.inputs or rows)
        number = len(rows[names[0]]) if names else 0
        self._require_agreed(number if self._in_order else number + 2 * (1 + _AGAIN))
        parts = []
        for start in range(0, number, AT_ONCE):
            sent = [{n: _plain(rows[n][i]) for n in names} for i in range(start, min(start + AT_ONCE, number))]
            said = self._some(sent)
            if not self._in_order:
                self._require_order(sent, said)
            parts.append(said)
        return answering.together(parts)

    def fingerprint(self) -> Fingerprint:
        """Its address, the version on the card, and the version that it states. Not what runs behind it."""
        stated = self._ask([]).get("version")
        self._version = stated if isinstance(stated, str) else None
        return self._line.fingerprint("endpoint", self._model.version, self._version)

    def close(self) -> None:
        """Nothing is held open between questions."""

    def _require_order(self, sent: Sequence[Mapping[str, Any]], said: Predictions) -> None:
        """VangrailError where the rows with the highest and the lowest score are told otherwise when asked by themselves.

        Answers in another order would give figures about other rows, and nothing else shows it. A model that also differs
        from itself when it is asked the same again is not blamed for its order; small differences are of its arithmetic.
        """
        places = np.flatnonzero(said.answered)
        score = said.score[places]
        if not len(places) or not 0 < score.max() - score.min() < math.inf:
            return
        near = _NEAR * (score.max() - score.min())
        for place in (places[score.argmax()], places[score.argmin()]):
            alone = self._some([sent[place]])
            if alone.answered[0] and abs(alone.score[0] - said.score[place]) <= near:
                continue
            again = [self._some([sent[place]]) for _ in range(_AGAIN)]
            if any(alone.answered[0] != a.answered[0] or abs(alone.score[0] - a.score[0]) > near for a in again):
                break
            raise VangrailError(
                both(
                    nl=f"{self.where} zegt over een rij iets anders als ze alleen gevraagd wordt dan samen met andere.",
                    en=f"{self.where} says something else about a row when it is asked alone than together with others.",
                ),
                why=both(
                    nl="De antwoorden staan niet in de volgorde van de rijen, of een rij hangt af van de andere. Zo is niet te"
                    " weten welk antwoord bij welke rij hoort.",
                    en="The answers are not in the order of the rows, or a row depends on the others. So it is not known which"
                    " answer belongs to which row.",
                ),
                do=_CONTRACT,
            )
        self._in_order = True

    def _some(self, sent: Sequence[Mapping[str, Any]]) -> Predictions:
        self._asked += len(sent)
        found = self._ask(sent)["predictions"]
        if len(found) != len(sent):
            raise answering.wrong_length(len(found), len(sent), where=self.where)
        read = [self._one(f) for f in found]
        return answering.predictions(
            np.array([r[1] for r in read], bool),
            np.array([r[2] for r in read], float),
            np.array([r[0] for r in read], bool),
        )

    def _require_agreed(self, rows: int) -> None:
        """VangrailError where this would be more than the card allows."""
        most = self._model.most_asked
        if most is None or self._asked + rows <= most:
            return
        raise VangrailError(
            both(
                nl=f"{self.where} zou over meer dan {most} rijen bevraagd worden, en de kaart laat er niet meer toe.",
                en=f"{self.where} would be asked about more than {most} rows, and the card allows no more.",
            ),
            do=both(
                nl="Kies een lagere 'tried_rows' of een hogere 'most_asked' op de kaart.",
                en="Choose lower 'tried_rows' or higher 'most_asked' on the card.",
            ),
        )

    def _ask(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        status, content = self._line.post({"rows": list(rows)})
        if status != http.client.OK:
            raise _not_200(status, self.where, do=_CONTRACT)
        found = _json(content, self.where, _CONTRACT)
        if not isinstance(found, dict) or not isinstance(found.get("predictions"), list):
            raise self._other_form(
                nl="antwoordt zonder een lijst 'predictions'", en="answers without a list of 'predictions'"
            )
        if self._version is not None and found.get("version", self._version) != self._version:
            raise OutOfReach(
                both(
                    nl=f"{self.where} kreeg een andere versie terwijl het gemeten werd.",
                    en=f"{self.where} got another version while it was measured.",
                ),
                do=both(nl="Meet opnieuw.", en="Measure again."),
            )
        return found

    def _one(self, found: Any) -> tuple[bool, bool, float]:
        """answered, advice, score of one prediction."""
        if not isinstance(found, dict):
            raise self._other_form(
                nl="antwoordt met een voorspelling die geen object is", en="answers with a prediction that is no object"
            )
        if found.get("error") is not None:
            return False, False, 0.0
        score, advice = found.get("score"), found.get("advice")
        has_score = isinstance(score, int | float) and not isinstance(score, bool)
        if (score is not None and not has_score) or not (advice is None or isinstance(advice, bool)):
            raise self._other_form(
                nl="antwoordt met een 'score' die geen getal is, of een 'advice' dat niet true of false is",
                en="answers with a 'score' that is no number, or an 'advice' that is no true or false",
            )
        if not has_score and advice is None:
            raise self._other_form(
                nl="antwoordt met een voorspelling zonder 'score' en zonder 'advice'",
                en="answers with a prediction without 'score' and 'advice'",
            )
        figure = _finite(score) if has_score else float(bool(advice))
        return True, figure >= self._model.threshold if advice is None else advice, figure

    def _other_form(self, *, nl: str, en: str) -> VangrailError:
        return VangrailError(both(nl=f"{self.where} {nl}.", en=f"{self.where} {en}."), do=_CONTRACT)


def _finite(score: Any) -> float:
    try:
        return float(score)
    except OverflowError:
        return math.inf


def _not_200(status: int, where: str, *, do: Text) -> VangrailError:
    """Another status than 200. A fault of the server is none of the question: it is down, or too busy."""
    what = both(
        nl=f"{where} antwoordt met status {status} in plaats van 200.",
        en=f"{where} answers with status {status} instead of 200.",
    )
    if status >= http.client.INTERNAL_SERVER_ERROR or status in _BUSY:
        return OutOfReach(
            what,
            do=both(
                nl="De fout zit bij wie het model aanbiedt: kijk na of het werkt, en probeer later opnieuw.",
                en="The fault is with whoever runs the model: see whether it works, and try again later.",
            ),
        )
    return VangrailError(what, do=do)


_NAME_OF_MODEL = both(
    nl="Kijk na of het adres eindigt op chat/completions, en of 'version' op de kaart de naam is die het verwacht.",
    en="See whether the address ends in chat/completions, and whether 'version' on the card is what it expects as the name"
    " of the model.",
)


def _plain(value: Value) -> Any:
    return value.isoformat() if isinstance(value, date) else value


class LanguageEndpoint:
    """A language model that one can talk to at an address."""

    def __init__(self, model: card.Model, line: Line) -> None:
        self.where, self._model, self._line = line.where, model, line

    def predict(self, rows: Columns) -> Predictions:
        """Raises VangrailError: a text goes in, not rows."""
        raise VangrailError(
            both(
                nl=f"{self.where} is een taalmodel, dus het kan niet op rijen met gegevens geprobeerd worden.",
                en=f"{self.where} is a language model, so it cannot be tried on rows.",
            )
        )

    def say(self, prompt: str) -> str:
        """Its answer to one text, without anything that was said before. Empty where a filter stopped the question."""
        body = {
            "model": self._model.version or self._model.name,
            "messages": [{"role": "user", "content": prompt}],
            "temperature": 0,
            "max_tokens": MOST_TOKENS,
        }
        status, content = self._line.post(body)
        if status == http.client.BAD_REQUEST and _filtered(content):
            return ""
        if status != http.client.OK:
            raise _not_200(status, self.where, do=_NAME_OF_MODEL)
        found = _json(content, self.where, _CHAT)
        try:
            said = found["choices"][0]["message"]["content"]
        except (LookupError, TypeError) as error:
            raise VangrailError(
                both(
                    nl=f"{self.where} antwoordt niet in de vorm van chat/completions.",
                    en=f"{self.where} does not answer in the form of chat/completions.",
                ),
                do=_CHAT,
            ) from error
        if isinstance(said, list):  # an answer in parts
            said = "".join(str(p.get("text", "")) for p in said if isinstance(p, dict))
        if said is not None and not isinstance(said, str):
            raise VangrailError(
                both(
                    nl=f"{self.where} antwoordt met iets dat geen tekst is.",
                    en=f"{self.where} answers with something that is no text.",
                ),
                do=_CHAT,
            )
        return said or ""

    def fingerprint(self) -> Fingerprint:
        """Its address and the version on the card. Not its instructions, and not what runs behind it."""
        return self._line.fingerprint("language-endpoint", self._model.version)

    def close(self) -> None:
        """Nothing is held open between questions."""


def _filtered(content: bytes) -> bool:
    """Whether a filter in front of the model stopped the question, in the words of the known services."""
    return any(word in content for word in (b"content_filter", b"content_policy", b"ResponsibleAIPolicy"))
