"""Plain language of what the public reads: which text counts, and what is said of it."""

from datetime import UTC, datetime

import pytest
from counting import ON, card

from vangrail import checks
from vangrail.assessment import measuring
from vangrail.cards.texts import PublicTexts
from vangrail.model.card import TEXTS
from vangrail.model.errors import VangrailError
from vangrail.model.outcome import Measured, NotMeasurable
from vangrail.model.vocabulary import Language

EASY = "De computer leest je vraag. Een mens kijkt het antwoord na. Klopt het niet? Bel ons dan. We helpen je graag verder. Je hoeft niets te betalen."
HARD = (
    "Met betrekking tot de verwerking van uw aanvraag dient opgemerkt te worden dat de desbetreffende beslissing wordt "
    "voorbereid door een geautomatiseerd systeem. Gelieve bijkomende inlichtingen schriftelijk aan te vragen bij het "
    "bevoegde personeelslid van de GGD."
)


def outcome(on_card, folder):
    """The one figure, by way of the same run as the command line."""
    planned = [m for m in checks.plan(on_card) if m.dataset == TEXTS]
    run = measuring.measure(
        on_card,
        checks.checks(),
        planned,
        open_table=None,
        open_predictor=None,
        sources={TEXTS: PublicTexts(on_card, folder=folder)},
        on=ON,
        at=datetime(2026, 11, 22, tzinfo=UTC),
        by="test",
    )
    (found,) = run.evidence
    return found.outcome


def test_the_hardest_text_counts_whatever_else_is_easy(tmp_path):
    (tmp_path / "page.md").write_text(f"# Een titel\n\n{HARD}", encoding="utf-8")
    on_card = card(summary=EASY, texts=[{"what": "pagina", "file": "page.md"}], disclosure={"text": "Dit is AI."})
    found = outcome(on_card, tmp_path)
    assert isinstance(found, Measured)
    assert found.value < 30 and found.low is None and found.rows == 2
    assert [d.name for d in found.details] == ["pagina", "summary", "disclosure.text"]
    assert (found.details[0].rows, found.details[0].counted) == (2, 1), "a heading is no sentence"
    said = found.details[0].note[Language.NL]
    assert "gelieve → wil je of graag" in said and "lijdende zinnen: 1" in said and "GGD" in said
    assert "hoger is makkelijker" in found.notes[1][Language.NL]
    assert "'disclosure.text'" in found.notes[2][Language.NL]


def test_a_table_is_no_sentence(tmp_path):
    rows = "| Afval | Wanneer |\n|---|---|\n| Restafval | elke maandag |\n| Papier | eerste dinsdag |\n"
    (tmp_path / "page.md").write_text(f"# Afval\n\n{rows}\n{EASY}", encoding="utf-8")
    found = outcome(card(texts=[{"what": "pagina", "file": "page.md"}]), tmp_path)
    assert found.value == outcome(card(summary=EASY), tmp_path).value


def test_an_easy_text_passes_douma_s_lower_bound_of_normal(tmp_path):
    assert outcome(card(summary=EASY), tmp_path).value > 60


def test_a_few_words_say_nothing(tmp_path):
    found = outcome(card(summary="Dit is een korte tekst."), tmp_path)
    assert isinstance(found, NotMeasurable) and "texts" in found.do[Language.EN]


def test_a_changed_word_is_another_text(tmp_path):
    one, two = (PublicTexts(card(summary=t), folder=tmp_path).fingerprint() for t in (EASY, EASY.replace("graag", "")))
    assert one.content != two.content


def test_nothing_is_planned_without_a_text():
    assert not list(checks.checks()["readability"].plan(card()))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("page.docx", b"x", "no text file"), ("none.txt", None, "not there"), ("page.txt", b"caf\xe9", "not UTF-8")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(VangrailError, match=said):
        PublicTexts(card(texts=[{"what": "pagina", "file": name}]), folder=tmp_path)


@pytest.mark.parametrize("texts", [[{"what": "a"}], [{"what": "summary", "text": "x"}]])
def test_a_text_has_one_place_and_one_name(texts):
    with pytest.raises(ValueError, match=r"either .file. or .text.|two texts are called"):
        card(summary=EASY, texts=texts)
