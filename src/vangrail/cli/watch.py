"""`vangrail watch FOLDER...`: one scheduled run. Measures what is due, tells what changed, and forgets nothing in between.

What was told last stands in `watch/state.json` beside the ledger, with the alerts that could not be delivered yet. It is
written after each application and before anything is delivered, so a run that is killed loses nothing: what it measured
is in the ledger, what it had not told is found again by comparing with what was told last.
"""

import json
import os
import traceback
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vangrail import cli
from vangrail.cli import options
from vangrail.cli.writing import trouble
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import AlertKind, Language, LeafKind

if TYPE_CHECKING:
    from vangrail.assessment.due import Alert, Due
    from vangrail.assessment.measuring import Progress
    from vangrail.checks import Check
    from vangrail.cli.alerts import Channel, Message
    from vangrail.cli.watch_state import Kept
    from vangrail.cli.workspace import Workspace
    from vangrail.model.board import Assessment
    from vangrail.model.card import Card

AHEAD_DAYS = 14


@click.command("watch")
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER...", type=click.Path(path_type=Path))
@options.as_format
@options.in_language
@options.ledger_place
@click.option(
    "--alert-file", "file", type=click.Path(path_type=Path, dir_okay=False), help="Add each alert to this file."
)
@click.option("--webhook", "variable", metavar="NAME", help="Post each alert to the address in this variable.")
@click.option(
    "--alerts",
    "which",
    type=click.Choice(["all", "verdicts"]),
    default="all",
    help="All, or none for a figure that was measured again while its verdict stayed the same.",
)
@click.option(
    "--ahead",
    "ahead_days",
    type=click.IntRange(0, 365),
    default=AHEAD_DAYS,
    show_default=True,
    help="Measure again so many days before a figure is no longer valid.",
)
@click.option("--quiet", is_flag=True, help="Show nothing when there is nothing to tell.")
def command(
    folders: tuple[Path, ...],
    format_: str,
    language: Language,
    ledger: Path | None,
    file: Path | None,
    variable: str | None,
    which: str,
    ahead_days: int,
    quiet: bool,
) -> None:
    """Measure what is due for the application in FOLDER, or for every application below it, and tell what changed.

    For cron, a systemd timer or the Task Scheduler: one run, and it ends. The address of --webhook stands in the
    environment variable NAME, the secret that signs in NAME_SECRET.

    Exit code: 3 when something could not be run or delivered; else as for `assess`, the worst of all applications.
    """
    from vangrail.cli.alerts import AlertFile, Webhook
    from vangrail.cli.progress import progress

    channels: list[Channel] = [AlertFile(file=file)] if file is not None else []
    channels += [Webhook.of(variable, os.environ)] if variable is not None else []
    with progress(quiet=quiet or format_ == "json") as tell:
        how = How(ledger=ledger, channels=channels, only_verdicts=which == "verdicts", ahead_days=ahead_days, tell=tell)
        runs = [_run(root, how) for root in dict.fromkeys(f.resolve() for f in folders)]
    if format_ == "json":
        click.echo(json.dumps(_as_json(runs), ensure_ascii=False, indent=2, allow_nan=False))
    elif not quiet or any(run.news for run in runs):
        for run in runs:
            _show(run, language)
    raise click.exceptions.Exit(_exit_code(runs))


