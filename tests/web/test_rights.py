"""Who may do what is one table: every role is walked over every address, and nobody sees another organisation."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from vangrail.model.vocabulary import MemberRole
from vangrail.web.applications.models import Application, NoOrganisation
from vangrail.web.organisations.rights import RIGHTS, Act


def patterns(found=None, before=""):
    """Every address of ours: its pattern and its view."""
    for p in (found or get_resolver()).url_patterns:
        if isinstance(p, URLResolver):
            yield from patterns(p, before + str(p.pattern))
        elif isinstance(p, URLPattern):
            yield before + str(p.pattern), p


OURS = [(place, p) for place, p in patterns() if not place.startswith(("aanmelden/", "api/"))]
WORK = [(place, p) for place, p in OURS if place.startswith("werk/<slug:organisation>/")]


def test_every_view_says_who_may():
    silent = [place for place, p in OURS if not hasattr(p.callback, "act")]
    assert not silent, "wrap it in members_only, signed_in or anyone"


def test_every_address_of_the_workspace_is_for_members():
    assert all(isinstance(p.callback.act, Act) for _, p in WORK)


def filled(place, town):
    """The address with the town's own things in it; a number that is nobody's where it asks one."""
    values = {"organisation": town.organisation.slug, "application": town.application.slug, "requirement": "dem-1"}
    return "/" + re.sub(r"<(?:(\w+):)?(\w+)>", lambda m: values.get(m[2], "1" if m[1] == "int" else "x"), place)


@pytest.mark.django_db
@pytest.mark.parametrize(("place", "p"), WORK, ids=[place for place, _ in WORK])
def test_each_role_gets_what_the_table_says(place, p, town, client):
    from conftest import person

    for role in MemberRole:
        who = person(f"Z{role.value}", town.organisation, role)
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        for method in (client.get, client.post):
            status = method(filled(place, town)).status_code
            if role in RIGHTS[p.callback.act]:
                assert status != 403, f"{role} may {p.callback.act}"
            else:
                assert status == 403, f"{role} may not {p.callback.act}"


@pytest.mark.django_db
@pytest.mark.parametrize(("place", "p"), WORK, ids=[place for place, _ in WORK])
def test_nobody_sees_another_organisation(place, p, town, dirk, as_):
    browser = as_(dirk)
    assert browser.get(filled(place, town)).status_code == 404
    assert browser.post(filled(place, town)).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(("place", "p"), WORK, ids=[place for place, _ in WORK])
def test_who_is_not_signed_in_is_asked_to(place, p, town, client):
    answer = client.get(filled(place, town))
    assert answer.status_code == 302 and answer["Location"].startswith("/aanmelden/")


def test_a_query_that_names_no_organisation_stops():
    with pytest.raises(NoOrganisation):
        Application.objects.all()
