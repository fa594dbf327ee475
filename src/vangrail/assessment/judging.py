"""One piece of evidence against what is asked: a verdict with its reason, and what to do when it is not met."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from vangrail import knowledge
from vangrail.assessment.objections import open_about
from vangrail.assessment.staleness import State, months_later, why_stale
from vangrail.assessment.ways import WITH_COMMANDS, Ways
from vangrail.cards.fields import label
from vangrail.checks import Check
from vangrail.model.board import Judgement
from vangrail.model.card import Answer, Card, Record
from vangrail.model.evidence import Evidence, Measurement
from vangrail.model.framework import (
    AskPerson,
    Classify,
    Declare,
    Limit,
    Measure,
    Process,
    Proof,
    Requirement,
    Text,
    VerifyLedger,
    both,
)
from vangrail.model.outcome import SMALL_COUNT, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import AnswerValue, Language, Phase, RecordKind, Role, Verdict


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What another part says about a requirement: the law about a classification, the ledger about itself."""

    verdict: Verdict
    because: Text
    do: Text | None = None


@dataclass(frozen=True, kw_only=True)
class OverdueReport:
    """Something that the law asks to report about an incident, and of which the term is over. No word of what happened.

    title     what must be reported, such as 'Een datalek melden'
    noticed   the day on which the incident was noticed
    due       the last day
    """

    title: Text
    noticed: date
    due: date


@dataclass(frozen=True, kw_only=True)
class Known:
    """Everything that verdicts are reached from, as it is known on a day.

    evidence    the newest evidence per measurement
    opened      the day on which each gate was opened, by the phase that it closes
    findings    per topic of the law ('duties', 'prohibited' ...), and 'ledger'
    overdue     reports about incidents that should have been made
    ways        how one does here what a verdict asks for
    """

    card: Card
    on: date
    checks: Mapping[str, Check]
    planned: Sequence[Measurement]
    evidence: Mapping[tuple[str, str, str], Evidence]
    state: State
    answers: Sequence[Answer] = ()
    records: Sequence[Record] = ()
    opened: Mapping[Phase, date] = field(default_factory=dict)
    findings: Mapping[str, Finding] = field(default_factory=dict)
    overdue: Sequence[OverdueReport] = ()
    ways: Ways = WITH_COMMANDS


def judge(requirement: Requirement, known: Known) -> tuple[Judgement, ...]:
    """Every judgement that the requirement asks for by this phase; all of them where it is not asked yet."""
    proofs = [p for p in requirement.evidence if p.asked_in(known.card.phase)] or list(requirement.evidence)
    away = [p for p in proofs if _out_of_reach(p, known)]
    found = [judgement for p in proofs if p not in away for judgement in _judge(requirement, p, known)]
    # Where nothing can be measured, one answer stands in for all that was to be measured.
    instead = (_instead(requirement, away[0], known),) if away else ()
    beside = (*_further(requirement, known), *_overdue(requirement, known), *_contested(requirement, known))
    return (*found, *instead, *beside)


def _overdue(requirement: Requirement, known: Known) -> Iterable[Judgement]:
    """What was not reported in time says about the handling of incidents: a review of others does not make up for it."""
    reviewed = any(isinstance(p, Process) and p.record is RecordKind.INCIDENT_REVIEW for p in requirement.evidence)
    for late in known.overdue if reviewed else ():
        yield Judgement(
            proof=Process(record=RecordKind.INCIDENT),
            verdict=Verdict.NOT_MET,
            because=both(
                nl=f"{late.title[Language.NL]}: dat moest tegen {late.due.isoformat()}, voor het incident dat op"
                f" {late.noticed.isoformat()} gemerkt werd. Het is nog niet gebeurd.",
                en=f"{late.title[Language.EN]}: that was due by {late.due.isoformat()}, for the incident that was noticed on"
                f" {late.noticed.isoformat()}. It was not done yet.",
            ),
            do=both(
                nl="Meld het nu, ook al is het te laat, en zeg bij het incident wanneer je dat deed.",
                en="Report it now, late as it is, and say with the incident when you did.",
            ),
            who=requirement.answered_by,
        )


