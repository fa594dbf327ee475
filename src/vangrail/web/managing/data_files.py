"""Small files with data for an application, put in its folder from the page. Larger ones are measured where they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.web.applications import measuring
from vangrail.web.applications.models import Application
from vangrail.web.applications.places import folder_of
from vangrail.web.organisations import administering
from vangrail.web.organisations.models import Person

LARGEST = 100 * 1024 * 1024
"""In bytes."""
FOLDER = "data"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,90}\.(csv|parquet)")
_PARQUET = b"PAR1"


@dataclass(frozen=True, kw_only=True)
class DataFile:
    """A file in the folder of an application.

    source   how a card names it
    """

    source: str
    name: str
    size: int
    at: datetime


def data_files(application: Application) -> list[DataFile]:
    """What lies there, by name."""
    return sorted(_found(folder_of(application) / FOLDER), key=lambda f: f.name)


def _found(place: Path) -> Iterator[DataFile]:
    for file in place.iterdir() if place.is_dir() else ():
        if file.is_file() and _NAME.fullmatch(file.name):
            told = file.stat()
            at = datetime.fromtimestamp(told.st_mtime, tz=UTC)
            yield DataFile(source=f"{FOLDER}/{file.name}", name=file.name, size=told.st_size, at=at)


def put(*, application: Application, file: "UploadedFile[bytes]", by: Person) -> DataFile:
    """Put a CSV or Parquet file in the folder; one of the same name is replaced, and what was measured on it is stale from then
    on. VangrailError when it is too large, has no such name, or is something else."""
    name = Path(file.name or "").name.replace(" ", "-")
    if not _NAME.fullmatch(name):
        raise VangrailError(
            both(nl="Deze naam kan niet.", en="This name cannot be used."),
            do=both(
                nl="Gebruik letters, cijfers, punten en streepjes, met .csv of .parquet op het einde.",
                en="Use letters, digits, dots and hyphens, ending in .csv or .parquet.",
            ),
        )
    _require_data(file, name)
    place = folder_of(application) / FOLDER
    place.mkdir(mode=0o700, exist_ok=True)
    unfinished = place / f".{name}.part"
    with unfinished.open("wb") as opened:
        for chunk in file.chunks():
            opened.write(chunk)
    unfinished.chmod(0o600)
    unfinished.replace(place / name)
    administering.note_data(organisation=application.organisation, about=f"{application.slug}: {name}", by=by)
    _look(application)
    return next(f for f in data_files(application) if f.name == name)


def take_away(*, application: Application, name: str, by: Person) -> None:
    """Remove a file; what was measured on it can no longer be trusted, and shows so."""
    file = next((f for f in data_files(application) if f.name == name), None)
    if file is None:
        raise VangrailError(both(nl="Dit bestand is er niet.", en="This file is not there."))
    (folder_of(application) / FOLDER / file.name).unlink(missing_ok=True)
    administering.note_data(organisation=application.organisation, about=f"{application.slug}: -{name}", by=by)
    _look(application)


def _look(application: Application) -> None:
    """Boards show at once that figures are of other data."""
    measuring.look(application, environment=measuring.connections(application))


def _require_data(file: "UploadedFile[bytes]", name: str) -> None:
    size = file.size or 0
    if not size:
        raise VangrailError(both(nl="Het bestand is leeg.", en="The file is empty."))
    if size > LARGEST:
        raise VangrailError(
            both(nl="Het bestand is groter dan 100 MB.", en="The file is larger than 100 MB."),
            do=both(
                nl="Vraag de beheerder om een verbinding met de databank: dan meten we daar.",
                en="Ask the administrator for a connection to the database: then it is measured there.",
            ),
        )
    file.seek(0)
    start = file.read(65_536)
    file.seek(max(0, size - 4))
    end = file.read(4)
    file.seek(0)
    parquet = start[:4] == _PARQUET and end == _PARQUET
    if name.endswith(".parquet") != parquet or (not parquet and b"\0" in start):
        raise VangrailError(
            both(nl="Wat erin zit, past niet bij de naam.", en="What is in it does not fit its name."),
            why=both(
                nl="Een .csv bevat tekst met scheidingstekens, een .parquet is een kolombestand.",
                en="A .csv holds text with separators, a .parquet is a file of columns.",
            ),
        )