@dataclass(frozen=True, kw_only=True)
class How:
    """What was asked of a run."""

    ledger: Path | None
    channels: "Sequence[Channel]"
    only_verdicts: bool
    ahead_days: int
    tell: "Progress"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a run saw of one application.

    problems    why it, or a part of its data, could not be looked at
    left        figures that are due and could not be taken
    """

    folder: str
    card: "Card | None" = None
    found: "Assessment | None" = None
    due: "Sequence[Due]" = ()
    left: int = 0
    problems: Sequence[Text] = ()
    why: Mapping[tuple[str, str, str], Any] = field(default_factory=dict)
    messages: "Sequence[Message]" = ()


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What became of the alerts for one channel."""

    channel: str
    sent: int
    waiting: int
    problem: Text | None


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run over one folder."""

    folder: Path
    at: datetime
    seen: Sequence[Seen] = ()
    deliveries: Sequence[Delivery] = ()
    problem: Text | None = None

    @property
    def news(self) -> bool:
        """Whether there is something to tell that was not told before."""
        return any(s.messages for s in self.seen) or self.problem is not None or any(d.problem for d in self.deliveries)


# --- one run -----------------------------------------------------------------------------------------------------------


def _run(root: Path, how: How) -> Run:
    """Watch every application at or below a folder. What one of them lacks does not stop the others."""
    from vangrail.cli import watch_state, workspace

    at = workspace.now()
    try:
        folders = _applications(root)
        place = _place(root, how)
        with watch_state.alone(place):
            kept = watch_state.read(place)
            ids: dict[tuple[Path, str], str] = {}
            seen = [_told(folder, place, kept, how, at, ids) for folder in folders]
            seen += _gone(root, folders, place, kept, how, at)
            return Run(folder=root, at=at, seen=seen, deliveries=_deliver(place, kept, how))
    except VangrailError as error:
        return _could_not(root, error, how, at)
    except OSError as error:
        return _could_not(root, VangrailError(trouble(error, at=root)), how, at)


def _could_not(root: Path, problem: VangrailError, how: How, at: datetime) -> Run:
    """Nothing was looked at, and nothing can be kept for later: said at once, once a day under one id."""
    from vangrail.cli.alerts import message

    day = at.replace(hour=0, minute=0, second=0)
    said = message(_failed((problem.what,)), folder=str(root), card=None, at=day)
    deliveries = []
    for channel in how.channels:
        sent, trouble = channel.send([said])
        deliveries.append(Delivery(channel=channel.name, sent=sent, waiting=0, problem=trouble))
    return Run(folder=root, at=at, problem=problem.said, deliveries=deliveries)


def _place(folder: Path, how: How) -> Path:
    from vangrail.cli import workspace

    return (how.ledger or workspace.existing_ledger(folder, None) or folder / workspace.LEDGER) / "watch"


def _applications(root: Path) -> list[Path]:
    """The folder itself when it holds a card, else every folder below it that does; hidden folders are passed over."""
    if not root.is_dir():
        raise VangrailError(
            both(nl=f"{root} is geen map.", en=f"{root} is not a folder."),
            do=both(
                nl="Noem de map van een toepassing, of een map waar er meer in staan.",
                en="Name the folder of an application, or one above several.",
            ),
        )
    if (root / "card.yaml").is_file():
        return [root]
    found = []
    for folder, below, files in os.walk(root):
        below[:] = sorted(b for b in below if not b.startswith("."))
        if "card.yaml" in files:
            found.append(Path(folder))
    if not found:
        raise VangrailError(
            both(nl=f"Er is geen card.yaml in of onder {root}.", en=f"There is no card.yaml in or below {root}."),
            do=both(nl="Maak er een met: vangrail card new MAP", en="Make one with: vangrail card new FOLDER"),
        )
    return found


def _told(folder: Path, place: Path, kept: "Kept", how: How, at: datetime, ids: dict[tuple[Path, str], str]) -> Seen:
    """Look at an application, and write down what there is to tell before going on to the next one."""
    from vangrail.assessment import due
    from vangrail.cli import watch_state

    name = Path(os.path.relpath(folder, place.parent.parent)).as_posix()
    seen = _look(folder, name, place, how, at, ids)
    last = kept.applications.setdefault(name, watch_state.Told())
    found: list[Alert] = []
    problems = tuple(p[Language.EN] for p in seen.problems)
    if problems != last.problems:
        found.append(_failed(seen.problems))
    if seen.found is not None:
        found += due.alerts(last.situation, seen.found.board, seen.why)
        last.situation = due.situation(seen.found.board)
    last.problems = problems
    return _enqueue(seen, found, place, kept, how, at)


def _gone(root: Path, folders: Sequence[Path], place: Path, kept: "Kept", how: How, at: datetime) -> list[Seen]:
    """The applications that were watched and are no longer there: nobody should find out by silence. Told once."""
    base = place.parent.parent
    seen = []
    for name in list(kept.applications):
        folder = (base / name).resolve()
        if folder.is_relative_to(root) and folder not in folders and not (folder / "card.yaml").is_file():
            del kept.applications[name]
            gone = Seen(folder=name, problems=(_GONE,))
            seen.append(_enqueue(gone, [_failed(gone.problems)], place, kept, how, at))
    return seen


_GONE = both(
    nl="Er is geen card.yaml meer, dus deze toepassing wordt niet meer nagekeken.",
    en="It has no card.yaml any more, so it is no longer watched.",
)


def _failed(problems: Sequence[Text]) -> "Alert":
    from vangrail.assessment.due import Alert

    if not problems:
        because = both(nl="Alles kan weer nagekeken worden.", en="Everything can be looked at again.")
        return Alert(kind=AlertKind.WORKS_AGAIN, because=because)
    return Alert(
        kind=AlertKind.FAILED,
        because={x: f"{_LOOKED_AT[x]} {' '.join(problem[x] for problem in problems)}" for x in Language},
    )


_LOOKED_AT = both(nl="Kon niet (helemaal) nagekeken worden:", en="Could not be looked at (in full):")


def _enqueue(seen: Seen, found: "Sequence[Alert]", place: Path, kept: "Kept", how: How, at: datetime) -> Seen:
    """The alerts as messages, waiting for every channel, together with what was told: on disk before anything is sent."""
    from vangrail.cli import watch_state
    from vangrail.cli.alerts import message

    sent = [a for a in found if not (how.only_verdicts and a.kind is AlertKind.MEASURED_AGAIN)]
    messages = [message(alert, folder=seen.folder, card=seen.card, at=at) for alert in sent]
    for channel in how.channels:
        kept.waiting.setdefault(channel.name, []).extend(messages)
    watch_state.write(place, kept)
    return replace(seen, messages=messages)


def _deliver(place: Path, kept: "Kept", how: How) -> list[Delivery]:
    """Send what waits. What does not arrive waits for the next run with the same channel."""
    from vangrail.cli import watch_state

    deliveries = []
    for channel in how.channels:
        waiting = kept.waiting.get(channel.name, [])
        sent, problem = channel.send(waiting) if waiting else (0, None)
        rest = waiting[sent:]
        if sent:
            kept.waiting[channel.name] = rest
            watch_state.write(place, kept)
        deliveries.append(Delivery(channel=channel.name, sent=sent, waiting=len(rest), problem=problem))
    return deliveries


def _look(folder: Path, name: str, place: Path, how: How, at: datetime, ids: dict[tuple[Path, str], str]) -> Seen:
    """Measure what is due for one application, and reach its verdicts.

    ids     the application that has each id in each ledger: two with one id would take each other's evidence
    """
    from vangrail.cli import watch_state, workspace
    from vangrail.cli.assess import require_asked
    from vangrail.cli.references import require_known

    own = _place(folder, how)
    seen = Seen(folder=name)
    try:
        with (
            nullcontext() if own == place else watch_state.alone(own),
            workspace.open_workspace(folder, ledger=how.ledger, on=None) as work,
        ):
            seen = replace(seen, card=work.application.card)
            require_known(work.application)
            other = ids.setdefault((own, work.application.card.id), name)
            if other != name:
                id_ = work.application.card.id
                raise VangrailError(
                    both(
                        nl=f"Ze heeft dezelfde id als de toepassing in '{other}': '{id_}'.",
                        en=f"It has the same id as the application in '{other}': '{id_}'.",
                    )
                )
            seen = _measure(work, seen, how, at)
            if seen.found is not None:
                require_asked(seen.found)
            return seen
    except VangrailError as error:
        return replace(seen, found=None, problems=(*seen.problems, error.what))
    except OSError as error:
        return replace(seen, found=None, problems=(*seen.problems, trouble(error, at=folder)))
    except Exception as error:
        # A fault of ours in one application may not leave the others unwatched. Its words can hold a value: they stay here.
        traceback.print_exc()
        kind = type(error).__name__
        fault = both(nl=f"Een fout in Vangrail: {kind}.", en=f"A fault in Vangrail: {kind}.")
        return replace(seen, found=None, problems=(*seen.problems, fault))


def _measure(work: "Workspace", seen: Seen, how: How, at: datetime) -> Seen:
    from vangrail import checks, knowledge
    from vangrail.assessment import due, measuring
    from vangrail.assessment.staleness import State
    from vangrail.cli import workspace

    card, known = work.application.card, checks.checks()
    planned = checks.plan(card)
    evidence = {e.measurement.key: e for e in workspace.stored_evidence(work)}
    state, read = workspace.read_state(work, planned)
    datasets = {d.name: d for d in read}
    months = due.validity(knowledge.framework(), known)
    found = due.due(planned, evidence, state, valid_months=months, on=work.on, ahead_days=how.ahead_days)
    problems = list(state.unreadable.values())
    try:
        sources = work.read_sources()
    except VangrailError:
        sources = {}  # said above, as what cannot be read
    workspace.write_down(work, (), at=at)
    taken = set()
    # One data set after the other, written down at once: what one of them lacks, or a run that is killed, costs no more.
    # What calls a model goes apart, so that a model that is down leaves the rest of its data measured.
    for name, model in dict.fromkeys((d.measurement.dataset, d.measurement.model) for d in found):
        mine = [m for d in found if ((m := d.measurement).dataset, m.model) == (name, model)]
        only = {name: card.datasets[name]} if name in card.datasets else {}
        try:
            run = measuring.measure(
                card.model_copy(update={"datasets": only}),
                known,
                mine,
                open_table=work.open_table,
                open_predictor=work.open_predictor,
                sources={name: sources[name]} if name in sources else {},
                on=work.on,
                at=at,
                by=workspace.PROGRAM,
                progress=lambda step: how.tell(f"{seen.folder}: {step}"),
            )
        except VangrailError as error:
            problems.append(error.what)
            continue
        problems += [error.what for error in run.out_of_reach.values()]
        workspace.write_down(work, run.evidence, at=at)
        taken |= {e.measurement.key for e in run.evidence}
        evidence |= {e.measurement.key: e for e in run.evidence}
        datasets |= {d.name: d for d in run.datasets}
        state = State(
            fingerprints={**state.fingerprints, **run.fingerprints},
            models={**state.models, **run.models},
            unreadable={**state.unreadable, **{name: error.what for name, error in run.out_of_reach.items()}},
        )
    left = sum(d.measurement.key not in taken for d in found)
    _sign_off(work, due_=len(found), left=left, told=bool(how.channels), at=at)
    assessment = workspace.conclude(work, list(evidence.values()), tuple(datasets.values()), state, at=at)
    why = {d.measurement.key: d.why for d in found}
    said = tuple({p[Language.EN]: p for p in problems}.values())
    return replace(seen, found=assessment, due=found, left=left, problems=said, why=why)


def _sign_off(work: "Workspace", *, due_: int, left: int, told: bool, at: datetime) -> None:
    """Write in the ledger that this run was; once a day where nothing is different."""
    ledger, name = work.ledger, work.application.card.id
    if ledger is None:
        raise TypeError("a run of today has a ledger")
    body = {"due": due_, "measured": due_ - left, "left": left, "told": told}
    last = None
    for leaf in ledger.leaves(kind=LeafKind.WATCHED, application=name):
        last = leaf
    if last is None or last.at.date() != at.date() or last.body != body:
        ledger.append(kind=LeafKind.WATCHED, application=name, at=at, body=body)


# --- what is shown -----------------------------------------------------------------------------------------------------


def _exit_code(runs: Sequence[Run]) -> int:
    """That something could not be run comes first: it may hide anything. Then the worst verdict of all."""
    from vangrail.cli.assess import exit_code

    for run in runs:
        if run.problem or any(s.problems for s in run.seen) or any(d.problem for d in run.deliveries):
            return cli.COULD_NOT_RUN
    codes = {exit_code(s.found) for run in runs for s in run.seen if s.found is not None}
    return next((code for code in (cli.NOT_MET, cli.UNKNOWN) if code in codes), cli.MET)


def _as_json(runs: Sequence[Run]) -> dict[str, Any]:
    return {
        "vangrail": "watch/1",
        "runs": [
            {
                "folder": str(run.folder),
                "at": run.at.isoformat(),
                "problem": run.problem[Language.EN] if run.problem else None,
                "applications": [_seen_as_json(s) for s in run.seen],
                "deliveries": [
                    {
                        "to": d.channel,
                        "sent": d.sent,
                        "waiting": d.waiting,
                        "problem": d.problem[Language.EN] if d.problem else None,
                    }
                    for d in run.deliveries
                ],
            }
            for run in runs
        ],
    }


def _seen_as_json(seen: Seen) -> dict[str, Any]:
    return {
        "folder": seen.folder,
        "id": seen.card.id if seen.card else None,
        "name": seen.card.name if seen.card else None,
        "due": [
            {
                "check": d.measurement.check,
                "dataset": d.measurement.dataset,
                "subject": d.measurement.subject,
                "why": {language.value: text for language, text in d.why.items()},
            }
            for d in seen.due
        ],
        "measured": len(seen.due) - seen.left,
        "left": seen.left,
        "counts": dict(seen.found.board.count()) if seen.found else None,
        "problems": [p[Language.EN] for p in seen.problems],
        "alerts": list(seen.messages),
    }


def _show(run: Run, language: Language) -> None:
    from rich.markup import escape

    from vangrail.cli.output import console

    out = console()
    if run.problem is not None:
        out.print(f"[bold red]✗[/] {escape(run.problem[language])}")
    for seen in run.seen:
        name = f"{seen.card.name} ({seen.folder})" if seen.card else seen.folder
        counted = _COUNTED[language].format(due=len(seen.due), measured=len(seen.due) - seen.left)
        out.print(f"[bold]{escape(name)}[/]: {counted}")
        for sent in seen.messages:
            out.print(escape(_line(sent, language)))
        if not seen.messages:
            out.print(f"  {_SAME[language]}", style="dim")
        for problem in seen.problems:
            out.print(f"  [bold red]✗[/] {escape(problem[language])}")
    for delivery in run.deliveries:
        if delivery.problem is not None:
            out.print(
                f"[bold red]✗[/] {escape(delivery.problem[language])} {_WAITING[language].format(number=delivery.waiting)}"
            )
        elif delivery.sent:
            out.print(_SENT[language].format(number=delivery.sent, to=delivery.channel), style="dim")


def _line(sent: "Message", language: Language) -> str:
    """An alert for people: what, from which verdict to which, why, and the figures."""
    from vangrail import checks, knowledge
    from vangrail.exports import formatting
    from vangrail.model.vocabulary import Verdict

    framework, known = knowledge.framework(), checks.checks()
    kind = formatting.word(f"alert.{sent['kind']}", language, framework)
    if sent["requirement"] is None:
        return f"  {kind}: {sent['because'][language]}"
    if sent["before"] is None:
        kind = _NEW[language]
    words = [formatting.verdict_word(Verdict(v), language, framework) for v in (sent["before"], sent["after"]) if v]
    lines = [f"  {sent['requirement']} {sent['title'][language]}: {kind} ({' → '.join(dict.fromkeys(words))})"]
    lines += [f"    {sent['stale'][language]}"] if sent["stale"] else []
    lines.append(f"    {sent['because'][language]}")
    changed = [f for f in sent["figures"] if f["before"] is not None]
    changed.sort(key=lambda f: bool(f["before"]["value"] == f["after"]["value"]))
    lines += [
        f"    {_figure(f, known, language)}: {_value(f['before'], language)} → {_value(f['after'], language)}"
        for f in changed[:FIGURES]
    ]
    if len(changed) > FIGURES:
        lines.append(f"    {_MORE[language].format(number=len(changed) - FIGURES, id=sent['requirement'])}")
    return "\n".join(lines)


FIGURES = 5
"""How many figures of an alert the terminal shows; the alert itself holds them all."""


def _figure(figure: Mapping[str, Any], known: "Mapping[str, Check]", language: Language) -> str:
    """What a figure is about, in words. A check can be gone since: then by its id."""
    id_, subject = figure["check"], figure["subject"]
    check = known.get(id_)
    if check is None:
        return f"{id_}, {subject}"
    return f"{check.title[language]}, {check.subjects.get(subject, {}).get(language, subject)}"


def _value(figure: Mapping[str, Any], language: Language) -> str:
    from vangrail.exports import formatting
    from vangrail.model.vocabulary import Unit

    value = figure["value"]
    if value is None:
        return _NO_FIGURE[language]
    unit = Unit(figure["unit"])
    digits = formatting.digits_for([value], unit, low=figure["low"], high=figure["high"])
    return formatting.with_unit(formatting.number(value, language, digits), unit, language)


_COUNTED = both(nl="aan de beurt: {due}, gemeten: {measured}.", en="due: {due}, measured: {measured}.")
_NEW = both(nl="nieuw", en="new")
_SAME = both(nl="Niets veranderd sinds de vorige controle.", en="Nothing changed since the last run.")
_SENT = both(nl="Bezorgd ({to}): {number}", en="Delivered ({to}): {number}")
_WAITING = both(nl="Wacht op de volgende controle: {number}.", en="Waiting for the next run: {number}.")
_MORE = both(
    nl="Nog meer cijfers ({number}): vangrail explain {id}", en="More figures ({number}): vangrail explain {id}"
)
_NO_FIGURE = both(nl="niet meetbaar", en="not measurable")
