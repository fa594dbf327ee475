"""A spreadsheet as rows of text: .xlsx, or .csv as Excel and others write it. What it hides is refused before it is read."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from vangrail.imports.columns import recognise
from vangrail.imports.found import LONGEST, MOST_APPLICATIONS, MOST_BYTES, clean
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both

MOST_UNPACKED = 30_000_000
"""Bytes of an .xlsx once it is unpacked; the list of a whole city is not a tenth of it."""
_MOST_MEMBERS = 500
_MOST_COLUMNS = 60
_MOST_SCANNED = 20_000
"""Rows looked at, empty ones included: a file may claim a row with any number."""
_MOST_MERGED = 2_000
_HEADING_WITHIN = 15
_SAVE_AS = both(
    nl="Bewaar het bestand als .xlsx of .csv en probeer opnieuw.", en="Save the file as .xlsx or .csv and try again."
)
_FORMULA = both(
    nl="hier staat een formule zonder uitkomst. Typ de waarde zelf.",
    en="here is a formula without a result. Type the value.",
)
_ERROR = both(
    nl="hier staat een foutmelding van het rekenblad. Typ de waarde zelf.",
    en="here is an error of the spreadsheet. Type the value.",
)
_TOO_LONG = both(nl=f"meer dan {LONGEST} tekens.", en=f"more than {LONGEST} characters.")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row with something in it; `problems` by the place of the column, from 0."""

    number: int
    cells: tuple[str, ...]
    problems: Mapping[int, Text]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The rows under the headings; `notes` say what was done to read them."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[Text, ...]


