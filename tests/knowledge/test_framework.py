"""The knowledge holds what it should: every requirement, in both languages, with sources that can be looked up.

The form is checked by the loader; here is the content. The lists are written out on purpose: an id that disappears, or
evidence that quietly becomes lighter, must be noticed.
"""

import re
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from vangrail import knowledge
from vangrail.checks import checks
from vangrail.model.card import Card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import (
    AskPerson,
    Classify,
    Declare,
    Framework,
    Measure,
    Process,
    Requirement,
    Source,
    Text,
)
from vangrail.model.vocabulary import Language, Phase


def words(text: str) -> list[str]:
    """A list as one writes it on paper."""
    return text.split()


IDS = words("""
    dem-1 dem-2 dem-3 dem-4 dem-5 dem-6 dem-7 dem-8 dem-9 dem-10 dem-11
    tru-well-1
    tru-trans-1 tru-trans-2 tru-trans-3
    tru-acc-1 tru-acc-2 tru-acc-3 tru-acc-4
    tru-hum-1 tru-hum-2 tru-hum-3
    tru-fair-1 tru-fair-2 tru-fair-3
    tru-law-1
    tru-rob-1 tru-rob-2 tru-rob-3 tru-rob-4 tru-rob-5
    tru-priv-1 tru-priv-2
    hum-1 hum-2 hum-3 hum-4 hum-5 hum-6
    lit-1 lit-2 lit-3 lit-4 lit-5 lit-6 lit-7
    dat-1 dat-2 dat-3 dat-4 dat-5 dat-6 dat-7 dat-8 dat-9 dat-10 dat-11 dat-12 dat-13
    sus-1 sus-2 sus-3 sus-4 sus-5 sus-6
""")

PRINCIPLES = ["dem", "tru", "hum", "lit", "dat", "sus"]
CONDITIONS = [
    "wellbeing",
    "transparency",
    "accountability",
    "oversight",
    "fairness",
    "lawfulness",
    "robustness",
    "privacy",
]
CONDITION_OF = {
    "tru-well": "wellbeing",
    "tru-trans": "transparency",
    "tru-acc": "accountability",
    "tru-hum": "oversight",
    "tru-fair": "fairness",
    "tru-law": "lawfulness",
    "tru-rob": "robustness",
    "tru-priv": "privacy",
}

ALL = "idea design build validate operate retire"
ASKED = {
    # id: (phases, kinds of evidence). Where a requirement names a fact that stands on the card, 'declare' asks for it.
    "dem-1": ("idea", {"declare", "answer"}),
    "dem-2": ("idea", {"declare"}),
    "dem-3": ("idea operate", {"declare", "measure"}),
    "dem-4": ("idea", {"answer", "measure"}),
    "dem-5": ("idea", {"declare", "answer"}),
    "dem-6": ("design", {"answer"}),
    "dem-7": ("design", {"declare", "classification"}),
    "dem-8": ("design", {"answer"}),
    "dem-9": ("design validate", {"answer", "classification"}),
    "dem-10": ("design operate", {"process"}),
    "dem-11": ("operate", {"process", "measure"}),
    "tru-well-1": ("design operate", {"answer"}),
    "tru-trans-1": ("operate", {"declare", "measure", "classification"}),
    "tru-trans-2": ("validate operate", {"measure"}),
    "tru-trans-3": ("build operate", {"declare", "process"}),
    "tru-acc-1": ("idea", {"declare"}),
    "tru-acc-2": ("operate", {"declare", "process", "measure"}),
    "tru-acc-3": ("operate", {"ledger"}),
    "tru-acc-4": ("operate", {"process"}),
    "tru-hum-1": ("design operate", {"declare", "process"}),
    "tru-hum-2": ("operate", {"measure"}),
    "tru-hum-3": ("validate operate", {"declare", "process"}),
    "tru-fair-1": ("validate operate", {"declare", "measure"}),
    "tru-fair-2": ("build", {"measure", "answer"}),
    "tru-fair-3": ("validate", {"declare", "measure", "answer"}),
    "tru-law-1": ("design operate", {"declare", "classification"}),
    "tru-rob-1": ("validate operate", {"measure"}),
    "tru-rob-2": ("validate", {"measure"}),
    "tru-rob-3": ("operate", {"measure"}),
    "tru-rob-4": ("validate", {"measure", "answer"}),
    "tru-rob-5": ("operate", {"declare", "measure"}),
    "tru-priv-1": ("design", {"declare"}),
    "tru-priv-2": ("build operate", {"measure"}),
    "hum-1": ("design", {"declare", "answer"}),
    "hum-4": ("design operate", {"process", "measure"}),
    "lit-2": ("validate operate", {"process", "measure"}),
    "lit-3": (ALL, {"declare"}),
    "dat-1": ("build operate", {"measure"}),
    "dat-6": ("build", {"measure", "answer"}),
    "dat-8": ("operate", {"process"}),
    "dat-10": ("build", {"declare", "measure"}),
    "sus-3": ("design validate", {"measure", "answer"}),
    "sus-6": ("operate", {"process"}),
}

