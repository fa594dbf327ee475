"""`vangrail ledger`: verify, export, prove and list what was written down."""

import json
from pathlib import Path

import click

from vangrail import cli
from vangrail.cli import options
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Language


@click.group("ledger")
def command() -> None:
    """Verify, export and prove what was declared, measured, answered and decided."""


@command.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--origin", required=True, help="The name of the ledger for ever, such as vangrail.example/gemeente.")
def init(folder: Path, origin: str) -> None:
    """Make one ledger in FOLDER for all applications of an organisation below it."""
    from vangrail.cli.workspace import LEDGER
    from vangrail.ledger import Ledger

    with Ledger.create(folder / LEDGER, origin=origin) as made:
        click.echo(made.public_key)


@command.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", help="The public key, got from elsewhere than the file: name+hash+base64.")
@click.option("--known-checkpoint", type=click.Path(path_type=Path), help="A checkpoint that you kept earlier.")
@options.in_language
def verify(file: Path, key: str | None, known_checkpoint: Path | None, language: Language) -> None:
    """Verify an exported FILE by itself, or the ledger of a folder. Exit code 1 when something is not as signed."""
    from vangrail.ledger import Ledger, verify_export

    known = _text(known_checkpoint) if known_checkpoint else None
    if file.is_dir():
        with Ledger.open(_place(file)) as opened:
            report = opened.verify(known_checkpoint=known)
    else:
        report = verify_export(file, public_key=key, known_checkpoint=known)
    for problem in report.problems:
        click.echo(f"✗ {problem.text(language)}")
    if report.ok:
        sound = {
            Language.NL: f"✓ {report.size} bladen, niets gewijzigd.",
            Language.EN: f"✓ {report.size} leaves, nothing changed.",
        }
        click.echo(sound[language])
    for limit in report.limits(language):
        click.echo(f"  {limit}")
    raise click.exceptions.Exit(cli.MET if report.ok else cli.NOT_MET)


@command.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export(folder: Path, file: Path) -> None:
    """Write the ledger of FOLDER, without names and reasons, to one FILE that anyone can verify."""
    from vangrail.cli.writing import require_free
    from vangrail.ledger import Ledger

    require_free(file, start=b'{"checkpoint":', what="an exported ledger")
    with Ledger.open(_place(folder)) as opened:
        try:
            checkpoint = opened.export(file)
        except OSError as error:
            raise VangrailError(f"{file} cannot be written: {error.strerror}.") from error
        click.echo(f"{file}: {checkpoint.size}\n{opened.public_key}")


@command.command("list")
@click.argument("folder", type=click.Path(path_type=Path))
@options.as_format
def list_(folder: Path, format_: str) -> None:
    """List what is in the ledger of FOLDER."""
    from vangrail.ledger import Ledger

    with Ledger.open(_place(folder)) as opened:
        for leaf in opened.leaves():
            if format_ == "json":
                click.echo(leaf.data.decode())
            else:
                click.echo(f"{leaf.seq:>6}  {leaf.at.isoformat()}  {leaf.kind:<18} {leaf.application or ''}")


@command.command("prove")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("leaf", type=int)
def prove(folder: Path, leaf: int) -> None:
    """Print a LEAF of the ledger of FOLDER with the proof that it is in there; it can be checked offline."""
    from vangrail.ledger import Ledger

    with Ledger.open(_place(folder)) as opened:
        proof = opened.proof(leaf)
        shown = {"leaf": opened.leaf(leaf).data.decode(), "proof": proof, "public_key": opened.public_key}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))


@command.command("checkpoint")
@click.argument("folder", type=click.Path(path_type=Path))
def checkpoint(folder: Path) -> None:
    """Print the signed checkpoint of the ledger of FOLDER. Keep it elsewhere: with it nothing can be taken back."""
    from vangrail.ledger import Ledger

    with Ledger.open(_place(folder)) as opened:
        click.echo(opened.checkpoint, nl=False)


@command.command("erase")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("leaf", type=int)
@click.option("--rule", required=True, help="Under which rule, such as 'GDPR 17(1)(a)'.")
@click.option("--by", required=True, help="Who erases.")
def erase(folder: Path, leaf: int, rule: str, by: str) -> None:
    """Erase the names and reasons beside a LEAF. The tree and every proof stay as they are."""
    from vangrail.cli.workspace import now
    from vangrail.ledger import Ledger

    with Ledger.open(_place(folder)) as opened:
        click.echo(opened.erase(seq=leaf, rule=rule, by=by, at=now()))


def _place(folder: Path) -> Path:
    from vangrail.cli.workspace import LEDGER

    for place in (folder, *(p / LEDGER for p in (folder.resolve(), *folder.resolve().parents))):
        if (place / "ledger.sqlite").exists():
            return place
    raise VangrailError(
        f"There is no ledger in or above {folder}.",
        do=f"It is made by the first: vangrail assess {folder}",
    )


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise VangrailError(f"{file} cannot be read as a checkpoint.") from error
