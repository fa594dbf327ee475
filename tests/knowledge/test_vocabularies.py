"""The lists that a card can point to, and the words of the screens: complete, in two languages, each with a source."""

import re
from collections import Counter
from enum import StrEnum
from inspect import getmembers, isclass
from typing import get_args

import pytest

from vangrail import knowledge
from vangrail.model import vocabulary
from vangrail.model.framework import Classify, Framework, GlossaryEntry, Proof, Text, Vocabulary
from vangrail.model.vocabulary import Language

SIZES = {
    "data-classification": 5,
    "data-themes": 13,
    "digital-service": 5,
    "four-d": 4,
    "literacy-topics": 8,
    "oecd-actions": 10,
    "oecd-benefits": 10,
    "oecd-risks": 10,
    "practice-themes": 9,
    "sdg": 17,
    "werkbaar-werk": 4,
}

SHOWN: dict[type[StrEnum], str] = {
    vocabulary.AlertKind: "alert",
    vocabulary.AnswerValue: "answer",
    vocabulary.BreachRisk: "breach_risk",
    vocabulary.CaseKind: "case",
    vocabulary.CaseResult: "case_result",
    vocabulary.CaseState: "case_state",
    vocabulary.ColumnType: "column",
    vocabulary.GateOutcome: "gate",
    vocabulary.IdentifierKind: "identifier",
    vocabulary.Language: "language",
    vocabulary.LeafKind: "leaf",
    vocabulary.MisuseKind: "misuse",
    vocabulary.ObjectionResult: "objection",
    vocabulary.OrganisationKind: "organisation",
    vocabulary.MemberRole: "role",
    vocabulary.Phase: "phase",
    vocabulary.ProcessActor: "actor",
    vocabulary.QuestionKind: "question",
    vocabulary.RecordKind: "record",
    vocabulary.Role: "role",
    vocabulary.Severity: "severity",
    vocabulary.SmallChange: "small_change",
    vocabulary.SurveyKind: "survey",
    vocabulary.Unit: "unit",
    vocabulary.Verdict: "verdict",
}
SAID_ELSEWHERE = {"Consequence", "DeliveryOutcome", "HookEvent", "LedgerProblem", "StreamEvent"}
"""In `knowledge/law/incidents.yaml`; in `web/hooks/words.py`; in `ledger/report.py`; nowhere, in linked data only."""

PAIRS = {
    # code: (Dutch, English), as the style guide fixes them; a word of the law keeps its official translation
    "application": ("toepassing", "application"),
    "purpose": ("beoogd doel", "purpose"),
    "role.application_owner": ("toepassingsverantwoordelijke", "application owner"),
    "principle": ("principe", "principle"),
    "condition": ("voorwaarde", "condition"),
    "requirement": ("eis", "requirement"),
    "evidence": ("bewijs", "evidence"),
    "verdict": ("oordeel", "verdict"),
    "gate": ("poort", "gate"),
    "stakeholder": ("belanghebbende", "stakeholder"),
    "contestability": ("betwistbaarheid", "contestability"),
    "explainability": ("uitlegbaarheid", "explainability"),
    "provider": ("aanbieder", "provider"),
    "deployer": ("gebruiksverantwoordelijke", "deployer"),
    "classification.high-risk": ("hoog risico", "high-risk"),
    "human_oversight": ("menselijk toezicht", "human oversight"),
    "classification.fria": (
        "beoordeling van de gevolgen voor de grondrechten",
        "fundamental rights impact assessment (FRIA)",
    ),
    "gpai_model": ("AI-model voor algemene doeleinden", "general-purpose AI model (GPAI)"),
    "ai_literacy": ("AI-geletterdheid", "AI literacy"),
    "personal_data": ("persoonsgegevens", "personal data"),
    "dpia": ("gegevensbeschermingseffectbeoordeling", "data protection impact assessment (DPIA)"),
}

EXPLAINED_BY_EXAMPLE = [
    "calibration",
    "drift",
    "false_negative_rate",
    "false_positive_rate",
    "interval",
    "k_anonymity",
    "kappa",
    "limit",
    "multiple_comparisons",
    "predictive_value",
    "proxy",
    "random_control_sample",
    "reference_group",
    "representativeness",
    "rows",
    "selection_rate",
    "selective_labels",
    "unit.percentage points",
]