def _contested(requirement: Requirement, known: Known) -> Iterable[Judgement]:
    """What an open objection says about it: nobody knows until a person has looked again, whatever else was found."""
    open_ = open_about(requirement.id, known.records, known.card, on=known.on)
    if not open_:
        return
    late, first = sum(o.late for o in open_), min(o.due for o in open_).isoformat()
    if len(open_) == 1:
        because = (
            both(
                nl=f"Er is een bezwaar over open. Het antwoord moest er zijn op {first}, en is er nog niet.",
                en=f"An objection about it is open. The answer was due on {first}, and is not there yet.",
            )
            if late
            else both(
                nl=f"Er is een bezwaar over open. Het antwoord komt ten laatste op {first}.",
                en=f"An objection about it is open. The answer comes by {first}.",
            )
        )
    else:
        because = both(
            nl=f"Aantal bezwaren die hierover open zijn: {len(open_)}, waarvan te laat: {late}. Eerste termijn: {first}.",
            en=f"Objections about it that are open: {len(open_)}, of which late: {late}. First term: {first}.",
        )
    yield Judgement(
        proof=Process(record=RecordKind.OBJECTION),
        verdict=Verdict.UNKNOWN,
        because=because,
        do=both(
            nl="Behandel het bezwaar, en laat iemand anders met een open blik opnieuw kijken.",
            en="Handle the objection, and let somebody else look again with an open mind.",
        ),
        who=(Role.APPLICATION_OWNER,),
        objections=open_,
    )


def _further(requirement: Requirement, known: Known) -> Iterable[Judgement]:
    """What the organisation's own checks say about it, beside all that is asked of everyone.

    An own check that plans nothing for this card says nothing, unless the card sets a limit for it: then it is missed.
    """
    for check in known.checks.values():
        if requirement.id in check.proves:
            chosen = any(limit.check == check.id for limit in known.card.limits)
            if chosen or any(m.check == check.id for m in known.planned):
                yield from _measure(requirement, Measure(check=check.id), known)


def is_further(judgement: Judgement, known: Known) -> bool:
    """Whether it comes from a check of the organisation's own."""
    check = known.checks.get(judgement.proof.check) if isinstance(judgement.proof, Measure) else None
    return check is not None and bool(check.proves)


def _out_of_reach(proof: Proof, known: Known) -> bool:
    """Whether the card says that there is no access to what this asks."""
    access = known.card.data_access
    if access is None or access.possible:
        return False
    if isinstance(proof, Measure):
        check = known.checks.get(proof.check)
        planned = any(m.check == proof.check for m in known.planned)
        return not planned and (check is None or check.not_applicable(known.card) is None)
    return (
        isinstance(proof, Declare) and not known.card.datasets and all(f.startswith("datasets") for f in proof.fields)
    )


def _judge(requirement: Requirement, proof: Proof, known: Known) -> Iterable[Judgement]:
    match proof:
        case Measure():
            yield from _measure(requirement, proof, known)
        case AskPerson():
            yield _answer(requirement, proof, known)
        case Declare():
            yield _declare(requirement, proof, known)
        case Process():
            yield _process(requirement, proof, known)
        case Classify():
            yield _found(requirement, proof, known, proof.topic)
        case VerifyLedger():
            yield _found(requirement, proof, known, "ledger")


def against(outcome: Outcome, limit: Limit | None) -> tuple[Verdict, Text]:
    """A figure against its limit. Unknown when there is no figure, no limit, or when its interval straddles the limit."""
    if isinstance(outcome, NotMeasurable):
        return Verdict.UNKNOWN, outcome.reason
    if limit is None:
        return Verdict.UNKNOWN, _NO_LIMIT
    alone = outcome.low is None and outcome.high is None
    low = outcome.value if outcome.low is None else outcome.low
    high = outcome.value if outcome.high is None else outcome.high
    if (limit.at_most is not None and low > limit.at_most) or (limit.at_least is not None and high < limit.at_least):
        return Verdict.NOT_MET, _ALONE_BEYOND if alone else _BEYOND
    inside = (limit.at_most is None or high <= limit.at_most) and (limit.at_least is None or low >= limit.at_least)
    if not inside:
        return Verdict.UNKNOWN, _STRADDLES
    unmeasured = sum(g.not_measurable is not None for g in outcome.groups)
    if unmeasured:
        return Verdict.PARTLY, both(
            nl=f"Wat gemeten kon worden, blijft binnen de grens. Aantal vergelijkingen dat niet te maken is: {unmeasured}.",
            en=f"What could be measured stays within the limit. Comparisons that cannot be made: {unmeasured}.",
        )
    return Verdict.MET, _ALONE_WITHIN if alone else _WITHIN


