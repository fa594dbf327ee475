"""`vangrail checks`: what can be measured, how, and by whose formula."""

import json

import click

from vangrail.cli import options
from vangrail.cli.norms import closest
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Language


@click.command("checks")
@click.argument("check", required=False)
@options.as_format
@options.in_language
def command(check: str | None, format_: str, language: Language) -> None:
    """List what can be measured, or explain one CHECK: what it says, its formula and its source."""
    from vangrail import checks, knowledge

    known = checks.checks()
    if check is not None and check not in known:
        raise VangrailError(
            f"'{check}' is not a check.{closest(check, list(known))}", do="List them with: vangrail checks"
        )
    chosen = [c for c in known.values() if check in (None, c.id)]
    serves = {c.id: [r.id for r in knowledge.framework().requirements if c.id in r.checks] for c in chosen}
    if format_ == "json":
        listed = [
            {
                "id": c.id,
                "family": c.family,
                "version": c.version,
                "title": dict(c.title),
                "measures": dict(c.measures),
                "wants": dict(c.wants),
                "formula": c.formula,
                "source": c.source,
                "requirements": serves[c.id],
            }
            for c in chosen
        ]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    from vangrail.cli.output import print_checks

    print_checks(chosen, serves, language)
