"""`vangrail explain REQUIREMENT FOLDER`: why this verdict, from which evidence."""

from datetime import date
from pathlib import Path

import click

from vangrail.cli import options
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Language


@click.command("explain")
@click.argument("requirement")
@options.folder
@options.in_language
@options.on_day
@options.ledger_place
def command(requirement: str, folder: Path, language: Language, on: date | None, ledger: Path | None) -> None:
    """Show why REQUIREMENT has its verdict in FOLDER: every figure, answer and record, and what is still to do."""
    from vangrail.cli import workspace
    from vangrail.cli.norms import closest
    from vangrail.cli.output import print_line
    from vangrail.cli.references import require_known

    with workspace.open_workspace(folder, ledger=ledger, on=on, create=False) as work:
        require_known(work.application)
        found = workspace.assess_from_ledger(work, at=workspace.now())
    try:
        line = found.board.line(requirement)
    except KeyError as error:
        known = [line.requirement.id for line in found.board.lines]
        raise VangrailError(f"'{requirement}' is not a requirement.{closest(requirement, known)}") from error
    print_line(line, found, language)
