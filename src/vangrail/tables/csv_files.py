"""What a CSV file turns out to be: its encoding, delimiter, header and decimal sign.

Excel set to Dutch (Belgium) writes semicolons, decimal commas and points between thousands; other programs write the
reverse. What the card does not say is found by looking at the first rows, and every assumption is told in a note.
"""

import codecs
import csv
import io
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.tables.source import CHUNK, Source
from vangrail.tables.wording import data_set, said

DELIMITERS = {
    ";": ("puntkomma", "semicolon"),
    ",": ("komma", "comma"),
    "\t": ("tab", "tab"),
    "|": ("verticale streep", "bar"),
}
LOOK = 1 << 18
LINE_END = re.compile(r"\r\n|\r|\n")
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, kw_only=True)
class CsvFile:
    """A CSV file that can be read: always as UTF-8, with the names of its columns."""

    path: Path
    delimiter: str
    skip: int
    """Lines before the header."""
    header: bool
    """Whether a line with the names of the columns comes first."""
    names: tuple[str, ...]
    notes: tuple[Text, ...]


def look(source: Source, dataset: card.Dataset, *, private: Path) -> CsvFile:
    """Find out how to read it. What is not UTF-8 is rewritten as UTF-8 in the private folder.

    VangrailError for an empty file, bytes that cannot be decoded, or a missing header.
    """
    what = said(data_set(source.name), nl=f": {source.shown}", en=f": {source.shown}")
    with source.path.open("rb") as stream:
        start = stream.read(LOOK)
    if not start.strip():
        raise _empty(what)
    _refuse_other_kinds(what, start, dataset.encoding)
    path, notes = _as_utf8(what, source.path, start, dataset.encoding, private)
    with path.open("rb") as stream:
        whole = text = stream.read(LOOK).decode("utf-8-sig", errors="ignore")
    complete = len(text) < LOOK // 4 or path.stat().st_size <= LOOK
    skip, declared = 0, dataset.delimiter
    if found := re.match(r'"?sep=(.)"?\r?\n', text):  # a first line by which Excel is told the delimiter
        skip, declared, text = 1, declared or found[1], text[found.end() :]
    skip, text = skip + dataset.skip, "".join(text.splitlines(keepends=True)[dataset.skip :])
    if not text.strip():
        raise _empty(what)
    delimiter = declared or _delimiter(text, complete=complete)
    if delimiter in '"\r\n':
        raise VangrailError(
            said(
                what,
                nl=": een aanhalingsteken of regeleinde kan geen 'delimiter' zijn.",
                en=": a quote or a line end cannot be the 'delimiter'.",
            ),
            do=both(nl="Gebruik ; , | of een tab.", en="Use ; , | or a tab."),
        )
    header = not dataset.names
    if dataset.names:
        names = _declared(what, text, delimiter, dataset.names)
    else:
        names, renamed = _header(what, text, delimiter)
        notes += renamed
        if head := _broken_head(text, delimiter):
            path, skip, header = _without(path, whole[: len(whole) - len(text)] + head, private), 0, False
    if dataset.delimiter is None and len(names) > 1:
        dutch, english = DELIMITERS.get(delimiter, (delimiter, delimiter))
        notes.append(
            both(
                nl=f"De kolommen zijn gescheiden door een {dutch}. Dat is gevonden door te kijken.",
                en=f"The columns are separated by a {english}. This was found by looking.",
            )
        )
    if all(c[:1] == " " for row in _rows(text, delimiter, complete=complete) for c in row[1:]) and len(names) > 1:
        delimiter += " "
        notes.append(
            both(
                nl="Voor elke waarde staat een spatie; die telt niet mee.",
                en="A space stands before every value; it does not count.",
            )
        )
    return CsvFile(path=path, delimiter=delimiter, skip=skip, header=header, names=names, notes=tuple(notes))


def _empty(what: Text) -> VangrailError:
    return VangrailError(
        said(what, nl=" is leeg.", en=" is empty."),
        do=both(
            nl="Exporteer de gegevens opnieuw, met de namen van de kolommen op de eerste regel.",
            en="Export the data again, with the names of the columns on the first line.",
        ),
    )


