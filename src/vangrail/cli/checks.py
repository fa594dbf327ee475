"""`vangrail checks`: what can be measured, how, by whose formula; and trying a check of one's own."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vangrail.cli import options
from vangrail.cli.norms import closest
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Language

if TYPE_CHECKING:
    from vangrail.checks import Check
    from vangrail.model.evidence import Evidence


@click.command("checks")
@click.argument("check", required=False)
@click.option(
    "--try", "file", type=click.Path(path_type=Path, dir_okay=False), help="Try the CHECK in this Python file."
)
@click.option(
    "--for", "folder", type=click.Path(path_type=Path), help="With --try: measure with it for this application."
)
@options.as_format
@options.in_language
def command(check: str | None, file: Path | None, folder: Path | None, format_: str, language: Language) -> None:
    """List what can be measured, or explain one CHECK: what it says, its formula and its source.

    --try FILE holds a check of your own to its contract; with --for FOLDER also on the data of that application, once as
    they are and once without any row. Nothing is written down.
    """
    from vangrail import checks, knowledge

    if file is not None:
        if check is not None:
            raise click.UsageError("Give either a CHECK or --try FILE.")
        _try(file, folder, format_=format_, language=language)
        return
    if folder is not None:
        raise click.UsageError("--for goes with --try FILE.")
    known = checks.checks()
    if check is not None and check not in known:
        raise VangrailError(
            f"'{check}' is not a check.{closest(check, list(known))}", do="List them with: vangrail checks"
        )
    chosen = [c for c in known.values() if check in (None, c.id)]
    serves = {
        c.id: [r.id for r in knowledge.framework().requirements if c.id in r.checks or r.id in c.proves] for c in chosen
    }
    _show(chosen, serves, format_=format_, language=language)


def _show(chosen: "Sequence[Check]", serves: Mapping[str, Sequence[str]], *, format_: str, language: Language) -> None:
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
                "origin": c.origin,
            }
            for c in chosen
        ]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    from vangrail.cli.output import print_checks

    print_checks(chosen, serves, language)


def _try(file: Path, folder: Path | None, *, format_: str, language: Language) -> None:
    """Hold a check that is not installed to its contract, and show what it says."""
    from vangrail import checks
    from vangrail.checks import own
    from vangrail.model.card import Card
    from vangrail.model.outcome import Measured

    check = own.in_file(file, checks.shipped())
    bare = {"vangrail": 1, "id": "bare", "name": "Bare", "phase": "idea", "organisation": {"name": "Bare"}}
    check.plan(Card.model_validate(bare))  # a card with nothing on it must not stop it
    _show([check], {check.id: check.proves}, format_=format_, language=language)
    if folder is None:
        return
    measured = _measured(check, folder, empty=False)
    for evidence in _measured(check, folder, empty=True):
        if isinstance(evidence.outcome, Measured):
            raise VangrailError(
                f"Own check '{check.id}' of {file.name} gives a figure where there is no row.",
                why="A figure about nothing would be judged as if something had been looked at.",
                do="Give NotMeasurable, with the reason, where there are no rows.",
            )
    if format_ == "text":
        from vangrail.exports import formatting

        for evidence in measured:
            outcome, subject = evidence.outcome, evidence.measurement.subject
            about = check.subjects.get(subject, {}).get(language, subject)
            said = formatting.figure(outcome, language) if isinstance(outcome, Measured) else outcome.reason[language]
            click.echo(f"\n  {evidence.measurement.dataset}, {about}: {said}")
        if not measured:
            click.echo(_NOTHING[language].format(wants=check.wants[language]))


_NOTHING = {
    Language.NL: "\n  Voor deze toepassing meet hij niets. Nodig: {wants}.",
    Language.EN: "\n  For this application it measures nothing. It needs: {wants}.",
}


def _measured(check: "Check", folder: Path, *, empty: bool) -> "Sequence[Evidence]":
    """What the check finds in the application, or in its tables without any row; nothing is written."""
    from vangrail.assessment import measuring
    from vangrail.cards import read_application
    from vangrail.cli import workspace

    application = read_application(folder)
    card = application.card
    if empty:
        without = {name: d.model_copy(update={"where": "1 = 0"}) for name, d in card.datasets.items()}
        card = card.model_copy(update={"datasets": without})
    moment = workspace.now()
    work = workspace.Workspace(application=application, ledger=None, on=moment.date())
    run = measuring.measure(
        card,
        {check.id: check},
        list(check.plan(card)),
        open_table=work.open_table,
        open_predictor=work.open_predictor,
        sources={} if empty else work.read_sources(),
        on=moment.date(),
        at=moment,
        by=workspace.PROGRAM,
    )
    for error in run.out_of_reach.values():
        raise error
    return run.evidence