_NO_LIMIT = both(
    nl="Gemeten, maar er is vooraf geen grens gekozen, dus er is geen oordeel.",
    en="Measured, but no limit was chosen beforehand, so there is no verdict.",
)
_BEYOND = both(
    nl="Het cijfer ligt voorbij de grens, ook als je de onzekerheid meetelt.",
    en="The figure lies beyond the limit, even with its uncertainty counted in.",
)
_ALONE_BEYOND = both(nl="Het cijfer ligt voorbij de grens.", en="The figure lies beyond the limit.")
_ALONE_WITHIN = both(nl="Het cijfer blijft binnen de grens.", en="The figure stays within the limit.")
_STRADDLES = both(
    nl="Niet genoeg bewijs: het interval ligt aan beide kanten van de grens.",
    en="Not enough evidence: the interval lies on both sides of the limit.",
)
_WITHIN = both(
    nl="Het cijfer blijft binnen de grens, ook als je de onzekerheid meetelt.",
    en="The figure stays within the limit, even with its uncertainty counted in.",
)
_CHOOSE = both(
    nl="Kies een grens op de kaart bij 'limits', met reden, naam en datum.",
    en="Choose a limit on the card under 'limits', with reason, name and date.",
)


def _measure(requirement: Requirement, proof: Measure, known: Known) -> Iterable[Judgement]:
    check = known.checks.get(proof.check)
    planned = [m for m in known.planned if m.check == proof.check]
    if planned and check is not None:
        for measurement in planned:
            yield _one(requirement, proof, check, measurement, known)
        return
    reason = check.not_applicable(known.card) if check is not None else None
    if reason is not None:
        yield Judgement(proof=proof, verdict=Verdict.NOT_APPLICABLE, because=reason)
        return
    if check is None:
        yield Judgement(
            proof=proof,
            verdict=Verdict.UNKNOWN,
            because=both(
                nl=f"Nog niet gemeten: de meting '{proof.check}' zit nog niet in deze versie.",
                en=f"Not yet measured: the check '{proof.check}' is not in this version yet.",
            ),
        )
        return
    yield Judgement(
        proof=proof,
        verdict=Verdict.UNKNOWN,
        because=both(
            nl=f"Niet gemeten. Daarvoor is nodig: {check.wants[Language.NL]}.",
            en=f"Not measured. It needs: {check.wants[Language.EN]}.",
        ),
        do=both(
            nl="Vul de kaart aan. Is er geen toegang tot de data? Zet dan 'data_access' op de kaart met de reden.",
            en="Complete the card. Is there no access to the data? Then put 'data_access' on the card with the reason.",
        ),
        who=requirement.answered_by,
    )


def _one(requirement: Requirement, proof: Measure, check: Check, measurement: Measurement, known: Known) -> Judgement:
    evidence = known.evidence.get(measurement.key)
    limit = limit_for(measurement, proof, known.card)
    why = known.state.unreadable.get(measurement.model or "")
    if evidence is None and why is not None:
        return Judgement(
            proof=proof,
            verdict=Verdict.UNKNOWN,
            because=both(
                nl=f"Niet gemeten, want het model kan nu niet opgeroepen worden. {why[Language.NL]}",
                en=f"Not measured, since the model cannot be called now. {why[Language.EN]}",
            ),
            do=_joined(_MODEL_ANSWERS, known.ways.measure),
            who=(Role.DATA_SCIENTIST,),
            limit=limit,
        )
    if evidence is None:
        about = check.subjects.get(measurement.subject, dict.fromkeys(Language, measurement.subject))
        return Judgement(
            proof=proof,
            verdict=Verdict.UNKNOWN,
            because=both(
                nl=f"Nog niet gemeten: {check.title[Language.NL]}, {about[Language.NL]}.",
                en=f"Not measured yet: {check.title[Language.EN]}, {about[Language.EN]}.",
            ),
            do=known.ways.measure,
            who=(Role.DATA_SCIENTIST,),
            limit=limit,
        )
    until = months_later(evidence.measured_at.date(), proof.valid_months)
    stale = why_stale(evidence, measurement, known.state, valid_until=until, on=known.on)
    base = Judgement(
        proof=proof, verdict=Verdict.UNKNOWN, because=_NO_LIMIT, measured=evidence, limit=limit, valid_until=until
    )
    if stale is not None:
        return replace(base, verdict=Verdict.EXPIRED, because=stale, do=known.ways.measure, who=(Role.DATA_SCIENTIST,))
    if not check.judged and limit is None:
        if isinstance(evidence.outcome, Measured):
            return replace(base, verdict=Verdict.NOT_APPLICABLE, because=_DESCRIBES)
        if 0 < (evidence.outcome.rows or 0) < SMALL_COUNT:
            # Kept back because it would be about a few people; nothing is lacking that anyone could supply.
            return replace(base, verdict=Verdict.NOT_APPLICABLE, because=evidence.outcome.reason)
    verdict, because = against(evidence.outcome, limit)
    if verdict is Verdict.PARTLY:
        return _with_small_groups(requirement, known, replace(base, verdict=verdict, because=because))
    do = evidence.outcome.do if isinstance(evidence.outcome, NotMeasurable) else _CHOOSE if limit is None else None
    return replace(base, verdict=verdict, because=because, do=do, who=requirement.answered_by)


