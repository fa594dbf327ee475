"""`vangrail classify FOLDER`: what follows from the law, from which day, and which question is worth asking next."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vangrail import cli
from vangrail.cli import options
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Language, LeafKind, Role

if TYPE_CHECKING:
    from vangrail.law import Classification


@click.command("classify")
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER...", type=click.Path(path_type=Path))
@options.as_format
@options.in_language
@options.on_day
@options.ledger_place
@click.option("--interview", is_flag=True, help="Ask the open questions and write the answers on the card.")
@click.option(
    "--calendar", type=click.Path(path_type=Path, dir_okay=False), help="Write what starts when, as iCalendar."
)
@click.option(
    "--form", metavar="ID", help="Print a form that follows from it, filled from the card; 'list' lists them."
)
@click.option("--form-format", type=click.Choice(["markdown", "html"]), default="markdown", help="How to print a form.")
@click.option(
    "--confirm", is_flag=True, help="Confirm the classification as a named person (with --by, --role, --reasons)."
)
@click.option("--by", metavar="NAME", help="Who confirms: a name that the card gives for the role.")
@click.option("--role", type=click.Choice([r.value for r in Role]), help="In which role.")
@click.option("--reasons", metavar="TEXT", help="Why, in at least one sentence.")
def command(
    folders: tuple[Path, ...],
    format_: str,
    language: Language,
    on: date | None,
    ledger: Path | None,
    interview: bool,
    calendar: Path | None,
    form: str | None,
    form_format: str,
    confirm: bool,
    by: str | None,
    role: str | None,
    reasons: str | None,
) -> None:
    """Show what the AI Act and the rules around it ask of the application in FOLDER, as of a day.

    Several folders give one calendar of an organisation. It is a reasoned proposal; a named person confirms it.
    Exit code: 0 classified, 1 a prohibited practice, 2 not complete: a question is open, 3 it could not run.
    """

    day = on or date.today()
    if len(folders) > 1 and (interview or form or confirm):
        raise click.UsageError("--interview, --form and --confirm are for one application.")
    if interview:
        _interview(folders[0], day, language)
    found = {folder: _classification(folder, day) for folder in folders}
    if calendar is not None:
        _write_calendar(calendar, {folder.resolve().name: c for folder, c in found.items()}, language)
    if form is not None:
        _print_form(folders[0], found[folders[0]], form, form_format, language)
        return
    if confirm:
        _confirm(folders[0], found[folders[0]], ledger=ledger, on=on, by=by, role=role, reasons=reasons)
    if format_ == "json":
        from vangrail.law.as_json import classification_to_json

        listed = [{"folder": str(f), **classification_to_json(c)} for f, c in found.items()]
        click.echo(json.dumps(listed[0] if len(listed) == 1 else listed, ensure_ascii=False, indent=2))
    else:
        from vangrail.cli.law_output import print_classification

        for folder, classification in found.items():
            print_classification(folder.resolve().name, classification, language)
    raise click.exceptions.Exit(max(_exit_code(c) for c in found.values()))


def _exit_code(found: "Classification") -> int:
    if found.outcome == "prohibited":
        return cli.NOT_MET
    open_ = found.outcome == "unknown" or found.prohibited.answer is None
    return cli.UNKNOWN if open_ else cli.MET


def _classification(folder: Path, on: date) -> "Classification":
    from vangrail import law
    from vangrail.cards import read_application
    from vangrail.cli.workspace import facts_of

    return law.classify(facts_of(read_application(folder)), on)


def _write_calendar(file: Path, found: Mapping[str, "Classification"], language: Language) -> None:
    from vangrail import law
    from vangrail.cli.workspace import now

    entries = law.calendar_of_organisation(found) if len(found) > 1 else law.calendar(next(iter(found.values())))
    try:
        file.write_bytes(law.icalendar(entries, stamp=now(), language=language).encode())
    except OSError as error:
        raise VangrailError(f"{file} cannot be written: {error.strerror}.") from error
    click.echo(str(file), err=True)


def _print_form(folder: Path, found: "Classification", form: str, form_format: str, language: Language) -> None:
    from vangrail import law
    from vangrail.cards import read_application

    if form == "list":
        needed = law.forms_needed(found)
        for id_ in law.form_ids():
            title = law.fill(id_, found, {}, language=language).title[language]
            click.echo(f"{'•' if id_ in needed else ' '} {id_}  {title}")
        return
    values = law.card_texts(read_application(folder).card.model_dump(mode="json"))
    click.echo(law.render(law.fill(form, found, values, language=language), as_=form_format))  # type: ignore[arg-type]


def _confirm(
    folder: Path,
    found: "Classification",
    *,
    ledger: Path | None,
    on: date | None,
    by: str | None,
    role: str | None,
    reasons: str | None,
) -> None:
    """A named person makes the proposal theirs; it is written in the ledger with the facts that it stands on."""
    from vangrail.assessment import assembling
    from vangrail.assessment.boards import require_named
    from vangrail.cli import workspace

    if on is not None:
        raise click.UsageError("A classification is confirmed as of today; leave out --on.")
    missing = [name for name, value in (("--by", by), ("--role", role), ("--reasons", reasons)) if not value]
    if missing:
        raise VangrailError(f"Confirming needs {', '.join(missing)}.", why="A named person confirms, and says why.")
    with workspace.open_workspace(folder, ledger=ledger, on=None) as work:
        people = {r: p.name for r, p in work.application.card.people.items()}
        require_named(by=str(by), role=Role(str(role)), people=people, reasons=str(reasons))
        if work.ledger is None:
            raise TypeError("confirming needs a ledger to be written in")
        work.ledger.append(
            kind=LeafKind.CLASSIFIED,
            application=work.application.card.id,
            at=workspace.now(),
            body={
                "on": found.on.isoformat(),
                "outcome": found.outcome,
                "roles": sorted(found.roles),
                "facts": assembling.facts_digest(work.application.card),
            },
            private={"by": by, "role": role, "reasons": reasons},
        )


def _interview(folder: Path, on: date, language: Language) -> None:
    """Ask the question that can still change most, write the answer on the card, and ask again."""
    from vangrail import law
    from vangrail.cards import read_application
    from vangrail.cards.writing import write_fact
    from vangrail.cli.law_output import TEXT, print_question
    from vangrail.cli.workspace import facts_of

    application = read_application(folder)
    facts_of(application)  # a card whose facts clash is refused here, with the line
    interview = law.Interview(facts=dict(application.card.facts), on=on)
    while (question := interview.next) is not None:
        print_question(question, interview.about_left, language)
        try:
            given = click.prompt(TEXT["answer"][language], default="", show_default=False, err=False).strip()
        except click.Abort:
            click.echo()
            return
        if given.lower() in ("stop", "q"):
            return
        if given == "":
            interview = interview.unknown(question.fact)
            continue
        try:
            interview = interview.answered(question.fact, law.read_answer(question, given))
        except VangrailError as error:
            click.echo(str(error))
            continue
        write_fact(folder / "card.yaml", question.fact, interview.facts[question.fact])
    click.echo(TEXT["no_questions"][language])
