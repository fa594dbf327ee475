"""The folder of an application: its card, and beside it what people answered and what happened."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import rfc8785
from pydantic import BaseModel

from vangrail.cards.located import Document, parse, read_yaml
from vangrail.model.card import Answer, Card, Record
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both

CARD, ANSWERS, RECORDS = "card.yaml", "answers.yaml", "records.yaml"

WHY = {
    "purpose": both(
        nl="Het doel bepaalt welke regels gelden; zonder doel kan niets beoordeeld worden (principedocument p. 4).",
        en="The purpose decides which rules apply, so nothing can be judged without it (principedocument p. 4).",
    ),
    "phase": both(nl="De fase bepaalt wat er nu al gevraagd wordt.", en="The phase decides what is asked by now."),
    "organisation": both(
        nl="Zonder bestuur dat ervoor instaat, kan niemand iets vragen of bezwaar maken.",
        en="Without a body that answers for it, nobody can ask or object.",
    ),
    "limits": both(
        nl="Een grens telt alleen als er staat wie ze koos, wanneer en waarom.",
        en="A limit counts only when it says who chose it, when, and why.",
    ),
}

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Application:
    """An application as it lies in its folder.

    digest     of the card's content, not of its layout or comments
    document   the card's file, to say on which line something stands
    """

    folder: Path
    card: Card
    answers: tuple[Answer, ...]
    records: tuple[Record, ...]
    digest: str
    document: Document


def read_application(folder: Path) -> Application:
    """The card with its answers and records. VangrailError that names every problem with file and line."""
    if folder.is_file() and folder.name == CARD:
        folder = folder.parent
    if not folder.is_dir():
        raise VangrailError(
            both(nl=f"{folder} is geen map.", en=f"{folder} is not a folder."),
            why=both(
                nl="Een toepassing staat in een eigen map, met haar kaart, antwoorden en gebeurtenissen.",
                en="An application lives in a folder of its own, with its card, answers and records.",
            ),
            do=both(nl=f"Maak er een met: vangrail card new {folder}", en=f"Make one with: vangrail card new {folder}"),
        )
    document = read_yaml(folder / CARD)
    card = parse(document, Card, why=WHY)
    return Application(
        folder=folder,
        card=card,
        answers=tuple(_answers(folder)),
        records=tuple(_records(folder)),
        digest=digest(card.model_dump(mode="json", exclude_defaults=True)),
        document=document,
    )


def digest(values: Any) -> str:
    """SHA-256 of values in canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(values)).hexdigest()


def _answers(folder: Path) -> Iterator[Answer]:
    for document, number, answer in _items(folder / ANSWERS, "answers", Answer):
        place = ("answers", number, "documents")
        for path in answer.documents:
            if "://" not in path and not (folder / path).is_file():
                absent = both(nl=f"het document '{path}' is er niet.", en=f"document '{path}' is not there.")
                raise VangrailError(
                    document.at(place, absent),
                    why=both(
                        nl="Een antwoord steunt op zijn documenten. Ook later moet iemand ze vinden.",
                        en="An answer stands on its documents, so they must be found later as well.",
                    ),
                    do=both(
                        nl=f"Zet het in {folder} of verbeter het pad.", en=f"Put it in {folder} or correct the path."
                    ),
                )
        yield answer


def _records(folder: Path) -> Iterator[Record]:
    return (record for _, _, record in _items(folder / RECORDS, "records", Record))


def _items(file: Path, key: str, form: type[M]) -> Iterator[tuple[Document, int, M]]:
    """Each item of the list under the one key of the file; nothing when there is no file."""
    if not file.exists():
        return
    document = read_yaml(file)
    if document.values is None:
        return
    items = document.values.get(key) if isinstance(document.values, dict) and set(document.values) == {key} else ...
    if items is None:
        return
    if not isinstance(items, list):
        one_key = both(
            nl=f"hier hoort één sleutel, '{key}:', met een lijst eronder.",
            en=f"expected one key, '{key}:', with a list under it.",
        )
        raise VangrailError(
            document.at((), one_key),
            do=both(
                nl=f"Begin het bestand met '{key}:' en elk item met '- '.",
                en=f"Start the file with '{key}:' and each item with '- '.",
            ),
        )
    for number in range(len(items)):
        yield document, number, parse(document, form, at=(key, number))
