"""`vangrail restore`: an installation of the site from a backup."""

import click

from vangrail.cli.serve import run


@click.command("restore")
@click.argument("file")
def command(file: str) -> None:
    """Make an installation of the site of a backup FILE, in an empty folder and database."""
    run(["restore", "--", file])