def _refuse_other_kinds(what: Text, start: bytes, declared: str | None) -> None:
    kinds = {
        b"PK\x03\x04": ("een zip- of Excelbestand", "a zip or Excel file"),
        b"PAR1": ("een Parquetbestand", "a Parquet file"),
        b"SQLite format 3": ("een SQLite-bestand", "an SQLite file"),
        b"%PDF": ("een pdf", "a PDF"),
        b"\x1f\x8b": ("een gzipbestand", "a gzip file"),
        b"\xd0\xcf\x11\xe0": ("een oud Excelbestand", "an old Excel file"),
    }
    for mark, (dutch, english) in kinds.items():
        if start.startswith(mark):
            raise VangrailError(
                said(what, nl=f" is {dutch}, geen CSV.", en=f" is {english}, not CSV."),
                do=both(
                    nl="Bewaar het als 'CSV UTF-8', of geef het bestand de extensie die past.",
                    en="Save it as 'CSV UTF-8', or give the file the ending that fits.",
                ),
            )
    if declared is None and b"\0" in start and not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        at = start.index(b"\0")
        if max(start[0:400:2].count(0), start[1:400:2].count(0)) * 5 > len(start[:400]):
            raise VangrailError(
                said(
                    what,
                    nl=" lijkt UTF-16 zonder merkteken aan het begin.",
                    en=" looks like UTF-16 without a mark at its start.",
                ),
                do=both(
                    nl="Schrijf 'encoding: utf-16-le' op de kaart, of bewaar het als 'CSV UTF-8'.",
                    en="Write 'encoding: utf-16-le' on the card, or save it as 'CSV UTF-8'.",
                ),
            )
        raise VangrailError(
            said(
                what,
                nl=f" bevat een nulbyte (byte {at + 1}, regel {start.count(10, 0, at) + 1}), en die staat in geen tekst.",
                en=f" holds a NUL byte (byte {at + 1}, line {start.count(10, 0, at) + 1}), which no text has.",
            ),
            do=both(nl="Exporteer het opnieuw als CSV.", en="Export it again as CSV."),
        )


def _as_utf8(what: Text, path: Path, start: bytes, declared: str | None, private: Path) -> tuple[Path, list[Text]]:
    """The path of a UTF-8 text with this content, and what was assumed."""
    if declared is not None:
        try:
            name = codecs.lookup(declared).name
            "".encode(name)
        except (LookupError, TypeError, ValueError):
            raise VangrailError(
                said(
                    what,
                    nl=f": de tekencodering '{declared}' is niet bekend.",
                    en=f": the encoding '{declared}' is not known.",
                ),
                do=both(
                    nl="Gebruik utf-8, utf-16, windows-1252 of iso-8859-1.",
                    en="Use utf-8, utf-16, windows-1252 or iso-8859-1.",
                ),
            ) from None
        if name in ("utf-8", "utf-8-sig", "ascii"):
            _valid(what, path, name)
            return path, []
        return _rewritten(what, path, name, private), []
    for mark, name in BOMS:
        if start.startswith(mark):
            if name == "utf-8-sig":
                _valid(what, path, name)
                return path, []
            note = both(nl=f"De tekst is gelezen als {name.upper()}.", en=f"The text was read as {name.upper()}.")
            return _rewritten(what, path, name, private), [note]
    if _is_utf8(path):
        return path, []
    note = both(
        nl="Het bestand is geen UTF-8. Het is gelezen als windows-1252, zoals oudere Windows-programma's schrijven. "
        "Kijk na of letters met accenten juist staan, of zet 'encoding' op de kaart.",
        en="The file is not UTF-8. It was read as windows-1252, as older Windows programs write. "
        "Check that accented letters are right, or put 'encoding' on the card.",
    )
    return _rewritten(what, path, "windows-1252", private), [note]


