"""Brings together what is declared, what the law says, what was measured, and what people did: one assessment on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from vangrail import checks, knowledge, law
from vangrail.assessment import boards, storing
from vangrail.assessment.judging import Finding, Known, OverdueReport
from vangrail.assessment.staleness import State
from vangrail.assessment.ways import Ways
from vangrail.cards.folder import digest
from vangrail.ledger import Report
from vangrail.model.board import Assessment, CheckDescription, DatasetRead
from vangrail.model.card import Answer, Card, Record
from vangrail.model.evidence import Evidence
from vangrail.model.framework import both
from vangrail.model.vocabulary import Language, Phase, Verdict


@dataclass(frozen=True, kw_only=True)
class History:
    """What was done by that day, wherever it is kept.

    opened      the day on which each gate was last opened, by the phase that it closes
    confirmed   the digest of the facts on which a named person last confirmed the classification
    ledger      what verifying the ledger found, where there is one
    checkpoint  the ledger's signed state
    overdue     what should have been reported about incidents and was not, where incidents are followed up
    """

    opened: Mapping[Phase, date] = field(default_factory=dict)
    confirmed: str | None = None
    ledger: Report | None = None
    checkpoint: str | None = None
    overdue: Sequence[OverdueReport] = ()


def assess(
    card: Card,
    *,
    card_digest: str,
    answers: Sequence[Answer],
    records: Sequence[Record],
    facts: law.Facts,
    evidence: Sequence[Evidence],
    datasets: tuple[DatasetRead, ...],
    state: State,
    history: History,
    ways: Ways,
    on: date,
    at: datetime,
    by: str,
) -> Assessment:
    """Every requirement with its verdict on that day, and what the next gate lacks.

    evidence    the newest of each measurement
    """
    framework, known_checks = knowledge.framework(), checks.checks()
    known = Known(
        card=card,
        on=on,
        checks=known_checks,
        planned=checks.plan(card),
        evidence={e.measurement.key: e for e in evidence},
        state=state,
        answers=answers,
        records=records,
        opened=history.opened,
        findings=_findings(card, facts, history, ways, on),
        overdue=history.overdue,
        ways=ways,
    )
    board = boards.board(framework, known)
    return Assessment(
        card=card,
        framework=framework,
        board=board,
        gate=boards.gate_view(framework, board),
        datasets=datasets,
        checks={
            c.id: CheckDescription(
                id=c.id,
                family=c.family,
                version=c.version,
                title=c.title,
                measures=c.measures,
                formula=c.formula,
                source=c.source,
                counted=c.counted,
                subjects=c.subjects,
                origin=c.origin,
            )
            for c in known_checks.values()
        },
        made_at=at,
        made_by=by,
        card_digest=card_digest,
        checkpoint=history.checkpoint,
    )


def facts_digest(card: Card) -> str:
    """What tells whether a classification was confirmed on these facts."""
    return digest(storing.plain(card.model_dump(mode="json")["facts"]))


def _findings(card: Card, facts: law.Facts, history: History, ways: Ways, on: date) -> dict[str, Finding]:
    """What the law and the ledger say, by topic."""
    classification = law.classify(facts, on)
    shown = {rule.duty for rule in card.applicable_law if rule.duty and rule.how_met}
    found = {topic: _of_law(law.verdict(classification, topic, shown), ways) for topic in law.TOPICS}
    if found["classification"].verdict is Verdict.MET:
        found["classification"] = _confirmed(card, history, ways, found["classification"])
    if history.ledger is not None:
        found["ledger"] = _of_ledger(history.ledger, ways)
    return found


def _of_law(judgement: law.Judgement, ways: Ways) -> Finding:
    asked = law.questions()
    if judgement.missing and judgement.verdict is Verdict.UNKNOWN:
        first = asked[judgement.missing[0]]
        do = both(
            nl=f"{first.question[Language.NL]} {ways.answer_question[Language.NL]}",
            en=f"{first.question[Language.EN]} {ways.answer_question[Language.EN]}",
        )
        return Finding(verdict=judgement.verdict, because=judgement.because, do=do)
    if judgement.to_show:
        ids = ", ".join(judgement.to_show)
        do = both(
            nl=f"Zet bij 'applicable_law' op de kaart hoe je eraan voldoet, met 'duty': {ids}.",
            en=f"Say under 'applicable_law' on the card how you meet them, with 'duty': {ids}.",
        )
        return Finding(verdict=judgement.verdict, because=judgement.because, do=do)
    return Finding(verdict=judgement.verdict, because=judgement.because)


def _confirmed(card: Card, history: History, ways: Ways, complete: Finding) -> Finding:
    """A complete classification is a proposal until a named person confirmed it on these same facts."""
    if history.confirmed is None:
        because = both(
            nl="Volledig, maar nog door niemand met naam bevestigd.",
            en="Complete, but not confirmed by a named person.",
        )
        return Finding(verdict=Verdict.PARTLY, because=because, do=ways.confirm)
    if history.confirmed != facts_digest(card):
        because = both(
            nl="De feiten op de kaart zijn veranderd sinds dit bevestigd is.",
            en="The facts on the card have changed since this was confirmed.",
        )
        return Finding(verdict=Verdict.EXPIRED, because=because, do=ways.confirm)
    return complete


def _of_ledger(report: Report, ways: Ways) -> Finding:
    if report.ok:
        text = both(
            nl=f"Het logboek klopt: {report.size} inschrijvingen, niets gewijzigd of weggelaten.",
            en=f"The ledger is sound: {report.size} entries, nothing changed or left out.",
        )
        return Finding(verdict=Verdict.MET, because=text)
    problem = report.problems[0]
    text = both(nl=problem.text(Language.NL), en=problem.text(Language.EN))
    return Finding(verdict=Verdict.NOT_MET, because=text, do=ways.verify)
