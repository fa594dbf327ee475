"""What a text means as a number, a truth or a moment: the plain forms that every engine reads alike."""

import math
import re
from datetime import UTC, datetime, timedelta

BLANKS = " \t\r\n\v\f"
WORDS = dict.fromkeys(("true", "1", "ja", "yes", "waar"), True) | dict.fromkeys(
    ("false", "0", "nee", "no", "onwaar"), False
)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_COMMA = re.compile("[+-]?(\\d+|[1-9]\\d{0,2}([. \u00a0\u202f]\\d{3})+)(,\\d*)?([eE][+-]?\\d{1,4})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,18}(\.0*)?", re.ASCII)
_WHOLE_COMMA = re.compile("[+-]?(\\d{1,18}|[1-9]\\d{0,2}([. \u00a0\u202f]\\d{3}){1,5})(,0*)?", re.ASCII)
_MOMENT = re.compile(
    r"([1-9]\d{3}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:(?<=:\d\d:\d\d)\.(\d{1,9}))?(?: ?(Z|[+-]\d\d(?::?\d\d)?))?)?",
    re.ASCII,
)
_SEPARATORS = str.maketrans({",": ".", ".": None, " ": None, "\u00a0": None, "\u202f": None})
FORMS = {
    "%d": r"(?P<d>\d{1,2})",
    "%m": r"(?P<m>\d{1,2})",
    "%Y": r"(?P<Y>[1-9]\d{3})",
    "%y": r"(?P<y>\d{2})",
    "%H": r"(?P<H>\d{1,2})",
    "%M": r"(?P<M>\d{1,2})",
    "%S": r"(?P<S>\d{1,2})",
    "%f": r"(?P<f>\d{1,6})",
}


def number(text: str, decimal: str = ".") -> float | None:
    """A finite number."""
    text = text.strip(BLANKS)
    if not (_COMMA if decimal == "," else _NUMBER).fullmatch(text):
        return None
    found = float(text.translate(_SEPARATORS) if decimal == "," else text)
    return found if math.isfinite(found) else None


def integer(text: str, decimal: str = ".") -> int | None:
    """A whole number of at most 18 digits; a fraction of zeros may follow."""
    text = text.strip(BLANKS)
    if not (_WHOLE_COMMA if decimal == "," else _WHOLE).fullmatch(text):
        return None
    return int((text.translate(_SEPARATORS) if decimal == "," else text).partition(".")[0])


def boolean(text: str) -> bool | None:
    """True or false, in Dutch or English, or 1 or 0."""
    return WORDS.get(text.strip(BLANKS).lower())


def moment(text: str) -> datetime | None:
    """A date, perhaps with a time; with a zone it is brought to UTC."""
    found = _MOMENT.fullmatch(text.strip(BLANKS))
    if found is None:
        return None
    day, time, fraction, zone = found.groups()
    try:
        value = datetime.fromisoformat(f"{day} {time or '00:00'}")
    except ValueError:
        return None
    value = value.replace(microsecond=int((fraction or "0").ljust(6, "0")[:6]))
    if zone and zone != "Z":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        hours, minutes = int(digits[:2]), int(digits[2:])
        if hours > 14 or minutes > 59:
            return None
        shift = timedelta(hours=hours, minutes=minutes)
        value = (value.replace(tzinfo=UTC) - shift if zone[0] == "+" else value.replace(tzinfo=UTC) + shift).replace(
            tzinfo=None
        )
    return value


def in_format(text: str, parts: tuple[str, ...]) -> datetime | None:
    """A date or time written in this format; the parts as `layout.pieces` gives them."""
    found = re.fullmatch("".join(FORMS.get(p) or re.escape(p) for p in parts), text.strip(BLANKS), re.ASCII)
    if found is None:
        return None
    got = found.groupdict()
    year = int(got["Y"]) if got.get("Y") else int(got["y"]) + (1900 if int(got["y"]) >= 69 else 2000)
    try:
        return datetime(
            year,
            int(got.get("m") or 1),
            int(got.get("d") or 1),
            int(got.get("H") or 0),
            int(got.get("M") or 0),
            int(got.get("S") or 0),
            int((got.get("f") or "0").ljust(6, "0")),
        )
    except ValueError:
        return None
