"""Terms of an incident, worked by hand with the calendar of 2026 to 2028, each beside its article."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.law.cases import bases

from vangrail.law import (
    Incident,
    Term,
    classify,
    consequences,
    form_ids,
    law_knowledge,
    parse_facts,
    term_titles,
    terms,
)
from vangrail.law.incidents import _known
from vangrail.model.vocabulary import BreachRisk, Consequence, Language

BRUSSELS = ZoneInfo("Europe/Brussels")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


def found(base: str, noticed: str, facts: dict[str, Any] | None = None, **incident: Any) -> dict[str, Term]:
    """The terms by id, for an application like `base`."""
    moment = at(noticed)
    classification = classify(parse_facts(bases()[base] | (facts or {})), moment.date())
    return {t.id: t for t in terms(Incident(noticed_at=moment, **incident), classification)}


IN_FORCE = "2028-01-10T09:30"
"""A day on which the duties for systems of Annex III apply (from 2 December 2027)."""


# --- GDPR ------------------------------------------------------------------------------------------------------------
def test_a_breach_is_reported_within_72_hours():
    """Noticed on Friday at 16:00: until Monday at 16:00; the weekend counts (Regulation 1182/71, 3(3))."""
    terms = found("city", "2026-11-20T16:00", breach=True, risk=BreachRisk.LIKELY, consequences=frozenset())
    assert set(terms) == {"gdpr-33"}
    assert terms["gdpr-33"].by == at("2026-11-23T16:00") and terms["gdpr-33"].applies == "now"


def test_72_hours_stay_72_hours_when_the_clock_jumps():
    """On 28 March 2027 the clock goes from 2 to 3: 72 hours after Friday 10:00 is Monday 11:00 on the wall."""
    terms = found("city", "2027-03-26T10:00", breach=True)
    assert terms["gdpr-33"].by == at("2027-03-29T11:00")


def test_no_report_where_a_risk_is_unlikely_and_none_where_there_is_no_breach():
    assert "gdpr-33" not in found("city", "2026-11-20T16:00", breach=True, risk=BreachRisk.UNLIKELY)
    assert "gdpr-33" not in found("city", "2026-11-20T16:00", breach=False)


def test_a_risk_that_nobody_weighed_does_not_stop_the_72_hours():
    terms = found("city", "2026-11-20T16:00", breach=True)
    assert terms["gdpr-33"].applies == "now"
    assert terms["gdpr-34"].applies == "unknown" and terms["gdpr-34"].missing == ("risk",)


def test_when_it_is_not_known_whether_data_leaked_the_hours_already_count():
    term = found("city", "2026-11-20T16:00")["gdpr-33"]
    assert term.applies == "unknown" and term.missing == ("breach",)
    assert term.by == at("2026-11-23T16:00")


def test_a_high_risk_is_told_to_the_people_at_once():
    terms = found("city", "2026-11-20T16:00", breach=True, risk=BreachRisk.HIGH)
    assert terms["gdpr-34"].by is None and terms["gdpr-34"].state(at("2026-11-20T17:00")) == "at_once"
    assert "gdpr-34" not in found("city", "2026-11-20T16:00", breach=True, risk=BreachRisk.LIKELY)


# --- AI Act ----------------------------------------------------------------------------------------------------------
SERIOUS = frozenset({Consequence.FUNDAMENTAL_RIGHTS})


@pytest.mark.parametrize(
    ("happened", "widespread", "id_", "last"),
    [
        ({Consequence.FUNDAMENTAL_RIGHTS}, False, "ai-73-2", "2028-01-25T23:59:59"),
        ({Consequence.HEALTH}, False, "ai-73-2", "2028-01-25T23:59:59"),
        ({Consequence.DEATH}, False, "ai-73-4", "2028-01-20T23:59:59"),
        ({Consequence.INFRASTRUCTURE}, False, "ai-73-3", "2028-01-12T23:59:59"),
        ({Consequence.FUNDAMENTAL_RIGHTS}, True, "ai-73-3", "2028-01-12T23:59:59"),
        ({Consequence.DEATH, Consequence.INFRASTRUCTURE}, False, "ai-73-3", "2028-01-12T23:59:59"),
    ],
)
def test_a_provider_reports_within_15_days_10_for_a_death_and_2_for_infrastructure(happened, widespread, id_, last):
    """Article 73(2)-(4). Noticed on 10 January: that day is not counted, and the last day ends at midnight."""
    facts = {"status": "in_use", "placed_or_in_service_since": date(2027, 12, 2)}
    terms = found(
        "high_risk_maker", IN_FORCE, facts, breach=False, consequences=frozenset(happened), widespread=widespread
    )
    of_73 = [t for t in terms.values() if t.id.startswith("ai-73")]
    assert [(t.id, t.by, t.applies) for t in of_73] == [(id_, at(last), "now")]


def test_who_uses_it_tells_the_provider_and_the_authority_at_once():
    """Article 26(5); the terms of Article 73 are the user's only when the provider cannot be reached."""
    facts = {"status": "in_use", "placed_or_in_service_since": date(2027, 12, 2)}
    serious = {"breach": False, "consequences": SERIOUS}
    reached = found("high_risk_user", IN_FORCE, facts, provider_unreachable=False, **serious)
    assert set(reached) == {"ai-26-5"} and reached["ai-26-5"].by is None
    unreached = found("high_risk_user", IN_FORCE, facts, provider_unreachable=True, **serious)
    assert unreached["ai-73-2"].by == at("2028-01-25T23:59:59")
    asked = found("high_risk_user", IN_FORCE, facts, **serious)
    assert asked["ai-73-2"].applies == "unknown" and asked["ai-73-2"].missing == ("provider_unreachable",)