def _is_utf8(path: Path) -> bool:
    try:
        _decode(path, "utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _valid(what: Text, path: Path, name: str) -> None:
    try:
        _decode(path, name)
    except UnicodeDecodeError as error:
        raise _undecodable(what, path, name, error.start) from None


def _decode(path: Path, name: str) -> None:
    """Decode all of it and keep nothing; UnicodeDecodeError whose start is the byte's place in the file."""
    decoder, before = codecs.getincrementaldecoder(name)(), 0
    with path.open("rb") as stream:
        while True:
            piece = stream.read(CHUNK)
            kept = len(decoder.getstate()[0])
            try:
                decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                error.start += before - kept
                raise
            if not piece:
                return
            before += len(piece)


def _rewritten(what: Text, path: Path, name: str, private: Path) -> Path:
    """The same text as UTF-8, written piece by piece to a file that only this user can read."""
    handle, target = tempfile.mkstemp(dir=private, suffix=".csv")
    decoder, before = codecs.getincrementaldecoder(name)(), 0
    with os.fdopen(handle, "wb") as output, path.open("rb") as stream:
        while True:
            piece = stream.read(CHUNK)
            kept = len(decoder.getstate()[0])
            try:
                output.write(decoder.decode(piece, final=not piece).encode())
            except UnicodeError as error:
                place = getattr(error, "start", 0) + before - kept
                raise _undecodable(what, path, name, place) from None
            if not piece:
                return Path(target)
            before += len(piece)


def _undecodable(what: Text, path: Path, name: str, place: int) -> VangrailError:
    line = 1
    with path.open("rb") as stream:
        left = place
        while left > 0 and (piece := stream.read(min(CHUNK, left))):
            line, left = line + piece.count(b"\n"), left - len(piece)
    return VangrailError(
        said(
            what,
            nl=f": byte {place + 1} (regel {line}) is geen {name}.",
            en=f": byte {place + 1} (line {line}) is not {name}.",
        ),
        why=both(
            nl="De tekst is dus niet te lezen zonder te gissen.", en="So the text cannot be read without guessing."
        ),
        do=both(
            nl="Bewaar het bestand als 'CSV UTF-8', of zet de juiste 'encoding' op de kaart.",
            en="Save the file as 'CSV UTF-8', or put the right 'encoding' on the card.",
        ),
    )


def _delimiter(text: str, *, complete: bool) -> str:
    """The candidate that cuts the first rows most evenly into the most fields."""
    best, found = (0.0, 0), ""
    for candidate in DELIMITERS:
        widths = [len(r) for r in _rows(text, candidate, complete=complete)]
        if not widths or widths[0] < 2:
            continue
        even = Counter(widths)[widths[0]] / len(widths)
        if (round(even, 2), widths[0]) > best:
            best, found = (round(even, 2), widths[0]), candidate
    if found:
        return found
    return next(c for c in (";", "\t", "|", ",", "\x1f") if c not in text or c == "\x1f")  # one column


def _rows(text: str, delimiter: str, *, complete: bool) -> list[list[str]]:
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if row:
                rows.append(row)
            if len(rows) > 1000:
                return rows
    except csv.Error:
        return rows
    return rows if complete or len(rows) < 2 else rows[:-1]  # the last one may be cut off


def _declared(what: Text, text: str, delimiter: str, names: Sequence[str]) -> tuple[str, ...]:
    """The names on the card, as many as there are columns. VangrailError when they are not."""
    wide = len(next(iter(_rows(text, delimiter, complete=True)), ()))
    if wide != len(names) or len(set(names)) != len(names):
        raise VangrailError(
            said(
                what,
                nl=f": 'names' op de kaart noemt {len(names)} kolommen, {len(set(names))} verschillende; het bestand heeft er {wide}.",
                en=f": 'names' on the card names {len(names)} columns, {len(set(names))} different ones; the file has {wide}.",
            ),
            do=both(
                nl="Noem elke kolom één keer, in de volgorde van het bestand.",
                en="Name each column once, in the order of the file.",
            ),
        )
    return tuple(names)


def _header(what: Text, text: str, delimiter: str) -> tuple[tuple[str, ...], list[Text]]:
    try:
        names = next(r for r in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if r)
    except (csv.Error, StopIteration):
        raise VangrailError(
            said(what, nl=": de eerste regel is niet te lezen.", en=": the first line cannot be read.")
        ) from None
    names = [re.sub(r"\s*[\r\n]+\s*", " ", n.strip()) for n in names]  # Excel breaks a long name into lines
    if all(re.fullmatch(r"[+-]?\d+([.,]\d+)?", n) for n in names):
        raise VangrailError(
            said(
                what,
                nl=": op de eerste regel staan alleen getallen, dus de namen van de kolommen lijken te ontbreken.",
                en=": the first line holds only numbers, so the names of the columns seem to be missing.",
            ),
            do=both(
                nl="Noem de kolommen op de kaart bij 'names', in hun volgorde.",
                en="Name the columns on the card under 'names', in their order.",
            ),
        )
    return _unique(names)


def _broken_head(text: str, delimiter: str) -> str:
    """The names of the columns as they are written, where a name is broken off otherwise than lines end; else nothing.

    Excel breaks a name with \\n and ends a line with \\r\\n. A reader that takes the first for the end of a line finds no row at all.
    """
    lines = io.StringIO(text, newline="")
    next(r for r in csv.reader(lines, delimiter=delimiter) if r)
    head = text[: lines.tell()]
    inside = head.rstrip("\r\n")
    broken = LINE_END.search(inside)
    return head if broken and broken[0] != head[len(inside) :] else ""


def _without(path: Path, head: str, private: Path) -> Path:
    """The same UTF-8 text without what it begins with, in a file that only this user can read."""
    handle, target = tempfile.mkstemp(dir=private, suffix=".csv")
    with os.fdopen(handle, "wb") as output, path.open("rb") as stream:
        marked = stream.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8
        stream.seek(len(head.encode()) + (len(codecs.BOM_UTF8) if marked else 0))
        shutil.copyfileobj(stream, output, CHUNK)
    return Path(target)


def _unique(names: list[str]) -> tuple[tuple[str, ...], list[Text]]:
    """Names that tell every column apart, and a note on each that was given. Public data do hold the same name twice."""
    found: list[str] = []
    notes = []
    for place, name in enumerate(names, 1):
        new, number = name or f"column {place}", 1
        while new in found or (new != name and new in names):
            number += 1
            new = f"{name or f'column {place}'} ({number})"
        found.append(new)
        if not name:
            notes.append(
                both(
                    nl=f"Kolom {place} heeft geen naam op de eerste regel. Ze heet hier '{new}'.",
                    en=f"Column {place} has no name on the first line. It is called '{new}' here.",
                )
            )
        elif new != name:
            notes.append(
                both(
                    nl=f"De kolomnaam '{name}' komt meer dan eens voor. Kolom {place} heet hier '{new}'.",
                    en=f"The column name '{name}' occurs more than once. Column {place} is called '{new}' here.",
                )
            )
    return tuple(found), notes
