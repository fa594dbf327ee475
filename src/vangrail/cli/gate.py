"""`vangrail gate FOLDER`: what the gate lacks; and a named person who opens it or keeps it shut, with reasons."""

import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vangrail.cli import options
from vangrail.model.board import Assessment
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import GateOutcome, Language, LeafKind, Phase, Role

if TYPE_CHECKING:
    from vangrail.cli.workspace import Workspace


@click.command("gate")
@options.folder
@options.as_format
@options.in_language
@options.on_day
@options.ledger_place
@click.option("--open", "outcome", flag_value=GateOutcome.OPENED.value, help="Open the gate.")
@click.option("--refuse", "outcome", flag_value=GateOutcome.REFUSED.value, help="Keep the gate shut.")
@click.option("--by", metavar="NAME", help="Who decides: a name that the card gives for the role.")
@click.option("--role", type=click.Choice([r.value for r in Role]), help="In which role.")
@click.option("--reasons", metavar="TEXT", help="Why, in at least one sentence.")
def command(
    folder: Path,
    format_: str,
    language: Language,
    on: date | None,
    ledger: Path | None,
    outcome: str | None,
    by: str | None,
    role: str | None,
    reasons: str | None,
) -> None:
    """Show what the next gate of FOLDER lacks and who can supply it; --open or --refuse it.

    The verdicts inform; they never decide. The decision, with what was lacking at that moment, goes in the ledger.
    """
    from vangrail.cli import workspace
    from vangrail.cli.output import print_gate
    from vangrail.cli.references import require_known

    if outcome is None and (by or role or reasons):
        raise click.UsageError("--by, --role and --reasons go with --open or --refuse.")
    if outcome is not None and on is not None:
        raise click.UsageError("A decision is taken today; leave out --on.")
    with workspace.open_workspace(folder, ledger=ledger, on=on, create=outcome is not None) as work:
        require_known(work.application)
        found = workspace.assess_from_ledger(work, at=workspace.now())
        if outcome is not None:
            _decide(work, found, GateOutcome(outcome), by=by, role=role, reasons=reasons)
    if format_ == "json":
        from vangrail.exports.assessment_json import assessment_to_json

        click.echo(json.dumps(assessment_to_json(found)["gate"], ensure_ascii=False, indent=2))
        return
    print_gate(found, language)
    if outcome is not None:
        click.echo(_DECIDED[GateOutcome(outcome)][language])


_DECIDED = {
    GateOutcome.OPENED: {
        Language.NL: "De poort is open. De beslissing staat in het logboek, de nieuwe fase op de kaart.",
        Language.EN: "The gate is open. The decision is in the ledger, the new phase on the card.",
    },
    GateOutcome.REFUSED: {
        Language.NL: "De poort blijft dicht. De beslissing staat in het logboek.",
        Language.EN: "The gate stays shut. The decision is in the ledger.",
    },
}


def _decide(
    work: "Workspace",
    found: Assessment,
    outcome: GateOutcome,
    *,
    by: str | None,
    role: str | None,
    reasons: str | None,
) -> None:
    from vangrail.assessment.boards import require_may_decide
    from vangrail.cli import workspace

    view, ledger = found.gate, work.ledger
    if ledger is None:
        raise TypeError("a decision needs a ledger to be written in")
    if view is None:
        raise VangrailError(f"There is no gate after the phase '{found.board.phase}'.")
    missing = [name for name, value in (("--by", by), ("--role", role), ("--reasons", reasons)) if not value]
    if missing:
        raise VangrailError(
            f"A decision about a gate needs {', '.join(missing)}.",
            why="A named person decides, in a role that may, and says why.",
            do=f'For example: --by "An Peeters" --role {view.gate.opened_by[0]} --reasons "..."',
        )
    card = work.application.card
    require_may_decide(
        view.gate,
        by=str(by),
        role=Role(str(role)),
        people={r: p.name for r, p in card.people.items()},
        reasons=str(reasons),
    )
    ledger.append(
        kind=LeafKind.GATE_DECIDED,
        application=card.id,
        at=workspace.now(),
        body={
            "after": view.gate.after.value,
            "outcome": outcome.value,
            "verdicts": {line.requirement.id: line.verdict.value for line in found.board.asked},
        },
        private={"by": by, "role": role, "reasons": reasons},
    )
    if outcome is GateOutcome.OPENED and view.gate.after.next is not None:
        move_phase(work.application.folder / "card.yaml", view.gate.after.next)


def move_phase(file: Path, phase: Phase) -> None:
    """Write the new phase on the card, and change nothing else in the file."""
    text = file.read_bytes().decode("utf-8")
    changed, number = re.subn(r"(?m)^(phase:[ \t]*)[^\s#]+", rf"\g<1>{phase.value}", text, count=1)
    if number != 1:
        raise VangrailError(
            f"The gate is open, but the phase in {file.name} could not be changed.",
            do=f"Write this line on the card yourself: phase: {phase.value}",
        )
    part = file.with_name(file.name + ".part")
    part.write_bytes(changed.encode("utf-8"))
    part.replace(file)
