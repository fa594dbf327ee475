"""The dossier as a PDF that can be read aloud (PDF/UA-1): tagged, in its language, with a title and real tables.

Typst makes it, from the same values as the HTML dossier. They go in as JSON, so whatever a person wrote stays text.
Plots are left out: each has its table, which says the same and can be read by everyone.
"""

import dataclasses
import json
import re
from datetime import UTC
from enum import StrEnum
from importlib import resources
from typing import Any

from vangrail.exports.dossier import page
from vangrail.exports.formatting import sentence
from vangrail.model.board import Assessment
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.vocabulary import Language

NO_SIGN = "(?)"
"""What stands for a sign that cannot be shown."""
_NO_FONT = re.compile(r'the text `"(.+?)"` could not be displayed')


def dossier_pdf(assessment: Assessment, *, language: Language) -> bytes:
    """The whole dossier in one language. VangrailError when the library that makes a PDF is not installed."""
    try:
        import typst
    except ImportError as error:
        raise VangrailError(
            both(
                nl="Voor een pdf is een programma nodig dat niet geïnstalleerd is.",
                en="A PDF needs a library that is not installed.",
            ),
            do=both(
                nl='Installeer het met: pip install "vangrail[pdf]"',
                en='Install it with: pip install "vangrail[pdf]"',
            ),
        ) from error
    template = (resources.files("vangrail.exports") / "templates" / "dossier.typ").read_bytes()
    data = json.dumps(_plain(page(assessment, language=language)), ensure_ascii=False)
    made_at = int(assessment.made_at.astimezone(UTC).timestamp())
    while True:
        try:
            made: bytes = typst.compile(
                template,
                format="pdf",
                pdf_standards="ua-1",
                ignore_system_fonts=True,  # the same bytes on every machine
                sys_inputs={"data": data},
                timestamp=made_at,
            )
        except typst.TypstError as error:
            # A sign that no font holds, such as an emoji, could not be read aloud either, so the standard refuses it.
            unknown = _NO_FONT.search(str(error))
            if unknown is None or not any(c in data for c in unknown[1]):
                raise
            data = data.translate({ord(c): NO_SIGN for c in unknown[1] if not c.isascii()})
        else:
            return made


def _plain(value: Any) -> Any:
    """Values as JSON, with each reason as a sentence. What can be called stays out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.name != "chart"}
    if isinstance(value, dict):
        return {
            str(k): sentence(v) if k == "because" and isinstance(v, str) else _plain(v)
            for k, v in value.items()
            if not callable(v)
        }
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value.value if isinstance(value, StrEnum) else value
