"""Templates: only what holds for every application of a kind. Nothing that a person must answer is answered."""

import pytest

from vangrail import knowledge, law
from vangrail.cards import templates
from vangrail.model.card import Card
from vangrail.model.vocabulary import Language

TEMPLATES = templates.templates()
ONE_S_OWN = (
    "vangrail",
    "id",
    "name",
    "summary",
    "organisation",
    "phase",
    "people",
    "legal_basis",
    "limits",
    "datasets",
    "benefits",
)


def card(template):
    own = {"vangrail": 1, "id": "x", "name": "x", "organisation": {"name": "x"}, "phase": "idea"}
    return Card.model_validate(dict(template.card) | own)


def test_the_kinds_that_people_ask_for_are_there():
    """Copilot, chatbot, ANPR, transcription; and two of the practices that the seed page names."""
    assert [t.id for t in TEMPLATES] == ["schrijfhulp", "chatbot", "anpr", "verslag", "vertaling", "beelden"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.id)
class TestEach:
    def test_is_part_of_a_card_with_facts_that_go_together(self, template):
        law.parse_facts(card(template).facts)

    def test_leaves_open_what_is_ones_own(self, template):
        assert not set(ONE_S_OWN) & set(template.card)
        assert not card(template).purpose.text and not card(template).process and not card(template).alternatives

    def test_never_says_that_nothing_can_be_wrong(self, template):
        """What decides about high risk or a ban depends on the use, so no template says anything of it."""
        decide = {
            "annex3_point",
            "article5_practice",
            "annex1_act",
            "biometric_function",
            "performs_profiling",
            "affected",
        }
        assert not decide & set(template.card["facts"])

    def test_watches_what_the_framework_asks(self, template):
        assert len(template.watch) >= 4
        for one in template.watch:
            assert knowledge.framework().requirement(one.requirement)
            assert all(len(one.text[language]) > 20 for language in Language)
