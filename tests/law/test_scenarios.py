"""What a lawyer expects, case by case. The cases are in `scenarios/`; each names the passage that decides it."""

import pytest
from tests.law.cases import ANSWERS, Scenario, Timeline, scenarios, timelines

from vangrail.law import Classification, Truth, classify, parse_facts

HEADLINES = ("high_risk", "prohibited", "prohibited_later", "fria", "registration", "dpia")
KEYS = {
    *HEADLINES,
    "outcome", "certain", "roles", "points", "practices", "routes", "met", "not_met", "presumed", "asks",
    "duties", "no_duty", "from", "certainty",
}  # fmt: skip


def disagreements(found: Classification, scenario: Scenario) -> list[str]:  # noqa: PLR0912  one line per key
    """Everything in which the code and the lawyer differ, in words."""
    expect, wrong = scenario.expect, []

    def same(what: str, is_: object, should: object) -> None:
        if is_ != should:
            wrong.append(f"{what}: is {is_}, should be {should}")

    assert set(expect) <= KEYS, set(expect) - KEYS
    for headline in HEADLINES:
        if headline in expect:
            same(headline, getattr(found, headline).answer, ANSWERS[expect[headline]])
    if "outcome" in expect:
        same("outcome", found.outcome, expect["outcome"])
    if "certain" in expect:
        same("certain", len(found.outcomes_possible) == 1, expect["certain"])
    if "roles" in expect:
        same("roles", sorted(found.roles), sorted(expect["roles"]))
    for name in ("points", "practices", "routes"):
        if name in expect:
            same(name, sorted(getattr(found, name)), sorted(str(v) for v in expect[name]))
    for rule in expect.get("met", ()):
        same(f"{rule} met", found.found[rule].answer, True)
    for rule in expect.get("not_met", ()):
        same(f"{rule} met", found.found[rule].answer, False)
    for rule in expect.get("presumed", ()):
        same(rule, found.found[rule].truth, Truth.PRESUMED)
    asked = [q.fact for q in found.next_questions] if "asks" in expect else []
    wrong += [f"does not ask {fact}" for fact in expect.get("asks", ()) if fact not in asked]
    duties = {d.id: d for d in found.duties}
    for rule, applies in expect.get("duties", {}).items():
        same(f"duty {rule}", duties[rule].applies if rule in duties else "no", applies)
    for rule, day in expect.get("from", {}).items():
        same(f"duty {rule} from", duties[rule].from_day if rule in duties else None, day)
    wrong += [f"duty {rule} is there" for rule in expect.get("no_duty", ()) if rule in duties]
    for rule, level in expect.get("certainty", {}).items():
        same(f"certainty {rule}", found.conclusion(rule).certainty, level)
    return wrong


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda s: s.name)
def test_the_code_agrees_with_the_lawyer(scenario: Scenario) -> None:
    assert disagreements(scenario.classified(), scenario) == [], scenario.why


@pytest.mark.parametrize("timeline", timelines(), ids=lambda t: f"{t.rules[0]}-{t.after}")
def test_a_duty_starts_on_its_day_and_not_before(timeline: Timeline) -> None:
    facts = parse_facts(timeline.facts)
    before = {d.id: d for d in classify(facts, timeline.before).duties}
    after = {d.id: d for d in classify(facts, timeline.after).duties}
    for rule in timeline.rules:
        assert rule not in before or before[rule].applies in ("later", "on_release"), rule
        assert after[rule].applies == "now", rule
        if timeline.enacted is not None:
            assert after[rule].from_enacted == timeline.enacted, rule


def test_there_are_enough_scenarios_and_each_has_its_own_name() -> None:
    names = [s.name for s in scenarios()]
    assert len(names) >= 120
    assert len(names) == len(set(names))
