"""An assessment, and what is asked, as JSON: the published form that `contract.py` describes. No figure is rounded."""

import hashlib
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import rfc8785

from vangrail.exports import contract
from vangrail.model import board, framework, outcome
from vangrail.model.board import Assessment, GateView, Judgement, Line
from vangrail.model.card import Answer, Record
from vangrail.model.framework import (
    AskPerson,
    Classify,
    Declare,
    Framework,
    Measure,
    Process,
    Proof,
    Requirement,
    VerifyLedger,
)
from vangrail.model.needs import Fingerprint
from vangrail.model.outcome import Measured
from vangrail.model.vocabulary import Language, Role, Unit


def assessment_to_json(assessment: Assessment) -> contract.Assessment:
    """The whole assessment, ready for `json.dumps(..., allow_nan=False)`.

    Raises ValueError when a figure is not a finite number: a check may not give one.
    """
    shown = assessment.board
    return {
        "vangrail": "assessment/1",
        "application": _application(assessment),
        "on": shown.on.isoformat(),
        "made_at": assessment.made_at.isoformat(),
        "made_by": assessment.made_by,
        "framework_digest": assessment.framework.digest,
        "checkpoint": assessment.checkpoint,
        "datasets": [
            {
                "name": dataset.name,
                "rows": dataset.fingerprint.rows,
                "columns": dataset.columns,
                "fingerprint": _fingerprint(dataset.fingerprint),
                "notes": [_text(note) for note in dataset.notes],
            }
            for dataset in assessment.datasets
        ],
        "counts": dict(shown.count()),
        "principles": [
            {
                "id": principle.id,
                "number": principle.number,
                "title": _text(principle.title),
                "counts": dict(shown.count(principle=principle.id)),
            }
            for principle in assessment.framework.principles
        ],
        "gate": None if assessment.gate is None else _gate(assessment.gate),
        "requirements": [_requirement(line) for line in shown.lines],
        "checks": [_check(check) for check in assessment.checks.values()],
    }


def norms_to_json(asked: Framework) -> list[contract.Norm]:
    """Everything that is asked, in the order of the framework."""
    return [_norm(requirement) for requirement in asked.requirements]


def _application(assessment: Assessment) -> contract.Application:
    card = assessment.card
    owner = card.people.get(Role.APPLICATION_OWNER)
    return {
        "id": card.id,
        "name": card.name,
        "summary": card.summary,
        "organisation": {
            "name": card.organisation.name,
            "kind": card.organisation.kind,
            "number": card.organisation.number,
        },
        "phase": assessment.board.phase,
        "owner": owner.name if owner else None,
        "card_digest": assessment.card_digest,
    }


def _gate(view: GateView) -> contract.Gate:
    return {
        "after": view.gate.after,
        "title": _text(view.gate.title),
        "opened_by": list(view.gate.opened_by),
        "advice_of": list(view.gate.advice_of),
        "met": [line.requirement.id for line in view.met],
        "lacks": [
            {
                "requirement": lack.line.requirement.id,
                "verdict": lack.line.verdict,
                "what": _text(lack.what),
                "who": list(lack.who),
            }
            for lack in view.lacks
        ],
    }


def _requirement(line: Line) -> contract.Requirement:
    requirement = line.requirement
    return {
        "id": requirement.id,
        "version": requirement.version,
        "title": _text(requirement.title),
        "principle": requirement.principle,
        "conditions": list(requirement.conditions),
        "phases": list(requirement.phases),
        "asked": line.asked,
        "verdict": line.verdict,
        "because": _text(line.because),
        "objections": [{"came": o.came.isoformat(), "due": o.due.isoformat(), "late": o.late} for o in line.objections],
        "source": _sources(requirement.source),
        "evidence": [_evidence(judgement) for judgement in line.judgements],
    }


