"""Forms: filled as far as card and law go; what is empty stays visibly empty; nothing of the card is read as markup."""

import pytest
from tests.law.cases import TODAY, bases

from vangrail.law import card_texts, classify, fill, form_card_fields, form_ids, forms_needed, parse_facts, render
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Language

FOUND = classify(parse_facts(bases()["high_risk_user"]), TODAY)
CARD = {"name": "Leefloonhulp", "purpose": "Dossiers voorbereiden", "owner": "An"}


def test_all_forms_of_the_law_are_there() -> None:
    assert set(form_ids()) == {
        "fria", "article-6-4", "annex-viii-a", "annex-viii-b", "annex-viii-c",
        "notice-affected", "notice-workers", "notice-article-50", "explanation",
        "incident-breach", "incident-serious", "incident-nis2",
    }  # fmt: skip


def test_the_fria_has_the_six_parts_of_article_27_1() -> None:
    articles = [f.article for s in fill("fria", FOUND, CARD).sections for f in s.fields]
    assert [f"27(1)({letter})" for letter in "abcdef" if f"27(1)({letter})" not in articles] == []


def test_a_field_is_filled_from_the_card_and_from_the_law() -> None:
    text = render(fill("fria", FOUND, CARD))
    assert "Leefloonhulp" in text
    assert "Annex III 5(a)" in text
    assert "BIPT" in text


@pytest.mark.parametrize("form", form_ids())
@pytest.mark.parametrize("language", list(Language))
def test_an_empty_field_stays_visibly_empty(form: str, language: Language) -> None:
    filled = fill(form, FOUND, {}, language=language)
    mark = {"nl": "[nog in te vullen]", "en": "[to be filled in]"}[language]
    assert filled.empty
    assert render(filled).count(mark) == len(filled.empty)
    assert render(filled, as_="html").count(mark) == len(filled.empty)


def test_nothing_of_the_card_becomes_markup() -> None:
    nasty = {"name": "<script>alert(1)</script>", "purpose": "# kop\n[x](http://y)"}
    assert "<script>" not in render(fill("fria", FOUND, nasty), as_="html")
    markdown = render(fill("fria", FOUND, nasty))
    assert "<script>" not in markdown
    assert "\n# kop" not in markdown
    assert "[x](" not in markdown


def test_the_derogation_form_tells_what_was_declared() -> None:
    derogated = {"performs_profiling": "no", "art63_condition": "d", "materially_influences_decision": "no"}
    found = classify(parse_facts({**bases()["high_risk_maker"], **derogated}), TODAY)
    assert {"article-6-4", "annex-viii-b"} <= set(forms_needed(found))
    text = render(fill("article-6-4", found, CARD, language=Language.EN))
    assert "a preparatory task" in text


def test_the_forms_needed_follow_the_duties() -> None:
    assert set(forms_needed(FOUND)) == {"fria", "annex-viii-c", "notice-affected", "explanation"}
    assert forms_needed(classify(parse_facts(bases()["city"]), TODAY)) == ()


def test_blank_is_empty() -> None:
    assert "Naam" in fill("fria", FOUND, {"name": "  "}).empty


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(VangrailError, match="fria"):
        fill("frai", FOUND)


def test_the_keys_of_the_card_are_known_to_the_edges() -> None:
    assert {"name", "purpose", "owner", "oversight"} <= set(form_card_fields())


def test_a_card_gives_what_forms_call_by_another_name() -> None:
    card = {
        "name": "Leefloonhulp",
        "organisation": {"name": "OCMW Voorbeeld", "kind": "ocmw"},
        "people": {"application_owner": {"name": "An"}},
        "affected": [{"who": "aanvragers"}, {"who": "gezinsleden"}],
    }
    assert card_texts(card) == {
        "name": "Leefloonhulp",
        "organisation": "OCMW Voorbeeld",
        "owner": "An",
        "submitted_by": "An",
        "affected_people": "aanvragers; gezinsleden",
    }


def test_forms_for_when_something_goes_wrong_are_there_but_not_needed_beforehand() -> None:
    user = classify(parse_facts(bases()["high_risk_user"] | {"personal_data": True}), TODAY)
    assert not [f for f in forms_needed(user) if f.startswith("incident")]
    assert "Wat er lekte" in render(fill("incident-breach", user, {"incident.what": "Wat er lekte"}))


def test_a_document_stands_alone_and_escapes_what_a_form_escapes() -> None:
    document = render(fill("fria", FOUND, {"name": "<script>"}), as_="document")
    assert document.startswith('<!doctype html>\n<html lang="nl-BE">')
    assert "<script>" not in document and "&lt;script&gt;" in document
