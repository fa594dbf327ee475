"""Where a data set is: which kind of source, which files, and what to say when it is not there."""

import difflib
import glob
import hashlib
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import Language
from vangrail.tables.wording import changed, data_set, said

Kind = Literal["csv", "parquet", "duckdb", "sqlite", "postgres", "spark"]

ENDINGS: Mapping[str, Kind] = {
    **dict.fromkeys((".csv", ".tsv", ".txt", ".data"), "csv"),
    **dict.fromkeys((".parquet", ".pq"), "parquet"),
    **dict.fromkeys((".duckdb", ".ddb"), "duckdb"),
    **dict.fromkeys((".sqlite", ".sqlite3", ".db", ".db3"), "sqlite"),
}
KNOWN = "CSV (.csv, .tsv, .txt, .data), Parquet (.parquet), SQLite (.sqlite, .db), DuckDB (.duckdb), postgresql:NAME, spark:NAME"
ADVICE: Mapping[str, Text] = {
    **dict.fromkeys(
        (".xlsx", ".xls"), both(nl="Bewaar het blad als 'CSV UTF-8'.", en="Save the sheet as 'CSV UTF-8'.")
    ),
    ".ods": both(nl="Bewaar het blad als CSV.", en="Save the sheet as CSV."),
    **dict.fromkeys((".gz", ".zip"), both(nl="Pak het bestand eerst uit.", en="Unpack the file first.")),
    ".json": both(nl="Zet het eerst om naar CSV of Parquet.", en="Convert it to CSV or Parquet first."),
}
CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a file looked like: when this differs later, the file was changed meanwhile."""

    size: int
    changed_ns: int
    inode: int


@dataclass(frozen=True, kw_only=True)
class Source:
    """A source that is there: its kind, and its files or the name of its connection string."""

    name: str
    """The data set's name on the card, for messages."""
    shown: str
    """The source as it stands on the card."""
    kind: Kind
    paths: tuple[Path, ...] = ()
    connection: str | None = None
    """The connection string itself: a secret, never shown."""
    connection_name: str = ""
    folder: Path | None = None
    """The card's folder, for a path that is not whole."""
    marks: tuple[Mark, ...] = ()

    @property
    def path(self) -> Path:
        """The file, where there is one."""
        return self.paths[0]

    def unchanged(self) -> None:
        """VangrailError when a file is no longer as it was when the source was opened."""
        if self.paths and tuple(_mark(p) for p in self.paths) != self.marks:
            raise changed(said(data_set(self.name), nl=f": {self.shown}", en=f": {self.shown}"))

    def bytes_sha256(self) -> str | None:
        """SHA-256 of the bytes of the file; of the sorted digests, one per line, where there are several."""
        digests = []
        for path in self.paths:
            digest = hashlib.sha256()
            with path.open("rb") as stream:
                while piece := stream.read(CHUNK):
                    digest.update(piece)
            digests.append(digest.hexdigest())
        if len(digests) <= 1:
            return digests[0] if digests else None
        return hashlib.sha256("".join(f"{d}\n" for d in sorted(digests)).encode()).hexdigest()


def locate(name: str, dataset: card.Dataset, *, folder: Path, environment: Mapping[str, str]) -> Source:
    """Find the source of a data set. VangrailError for anything that a user can solve."""
    shown = dataset.source.strip()
    what = data_set(name)
    if (found := re.fullmatch(r"(postgresql|postgres|spark):(?!//)\s*(\S*)", shown)) is not None:
        return _server(name, shown, found[1], found[2], folder=folder, environment=environment)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", shown) or shown.startswith("//"):
        raise VangrailError(
            said(
                what,
                nl=": de bron is een adres, en van het netwerk wordt niets opgehaald.",
                en=": the source is an address, and nothing is fetched from the network.",
            ),
            do=_instead_of_address(shown),
        )
    if shown.startswith(":"):
        raise VangrailError(
            said(what, nl=f": '{shown}' is geen bestand.", en=f": '{shown}' is not a file."),
            do=both(nl=f"Geef het pad van een bestand: {KNOWN}.", en=f"Give the path of one: {KNOWN}."),
        )
    if "\0" in shown:
        raise VangrailError(
            said(
                what,
                nl=": in de bron staat een teken dat in geen pad kan.",
                en=": the source holds a character that no path can have.",
            )
        )
    if glob.has_magic(shown) and not (folder / shown).exists():
        paths = _matching(what, shown, folder)
    else:
        paths = (_file(what, shown, folder),)
    kinds = {_kind(what, p) for p in paths}
    if len(paths) > 1 and kinds != {"parquet"}:
        raise VangrailError(
            said(
                what,
                nl=f": op het patroon '{shown}' passen {len(paths)} bestanden die niet allemaal Parquet zijn.",
                en=f": the pattern '{shown}' matches {len(paths)} files that are not all Parquet.",
            ),
            do=both(
                nl="Alleen Parquet wordt uit verschillende bestanden samen gelezen; noem anders één bestand.",
                en="Several files together are read as Parquet only; for other kinds name one file.",
            ),
        )
    return Source(name=name, shown=shown, kind=kinds.pop(), paths=paths, marks=tuple(_mark(p) for p in paths))


