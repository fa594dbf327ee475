"""Competences: everyone is counted, and nobody is pointed at."""

import pytest
from counting import ON, card
from test_drift import measured

from vangrail import checks
from vangrail.assessment.judging import against
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Limit
from vangrail.model.outcome import Measured, NotMeasurable
from vangrail.model.vocabulary import Language, Verdict

CHECK = "competence-coverage"
ALL = Limit(at_least=100, because="-")


def staff(*, covers=(), **competences):
    parts = {"dataset": "log", "role": "role", "valid_until": "until"} | competences
    return card(
        datasets={"log": {"source": "log.parquet", "columns": {"until": {"type": "date"}}}},
        literacy={"covers": list(covers), "competences": parts},
    )


def people(*rows):
    """One line per row: role, code of the person, topic, last valid day; '-' where there is none."""
    values = ", ".join("(" + ", ".join("NULL" if v == "-" else f"'{v}'" for v in row.split()) + ")" for row in rows)
    return f"SELECT c1 AS role, c2 AS code, c3 AS topic, CAST(c4 AS DATE) AS until FROM (VALUES {values}) AS t(c1, c2, c3, c4)"


def in_role(role, number, until, start=0):
    return [f"{role} p{start + i} - {until}" for i in range(number)]


def said(found):
    return " ".join(n[Language.NL] for n in found.notes)


def test_seven_of_eight_is_87_and_a_half_percent(tmp_path):
    found = measured(tmp_path, CHECK, staff(), people(*in_role("user", 7, "2027-01-31"), *in_role("user", 1, "-")))
    assert (found.value, found.rows, found.low) == (87.5, 8, None)
    assert [(g.name, g.rows, g.value) for g in found.groups] == [("user", 8, 87.5)]
    assert against(found, ALL)[0] is Verdict.NOT_MET


def test_a_competence_counts_up_to_and_including_its_last_day(tmp_path):
    rows = people(*in_role("user", 5, ON.isoformat()), *in_role("user", 5, "2026-11-21"))
    assert measured(tmp_path, CHECK, staff(), rows).value == 50


@pytest.mark.parametrize(("lacking", "verdict"), [(0, Verdict.MET), (1, Verdict.NOT_MET), (3, Verdict.NOT_MET)])
def test_a_team_of_three_is_judged_without_saying_how_many(tmp_path, lacking, verdict):
    rows = people(*in_role("overseer", 3 - lacking, "2027-01-31"), *in_role("overseer", lacking, "-"))
    found = measured(tmp_path, CHECK, staff(), rows)
    assert against(found, ALL)[0] is verdict
    assert found.groups == ()
    assert ("niet iedereen" in said(found)) is (lacking > 0)


def test_one_and_two_lacking_in_a_team_of_three_look_the_same(tmp_path):
    one, two = (
        measured(tmp_path, CHECK, staff(), people(*in_role("a", 3 - n, "2027-01-31"), *in_role("a", n, "-")))
        for n in (1, 2)
    )
    assert one == two
    assert (one.low, one.high) == pytest.approx((0, 200 / 3))


def test_a_small_role_does_not_follow_from_the_total_by_subtraction(tmp_path):
    """Ten users of whom nine hold one, and three overseers of whom one or two lack it: from 9 to 11 of 13, either way."""
    users = [*in_role("user", 9, "2027-01-31"), *in_role("user", 1, "-", 9)]
    one, two = (
        measured(
            tmp_path, CHECK, staff(), people(*users, *in_role("seer", 3 - n, "2027-01-31"), *in_role("seer", n, "-"))
        )
        for n in (1, 2)
    )
    assert one == two
    assert (one.value, one.low, one.high) == pytest.approx((100 * 11 / 13, 100 * 9 / 13, 100 * 11 / 13))
    assert [(g.name, g.value) for g in one.groups] == [("user", 90)]
    assert "Rol 'seer' (minder dan 5 mensen): niet iedereen" in said(one)
    assert against(one, ALL)[0] is Verdict.NOT_MET


