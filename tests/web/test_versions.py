"""A version never changes: any two can be compared, and the card can be shown as it was on a day."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from conftest import card
from vangrail.cards.writing import card_text
from vangrail.model.card import Card
from vangrail.web.applications import acts
from vangrail.web.applications.models import CardVersion

pytestmark = pytest.mark.django_db
BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.fixture
def three(town):
    """Three versions: of 1, 3 and 9 May 2026; the second late in the evening."""
    acts.declare(application=town.application, card=card(summary="Tweede."), by=town.an, note="Samenvatting erbij.")
    acts.declare(application=town.application, card=card(summary="Derde.", affected=[{"who": "Inwoners"}]), by=town.els)
    moments = ((1, datetime(2026, 5, 1, 9, tzinfo=BRUSSELS)), (2, datetime(2026, 5, 3, 23, 59, 59, tzinfo=BRUSSELS)),
               (3, datetime(2026, 5, 9, 9, tzinfo=BRUSSELS)))  # fmt: skip
    for number, moment in moments:
        CardVersion.objects.filter(number=number).update(at=moment)
    return town


def address(name, *args):
    """The address of a page about the application."""
    return reverse(name, args=["voorbeeld", "meldingen", *args])


@pytest.mark.parametrize(
    ("on", "number"), [("2026-05-01", 1), ("2026-05-02", 1), ("2026-05-03", 2), ("2026-05-08", 2), ("2026-12-31", 3)]
)
def test_as_it_was_on_a_day(three, as_, on, number):
    answer = as_(three.bram).get(address("versions"), {"op": on})
    assert answer["Location"] == f"{address('version', number)}?op={on}"
    page = as_(three.bram).get(answer["Location"]).content.decode()
    assert "Zo was de kaart op" in page and ("Tweede." in page) == (number == 2)


def test_before_the_first_version_there_was_no_card(three, as_):
    page = as_(three.bram).get(address("versions"), {"op": "2026-04-30"}).content.decode()
    assert "Toen was er nog geen kaart" in page and "1 mei 2026" in page


def test_two_versions_side_by_side_in_words(three, as_):
    page = as_(three.bram).get(address("compare_versions"), {"van": 1, "tot": 3}).content.decode()
    assert "Wat doet ze?" in page and "Derde." in page and "Wie merkt er iets van › Inwoners" in page
    assert page.count("change-added") == 2, "the summary and who is affected"
    back = as_(three.bram).get(address("compare_versions"), {"van": 3, "tot": 2}).content.decode()
    assert "change-changed" in back and "change-removed" in back


@pytest.mark.parametrize("asked", [{}, {"van": "x", "tot": "1"}, {"van": 1, "tot": 99}])
def test_versions_that_are_not_there_lead_back_to_the_list(three, as_, asked):
    assert as_(three.bram).get(address("compare_versions"), asked)["Location"] == address("versions")


def test_a_version_is_downloaded_as_a_card_that_reads_back_the_same(three, as_, tmp_path):
    from vangrail.cards import read_application

    answer = as_(three.bram).get(address("version_yaml", 2))
    assert answer["Content-Disposition"] == 'attachment; filename="card.yaml"'
    (tmp_path / "card.yaml").write_bytes(answer.content)
    found = read_application(tmp_path)
    assert found.digest == CardVersion.objects.get(number=2).digest


def test_a_text_in_yaml_survives_what_people_type():
    hard = {"vangrail": 1, "id": "x", "name": "ja: nee #1 'é' \"q\"\n- twee\n", "organisation": {"name": "no"}, "phase": "idea",
            "summary": "{% raw %} & *a !x\ttab", "sdg": ["1.0", "null"]}  # fmt: skip
    from pathlib import Path

    from vangrail.cards.located import read_text

    assert read_text(card_text(hard), file=Path("card.yaml")).values == hard
    Card.model_validate(hard)


def test_a_version_that_is_not_there_is_not_found(three, as_):
    assert as_(three.bram).get(address("version", 9)).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_versions(three, as_):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser, counts = as_(three.bram), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            browser.get(address("versions"))
        counts.append(len(queries))
        for n in range(27):
            acts.declare(application=three.application, card=card(summary=f"Nog {n}."), by=three.an)
    assert counts[0] == counts[1]
