"""What every command about an application starts from: its folder, the ledger of its organisation, and a day."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import vangrail
from vangrail import checks, knowledge, law
from vangrail.assessment import assembling, due, measuring, storing
from vangrail.assessment.assembling import History
from vangrail.assessment.staleness import State
from vangrail.assessment.ways import WITH_COMMANDS
from vangrail.cards import Application, read_application
from vangrail.cards.sources import Source, sources
from vangrail.ledger import Entry, Ledger
from vangrail.model.board import Assessment, DatasetRead
from vangrail.model.card import TEXTS, Dataset, Record
from vangrail.model.errors import VangrailError
from vangrail.model.evidence import Evidence, Measurement
from vangrail.model.framework import Text
from vangrail.model.needs import Fingerprint
from vangrail.model.vocabulary import GateOutcome, Language, LeafKind, Phase

LEDGER = ".vangrail"
PROGRAM = f"vangrail {vangrail.__version__}"


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """An application with the ledger of its organisation, on a day. `ledger` is empty when nothing is to be written."""

    application: Application
    ledger: Ledger | None
    on: date

    def open_table(self, name: str, dataset: Dataset, *, progress: measuring.Progress = lambda _: None) -> Any:
        """The table of a data set, opened."""
        from vangrail.tables import open_table

        return open_table(name, dataset, folder=self.application.folder, environment=os.environ, progress=progress)

    def open_predictor(self, name: str) -> Any:
        """A model of the card, opened."""
        from vangrail.predictors import open_predictor

        model = next(m for m in self.application.card.models if m.name == name)
        return open_predictor(model, folder=self.application.folder, environment=os.environ)

    def read_sources(self) -> dict[str, Source]:
        """What can be measured beside tables."""
        return sources(self.application.card, folder=self.application.folder, records=self.application.records)


def now() -> datetime:
    """This moment, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


@contextmanager
def open_workspace(folder: Path, *, ledger: Path | None, on: date | None, create: bool = True) -> Iterator[Workspace]:
    """The application in a folder. With another day than today it is a thought experiment, so nothing is written."""
    application = read_application(folder)
    today = date.today()
    if on is not None and on != today:
        place = existing_ledger(application.folder, ledger)
        if place is None:
            yield Workspace(application=application, ledger=None, on=on)
            return
        with Ledger.open(place) as opened:
            yield Workspace(application=application, ledger=opened, on=on)
        return
    place = existing_ledger(application.folder, ledger)
    if place is None and not create:
        yield Workspace(application=application, ledger=None, on=today)
        return
    with Ledger.open(place) if place else _new(application, ledger) as opened:
        yield Workspace(application=application, ledger=opened, on=today)


def existing_ledger(folder: Path, asked: Path | None) -> Path | None:
    """Where the ledger of a folder is: where it was asked, or the nearest one in or above it; none when there is none."""
    if asked is not None:
        return asked if (asked / "ledger.sqlite").exists() else None
    absolute = folder.resolve()
    return next((p / LEDGER for p in (absolute, *absolute.parents) if (p / LEDGER / "ledger.sqlite").exists()), None)


def _new(application: Application, asked: Path | None) -> Ledger:
    return Ledger.create(asked or application.folder / LEDGER, origin=f"vangrail/{application.card.id}")


def measure_and_assess(work: Workspace, *, at: datetime, record: bool, progress: measuring.Progress) -> Assessment:
    """Measure everything that is planned, write it in the ledger, and reach the verdicts."""
    run = measure(work, at=at, record=record, progress=progress)
    return assess(work, run, at=at)


def measure(
    work: Workspace,
    *,
    at: datetime,
    record: bool,
    progress: measuring.Progress,
    told: measuring.Told = lambda check, measurement, outcome: None,
) -> measuring.Run:
    """Measure everything that is planned, and write it in the ledger. `told` is given each figure as soon as it is there."""
    card = work.application.card
    run = measuring.measure(
        card,
        checks.checks(),
        checks.plan(card),
        open_table=partial(work.open_table, progress=progress),
        open_predictor=work.open_predictor,
        sources=work.read_sources(),
        on=work.on,
        at=at,
        by=PROGRAM,
        progress=progress,
        told=told,
    )
    if record:
        write_down(work, run.evidence, at=at)
    return run


