"""What `tables` asks of an engine, and what every engine words in its own way."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text
from vangrail.tables.expressions import Writer
from vangrail.tables.layout import Given, Layout

Row = tuple[Any, ...]
MOST_CELLS = 1_000_000
"""A table of counts with more cells is no total any more but nearly the rows themselves."""


@dataclass(frozen=True, kw_only=True)
class Grouping:
    """Rows to be counted per combination of keys. All parts are numbers of columns of the inner statement."""

    keys: tuple[int, ...]
    where: int | None
    sums: tuple[int, ...]
    at_most: int = MOST_CELLS
    """More combinations than this are not wanted; an engine that sees it coming may leave them out."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What an engine found when it opened a source."""

    given: tuple[Given, ...]
    rows: str
    """What to select the raw columns from."""
    decimal: str = "."
    notes: tuple[Text, ...] = ()


class Engine(Protocol):
    """An open source. Every method raises VangrailError for what a user can solve, without values of rows."""

    @property
    def found(self) -> Found:
        """The columns, and how to read them."""
        ...

    @property
    def writer(self) -> type[Writer]:
        """Writes expressions in this engine's words."""
        ...

    def ready(self, layout: Layout) -> Layout:
        """The layout to measure on: the same, or one of which the steps were taken once and for all."""
        ...

    def few_values(self, layout: Layout, columns: Sequence[str]) -> set[str]:
        """Which of these columns of text have so few values that counting those first is a gain."""
        ...

    def run(self, statement: str) -> list[Row]:
        """The result of a statement that gives totals."""
        ...

    def stream(self, statement: str) -> Iterator[Sequence[Row]] | None:
        """The rows of a statement in batches, within this process; None where rows stay with the server."""
        ...

    def contains(self, text: str, pattern: str) -> str:
        """Whether a regular expression is found in a text; true, where finding out would cost more than it spares."""
        ...

    def groups(
        self,
        relation: str,
        keys: Sequence[str],
        conditions: Sequence[str],
        sums: Sequence[str],
        asked: Sequence[Grouping],
    ) -> list[list[Row]]:
        """For each grouping asked: rows of (key values..., number of rows, sums...), at most one more than it wants."""
        ...

    def repeats(self, relation: str, columns: Sequence[str], whole: Sequence[str]) -> int:
        """Rows beyond the first of each combination. `whole` are those of the columns that hold whole numbers."""
        ...

    def fingerprint(self) -> tuple[str, str, int]:
        """The algorithm, the content, and the number of rows."""
        ...

    def unchanged(self) -> None:
        """VangrailError when the data are no longer those that were opened, as far as the source can tell."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


def content(found: Found, *figures: int) -> str:
    """One digest over the names of the columns and the figures that were computed of the rows."""
    import hashlib

    names = sorted(g.name for g in found.given)
    return hashlib.sha256(json.dumps([names, [str(f) for f in figures]], ensure_ascii=False).encode()).hexdigest()


def in_name_order(found: Found) -> list[Given]:
    """The columns in an order that does not depend on where they stand in the file."""
    return sorted(found.given, key=lambda g: g.name)


def choose_table(what: str, wanted: str | None, tables: Sequence[tuple[str, str]], *, default: str) -> tuple[str, str]:
    """The schema and name of the table to read; VangrailError that lists them when it is not clear which."""
    shown = ", ".join(f"'{t if s == default else f'{s}.{t}'}'" for s, t in tables[:20]) + (
        " ..." if len(tables) > 20 else ""
    )
    if not tables:
        raise VangrailError(f"{what}: the database holds no table.")
    if wanted is None:
        if len(tables) == 1:
            return tables[0]
        raise VangrailError(
            f"{what}: the database holds {len(tables)} tables.", do=f"Write 'table:' with one of: {shown}."
        )
    exact = [(s, t) for s, t in tables if wanted in (t if s == default else None, f"{s}.{t}")]
    if not exact:
        exact = [(s, t) for s, t in tables if wanted == t]
    if len(exact) != 1:
        raise VangrailError(f"{what}: there is no table '{wanted}'.", do=f"The tables are: {shown}.")
    return exact[0]