def _instead_of_address(shown: str) -> Text:
    scheme = shown.lower().partition("://")[0]
    if scheme.startswith(("postgres", "mysql", "mssql")):
        return both(
            nl="Schrijf 'source: postgresql:NAAM' en zet de verbinding in de omgevingsvariabele NAAM.",
            en="Write 'source: postgresql:NAME' and put the connection string in the environment variable NAME.",
        )
    if scheme in ("spark", "hdfs", "s3", "s3a", "gs", "abfs", "abfss", "dbfs"):
        return both(
            nl="Schrijf 'source: spark:NAAM', zet het adres van de Spark-cluster in de omgevingsvariabele NAAM, en het pad of"
            " de naam van de tabel bij 'table'.",
            en="Write 'source: spark:NAME', put the address of the Spark cluster in the environment variable NAME, and the"
            " path or the name of the table in 'table'.",
        )
    return both(
        nl="Download het bestand, zet het naast de kaart en schrijf het pad.",
        en="Download the file, put it beside the card and write its path.",
    )


@dataclass(frozen=True, kw_only=True)
class _Secret:
    """What an environment variable has to hold for a kind of server."""

    kind: Kind
    holds: Text
    example: str


SERVERS: Mapping[str, _Secret] = {
    **dict.fromkeys(
        ("postgresql", "postgres"),
        _Secret(
            kind="postgres",
            holds=both(nl="de verbinding", en="the connection string"),
            example="postgresql://reader@host/database",
        ),
    ),
    "spark": _Secret(
        kind="spark",
        holds=both(nl="het adres van de Spark-cluster", en="the address of the Spark cluster"),
        example="spark://host:7077",
    ),
}


def _server(
    name: str, shown: str, scheme: str, variable: str, *, folder: Path, environment: Mapping[str, str]
) -> Source:
    what, secret = data_set(name), SERVERS[scheme]
    dutch, english = secret.holds[Language.NL], secret.holds[Language.EN]
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", variable):
        raise VangrailError(
            said(
                what,
                nl=f": schrijf 'source: {scheme}:NAAM', waarin NAAM de naam is van een omgevingsvariabele.",
                en=f": write 'source: {scheme}:NAME', where NAME is the name of an environment variable.",
            ),
            why=both(
                nl="Een kaart wordt gedeeld, dus er mag geen wachtwoord op staan.",
                en="A card is shared, so a password may not stand on it.",
            ),
            do=both(
                nl=f"Zet {dutch} in die variabele, bijvoorbeeld {secret.example}.",
                en=f"Put {english} in that variable, for example {secret.example}.",
            ),
        )
    if not environment.get(variable, "").strip():
        raise VangrailError(
            said(
                what,
                nl=f": de omgevingsvariabele {variable} is niet ingesteld.",
                en=f": the environment variable {variable} is not set.",
            ),
            why=both(
                nl=f"De bron is '{shown}', dus {dutch} moet daar staan.",
                en=f"The source is '{shown}', so {english} must be there.",
            ),
            do=both(
                nl=f"Stel ze in voor je begint: export {variable}='{secret.example}'",
                en=f"Set it before you start: export {variable}='{secret.example}'",
            ),
        )
    return Source(
        name=name,
        shown=shown,
        kind=secret.kind,
        connection=environment[variable].strip(),
        connection_name=variable,
        folder=folder,
    )


