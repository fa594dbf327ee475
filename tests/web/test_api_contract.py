"""The API does what its description says: schemathesis makes up requests from the OpenAPI, right ones and wrong ones."""

import json
from contextlib import contextmanager

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from pydantic.alias_generators import to_camel
from test_api import measured_elsewhere, push
from test_publishing import PARTS, published

from vangrail.model.vocabulary import Verdict
from vangrail.web.api.models import Token
from vangrail.web.applications import assessing
from vangrail.web.wsgi import application

pytestmark = pytest.mark.django_db
described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
for path in described.raw_schema["paths"].values():
    for operation in path.values():
        del operation["responses"]["default"]  # with it, no answer would be undocumented
ONE = "/api/v1/applications/voorbeeld/meldingen"


@contextmanager
def in_the_transaction_of_the_test():
    """A server ends a request with its connection, in which the transaction of a test lives; Django's own client does as this."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@pytest.fixture
def public(town, client, tmp_path):
    """One application in the register, with figures that a pipeline pushed."""
    body = measured_elsewhere(town, tmp_path, **PARTS, phase="operate")
    push(client, body, Token.issue(application=town.application, name="eerst", by=town.an)[1])
    assessing.refresh(town.application)
    published(town)
    return town


@pytest.fixture
def token(public):
    """What opens it to a pipeline."""
    return Token.issue(application=public.application, name="nacht", by=public.an)[1]


@described.parametrize()
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_described(case, token):
    with in_the_transaction_of_the_test():
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"} if case.method == "POST" else None)


def test_an_application_is_as_described_with_nothing_left_out(public, client):
    operation = described["/api/v1/applications/{organisation}/{application}"]["GET"]
    case = operation.Case(path_parameters={"organisation": "voorbeeld", "application": "meldingen"})
    with in_the_transaction_of_the_test():
        said = case.call_and_validate().json()
    file = json.loads(b"".join(client.get("/register/voorbeeld/meldingen.json").streaming_content))
    file["address"] = said["address"]  # schemathesis asks it at another host
    file["now"]["changed_at"] = said["now"]["changedAt"]  # to the millisecond
    file["publication"]["at"] = said["publication"]["at"]
    assert said.pop("self").endswith(ONE) and said["figures"]
    assert said == in_the_style_of_the_guide(file)


def in_the_style_of_the_guide(value):
    """Names in lowerCamelCase, and no nulls; a verdict is no name."""
    if isinstance(value, dict):
        kept = {k: in_the_style_of_the_guide(v) for k, v in value.items() if v is not None}
        return {k if k in list(Verdict) else to_camel(k): v for k, v in kept.items()}
    return [in_the_style_of_the_guide(v) for v in value] if isinstance(value, list) else value


# --- the Belgian REST guide --------------------------------------------------------------------------------------------
def test_every_answer_has_a_trace_of_its_own_and_names_that_of_the_question(client):
    answer = client.get("/api/v1/health", headers={"BelGov-Trace-Id": "abc-123"})
    assert len(answer["BelGov-Trace-Id"]) == 36 and answer["BelGov-Related-Trace-Id"] == "abc-123"
    assert answer["BelGov-Trace-Id"] != client.get("/api/v1/health")["BelGov-Trace-Id"]
    for hostile in ("x" * 37, "a b", "é"):
        assert "BelGov-Related-Trace-Id" not in client.get("/api/v1/health", headers={"BelGov-Trace-Id": hostile})
    assert "BelGov-Trace-Id" not in client.get("/"), "pages are for people"


@pytest.mark.parametrize(
    ("method", "place", "status", "kind"),
    [
        ("get", "/api/v1/applications?pageSize=0", 400, "belgif:badRequest"),
        ("get", "/api/v1/applications/voorbeeld/onbekend", 404, "belgif:resourceNotFound"),
        ("get", "/api/v1/iets", 404, "belgif:resourceNotFound"),
        ("get", "/api/v2/applications", 404, "belgif:resourceNotFound"),
        ("delete", "/api/v1/applications", 405, "vangrail:methodNotAllowed"),
        ("post", "/api/v1/measurements", 401, "belgif:noAccessToken"),
    ],
)
def test_every_refusal_is_a_problem_that_can_be_named(client, method, place, status, kind):
    answer = getattr(client, method)(place)
    said = answer.json()
    assert answer.status_code == status == said["status"] and answer["Content-Type"] == "application/problem+json"
    assert said["type"] == f"urn:problem-type:{kind}" and said["title"] and said["detail"]
    assert said["instance"] == f"urn:uuid:{answer['BelGov-Trace-Id']}"
    assert status != 405 or answer["Allow"] == "GET"


def test_a_problem_says_where_and_never_repeats_what_was_sent(client, token):
    answer = client.post(
        "/api/v1/measurements",
        {
            "application": "meldingen",
            "cardDigest": "geheim" * 20,
            "evidence": [],
            "fingerprints": {},
            "rows": ["geheim"],
        },
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    issues = {i["name"]: i["in"] for i in answer.json()["issues"]}
    assert answer.status_code == 400 and issues == {"cardDigest": "body", "rows": "body"}
    assert "geheim" not in answer.content.decode()


def test_a_mistake_of_ours_is_a_problem_without_a_trace_of_the_program(client, monkeypatch):
    monkeypatch.setattr("vangrail.web.api.api.found", lambda asked: 1 / 0)
    client.raise_request_exception = False
    answer = client.get("/api/v1/applications")
    assert answer.status_code == 500 and answer.json()["type"].endswith("internalServerError")
    assert "division" not in answer.content.decode()


def test_what_is_too_large_is_refused_before_it_is_read(client, token):
    answer = client.post(
        "/api/v1/measurements",
        b" " * (12 * 1024 * 1024),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 413 and answer.json()["type"].endswith("payloadTooLarge")


def test_who_has_it_already_is_told_so(public, client):
    for place in ("/api/v1/applications", ONE):
        first = client.get(place)
        again = client.get(place, headers={"If-None-Match": first["ETag"]})
        assert first.status_code == 200 and again.status_code == 304 and not again.content
        assert "max-age" in first["Cache-Control"] and again["BelGov-Trace-Id"]


def test_the_list_keeps_the_question_from_page_to_page(public, client):
    asked = client.get("/api/v1/applications?q=melding&organisation=voorbeeld&phase=operate&pageSize=1").json()
    assert [i["id"] for i in asked["items"]] == ["meldingen"] and asked["total"] == 1 and "next" not in asked
    assert client.get(asked["self"]).json() == asked
    assert client.get("/api/v1/applications?phase=idea").json()["items"] == []
