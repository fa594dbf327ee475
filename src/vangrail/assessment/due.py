"""What a scheduled run has to do on a day, and what it has to tell: which figures are due and why, and what changed.

Pure: the day, the evidence and the state of the data come in as values.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import rfc8785

from vangrail.assessment.staleness import State, months_later, why_stale
from vangrail.assessment.storing import to_body
from vangrail.checks import Check
from vangrail.model.board import Board, Line
from vangrail.model.card import Record
from vangrail.model.evidence import Evidence, Measurement
from vangrail.model.framework import Framework, Measure, Process, Text, both
from vangrail.model.outcome import Measured, NotMeasurable
from vangrail.model.vocabulary import AlertKind, RecordKind, Unit, Verdict

Key = tuple[str, str, str]
"""What makes it the same measurement; see `Measurement.key`."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """A figure to take now, and why."""

    measurement: Measurement
    why: Text


NEVER = both(nl="Nog niet gemeten.", en="Not measured yet.")


def due(
    planned: Iterable[Measurement],
    evidence: Mapping[Key, Evidence],
    state: State,
    *,
    valid_months: Mapping[str, int],
    on: date,
    ahead_days: int,
) -> list[Due]:
    """The planned measurements that must be taken on this day: never taken, stale, or valid for fewer than so many days.

    valid_months    how long a figure of each check holds; see `validity`
    """
    found = []
    for measurement in planned:
        held = evidence.get(measurement.key)
        if held is None:
            found.append(Due(measurement=measurement, why=NEVER))
            continue
        until = months_later(held.measured_at.date(), valid_months[measurement.check])
        why = why_stale(held, measurement, state, valid_until=until, on=on)
        # Not twice on a day, also where somebody asks to look further ahead than a figure can hold.
        if why is None and until - timedelta(days=ahead_days) < on and held.measured_at.date() < on:
            why = both(
                nl=f"Geldt nog tot {until.isoformat()}.",
                en=f"Only valid until {until.isoformat()}.",
            )
        if why is not None:
            found.append(Due(measurement=measurement, why=why))
    return found


def validity(framework: Framework, checks: Mapping[str, Check]) -> dict[str, int]:
    """For how many months a figure of each check holds: the shortest that a requirement gives it."""
    months: dict[str, int] = {}
    for requirement in framework.requirements:
        for proof in requirement.evidence:
            if isinstance(proof, Measure):
                months[proof.check] = min(proof.valid_months, months.get(proof.check, proof.valid_months))
    return {id_: months.get(id_, Measure(check=id_).valid_months) for id_ in checks}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure as it was told: enough to see later that it is another one, and to say what it was.

    value   none where it could not be measured
    basis   digest of the outcome and of all that it came from, without the moment
    """

    check: str
    dataset: str
    subject: str
    value: float | None
    low: float | None
    high: float | None
    unit: Unit | None
    rows: int | None
    basis: str

    @property
    def key(self) -> Key:
        """What makes it the same measurement."""
        return self.check, self.dataset, self.subject


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a requirement stood after a run."""

    verdict: Verdict
    figures: tuple[Figure, ...] = ()


Situation = Mapping[str, Standing]
"""How every requirement that is asked stood, by its id."""


@dataclass(frozen=True, kw_only=True)
class FigureChange:
    """A figure that is no longer the same. `before` is empty for a new one."""

    before: Figure | None
    after: Figure


@dataclass(frozen=True, kw_only=True)
class Alert:
    """Something that changed since the last run, for whoever watches. It holds no name of a person and no value of a row.

    requirement     empty when it is about the application as a whole
    stale           why earlier figures no longer counted, where that is so
    """

    kind: AlertKind
    because: Text
    requirement: str | None = None
    title: Text | None = None
    before: Verdict | None = None
    after: Verdict | None = None
    stale: Text | None = None
    figures: tuple[FigureChange, ...] = ()


def situation(board: Board) -> dict[str, Standing]:
    """How every asked requirement stands on this board."""
    return {
        line.requirement.id: Standing(
            verdict=line.verdict,
            figures=tuple(_figure(j.measured) for j in line.judgements if j.measured is not None),
        )
        for line in board.asked
    }


def _figure(evidence: Evidence) -> Figure:
    outcome, measurement = evidence.outcome, evidence.measurement
    measured = outcome if isinstance(outcome, Measured) else None
    body = {k: v for k, v in to_body(evidence).items() if k not in ("measured_at", "measured_by")}
    return Figure(
        check=measurement.check,
        dataset=measurement.dataset,
        subject=measurement.subject,
        value=measured.value if measured else None,
        low=measured.low if measured else None,
        high=measured.high if measured else None,
        unit=measured.unit if measured else None,
        rows=outcome.rows,
        basis=hashlib.sha256(rfc8785.dumps(body)).hexdigest(),
    )


def alerts(before: Situation | None, board: Board, why: Mapping[Key, Text]) -> list[Alert]:
    """What changed between the last run and this board, in the order of the framework.

    before  none on the first run: then only what is not met is told, as the point to start from
    why     per figure that was taken again, why the earlier one no longer counted
    """
    return [alert for line in board.asked if (alert := _changed(before, line, why)) is not None]


def _changed(before: Situation | None, line: Line, why: Mapping[Key, Text]) -> Alert | None:
    last = before.get(line.requirement.id) if before is not None else None
    earlier = {f.key: f for f in last.figures} if last is not None else {}
    now = [_figure(j.measured) for j in line.judgements if j.measured is not None]
    changed = tuple(
        FigureChange(before=earlier.get(f.key), after=f)
        for f in now
        if earlier.get(f.key) is None or earlier[f.key].basis != f.basis
    )
    kind = _kind(last, line.verdict, again=any(c.before is not None for c in changed))
    if kind is None:
        return None
    stale = next((why[c.after.key] for c in changed if c.before is not None and c.after.key in why), None)
    return Alert(
        kind=kind,
        because=_because(line),
        requirement=line.requirement.id,
        title=line.requirement.title,
        before=last.verdict if last is not None else None,
        after=line.verdict,
        stale=stale,
        figures=changed,
    )


def _kind(last: Standing | None, now: Verdict, *, again: bool) -> AlertKind | None:
    if last is None:
        return AlertKind.WORSE if now is Verdict.NOT_MET else None
    if last.verdict is now:
        return AlertKind.MEASURED_AGAIN if again else None
    if now is Verdict.EXPIRED:
        return AlertKind.STALE
    return AlertKind.WORSE if Verdict.worst([last.verdict, now]) is now else AlertKind.BETTER


def _because(line: Line) -> Text:
    """Why it stands so, without what a person wrote: an alert leaves the house, a board does not."""
    deciding = next((j for j in line.judgements if j.verdict is line.verdict), None)
    if deciding is None or deciding.answer is not None or deciding.records:
        return _BY_PEOPLE
    if (
        deciding.measured is not None
        and isinstance(deciding.measured.outcome, NotMeasurable)
        and line.verdict is not Verdict.EXPIRED
    ):
        return _NO_FIGURE  # the reason can name a group
    return deciding.because


_BY_PEOPLE = both(
    nl="Dit oordeel rust op wat mensen antwoordden of noteerden.",
    en="This verdict stands on what people answered or recorded.",
)
_NO_FIGURE = both(
    nl="Er kon geen cijfer berekend worden. Waarom, zie je met: vangrail explain",
    en="No figure could be computed. See why with: vangrail explain",
)


SERIES = 2
"""On so many days a complete run must have been, within the time that monitoring holds: once is an event, no series."""


def monitoring(watched: Sequence[date], *, on: date, framework: Framework, by: str) -> Record | None:
    """What scheduled runs prove of dat-8, as a record of the day of the last one; nothing while they are no series yet.

    watched     the days of runs that left nothing unmeasured and had somebody to tell
    """
    proofs = [p for r in framework.requirements for p in r.evidence if isinstance(p, Process)]
    valid_months = min((p.valid_months for p in proofs if p.record is RecordKind.MONITORING), default=0)
    days = sorted({day for day in watched if day <= on <= months_later(day, valid_months)})
    if len(days) < SERIES:
        return None
    what = f"vangrail watch: {days[0].isoformat()} … {days[-1].isoformat()}, {len(days)}×"
    return Record(kind=RecordKind.MONITORING, on=days[-1], what=what, by=by)