_MODEL_ANSWERS = both(nl="Zorg dat het model antwoordt.", en="Make sure that the model answers.")
_DESCRIBES = both(
    nl="Dit cijfer beschrijft de werkelijkheid; het heeft geen grens.",
    en="This figure describes the world; it has no limit.",
)


def _with_small_groups(requirement: Requirement, known: Known, partly: Judgement) -> Judgement:
    """Groups that are too small to measure can be covered by the reasoned answer of a named person, and only so."""
    answer, verdict, _ = _newest(requirement, known)
    if answer is not None and verdict is Verdict.MET:
        text = both(
            nl=f"Voor wat niet te meten is, antwoordt {answer.by}.",
            en=f"For what cannot be measured, {answer.by} answers.",
        )
        return replace(partly, verdict=Verdict.MET, because=_joined(partly.because, text), answer=answer)
    do = both(
        nl="Laat iemand met naam en redenen antwoorden over wat niet te meten is, zoals kleine groepen.",
        en="Let a named person answer, with reasons, about what cannot be measured, such as small groups.",
    )
    return replace(partly, do=do, who=requirement.answered_by)


def _instead(requirement: Requirement, proof: Proof, known: Known) -> Judgement:
    """Without access to data, the reasoned answer of a named person stands in for the figure."""
    answer, verdict, because = _newest(requirement, known)
    reason = known.card.data_access.because if known.card.data_access else None
    if answer is None:
        because = both(nl=f"Niet te meten: {reason}", en=f"Cannot be measured: {reason}")
    good = verdict in (Verdict.MET, Verdict.NOT_APPLICABLE)
    do = both(
        nl="Antwoord in de plaats, met redenen en documenten, bijvoorbeeld van de leverancier.",
        en="Answer instead, with reasons and documents, for instance the supplier's.",
    )
    return Judgement(
        proof=proof,
        verdict=verdict,
        because=because,
        answer=answer,
        do=do if verdict in (Verdict.UNKNOWN, Verdict.EXPIRED) else None,
        who=() if good else requirement.answered_by,
    )


def limit_for(measurement: Measurement, proof: Measure, card: Card) -> Limit | None:
    """The limit chosen on the card for this subject, else for the whole check, else declared with the data, else ours."""
    chosen = [c for c in card.limits if c.check == measurement.check]
    for subject in (measurement.subject, None):
        for choice in chosen:
            if choice.subject == subject:
                return choice.limit
    declared = measurement.settings.get("limit")
    if declared is not None:
        place = {"because": f"card.yaml: datasets.{measurement.dataset}"}
        return Limit(**place | declared, chosen_by=card.organisation.name)
    return proof.limit


def _newest(requirement: Requirement, known: Known) -> tuple[Answer | None, Verdict, Text]:
    """The newest answer by that day, and what it says; an answer without name, reason or fitting role does not count."""
    answers = [a for a in known.answers if a.requirement == requirement.id and a.on <= known.on]
    if not answers:
        return None, Verdict.UNKNOWN, both(nl="Nog niet beantwoord.", en="Not answered yet.")
    answer = max(answers, key=lambda a: a.on)
    lacks = [name for name, value in (("by", answer.by), ("because", answer.because)) if not (value or "").strip()]
    if lacks:
        return (
            answer,
            Verdict.UNKNOWN,
            both(
                nl=f"Het antwoord telt niet: {' en '.join(f'{n!r}' for n in lacks)} ontbreekt.",
                en=f"The answer does not count: {' and '.join(f'{n!r}' for n in lacks)} is missing.",
            ),
        )
    if answer.role not in requirement.answered_by:
        wanted = ", ".join(requirement.answered_by)
        return (
            answer,
            Verdict.UNKNOWN,
            both(
                nl=f"Het antwoord telt niet: de rol is '{answer.role or '?'}', gevraagd is {wanted}.",
                en=f"The answer does not count: the role is '{answer.role or '?'}', asked is {wanted}.",
            ),
        )
    for after, opened in known.opened.items():
        if answer.on < opened <= known.on and after.next in requirement.phases:
            return (
                answer,
                Verdict.EXPIRED,
                both(
                    nl=f"Beantwoord op {answer.on.isoformat()}, voor de poort die op {opened.isoformat()} openging.",
                    en=f"Answered on {answer.on.isoformat()}, before the gate that opened on {opened.isoformat()}.",
                ),
            )
    return answer, _VERDICT[AnswerValue(answer.answer)], _said(answer)


