"""`vangrail assess FOLDER`: measure, judge, show, and write it in the ledger."""

import json
import os
import webbrowser
from datetime import date
from pathlib import Path

import click

from vangrail import cli
from vangrail.cli import options
from vangrail.model.board import Assessment
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.vocabulary import Language, Verdict


@click.command("assess")
@options.folder
@options.as_format
@options.in_language
@options.on_day
@options.ledger_place
@click.option("--html", "html", type=click.Path(path_type=Path, dir_okay=False), help="Write the dossier to this file.")
@click.option(
    "--pdf", "pdf", type=click.Path(path_type=Path, dir_okay=False), help="Write it as an accessible PDF too."
)
@click.option("--push", "push_to", metavar="URL", help="Send the figures to a site; VANGRAIL_TOKEN holds the token.")
@click.option("--open", "show", is_flag=True, help="Open the dossier in the browser (with --html).")
def command(
    folder: Path,
    format_: str,
    language: Language,
    on: date | None,
    ledger: Path | None,
    html: Path | None,
    pdf: Path | None,
    push_to: str | None,
    show: bool,
) -> None:
    """Measure what the card in FOLDER declares and show every requirement with its verdict.

    Exit code: 0 all that is asked is met, 1 something is not met, 2 something is unknown, partly met or expired,
    3 it could not run. A model that cannot be called leaves what needs it unknown; data that cannot be read stop the run.
    """
    if show and html is None:
        raise click.UsageError("--open needs --html FILE.")
    if push_to is not None and on is not None:
        raise click.UsageError("Only figures of today are pushed; leave out --on.")
    from vangrail.cli import workspace
    from vangrail.cli.progress import progress
    from vangrail.cli.push import Destination, push
    from vangrail.cli.references import require_known
    from vangrail.cli.writing import require_free

    destination = Destination.of(push_to, os.environ) if push_to is not None else None
    if html is not None:
        require_free(html, start=b"<!doctype html>", what="a dossier")
    if pdf is not None:
        require_free(pdf, start=b"%pdf-", what="a dossier")
    with (
        workspace.open_workspace(folder, ledger=ledger, on=on) as work,
        progress(quiet=format_ == "json", language=language) as tell,
    ):
        require_known(work.application)
        at = workspace.now()
        run = workspace.measure(work, at=at, record=on is None, progress=tell, told=tell.told)
        found = workspace.assess(work, run, at=at)
    require_asked(found)
    give(found, format_=format_, language=language)
    for error in run.out_of_reach.values():
        click.echo(f"\n{_LEFT_OUT[language]}\n{error.told(language)}", err=True)
    if html is not None:
        write_dossier(found, html, language)
        if format_ == "text":
            click.echo(f"\n{html}")
        if show:
            webbrowser.open(html.resolve().as_uri())
    if pdf is not None:
        write_pdf(found, pdf, language)
        if format_ == "text":
            click.echo(f"\n{pdf}")
    if destination is not None:
        taken = push(run, application=found.card.id, card_digest=found.card_digest, to=destination)
        said = _PUSHED[language].format(received=taken.received, new=taken.new, board=taken.board)
        click.echo(f"\n{said}", err=format_ == "json")
    raise click.exceptions.Exit(exit_code(found))


_LEFT_OUT = both(nl="Wat dit model nodig heeft, is niet gemeten:", en="What needs this model was not measured:")


_PUSHED = both(
    nl="De site kreeg {received} cijfers, waarvan {new} nieuw. Het bord: {board}",
    en="The site received {received} figures, of which {new} are new. The board: {board}",
)


def give(found: Assessment, *, format_: str, language: Language) -> None:
    """The assessment on standard output."""
    if format_ == "json":
        from vangrail.exports.assessment_json import assessment_to_json

        click.echo(json.dumps(assessment_to_json(found), ensure_ascii=False, indent=2, allow_nan=False))
        return
    from vangrail.cli.output import print_board

    print_board(found, language)


def write_dossier(found: Assessment, html: Path, language: Language) -> None:
    """The dossier as one HTML file; whole or not at all."""
    from vangrail.exports.dossier import dossier_html

    _write(html, dossier_html(found, language=language).encode("utf-8"))


def write_pdf(found: Assessment, pdf: Path, language: Language) -> None:
    """The dossier as a PDF; whole or not at all."""
    from vangrail.exports.pdf import dossier_pdf

    _write(pdf, dossier_pdf(found, language=language))


def _write(file: Path, content: bytes) -> None:
    part = file.with_name(file.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(file)
    except OSError as error:
        raise VangrailError(
            f"{file} cannot be written: {error.strerror}.", do="Name a file in a folder where you may write."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def require_asked(found: Assessment) -> None:
    """Something is asked on that day; else nothing would be lacking, and that would read as good."""
    if not found.board.asked:
        first = min(r.valid_from for r in found.framework.requirements)
        raise VangrailError(
            f"Nothing was asked yet on {found.board.on.isoformat()}.",
            why="A day on which nothing is asked says nothing about the application.",
            do=f"Name a day from {first.isoformat()}.",
        )


def exit_code(found: Assessment) -> int:
    """What the asked requirements come to: the worst of their verdicts, as an exit code."""
    verdicts = {line.verdict for line in found.board.asked}
    if Verdict.NOT_MET in verdicts:
        return cli.NOT_MET
    return cli.UNKNOWN if verdicts & {Verdict.UNKNOWN, Verdict.PARTLY, Verdict.EXPIRED} else cli.MET
