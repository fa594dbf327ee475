"""The register as a catalogue of open data, by the application profile DCAT-AP Vlaanderen.

One catalogue per installation, one data set per organisation, and a distribution per format. What the profile makes mandatory is
all there; a test holds it to that list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD, Namespace

from vangrail.exports.linked_data import SCHEMA, new_graph, organisation_uri
from vangrail.exports.register import LICENCE

MDCAT = Namespace("https://data.vlaanderen.be/ns/metadata-dcat#")
OPEN_DATA = URIRef("https://metadata.vlaanderen.be/id/GDI-Vlaanderen-Trefwoorden/VLOPENDATA")
PUBLIC = URIRef("http://publications.europa.eu/resource/authority/access-right/PUBLIC")
_MEDIA = {"csv": "text/csv", "json": "application/json", "ttl": "text/turtle", "jsonld": "application/ld+json"}


@dataclass(frozen=True, kw_only=True)
class Body:
    """An organisation with publications.

    address     its list in the register
    formats     format → the address where its part of the register is in that format
    """

    name: str
    address: str
    contact: str
    changed_at: datetime
    formats: dict[str, str]


def catalogue(bodies: Iterable[Body], *, address: str, title: str, publisher: str, contact: str) -> Graph:
    """The catalogue.

    address     that of the page about open data
    publisher   the name of who runs this installation
    """
    graph = new_graph()
    graph.bind("mdcat", MDCAT)
    catalog, by = URIRef(f"{address}#catalogus"), URIRef(f"{address}#uitgever")
    graph.add((by, RDF.type, FOAF.Agent))
    graph.add((by, FOAF.name, Literal(publisher, lang="nl")))
    graph.add((catalog, RDF.type, DCAT.Catalog))
    graph.add((catalog, DCTERMS.title, Literal(title, lang="nl")))
    about = "Welke AI-toepassingen overheden gebruiken, waarvoor, met welke gegevens, en wat metingen tonen."
    graph.add((catalog, DCTERMS.description, Literal(about, lang="nl")))
    graph.add((catalog, DCTERMS.identifier, Literal(str(catalog))))
    graph.add((catalog, DCTERMS.publisher, by))
    graph.add((catalog, DCTERMS.license, URIRef(LICENCE)))
    _contact(graph, catalog, address, contact)
    for body in bodies:
        _dataset(graph, catalog, body)
    return graph


def _dataset(graph: Graph, catalog: URIRef, body: Body) -> None:
    dataset, record = URIRef(f"{body.address}#dataset"), URIRef(f"{body.address}#record")
    modified = Literal(body.changed_at.isoformat(), datatype=XSD.dateTime)
    graph.add((catalog, DCAT.dataset, dataset))
    graph.add((catalog, DCAT.record, record))
    graph.add((record, RDF.type, DCAT.CatalogRecord))
    graph.add((record, DCTERMS.identifier, Literal(str(record))))
    graph.add((record, DCTERMS.modified, modified))
    graph.add((record, FOAF.primaryTopic, dataset))
    graph.add((dataset, RDF.type, DCAT.Dataset))
    graph.add((dataset, DCTERMS.title, Literal(f"AI-register {body.name}", lang="nl")))
    about = f"De AI-toepassingen van {body.name} die in het openbare register staan."
    graph.add((dataset, DCTERMS.description, Literal(about, lang="nl")))
    graph.add((dataset, DCTERMS.identifier, Literal(str(dataset))))
    graph.add((dataset, DCTERMS.modified, modified))
    graph.add((dataset, DCTERMS.accessRights, PUBLIC))
    graph.add((dataset, MDCAT.statuut, OPEN_DATA))
    publisher = organisation_uri(body.address)
    graph.add((dataset, DCTERMS.publisher, publisher))
    graph.add((publisher, RDF.type, FOAF.Agent))
    graph.add((publisher, FOAF.name, Literal(body.name, lang="nl")))
    _contact(graph, dataset, body.address, body.contact)
    for format_, place in body.formats.items():
        distribution = URIRef(f"{body.address}#{format_}")
        graph.add((dataset, DCAT.distribution, distribution))
        graph.add((distribution, RDF.type, DCAT.Distribution))
        graph.add((distribution, DCTERMS.identifier, Literal(str(distribution))))
        graph.add((distribution, DCAT.accessURL, URIRef(place)))
        graph.add((distribution, DCAT.downloadURL, URIRef(place)))
        graph.add((distribution, DCTERMS.license, URIRef(LICENCE)))
        media = URIRef(f"https://www.iana.org/assignments/media-types/{_MEDIA[format_]}")
        graph.add((distribution, DCAT.mediaType, media))


def _contact(graph: Graph, of: URIRef, address: str, email: str) -> None:
    contact = URIRef(f"{of}-contact")
    graph.add((of, DCAT.contactPoint, contact))
    graph.add((contact, RDF.type, SCHEMA.ContactPoint))
    graph.add((contact, SCHEMA.url, URIRef(address)))
    if email:
        graph.add((contact, SCHEMA.email, Literal(email)))
