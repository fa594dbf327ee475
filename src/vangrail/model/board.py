"""The board: one line per requirement, with its verdict on a day and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from vangrail.model.card import Answer, Card, Record
from vangrail.model.evidence import Evidence, Measurement
from vangrail.model.framework import Framework, Gate, Limit, Proof, Requirement, Text
from vangrail.model.needs import Fingerprint
from vangrail.model.outcome import ROWS
from vangrail.model.vocabulary import Language, Phase, Role, Verdict


@dataclass(frozen=True, kw_only=True)
class OpenObjection:
    """An objection that was not answered yet: since when, and by when it is. No word of whoever objected."""

    came: date
    due: date
    late: bool


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What one piece of evidence says about a requirement.

    `measured`, `answer`, `records` and `objections` hold what it stands on; all are empty when nothing was found.
    `who` can supply what is lacking.
    """

    proof: Proof
    verdict: Verdict
    because: Text
    do: Text | None = None
    who: tuple[Role, ...] = ()
    measured: Evidence | None = None
    limit: Limit | None = None
    answer: Answer | None = None
    records: tuple[Record, ...] = ()
    objections: tuple[OpenObjection, ...] = ()
    valid_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """A requirement, its verdict, and every judgement behind it. `asked` is whether the phase asks it by now."""

    requirement: Requirement
    verdict: Verdict
    because: Text
    judgements: tuple[Judgement, ...]
    asked: bool

    @property
    def objections(self) -> tuple[OpenObjection, ...]:
        """The objections about it that are open, the oldest first."""
        return tuple(o for j in self.judgements for o in j.objections)

    @property
    def contested(self) -> bool:
        """Whether somebody objected and still waits for an answer."""
        return bool(self.objections)


@dataclass(frozen=True, kw_only=True)
class Board:
    """All lines on a day. There is no total score, on purpose."""

    on: date
    phase: Phase
    lines: tuple[Line, ...]

    def line(self, requirement: str) -> Line:
        """The line of a requirement; KeyError when it is not there."""
        for line in self.lines:
            if line.requirement.id == requirement:
                return line
        raise KeyError(requirement)

    @property
    def asked(self) -> tuple[Line, ...]:
        """The lines that this phase or an earlier one asks."""
        return tuple(line for line in self.lines if line.asked)

    def count(self, *, principle: str | None = None) -> Mapping[Verdict, int]:
        """How many asked lines have each verdict, in all or for one principle."""
        lines = [line for line in self.asked if principle in (None, line.requirement.principle)]
        return {v: sum(line.verdict is v for line in lines) for v in Verdict}


@dataclass(frozen=True, kw_only=True)
class Lack:
    """Something that a gate still lacks: which requirement, what, and who can supply it."""

    line: Line
    what: Text
    who: tuple[Role, ...]


@dataclass(frozen=True, kw_only=True)
class GateView:
    """What a gate shows to the person who decides. It never decides."""

    gate: Gate
    met: tuple[Line, ...]
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, kw_only=True)
class CheckDescription:
    """What a reader must know of a check to follow its figure."""

    id: str
    family: str
    version: int
    title: Text
    measures: Text
    formula: str
    source: str
    counted: Text = field(default_factory=lambda: dict(ROWS))
    """What the rows of its figures are."""
    subjects: Mapping[str, Text] = field(default_factory=dict)
    """The words for subjects that are no name from the card."""
    origin: str | None = None
    """The package of a check of the organisation's own; none for ours."""

    def about(self, measurement: Measurement, language: Language) -> str:
        """What a measurement is about, for people: the data set where the subject alone does not say it."""
        words = self.subjects.get(measurement.subject)
        if words is None:
            return measurement.subject
        # A name with a dot is none from the card, but ours for what is no table, such as the public texts.
        return words[language] if "." in measurement.dataset else f"{measurement.dataset}, {words[language]}"


@dataclass(frozen=True, kw_only=True)
class DatasetRead:
    """A data set as it was read for this assessment: what it held, and what was assumed while reading."""

    name: str
    fingerprint: Fingerprint
    columns: int
    notes: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """Everything that an assessment found, and what is needed to do it again: the one thing that exports show.

    `gate` is the gate that closes the present phase; none in the last phase. `checkpoint` is the ledger's signed state
    after this assessment was written down, where there is a ledger.
    """

    card: Card
    framework: Framework
    board: Board
    gate: GateView | None
    datasets: tuple[DatasetRead, ...]
    checks: Mapping[str, CheckDescription]
    made_at: datetime
    made_by: str
    card_digest: str
    checkpoint: str | None = None