def assess(work: Workspace, run: measuring.Run, *, at: datetime) -> Assessment:
    """The verdicts that follow from what was measured just now; of a model out of reach, from what was found before."""
    unreadable = {name: error.what for name, error in run.out_of_reach.items()}
    state = State(fingerprints=run.fingerprints, models=run.models, unreadable=unreadable)
    taken = {e.measurement.key: e for e in run.evidence}
    before = {e.measurement.key: e for e in stored_evidence(work) if e.measurement.model in run.out_of_reach}
    return conclude(work, list((before | taken).values()), run.datasets, state, at=at)


def write_down(work: Workspace, evidence: Sequence[Evidence], *, at: datetime) -> None:
    """Add to the ledger what it does not hold yet of the card, answers, records and these figures."""
    if work.ledger is not None:
        work.ledger.append_all(_news(work.application, work.ledger, evidence, at))


def assess_from_ledger(work: Workspace, *, at: datetime) -> Assessment:
    """The verdicts from what was measured before; the data are only looked at to see whether they changed."""
    evidence = stored_evidence(work)
    state, datasets = read_state(work, (e.measurement for e in evidence))
    return conclude(work, evidence, datasets, state, at=at)


def read_state(work: Workspace, measured: Iterable[Measurement]) -> tuple[State, tuple[DatasetRead, ...]]:
    """What the data hold now, and the models that these measurements call; with the reason for what cannot be read."""
    fingerprints: dict[str, Fingerprint] = {}
    unreadable: dict[str, Text] = {}
    for name, dataset in work.application.card.datasets.items():
        try:
            with work.open_table(name, dataset) as table:
                fingerprints[name] = table.fingerprint()
        except VangrailError as error:
            unreadable[name] = error.what
    datasets = tuple(
        DatasetRead(name=name, fingerprint=fingerprint, columns=0, notes=())
        for name, fingerprint in fingerprints.items()
    )
    try:
        sources = work.read_sources()
    except VangrailError as error:
        sources, unreadable[TEXTS] = {}, error.what
    for name, source in sources.items():
        try:
            fingerprints[name] = source.fingerprint()
        except VangrailError as error:
            unreadable[name] = error.what
    models: dict[str, Fingerprint] = {}
    called = {m.model for m in measured}
    # A model that left the card has figures in the ledger still, and nothing that is planned asks for it.
    for name in (m.name for m in work.application.card.models if m.name in called):
        try:
            with work.open_predictor(name) as predictor:
                models[name] = predictor.fingerprint()
        except VangrailError as error:
            unreadable[name] = error.what
    return State(fingerprints=fingerprints, models=models, unreadable=unreadable), datasets


def conclude(
    work: Workspace, evidence: Sequence[Evidence], datasets: tuple[DatasetRead, ...], state: State, *, at: datetime
) -> Assessment:
    """The verdicts that follow from this evidence and from all that is declared, answered, recorded and written down."""
    application = work.application
    return assembling.assess(
        application.card,
        card_digest=application.digest,
        answers=application.answers,
        records=(*application.records, *_monitoring(work)),
        facts=facts_of(application),
        evidence=evidence,
        datasets=datasets,
        state=state,
        history=_history(work),
        ways=WITH_COMMANDS,
        on=work.on,
        at=at,
        by=PROGRAM,
    )


