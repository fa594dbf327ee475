"""The dossier as a file, from the same core as the command line."""

import json

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("kind", "start"), [("html", b"<!DOCTYPE html>"), ("pdf", b"%PDF"), ("json", b"{")])
def test_the_dossier_is_handed_over_as_a_file(town, as_, kind, start):
    answer = as_(town.an).get(f"/werk/voorbeeld/toepassingen/meldingen/dossier/{kind}/")
    assert answer.status_code == 200 and answer.content.lstrip().startswith(start)
    assert answer["Content-Disposition"].startswith('attachment; filename="meldingen-')


def test_the_json_is_the_contract(town, as_):
    answer = as_(town.an).get("/werk/voorbeeld/toepassingen/meldingen/dossier/json/")
    assert json.loads(answer.content)["vangrail"] == "assessment/1"


def test_another_kind_is_not_there(town, as_):
    assert as_(town.an).get("/werk/voorbeeld/toepassingen/meldingen/dossier/exe/").status_code == 404
