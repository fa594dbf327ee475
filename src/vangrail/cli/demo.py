"""`vangrail demo`: the site with a fictitious municipality, in a folder that is thrown away afterwards."""

import click

from vangrail.cli.serve import run


@click.command("demo", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Run the site with a fictitious municipality, its OCMW and a second one, to look around."""
    run(["serve", "--demo", *arguments])
