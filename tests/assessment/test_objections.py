"""An open objection re-opens the requirement it is about, until it is answered: who is right, nobody knows before."""

from datetime import date

import pytest

from vangrail import checks, knowledge
from vangrail.assessment import boards, objections
from vangrail.assessment.judging import Known
from vangrail.assessment.staleness import State
from vangrail.model.card import Answer, Card, Record
from vangrail.model.vocabulary import Language, RecordKind, Role, Verdict

CAME, ON = date(2026, 12, 3), date(2026, 12, 22)


def card(**parts):
    base = {
        "vangrail": 1,
        "id": "test",
        "name": "Test",
        "organisation": {"name": "Gemeente"},
        "phase": "design",
        "people": {"application_owner": {"name": "An"}},
        "contact": {"term_days": 30},
    }
    return Card.model_validate(base | parts)


def objection(requirement="dem-6", **parts):
    return Record(kind=RecordKind.OBJECTION, on=CAME, what="Bezwaar", by="An", requirement=requirement, **parts)


YES = Answer(requirement="dem-6", answer="yes", because="Het weegt op.", by="An", role=Role.APPLICATION_OWNER, on=CAME)


def board(*records, answers=(YES,), on=ON, card_=None):
    known = Known(
        card=card_ or card(),
        on=on,
        checks=checks.checks(),
        planned=(),
        evidence={},
        state=State(fingerprints={}),
        answers=answers,
        records=records,
    )
    return boards.board(knowledge.framework(), known)


def test_what_was_met_is_unknown_while_an_objection_about_it_is_open():
    assert board().line("dem-6").verdict is Verdict.MET
    line = board(objection()).line("dem-6")
    assert line.verdict is Verdict.UNKNOWN and line.contested
    assert line.because[Language.NL] == "Er is een bezwaar over open. Het antwoord komt ten laatste op 2027-01-02."


def test_it_has_a_term_and_somebody_who_must_answer():
    (judgement,) = (j for j in board(objection()).line("dem-6").judgements if j.objections)
    (open_,) = judgement.objections
    assert (open_.came, open_.due, open_.late) == (CAME, date(2027, 1, 2), False)
    assert judgement.who == (Role.APPLICATION_OWNER,) and judgement.do is not None


def test_past_its_term_it_is_late():
    line = board(objection(), on=date(2027, 1, 3)).line("dem-6")
    assert line.objections[0].late
    assert not board(objection(), on=date(2027, 1, 2)).line("dem-6").objections[0].late


def test_an_answer_closes_it_from_the_day_of_the_answer_on():
    answered = objection(answered_on=date(2026, 12, 20), result="rejected")
    assert board(answered).line("dem-6").verdict is Verdict.MET
    assert board(answered, on=date(2026, 12, 19)).line("dem-6").verdict is Verdict.UNKNOWN, "the day before it was open"
    assert not board(answered, on=date(2026, 12, 2)).line("dem-6").contested, "before it came in there was none"


def test_an_objection_never_makes_something_better():
    no = YES.model_copy(update={"answer": "no"})
    line = board(objection(), answers=(no,)).line("dem-6")
    assert line.verdict is Verdict.NOT_MET and line.contested


def test_saying_that_it_does_not_apply_does_not_set_aside_who_objects():
    away = YES.model_copy(update={"answer": "not_applicable"})
    assert board(answers=(away,)).line("dem-6").verdict is Verdict.NOT_APPLICABLE
    assert board(objection(), answers=(away,)).line("dem-6").verdict is Verdict.UNKNOWN


def test_only_the_requirement_that_it_is_about_re_opens():
    before, after = board(), board(objection())
    changed = [a.requirement.id for b, a in zip(before.lines, after.lines, strict=True) if a.verdict is not b.verdict]
    assert changed == ["dem-6"]
    assert not any(line.contested for line in board(objection(requirement=None)).lines)


def test_the_gate_names_it():
    framework = knowledge.framework()
    view = boards.gate_view(framework, board(objection()))
    (lack,) = (x for x in view.lacks if x.line.requirement.id == "dem-6")
    assert "2027-01-02" in lack.what[Language.NL] and lack.who == (Role.APPLICATION_OWNER,)


def test_several_are_counted_and_the_first_term_is_named():
    later = objection().model_copy(update={"on": date(2026, 12, 20)})
    line = board(later, objection(), on=date(2027, 1, 10)).line("dem-6")
    assert [o.late for o in line.objections] == [True, False]
    assert line.because[Language.NL].startswith(
        "Aantal bezwaren die hierover open zijn: 2, waarvan te laat: 1. Eerste termijn: 2027-01-02."
    )


@pytest.mark.parametrize(
    ("contact", "came", "last"),
    [
        ({"term_days": 20}, date(2026, 11, 3), date(2026, 11, 23)),
        ({}, date(2026, 11, 3), date(2026, 12, 3)),
        ({}, date(2026, 1, 31), date(2026, 2, 28)),
    ],
)
def test_the_term_is_what_the_card_promises_or_one_month(contact, came, last):
    assert objections.due(card(contact=contact), came) == last
