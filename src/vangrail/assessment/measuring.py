"""Takes every measurement that the card plans: per data set one opening, one fingerprint, and all needs together.

A model that cannot be called costs no more than the figures that need it. One that is down leaves them untaken, with the
reason, so that an earlier figure is not written over by a night without network; one that answers these questions in
another form than was agreed makes them not measurable, with the reason. Data that cannot be read stop the run.
"""

import difflib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from vangrail.cards.sources import Source
from vangrail.checks import Check
from vangrail.model.board import DatasetRead
from vangrail.model.card import Card, Dataset
from vangrail.model.errors import OutOfReach, VangrailError
from vangrail.model.evidence import Evidence, Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, Dialogue, Field, Fingerprint, Need, NeedAnswer, Probe
from vangrail.model.outcome import NotMeasurable, Outcome
from vangrail.model.vocabulary import Language
from vangrail.predictors import Predictor
from vangrail.tables import Table

OpenTable = Callable[[str, Dataset], AbstractContextManager[Table]]
OpenPredictor = Callable[[str], AbstractContextManager[Predictor]]


Progress = Callable[[str], None]
Told = Callable[[Check, Measurement, Outcome], None]


@dataclass(frozen=True, kw_only=True)
class Run:
    """What measuring brought: the evidence, the data sets as they were read, and what everything that was read held.

    fingerprints    per data set and other source
    models          per model that was called
    out_of_reach    why, per model that could not be called, or from some moment on
    """

    evidence: tuple[Evidence, ...]
    datasets: tuple[DatasetRead, ...]
    fingerprints: Mapping[str, Fingerprint]
    models: Mapping[str, Fingerprint]
    out_of_reach: Mapping[str, VangrailError]


def measure(
    card: Card,
    checks: Mapping[str, Check],
    planned: Sequence[Measurement],
    *,
    open_table: OpenTable,
    open_predictor: OpenPredictor,
    sources: Mapping[str, Source],
    on: date,
    at: datetime,
    by: str,
    progress: Progress = lambda _: None,
    told: Told = lambda check, measurement, outcome: None,
) -> Run:
    """Every planned figure, with its fingerprint. VangrailError on anything about the data that the user can solve.

    sources     what is no table, by name; figures about a source that is not there stay unmeasured
    told        is given each figure as soon as all that it needs was answered, long before the last one is
    """
    evidence: list[Evidence] = []
    datasets: list[DatasetRead] = []
    fingerprints: dict[str, Fingerprint] = {}
    with ExitStack() as stack:
        models = _Models(open_=lambda name: stack.enter_context(open_predictor(name)))
        for name in dict.fromkeys(m.model for m in planned if m.model is not None):
            models.open(name)
        possible = [m for m in planned if m.model is None or m.model in models.fingerprints]

        def keep(taken: _Taking, name: str) -> None:
            for place, m in enumerate(taken.mine):
                if place in taken.outcomes:
                    evidence.append(
                        Evidence(
                            measurement=m,
                            outcome=taken.outcomes[place],
                            fingerprint=fingerprints[name],
                            model=models.fingerprints[m.model] if m.model is not None else None,
                            measured_at=at,
                            measured_by=by,
                        )
                    )

        for name, dataset in card.datasets.items():
            mine = [m for m in possible if m.dataset == name]
            progress(name)
            with open_table(name, dataset) as table:
                require_columns(card, name, table.fields)
                taking = _Taking(
                    checks=checks, mine=mine, fields=table.fields, on=on, told=told, refused=models.refused
                )
                needs = taking.all_needs
                answered = (n for n in needs if not isinstance(n, Probe))
                totals = table.answer(answered, progress=progress, so_far=taking.take)
                probed: dict[Need, NeedAnswer] = {}
                for need in needs:
                    if isinstance(need, Probe) and need.model not in models.out_of_reach:
                        rows = table.rows(need.columns, at_most=need.at_most, where=need.where)
                        probed |= models.ask(need, partial(need.totals, rows, models.opened[need.model].predict))
                fingerprints[name] = table.fingerprint()
                datasets.append(
                    DatasetRead(
                        name=name,
                        fingerprint=fingerprints[name],
                        columns=len(table.fields),
                        notes=tuple(table.notes),
                    )
                )
                taking.take(totals | probed)
                keep(taking, name)
        for name, source in sources.items():
            mine = [m for m in possible if m.dataset == name]
            if mine:
                fingerprints[name] = source.fingerprint()
                taking = _Taking(checks=checks, mine=mine, fields=(), on=on, told=told, refused=models.refused)
                asked = taking.all_needs
                answers = source.answer(n for n in asked if not isinstance(n, Dialogue))
                for need in asked:
                    if isinstance(need, Dialogue) and need.model not in models.out_of_reach:
                        answers |= models.ask(need, partial(need.totals, models.opened[need.model].say))
                taking.take(answers)
                keep(taking, name)
    return Run(
        evidence=tuple(evidence),
        datasets=tuple(datasets),
        fingerprints=fingerprints,
        models=models.fingerprints,
        out_of_reach=models.out_of_reach,
    )


