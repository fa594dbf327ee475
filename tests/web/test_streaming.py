"""The stream of the register: others can follow it, miss nothing, and learn what is gone; and nobody's name is in it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pyshacl import validate
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF, XSD
from test_publishing import PARTS, published
from test_register import more

from conftest import card
from vangrail.exports.linked_data import ACTIVITY, LDES, TREE
from vangrail.web.applications import acts as applications
from vangrail.web.publishing import acts
from vangrail.web.register import streaming

pytestmark = pytest.mark.django_db
STREAM = URIRef("http://testserver/ldes#stroom")
IT = URIRef("http://testserver/register/voorbeeld/meldingen/#toepassing")
FORMS = {"ttl": "turtle", "jsonld": "json-ld"}


@pytest.fixture
def public(town):
    """One public application."""
    applications.declare(application=town.application, card=card(**PARTS), by=town.an)
    published(town)
    return town


def read(client, place):
    """A page of the stream as a graph."""
    answer = client.get(place)
    assert answer.status_code == 200, place
    text = b"".join(answer.streaming_content).decode()
    return Graph().parse(data=text, format=FORMS[place.rsplit(".")[-1]])


def followed(client, form="ttl"):
    """Everything that a follower finds, from the root on."""
    root = read(client, f"/ldes.{form}")
    found = Graph()
    for node in set(root.objects(None, TREE.node)):
        found += read(client, str(node).removeprefix("http://testserver"))
    return root, found


def kept(found):
    """What a follower has at the end: for each application the version that counts, if any."""
    last = {}
    for member in found.objects(STREAM, TREE.member):
        at = found.value(member, DCTERMS.created).toPython()
        it = found.value(member, DCTERMS.isVersionOf)
        if it not in last or last[it][0] < at:
            last[it] = (at, member)
    return {it: member for it, (_, member) in last.items() if (member, RDF.type, ACTIVITY.Delete) not in found}


@pytest.mark.parametrize("form", FORMS)
def test_the_root_says_what_it_is_and_where_its_pages_are(public, client, form):
    root, found = followed(client, form)
    assert (STREAM, RDF.type, LDES.EventStream) in root
    assert root.value(STREAM, TREE.view) == URIRef(f"http://testserver/ldes.{form}")
    assert root.value(STREAM, LDES.timestampPath) == DCTERMS.created
    assert root.value(STREAM, LDES.versionOfPath) == DCTERMS.isVersionOf
    assert root.value(STREAM, LDES.versionDeleteObject) == ACTIVITY.Delete
    (relation,) = root.objects(None, TREE.relation)
    assert root.value(relation, RDF.type) == TREE.GreaterThanOrEqualToRelation
    assert (
        root.value(relation, TREE.path) == DCTERMS.created and root.value(relation, TREE.value).datatype == XSD.dateTime
    )
    (member,) = found.objects(STREAM, TREE.member)
    assert (member, RDF.type, ACTIVITY.Create) in found and found.value(member, DCTERMS.isVersionOf) == IT


def test_both_forms_say_the_same(public, client):
    members = [sorted(followed(client, form)[1].objects(STREAM, TREE.member)) for form in FORMS]
    assert members[0] == members[1] != []


def test_each_version_is_a_member_that_stays_as_it_is(public, client):
    _, before = followed(client)
    applications.declare(application=public.application, card=card(**{**PARTS, "summary": "Nu anders."}), by=public.an)
    published(public)
    _, after = followed(client)
    first, second = sorted(after.objects(STREAM, TREE.member))
    assert (first, RDF.type, ACTIVITY.Create) in after and (second, RDF.type, ACTIVITY.Update) in after
    assert after.value(second, DCTERMS.description) == Literal("Nu anders.", lang="nl")
    assert all(triple in after for triple in before), "what was there is unchanged"
    assert kept(after) == {IT: second}


def test_a_withdrawal_says_only_what_is_gone_and_takes_the_words_away(public, client):
    acts.withdraw(application=public.application, by=public.fons, reasons="Er stond een naam in de tekst.")
    _, found = followed(client)
    (member,) = found.objects(STREAM, TREE.member)
    assert (member, RDF.type, ACTIVITY.Delete) in found and kept(found) == {}
    assert set(found.predicates(member)) == {RDF.type, DCTERMS.created, DCTERMS.isVersionOf}
    text = found.serialize(format="turtle")
    assert "computer" not in text and "naam in de tekst" not in text
    published(public)
    _, again = followed(client)
    (now,) = kept(again).values()
    assert (now, RDF.type, ACTIVITY.Create) in again, "it begins anew"


def test_nobody_is_named(public, client):
    _, found = followed(client)
    text = found.serialize(format="turtle")
    assert not [name for name in ("An", "Bram", "Els", "Fons") if f'"{name}' in text or f" {name} " in text]


def test_every_member_has_the_shape_that_is_published(public, client):
    more(public, 2, themes=["soci"])
    acts.withdraw(application=public.application, by=public.fons, reasons="Dit is niet meer nodig.")
    root, found = followed(client)
    place = str(root.value(STREAM, TREE.shape)).split("#")[0].removeprefix("http://testserver")
    shapes = Graph().parse(
        data=client.get(place).content.decode(), format="turtle", publicID=f"http://testserver{place}"
    )
    conforms, _, said = validate(found, shacl_graph=shapes)
    assert conforms, said
    found.remove((next(found.subjects(RDF.type, ACTIVITY.Create)), DCAT.contactPoint, None))
    assert not validate(found, shacl_graph=shapes)[0]


# --- pages ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def small(monkeypatch):
    """Pages of two, closed at once."""
    monkeypatch.setattr(streaming, "PER_PAGE", 2)
    monkeypatch.setattr(streaming, "SETTLED", timedelta())


def test_a_full_page_is_closed_and_never_changes(public, client, small):
    more(public, 2)
    closed, opened = (client.get(f"/ldes/{n}.ttl") for n in (1, 2))
    assert "immutable" in closed["Cache-Control"] and "immutable" not in opened["Cache-Control"]
    before = b"".join(closed.streaming_content)
    assert b"ldes#immutable" in before and b"ldes#immutable" not in b"".join(opened.streaming_content)
    more(public, 2, start=2)
    again = client.get("/ldes/1.ttl")
    assert b"".join(again.streaming_content) == before and again["ETag"] == closed["ETag"]
    assert client.get("/ldes/1.ttl", headers={"If-None-Match": closed["ETag"]}).status_code == 304
    assert client.get("/ldes/2.ttl")["ETag"] != opened["ETag"]
    assert client.get("/ldes/4.ttl").status_code == client.get("/ldes/0.ttl").status_code == 404


def test_the_root_gives_each_page_its_time(public, client, small):
    more(public, 4)
    root, found = followed(client)
    bounds = {}
    for relation in root.objects(None, TREE.relation):
        node = str(root.value(relation, TREE.node))
        bounds.setdefault(node, {})[root.value(relation, RDF.type)] = root.value(relation, TREE.value).toPython()
    assert sorted(len(b) for b in bounds.values()) == [1, 2, 2], "the last page is open, so it has no end"
    for node, bound in bounds.items():
        page = read(client, node.removeprefix("http://testserver"))
        times = [page.value(m, DCTERMS.created).toPython() for m in page.objects(STREAM, TREE.member)]
        assert min(times) == bound[TREE.GreaterThanOrEqualToRelation]
        assert TREE.LessThanOrEqualToRelation not in bound or max(times) == bound[TREE.LessThanOrEqualToRelation]
    assert len(set(found.objects(STREAM, TREE.member))) == 5


def test_what_is_withdrawn_leaves_a_closed_page_too_and_moves_nothing(public, client, small):
    more(public, 3)
    acts.withdraw(application=public.application, by=public.fons, reasons="Dit is niet meer nodig.")
    first = read(client, "/ldes/1.ttl")
    assert len(set(first.objects(STREAM, TREE.member))) == 1
    _, found = followed(client)
    assert len(kept(found)) == 3


def test_a_page_is_not_closed_while_a_transaction_of_before_can_end(public, client, monkeypatch):
    monkeypatch.setattr(streaming, "PER_PAGE", 1)
    assert "immutable" not in client.get("/ldes/1.ttl")["Cache-Control"]
    later = timezone.now() + timedelta(minutes=3)
    monkeypatch.setattr(streaming.timezone, "now", lambda: later)
    assert "immutable" in client.get("/ldes/1.ttl")["Cache-Control"]


def test_an_empty_register_has_a_stream_too(client, db):
    root, found = followed(client)
    assert (STREAM, RDF.type, LDES.EventStream) in root and len(found) == 0


def test_the_entry_point_gives_what_is_preferred(client, db):
    for wanted, form in (
        ("application/ld+json", "jsonld"),
        ("text/turtle", "ttl"),
        ("*/*", "ttl"),
        ("text/html", "ttl"),
    ):
        answer = client.get("/ldes", headers={"Accept": wanted})
        assert answer.status_code == 303 and answer["Location"] == f"/ldes.{form}" and "Accept" in answer["Vary"]


def test_the_number_of_queries_does_not_grow_with_the_members(public, client, django_assert_num_queries):
    more(public, 3)
    with django_assert_num_queries(2):
        client.get("/ldes.ttl")
    with django_assert_num_queries(3):
        read(client, "/ldes/1.ttl")
    more(public, 12, start=3)
    with django_assert_num_queries(2):
        client.get("/ldes.ttl")
    with django_assert_num_queries(3):
        read(client, "/ldes/1.ttl")


def test_the_catalogue_names_the_stream_and_the_api(public, client):
    found = Graph().parse(data=b"".join(client.get("/catalogus.ttl").streaming_content).decode(), format="turtle")
    (service,) = found.subjects(RDF.type, DCAT.DataService)
    described = str(found.value(service, DCAT.endpointDescription)).removeprefix("http://testserver")
    assert client.get(described).json()["openapi"].startswith("3.1")
    for distribution in found.objects(STREAM, DCAT.distribution):
        place = str(found.value(distribution, DCAT.accessURL)).removeprefix("http://testserver")
        assert (STREAM, RDF.type, LDES.EventStream) in read(client, place)
