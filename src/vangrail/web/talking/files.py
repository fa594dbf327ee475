"""Files that people attach: recognised by what is in them, kept under their digest outside the web root."""

import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.web.applications.models import Application

LARGEST = 10 * 1024 * 1024
"""The largest file, in bytes."""
_MOST_PARTS = 5_000
"""The most files that an office document may hold: more is a trap for whoever unpacks it."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of file that we take: how it is sent back."""

    extension: str
    content_type: str


KINDS: Mapping[str, Kind] = {
    "pdf": Kind(extension=".pdf", content_type="application/pdf"),
    "png": Kind(extension=".png", content_type="image/png"),
    "jpeg": Kind(extension=".jpg", content_type="image/jpeg"),
    "docx": Kind(
        extension=".docx",
        content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "xlsx": Kind(
        extension=".xlsx",
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "odt": Kind(extension=".odt", content_type="application/vnd.oasis.opendocument.text"),
    "txt": Kind(extension=".txt", content_type="text/plain; charset=utf-8"),
}
KNOWN = "PDF, PNG, JPEG, DOCX, ODT, XLSX, TXT"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file that was taken in."""

    kind: str
    size: int
    sha256: str


def keep(application: Application, file: "UploadedFile[bytes]") -> Kept:
    """Look what it is, and keep it. VangrailError when it is empty, too large, or no kind that we take."""
    if not file.size:
        raise VangrailError(
            both(nl="Het bestand is leeg.", en="The file is empty."),
            do=both(nl="Kies een ander bestand.", en="Choose another file."),
        )
    if file.size > LARGEST:
        raise VangrailError(
            both(
                nl=f"Het bestand is groter dan {LARGEST // 1024 // 1024} MB.",
                en=f"The file is larger than {LARGEST // 1024 // 1024} MB.",
            ),
            do=both(
                nl="Maak het kleiner, of zet bij je antwoord waar het te vinden is.",
                en="Make it smaller, or write beside your answer where it can be found.",
            ),
        )
    kind = recognised(file)
    if kind is None:
        raise VangrailError(
            both(nl="Dit soort bestand nemen we niet aan.", en="This is no kind of file that can be attached here."),
            why=both(
                nl="We kijken naar wat erin zit, niet naar de naam.", en="What is in a file decides, not its name."
            ),
            do=both(nl=f"Kies een van deze soorten: {KNOWN}.", en=f"Attach one of: {KNOWN}."),
        )
    digest = sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    found = Kept(kind=kind, size=file.size, sha256=digest.hexdigest())
    place = place_of(application, found.sha256)
    if not place.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = place.with_suffix(".part")
        with unfinished.open("wb") as opened:
            for chunk in file.chunks():
                opened.write(chunk)
        unfinished.chmod(0o600)
        unfinished.replace(place)
    return found


def place_of(application: Application, digest: str) -> Path:
    """Where the file with this digest lies."""
    return Path(settings.DATA) / "documents" / application.organisation.slug / application.slug / digest


def called(name: str, extension: str) -> str:
    """What to call a file: the last part of the name that was sent, without what cannot be seen, and with the extension of
    what it really is."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    plain = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(". ")
    stem = plain.rpartition(".")[0] or plain or "document"
    return stem[: 200 - len(extension)] + extension


def recognised(file: "IO[bytes] | UploadedFile[bytes]") -> str | None:
    """The key of `KINDS` that the content says it is; none when it is something else."""
    file.seek(0)
    start = file.read(4096)
    kind: str | None
    if start.startswith(b"%PDF-"):
        kind = "pdf"
    elif start.startswith(b"\x89PNG\r\n\x1a\n"):
        kind = "png"
    elif start.startswith(b"\xff\xd8\xff"):
        kind = "jpeg"
    elif start.startswith(b"PK\x03\x04"):
        kind = _office(file)
    else:
        kind = "txt" if _is_text(file) else None
    file.seek(0)
    return kind


def _office(file: "IO[bytes] | UploadedFile[bytes]") -> str | None:
    """Which office document a zip file is. Nothing in it is unpacked but one short line."""
    try:
        with zipfile.ZipFile(file) as opened:
            names = opened.namelist()
            if len(names) > _MOST_PARTS or any("vbaproject" in name.lower() for name in names):
                return None
            if "word/document.xml" in names:
                return "docx"
            if "xl/workbook.xml" in names:
                return "xlsx"
            if "mimetype" in names and opened.getinfo("mimetype").file_size < 200:
                said = opened.read("mimetype").decode("ascii", "replace").strip()
                return "odt" if said == KINDS["odt"].content_type else None
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError):
        return None
    return None


def _is_text(file: "IO[bytes] | UploadedFile[bytes]") -> bool:
    file.seek(0)
    try:
        text = file.read().decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(c in "\t\n\r\f" or c >= " " for c in text)