def _evidence(judgement: Judgement) -> contract.Evidence:
    judged: contract.Judged = {
        "verdict": judgement.verdict,
        "because": _text(judgement.because),
        "do": _maybe(judgement.do),
        "who": list(judgement.who),
        "valid_until": _day(judgement.valid_until),
    }
    match judgement.proof:
        case Measure() as proof:
            return _measure(judgement, proof, judged)
        case AskPerson(question=question):
            if judgement.answer is None:
                return {"kind": "answer", **judged, "question": _text(question)}
            return {"kind": "answer", **judged, "question": _text(question), **_given(judgement.answer)}
        case Declare(fields=fields):
            return {"kind": "declare", **judged, "fields": list(fields)}
        case Process(record=record):
            return {
                "kind": "process",
                **judged,
                "record": record,
                "records": [_record(found) for found in judgement.records],
            }
        case Classify(topic=topic):
            return {"kind": "classification", **judged, "topic": topic}
        case VerifyLedger():
            return {"kind": "ledger", **judged}


def _measure(
    judgement: Judgement, proof: Measure, judged: contract.Judged
) -> contract.Measured | contract.NotMeasurable | contract.NotMeasured:
    limit = _limit(judgement.limit or proof.limit, proof)
    answered = None if judgement.answer is None else _given(judgement.answer)
    evidence = judgement.measured
    if evidence is None:
        return {
            "kind": "measure",
            "check": proof.check,
            **judged,
            "limit": limit,
            "not_measurable": _text(judgement.because),
            "answered": answered,
        }
    found, measurement = evidence.outcome, evidence.measurement
    unit = found.group_unit or (found.unit if isinstance(found, Measured) else None)
    figure: contract.Figure = {
        "kind": "measure",
        "check": measurement.check,
        "dataset": measurement.dataset,
        "subject": measurement.subject,
        **judged,
        "limit": limit,
        "groups": [_group(group, unit) for group in found.groups],
        "details": [_detail(detail) for detail in found.details],
        "notes": [_text(note) for note in found.notes],
        "fingerprint": _fingerprint(evidence.fingerprint),
        "measured_at": evidence.measured_at.isoformat(),
        "measured_by": evidence.measured_by,
        "settings_sha256": hashlib.sha256(rfc8785.dumps(_plain(measurement.settings))).hexdigest(),
        "answered": answered,
    }
    if isinstance(found, Measured):
        return {
            **figure,
            "value": _finite(found.value),
            "low": _maybe_finite(found.low),
            "high": _maybe_finite(found.high),
            "confidence": _maybe_finite(found.confidence),
            "exact": found.exact,
            "unit": found.unit,
            "rows": found.rows,
        }
    return {**figure, "not_measurable": _text(found.reason), "rows": found.rows}


def _group(group: outcome.Group, unit: Unit | None) -> contract.Group:
    return {
        "name": group.name,
        "attributes": dict(group.attributes),
        "called": _maybe(group.called),
        "rows": group.rows,
        "value": _maybe_finite(group.value),
        "low": _maybe_finite(group.low),
        "high": _maybe_finite(group.high),
        "unit": unit,
        "difference": _maybe_finite(group.difference),
        "difference_low": _maybe_finite(group.difference_low),
        "difference_high": _maybe_finite(group.difference_high),
        "is_reference": group.is_reference,
        "not_measurable": _maybe(group.not_measurable),
    }


def _detail(detail: outcome.Detail) -> contract.Detail:
    return {
        "name": detail.name,
        "called": _maybe(detail.called),
        "rows": detail.rows,
        "counted": detail.counted,
        "percent": _maybe_finite(detail.percent),
        "value": _maybe_finite(detail.value),
        "low": _maybe_finite(detail.low),
        "high": _maybe_finite(detail.high),
        "unit": detail.unit,
        "note": _maybe(detail.note),
    }


