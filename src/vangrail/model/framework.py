"""What is asked of every application: principles, conditions, requirements and the gates between phases.

Read from `knowledge/`; here is only their shape. Ids are permanent. A changed meaning is a new version.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from vangrail.model.vocabulary import Language, Phase, RecordKind, Role

Text = Mapping[Language, str]
"""The same text in each language; Dutch is always there."""


def both(*, nl: str, en: str) -> Text:
    """A text in Dutch and in English."""
    return {Language.NL: nl, Language.EN: en}


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where something comes from: a known work, and the page, section or article in it."""

    work: str
    passage: str


@dataclass(frozen=True, kw_only=True)
class Work:
    """A work that sources may name, with the form that its passages take (a regular expression)."""

    id: str
    title: Text
    passage_form: str
    address: str | None = None


@dataclass(frozen=True, kw_only=True)
class Principle:
    """One of the six leading principles of the Flemish AI strategy."""

    id: str
    number: int
    title: Text
    summary: Text
    source: tuple[Source, ...]


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One of the eight conditions of trustworthy AI."""

    id: str
    number: int
    title: Text
    summary: Text
    source: tuple[Source, ...]


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The value that a figure may not pass, with the reason why it lies there.

    Both bounds may be given. `chosen_by` and `chosen_on` are empty for a default of ours.
    """

    at_most: float | None = None
    at_least: float | None = None
    because: str = ""
    chosen_by: str | None = None
    chosen_on: date | None = None

    @property
    def is_default(self) -> bool:
        """Whether this is our default and not a choice of the organisation."""
        return self.chosen_by is None


@dataclass(frozen=True, kw_only=True)
class _Proof:
    """`since` is the phase from which this piece is asked, where that is later than the requirement itself."""

    since: Phase | None = None

    def asked_in(self, phase: Phase) -> bool:
        """Whether this piece is asked by this phase."""
        return self.since is None or self.since.number <= phase.number


@dataclass(frozen=True, kw_only=True)
class Measure(_Proof):
    """Evidence by measuring: the check that does it, and a default limit where one is defensible."""

    check: str
    limit: Limit | None = None
    limit_reason: Text = field(default_factory=dict)
    valid_months: int = 12
    kind: Literal["measure"] = "measure"


@dataclass(frozen=True, kw_only=True)
class AskPerson(_Proof):
    """Evidence by the reasoned answer of a named person. Asked again after each gate into a phase that asks it."""

    question: Text
    kind: Literal["answer"] = "answer"


@dataclass(frozen=True, kw_only=True)
class Declare(_Proof):
    """Evidence by facts on the card: dotted paths that must be filled."""

    fields: tuple[str, ...]
    kind: Literal["declare"] = "declare"


@dataclass(frozen=True, kw_only=True)
class Process(_Proof):
    """Evidence by something that happened and was recorded."""

    record: RecordKind
    valid_months: int = 24
    kind: Literal["process"] = "process"


@dataclass(frozen=True, kw_only=True)
class Classify(_Proof):
    """Evidence by classification under the law: the findings that decide it."""

    topic: str
    kind: Literal["classification"] = "classification"


@dataclass(frozen=True, kw_only=True)
class VerifyLedger(_Proof):
    """Evidence by verifying the ledger: nothing was changed or left out."""

    kind: Literal["ledger"] = "ledger"


Proof = Measure | AskPerson | Declare | Process | Classify | VerifyLedger
"""One kind of evidence that a requirement asks for. All that it lists are needed."""


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One thing that an application must show (eis)."""

    id: str
    version: int
    valid_from: date
    principle: str
    title: Text
    why: Text
    """Why it is asked, in plain words."""
    good: Text
    """What a good answer looks like."""
    source: tuple[Source, ...]
    phases: tuple[Phase, ...]
    answered_by: tuple[Role, ...]
    evidence: tuple[Proof, ...]
    conditions: tuple[str, ...] = ()
    valid_until: date | None = None

    def asked_in(self, phase: Phase) -> bool:
        """Whether it is asked in this phase or was asked in an earlier one."""
        return any(p.number <= phase.number for p in self.phases)

    @property
    def checks(self) -> tuple[str, ...]:
        """The ids of the checks that measure it."""
        return tuple(p.check for p in self.evidence if isinstance(p, Measure))


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What stands between two phases (poort): who may open it, and whose advice is asked first."""

    after: Phase
    title: Text
    opened_by: tuple[Role, ...]
    advice_of: tuple[Role, ...]


@dataclass(frozen=True, kw_only=True)
class Term:
    """A word of a vocabulary that a card can point to."""

    id: str
    title: Text
    note: Text = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """A list of terms with one source: the OECD lists, the four D's, the SDGs ..."""

    id: str
    title: Text
    source: tuple[Source, ...]
    terms: tuple[Term, ...]


@dataclass(frozen=True, kw_only=True)
class GlossaryEntry:
    """A term in code, in Dutch and in English, with what it means and where that comes from."""

    code: str
    title: Text
    meaning: Text
    source: tuple[Source, ...]


@dataclass(frozen=True, kw_only=True)
class Framework:
    """All that is asked, as it holds now."""

    principles: tuple[Principle, ...]
    conditions: tuple[Condition, ...]
    requirements: tuple[Requirement, ...]
    gates: tuple[Gate, ...]
    vocabularies: tuple[Vocabulary, ...]
    works: tuple[Work, ...]
    glossary: tuple[GlossaryEntry, ...]
    digest: str

    def requirement(self, id_: str) -> Requirement:
        """The requirement with this id; KeyError when there is none."""
        return next(r for r in self.requirements if r.id == id_)

    def term(self, code: str) -> GlossaryEntry:
        """What the glossary says about a code; KeyError when it is not there."""
        for found in self.glossary:
            if found.code == code:
                return found
        raise KeyError(code)
