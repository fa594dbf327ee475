"""What was found in a file: applications, each with what is wrong with it, and what had no place on a card."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vangrail.model.framework import Text

MOST_BYTES = 5_000_000
MOST_APPLICATIONS = 1_000
"""No body has more in one list; a longer one is something else."""
LONGEST = 10_000
"""Characters in one cell or text."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why an application cannot be taken in as it stands; `column` is the heading under which it stands."""

    column: str | None
    what: Text


@dataclass(frozen=True, kw_only=True)
class Found:
    """One application in a file.

    row        the row of the sheet, or the number of the record
    content    the plain values for its card, without the organisation; only what was filled in
    problems   nothing when it can be taken in
    left       what had no place on a card, by its heading: shown, so that it is not lost unseen
    """

    row: int
    name: str
    content: Mapping[str, Any]
    problems: tuple[Problem, ...]
    left: Mapping[str, str]


def can_be_kept(values: Any) -> bool:
    """Whether a database and a page can hold these values: numbers that are numbers, and text without NUL or half characters."""
    try:
        text = json.dumps(values, allow_nan=False, ensure_ascii=False)
        text.encode()
    except ValueError:
        return False
    return "\\u0000" not in text


def clean(text: str) -> str:
    """The text without what cannot be seen: control characters, and marks that turn the direction of reading."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    return "".join(c for c in text if c.isprintable() or c in "\n\t").strip()
