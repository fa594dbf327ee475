"""The API: the register to read, and measurements that a pipeline pushes with a token of one application."""

import json

import pytest
from django.utils import timezone

from conftest import card
from vangrail import checks
from vangrail.assessment import measuring as core
from vangrail.assessment import storing
from vangrail.cards.sources import sources
from vangrail.model.card import RECORDS
from vangrail.tables import open_table
from vangrail.web.api.api import api
from vangrail.web.api.models import Token
from vangrail.web.applications import acts, assessing, measuring

pytestmark = pytest.mark.django_db

ROWS = "id,wijk\n" + "\n".join(f"{i},noord" for i in range(60))


@pytest.fixture
def pushed(town, tmp_path):
    """What a pipeline would send."""
    return measured_elsewhere(town, tmp_path)


def measured_elsewhere(town, tmp_path, **parts):
    """Figures about data that lie in another folder, with the card that the site has."""
    with_data = card(datasets={"log": {"source": "log.csv", "key": ["id"], "columns": {"id": {}}}}, **parts)
    acts.declare(application=town.application, card=with_data, by=town.an)
    (tmp_path / "log.csv").write_text(ROWS, encoding="utf-8")
    run = core.measure(
        with_data,
        checks.checks(),
        checks.plan(with_data),
        open_table=lambda name, dataset: open_table(name, dataset, folder=tmp_path, environment={}),
        open_predictor=None,
        sources=sources(with_data, folder=tmp_path, records=()),
        on=timezone.localdate(),
        at=timezone.now().replace(microsecond=0),
        by="test",
    )
    return {
        "application": "meldingen",
        "cardDigest": town.application.version.digest,
        "evidence": [storing.to_body(e) for e in run.evidence if not e.measurement.dataset.startswith(RECORDS)],
        "fingerprints": {
            name: {"algorithm": f.algorithm, "content": f.content, "rows": f.rows, "bytesSha256": f.bytes_sha256}
            for name, f in run.fingerprints.items()
            if not name.startswith(RECORDS)
        },
    }


def push(client, body, token):
    return client.post(
        "/api/v1/measurements",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )


@pytest.fixture
def token(town):
    return Token.issue(application=town.application, name="nacht", by=town.an)[1]


def test_what_a_pipeline_measured_decides_the_board(town, client, pushed, token):
    answer = push(client, pushed, token)
    assert answer.status_code == 201 and answer.json()["new"] == len(pushed["evidence"]) > 3
    board = assessing.assess(town.application, on=timezone.localdate()).board
    assert board.line("dat-5").verdict == "met"
    assert push(client, pushed, token).json()["new"] == 0, "the same figures are no news"


def test_data_that_lie_elsewhere_are_not_looked_at_from_here(town, client, pushed, token):
    push(client, pushed, token)
    measuring.look(town.application, environment={})
    assert assessing.assess(town.application, on=timezone.localdate()).board.line("dat-5").verdict == "met"


def test_another_card_is_refused_and_nothing_is_kept(town, client, pushed, token):
    answer = push(client, pushed | {"cardDigest": "0" * 64}, token)
    assert answer.status_code == 409 and answer["Content-Type"] == "application/problem+json"
    assert "not the card on the site" in answer.json()["detail"] and not town.application.evidencetakens.exists()


def test_another_application_is_refused(town, client, pushed, token):
    answer = push(client, pushed | {"application": "leesbrief"}, token)
    assert answer.status_code == 409 and "of another application: 'meldingen'" in answer.json()["detail"]


def test_a_check_of_another_version_is_refused(town, client, pushed, token):
    """What an older program measured would be stale at once, and take the place of what is not."""
    body = json.loads(json.dumps(pushed))
    body["evidence"][0]["measurement"]["version"] += 1
    answer = push(client, body, token)
    assert answer.status_code == 409 and "otherwise than this site plans" in answer.json()["detail"]
    assert not town.application.evidencetakens.exists()


