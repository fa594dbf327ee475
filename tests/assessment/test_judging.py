"""Verdicts: what counts, what does not, and why. Every rule of the norms has its sentence here."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

import pytest

from vangrail import checks, knowledge
from vangrail.assessment import boards
from vangrail.assessment.judging import Finding, Known, OverdueReport, against, judge
from vangrail.assessment.staleness import State, months_later, why_stale
from vangrail.cards.records import by_kind
from vangrail.model.card import RECORDS, REPORTS, Answer, Card, Record
from vangrail.model.errors import VangrailError
from vangrail.model.evidence import Evidence
from vangrail.model.framework import (
    AskPerson,
    Classify,
    Declare,
    Framework,
    Gate,
    Limit,
    Measure,
    Process,
    Requirement,
    Source,
    VerifyLedger,
    both,
)
from vangrail.model.needs import Fingerprint
from vangrail.model.outcome import Group, Measured, NotMeasurable
from vangrail.model.vocabulary import Language, Phase, RecordKind, Role, Unit, Verdict

ON = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
PRINT = Fingerprint(algorithm="test-1", content="abc", rows=100)
TEXT = both(nl="tekst", en="text")


def figure(value, low=None, high=None, groups=()):
    return Measured(value=value, low=low, high=high, unit=Unit.PERCENT, rows=100, groups=groups)


AT_MOST_5 = Limit(at_most=5)


@pytest.mark.parametrize(
    ("outcome", "limit", "verdict"),
    [
        (figure(4, 3, 5), AT_MOST_5, Verdict.MET),
        (figure(4.8, 1.8, 7.8), AT_MOST_5, Verdict.UNKNOWN),
        (figure(9, 5.1, 12), AT_MOST_5, Verdict.NOT_MET),
        (figure(5), AT_MOST_5, Verdict.MET),
        (figure(5.01), AT_MOST_5, Verdict.NOT_MET),
        (figure(0.9, 0.85, 0.95), Limit(at_least=0.8), Verdict.MET),
        (figure(0.9, 0.75, 0.95), Limit(at_least=0.8), Verdict.UNKNOWN),
        (figure(0.7, 0.6, 0.79), Limit(at_least=0.8), Verdict.NOT_MET),
        (figure(3, 2, 4), Limit(at_least=1, at_most=5), Verdict.MET),
        (figure(6, 5.5, 7), Limit(at_least=1, at_most=5), Verdict.NOT_MET),
        (figure(4, 3, 5), None, Verdict.UNKNOWN),
        (NotMeasurable(reason=TEXT), AT_MOST_5, Verdict.UNKNOWN),
    ],
)
def test_a_figure_against_its_limit(outcome, limit, verdict):
    assert against(outcome, limit)[0] is verdict


def test_a_figure_of_which_every_row_was_counted_speaks_of_no_uncertainty():
    """A page says 'everything was counted, so nothing is uncertain' beside it."""
    counted = replace(figure(9, 8, 10), low=None, high=None)
    assert "uncertainty" in against(figure(9, 8, 10), AT_MOST_5)[1][Language.EN]
    assert against(counted, AT_MOST_5)[1][Language.EN] == "The figure lies beyond the limit."
    assert against(replace(counted, value=1), AT_MOST_5)[1][Language.EN] == "The figure stays within the limit."


def test_groups_that_cannot_be_measured_make_it_partly():
    """What could be measured is good; for 3 people nothing is known, so it is not met."""
    small = Group(attributes={"sex": "X"}, rows=None, not_measurable=TEXT)
    assert against(figure(1, 0, 2, groups=(small,)), AT_MOST_5)[0] is Verdict.PARTLY
    assert against(figure(9, 8, 10, groups=(small,)), AT_MOST_5)[0] is Verdict.NOT_MET


CARD = Card.model_validate(
    {
        "vangrail": 1,
        "id": "test",
        "name": "Test",
        "organisation": {"name": "Gemeente"},
        "phase": "operate",
        "datasets": {"log": {"source": "log.csv"}},
        "decision_log": {
            "dataset": "log",
            "advice": {"column": "advice", "positive": "yes"},
            "favourable": "yes",
            "protected": [{"column": "sex"}],
        },
    }
)
CHECK = checks.checks()["selection-rate-difference"]
(PLANNED,) = CHECK.plan(CARD)


def requirement(*proofs, id_="tru-fair-1", phases=(Phase.VALIDATE, Phase.OPERATE), **more):
    return Requirement(
        id=id_,
        version=1,
        valid_from=date(2026, 1, 1),
        principle="tru",
        title=TEXT,
        why=TEXT,
        good=TEXT,
        source=(Source(work="w", passage="p"),),
        phases=phases,
        answered_by=(Role.APPLICATION_OWNER, Role.DPO),
        evidence=proofs,
        **more,
    )


def evidence(outcome, **changes):
    made = Evidence(measurement=PLANNED, outcome=outcome, fingerprint=PRINT, measured_at=NOW, measured_by="test")
    return replace(made, **changes)


def known(*found, card=CARD, on=ON, **more):
    parts = {
        "card": card,
        "on": on,
        "checks": checks.checks(),
        "planned": checks.plan(card),
        "evidence": {e.measurement.key: e for e in found},
        "state": State(fingerprints={"log": PRINT}),
    }
    return Known(**(parts | more))


MEASURED = requirement(Measure(check=CHECK.id, limit=AT_MOST_5))


def only(requirement_, known_):
    (judgement,) = judge(requirement_, known_)
    return judgement


def test_a_fresh_figure_within_its_limit_is_met():
    found = only(MEASURED, known(evidence(figure(1, 0, 2))))
    assert found.verdict is Verdict.MET and found.valid_until == date(2027, 11, 22)


def test_what_is_planned_and_not_measured_is_unknown():
    assert only(MEASURED, known()).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"fingerprint": replace(PRINT, content="abd")}, "have changed"),
        ({"fingerprint": replace(PRINT, rows=101)}, "101 rows then, 100 now"),
        ({"fingerprint": replace(PRINT, algorithm="test-0")}, "another method"),
        ({"measurement": replace(PLANNED, version=PLANNED.version + 1)}, "check itself has changed"),
        ({"measurement": replace(PLANNED, settings={**PLANNED.settings, "alpha": 0.5})}, "card has changed"),
        ({"measured_at": datetime(2025, 1, 1, tzinfo=UTC)}, "valid until 2026-01-01"),
    ],
)
def test_evidence_expires_when_what_it_stands_on_changes(change, why):
    found = only(MEASURED, known(evidence(figure(1, 0, 2), **change)))
    assert found.verdict is Verdict.EXPIRED
    assert why in found.because[Language.EN]


def test_evidence_whose_data_cannot_be_read_now_is_not_good():
    state = State(fingerprints={}, unreadable={"log": both(nl="log.csv is er niet.", en="log.csv is not there.")})
    found = only(MEASURED, known(evidence(figure(1, 0, 2)), state=state))
    assert found.verdict is Verdict.EXPIRED and "log.csv is not there" in found.because[Language.EN]


def test_a_file_beside_the_card_that_changed_or_went_makes_its_figures_stale_and_no_others():
    name = f"{REPORTS}scan.json"
    planned = replace(PLANNED, dataset=name)
    held = replace(evidence(figure(1, 0, 2)), measurement=planned)
    now = {"fingerprints": {"log": PRINT}, "unreadable": {name: both(nl="het is er niet", en="it is not there")}}
    stale = partial(why_stale, held, planned, valid_until=ON, on=ON)
    assert stale(State(fingerprints={name: PRINT, "log": replace(PRINT, content="other")})) is None
    changed = stale(State(fingerprints={name: replace(PRINT, content="other")}))
    assert "Het bestand 'scan.json' is veranderd" in changed[Language.NL]
    assert "Het bestand 'scan.json' kan nu niet gelezen worden" in stale(State(**now))[Language.NL]


@pytest.mark.parametrize(
    ("outcome", "limits", "verdict"),
    [
        (Measured(value=40, unit=Unit.PERCENT, rows=5), [], Verdict.NOT_APPLICABLE),
        (Measured(value=40, unit=Unit.PERCENT, rows=5), [{"at_most": 30}], Verdict.NOT_MET),
        (NotMeasurable(reason=both(nl="te weinig", en="too few"), rows=3), [], Verdict.NOT_APPLICABLE),
        (NotMeasurable(reason=both(nl="te weinig", en="too few"), rows=3), [{"at_most": 30}], Verdict.UNKNOWN),
        (NotMeasurable(reason=both(nl="geen", en="none"), rows=0), [], Verdict.UNKNOWN),
    ],
)
def test_a_figure_that_describes_is_judged_only_against_a_limit_that_was_chosen(outcome, limits, verdict):
    """And where it is kept back because it would be about a few people, nothing is lacking."""
    common = {"check": "objections-upheld", "because": "reden", "by": "An", "on": "2026-01-01"}
    parts = {"contact": {"term_days": 30}, "limits": [common | limit for limit in limits]}
    card = Card.model_validate(CARD.model_dump() | parts)
    (planned,) = checks.checks()["objections-upheld"].plan(card)
    proof = requirement(Measure(check="objections-upheld"))
    state = State(fingerprints={RECORDS + RecordKind.OBJECTION: PRINT})
    found = only(proof, known(replace(evidence(outcome), measurement=planned), card=card, state=state))
    assert found.verdict is verdict


def test_what_was_not_reported_in_time_outweighs_a_review_of_incidents_and_touches_nothing_else():
    review = Record(kind="incident_review", on="2026-11-01", what="Besproken", by="An")
    late = OverdueReport(
        title=both(nl="Datalek melden", en="Report the breach"), noticed=date(2026, 11, 10), due=date(2026, 11, 13)
    )
    asked = requirement(Process(record=RecordKind.INCIDENT_REVIEW))
    assert [j.verdict for j in judge(asked, known(records=[review]))] == [Verdict.MET]
    review_of_it, overdue = judge(asked, known(records=[review], overdue=[late]))
    assert (review_of_it.verdict, overdue.verdict) == (Verdict.MET, Verdict.NOT_MET)
    assert "tegen 2026-11-13" in overdue.because[Language.NL]
    drill = Record(kind="stop_drill", on="2026-11-01", what="Geoefend", by="An")
    other = judge(requirement(Process(record=RecordKind.STOP_DRILL)), known(records=[drill], overdue=[late]))
    assert [j.verdict for j in other] == [Verdict.MET]


def test_figures_go_stale_by_records_of_their_own_kind_only():
    """A new objection makes the figures on objections stale, and leaves availability as it is; and the other way round."""
    uptime = {"outages_since": "2026-01-01", "at_least": 99}
    card = Card.model_validate(CARD.model_dump() | {"contact": {"term_days": 30}, "fallback": {"uptime": uptime}})
    objection = Record(kind="objection", on="2026-11-20", what="Weigering", by="An")
    incident = Record(kind="incident", on="2026-11-20", what="Storing", by="An")
    planned = {m.check: m for m in checks.plan(card) if m.dataset.startswith(RECORDS)}
    before = {name: held.fingerprint() for name, held in by_kind([]).items()}

    def stale(check, kept):
        state = State(fingerprints={name: held.fingerprint() for name, held in by_kind(kept).items()})
        measured = evidence(figure(99), measurement=planned[check], fingerprint=before[planned[check].dataset])
        return why_stale(measured, planned[check], state, valid_until=ON, on=ON)

    assert set(planned) == {"objection-handling-time", "objections-upheld", "availability"}
    for check in ("objection-handling-time", "objections-upheld"):
        assert stale(check, [incident]) is None
        assert "bij 'vraag of bezwaar'" in stale(check, [objection])[Language.NL]
    assert stale("availability", [objection]) is None
    assert "under 'incident'" in stale("availability", [incident])[Language.EN]


def test_the_limit_of_the_card_goes_before_ours():
    chosen = {"check": CHECK.id, "at_most": 1, "because": "streng", "by": "An", "on": "2026-01-01"}
    strict = CARD.model_copy(update={"limits": (Card.model_validate(CARD.model_dump() | {"limits": [chosen]}).limits)})
    found = only(MEASURED, known(evidence(figure(3, 2, 4)), card=strict))
    assert found.verdict is Verdict.NOT_MET and found.limit.chosen_by == "An"


def test_a_limit_for_one_characteristic_holds_for_that_one():
    base = {"check": CHECK.id, "because": "reden", "by": "An", "on": "2026-01-01"}
    limits = [base | {"at_most": 1}, base | {"at_most": 9, "subject": "sex"}]
    chosen = Card.model_validate(CARD.model_dump() | {"limits": limits})
    assert only(MEASURED, known(evidence(figure(3, 2, 4)), card=chosen)).verdict is Verdict.MET


def test_a_figure_that_describes_the_world_has_no_verdict_of_its_own():
    sampled = Card.model_validate(
        CARD.model_dump(exclude_defaults=True)
        | {
            "decision_log": CARD.decision_log.model_dump(exclude_defaults=True)
            | {"outcome": {"column": "o", "positive": "1", "known_for": "selected"}}
        }
    )
    (planned,) = checks.checks()["base-rate-difference"].plan(sampled)
    made = evidence(figure(30, 25, 35), measurement=planned)
    found = only(requirement(Measure(check="base-rate-difference")), known(made, card=sampled))
    assert found.verdict is Verdict.NOT_APPLICABLE


def test_a_check_that_does_not_exist_yet_is_named():
    found = only(requirement(Measure(check="crystal-ball")), known())
    assert found.verdict is Verdict.UNKNOWN
    assert "Not yet measured: the check 'crystal-ball'" in found.because[Language.EN]


def test_a_card_without_what_a_check_wants_says_what():
    bare = CARD.model_copy(update={"decision_log": None})
    found = only(MEASURED, known(card=bare))
    assert found.verdict is Verdict.UNKNOWN and "a decision log on the card" in found.because[Language.EN]


def answer(**more):
    parts = {
        "requirement": "tru-fair-1",
        "answer": "yes",
        "because": "omdat",
        "by": "An",
        "role": "dpo",
        "on": "2026-11-01",
    }
    return Answer.model_validate(parts | more)


ASKED = requirement(AskPerson(question=TEXT))


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ("yes", Verdict.MET),
        ("partly", Verdict.PARTLY),
        ("no", Verdict.NOT_MET),
        ("not_applicable", Verdict.NOT_APPLICABLE),
    ],
)
def test_an_answer_says_yes_partly_no_or_not_applicable(given, verdict):
    assert only(ASKED, known(answers=[answer(answer=given)])).verdict is verdict


@pytest.mark.parametrize(
    "lacking", [{"by": None}, {"because": None}, {"because": "  "}, {"role": None}, {"role": "hr"}]
)
def test_an_answer_without_a_name_a_reason_or_a_fitting_role_does_not_count(lacking):
    found = only(ASKED, known(answers=[answer(**lacking)]))
    assert found.verdict is Verdict.UNKNOWN and "does not count" in found.because[Language.EN]


def test_an_answer_of_tomorrow_does_not_count_today():
    assert only(ASKED, known(answers=[answer(on="2026-11-23")])).verdict is Verdict.UNKNOWN


def test_the_newest_answer_counts():
    found = only(ASKED, known(answers=[answer(on="2026-11-02", answer="no"), answer(on="2026-11-01")]))
    assert found.verdict is Verdict.NOT_MET


def test_an_answer_expires_at_the_next_gate_into_a_phase_that_asks_it():
    opened = {Phase.VALIDATE: date(2026, 11, 10)}
    assert only(ASKED, known(answers=[answer()], opened=opened)).verdict is Verdict.EXPIRED
    assert only(ASKED, known(answers=[answer(on="2026-11-10")], opened=opened)).verdict is Verdict.MET
    earlier = requirement(AskPerson(question=TEXT), phases=(Phase.IDEA,))
    assert only(earlier, known(answers=[answer()], opened=opened)).verdict is Verdict.MET, "not asked again in operate"


def test_without_access_to_data_a_person_answers_instead():
    bought = Card.model_validate(
        CARD.model_dump(exclude={"decision_log", "datasets"})
        | {"data_access": {"possible": False, "because": "de leverancier weigert"}}
    )
    waiting = only(MEASURED, known(card=bought))
    assert waiting.verdict is Verdict.UNKNOWN and "de leverancier weigert" in waiting.because[Language.EN]
    found = only(MEASURED, known(card=bought, answers=[answer()]))
    assert found.verdict is Verdict.MET and found.because[Language.EN] == "An: omdat"


def test_one_answer_stands_in_for_all_figures_and_for_data_sets_that_are_not_there():
    bought = Card.model_validate(
        CARD.model_dump(exclude={"decision_log", "datasets"}) | {"data_access": {"possible": False, "because": "nee"}}
    )
    many = requirement(Measure(check=CHECK.id), Measure(check="drift"), Declare(fields=("datasets.origin",)))
    assert only(many, known(card=bought, answers=[answer()])).verdict is Verdict.MET


def test_with_access_to_data_no_answer_replaces_the_figure():
    found = only(MEASURED, known(evidence(figure(9, 8, 10)), answers=[answer()]))
    assert found.verdict is Verdict.NOT_MET


def test_small_groups_are_covered_by_a_named_person_and_only_so():
    small = Group(attributes={"sex": "X"}, rows=None, not_measurable=TEXT)
    made = evidence(figure(1, 0, 2, groups=(small,)))
    assert only(MEASURED, known(made)).verdict is Verdict.PARTLY
    assert only(MEASURED, known(made, answers=[answer()])).verdict is Verdict.MET
    assert only(MEASURED, known(made, answers=[answer(answer="no")])).verdict is Verdict.PARTLY


def test_facts_on_the_card_are_all_some_or_none():
    asked = requirement(Declare(fields=("purpose.text", "summary")))
    verdicts = []
    for parts in ({}, {"summary": "wat"}, {"summary": "wat", "purpose": {"text": "waarom"}}):
        verdicts.append(only(asked, known(card=Card.model_validate(CARD.model_dump() | parts))).verdict)
    assert verdicts == [Verdict.UNKNOWN, Verdict.PARTLY, Verdict.MET]


def test_limits_count_only_when_they_are_about_what_is_measured():
    asked = requirement(Declare(fields=("limits",)), Measure(check=CHECK.id))
    other = {"check": "completeness", "at_most": 1, "because": "r", "by": "An", "on": "2026-01-01"}
    card_ = Card.model_validate(CARD.model_dump() | {"limits": [other]})
    assert judge(asked, known(card=card_))[0].verdict is Verdict.UNKNOWN


def test_what_happened_must_be_recorded_and_recent():
    asked = requirement(Process(record=RecordKind.STOP_DRILL, valid_months=12))
    drill = Record.model_validate({"kind": "stop_drill", "on": "2026-01-10", "what": "geoefend", "by": "An"})
    assert only(asked, known()).verdict is Verdict.UNKNOWN
    assert only(asked, known(records=[drill])).verdict is Verdict.MET
    assert only(asked, known(records=[drill], on=date(2027, 1, 11))).verdict is Verdict.EXPIRED
    assert only(asked, known(records=[drill], on=date(2026, 1, 9))).verdict is Verdict.UNKNOWN


def test_law_and_ledger_bring_their_own_findings():
    asked = requirement(Classify(topic="duties"), VerifyLedger())
    assert [j.verdict for j in judge(asked, known())] == [Verdict.UNKNOWN, Verdict.UNKNOWN]
    sound = {"ledger": Finding(verdict=Verdict.MET, because=TEXT)}
    assert [j.verdict for j in judge(asked, known(findings=sound))] == [Verdict.UNKNOWN, Verdict.MET]


def test_evidence_is_asked_from_the_phase_in_which_it_can_exist():
    asked = requirement(
        Declare(fields=("summary",)), Measure(check=CHECK.id, since=Phase.OPERATE), phases=(Phase.IDEA,)
    )
    early = CARD.model_copy(update={"phase": Phase.IDEA})
    assert len(judge(asked, known(card=early))) == 1
    assert len(judge(asked, known())) == 2


def framework(*requirements):
    gates = tuple(
        Gate(after=p, title=TEXT, opened_by=(Role.DECIDER,), advice_of=()) for p in Phase if p is not Phase.RETIRE
    )
    return Framework(
        principles=(),
        conditions=(),
        requirements=requirements,
        gates=gates,
        vocabularies=(),
        works=(),
        glossary=(),
        digest="",
    )


def board(known_, *requirements):
    return boards.board(framework(*requirements), known_)


def test_a_requirement_is_as_good_as_its_worst_evidence():
    asked = requirement(AskPerson(question=TEXT), Measure(check=CHECK.id, limit=AT_MOST_5))
    assert board(known(evidence(figure(1, 0, 2))), asked).lines[0].verdict is Verdict.UNKNOWN
    assert board(known(evidence(figure(1, 0, 2)), answers=[answer()]), asked).lines[0].verdict is Verdict.MET
    assert board(known(evidence(figure(9, 8, 10)), answers=[answer()]), asked).lines[0].verdict is Verdict.NOT_MET


def test_not_applicable_never_sets_aside_a_figure_that_fails():
    asked = requirement(AskPerson(question=TEXT), Measure(check=CHECK.id, limit=AT_MOST_5))
    aside = [answer(answer="not_applicable")]
    assert board(known(answers=aside), asked).lines[0].verdict is Verdict.NOT_APPLICABLE
    assert board(known(evidence(figure(9, 8, 10)), answers=aside), asked).lines[0].verdict is Verdict.NOT_MET


def test_a_requirement_holds_from_its_first_to_its_last_day():
    later = requirement(AskPerson(question=TEXT), valid_until=date(2026, 11, 21))
    assert not board(known(), later).lines
    assert board(known(on=date(2026, 11, 21)), later).lines


def test_a_gate_says_what_is_lacking_and_who_can_supply_it():
    view = boards.gate_view(framework(ASKED), board(known(), ASKED))
    (lack,) = view.lacks
    assert lack.line.requirement.id == "tru-fair-1" and lack.who == (Role.APPLICATION_OWNER, Role.DPO)
    done = boards.gate_view(framework(ASKED), board(known(answers=[answer()]), ASKED))
    assert not done.lacks and len(done.met) == 1


def test_only_a_named_person_in_a_role_that_may_decides_with_reasons():
    gate = framework().gates[0]
    people = {Role.DECIDER: "An Peeters", Role.DPO: "Bram"}
    boards.require_may_decide(gate, by="an peeters", role=Role.DECIDER, people=people, reasons="Alles is in orde.")
    for change, message in [
        ({"role": Role.DPO, "by": "Bram"}, "may not decide"),
        ({"by": "Chaima"}, "does not name 'Chaima'"),
        ({"by": " "}, "does not name"),
        ({"reasons": "ok"}, "reasons are missing"),
    ]:
        given = {"by": "An Peeters", "role": Role.DECIDER, "reasons": "Alles is in orde."} | change
        with pytest.raises(Exception, match=message):
            boards.require_may_decide(gate, people=people, **given)


def test_who_may_not_decide_is_told_so_in_dutch_with_the_words_of_the_roles():
    gate = framework().gates[0]
    with pytest.raises(VangrailError) as refused:
        boards.require_may_decide(gate, by="Bram", role=Role.HR, people={Role.HR: "Bram"}, reasons="Alles is in orde.")
    assert refused.value.told(Language.NL).startswith(
        "Over deze poort mag de personeelsdienst (HR) niet beslissen.\nHierover beslist: beslisser"
    )


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 22), 12, date(2027, 11, 22)),
    ],
)
def test_months_later(day, months, later):
    assert months_later(day, months) == later


def test_what_a_measurement_needs_is_said_once():
    """'op de kaart ontbreekt een dataset op de kaart' was what a civil servant read."""
    on_card = Card.model_validate(
        {"vangrail": 1, "id": "t", "name": "T", "organisation": {"name": "G"}, "phase": "operate"}
    )
    requirement = next(r for r in knowledge.framework().requirements if r.id == "dat-1")
    known = Known(
        card=on_card,
        on=ON,
        checks=checks.checks(),
        planned=(),
        evidence={},
        state=State(fingerprints={}),
    )
    said = judge(requirement, known)[0].because[Language.NL]
    assert said == "Niet gemeten. Daarvoor is nodig: een dataset op de kaart."