CHECKS = set(
    words("""
    completeness validity uniqueness timeliness representativeness label-agreement minimisation
    selection-rate-difference selection-rate-ratio true-positive-rate-difference false-positive-rate-difference
    true-negative-rate-difference false-negative-rate-difference positive-predictive-value-difference
    negative-predictive-value-difference calibration-difference selection-against-base-rate hit-rate-difference
    base-rate-difference association-with-protected reconstruction-of-protected performance-against-baseline
    perturbation-stability directional-tests misuse-probes explanation-fidelity explanation-stability permutation-importance counterfactual-available membership-inference readability drift drift-per-month t-closeness
    availability identifiers-in-data k-anonymity l-diversity advice-followed objection-handling-time objections-upheld
    competence-coverage metadata-validity energy-per-use energy-against-quality work-survey-difference
    accessibility-scan disclosure-probe benefit-followed
    detection-quality detection-recall-by-group detection-average-precision
    forecast-against-naive forecast-error forecast-interval-coverage
    alarm-hit-rate alarm-false-alarm-ratio alarm-lead-time
""")
)

TOPICS = {"classification", "prohibited", "high-risk", "transparency", "fria", "registration", "duties"}


@pytest.fixture(scope="module")
def framework() -> Framework:
    return knowledge.framework()


def kinds(requirement: Requirement) -> set[str]:
    return {proof.kind for proof in requirement.evidence}


def group(requirement: Requirement) -> str:
    return requirement.id.rpartition("-")[0]


def sources(framework: Framework) -> Iterator[tuple[str, Source]]:
    for part in ("principles", "conditions", "requirements", "vocabularies"):
        for item in getattr(framework, part):
            yield from ((item.id, source) for source in item.source)
    for entry in framework.glossary:
        yield from ((entry.code, source) for source in entry.source)


def texts(framework: Framework) -> Iterator[tuple[str, Text]]:
    """What people read: every title, summary, reason, question and default limit."""
    for heading in (*framework.principles, *framework.conditions):
        yield heading.id, heading.title
        yield heading.id, heading.summary
    for gate in framework.gates:
        yield f"gate after {gate.after}", gate.title
    for work in framework.works:
        yield work.id, work.title
    for requirement in framework.requirements:
        yield requirement.id, requirement.title
        yield requirement.id, requirement.why
        yield requirement.id, requirement.good
        for proof in requirement.evidence:
            if isinstance(proof, AskPerson):
                yield requirement.id, proof.question
            if isinstance(proof, Measure) and proof.limit is not None:
                yield requirement.id, proof.limit_reason


def test_every_requirement_is_there_in_the_order_of_the_source_document(framework: Framework):
    assert [r.id for r in framework.requirements] == IDS


def test_each_item_stands_in_a_file_named_after_its_id(framework: Framework):
    for folder in ("requirements", "principles", "conditions", "vocabularies"):
        in_files = {f.name.removesuffix(".yaml") for f in (files(knowledge) / folder).iterdir()}
        assert in_files == {item.id for item in getattr(framework, folder)}, folder