def test_before_december_2027_it_is_not_the_law_yet_and_says_from_when():
    terms = found("high_risk_user", "2026-11-20T16:00", breach=False, consequences=SERIOUS)
    term = terms["ai-26-5"]
    assert term.applies == "later" and term.from_day is not None and term.from_day >= date(2027, 12, 2)
    assert term.state(at("2026-12-20T16:00")) == "not_law_yet"


def test_who_may_have_a_duty_does_not_have_it_before_its_day_either():
    """Whether this municipality is the provider is not known; before its day nothing counts down either way."""
    unsure = {"has_developed_or_had_developed": None, "name_on_system": None, "role": None}
    terms = found("high_risk_user", "2026-11-20T16:00", unsure, breach=False, consequences=SERIOUS)
    assert {t.applies for t in terms.values()} == {"later"}


def test_no_serious_consequence_nothing_to_report_by_the_ai_act():
    assert not found("high_risk_user", IN_FORCE, breach=False, consequences=frozenset())


def test_no_high_risk_nothing_to_report_by_the_ai_act():
    assert not found("city", IN_FORCE, breach=False, consequences=SERIOUS)


def test_consequences_that_are_not_known_yet_are_unknown_and_not_none():
    assert found("high_risk_user", IN_FORCE, breach=False)["ai-26-5"].missing[:1] in (("consequences",), ())


# --- NIS2 ------------------------------------------------------------------------------------------------------------
def test_nis2_only_for_who_says_to_be_such_an_entity():
    assert not found("city", "2026-11-20T16:00", breach=False, consequences=frozenset(), significant=True)
    entity = found(
        "city", "2026-11-20T16:00", {"nis2_entity": True}, breach=False, consequences=frozenset(), significant=True
    )
    assert [(t.id, t.by) for t in entity.values()] == [
        ("nis2-warning", at("2026-11-21T16:00")),
        ("nis2-notification", at("2026-11-23T16:00")),
        ("nis2-final", at("2026-12-23T23:59:59")),
    ]


def test_the_final_report_counts_from_the_notification():
    """Notified on 31 January: a month later is the last day of February."""
    reported = {"nis2-notification": at("2027-01-31T10:00")}
    entity = found("city", "2027-01-30T16:00", {"nis2_entity": True}, breach=False, significant=True, reported=reported)
    assert entity["nis2-final"].by == at("2027-02-28T23:59:59")


# --- how a term stands -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("now", "reported", "state"),
    [
        ("2026-11-23T15:59", None, "running"),
        ("2026-11-23T16:00", None, "running"),
        ("2026-11-23T16:01", None, "overdue"),
        ("2026-11-25T10:00", "2026-11-22T10:00", "reported"),
        ("2026-11-25T10:00", "2026-11-24T10:00", "reported_late"),
    ],
)
def test_a_term_runs_is_over_is_met_or_was_met_too_late(now, reported, state):
    done = {"gdpr-33": at(reported)} if reported else {}
    term = found("city", "2026-11-20T16:00", breach=True, reported=done)["gdpr-33"]
    assert term.state(at(now)) == state


def test_a_moment_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        Incident(noticed_at=datetime(2026, 11, 20))


# --- the data --------------------------------------------------------------------------------------------------------
def test_every_term_names_a_rule_a_source_an_addressee_and_a_form_that_exist():
    known = law_knowledge()
    authorities = {a.id for a in known.authorities}
    for form in _known().terms:
        assert form.rule in known.rules and set(form.source) <= set(known.sources)
        assert set(form.authorities) <= authorities
        assert form.form is None or form.form in form_ids()
        assert form.after is None or form.after in term_titles()
        assert all(set(t) == set(Language) for t in (form.title, form.text))


def test_every_consequence_has_words():
    assert set(consequences()) == set(Consequence)