@pytest.fixture(scope="module")
def framework() -> Framework:
    return knowledge.framework()


@pytest.fixture(scope="module")
def glossary(framework: Framework) -> dict[str, GlossaryEntry]:
    return {entry.code: entry for entry in framework.glossary}


def vocabulary_of(framework: Framework, id_: str) -> Vocabulary:
    return next(v for v in framework.vocabularies if v.id == id_)


def in_two_languages(text: Text) -> bool:
    return set(text) == {Language.NL, Language.EN} and all(value.strip() for value in text.values())


def test_the_lists_have_as_many_terms_as_their_source(framework: Framework):
    assert {v.id: len(v.terms) for v in framework.vocabularies} == SIZES


def test_a_term_is_named_once_and_its_id_can_be_typed(framework: Framework):
    for list_ in framework.vocabularies:
        ids = [t.id for t in list_.terms]
        assert [i for i, n in Counter(ids).items() if n > 1] == [], list_.id
        for id_ in ids:
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id_), f"{list_.id}: {id_}"
            assert len(id_) <= 24, f"{list_.id}: {id_}"
        for language in Language:
            titles = [t.title[language] for t in list_.terms]
            assert len(titles) == len(set(titles)), list_.id


def test_every_term_is_said_in_two_languages(framework: Framework):
    for list_ in framework.vocabularies:
        assert in_two_languages(list_.title), list_.id
        for term in list_.terms:
            assert in_two_languages(term.title), f"{list_.id}: {term.id}"
            assert not term.note or in_two_languages(term.note), f"{list_.id}: {term.id}"


def test_goals_and_classes_keep_their_official_numbers(framework: Framework):
    goals = vocabulary_of(framework, "sdg").terms
    assert [t.id for t in goals] == [f"sdg-{n}" for n in range(1, 18)]
    assert all(t.title[Language.NL].startswith(f"SDG {n}: ") for n, t in enumerate(goals, start=1))
    classes = vocabulary_of(framework, "data-classification").terms
    assert [t.id for t in classes] == [f"class-{n}" for n in range(1, 6)]


def test_the_ids_that_cards_already_use_stay(framework: Framework):
    """A card that points to a term must still find it next year."""
    assert [t.id for t in vocabulary_of(framework, "four-d").terms] == ["dirty", "difficult", "dangerous", "dull"]
    assert [t.id for t in vocabulary_of(framework, "werkbaar-werk").terms] == [
        "stress",
        "motivation",
        "learning",
        "work-life-balance",
    ]
    assert [t.id for t in vocabulary_of(framework, "digital-service").terms] == [
        "digital-by-default",
        "user-centred",
        "digitally-rethought",
        "data-driven",
        "trustworthy",
    ]
    assert [t.id for t in vocabulary_of(framework, "literacy-topics").terms] == [
        "possibilities",
        "limits",
        "risks",
        "over-trust",
        "distrust",
        "data-dependence",
        "environmental-impact",
        "own-rules",
    ]
    assert [t.id for t in vocabulary_of(framework, "oecd-benefits").terms] == [
        "science",
        "growth",
        "less-inequality",
        "complex-issues",
        "better-decisions",
        "information",
        "care-education",
        "better-jobs",
        "engaged-citizens",
        "good-governance",
    ]


def test_lists_and_words_cite_known_works_in_their_own_form(framework: Framework):
    works = {w.id: re.compile(w.passage_form) for w in framework.works}
    cited = [(v.id, s) for v in framework.vocabularies for s in v.source]
    cited += [(e.code, s) for e in framework.glossary for s in e.source]
    for where, source in cited:
        assert source.work in works, f"{where} cites an unknown work: {source.work}"
        assert works[source.work].fullmatch(source.passage), f"{where}: {source.work} has no passage '{source.passage}'"


def test_a_word_stands_in_the_glossary_once_and_is_explained_in_two_languages(framework: Framework):
    codes = [e.code for e in framework.glossary]
    assert [c for c, n in Counter(codes).items() if n > 1] == []
    for entry in framework.glossary:
        assert in_two_languages(entry.title), entry.code
        assert in_two_languages(entry.meaning), entry.code