def test_six_principles_and_eight_conditions_in_the_order_of_the_source_document(framework: Framework):
    assert [p.id for p in framework.principles] == PRINCIPLES
    assert [c.id for c in framework.conditions] == CONDITIONS
    assert [p.number for p in framework.principles] == [1, 2, 3, 4, 5, 6]
    assert [c.number for c in framework.conditions] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_requirement_belongs_to_known_principles_and_conditions(framework: Framework):
    for r in framework.requirements:
        assert r.principle == r.id.split("-")[0]
        assert set(r.conditions) <= set(CONDITIONS), r.id
        if r.principle == "tru":
            assert r.conditions == (CONDITION_OF[group(r)],), r.id


def test_every_condition_is_made_concrete_by_a_requirement(framework: Framework):
    assert {c for r in framework.requirements if r.principle == "tru" for c in r.conditions} == set(CONDITIONS)


def test_each_source_is_a_known_work_and_each_passage_has_the_form_of_that_work(framework: Framework):
    works = {w.id: w for w in framework.works}
    assert len(works) == len(framework.works), "a work is listed twice"
    for where, source in sources(framework):
        assert source.work in works, f"{where} cites an unknown work: {source.work}"
        form = works[source.work].passage_form
        assert re.fullmatch(form, source.passage), (
            f"{where}: '{source.passage}' is no passage of {source.work} ({form})"
        )


def test_every_requirement_cites_one_of_the_two_texts_it_comes_from(framework: Framework):
    for r in framework.requirements:
        assert {"principedocument", "lokaal-bestuur"} & {s.work for s in r.source}, r.id


@pytest.mark.parametrize(
    ("work", "good", "bad"),
    [
        ("principedocument", "p. 13-14, implicaties §2", "implicaties §2"),
        ("lokaal-bestuur", "Verantwoord gebruik van AI, Privacy", "Nieuws"),
        ("ai-act", "art. 14(4)(b)", "artikel 14"),
        ("ai-act", "annex III", "Annex 3"),
        ("gdpr", "art. 15(1)(h)", "GDPR 15"),
        ("four-fifths", "29 CFR 1607.4(D)", "1607.4"),
    ],
)
def test_the_form_of_a_passage_refuses_what_cannot_be_looked_up(framework: Framework, work: str, good: str, bad: str):
    form = next(w.passage_form for w in framework.works if w.id == work)
    assert re.fullmatch(form, good)
    assert not re.fullmatch(form, bad)


def test_dutch_and_english_are_both_there_and_differ(framework: Framework):
    for where, text in texts(framework):
        assert set(text) == {Language.NL, Language.EN}, where
        assert text[Language.NL] != text[Language.EN], f"{where}: {text[Language.NL]}"


def test_titles_are_short_and_reasons_are_not_empty_words(framework: Framework):
    for r in framework.requirements:
        for language in Language:
            assert len(r.title[language]) <= 85, f"{r.id}: {r.title[language]}"
            assert not r.title[language].endswith("."), r.id
            assert 120 <= len(r.why[language]) <= 620, f"{r.id} why: {len(r.why[language])}"
            assert 120 <= len(r.good[language]) <= 620, f"{r.id} good: {len(r.good[language])}"


def test_no_text_is_said_twice(framework: Framework):
    """Two requirements that say the same are one requirement."""
    for name in ("title", "why", "good"):
        said = [getattr(r, name)[Language.NL] for r in framework.requirements]
        assert len(said) == len(set(said)), name


@pytest.mark.parametrize("id_", ASKED)
def test_phases_and_evidence_are_as_the_norms_ask(framework: Framework, id_: str):
    phases, evidence = ASKED[id_]
    requirement = framework.requirement(id_)
    assert requirement.phases == tuple(Phase(p) for p in phases.split())
    assert kinds(requirement) == evidence


def test_principles_one_and_two_are_written_out_in_full():
    assert {id_ for id_ in IDS if id_.startswith(("dem-", "tru-"))} <= set(ASKED)


def test_only_known_checks_and_topics_are_asked(framework: Framework):
    for r in framework.requirements:
        assert set(r.checks) <= CHECKS, f"{r.id}: {set(r.checks) - CHECKS}"
        for proof in r.evidence:
            if isinstance(proof, Classify):
                assert proof.topic in TOPICS, f"{r.id}: {proof.topic}"


