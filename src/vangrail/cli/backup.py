"""`vangrail backup`: write everything of an installation of the site to one file, while it runs."""

import click

from vangrail.cli.serve import run


@click.command("backup")
@click.argument("file")
def command(file: str) -> None:
    """Write everything of an installation of the site to one FILE, also while it runs."""
    run(["backup", "--", file])
