"""What is wrong is said on a page, and by the API, in the language of who reads it."""

import re

import pytest
from django.urls import reverse

from vangrail.web.api.models import Token

pytestmark = pytest.mark.django_db


def said_of_a_bad_card(town, browser, *changes):
    """What the text view of the card says when these changes are saved."""
    place = reverse("card_yaml", args=[town.organisation.slug, "meldingen"])
    text = browser.get(place).context["form"].initial["text"]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    page = browser.post(place, {"text": text, "seen": "0"}).content.decode()
    (alert,) = re.findall(r'<div class="alert alert-error".*?</div>', page, re.DOTALL)
    return [re.sub(r"<.*?>", "", line).replace("&#x27;", "'") for line in re.findall(r"<li>(.*?)</li>", alert)]


BAD = (
    ("phase: idea", "phase: idee\nfase: idea\nbenefits: [{indicator: Wachttijd, baseline: '2,5'}]\nwork_survey: {}"),
    ("name: Meldingen", "name: ''"),
)


def test_a_bad_card_is_told_in_dutch(town, as_):
    said = said_of_a_bad_card(town, as_(town.an), *BAD)
    assert [line.partition(": ")[2] for line in said[:4]] == [
        "Naam: is leeg.",
        "Fase: is 'idee'; hier hoort 'idea', 'design', 'build', 'validate', 'operate' of 'retire'. Bedoel je 'idea'?",
        "fase: is geen bekende sleutel. Bedoel je 'phase'?",
        "Wat levert het op › belofte 1 › Hoe was het?: is '2,5'; hier hoort een getal. Schrijf een punt en geen komma.",
    ]
    assert "Bevraging van medewerkers › wave: ontbreekt. De kolom die zegt in welke ronde iemand antwoordde." in said[5]


def test_the_same_card_is_told_in_english(town, as_):
    browser = as_(town.an)
    browser.cookies["django_language"] = "en"
    said = said_of_a_bad_card(town, browser, *BAD)
    assert [line.partition(": ")[2] for line in said[:3]] == [
        "Name: is empty.",
        "Phase: is 'idee'; it must be 'idea', 'design', 'build', 'validate', 'operate' or 'retire'. Did you mean 'idea'?",
        "fase: is not a known key. Did you mean 'phase'?",
    ]
    assert "Survey of staff › wave: is missing. The column that says in which round somebody answered." in said[5]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("", "'decision_log' wijst naar de dataset 'log', maar die staat niet op de kaart"),
        ("en", "'decision_log' points to data set 'log', which is not on the card"),
    ],
)
def test_what_does_not_go_together_is_told_with_the_page_where_it_stands(town, as_, language, said):
    browser = as_(town.an)
    browser.cookies["django_language"] = language
    log = "phase: idea\ndecision_log: {dataset: log, advice: {column: a, positive: b}, favourable: yes}"
    (line,) = said_of_a_bad_card(town, browser, ("phase: idea", log))
    assert said in line and line.startswith("Regel" if not language else "Line")


@pytest.mark.parametrize(
    ("asked", "language", "said"),
    [
        ({}, "en", "The card that was measured with is not the card on the site."),
        ({"Accept-Language": "fr, nl-BE;q=0.8, en;q=0.5"}, "nl", "De kaart waarmee gemeten is, is niet de kaart op de site."),
    ],
)  # fmt: skip
def test_a_program_is_told_in_english_unless_it_asks_for_dutch(town, client, asked, language, said):
    _, token = Token.issue(application=town.application, name="nacht", by=town.an)
    body = {"application": "meldingen", "cardDigest": "0" * 64, "evidence": [], "fingerprints": {}}
    headers = {"Authorization": f"Bearer {token}", **asked}
    answer = client.post("/api/v1/measurements", body, content_type="application/json", headers=headers)
    assert answer.status_code == 409 and answer["Content-Language"] == language
    assert said in answer.json()["detail"] and "Accept-Language" in answer["Vary"]