def test_every_check_that_can_measure_is_asked_by_a_requirement(framework: Framework):
    assert set(checks()) <= {check for r in framework.requirements for check in r.checks}


def test_every_field_that_is_asked_stands_on_the_card(framework: Framework):
    """A misspelt field would never be filled, and its requirement never met."""
    card = Card.model_validate(
        {
            "vangrail": 1,
            "id": "sluikstort",
            "name": "Sluikstort",
            "organisation": {"name": "Gemeente"},
            "phase": "idea",
            "datasets": {"meldingen": {"source": "meldingen.csv"}},
        }
    )
    filled = {f for r in framework.requirements for p in r.evidence if isinstance(p, Declare) for f in p.fields}
    assert {f for f in filled if card.declared(f)} == set(), "an empty card declares nothing"


def test_every_topic_of_the_law_is_asked_somewhere(framework: Framework):
    asked = {p.topic for r in framework.requirements for p in r.evidence if isinstance(p, Classify)}
    assert asked == TOPICS


def test_no_evidence_is_asked_twice_of_one_requirement(framework: Framework):
    for r in framework.requirements:
        assert len(r.checks) == len(set(r.checks)), r.id
        fields = [f for p in r.evidence if isinstance(p, Declare) for f in p.fields]
        assert len(fields) == len(set(fields)), r.id


def test_a_default_limit_has_a_bound_and_a_reason_in_both_languages(framework: Framework):
    for r in framework.requirements:
        for proof in r.evidence:
            if isinstance(proof, Measure) and proof.limit is not None:
                assert (proof.limit.at_most, proof.limit.at_least) != (None, None), f"{r.id}: {proof.check}"
                assert proof.limit.is_default
                assert proof.limit_reason[Language.NL], f"{r.id}: {proof.check}"


def test_a_limit_without_a_reason_is_refused_with_the_name_of_the_file(tmp_path: Path):
    """A lawyer who corrects a limit must be told which file, not shown a traceback."""
    given = (files(knowledge) / "requirements" / "tru-rob-3.yaml").read_text(encoding="utf-8")
    lines = given.splitlines(keepends=True)
    start = next(i for i, line in enumerate(lines) if "because:" in line)
    wrong = tmp_path / "tru-rob-3.yaml"
    wrong.write_text("".join(lines[:start]), encoding="utf-8")
    with pytest.raises(VangrailError, match=r"(?s)knowledge/tru-rob-3\.yaml.*go together"):
        knowledge._read(wrong, knowledge._Requirement)


def test_fairness_is_measured_from_every_side_against_limits_chosen_beforehand(framework: Framework):
    """Screening conventions: ten percentage points, or four fifths. What describes the world has no limit."""
    requirement = framework.requirement("tru-fair-1")
    limits = {p.check: p.limit for p in requirement.evidence if isinstance(p, Measure)}
    found = {check: limit and (limit.at_most, limit.at_least) for check, limit in limits.items()}
    assert found == {
        "selection-rate-difference": (10, None),
        "selection-rate-ratio": (None, 0.8),
        "true-positive-rate-difference": (10, None),
        "false-positive-rate-difference": (10, None),
        "true-negative-rate-difference": (10, None),
        "false-negative-rate-difference": (10, None),
        "positive-predictive-value-difference": (10, None),
        "negative-predictive-value-difference": (10, None),
        "calibration-difference": (10, None),
        "selection-against-base-rate": (None, 0.8),
        "hit-rate-difference": (10, None),
        "base-rate-difference": None,
    }
    assert Declare(fields=("limits",)) in requirement.evidence


def test_evidence_expires(framework: Framework):
    for r in framework.requirements:
        for proof in r.evidence:
            if isinstance(proof, Measure | Process):
                assert 1 <= proof.valid_months <= 24, f"{r.id}: {proof}"


def test_between_each_two_phases_stands_one_gate_that_somebody_may_open(framework: Framework):
    assert [g.after for g in framework.gates] == list(Phase)[:-1]
    for gate in framework.gates:
        assert gate.opened_by
        assert gate.advice_of


def test_loading_takes_at_most_a_few_seconds():
    knowledge.framework.cache_clear()
    start = time.perf_counter()
    knowledge.framework()
    assert time.perf_counter() - start < 5
