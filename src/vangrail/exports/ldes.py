"""The history of the register as a Linked Data Event Stream (LDES 1.0, SEMIC), so that others can follow it and miss nothing.

A member is one published version, or a withdrawal: then it says only what is gone. The root names the pages with the time that
each of them holds; a page that is full never gets another member. What was withdrawn is left out of a page of before: whoever has
it learns by the withdrawal that it is gone. Terms: semiceu.github.io/LinkedDataEventStreams/releases/1.0.0/vocabulary.html.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, XSD

from vangrail.exports.linked_data import ACTIVITY, LDES, TREE, Triple, application_uri, described
from vangrail.exports.register import LICENCE
from vangrail.model.vocabulary import StreamEvent

SHAPE = Path(__file__).parent / "schema" / "ldes-member.shacl.ttl"
_ACTIVITIES = {
    StreamEvent.CREATED: ACTIVITY.Create,
    StreamEvent.UPDATED: ACTIVITY.Update,
    StreamEvent.DELETED: ACTIVITY.Delete,
}


@dataclass(frozen=True, kw_only=True)
class Member:
    """Something that happened to a public page.

    at           when; with a time zone
    page         the address of the page
    number       of the publication; of the last one that it takes away, for a withdrawal
    content      what was published; none for a withdrawal, and for what was withdrawn since
    """

    event: StreamEvent
    at: datetime
    page: str
    organisation: str
    number: int
    content: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """A page of the stream: its address, and the first and last moment on it. `last` is none while more can come."""

    address: str
    first: datetime
    last: datetime | None


def root(places: Sequence[Place], *, stream: str, address: str, shape: str) -> Iterator[Triple]:
    """The root of the stream: what it is, and where its pages are.

    stream    what stands for the stream, in every form alike
    address   that of the root itself, in this form
    """
    it, here = URIRef(stream), URIRef(address)
    yield it, RDF.type, LDES.EventStream
    yield (
        it,
        DCTERMS.title,
        Literal("Openbaar register van AI-toepassingen: alles wat gepubliceerd en ingetrokken is", lang="nl"),
    )
    yield it, DCTERMS.license, URIRef(LICENCE)
    yield it, LDES.timestampPath, DCTERMS.created
    yield it, LDES.versionOfPath, DCTERMS.isVersionOf
    for kind, event in (
        ("Create", StreamEvent.CREATED),
        ("Update", StreamEvent.UPDATED),
        ("Delete", StreamEvent.DELETED),
    ):
        yield it, LDES[f"version{kind}Path"], RDF.type
        yield it, LDES[f"version{kind}Object"], _ACTIVITIES[event]
    yield it, TREE.shape, URIRef(shape)
    yield it, TREE.view, here
    yield here, RDF.type, TREE.Node
    for number, place in enumerate(places, start=1):
        yield from _relation(
            here, URIRef(f"{address}#vanaf-{number}"), TREE.GreaterThanOrEqualToRelation, place, place.first
        )
        if place.last:
            yield from _relation(
                here, URIRef(f"{address}#tot-{number}"), TREE.LessThanOrEqualToRelation, place, place.last
            )


def page(members: Sequence[Member], *, stream: str, address: str, closed: bool) -> Iterator[Triple]:
    """One page, its members in the order of time."""
    here = URIRef(address)
    yield here, RDF.type, TREE.Node
    if closed:
        yield here, LDES.immutable, Literal(True)
    for member in members:
        yield from _member(member, stream=URIRef(stream))


def _relation(root: URIRef, relation: URIRef, kind: URIRef, place: Place, at: datetime) -> Iterator[Triple]:
    yield root, TREE.relation, relation
    yield relation, RDF.type, kind
    yield relation, TREE.path, DCTERMS.created
    yield relation, TREE.value, _moment(at)
    yield relation, TREE.node, URIRef(place.address)


def _member(member: Member, *, stream: URIRef) -> Iterator[Triple]:
    if member.event is StreamEvent.DELETED:
        it = URIRef(f"{member.page}#intrekking-{member.number}")
    elif member.content is None:
        return
    else:
        at = f"{member.page}versies/{member.number}/"
        it = application_uri(at)
    yield stream, TREE.member, it
    yield it, RDF.type, _ACTIVITIES[member.event]
    yield it, DCTERMS.isVersionOf, application_uri(member.page)
    yield it, DCTERMS.created, _moment(member.at)
    if member.content is not None:
        yield from described(member.content, at=at, page=member.page, organisation=member.organisation)


def _moment(at: datetime) -> Literal:
    return Literal(at.isoformat(), datatype=XSD.dateTime)
