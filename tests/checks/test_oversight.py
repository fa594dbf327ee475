"""Oversight: how often advice is followed, and what tells following from following blindly."""

import pytest
from counting import ON, card, counted, only
from test_drift import measured

from vangrail import checks
from vangrail.assessment.judging import against
from vangrail.checks.oversight import advice_followed
from vangrail.model.card import Card
from vangrail.model.needs import Counts
from vangrail.model.outcome import NotMeasurable
from vangrail.model.vocabulary import Language, Verdict

CHECK = "advice-followed"


def logged(dataset=None, **log) -> Card:
    parts = {
        "dataset": "log",
        "advice": {"column": "advice", "positive": 1},
        "decision": {"column": "decided", "positive": 1},
        "favourable": "no",
    }
    return card(datasets={"log": {"source": "log.parquet"} | (dataset or {})}, decision_log=parts | log)


def of(found, name):
    return next(g for g in found.groups if g.name == name)


def detail(found, name):
    return next(d for d in found.details if d.name == name)


# 100 times advice yes, 90 followed; 100 times advice no, 70 followed.
LOG = """SELECT CAST(i < 100 AS INTEGER) AS advice, CAST(i < 90 OR i >= 170 AS INTEGER) AS decided, i FROM range(200) AS t(i)"""


def test_the_share_that_was_followed(tmp_path):
    """160 of 200: 80 %, Wilson interval 73.9 to 85.0."""
    found = measured(tmp_path, CHECK, logged(), LOG)
    assert (found.value, found.low, found.high) == pytest.approx((80, 73.9, 85.0), abs=0.05)
    assert of(found, "advice yes").value == pytest.approx(90)
    assert of(found, "advice no").value == pytest.approx(70)


def test_the_caveat_is_always_there(tmp_path):
    assert advice_followed.CAVEAT in measured(tmp_path, CHECK, logged(), LOG).notes


def test_without_a_limit_of_the_card_there_is_no_verdict(tmp_path):
    """How often people should depart depends on how often the advice is wrong: the organisation chooses."""
    assert checks.checks()[CHECK].judged
    verdict, because = against(measured(tmp_path, CHECK, logged(), LOG), None)
    assert verdict is Verdict.UNKNOWN
    assert "geen grens" in because[Language.NL]


def test_wrong_advice_that_is_followed_is_the_sign_of_automation_bias(tmp_path):
    """Of 140 right advices 120 were followed, of 60 wrong ones 40; of 40 departures the officer was right in 20."""
    rows = """SELECT 1 AS advice, CAST(i < 120 OR i BETWEEN 140 AND 179 AS INTEGER) AS decided, CAST(i < 140 AS INTEGER) AS outcome
        FROM range(200) AS t(i)"""
    found = measured(tmp_path, CHECK, logged(outcome={"column": "outcome", "positive": 1}), rows)
    shares = {d.name: (d.counted, d.rows) for d in found.details}
    assert shares == {"advice right": (120, 140), "advice wrong": (40, 60), "departed": (20, 40)}


def test_with_selective_labels_it_says_why_outcomes_are_not_shown(tmp_path):
    rows = LOG.replace("i FROM", "1 AS outcome FROM")
    selected = {"outcome": {"column": "outcome", "positive": 1, "known_for": "selected"}}
    found = measured(tmp_path, CHECK, logged(**selected), rows)
    assert not found.details
    assert any("willekeurige steekproef" in n[Language.NL] for n in found.notes)


def test_officers_are_numbered_and_never_named(tmp_path):
    """Six officers with 50 cases each; three with 5 are not shown."""
    rows = """SELECT 1 AS advice, CAST(i % 50 < 30 + 3 * (i // 50) AS INTEGER) AS decided,
        CASE WHEN i < 300 THEN 'jan' || (i // 50) ELSE 'piet' || i % 3 END AS who FROM range(315) AS t(i)"""
    found = measured(tmp_path, CHECK, logged(officer="who"), rows)
    officers = [g for g in found.groups if g.name.startswith("officer")]
    assert [g.name for g in officers] == [f"officer {i}" for i in range(1, 7)]
    assert [g.value for g in officers] == pytest.approx([90, 84, 78, 72, 66, 60])
    assert "Niet getoond zijn wie te weinig gevallen heeft" in found.notes[1][Language.NL]
    assert not any(name in str(found) for name in ("jan", "piet"))


def test_an_officer_who_is_left_out_cannot_be_worked_out_by_a_colleague(tmp_path):
    """Eight with 50 to 57 cases and one with 10: those with 50 and 51 are left out as well.

    With one colleague beside them, that colleague would take their own 50 cases off and know the ten others.
    """
    rows = """SELECT 1 AS advice, CAST(i % 4 < 3 AS INTEGER) AS decided, who FROM range(8) AS o(who), range(60) AS t(i)
        WHERE i < 50 + who UNION ALL SELECT 1, 0, 9 FROM range(10)"""
    found = measured(tmp_path, CHECK, logged(officer="who"), rows)
    officers = [g for g in found.groups if g.name.startswith("officer")]
    assert sorted(g.rows for g in officers) == [52, 53, 54, 55, 56, 57]
    assert found.rows - sum(g.rows for g in officers) == 50 + 51 + 10, "of three officers together"


