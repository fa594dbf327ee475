"""The rule base is complete: every id is there, has a scenario that meets it and one that does not, and a day that is tried."""

import ast
import inspect
from types import ModuleType

from tests.law.cases import scenarios, timelines

from vangrail.law import belgium, gdpr, law_knowledge, other_acts, questions, rule_title
from vangrail.law.ai_act import (
    annex_iii,
    article_02,
    article_03,
    article_04,
    article_05,
    article_06,
    article_16,
    article_25,
    article_26,
    article_50,
    article_51,
    article_85,
)
from vangrail.law.engine import ORDER, find
from vangrail.law.facts import Facts, fact_names
from vangrail.law.reading import ANY_DAY
from vangrail.model.vocabulary import Language


def numbered(prefix: str, *numbers: object) -> list[str]:
    return [f"{prefix}-{n:02}" if isinstance(n, int) else f"{prefix}-{n}" for n in numbers]


RULE_BASE = [
    *numbered("DEF", 1, "01a", "01b", *range(2, 28)),
    *numbered("SCP", *range(1, 11)),
    *numbered("PRO", "A", "B", "C", "D", "E", "F", "G", "H", "BA", "BB", "1A", "Z"),
    *numbered("HRI", 1, 2, 3, 4, 5, 6, "A", "B"),
    *numbered("HRA", "1a", "1b", "1c", "2", "3a", "3b", "3c", "3d", "4a", "4b", "5a", "5b", "5c", "5d"),
    *numbered("HRA", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c", "7d", "8a", "8b"),
    *numbered("HRX", 1, "A", "B", "C", "D", "E", "F", "G", "H", "I"),
    *numbered("TRA", "1", "2", "3", "4a", "4b", "5", "6"),
    *numbered("GPA", *range(1, 11)),
    *numbered("ROL", *range(1, 12)),
    *numbered("ALL", *range(1, 7)),
    *numbered("PRV", *range(1, 23)),
    *numbered("DEP", *range(1, 16)),
    *numbered("FRI", *range(1, 8), "D", "H"),
    *numbered("IMP", 1),
    *numbered("DIS", 1),
    *numbered("AUT", 1),
    *numbered("RIG", *range(1, 7)),
    *numbered("LEG", *range(1, 8)),
    *numbered("PEN", *range(1, 9)),
    *numbered("GDP", 5, 6, 9, 13, 21, 22, 25, 26, 30, 32, 35, 37, 44, "EF", "PS"),
    *numbered("BEL", *range(1, 23)),
    *numbered("OTH", *range(1, 13)),
    *numbered("OPN", *range(1, 11)),
]
"""Every rule id of the rule base, written out. Ids are permanent: this list only grows."""
ALWAYS = {"SCP-10", "LEG-07", "OTH-12", "BEL-22"}
"""What is said to everyone, whatever the facts: never 'not met'."""
MODULES: tuple[ModuleType, ...] = (
    annex_iii,
    article_02,
    article_03,
    article_04,
    article_05,
    article_06,
    article_16,
    article_25,
    article_26,
    article_50,
    article_51,
    article_85,
    belgium,
    gdpr,
    other_acts,
)


def test_the_data_hold_exactly_the_rule_base() -> None:
    assert sorted(law_knowledge().rules) == sorted(RULE_BASE)


def test_every_rule_has_a_function_and_every_function_a_text() -> None:
    functions = [rule for rules in ORDER for rule in rules]
    assert len(functions) == len(set(functions))
    assert set(RULE_BASE) <= set(functions)
    found = find(Facts(), ANY_DAY).all()
    for rule in found:
        assert set(rule_title(rule)) == set(Language), rule


def test_every_rule_has_a_scenario_that_meets_it() -> None:
    met = {r for s in scenarios() for r in s.expect.get("met", ())}
    met |= {p for s in scenarios() for p in s.expect.get("practices", ())}
    met |= {f"HRA-{p}" for s in scenarios() for p in s.expect.get("points", ())}
    assert [r for r in RULE_BASE if r not in met] == []


def test_every_rule_has_a_scenario_that_does_not_meet_it() -> None:
    not_met = {r for s in scenarios() for r in s.expect.get("not_met", ())}
    assert [r for r in RULE_BASE if r not in not_met | ALWAYS] == []


def test_every_duty_is_tried_before_and_on_its_day() -> None:
    tried = {r for t in timelines() for r in t.rules}
    duties = [r.id for r in law_knowledge().rules.values() if r.duty_of]
    assert [r for r in duties if r not in tried] == []


def test_the_facts_and_their_questions_are_the_same() -> None:
    assert list(fact_names()) == list(questions())


def test_every_fact_is_read_by_some_rule() -> None:
    """A question whose answer changes nothing would be asked in vain."""
    texts = "\n".join(inspect.getsource(m) for m in MODULES)
    named = {n.value for n in ast.walk(ast.parse(texts)) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    attributes = {n.attr for n in ast.walk(ast.parse(texts)) if isinstance(n, ast.Attribute)}
    assert [f for f in fact_names() if f not in named | attributes] == []


def test_every_source_is_known_and_every_date_names_its_act() -> None:
    known = law_knowledge()
    for rule in known.rules.values():
        assert set(rule.source) <= set(known.sources), rule.id
    for day in known.dates.values():
        assert day.act in known.sources, day.id


def test_certainty_is_explained_and_a_draft_is_called_a_draft() -> None:
    known = law_knowledge()
    assert set(known.certainty) == {"S1", "S2", "S3", "S4"}
    assert known.sources["G-HR"].status == "draft"
    assert "ontwerp" in known.sources["G-HR"].title[Language.NL]


def test_questions_are_complete_and_not_copied_from_each_other() -> None:
    asked = list(questions().values())
    assert len({q.question[Language.NL] for q in asked}) == len(asked)
    assert len({q.question[Language.EN] for q in asked}) == len(asked)
    for q in asked:
        assert q.kind not in ("choice", "choices") or q.values, q.fact
        assert "?" in q.question[Language.NL], q.fact
        assert "?" in q.question[Language.EN], q.fact


def test_authorities_are_settings_with_their_certainty() -> None:
    """No Belgian law that designates an authority was found, so none may look certain."""
    msa = next(a for a in law_knowledge().authorities if a.id == "market_surveillance")
    assert msa.certainty == "S4"
    assert law_knowledge().rules["BEL-18"].certainty == "S4"
    assert law_knowledge().rules["PEN-05"].certainty == "S4"
