"""A classification as plain JSON values: a published form, version `classification/1`."""

from typing import Any

from vangrail.law.classification import HEADLINES, Classification, Conclusion
from vangrail.law.duties import Duty
from vangrail.law.knowledge import Question, law_knowledge
from vangrail.law.texts import element_text, outcome_text
from vangrail.model.framework import Text


def classification_to_json(classification: Classification) -> dict[str, Any]:
    """Everything that a classification found: outcome, roles, answers, duties with their days, findings, questions."""
    rules = law_knowledge().rules
    return {
        "vangrail": "classification/1",
        "on": classification.on.isoformat(),
        "outcome": classification.outcome,
        "outcome_text": _text(outcome_text(classification.outcome)),
        "outcomes_possible": sorted(classification.outcomes_possible),
        "roles": sorted(classification.roles),
        "roles_unknown": sorted(classification.roles_unknown),
        "practices": list(classification.practices),
        "routes": list(classification.routes),
        "points": list(classification.points),
        "transparency_rules": list(classification.transparency_rules),
        "open_points": list(classification.open_points),
        "conclusions": {id_: _conclusion(classification, classification.conclusion(id_)) for id_ in HEADLINES},
        "duties": [_duty(duty) for duty in classification.duties],
        "findings": [
            {
                "rule": rule,
                "article": rules[rule].article,
                "title": _text(classification.title(rule)),
                "answer": finding.answer,
                "certain": finding.certain,
                "certainty": finding.certainty or rules[rule].certainty,
                "sources": list(rules[rule].source),
                "elements": [
                    {"text": _text(element_text(e)), "answer": e.truth.answer, "facts": list(e.facts)}
                    for e in (*finding.elements, *finding.exceptions)
                ],
            }
            for rule, finding in classification.findings.items()
        ],
        "next_questions": [_question(q) for q in classification.next_questions],
    }


def _text(text: Text) -> dict[str, str]:
    return {language.value: words for language, words in text.items()}


def _conclusion(classification: Classification, found: Conclusion) -> dict[str, Any]:
    return {
        "title": _text(classification.title(found.id)),
        "answer": found.answer,
        "certain": found.certain,
        "rules": list(found.rules),
        "missing": list(found.missing),
        "certainty": found.certainty,
    }


def _duty(duty: Duty) -> dict[str, Any]:
    days = {"from": duty.from_day, "from_enacted": duty.from_enacted, "from_amended": duty.from_amended}
    return {
        "id": duty.id,
        "article": duty.article,
        "roles": list(duty.roles),
        "title": _text(duty.title),
        "text": _text(duty.text),
        "applies": duty.applies,
        **{name: day.isoformat() if day else None for name, day in days.items()},
        "set_by": duty.set_by,
        "contested": [day.isoformat() for day in duty.contested],
        "open_point": duty.open_point,
        "older_system": duty.older_system,
        "presumed": duty.presumed,
        "missing": list(duty.missing),
        "certainty": duty.certainty,
        "sources": list(duty.source),
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "fact": question.fact,
        "kind": question.kind,
        "article": question.article,
        "question": _text(question.question),
        "why": _text(question.why),
        "example": _text(question.example),
        "values": {value: _text(text) for value, text in question.values.items()},
    }