def test_a_few_cases_without_an_officer_do_not_follow_from_the_totals(tmp_path):
    """Eight with 50 cases, and 3 cases without: three of 50 and 3 more are left over, not 3."""
    rows = """SELECT 1 AS advice, 1 AS decided, CASE WHEN i < 400 THEN i // 50 END AS who FROM range(403) AS t(i)"""
    found = measured(tmp_path, CHECK, logged(officer="who"), rows)
    officers = [g for g in found.groups if g.name.startswith("officer")]
    assert found.rows - sum(g.rows for g in officers) == 3 + 3 * 50


@pytest.mark.parametrize(("few", "shown"), [(0, 1), (3, 0), (5, 1)])
def test_a_rare_advice_does_not_follow_from_the_totals(tmp_path, few, shown):
    """200 cases with advice 'yes'. With three of 'no', what holds for 'yes' would tell all about those three."""
    rows = f"SELECT CAST(i >= {few} AS INTEGER) AS advice, 1 AS decided FROM range({200 + few}) AS t(i)"
    found = measured(tmp_path, CHECK, logged(), rows)
    assert len([g for g in found.groups if g.name.startswith("advice")]) == shown


def test_with_few_officers_nothing_is_shown_per_officer(tmp_path):
    rows = LOG.replace("i FROM", "'jan' || (i % 4) AS who FROM")
    found = measured(tmp_path, CHECK, logged(officer="who"), rows)
    assert not any(g.name.startswith("officer") for g in found.groups)
    assert "geen 5 medewerkers met 30 gevallen" in found.notes[1][Language.NL]


def test_months_follow_the_date_of_the_card(tmp_path):
    """In March 50 of 50 were followed, in April 25 of 50; a month with 10 cases is left out."""
    rows = """SELECT 1 AS advice, CAST(i < 75 OR i >= 100 AS INTEGER) AS decided,
        CASE WHEN i < 50 THEN DATE '2026-03-05' WHEN i < 100 THEN DATE '2026-04-05' ELSE DATE '2026-05-05' END AS day
        FROM range(110) AS t(i)"""
    refresh = {"refresh": {"column": "day", "newest_within_days": 30}}
    found = measured(tmp_path, CHECK, logged(refresh), rows)
    months = {g.name: g.value for g in found.groups if g.name.startswith("2026")}
    assert months == pytest.approx({"2026-03": 100, "2026-04": 50})


def test_time_spent_is_the_middle_one_to_within_a_percent(tmp_path):
    """8 seconds when following, 60 when departing."""
    rows = """SELECT 1 AS advice, CAST(i < 100 AS INTEGER) AS decided, CASE WHEN i < 100 THEN 8.0 ELSE 60.0 END AS secs
        FROM range(200) AS t(i)"""
    found = measured(tmp_path, CHECK, logged(seconds="secs"), rows)
    assert "de helft nam 8,0 seconden" in detail(found, "seconds, followed").note[Language.NL]
    assert "half took 60 seconds" in detail(found, "seconds, departed").note[Language.EN]


def test_cases_without_decision_are_left_out(tmp_path):
    rows = f"{LOG} UNION ALL SELECT 1, NULL, 0 FROM range(50)"
    found = measured(tmp_path, CHECK, logged(), rows)
    assert found.rows == 200
    assert any("50 gevallen zonder" in n[Language.NL] for n in found.notes)


@pytest.mark.parametrize("rows", [f"{LOG} LIMIT 20", f"{LOG} LIMIT 0", f"{LOG} LIMIT 3"])
def test_too_few_cases_are_not_measured(tmp_path, rows):
    found = measured(tmp_path, CHECK, logged(), rows)
    assert isinstance(found, NotMeasurable)
    assert found.rows in (20, None)


def test_officers_that_were_never_recorded_do_no_harm(tmp_path):
    rows = LOG.replace("i FROM", "CAST(NULL AS VARCHAR) AS who, CAST(NULL AS DOUBLE) AS secs FROM")
    found = measured(tmp_path, CHECK, logged(officer="who", seconds="secs"), rows)
    assert found.value == pytest.approx(80)


def test_where_ai_gives_no_advice_to_an_officer_there_is_nothing_to_follow():
    found = checks.checks()[CHECK]
    acts = card(process=[{"step": "sorteren", "actor": "ai_acts"}])
    advises = card(process=[{"step": "sorteren", "actor": "ai_advises"}])
    assert found.not_applicable(acts) is not None
    assert found.not_applicable(advises) is None
    assert found.not_applicable(card()) is None


def test_it_is_planned_where_the_log_holds_decisions():
    assert not list(checks.checks()[CHECK].plan(logged(decision=None)))
    assert only(CHECK, logged()).settings["moment"] is None


def test_counts_are_shared_by_what_they_ask():
    table = counted("advice | decision | rows\nyes | yes | 10")
    assert advice_followed._followed(table)[()].followed == 10
    assert all(isinstance(n, Counts) for n in checks.checks()[CHECK].needs(only(CHECK, logged()), _fields(), ON))


def _fields():
    from counting import fields

    return fields("advice", "decided")