def test_figures_about_records_are_not_taken_from_outside(town, client, tmp_path, token):
    """The pipeline has no objections; the site can have some, and a check is planned on them."""
    body = measured_elsewhere(
        town, tmp_path, phase="operate", contact={"object": "bezwaar@voorbeeld.be", "term_days": 20}
    )
    place = f"{RECORDS}objection"
    assert place in {m.dataset for m in checks.plan(assessing.card_of(town.application))}
    fingerprints = body["fingerprints"] | {place: body["fingerprints"]["log"]}
    assert push(client, body | {"fingerprints": fingerprints}, token).status_code == 409
    assert not town.application.sources_seen.exists()


def test_a_figure_that_nothing_plans_is_refused_with_all_the_others(town, client, pushed, token):
    body = json.loads(json.dumps(pushed))
    body["evidence"][0]["measurement"]["subject"] = "iets anders"
    assert push(client, body, token).status_code == 409
    assert not town.application.evidencetakens.exists()


@pytest.mark.parametrize("evidence", [{}, {"measurement": 1}, {"outcome": "goed"}])
def test_a_figure_in_another_form_is_refused(client, pushed, token, evidence):
    assert push(client, pushed | {"evidence": [evidence]}, token).status_code == 409


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [
        ("outcome", "value", "nan"),
        ("outcome", "value", float("inf")),
        ("", "measured_by", "a\0b"),
        ("", "measured_by", "a\ud800b"),
    ],
)
def test_what_no_database_keeps_is_refused(town, client, pushed, token, part, key, value):
    """PostgreSQL refuses a zero character, and half a character, where SQLite keeps them."""
    body = json.loads(json.dumps(pushed))
    one = next(e for e in body["evidence"] if "value" in e["outcome"])
    (one[part] if part else one)[key] = value
    answer = push(client, body, token)
    assert answer.status_code == 409 and "is not in the form" in answer.json()["detail"]
    assert not town.application.evidencetakens.exists()


def test_a_figure_from_the_future_is_refused(client, pushed, token):
    body = json.loads(json.dumps(pushed))
    body["evidence"][0]["measured_at"] = "2099-01-01T00:00:00+00:00"
    assert "future" in push(client, body, token).json()["detail"]


def test_a_token_opens_nothing_once_it_is_taken_back(town, client, pushed, token):
    Token.objects.update(ended_at=timezone.now())
    answer = push(client, pushed, token)
    assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Bearer"
    assert push(client, pushed, "").status_code == push(client, pushed, "vgr_anders").status_code == 401


def test_a_token_is_shown_once_and_kept_as_a_digest(town, as_):
    browser = as_(town.an)
    text = browser.post("/werk/voorbeeld/toepassingen/meldingen/sleutels/nieuw/", {"name": "nacht"}).content.decode()
    shown = text.split('<pre tabindex="0">')[1].split("<")[0]
    assert Token.of(shown) is not None and shown not in str(list(Token.objects.values()))
    assert shown not in browser.get("/werk/voorbeeld/toepassingen/meldingen/sleutels/").content.decode()


def test_the_register_is_read_page_by_page(client):
    answer = client.get("/api/v1/applications?pageSize=2").json()
    assert answer["items"] == [] and answer["total"] == 0 and answer["self"].endswith("pageSize=2&after=0")
    assert client.get("/api/v1/applications?pageSize=0").status_code == 400
    missing = client.get("/api/v1/applications/voorbeeld/meldingen")
    assert missing.status_code == 404 and missing.json()["type"] == "urn:problem-type:belgif:resourceNotFound"


def test_the_description_is_an_openapi_description(client):
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1") and "/api/v1/measurements" in described["paths"]
    assert described == json.loads(json.dumps(api.get_openapi_schema(), default=str))


def test_facts_that_the_law_cannot_read_are_refused_before_they_are_on_the_card(town):
    from vangrail.model.errors import VangrailError

    with pytest.raises(VangrailError):
        acts.declare(application=town.application, card=card(facts={"is_ai": "misschien"}), by=town.an)
    assert town.application.version.number == 1