def _file(what: Text, shown: str, folder: Path) -> Path:
    path = folder / Path(shown).expanduser()
    try:
        found = path.stat()
    except FileNotFoundError:
        raise VangrailError(
            said(what, nl=f": er is geen bestand {shown}.", en=f": there is no file {shown}."),
            do=_nearest(path, shown, folder),
        ) from None
    except NotADirectoryError:
        raise VangrailError(
            said(
                what,
                nl=f": er is geen bestand {shown}: een deel van het pad is geen map.",
                en=f": there is no file {shown}: a part of its path is not a folder.",
            )
        ) from None
    except (PermissionError, OSError) as error:
        raise VangrailError(
            said(
                what,
                nl=f": {shown} is niet bereikbaar ({error.strerror}).",
                en=f": {shown} cannot be reached ({error.strerror}).",
            ),
            do=both(nl="Vraag toegang.", en="Ask for access."),
        ) from None
    if stat.S_ISDIR(found.st_mode):
        pattern = f"{shown.rstrip('/')}/*.parquet"
        inside = sorted({p.suffix for p in path.iterdir() if p.suffix in ENDINGS}) if os.access(path, os.R_OK) else []
        raise VangrailError(
            said(what, nl=f": {shown} is een map, geen bestand.", en=f": {shown} is a folder, not a file."),
            do=both(
                nl=f"Noem één bestand erin, of een patroon zoals {pattern}."
                + (f" Erin staan bestanden op {', '.join(inside)}." if inside else ""),
                en=f"Name one file in it, or a pattern such as {pattern}."
                + (f" In it are files ending in {', '.join(inside)}." if inside else ""),
            ),
        )
    if not stat.S_ISREG(found.st_mode):
        raise VangrailError(
            said(what, nl=f": {shown} is geen gewoon bestand.", en=f": {shown} is not an ordinary file."),
            do=both(nl="Kopieer de gegevens naar een bestand.", en="Copy the data to a file."),
        )
    if not os.access(path, os.R_OK):
        raise VangrailError(
            said(what, nl=f": deze gebruiker mag {shown} niet lezen.", en=f": {shown} may not be read by this user."),
            do=both(nl=f"Geef toegang: chmod u+r '{shown}'", en=f"Give access: chmod u+r '{shown}'"),
        )
    return path


def _matching(what: Text, shown: str, folder: Path) -> tuple[Path, ...]:
    pattern = Path(shown).expanduser()
    found = sorted(  # a pattern may be absolute, which Path.glob refuses
        glob.glob(  # noqa: PTH207
            str(pattern), root_dir=None if pattern.is_absolute() else folder, recursive=True
        )
    )
    if not found:
        raise VangrailError(
            said(what, nl=f": geen bestand past op {shown}.", en=f": no file matches {shown}."), do=_read_from(folder)
        )
    return tuple(_file(what, p, folder) for p in found)


def _read_from(folder: Path) -> Text:
    return both(
        nl=f"Paden gelden vanaf de map van de kaart, {folder}.",
        en=f"Paths are read from the card's folder, {folder}.",
    )


def _nearest(path: Path, shown: str, folder: Path) -> Text:
    try:
        names = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
    except OSError:
        names = []
    close = difflib.get_close_matches(path.name, names, n=1, cutoff=0.5)
    if close:
        other = Path(shown).with_name(close[0])
        return both(nl=f"Bedoelde je {other}?", en=f"Did you mean {other}?")
    if path.parent.is_dir():
        return _read_from(folder)
    inside, read_from = Path(shown).parent, _read_from(folder)
    return both(
        nl=f"Ook de map {inside} is er niet. {read_from[Language.NL]}",
        en=f"The folder {inside} is not there either. {read_from[Language.EN]}",
    )


def _kind(what: Text, path: Path) -> Kind:
    ending = path.suffix.lower()
    if ending in ENDINGS:
        kind = ENDINGS[ending]
        return "duckdb" if kind == "sqlite" and _looks_like_duckdb(path) else kind
    raise VangrailError(
        said(
            what,
            nl=f": bestanden op '{ending}' zijn niet te lezen.",
            en=f": files ending in '{ending}' cannot be read.",
        )
        if ending
        else said(what, nl=": de naam van het bestand heeft geen extensie.", en=": the file name has no ending."),
        why=both(nl=f"Bekend zijn {KNOWN}.", en=f"Known are {KNOWN}."),
        do=ADVICE.get(
            ending,
            both(
                nl="Zet het eerst om, of geef het bestand de extensie die past.",
                en="Convert it first, or give the file the ending that fits.",
            ),
        ),
    )


def _looks_like_duckdb(path: Path) -> bool:
    """A file ending in .db may be either; DuckDB writes its name from byte 8."""
    with path.open("rb") as stream:
        return stream.read(12)[8:12] == b"DUCK"


def _mark(path: Path) -> Mark:
    try:
        found = path.stat()
    except OSError:
        return Mark(size=-1, changed_ns=-1, inode=-1)
    return Mark(size=found.st_size, changed_ns=found.st_mtime_ns, inode=found.st_ino)