def test_a_small_role_in_which_everyone_holds_one_leaves_the_total_exact(tmp_path):
    rows = [*in_role("user", 9, "2027-01-31"), *in_role("user", 1, "-", 9), *in_role("decider", 2, "2027-01-31")]
    found = measured(tmp_path, CHECK, staff(), people(*rows))
    assert (found.value, found.low) == (pytest.approx(100 * 11 / 12), None)
    assert "Rol 'decider' (minder dan 5 mensen): iedereen" in said(found)


def test_topics_would_tell_what_somebody_in_a_small_role_lacks(tmp_path):
    rows = [f"user p{i} {t} 2027-01-01" for i in range(6) for t in ("limits", "risks")]
    on_card = staff(covers=["limits", "risks"], person="code", topic="topic")
    found = measured(tmp_path, CHECK, on_card, people(*rows, "seer x limits 2027-01-01", "seer y - -"))
    assert found.details == ()


def test_who_renewed_a_competence_is_one_person(tmp_path):
    rows = [f"user p{i} - 2025-01-01" for i in range(6)] + [f"user p{i} - 2027-01-01" for i in range(3)]
    assert measured(tmp_path, CHECK, staff(person="code"), people(*rows)).value == 50


def test_somebody_needs_every_topic_that_is_covered(tmp_path):
    """Six people: four hold both, one only risks, one let limits expire."""
    rows = [f"user p{i} {t} 2027-01-01" for i in range(4) for t in ("limits", "risks")]
    rows += ["user p4 risks 2027-01-01", "user p5 risks 2027-01-01", "user p5 limits 2026-01-01"]
    on_card = staff(covers=["limits", "risks"], person="code", topic="topic")
    found = measured(tmp_path, CHECK, on_card, people(*rows))
    assert found.value == pytest.approx(100 * 4 / 6)
    assert [(d.name, d.rows, d.counted) for d in found.details] == [("limits", 6, 4), ("risks", 6, 6)]


def test_without_a_list_all_eight_topics_are_needed():
    (measurement,) = checks.checks()[CHECK].plan(staff(person="code", topic="topic"))
    assert len(measurement.settings["topics"]) == 8


def test_people_who_are_not_in_the_table_hold_nothing(tmp_path):
    """The card counts ten users; the table has eight, all trained."""
    rows = people(*in_role("user", 8, "2027-01-31"))
    found = measured(tmp_path, CHECK, staff(people={"user": 10}), rows)
    assert (found.value, found.rows) == (80, 10)
    assert "telt als zonder competentie" in said(found)
    more = measured(tmp_path, CHECK, staff(people={"user": 6}), rows)
    assert (more.value, more.rows) == (100, 8)


def test_a_role_that_the_card_counts_and_the_table_lacks_is_not_covered(tmp_path):
    found = measured(tmp_path, CHECK, staff(people={"overseer": 1}), people(*in_role("user", 3, "2027-01-31")))
    assert isinstance(found, Measured) and against(found, ALL)[0] is Verdict.NOT_MET


def test_rows_without_a_code_are_not_guessed(tmp_path):
    found = measured(tmp_path, CHECK, staff(person="code"), people("user - - 2027-01-01", "user a - 2027-01-01"))
    assert isinstance(found, NotMeasurable) and "geen code" in found.reason[Language.NL]


def test_an_empty_table_covers_nobody(tmp_path):
    found = measured(tmp_path, CHECK, staff(), people("user a - -") + " LIMIT 0")
    assert isinstance(found, NotMeasurable) and found.rows == 0


@pytest.mark.parametrize(
    ("wrong", "said"), [({"role": "rol"}, "no column 'rol'"), ({"valid_until": "code"}, "no dates")]
)
def test_a_column_that_does_not_fit_is_named(tmp_path, wrong, said):
    with pytest.raises(VangrailError, match=said):
        measured(tmp_path, CHECK, staff(**wrong), people("user a - 2027-01-01"))


def test_topics_without_people_are_refused():
    with pytest.raises(ValueError, match="never a name"):
        staff(topic="topic")