def read_sheet(content: bytes) -> Sheet:
    """The sheet in a file, whatever its name says it is. VangrailError for what is no spreadsheet, or is larger than one can be."""
    if len(content) > MOST_BYTES:
        raise VangrailError(
            both(
                nl=f"Het bestand is groter dan {MOST_BYTES // 1_000_000} MB.",
                en=f"The file is larger than {MOST_BYTES // 1_000_000} MB.",
            ),
            do=both(
                nl="Een lijst van toepassingen is kleiner. Splits ze.",
                en="A list of applications is smaller. Split it.",
            ),
        )
    if content.startswith(b"PK\x03\x04"):
        return _headed(*_workbook(content))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise VangrailError(
            both(
                nl="Dit is een oud Excel-bestand, of er staat een wachtwoord op.",
                en="This is an old Excel file, or it has a password.",
            ),
            do=_SAVE_AS,
        )
    if content.startswith(b"%PDF") or (b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise VangrailError(both(nl="Dit is geen rekenblad.", en="This is no spreadsheet."), do=_SAVE_AS)
    return _headed(*_text(content))


_Grid = list[Row]


def _headed(grid: _Grid, notes: list[Text]) -> Sheet:
    """The row with the most known headings is the heading; what stands above it is a title."""
    if not grid:
        raise VangrailError(
            both(nl="Er staat niets in dit bestand.", en="There is nothing in this file."),
            do=both(
                nl="Kies een ander bestand, of begin met het sjabloon.",
                en="Choose another file, or begin with the template.",
            ),
        )
    place = max(range(min(len(grid), _HEADING_WITHIN)), key=lambda n: (len(recognise(grid[n].cells)), -n))
    headings = [h[:200] for h in grid[place].cells]
    while headings and not headings[-1]:
        headings.pop()
    rows = grid[place + 1 :]
    if not rows:
        raise VangrailError(
            both(
                nl="Onder de titels van de kolommen staat niets.",
                en="There is nothing under the headings of the columns.",
            ),
            do=both(nl="Zet elke toepassing op een eigen rij.", en="Put each application on a row of its own."),
        )
    if len(rows) > MOST_APPLICATIONS:
        raise VangrailError(
            both(
                nl=f"Er staan meer dan {MOST_APPLICATIONS} rijen in.",
                en=f"There are more than {MOST_APPLICATIONS} rows in it.",
            ),
            do=both(
                nl="Zet één toepassing per rij, en splits de lijst.",
                en="Put one application on a row, and split the list.",
            ),
        )
    width = max(len(headings), *(max((n + 1 for n, c in enumerate(r.cells) if c), default=0) for r in rows))
    full = tuple(headings + [""] * (width - len(headings)))
    return Sheet(headings=full, rows=tuple(_wide(r, width) for r in rows), notes=tuple(notes))


def _wide(row: Row, width: int) -> Row:
    cells = (*row.cells[:width], *("" for _ in range(width - len(row.cells))))
    return Row(number=row.number, cells=cells, problems={p: t for p, t in row.problems.items() if p < width})


# --- text ------------------------------------------------------------------------------------------------------------
def _text(content: bytes) -> tuple[_Grid, list[Text]]:
    text, notes = _decoded(content)
    told = re.match(r"sep=(.)\r?\n", text)
    if told:
        text = text[told.end() :]
    separator = told[1] if told else max(";,\t", key=lambda s: _columns_with(text, s))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows = [row for row, _ in zip(reader, range(_MOST_SCANNED), strict=False)]
    except csv.Error as error:
        line = reader.line_num
        raise VangrailError(
            both(
                nl=f"Voor of op regel {line} klopt een aanhalingsteken niet, of een tekst is te lang.",
                en=f"On or before line {line} a quotation mark is out of place, or a text is too long.",
            ),
            do=both(
                nl="Open het bestand in een rekenblad en bewaar het opnieuw, liefst als .xlsx.",
                en="Open the file in a spreadsheet and save it again, preferably as .xlsx.",
            ),
        ) from error
    return [r for r in (_row(n, cells, {}) for n, cells in enumerate(rows, 1)) if any(r.cells)], notes


def _columns_with(text: str, separator: str) -> tuple[int, int]:
    """How many headings are known, and how many columns there are, where this is the separator."""
    first = [next(csv.reader([line], delimiter=separator), []) for line in text[:100_000].split("\n")[:_HEADING_WITHIN]]
    return max((len(recognise(c[:_MOST_COLUMNS])) for c in first), default=0), max((len(c) for c in first), default=0)


def _decoded(content: bytes) -> tuple[str, list[Text]]:
    for start, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(start):
            return _decode(content, encoding), []
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        note = both(
            nl="Gelezen als Windows-1252. Kijk of letters met een accent juist staan.",
            en="Read as Windows-1252. See whether letters with an accent are right.",
        )
        return _decode(content, "cp1252"), [note]


def _decode(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise VangrailError(
            both(nl="Dit is geen tekst die we kunnen lezen.", en="This is no text that we can read."), do=_SAVE_AS
        ) from error


def _row(number: int, cells: Sequence[str], problems: Mapping[int, Text]) -> Row:
    kept, wrong = [], dict(problems)
    for place, cell in enumerate(cells[:_MOST_COLUMNS]):
        if len(cell) > LONGEST:
            wrong[place] = _TOO_LONG
        kept.append(clean(cell[:LONGEST]))
    return Row(number=number, cells=tuple(kept), problems=wrong)


# --- Excel -----------------------------------------------------------------------------------------------------------
def _workbook(content: bytes) -> tuple[_Grid, list[Text]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            # A member is never unpacked beyond the size that it states, so the stated sizes are a limit.
            if len(members) > _MOST_MEMBERS or sum(m.file_size for m in members) > MOST_UNPACKED:
                raise VangrailError(
                    both(
                        nl="Het bestand is uitgepakt veel groter dan een lijst kan zijn.",
                        en="Unpacked, the file is far larger than a list can be.",
                    ),
                    do=both(
                        nl="Kopieer alleen de lijst naar een nieuw rekenblad.",
                        en="Copy only the list to a new spreadsheet.",
                    ),
                )
            if "xl/workbook.xml" not in archive.namelist():
                raise VangrailError(both(nl="Dit is geen Excel-bestand.", en="This is no Excel file."), do=_SAVE_AS)
            return _best_sheet(content, archive)
    except VangrailError:
        raise
    except ImportError:
        raise
    except Exception as error:
        # The file is a stranger's, and what a parser raises on a broken or hostile one has no end.
        raise VangrailError(
            both(
                nl="Dit Excel-bestand is beschadigd of heeft een vorm die we niet lezen.",
                en="This Excel file is damaged or of a form that we do not read.",
            ),
            do=_SAVE_AS,
        ) from error


def _best_sheet(content: bytes, archive: zipfile.ZipFile) -> tuple[_Grid, list[Text]]:
    """Of the sheets that can be seen, the one with the most known headings."""
    import openpyxl

    if not openpyxl.DEFUSEDXML:
        raise ImportError("defusedxml is needed to read a spreadsheet of a stranger: pip install 'vangrail[web]'")
    shown = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    names = [s.title for s in shown.worksheets if s.sheet_state == "visible"][:20]
    best: tuple[int, int] = (-1, 0)
    grid: _Grid = []
    chosen = ""
    for name in names:
        rows = _rows_of(shown[name])
        known = max((len(recognise(r.cells)) for r in rows[:_HEADING_WITHIN]), default=0)
        if (known, len(rows)) > best and rows:
            best, grid, chosen = (known, len(rows)), rows, name
    notes = []
    if grid:
        member = shown[chosen]._worksheet_path.lstrip("/")
        xml = archive.read(member)
        if b"<f" in xml:
            stated = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            grid = _with_formulas(grid, stated[chosen])
        merged = _merged(xml)
        if merged:
            grid = _filled(grid, merged)
            notes.append(
                both(
                    nl="Samengevoegde cellen tellen voor elke rij waarover ze lopen.",
                    en="Merged cells count for each row that they cover.",
                )
            )
    if len(names) > 1 and chosen:
        notes.append(both(nl=f"Gelezen: het blad '{clean(chosen)}'.", en=f"Read: the sheet '{clean(chosen)}'."))
    return grid, notes


def _scanned(sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    sheet.reset_dimensions()  # the size that the file states can be anything
    for number, cells in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS), 1):
        if number > _MOST_SCANNED:
            raise VangrailError(
                both(nl="Er staan te veel rijen in.", en="There are too many rows in it."),
                do=both(
                    nl="Kopieer alleen de lijst naar een nieuw rekenblad.",
                    en="Copy only the list to a new spreadsheet.",
                ),
            )
        yield number, cells


def _rows_of(sheet: Any) -> _Grid:
    rows = []
    for number, cells in _scanned(sheet):
        if all(c.value is None for c in cells):
            continue
        problems = {n: _ERROR for n, c in enumerate(cells) if c.data_type == "e"}
        row = _row(number, [_said(c.value) for c in cells], problems)
        if any(row.cells):
            rows.append(row)
    return rows


def _said(value: Any) -> str:
    """A value as a person would type it."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nee"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)


def _with_formulas(grid: _Grid, stated: Any) -> _Grid:
    """Where a formula stands without a result, the row says so: an empty cell would be a loss that nobody sees."""
    by_number = {r.number: r for r in grid}
    for number, cells in _scanned(stated):
        for place, cell in enumerate(cells):
            if cell.data_type != "f":
                continue
            row = by_number.get(number) or Row(number=number, cells=("",) * _MOST_COLUMNS, problems={})
            if place >= len(row.cells) or not row.cells[place]:
                by_number[number] = Row(number=number, cells=row.cells, problems={**row.problems, place: _FORMULA})
    return [by_number[n] for n in sorted(by_number)]


_Range = tuple[int, int, int, int]


def _merged(xml: bytes) -> list[_Range]:
    """The ranges of merged cells that cover more than one row: first row, last row, first and last column from 0."""
    found: list[_Range] = []
    for ref in re.finditer(
        rb'<(?:\w+:)?mergeCell\b[^>]{0,200}?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"', xml
    ):
        left, top, right, bottom = ref.groups()
        if int(top) < int(bottom):
            found.append((int(top), int(bottom), _column(left), _column(right)))
        if len(found) > _MOST_MERGED:
            raise VangrailError(
                both(nl="Er zijn te veel samengevoegde cellen.", en="There are too many merged cells."),
                do=both(nl="Maak de samenvoeging ongedaan.", en="Undo the merging."),
            )
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _filled(grid: _Grid, merged: list[_Range]) -> _Grid:
    rows = {r.number: r for r in grid}
    for top, bottom, left, _ in merged:
        first = rows.get(top)
        if first is None or left >= len(first.cells) or not first.cells[left]:
            continue
        for number, row in rows.items():
            # A row in which nothing else stands is no application of its own.
            if top < number <= bottom and left < len(row.cells) and not row.cells[left]:
                cells = (*row.cells[:left], first.cells[left], *row.cells[left + 1 :])
                rows[number] = Row(number=number, cells=cells, problems=row.problems)
    return list(rows.values())
