"""Takes every measurement that the card plans: per data set one opening, one fingerprint, and all needs together."""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from vangrail.checks import Check
from vangrail.model.board import DatasetRead
from vangrail.model.card import TEXTS, Card, Dataset
from vangrail.model.errors import VangrailError
from vangrail.model.evidence import Evidence, Measurement
from vangrail.model.needs import Answers, Field, Fingerprint, Need, NeedAnswer
from vangrail.tables import Table

Opener = Callable[[str, Dataset], AbstractContextManager[Table]]


class Texts(Protocol):
    """The public texts of a card, read."""

    def answer(self, needs: Iterable[Need]) -> dict[Need, NeedAnswer]:
        """The wording that each need asks for."""
        ...

    def fingerprint(self) -> Fingerprint:
        """What the texts say now."""
        ...


Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Run:
    """What measuring brought: the evidence, the data sets as they were read, and what the texts say."""

    evidence: tuple[Evidence, ...]
    datasets: tuple[DatasetRead, ...]
    texts: Fingerprint | None = None


def measure(
    card: Card,
    checks: Mapping[str, Check],
    planned: Sequence[Measurement],
    *,
    open_table: Opener,
    texts: Texts | None = None,
    on: date,
    at: datetime,
    by: str,
    progress: Progress = lambda _: None,
) -> Run:
    """Every planned figure, with its fingerprint. VangrailError on anything that the user can solve.

    texts   the public texts of the card; figures about them stay unmeasured without
    """
    evidence: list[Evidence] = []
    datasets: list[DatasetRead] = []
    for name, dataset in card.datasets.items():
        mine = [m for m in planned if m.dataset == name]
        progress(name)
        with open_table(name, dataset) as table:
            require_columns(card, name, table.fields)
            wanted = {m.key: checks[m.check].needs(m, table.fields, on) for m in mine}
            needs = dict.fromkeys(need for needs in wanted.values() for need in needs)
            answers = Answers(table.answer(needs, progress=progress))
            fingerprint = table.fingerprint()
            datasets.append(
                DatasetRead(name=name, fingerprint=fingerprint, columns=len(table.fields), notes=tuple(table.notes))
            )
            for m in mine:
                outcome = checks[m.check].measure(m, table.fields, on, answers)
                evidence.append(
                    Evidence(measurement=m, outcome=outcome, fingerprint=fingerprint, measured_at=at, measured_by=by)
                )
    mine = [m for m in planned if m.dataset == TEXTS]
    if texts is None or not mine:
        return Run(evidence=tuple(evidence), datasets=tuple(datasets))
    fingerprint = texts.fingerprint()
    answers = Answers(texts.answer(need for m in mine for need in checks[m.check].needs(m, (), on)))
    for m in mine:
        outcome = checks[m.check].measure(m, (), on, answers)
        evidence.append(
            Evidence(measurement=m, outcome=outcome, fingerprint=fingerprint, measured_at=at, measured_by=by)
        )
    return Run(evidence=tuple(evidence), datasets=tuple(datasets), texts=fingerprint)


def require_columns(card: Card, name: str, fields: Sequence[Field]) -> None:
    """Every column that the card names for a data set must be in it. VangrailError that names the closest ones."""
    dataset, known = card.datasets[name], [f.name for f in fields]
    named: dict[str, str] = dict.fromkeys(dataset.columns, "columns")
    named |= dict.fromkeys(dataset.key, "key") | dict.fromkeys(dataset.annotators, "annotators")
    named |= dict.fromkeys(dataset.reference, "reference")
    named |= {dataset.refresh.column: "refresh"} if dataset.refresh else {}
    named |= {dataset.drift.column: "drift"} | dict.fromkeys(dataset.drift.columns, "drift") if dataset.drift else {}
    log = card.decision_log
    if log is not None and log.dataset == name:
        parts = {
            "advice": log.advice,
            "decision": log.decision,
            "outcome": log.outcome,
            "selected": log.selected,
            "random_sample": log.random_sample,
        }
        named |= {p.column: f"decision_log.{place}" for place, p in parts.items() if p is not None and p.column}
        named |= {p.column: "decision_log.protected" for p in log.protected}
        named |= {log.score.column: "decision_log.score"} if log.score else {}
        named |= {log.officer: "decision_log.officer"} if log.officer else {}
        named |= {log.seconds: "decision_log.seconds"} if log.seconds else {}
    problems = []
    for column, place in named.items():
        if column in known:
            continue
        near = difflib.get_close_matches(column, known, n=1, cutoff=0.6)
        hint = f" Did you mean '{near[0]}'?" if near else f" It has: {', '.join(known[:30])}."
        problems.append(f"card.yaml, {place}: data set '{name}' has no column '{column}'.{hint}")
    if problems:
        raise VangrailError("\n".join(problems), do="Correct the name on the card; capitals and spaces count.")