@dataclass(kw_only=True)
class _Models:
    """The models that are called: what they were, which are out of reach, and which questions they could not take."""

    open_: Callable[[str], Predictor]
    opened: dict[str, Predictor] = field(default_factory=dict)
    fingerprints: dict[str, Fingerprint] = field(default_factory=dict)
    out_of_reach: dict[str, VangrailError] = field(default_factory=dict)
    refused: dict[Need, VangrailError] = field(default_factory=dict)

    def open(self, name: str) -> None:
        """Open it and see what it is; where that fails, no question is asked."""
        try:
            self.opened[name] = self.open_(name)
            self.fingerprints[name] = self.opened[name].fingerprint()
        except VangrailError as error:
            self.out_of_reach[name] = error

    def ask(self, need: Probe | Dialogue, question: Callable[[], NeedAnswer]) -> dict[Need, NeedAnswer]:
        """The answer to a need; none where the model does not give it."""
        try:
            return {need: question()}
        except OutOfReach as error:
            # No more is asked of it: every question could last a minute.
            self.out_of_reach[need.model] = error
        except VangrailError as error:
            self.refused[need] = error
        return {}


@dataclass(kw_only=True)
class _Taking:
    """The figures about one source, each taken as soon as all that it needs is there.

    refused   the needs that were not answered, and why; it may grow meanwhile
    """

    checks: Mapping[str, Check]
    mine: Sequence[Measurement]
    fields: Sequence[Field]
    on: date
    told: Told
    refused: Mapping[Need, VangrailError]
    outcomes: dict[int, Outcome] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.needs = [self.checks[m.check].needs(m, self.fields, self.on) for m in self.mine]

    @property
    def all_needs(self) -> list[Need]:
        """What all of them need, each once."""
        return list(dict.fromkeys(need for needs in self.needs for need in needs))

    def take(self, answers: Mapping[Need, NeedAnswer]) -> None:
        """Take those that these answers allow, and those that none will allow."""
        for place, m in enumerate(self.mine):
            why = next((self.refused[need] for need in self.needs[place] if need in self.refused), None)
            if place in self.outcomes or (why is None and not all(need in answers for need in self.needs[place])):
                continue
            outcome = (
                self.checks[m.check].measure(m, self.fields, self.on, Answers(answers))
                if why is None
                else _not_answered(why)
            )
            self.outcomes[place] = outcome
            self.told(self.checks[m.check], m, outcome)


def _not_answered(error: VangrailError) -> NotMeasurable:
    parts = {language: f"{what} {error.why[language]}".strip() for language, what in error.what.items()}
    return NotMeasurable(reason=parts, do=error.do if any(error.do.values()) else None)


def require_columns(card: Card, name: str, fields: Sequence[Field]) -> None:
    """Every column that the card names for a data set must be in it. VangrailError that names the closest ones."""
    dataset, known = card.datasets[name], [f.name for f in fields]
    named: dict[str, str] = dict.fromkeys(dataset.columns, "columns")
    named |= dict.fromkeys(dataset.key, "key") | dict.fromkeys(dataset.annotators, "annotators")
    named |= dict.fromkeys(dataset.reference, "reference")
    named |= {dataset.refresh.column: "refresh"} if dataset.refresh else {}
    named |= {dataset.drift.column: "drift"} | dict.fromkeys(dataset.drift.columns, "drift") if dataset.drift else {}
    if (seen := dataset.detections) is not None:
        columns = [seen.predicted, seen.truth, seen.overlap, seen.score, *seen.by]
        named |= dict.fromkeys((c for c in columns if c), "detections")
    if (forecasts := dataset.forecasts) is not None:
        columns = [
            forecasts.time,
            forecasts.forecast,
            forecasts.actual,
            forecasts.low,
            forecasts.high,
            forecasts.horizon,
        ]
        named |= dict.fromkeys((c for c in (*columns, *forecasts.series) if c), "forecasts")
    if (alarms := dataset.alarms) is not None:
        columns = [alarms.time, alarms.event.column, alarms.alarm.column, *alarms.series]
        named |= dict.fromkeys((c for c in columns if c), "alarms")
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
        near, there = difflib.get_close_matches(column, known, n=1, cutoff=0.6), ", ".join(known[:30])
        problems.append(
            both(
                nl=f"card.yaml, {place}: de dataset '{name}' heeft geen kolom '{column}'. "
                + (f"Bedoel je '{near[0]}'?" if near else f"Wel: {there}."),
                en=f"card.yaml, {place}: data set '{name}' has no column '{column}'. "
                + (f"Did you mean '{near[0]}'?" if near else f"It has: {there}."),
            )
        )
    if problems:
        raise VangrailError(
            {language: "\n".join(p[language] for p in problems) for language in Language},
            do=both(
                nl="Verbeter de naam op de kaart; hoofdletters en spaties tellen mee.",
                en="Correct the name on the card; capitals and spaces count.",
            ),
        )
