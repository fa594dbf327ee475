"""What a scheduled run keeps for the next one: what was told last, and what could not be delivered yet."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from vangrail.assessment.due import Standing
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both

STATE = "state.json"
WAIT_SECONDS = 60.0
"""How long to wait for another run on the same ledger."""


@dataclass(kw_only=True)
class Told:
    """What was told last of an application. `situation` is empty until it was looked at once."""

    situation: dict[str, Standing] | None = None
    problems: tuple[str, ...] = ()


@dataclass(kw_only=True)
class Kept:
    """Everything that is kept between runs over one folder: what was told, and what waits for each channel."""

    applications: dict[str, Told] = field(default_factory=dict)
    waiting: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


_ADAPTER = TypeAdapter(Kept)


def read(place: Path) -> Kept:
    """What the last run left in this folder. VangrailError when it is something else."""
    try:
        return _ADAPTER.validate_json((place / STATE).read_bytes())
    except FileNotFoundError:
        return Kept()
    except ValidationError as error:
        raise VangrailError(
            both(
                nl=f"{place / STATE} is niet wat een controle van `vangrail watch` daar achterliet.",
                en=f"{place / STATE} is not what a run of `vangrail watch` left there.",
            ),
            why=both(
                nl="Zonder dat bestand weet niemand wat al gemeld is.",
                en="Without it nobody knows what was told already.",
            ),
            do=both(
                nl="Zet het terug, of verwijder het: de volgende controle begint dan opnieuw en meldt wat niet voldaan is.",
                en="Put it back, or remove it: the next run then starts anew and tells what is not met.",
            ),
        ) from error


def write(place: Path, kept: Kept) -> None:
    """Put this in the place of what was there: afterwards it is the one or the other, never a part."""
    part = place / f"{STATE}.part"
    with part.open("wb") as out:
        out.write(_ADAPTER.dump_json(kept, indent=1))
        out.flush()
        os.fsync(out.fileno())
    part.replace(place / STATE)


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Nobody else watches here meanwhile. VangrailError when somebody does for long; a killed run holds nothing."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.mkdir(exist_ok=True)
    (place / ".gitignore").write_text("*\n", encoding="ascii")
    with (place / "lock").open("a") as lock:
        until = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > until:
                    raise VangrailError(
                        both(
                            nl=f"Een andere controle van `vangrail watch` is nog bezig in {place.parent}.",
                            en=f"Another run of `vangrail watch` is still at work in {place.parent}.",
                        ),
                        do=both(
                            nl="Laat ze eindigen, of zet meer tijd tussen de controles.",
                            en="Let it end, or plan the runs further apart.",
                        ),
                    ) from error
                time.sleep(0.1)
        yield
