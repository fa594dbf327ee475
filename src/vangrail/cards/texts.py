"""The public texts of an application: on its card, or in text files beside it."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

import rfc8785

from vangrail.model.card import Card, PublicText
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.needs import Fingerprint, Need, NeedAnswer, Wording

MOST_BYTES = 5_000_000
_NO_SENTENCE = re.compile(r"^[ \t]*(?:#{1,6}[ \t][^\n]*|\|[^\n]*\|[ \t]*)$", re.MULTILINE)
_MARKUP = re.compile(r"^[ \t]*>[ \t]?|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}|!?\[([^\]\n]*)\]\([^)\n]*\)", re.MULTILINE)


class PublicTexts:
    """The texts, read once. VangrailError for a file that is not there or is no text."""

    def __init__(self, card: Card, *, folder: Path) -> None:
        self._texts = {t.what: _read(t, folder) for t in card.public_texts}

    def answer(self, needs: Iterable[Need]) -> dict[Need, NeedAnswer]:
        """The wording that each need asks for."""
        return {n: self._texts[n.what] for n in needs if isinstance(n, Wording)}

    def fingerprint(self) -> Fingerprint:
        """SHA-256 over names and texts."""
        content = hashlib.sha256(rfc8785.dumps([[what, text] for what, text in self._texts.items()])).hexdigest()
        return Fingerprint(algorithm="vangrail-1/texts-sha256", content=content, rows=len(self._texts))


def _read(text: PublicText, folder: Path) -> str:
    if text.text is not None:
        return text.text
    path = folder / str(text.file)
    what = f"card.yaml, texts: '{text.what}': {text.file}"
    if path.suffix.lower() not in (".txt", ".md"):
        raise VangrailError(
            both(nl=f"{what} is geen tekstbestand.", en=f"{what} is no text file."),
            do=both(
                nl="Bewaar de tekst als .txt of .md en wijs daarnaar.",
                en="Save the text as .txt or .md and point to that.",
            ),
        )
    if not path.is_file():
        raise VangrailError(
            both(nl=f"{what} is er niet.", en=f"{what} is not there."),
            do=both(nl=f"Zet het in {folder} of verbeter het pad.", en=f"Put it in {folder} or correct the path."),
        )
    if path.stat().st_size > MOST_BYTES:
        most = MOST_BYTES // 1_000_000
        raise VangrailError(
            both(nl=f"{what} is groter dan {most} MB.", en=f"{what} is larger than {most} MB."),
            do=both(nl="Wijs naar één pagina of brief.", en="Point to one page or letter."),
        )
    try:
        found = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        byte = error.start + 1
        raise VangrailError(
            both(nl=f"{what}: byte {byte} is geen UTF-8.", en=f"{what}: byte {byte} is not UTF-8."),
            do=both(nl="Bewaar het bestand als UTF-8.", en="Save the file as UTF-8."),
        ) from error
    if path.suffix.lower() == ".md":
        # A heading is no sentence; counted as a short one it would make the text look easier. Nor is a row of a table.
        return _MARKUP.sub(lambda m: m[1] or "", _NO_SENTENCE.sub("", found))
    return found
