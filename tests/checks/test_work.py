"""Work before and after: what changed beyond chance, without knowing who answered."""

import numpy as np
import pytest
from counting import card
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW
from test_drift import measured

from vangrail import checks
from vangrail.assessment.judging import against
from vangrail.checks.work.work_survey_difference import _Round, welch
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Limit
from vangrail.model.outcome import NotMeasurable
from vangrail.model.vocabulary import Language, Unit, Verdict

CHECK = "work-survey-difference"


def survey(*features, **parts):
    asked = {f: {"column": "score"} for f in features or ("learning",)}
    common = {"dataset": "log", "wave": "wave", "before": "voor", "after": "na", "lowest": 1, "highest": 5}
    return card(datasets={"log": {"source": "log.parquet"}}, work_survey=common | {"features": asked} | parts)


def answers(before, after):
    """Scores of the two rounds, as in '1 2 2 5'; '-' is no answer."""
    rows = [("voor", s) for s in before.split()] + [("na", s) for s in after.split()]
    values = ", ".join(f"('{w}', {'NULL' if s == '-' else s})" for w, s in rows)
    return f"SELECT c1 AS wave, CAST(c2 AS DOUBLE) AS score FROM (VALUES {values}) AS t(c1, c2)"


BEFORE, AFTER = "2 3 3 4 2 3 4 3", "4 4 3 5 4 3"


def test_a_difference_worked_by_hand(tmp_path):
    """Means 3 and 23/6 on a scale of four steps: 0.8333 / 4 is 20.83 points."""
    found = measured(tmp_path, CHECK, survey(), answers(BEFORE, AFTER))
    assert found.value == pytest.approx(100 * (23 / 6 - 3) / 4, abs=1e-12)
    assert (found.unit, found.rows) == (Unit.PERCENTAGE_POINTS, 14)
    assert [(g.name, g.rows, g.value) for g in found.groups] == [
        ("voor", 8, 50),
        ("na", 6, pytest.approx(70.8333, abs=1e-4)),
    ]


def test_the_interval_is_that_of_welch(tmp_path):
    """As statsmodels computes it, on the scale of 0 to 100."""
    found = measured(tmp_path, CHECK, survey(), answers(BEFORE, AFTER))
    before, after = (DescrStatsW([25 * (int(s) - 1) for s in text.split()]) for text in (BEFORE, AFTER))
    expected = CompareMeans(after, before).tconfint_diff(alpha=0.05, usevar="unequal")
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-9)


def test_less_stress_is_better(tmp_path):
    found = measured(tmp_path, CHECK, survey("stress"), answers(AFTER, BEFORE))
    assert found.value == pytest.approx(20.8333, abs=1e-4)
    turned = survey(features={"stress": {"column": "score", "better": "higher"}})
    assert measured(tmp_path, CHECK, turned, answers(AFTER, BEFORE)).value == pytest.approx(-20.8333, abs=1e-4)


def test_four_features_share_the_chance_of_a_false_alarm(tmp_path):
    features = ("stress", "motivation", "learning", "work-life-balance")
    plan = checks.checks()[CHECK].plan(survey(*features))
    assert [(m.subject, m.settings["alpha"]) for m in plan] == [(f, pytest.approx(0.0125)) for f in features]
    alone, of_four = (
        measured(tmp_path, CHECK, on_card, answers(BEFORE, AFTER), subject="learning")
        for on_card in (survey(), survey(*features))
    )
    assert of_four.low < alone.low < alone.high < of_four.high
    assert "alle 4 kenmerken samen" in of_four.notes[1][Language.NL]


def test_a_setting_of_another_feature_changes_nothing():
    (one, _), (other, _) = (
        checks.checks()[CHECK].plan(survey(features={"stress": {"column": "score"}, "learning": {"column": c}}))
        for c in ("a", "b")
    )
    assert one.settings == other.settings


def test_a_small_team_stays_unknown_and_a_clear_loss_is_not_met(tmp_path):
    limit = Limit(at_least=-10, because="-")
    small = measured(tmp_path, CHECK, survey(), answers("3 4 2 5 1", "3 2 4 1 4"))
    assert against(small, limit)[0] is Verdict.UNKNOWN
    loss = measured(tmp_path, CHECK, survey(), answers("4 5 5 4 5 4 5 5", "1 2 1 2 1 1 2 1"))
    assert against(loss, limit)[0] is Verdict.NOT_MET


@pytest.mark.parametrize(("before", "after"), [("1 2 3 4", AFTER), (BEFORE, "1 2 3 4 - - -"), ("-", "-")])
def test_fewer_than_five_answers_show_no_figure_at_all(tmp_path, before, after):
    found = measured(tmp_path, CHECK, survey(), answers(before, after))
    assert isinstance(found, NotMeasurable)
    assert (found.groups, found.details, found.rows) == ((), (), None)


def test_when_all_answer_alike_chance_is_unknown(tmp_path):
    found = measured(tmp_path, CHECK, survey(), answers("2 2 2 2 2", "4 4 4 4 4"))
    assert isinstance(found, NotMeasurable) and "hetzelfde antwoord" in found.reason[Language.NL]


def test_a_score_outside_the_scale_stops_the_figure(tmp_path):
    """99 for 'no answer' would pull the mean up."""
    found = measured(tmp_path, CHECK, survey(), answers(BEFORE, AFTER + " 99"))
    assert isinstance(found, NotMeasurable) and "'missing'" in found.do[Language.NL]


def test_another_round_does_not_count(tmp_path):
    rows = answers(BEFORE, AFTER) + " UNION ALL SELECT 'later', 99 UNION ALL SELECT NULL, 99"
    assert measured(tmp_path, CHECK, survey(), rows).rows == 14


def test_a_column_of_text_is_named(tmp_path):
    with pytest.raises(VangrailError, match="holds no numbers"):
        measured(tmp_path, CHECK, survey(features={"stress": {"column": "wave"}}), answers(BEFORE, AFTER))


@pytest.mark.parametrize("wrong", [{"lowest": 5}, {"before": "na"}, {"features": {}}, {"dataset": "none"}])
def test_a_survey_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError):
        survey(**wrong)


@pytest.mark.parametrize("size", [8, 20])
def test_the_interval_covers_on_answers_of_five_steps(size):
    """Nothing changed; 2000 pairs of rounds; a 95 % interval holds zero in 95 % of them, give or take."""
    draw, held = np.random.default_rng(3), 0
    for before, after in draw.choice(5, (2_000, 2, size), p=[0.1, 0.2, 0.4, 0.2, 0.1]):
        rounds = [_Round(answers=size, mean=r.mean(), variance=r.var(ddof=1)) for r in (before, after)]
        if rounds[0].variance + rounds[1].variance == 0:
            continue
        low, high = welch(*rounds, 0.05)
        held += low <= 0 <= high
    assert 0.935 <= held / 2_000 <= 0.97


def test_pairs_that_answer_alike_only_make_it_wider():
    """The same people with a correlation of about one half: the interval holds zero more often than promised."""
    draw, held = np.random.default_rng(4), 0
    for _ in range(1_000):
        person = draw.normal(size=12)
        rounds = [np.clip(np.round(3 + 0.7 * person + 0.7 * draw.normal(size=12)), 1, 5) for _ in range(2)]
        low, high = welch(*(_Round(answers=12, mean=r.mean(), variance=r.var(ddof=1)) for r in rounds), 0.05)
        held += low <= 0 <= high
    assert held / 1_000 >= 0.97
