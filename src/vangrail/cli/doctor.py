"""`vangrail doctor`: what can be wrong with an installation of the site, and how to mend it."""

import click

from vangrail.cli.serve import run


@click.command("doctor")
def command() -> None:
    """Look at what can be wrong with this installation of the site. Changes nothing."""
    run(["doctor"])
