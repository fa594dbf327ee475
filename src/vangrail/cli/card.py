"""`vangrail card`: make one, check one, print its form."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import click

from vangrail.cli import options
from vangrail.model.card import Dataset
from vangrail.model.errors import VangrailError
from vangrail.model.needs import Field
from vangrail.model.vocabulary import ColumnType, Language, Phase


@click.group("card")
def command() -> None:
    """Make a card, check it, or print its JSON Schema."""


@command.command("new")
@options.folder
@click.option("--name", help="Name of the application.")
@click.option("--organisation", help="Name of the body that uses it.")
@click.option("--purpose", help="What it is for, in one sentence.")
@click.option("--phase", type=click.Choice([p.value for p in Phase]), help="Where it stands in its life.")
@click.option("--data", type=click.Path(path_type=Path, dir_okay=False), help="A decision log or data set to look at.")
@options.in_language
def new(
    folder: Path,
    name: str | None,
    organisation: str | None,
    purpose: str | None,
    phase: str | None,
    data: Path | None,
    language: Language,
) -> None:
    """Make FOLDER with a first card.yaml. Asks what is not given; with --data it fills in the columns that it finds."""
    from vangrail.cards.skeleton import Start, skeleton

    file = folder / "card.yaml"
    if file.exists():
        raise VangrailError(f"{file} is there already.", do=f"Check it with: vangrail card check {folder}")
    if folder.exists() and not folder.is_dir():
        raise VangrailError(f"{folder} is a file, not a folder.", do="Name another folder.")
    ask = sys.stdin.isatty()
    fields, dates = _seen(data) if data else ((), {})
    start = Start(
        name=name or _ask(ask, _NAME[language], folder.resolve().name),
        organisation=organisation or _ask(ask, _ORGANISATION[language], ""),
        purpose=purpose or _ask(ask, _PURPOSE[language], ""),
        phase=Phase(phase or _ask(ask, _PHASE[language], Phase.IDEA.value, click.Choice([p.value for p in Phase]))),
        data=_path_from(folder, data) if data else None,
        fields=fields,
        dates=dates,
    )
    lacking = [
        option for option, value in (("--organisation", start.organisation), ("--purpose", start.purpose)) if not value
    ]
    if lacking:
        raise VangrailError(f"{' and '.join(lacking)} must be given when nobody is there to ask.")
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(skeleton(start), encoding="utf-8")
    click.echo(f"{file}\n{_NEXT[language].format(folder=folder)}")


_NAME = {Language.NL: "Hoe heet de toepassing?", Language.EN: "What is the application called?"}
_ORGANISATION = {Language.NL: "Welk bestuur gebruikt ze?", Language.EN: "Which body uses it?"}
_PURPOSE = {Language.NL: "Waarvoor dient ze, in één zin?", Language.EN: "What is it for, in one sentence?"}
_PHASE = {Language.NL: "In welke fase zit ze?", Language.EN: "In which phase is it?"}
_NEXT = {
    Language.NL: "Vul de kaart aan en bekijk wat nog ontbreekt met: vangrail assess {folder}",
    Language.EN: "Complete the card and see what is lacking with: vangrail assess {folder}",
}


def _ask(interactive: bool, question: str, default: str, kind: click.Choice[str] | None = None) -> str:
    if not interactive:
        return default
    return str(click.prompt(question, default=default or None, type=kind))


def _path_from(folder: Path, data: Path) -> str:
    """The data file as the card names it: relative to the folder where that is possible."""
    return Path(os.path.relpath(data.resolve(), folder.resolve())).as_posix()


def _seen(data: Path) -> tuple[Sequence[Field], Mapping[str, tuple[ColumnType, str]]]:
    """The columns that the file has, and how dates are written in those of text."""
    from vangrail.tables import open_table
    from vangrail.tables.dates import day_first

    with open_table("data", Dataset(source=data.name), folder=data.resolve().parent, environment=os.environ) as table:
        return table.fields, day_first(table)


@command.command("check")
@options.folder
@click.option("--data/--no-data", default=True, help="Also open the data sets and look whether the columns are there.")
@options.in_language
def check(folder: Path, data: bool, language: Language) -> None:
    """Check the card, answers and records in FOLDER: form, references, columns and expressions. Measures nothing."""
    from vangrail import checks
    from vangrail.assessment.measuring import require_columns
    from vangrail.cards import read_application
    from vangrail.cli.references import require_known
    from vangrail.tables import open_table

    application = read_application(folder)
    card = application.card
    require_known(application)
    planned = checks.plan(card)
    for name, dataset in card.datasets.items() if data else ():
        with open_table(name, dataset, folder=application.folder, environment=os.environ) as table:
            require_columns(card, name, table.fields)
            for measurement in planned:
                if measurement.dataset == name:
                    checks.checks()[measurement.check].needs(measurement, table.fields, date.today())
            for note in table.notes:
                click.echo(f"{name}: {note[language]}")
    click.echo(_GOOD[language].format(number=len(planned)))


_GOOD = {
    Language.NL: "De kaart is in orde. {number} metingen mogelijk: vangrail assess",
    Language.EN: "The card is in order. {number} measurements are possible: vangrail assess",
}


@command.command("schema")
@click.argument("which", type=click.Choice(["card", "answers", "records"]), default="card")
def schema(which: str) -> None:
    """Print the JSON Schema of a card, its answers or its records; an editor can help with it while you type."""
    from vangrail.cards.published import schemas

    click.echo(json.dumps(schemas()[which], ensure_ascii=False, indent=2))
