"""The command line: read the arguments, call the core, show the answer. Commands are loaded only when they are used.

Exit codes: 0 everything that is asked is met; 1 something is not met; 2 something is unknown, partly met or expired;
3 it could not run (also for wrong usage); 130 stopped with Ctrl-C. Other commands than `assess` and `status` use 0 and 3, and
1 for a ledger or a card that is not in order. `meter` ends with the code of the command that it ran.
"""

import gc
import importlib
import io
import os
import sys
import traceback
from typing import Any, NoReturn

import click

from vangrail.model.errors import VangrailError

MET, NOT_MET, UNKNOWN, COULD_NOT_RUN = 0, 1, 2, 3
STOPPED = 130
"""What a shell gives for a program that was stopped with Ctrl-C."""

COMMANDS = {
    "assess": "Measure what the card declares and show every requirement with its verdict.",
    "status": "Show what is met, stale or open, without measuring again.",
    "watch": "Measure what is due, for one application or many, and tell what changed; for a scheduler.",
    "explain": "Show why a requirement has its verdict, with all figures.",
    "case": "Explain a model's advice about one case: what weighed most, and what would turn it.",
    "classify": "Show what the AI Act and other law ask, and from which day.",
    "gate": "Show what the next gate lacks; open or refuse it as a named person.",
    "card": "Make a card, check it, or print its JSON Schema.",
    "norms": "List and explain what is asked of every application.",
    "checks": "List what can be measured, with formula and source.",
    "meter": "Run a command and note on the card how much energy it took.",
    "serve": "Run the site of an installation.",
    "doctor": "Look at what can be wrong with an installation of the site.",
    "backup": "Write everything of an installation of the site to one file, also while it runs.",
    "restore": "Make an installation of the site of a backup.",
    "demo": "Run the site with a fictitious municipality, to look around.",
    "ledger": "Verify, export and prove what was written down.",
}


class _Commands(click.Group):
    """A group whose help needs no command, and whose commands are imported when called."""

    def invoke(self, ctx: click.Context) -> Any:
        """What a user can solve is told in the language that was asked."""
        from vangrail.cli import options

        try:
            return super().invoke(ctx)
        except VangrailError as error:
            click.echo(error.told(options.spoken(ctx)), err=True)
            return COULD_NOT_RUN

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"vangrail.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(f"{error.message} Known commands: {', '.join(COMMANDS)}.", ctx) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="vangrail")
def vangrail() -> None:
    """Guardrails for AI in Flemish governments: what can be measured is measured, the rest a named person answers."""


def main() -> NoReturn:
    """Run the command line. What a user can solve is shown without traceback; a bug keeps its traceback.

    Whatever stops it, the exit code is that of "could not run": Python's own 1 would read as "something is not met".
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without ✓ shows ?, and the verdict in words beside it
    # One command makes many small lasting values and few cycles: looking for those took a quarter of a large run.
    gc.set_threshold(200_000)
    try:
        code = vangrail.main(standalone_mode=False)
    except click.Abort as stopped:
        click.echo("Stopped. Nothing was written half.", err=True)
        sys.exit(COULD_NOT_RUN if isinstance(stopped.__cause__, EOFError) else STOPPED)
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    except click.ClickException as error:
        error.show()
        sys.exit(COULD_NOT_RUN)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(COULD_NOT_RUN)
    except OSError as error:
        click.echo(f"{error.filename or 'The output'}: {error.strerror or error}.", err=True)
        click.echo("See whether it is there, whether you may use it, and whether the disk has room.", err=True)
        _leave()
    except Exception:
        traceback.print_exc()
        _leave()
    try:
        sys.stdout.flush()
    except OSError as error:
        click.echo(f"The output: {error.strerror}.", err=True)
        _leave()
    sys.exit(code if isinstance(code, int) else MET)


def _leave() -> NoReturn:
    try:
        sys.stdout.flush()
    except OSError:
        os._exit(
            COULD_NOT_RUN
        )  # a full disk refuses what is left once more when Python ends, with an exit code of its own
    sys.exit(COULD_NOT_RUN)
