"""Arguments that several commands share."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from vangrail.model.vocabulary import Language

F = TypeVar("F", bound=Callable[..., Any])


class _Day(click.ParamType[date]):
    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is not a day; write it as 2026-11-22.", param, ctx)


def folder(function: F) -> F:
    """The application's folder."""
    return click.argument("folder", type=click.Path(path_type=Path))(function)


def on_day(function: F) -> F:
    """The day as of which verdicts hold."""
    help_ = "Judge as of this day (2026-11-22). Nothing is written down then. Default: today."
    return click.option("--on", type=_Day(), metavar="DATE", help=help_)(function)


def as_format(function: F) -> F:
    """Text for people, JSON for machines."""
    choice = click.Choice(["text", "json"])
    return click.option("--format", "format_", type=choice, default="text", help="Text or JSON.")(function)


def in_language(function: F) -> F:
    """Dutch or English."""
    return click.option(
        "--lang",
        "language",
        type=click.Choice([language.value for language in Language]),
        default=Language.NL.value,
        envvar="VANGRAIL_LANG",
        callback=_remembered,
        help="Dutch (nl) or English (en).",
    )(function)


def _remembered(ctx: click.Context, param: click.Parameter, value: str) -> Language:
    ctx.meta[_SPOKEN] = Language(value)
    return Language(value)


def spoken(ctx: click.Context) -> Language:
    """The language that the command was asked in; English where it knows no other."""
    return Language(ctx.meta.get(_SPOKEN, Language.EN))


_SPOKEN = "vangrail.language"


def ledger_place(function: F) -> F:
    """Where the ledger of the organisation is."""
    return click.option(
        "--ledger",
        "ledger",
        type=click.Path(path_type=Path),
        envvar="VANGRAIL_LEDGER",
        help="Folder of the ledger. Default: the nearest .vangrail in or above FOLDER; made in FOLDER when there is none.",
    )(function)