def _limit(limit: framework.Limit | None, proof: Measure) -> contract.Limit | None:
    """A limit with its reason: that of the requirement for a default, the organisation's own words for its choice."""
    if limit is None:
        return None
    ours = proof.limit_reason if limit.is_default else {}
    return {
        "at_most": _maybe_finite(limit.at_most),
        "at_least": _maybe_finite(limit.at_least),
        "because": _text(ours or dict.fromkeys(Language, limit.because)),
        "chosen_by": limit.chosen_by,
        "chosen_on": _day(limit.chosen_on),
        "default": limit.is_default,
    }


def _norm(requirement: Requirement) -> contract.Norm:
    return {
        "id": requirement.id,
        "version": requirement.version,
        "valid_from": requirement.valid_from.isoformat(),
        "valid_until": _day(requirement.valid_until),
        "principle": requirement.principle,
        "conditions": list(requirement.conditions),
        "title": _text(requirement.title),
        "why": _text(requirement.why),
        "good": _text(requirement.good),
        "source": _sources(requirement.source),
        "phases": list(requirement.phases),
        "answered_by": list(requirement.answered_by),
        "evidence": [_norm_evidence(proof) for proof in requirement.evidence],
    }


def _norm_evidence(proof: Proof) -> contract.NormEvidence:
    match proof:
        case Measure(check=check, limit=limit, valid_months=months):
            return {"kind": "measure", "check": check, "limit": _limit(limit, proof), "valid_months": months}
        case AskPerson(question=question):
            return {"kind": "answer", "question": _text(question)}
        case Declare(fields=fields):
            return {"kind": "declare", "fields": list(fields)}
        case Process(record=record, valid_months=months):
            return {"kind": "process", "record": record, "valid_months": months}
        case Classify(topic=topic):
            return {"kind": "classification", "topic": topic}
        case VerifyLedger():
            return {"kind": "ledger"}


def _given(answer: Answer) -> contract.Given:
    return {
        "answer": answer.answer,
        "reasons": answer.because,
        "by": answer.by,
        "role": answer.role,
        "on": answer.on.isoformat(),
        "on_behalf": answer.on_behalf,
        "documents": list(answer.documents),
    }


def _record(record: Record) -> contract.Recorded:
    return {
        "on": record.on.isoformat(),
        "what": record.what,
        "by": record.by,
        "outcome": record.outcome,
        "people": record.people,
        "documents": list(record.documents),
    }


def _check(check: board.CheckDescription) -> contract.Check:
    return {
        "id": check.id,
        "family": check.family,
        "version": check.version,
        "title": _text(check.title),
        "measures": _text(check.measures),
        "formula": check.formula,
        "source": check.source,
        "origin": check.origin,
    }


def _fingerprint(fingerprint: Fingerprint) -> contract.Fingerprint:
    return {
        "algorithm": fingerprint.algorithm,
        "content": fingerprint.content,
        "rows": fingerprint.rows,
        "bytes_sha256": fingerprint.bytes_sha256,
    }


def _sources(sources: tuple[framework.Source, ...]) -> list[contract.Source]:
    return [{"work": source.work, "passage": source.passage} for source in sources]


def _text(text: framework.Text) -> contract.Text:
    said: contract.Text = {"nl": text[Language.NL]}
    if Language.EN in text:
        said["en"] = text[Language.EN]
    return said


def _maybe(text: framework.Text | None) -> contract.Text | None:
    return _text(text) if text else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"a figure must be a finite number, not {value}")
    return value


def _maybe_finite(value: float | None) -> float | None:
    return None if value is None else _finite(value)


def _plain(settings: Any) -> Any:
    """Settings as canonical JSON takes them. A number that is not whole is text, as in a leaf of the ledger: the digest
    is the same for a figure of today and for the same figure read back."""
    if isinstance(settings, float):
        return repr(settings)
    if isinstance(settings, Mapping):
        return {key: _plain(value) for key, value in settings.items()}
    if isinstance(settings, list | tuple):
        return [_plain(value) for value in settings]
    return settings