def test_an_explanation_is_short_and_in_whole_sentences(framework: Framework):
    for entry in framework.glossary:
        for language in Language:
            meaning = entry.meaning[language]
            assert 20 <= len(meaning) <= 320, f"{entry.code}: {len(meaning)}"
            assert meaning[0].isupper() or meaning[0].isdigit(), entry.code
            assert meaning.endswith("."), entry.code


def test_the_words_of_law_and_principle_document_keep_their_translation(glossary: dict[str, GlossaryEntry]):
    found = {code: (glossary[code].title[Language.NL], glossary[code].title[Language.EN]) for code in PAIRS}
    assert found == PAIRS


def test_every_list_of_the_model_is_shown_by_its_words_or_said_elsewhere():
    """Who adds a list says which it is: give it a prefix in SHOWN and words in the glossary, or name it apart."""
    lists = {
        name
        for name, member in getmembers(vocabulary, isclass)
        if issubclass(member, StrEnum) and member.__module__ == vocabulary.__name__
    }
    assert lists == {list_.__name__ for list_ in SHOWN} | SAID_ELSEWHERE


@pytest.mark.parametrize("list_", SHOWN, ids=lambda list_: list_.__name__)
def test_every_value_that_a_screen_shows_has_its_word(list_: type[StrEnum], glossary: dict[str, GlossaryEntry]):
    prefix = SHOWN[list_] + "."
    known = {code.removeprefix(prefix) for code in glossary if code.startswith(prefix)}
    # A person on a card and a member of the site share most of their roles, and one word for each.
    shown = {value.value for other, start in SHOWN.items() if start == SHOWN[list_] for value in other}
    assert known == shown, f"{prefix}*: in the glossary against in {list_.__name__}"


def test_every_kind_of_evidence_has_its_word(glossary: dict[str, GlossaryEntry]):
    kinds = {proof.__dataclass_fields__["kind"].default for proof in get_args(Proof)}
    assert {c.removeprefix("evidence.") for c in glossary if c.startswith("evidence.")} == kinds


def test_every_topic_of_the_law_has_its_word(framework: Framework, glossary: dict[str, GlossaryEntry]):
    topics = {p.topic for r in framework.requirements for p in r.evidence if isinstance(p, Classify)}
    assert {c.removeprefix("classification.") for c in glossary if c.startswith("classification.")} == topics


@pytest.mark.parametrize("code", EXPLAINED_BY_EXAMPLE)
def test_a_word_of_statistics_comes_with_an_example(code: str, glossary: dict[str, GlossaryEntry]):
    meaning = glossary[code].meaning
    assert "Voorbeeld" in meaning[Language.NL]
    assert "Example" in meaning[Language.EN]


def test_the_examples_are_worked_out_right(framework: Framework, glossary: dict[str, GlossaryEntry]):
    """The figures in the texts, by hand."""

    def said(code: str, *figures: str) -> bool:
        text = glossary[code].meaning[Language.NL]
        return all(re.search(rf"(?<![\d,]){figure}(?![\d]|,\d)", text) for figure in figures)

    # Both call 65 % of 200 photos illegal dumping: chance agreement is 200 (0.65² + 0.35²) = 109 photos.
    assert round(200 * (0.65**2 + 0.35**2)) == 109
    assert round((180 - 109) / (200 - 109), 2) == 0.78
    assert said("kappa", "180", "200", "109", "91", "71", "0,78")
    assert "Kappa is 0,78" in framework.requirement("dat-6").good[Language.NL]

    assert round(100 * (1 - 0.95**20)) == 64  # at least one false alarm in twenty comparisons
    assert said("multiple_comparisons", "64")

    found, missed, false_alarms, without = 85, 15, 20, 200
    assert said("true_positive_rate", str(found + missed), str(found), "85")
    assert said("false_negative_rate", str(found + missed), str(missed))
    assert said("false_positive_rate", str(without), str(false_alarms), str(100 * false_alarms // without))
    assert said("predictive_value", str(found + false_alarms), str(found), "81")
    assert round(100 * found / (found + false_alarms)) == 81

    assert 1500 * 0.5 / 1000 == 0.75 == 50 * 15 / 1000  # kWh: 1,500 texts; a laptop of 50 W for fifteen hours
    assert "0,75 kilowattuur" in framework.requirement("sus-6").good[Language.NL]
