"""A scan of pages: what counts as a fault, and when a clean result says nothing."""

import json

import pytest
from counting import ON, card, only

from vangrail import checks
from vangrail.assessment.judging import against
from vangrail.cards.reports import reports
from vangrail.model.card import REPORTS
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Limit
from vangrail.model.needs import Answers
from vangrail.model.outcome import NotMeasurable
from vangrail.model.vocabulary import Language, Unit, Verdict

CHECK = "accessibility-scan"


def rule(name, impact=None, elements=0, tags=("wcag2a", "wcag111")):
    node = {"html": "<img src='jan-peeters.png'>", "target": ["#jan"]}
    return {"id": name, "impact": impact, "tags": list(tags), "nodes": [node] * elements}


def result(url="https://a.example/", day="2026-11-10T09:00:00.000Z", passes=("document-title",), **groups):
    """A result as axe-core writes it."""
    found = {"violations": [], "incomplete": [], "inapplicable": [], "passes": [rule(p, None, 1) for p in passes]}
    return {"testEngine": {"name": "axe-core", "version": "4.11.0"}, "timestamp": day, "url": url} | found | groups


def outcome(folder, content, **accessibility):
    (folder / "scan.json").write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    on_card, found = card(accessibility={"scans": ["scan.json"]} | accessibility), checks.checks()[CHECK]
    measurement = only(CHECK, on_card)
    source = reports(on_card, folder=folder)[measurement.dataset]
    return found.measure(measurement, (), ON, Answers(source.answer(found.needs(measurement, (), ON))))


def said(found):
    return " ".join(n[Language.NL] for n in found.notes)


def test_every_element_against_wcag_counts_by_its_impact(tmp_path):
    """Two pages: three images without text, and five texts with little contrast."""
    pages = [
        result(violations=[rule("image-alt", "critical", 3)]),
        result("https://a.example/b", violations=[rule("color-contrast", "serious", 5, ["wcag2aa", "wcag143"])]),
    ]
    found = outcome(tmp_path, pages)
    assert (found.value, found.unit, found.rows, found.low) == (8, Unit.COUNT, 2, None)
    assert [(d.name, d.rows, d.counted) for d in found.details] == [("critical", 8, 3), ("serious", 8, 5)]
    assert "color-contrast (5), image-alt (3)" in said(found)


def test_good_practice_and_what_could_not_be_decided_are_told_apart(tmp_path):
    page = result(
        violations=[rule("region", "moderate", 4, ["best-practice"]), rule("x", "serious", 2, ["wcag2aaa"])],
        incomplete=[rule("color-contrast", "serious", 7, ["wcag2aa"])],
    )
    found = outcome(tmp_path, page)
    assert found.value == 0
    assert "niet kon beslissen: 7" in said(found)
    assert "goede gewoonten ingaan, maar niet tegen WCAG A of AA: 6" in said(found)
    assert against(found, Limit(at_most=0, because="-"))[0] is Verdict.MET


def test_a_clean_scan_says_that_it_is_the_least(tmp_path):
    assert "vindt maar een deel van de drempels" in said(outcome(tmp_path, result()))


def test_nothing_of_a_page_is_kept(tmp_path):
    found = outcome(tmp_path, result("https://a.example/?naam=peeters", violations=[rule("image-alt", "critical", 3)]))
    assert "peeters" not in str(found)


@pytest.mark.parametrize(
    ("day", "within", "reason"),
    [
        ("2026-05-01T00:00:00Z", 180, "meer dan 180 dagen geleden"),
        ("2026-11-10T00:00:00Z", 7, "meer dan 7 dagen geleden"),
        ("2026-12-24T00:00:00Z", 180, "na de dag van deze meting"),
        (None, 180, "wanneer elke pagina getest is"),
        ("yesterday", 180, "wanneer elke pagina getest is"),
    ],
)
def test_a_scan_of_another_time_says_nothing_about_today(tmp_path, day, within, reason):
    found = outcome(tmp_path, [result(), result("b", day=day)], scanned_within_days=within)
    assert isinstance(found, NotMeasurable) and reason in found.reason[Language.NL]


def test_a_page_on_which_no_rule_ran_is_not_clean(tmp_path):
    """A tool that leaves out what passed, or that tested other rules only."""
    for empty in (
        result("b", passes=()),
        result("b", passes=(), violations=[rule("x", "minor", 1, ["best-practice"])]),
    ):
        found = outcome(tmp_path, [result(), empty])
        assert isinstance(found, NotMeasurable) and "Een lege lijst bewijst dan niets" in found.reason[Language.NL]


def test_a_fault_alone_shows_that_the_rule_ran(tmp_path):
    assert outcome(tmp_path, result(passes=(), violations=[rule("image-alt", None, 1)])).value == 1


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "7", '{"a": 1}', '{"violations": 3}', '{"violations": ["x"]}', "[" * 100_000]
)
def test_another_file_is_refused_by_name(tmp_path, content):
    with pytest.raises(VangrailError, match=r"^scan\.json: "):
        outcome(tmp_path, content)


def test_a_file_that_is_not_there_is_named(tmp_path):
    source = reports(card(accessibility={"scans": ["none.json"]}), folder=tmp_path)[f"{REPORTS}none.json"]
    with pytest.raises(VangrailError, match=r"none\.json is not there"):
        source.fingerprint()


def test_another_byte_is_another_file(tmp_path):
    source = reports(card(accessibility={"scans": ["scan.json"]}), folder=tmp_path)[f"{REPORTS}scan.json"]
    (tmp_path / "scan.json").write_text("[]")
    before = source.fingerprint()
    (tmp_path / "scan.json").write_text("[ ]")
    assert source.fingerprint().content != before.content


def test_without_a_scan_nothing_is_claimed():
    assert not list(checks.checks()[CHECK].plan(card(accessibility={"statement": "https://a.example"})))
