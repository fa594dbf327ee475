"""Writes a card as text; or one thing on a card, and leaves the rest of the file as it is, comments included."""

from collections.abc import Callable, Mapping
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from vangrail.model.card import Card, MeterRun
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both


def card_text(content: Mapping[str, Any]) -> str:
    """The plain values of a card as card.yaml: in the order of the form, long texts over several lines."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    order = [name for name in Card.model_fields if name in content]
    order += [name for name in content if name not in Card.model_fields]
    text = StringIO()
    yaml.dump({name: content[name] for name in order}, text)
    return text.getvalue()


def write_fact(file: Path, fact: str, value: str | bool | float | date | list[str]) -> None:
    """Put a fact under `facts:`; whole or not at all. Raises VangrailError when the file cannot be written."""

    def change(card: Any) -> None:
        if card.get("facts") is None:
            card["facts"] = CommentedMap()
        card["facts"][fact] = value

    _rewrite(file, change)


def add_run(file: Path, run: MeterRun) -> None:
    """Put a metered run behind the others under `energy: runs:`; whole or not at all. VangrailError as for `write_fact`."""
    values = CommentedMap(run.model_dump(exclude_defaults=True))
    values.fa.set_flow_style()

    def change(card: Any) -> None:
        if card.get("energy") is None:
            card["energy"] = CommentedMap()
        if card["energy"].get("runs") is None:
            card["energy"]["runs"] = CommentedSeq()
        card["energy"]["runs"].append(values)

    _rewrite(file, change)


def _rewrite(file: Path, change: Callable[[Any], None]) -> None:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4_096
    yaml.indent(mapping=2, sequence=4, offset=2)
    part = file.with_name(file.name + ".part")
    try:
        card: Any = yaml.load(file.read_text(encoding="utf-8-sig"))
        change(card)
        text = StringIO()
        yaml.dump(card, text)
        part.write_text(text.getvalue(), encoding="utf-8")
        part.replace(file)
    except OSError as error:
        raise VangrailError(
            both(
                nl=f"{file} kan niet geschreven worden ({error.strerror}).",
                en=f"{file} cannot be written: {error.strerror}.",
            ),
            do=both(nl="Vraag het recht om daar te schrijven.", en="Ask for the right to write there."),
        ) from error
    except (YAMLError, UnicodeDecodeError, AttributeError, TypeError) as error:
        raise VangrailError(
            both(
                nl=f"{file} is geen kaart meer die gelezen kan worden.",
                en=f"{file} is no longer a card that can be read.",
            ),
            do=both(
                nl="Kijk wat er fout is met: vangrail card check", en="See what is wrong with: vangrail card check"
            ),
        ) from error
