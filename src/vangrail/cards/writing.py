"""Writes one fact on a card, and leaves the rest of the file as it is, comments included."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from vangrail.model.errors import VangrailError


def write_fact(file: Path, fact: str, value: str | bool | float | date | list[str]) -> None:
    """Put a fact under `facts:`; whole or not at all. Raises VangrailError when the file cannot be written."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4_096
    yaml.indent(mapping=2, sequence=4, offset=2)
    card: Any = yaml.load(file.read_text(encoding="utf-8-sig"))
    if card.get("facts") is None:
        card["facts"] = CommentedMap()
    card["facts"][fact] = value
    text = StringIO()
    yaml.dump(card, text)
    part = file.with_name(file.name + ".part")
    try:
        part.write_text(text.getvalue(), encoding="utf-8")
        part.replace(file)
    except OSError as error:
        raise VangrailError(
            f"{file} cannot be written: {error.strerror}.", do="Ask for the right to write there."
        ) from error
