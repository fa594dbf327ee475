"""What the columns of a file mean is asked in words, and stands on the card without a line of YAML."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import person
from vangrail.model.vocabulary import MemberRole as R
from vangrail.web.applications import measuring
from vangrail.web.applications.models import Draft
from vangrail.web.managing import data_files
from vangrail.web.registering import acts

PLACE = "/werk/voorbeeld/toepassingen/meldingen/bestanden/beslissingen.csv/kolommen/"
SAID = {"key": "nummer", "advice": "advies", "advice_yes": "1", "favourable": "yes", "protected": ["wijk"]}


@pytest.fixture
def file(town):
    """Sixty decisions: in the centre 20 of 30 get a favourable advice, in the suburb 12 of 30."""
    rows = [f"{i},{int(i % 30 < (20 if i < 30 else 12))},{'centrum' if i < 30 else 'rand'}" for i in range(60)]
    content = "\n".join(["nummer,advies,wijk", *rows]).encode()
    return data_files.put(
        application=town.application, file=SimpleUploadedFile("beslissingen.csv", content), by=town.an
    )


def test_from_a_file_to_a_figure_without_yaml(town, as_, file):
    assert as_(town.an).post(PLACE, SAID).status_code == 302
    draft = Draft.objects.get(application=town.application)
    card = acts.card_in(draft)
    assert card["datasets"]["beslissingen"]["source"] == "data/beslissingen.csv"
    assert card["datasets"]["beslissingen"]["columns"]["wijk"] == {"type": "text"}
    assert card["decision_log"]["advice"] == {"column": "advies", "positive": ["1"]}
    acts.declare(draft=draft, by=town.an, note="De gegevens staan erbij.")
    measuring.measure(town.application, by=town.an, environment={}, progress=lambda _: None)
    found = {e.check_id: e.content for e in town.application.evidencetakens.all()}
    assert float(found["selection-rate-difference"]["outcome"]["value"]) == pytest.approx(100 * 8 / 30)


def test_dates_with_the_day_first_are_known_as_dates(town, as_):
    """As Excel writes them; months first could be either, so 03/31/2026 stays a text."""
    rows = [f"{i},{1 + i % 28:02}/03/2026,{1 + i % 28:02}-03-2026 10:30,03/{1 + i % 28:02}/2026" for i in range(60)]
    content = "\n".join(["nummer,dag,moment,anders", *rows]).encode()
    data_files.put(application=town.application, file=SimpleUploadedFile("beslissingen.csv", content), by=town.an)
    as_(town.an).post(PLACE, {"key": "nummer"})
    columns = acts.card_in(Draft.objects.get(application=town.application))["datasets"]["beslissingen"]["columns"]
    assert columns["dag"] == {"type": "date", "format": "%d/%m/%Y"}
    assert columns["moment"] == {"type": "datetime", "format": "%d-%m-%Y %H:%M"}
    assert columns["anders"] == {"type": "text"}


def test_a_second_time_changes_the_same_table(town, as_, file):
    as_(town.an).post(PLACE, SAID)
    as_(town.an).post(PLACE, SAID | {"protected": []})
    card = acts.card_in(Draft.objects.get(application=town.application))
    assert list(card["datasets"]) == ["beslissingen"] and "protected" not in card["decision_log"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"advice_yes": "ja"}, "staat nergens wat je opgaf"),
        ({"advice_yes": ""}, "Vul in wat daar"),
        ({"favourable": ""}, "Kies een van de twee"),
        ({"advice": "", "advice_yes": ""}, "Kies eerst de kolom met het advies"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field(town, as_, file, change, told):
    answer = as_(town.an).post(PLACE, SAID | change)
    assert answer.status_code == 200 and told in answer.content.decode()
    assert not Draft.objects.exists()


def test_only_who_edits_the_card_and_only_a_file_that_is_there(town, as_, file):
    assert as_(town.an).get(PLACE.replace("beslissingen", "ander")).status_code == 404
    assert as_(person("Rik", town.organisation, R.READER)).get(PLACE).status_code == 403
