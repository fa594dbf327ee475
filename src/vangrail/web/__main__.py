"""`python -m vangrail.web`: what `vangrail serve` and `vangrail demo` run."""

import sys

import click

from vangrail.model.errors import VangrailError
from vangrail.web.serving import main

try:
    sys.exit(main(prog_name="vangrail", standalone_mode=False))
except VangrailError as error:
    click.echo(str(error), err=True)
    sys.exit(3)
except click.ClickException as error:
    error.show()
    sys.exit(3)
except click.Abort:
    sys.exit(130)