_VERDICT = {
    AnswerValue.YES: Verdict.MET,
    AnswerValue.PARTLY: Verdict.PARTLY,
    AnswerValue.NO: Verdict.NOT_MET,
    AnswerValue.NOT_APPLICABLE: Verdict.NOT_APPLICABLE,
}


def _said(answer: Answer) -> Text:
    because = str(answer.because).strip()
    return both(nl=f"{answer.by}: {because}", en=f"{answer.by}: {because}")


def _answer(requirement: Requirement, proof: AskPerson, known: Known) -> Judgement:
    answer, verdict, because = _newest(requirement, known)
    good = verdict in (Verdict.MET, Verdict.NOT_APPLICABLE)
    return Judgement(
        proof=proof,
        verdict=verdict,
        because=because,
        do=None if good else proof.question,
        who=() if good else requirement.answered_by,
        answer=answer,
    )


def _declare(requirement: Requirement, proof: Declare, known: Known) -> Judgement:
    if proof.fields == ("limits",) and not any(m.check in requirement.checks for m in known.planned):
        return Judgement(
            proof=proof,
            verdict=Verdict.NOT_APPLICABLE,
            because=both(
                nl="Er wordt niets gemeten, dus er is geen grens nodig.",
                en="Nothing is measured, so no limit is needed.",
            ),
        )
    missing = [f for f in proof.fields if not _declared(f, requirement, known.card)]
    nl, en = (", ".join(_called(f, language) for f in missing) for language in (Language.NL, Language.EN))
    if not missing:
        return Judgement(
            proof=proof, verdict=Verdict.MET, because=both(nl="Staat op de kaart.", en="Stated on the card.")
        )
    return Judgement(
        proof=proof,
        verdict=Verdict.UNKNOWN if len(missing) == len(proof.fields) else Verdict.PARTLY,
        because=both(nl=f"Ontbreekt op de kaart: {nl}.", en=f"Missing on the card: {en}."),
        do=both(nl=f"Vul in op de kaart: {nl}.", en=f"Fill in on the card: {en}."),
        who=requirement.answered_by,
    )


def _declared(field_: str, requirement: Requirement, card: Card) -> bool:
    """Whether the card holds it; a limit counts where it is about something that this requirement measures."""
    if field_ == "limits":
        return any(limit.check in requirement.checks for limit in card.limits)
    return card.declared(field_)


def _called(path: str, language: Language) -> str:
    """A field of the card as screens call it, with its key behind it for who writes the file."""
    first, _, last = path.partition(".")
    known = knowledge.framework().term(f"role.{last}").title if first == "people" else label(path.split("."))
    return f"'{path}'" if known is None else f"{known[language]} ('{path}')"


def _process(requirement: Requirement, proof: Process, known: Known) -> Judgement:
    records = sorted((r for r in known.records if r.kind is proof.record and r.on <= known.on), key=lambda r: r.on)
    ask = known.ways.record(proof.record)
    if not records:
        return Judgement(
            proof=proof,
            verdict=Verdict.UNKNOWN,
            because=both(nl="Nog niet gebeurd, of niet genoteerd.", en="It did not happen yet, or was not recorded."),
            do=ask,
            who=requirement.answered_by,
        )
    newest = records[-1]
    until = months_later(newest.on, proof.valid_months)
    old = known.on > until
    return Judgement(
        proof=proof,
        verdict=Verdict.EXPIRED if old else Verdict.MET,
        because=both(nl=f"{newest.on.isoformat()}: {newest.what}", en=f"{newest.on.isoformat()}: {newest.what}"),
        do=ask if old else None,
        who=requirement.answered_by if old else (),
        records=tuple(records),
        valid_until=until,
    )


def _found(requirement: Requirement, proof: Proof, known: Known, topic: str) -> Judgement:
    finding = known.findings.get(topic)
    if finding is None:
        return Judgement(
            proof=proof,
            verdict=Verdict.UNKNOWN,
            because=both(nl="Nog niet nagegaan.", en="Not looked into yet."),
            who=requirement.answered_by,
        )
    return Judgement(
        proof=proof, verdict=finding.verdict, because=finding.because, do=finding.do, who=requirement.answered_by
    )


def _joined(*texts: Text) -> Text:
    return {language: " ".join(t[language] for t in texts) for language in Language}
