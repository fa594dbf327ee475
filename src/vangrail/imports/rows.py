"""The rows of a list as applications: what each column says goes to its place on the card."""

from collections.abc import Collection, Mapping
from typing import Any

from vangrail.cards.adopting import put
from vangrail.cards.skeleton import name_as_id
from vangrail.imports.columns import BY_PATH, Unreadable
from vangrail.imports.found import Found, Problem
from vangrail.imports.sheets import Row, Sheet
from vangrail.model.framework import both
from vangrail.model.vocabulary import Phase

_FIRST_OF_A_LIST = ("suppliers", "process")
"""Lists of which a row holds one item."""


def read_rows(
    sheet: Sheet, columns: Mapping[int, str], *, phase: Phase | None, taken: Collection[str] = ()
) -> tuple[Found, ...]:
    """Each row as an application, in order; what is wrong with one row says nothing of the others.

    columns   the path on the card of each column, by its place from 0; other columns are shown as left over
    phase     the phase of a row that says none
    taken     the short names that exist already
    """
    found, seen = [], dict.fromkeys(taken, 0)
    for row in sheet.rows:
        one = _found(sheet, row, columns, phase)
        identity = name_as_id(one.name) if one.name else None
        twice = _twice(seen[identity]) if identity in seen else None
        if identity is not None:
            seen.setdefault(identity, row.number)
        found.append(one if twice is None else _with(one, twice))
    return tuple(found)


def _twice(row: int) -> Problem:
    if row:
        return Problem(column=None, what=both(nl=f"rij {row} heeft dezelfde naam.", en=f"row {row} has the same name."))
    return Problem(
        column=None,
        what=both(
            nl="er is al een toepassing met deze naam in je organisatie.",
            en="your organisation already has an application with this name.",
        ),
    )


def _with(found: Found, problem: Problem) -> Found:
    return Found(
        row=found.row,
        name=found.name,
        content=found.content,
        problems=(*found.problems, problem),
        left=found.left,
    )


def _found(sheet: Sheet, row: Row, columns: Mapping[int, str], phase: Phase | None) -> Found:
    content: dict[str, Any] = {}
    problems: list[Problem] = []
    left: dict[str, str] = {}
    for place, cell in enumerate(row.cells):
        heading = sheet.headings[place] or _letter(place)
        path = columns.get(place)
        if place in row.problems and path is not None:
            problems.append(Problem(column=heading, what=row.problems[place]))
        elif not cell:
            continue
        elif path is None:
            left[heading] = cell
        else:
            try:
                put(content, path, BY_PATH[path].read(cell))
            except Unreadable as error:
                problems.append(Problem(column=heading, what=error.said))
    _as_items(content)
    if phase is not None:
        content.setdefault("phase", phase.value)
    name = str(content.get("name", ""))
    if not name and not any(p.column == _heading(sheet, columns, "name") for p in problems):
        problems.insert(0, Problem(column=_heading(sheet, columns, "name"), what=_NO_NAME))
    elif len(name) > _LONGEST_NAME:
        problems.insert(0, Problem(column=_heading(sheet, columns, "name"), what=_LONG_NAME))
    return Found(row=row.number, name=name, content=content, problems=tuple(problems), left=left)


_LONGEST_NAME = 200
_NO_NAME = both(nl="de naam ontbreekt.", en="the name is missing.")
_LONG_NAME = both(
    nl=f"de naam is langer dan {_LONGEST_NAME} tekens.", en=f"the name is longer than {_LONGEST_NAME} characters."
)


def _heading(sheet: Sheet, columns: Mapping[int, str], path: str) -> str | None:
    return next((sheet.headings[n] or _letter(n) for n, p in columns.items() if p == path), None)


def _as_items(content: dict[str, Any]) -> None:
    """What a row says of a supplier or a step is the first of a list. What it does not say is left open, never guessed."""
    for part in _FIRST_OF_A_LIST:
        if part in content:
            content[part] = [content[part]]


def _letter(place: int) -> str:
    """The name of a column without a heading, as a spreadsheet has it."""
    return chr(65 + place) if place < 26 else chr(64 + place // 26) + chr(65 + place % 26)
