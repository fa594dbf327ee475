"""`vangrail serve`: the site of an installation. A program of its own: no edge imports another."""

import importlib.util
import signal
import subprocess
import sys
from collections.abc import Sequence

import click

from vangrail.model.errors import VangrailError


@click.command("serve", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Run the site and its worker until it is stopped with Ctrl-C."""
    run(["serve", *arguments])


def run(arguments: Sequence[str]) -> None:
    """Run the site's own program, and end as it ends. Who stops this one stops the site: it never stays behind alone."""
    if importlib.util.find_spec("django") is None:
        raise VangrailError("The site is not installed.", do='Install it with: pip install "vangrail[web]"')
    site = subprocess.Popen([sys.executable, "-m", "vangrail.web", *arguments])  # noqa: S603  our own program
    signal.signal(signal.SIGTERM, lambda *_: site.terminate())
    while True:
        try:
            code = site.wait()
            break
        except KeyboardInterrupt:
            continue  # the site got the same signal: it stops by itself, and clears away what it made
    raise click.exceptions.Exit(code)
