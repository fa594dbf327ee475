"""What the fields of a card are called: in both languages, and never behind the form of the card."""

from vangrail import knowledge
from vangrail.cards import fields
from vangrail.model.framework import Declare
from vangrail.model.vocabulary import Language


def test_every_label_is_there_in_both_languages():
    for field in fields.labels().values():
        assert all(field.label[language].strip() for language in Language), field.path
        assert field.help is None or all(field.help[language].strip() for language in Language), field.path


def test_every_choice_has_a_word():
    codes = {entry.code for entry in knowledge.framework().glossary}
    for field in (f for p in fields.parts() for f in p.fields if f.kind in ("choice", "choices") and not f.vocabulary):
        for option in field.options:
            assert f"{field.words}.{option}" in codes or option in field.own_words, field.path


def test_every_vocabulary_is_one_of_ours():
    known = {v.id for v in knowledge.framework().vocabularies}
    assert {f.vocabulary for p in fields.parts() for f in p.fields if f.vocabulary} <= known


def test_whatever_a_requirement_asks_to_declare_has_a_label():
    asked = {
        path
        for r in knowledge.framework().requirements
        for e in r.evidence
        if isinstance(e, Declare)
        for path in e.fields
    }
    unlabelled = {path for path in asked if fields.label(path.split(".")) is None and not path.startswith("people.")}
    assert not unlabelled


def test_a_label_is_found_inside_an_item():
    found = fields.label(("affected", "Inwoners", "how"))
    assert found is not None and found[Language.NL] == "Wat merken ze ervan?"
    assert fields.label(("decision_log", "outcome", "x")) is None
