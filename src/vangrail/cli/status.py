"""`vangrail status FOLDER`: what holds, what is stale and what is open, from what was measured before."""

from datetime import date
from pathlib import Path

import click

from vangrail.cli import options
from vangrail.cli.assess import exit_code, give, require_asked
from vangrail.model.vocabulary import Language


@click.command("status")
@options.folder
@options.as_format
@options.in_language
@options.on_day
@options.ledger_place
def command(folder: Path, format_: str, language: Language, on: date | None, ledger: Path | None) -> None:
    """Show what is met, stale or open in FOLDER, without measuring again.

    The data are only looked at to see whether they changed. Exit codes as for `assess`.
    """
    from vangrail.cli import workspace
    from vangrail.cli.references import require_known

    with workspace.open_workspace(folder, ledger=ledger, on=on, create=False) as work:
        require_known(work.application)
        found = workspace.assess_from_ledger(work, at=workspace.now())
    require_asked(found)
    give(found, format_=format_, language=language)
    raise click.exceptions.Exit(exit_code(found))
