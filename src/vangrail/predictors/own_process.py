"""A model file is read and asked in a process of its own: one that never ends, eats the memory or crashes, ends there.

The libraries that run a model are compiled, and trust the numbers in its file. So that process gets no environment, and
with it no key or password; a bound on its memory; and a time for each question. It is asked over its standard input, and
what comes back is read as numbers and text, never as a pickle: it may not be what it was.
"""

import contextlib
import json
import os
import pickle
import resource
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from vangrail.model import card
from vangrail.model.errors import OutOfReach, VangrailError
from vangrail.model.framework import both
from vangrail.model.needs import Columns, Fingerprint, Predictions
from vangrail.model.vocabulary import Language
from vangrail.predictors import answering

SECONDS = 60.0
"""The longest that each `answering.AT_ONCE` rows may take: a loop in a model can go on for ever."""
OPENING_SECONDS = 300.0
MOST_MEMORY = 8_000_000_000
"""Bytes of address space; a model that asks more gets none."""
_KEPT = {"LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH"}
"""What the process gets of the environment: where libraries are, and how texts are written. Nothing that anybody keeps secret."""
_MOST_HEADER = 100_000


class OwnProcess(answering.NoConversation):
    """The model in a file, opened and asked elsewhere."""

    def __init__(self, model: card.Model, content: bytes, *, where: str, environment: Mapping[str, str]) -> None:
        self.where = where
        self._fingerprint = answering.of_file(content)
        self._ended: VangrailError | None = None
        # One thread, so that sums are always made in the same order and the same data give the same figure.
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        found = {"PYTHONPATH": os.pathsep.join(str(Path(p).absolute()) for p in sys.path if p)}
        self._process = subprocess.Popen(  # noqa: S603 - this program itself
            [sys.executable, "-P", "-m", "vangrail.predictors.own_process", str(MOST_MEMORY)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={k: v for k, v in environment.items() if k in _KEPT} | threads | found,
            cwd="/",
        )
        try:
            self._ask((model.model_dump(mode="json"), where, content), OPENING_SECONDS)
        except VangrailError:
            self.close()
            raise

    def predict(self, rows: Columns) -> Predictions:
        """What the model says about each row. VangrailError where it cannot, OutOfReach where it takes too long."""
        number = len(next(iter(rows.values()), ()))
        sent = {name: list(values) for name, values in rows.items()}
        body = self._ask(sent, SECONDS * max(1, -(-number // answering.AT_ONCE)), rows=number)
        answered, advice = (np.frombuffer(body, bool, number, at) for at in (0, number))
        score = np.frombuffer(body, "<f8", number, 2 * number)
        return Predictions(answered=answered, advice=advice, score=score)

    def fingerprint(self) -> Fingerprint:
        """SHA-256 of the file: weights elsewhere are never read. Which version of a library runs it, is not in it."""
        return self._fingerprint

    def close(self) -> None:
        """Let go of the model."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was still to be sent, nobody waits for
                    pipe.close()

    def _ask(self, question: object, seconds: float, *, rows: int = 0) -> bytes:
        """What comes back about so many rows: whether it was answered and the advice, a byte each, and the score, eight."""
        if self._ended is not None:
            raise self._ended
        late = threading.Event()
        watch = threading.Timer(seconds, self._kill, (late,))
        watch.daemon = True
        watch.start()
        try:
            error, body = self._exchange(question, rows * 10)
        except (OSError, ValueError) as broken:
            self._ended = answering.late(self.where, seconds) if late.is_set() else _stopped(self.where)
            self._process.kill()
            raise self._ended from broken
        finally:
            watch.cancel()
        if error is not None:
            raise error
        return body

    def _exchange(self, question: object, size: int) -> tuple[VangrailError | None, bytes]:
        """ValueError, OSError where what comes back is no answer."""
        into, out = self._process.stdin, self._process.stdout
        if into is None or out is None:
            raise ValueError
        pickle.dump(question, into)
        into.flush()
        head = json.loads(out.readline(_MOST_HEADER))
        if head is not None:
            return _told(head), b""
        body = out.read(size)
        if len(body) != size:
            raise ValueError
        return None, body

    def _kill(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()


def _stopped(where: str) -> VangrailError:
    return VangrailError(
        both(
            nl=f"{where} viel stil terwijl het bevraagd werd.",
            en=f"{where} broke down while it was asked.",
        ),
        why=both(
            nl=f"Het bestand is beschadigd, of het model vraagt meer dan {MOST_MEMORY // 1_000_000_000} GB geheugen.",
            en=f"Its file is damaged, or the model takes more than {MOST_MEMORY // 1_000_000_000} GB of memory.",
        ),
        do=both(
            nl="Bewaar het opnieuw, of laat het op een adres antwoorden (endpoint:NAAM).",
            en="Save it again, or let it answer at an address (endpoint:NAME).",
        ),
    )


def _failed(where: str, kind: str) -> VangrailError:
    return VangrailError(
        both(
            nl=f"{where} struikelde over zijn eigen rekenwerk ({kind}).",
            en=f"{where} stumbled over its own computation ({kind}).",
        ),
        do=both(
            nl="Probeer het model op dezelfde gegevens buiten Vangrail, of laat het op een adres antwoorden (endpoint:NAAM).",
            en="Try the model on the same data outside Vangrail, or let it answer at an address (endpoint:NAME).",
        ),
    )


def _told(error: Any) -> VangrailError:
    """ValueError where it is no error as that process writes them."""
    match error:
        case {"what": dict(what), "why": dict(why), "do": dict(do), "again": bool(again)}:
            kind = OutOfReach if again else VangrailError
            said = ({language: str(part.get(language, "")) for language in Language} for part in (what, why, do))
            return kind(next(said), why=next(said), do=next(said))
    raise ValueError


# --- in that process -------------------------------------------------------------------------------------------------


def model_of(model: card.Model, content: bytes, *, where: str) -> Any:
    """The model in a file, by what it is called on the card. VangrailError where it cannot be read."""
    if (model.source or "").lower().endswith(".onnx"):
        from vangrail.predictors.onnx_file import OnnxFile

        return OnnxFile(model, content, where=where)
    from vangrail.predictors.skops_file import SkopsFile

    return SkopsFile(model, content, where=where)


def main() -> None:
    """Answer what is asked on standard input, until nobody asks any more."""
    _bound(int(sys.argv[1]))
    into, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints would be read as an answer
    declared, where, content = pickle.load(into)  # noqa: S301 - from who started this process
    found: Any = None
    asked: Any = None
    while True:
        error, body = None, b""
        try:
            if found is None:
                found = model_of(card.Model.model_validate(declared), content, where=where)
                del content
            else:
                body = _as_bytes(found.predict(asked))
        except VangrailError as known:
            error = known
        except MemoryError:
            return  # whoever asked sees that it stopped, and knows how much there was
        except Exception as unknown:  # a model from outside can fail in any way; its words can hold values of a row
            error = _failed(where, type(unknown).__name__)
        told = error and {"what": error.what, "why": error.why, "do": error.do, "again": isinstance(error, OutOfReach)}
        out.write(json.dumps(told).encode() + b"\n" + body)
        out.flush()
        try:
            asked = pickle.load(into)  # noqa: S301
        except EOFError:
            return


def _as_bytes(said: Predictions) -> bytes:
    return (
        said.answered.astype(bool).tobytes() + said.advice.astype(bool).tobytes() + said.score.astype("<f8").tobytes()
    )


def _bound(memory: int) -> None:
    """No more than so much memory; no file is written, and no core of a crash is kept: it would hold rows."""
    for limit, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        _, hard = resource.getrlimit(limit)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (bound, bound))
    # Where a machine runs out of memory, this process goes first.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


if __name__ == "__main__":
    main()