def _history(work: Workspace) -> History:
    """What the ledger holds of what was done by that day."""
    ledger, name = work.ledger, work.application.card.id
    if ledger is None:
        return History()
    opened: dict[Phase, date] = {}
    for leaf in ledger.leaves(kind=LeafKind.GATE_DECIDED, application=name):
        if leaf.body["outcome"] == GateOutcome.OPENED and leaf.at.date() <= work.on:
            opened[Phase(str(leaf.body["after"]))] = leaf.at.date()
    confirmed = [
        leaf for leaf in ledger.leaves(kind=LeafKind.CLASSIFIED, application=name) if leaf.at.date() <= work.on
    ]
    return History(
        opened=opened,
        confirmed=str(confirmed[-1].body["facts"]) if confirmed else None,
        ledger=ledger.verify(),
        checkpoint=ledger.checkpoint if ledger.size else None,
    )


def _monitoring(work: Workspace) -> list[Record]:
    """What scheduled runs prove by themselves: complete ones, with somebody to tell (dat-8)."""
    if work.ledger is None:
        return []
    leaves = work.ledger.leaves(kind=LeafKind.WATCHED, application=work.application.card.id)
    days = [leaf.at.date() for leaf in leaves if leaf.body["left"] == 0 and leaf.body["told"]]
    found = due.monitoring(days, on=work.on, framework=knowledge.framework(), by=PROGRAM)
    return [found] if found is not None else []


def stored_evidence(work: Workspace) -> list[Evidence]:
    """The newest evidence of each measurement that was measured by that day.

    By the moment of measuring, not by the order of writing: a run while the clock was set back looked at another day.
    """
    if work.ledger is None:
        return []
    newest: dict[tuple[str, str, str], Evidence] = {}
    for leaf in work.ledger.leaves(kind=LeafKind.EVIDENCE_MEASURED, application=work.application.card.id):
        evidence = storing.from_body(leaf.body)
        held = newest.get(evidence.measurement.key)
        if evidence.measured_at.date() <= work.on and (held is None or held.measured_at <= evidence.measured_at):
            newest[evidence.measurement.key] = evidence
    return list(newest.values())


def facts_of(application: Application) -> law.Facts:
    """The facts for the law on a card. VangrailError with the line of the card."""
    try:
        return law.parse_facts(application.card.facts)
    except law.FactsRefused as error:
        lines = sorted({application.document.line(("facts", fact)) for fact in error.facts})
        where = ", ".join(f"line {line}" for line in lines)
        raise VangrailError(f"card.yaml, {where}: {error.what[Language.EN]}", why=error.why, do=error.do) from error


def _news(application: Application, ledger: Ledger, evidence: Sequence[Evidence], at: datetime) -> Iterator[Entry]:
    """What is new since the ledger was last written: the card, answers, records and figures that it does not hold yet."""
    card = application.card
    held = [
        (leaf.kind, leaf.private)
        for leaf in ledger.leaves(application=card.id)
        if leaf.kind is not LeafKind.EVIDENCE_MEASURED
    ]

    def new(kind: LeafKind, body: dict[str, Any], private: dict[str, Any]) -> Iterator[Entry]:
        if (kind, private) not in held:
            yield Entry(kind=kind, application=card.id, at=at, body=body, private=private)

    # Cards, answers and records name people, so even their digest belongs in the private part: it could be guessed.
    yield from new(LeafKind.CARD_DECLARED, {"phase": card.phase.value}, {"digest": application.digest})
    for answer in application.answers:
        body = {"requirement": answer.requirement, "answer": answer.answer, "on": answer.on.isoformat()}
        yield from new(
            LeafKind.ANSWER_GIVEN, body, storing.plain(answer.model_dump(mode="json", exclude_defaults=True))
        )
    for record in application.records:
        body = {"record": record.kind.value, "on": record.on.isoformat()}
        yield from new(
            LeafKind.RECORD_ADDED, body, storing.plain(record.model_dump(mode="json", exclude_defaults=True))
        )
    last = {}
    for leaf in ledger.leaves(kind=LeafKind.EVIDENCE_MEASURED, application=card.id):
        last[storing.key(leaf.body)] = storing.without_hour(leaf.body)
    for found in evidence:
        body = storing.to_body(found)
        if last.get(found.measurement.key) != storing.without_hour(body):
            yield Entry(kind=LeafKind.EVIDENCE_MEASURED, application=card.id, at=at, body=body)
