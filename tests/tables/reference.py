"""The slow and obvious way to answer needs: rows as dictionaries, one at a time. What the engines are compared with."""

import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from vangrail.model.needs import Cell, CountTable

Row = dict[str, Any]
MISSING = object()


def present(value: Any, missing: tuple[str, ...] = ()) -> Any:
    """The value, or None where it stands for missing."""
    if value is None:
        return None
    if isinstance(value, str) and (not value.strip(" \t\r\n") or value.strip(" \t\r\n") in missing):
        return None
    return value


def read(value: Any, kind: str, *, decimal: str = ".") -> Any:
    """The value as this type, or None where it cannot be read."""
    if value is None:
        return None
    if isinstance(value, str):
        return {
            "text": _same,
            "integer": _integer,
            "number": _number,
            "boolean": _boolean,
            "date": _date,
            "datetime": _moment,
        }[kind](value, decimal)
    if kind == "number":
        return float(value) if math.isfinite(value) else None
    return value


def _same(text: str, _: str) -> str:
    return text


def _plain(text: str, decimal: str) -> str | None:
    text = text.strip(" \t\r\n\v\f")
    if decimal == ",":
        if not re.fullmatch(
            r"[+-]?(\d+|[1-9]\d{0,2}([.\u00a0\u202f ]\d{3})+)(,\d*)?([eE][+-]?\d{1,4})?", text, re.ASCII
        ):
            return None
        return re.sub("[.\u00a0\u202f ]", "", text).replace(",", ".")
    return text


def _number(text: str, decimal: str) -> float | None:
    plain = _plain(text, decimal)
    if plain is None or not re.fullmatch(r"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?", plain):
        return None
    return float(plain) if math.isfinite(float(plain)) else None


def _integer(text: str, decimal: str) -> int | None:
    plain = _plain(text, decimal)
    found = plain and re.fullmatch(r"([+-]?[0-9]{1,18})([.]0*)?", plain)
    return int(found[1]) if found else None


def _boolean(text: str, _: str) -> bool | None:
    word = text.strip(" \t\r\n\v\f").lower()
    return (
        True
        if word in ("true", "1", "ja", "yes", "waar")
        else False
        if word in ("false", "0", "nee", "no", "onwaar")
        else None
    )


def _moment(text: str, _: str) -> datetime | None:
    text = text.strip(" \t\r\n\v\f")
    form = r"([1-9]\d{3})-(\d\d)-(\d\d)([T ](\d\d):(\d\d)(:(\d\d)([.]\d{1,9})?)?( ?(Z|[+-]\d\d(:?\d\d)?))?)?"
    found = re.fullmatch(form, text, re.ASCII)
    if not found:
        return None
    year, month, day, _t, hour, minute, _s, second, fraction, _z, zone, _ = found.groups()
    try:
        moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError:
        return None
    moment += timedelta(microseconds=int(((fraction or ".0")[1:] + "000000")[:6]))
    if zone and zone != "Z":
        digits = zone[1:].replace(":", "") + ("00" if len(zone) == 3 else "")
        if int(digits[:2]) > 14 or int(digits[2:]) > 59:
            return None
        shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        moment = moment - shift if zone[0] == "+" else moment + shift
    return moment


def _date(text: str, decimal: str) -> date | None:
    found = _moment(text.strip(" \t\r\n\v\f"), decimal)
    local = found and datetime.fromisoformat(text.strip(" \t\r\n\v\f")[:10])
    return local.date() if local else None


def counts(
    rows: Iterable[Row], keys: dict[str, Callable[[Row], Any]], where: Callable[[Row], Any] | None = None
) -> CountTable:
    """How many rows there are of each combination."""
    found = Counter(tuple(k(r) for k in keys.values()) for r in rows if where is None or where(r) is True)
    return CountTable(tuple(keys), tuple(Cell(values, n) for values, n in found.items()))


def nearby(
    rows: list[Row], row: Row, value: str, take: str, *, series: str, at: str, first: int | None, last: int
) -> Any:
    """The smallest or largest number among the rows of the series whose place lies near, or how many have a number."""
    if row[at] is None or abs(row[at]) > 10**15:
        return None
    near = [r for r in rows if r[series] == row[series] and r[at] is not None and abs(r[at]) <= 10**15]
    near = [r for r in near if (first is None or r[at] >= row[at] + first) and r[at] <= row[at] + last]
    values = [r[value] for r in near if r[value] is not None]
    if take == "count":
        return len(values)
    return (min if take == "min" else max)(values, default=None)


def agreed(rows: list[Row], row: Row, value: str, *, series: str, at: str, place: int | None) -> Any:
    """What all rows at a place of the series agree on."""
    if place is None or abs(place) > 10**15:
        return None
    found = {r[value] for r in rows if r[series] == row[series] and r[at] == place and r[value] is not None}
    return found.pop() if len(found) == 1 else None


def repeats(rows: Iterable[Row], columns: Iterable[str]) -> int:
    """Rows beyond the first of each combination."""
    columns = list(columns)
    found = Counter(tuple(r[c] for c in columns) for r in rows)
    return sum(n - 1 for n in found.values())


def extreme(rows: Iterable[Row], column: str, which: str) -> Any:
    """The smallest or largest value."""
    values = [r[column] for r in rows if r[column] is not None]
    return ({"min": min, "max": max}[which])(values) if values else None


def classes(rows: list[Row], columns: Iterable[str], sensitive: str | None) -> CountTable:
    """How many classes of rows alike in the columns there are of each kind."""
    alike: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        alike.setdefault(tuple(row[c] for c in columns), []).append(row[sensitive] if sensitive else None)
    if sensitive is None:
        sizes = Counter(len(values) for values in alike.values())
        return CountTable(("size",), tuple(Cell((size,), n) for size, n in sizes.items()))
    everyone = Counter(row[sensitive] for row in rows)
    distances: dict[tuple[int, int], list[float]] = {}
    for values in alike.values():
        here = Counter(values)
        apart = sum(abs(here[v] / len(values) - n / len(rows)) for v, n in everyone.items()) / 2
        distances.setdefault((len(values), len(here)), []).append(apart)
    cells = (Cell(kind, len(d), (max(d), sum(d) / len(d))) for kind, d in distances.items())
    return CountTable(("size", "different"), tuple(cells))


def same(a: CountTable, b: CountTable) -> bool:
    """Whether two tables of counts hold the same cells; their sums to 1e-9."""
    cells, others = ({c.values: (c.rows, c.sums) for c in t.cells} for t in (a, b))
    if a.keys != b.keys or cells.keys() != others.keys() or len(a.cells) != len(cells):
        return False
    return all(
        rows == others[values][0]
        and all(math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-9) for x, y in zip(sums, others[values][1], strict=True))
        for values, (rows, sums) in cells.items()
    )


def pairs(names: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Every two names."""
    return itertools.combinations(names, 2)
