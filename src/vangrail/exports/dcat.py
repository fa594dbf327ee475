"""The register as a catalogue of open data, by the application profile DCAT-AP Vlaanderen.

One catalogue per installation, one data set per organisation with a distribution per format, one for the history of the whole
register as a stream, and the API as a data service. What the profile makes mandatory is all there; a test holds it to that list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD, Namespace

from vangrail.exports.linked_data import LDES, SCHEMA, new_graph, organisation_uri, theme_uri
from vangrail.exports.register import LICENCE

MDCAT = Namespace("https://data.vlaanderen.be/ns/metadata-dcat#")
OPEN_DATA = URIRef("https://metadata.vlaanderen.be/id/GDI-Vlaanderen-Trefwoorden/VLOPENDATA")
OPEN_DATA_SERVICE = URIRef("https://metadata.vlaanderen.be/id/GDI-Vlaanderen-Trefwoorden/VLOPENDATASERVICE")
LDES_SPECIFICATION = URIRef("https://w3id.org/ldes/specification")
_ALWAYS = "gove"
"""The theme of every data set: what a government does with AI."""
PUBLIC = URIRef("http://publications.europa.eu/resource/authority/access-right/PUBLIC")
_MEDIA = {"csv": "text/csv", "json": "application/json", "ttl": "text/turtle", "jsonld": "application/ld+json"}


@dataclass(frozen=True, kw_only=True)
class Body:
    """An organisation with publications.

    address     its list in the register
    formats     format → the address where its part of the register is in that format
    themes      what its applications are about: terms of the vocabulary data-themes
    """

    name: str
    address: str
    contact: str
    changed_at: datetime
    formats: dict[str, str]
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Site:
    """What an installation offers as a whole.

    address     that of the page about open data
    publisher   the name of who runs the installation
    api         where the API is; `described`: its OpenAPI
    stream      what stands for the stream of the register (LDES); `roots`: format → the address of its root
    changed_at  when something was last published, changed or withdrawn
    """

    address: str
    title: str
    publisher: str
    contact: str
    api: str
    described: str
    stream: str
    roots: dict[str, str]
    changed_at: datetime


def catalogue(bodies: Iterable[Body], site: Site) -> Graph:
    """The catalogue."""
    graph = new_graph()
    graph.bind("mdcat", MDCAT)
    catalog, by = URIRef(f"{site.address}#catalogus"), URIRef(f"{site.address}#uitgever")
    graph.add((by, RDF.type, FOAF.Agent))
    graph.add((by, FOAF.name, Literal(site.publisher, lang="nl")))
    graph.add((catalog, RDF.type, DCAT.Catalog))
    about = "Welke AI-toepassingen overheden gebruiken, waarvoor, met welke gegevens, en wat metingen tonen."
    _titled(graph, catalog, site.title, about, by)
    graph.add((catalog, DCTERMS.license, URIRef(LICENCE)))
    _contact(graph, catalog, site.address, site.contact)
    served = [_of_body(graph, catalog, body) for body in bodies]
    _stream(graph, catalog, by, site)
    _service(graph, catalog, by, site, served)
    return graph


def _of_body(graph: Graph, catalog: URIRef, body: Body) -> URIRef:
    dataset, publisher = URIRef(f"{body.address}#dataset"), organisation_uri(body.address)
    graph.add((publisher, RDF.type, FOAF.Agent))
    graph.add((publisher, FOAF.name, Literal(body.name, lang="nl")))
    about = f"De AI-toepassingen van {body.name} die in het openbare register staan."
    _titled(graph, dataset, f"AI-register {body.name}", about, publisher)
    _dataset(graph, catalog, dataset, body.changed_at)
    for theme in dict.fromkeys((_ALWAYS, *body.themes)):
        graph.add((dataset, DCAT.theme, theme_uri(theme)))
    _contact(graph, dataset, body.address, body.contact)
    for format_, place in body.formats.items():
        distribution = _distribution(graph, dataset, f"{body.address}#{format_}", place, format_)
        graph.add((distribution, DCAT.downloadURL, URIRef(place)))
    return dataset


def _stream(graph: Graph, catalog: URIRef, by: URIRef, site: Site) -> None:
    """An event stream is a data set (LDES 1.0, 2.1), so it stands for itself."""
    it = URIRef(site.stream)
    graph.add((it, RDF.type, LDES.EventStream))
    about = (
        "Elke versie van elke pagina van het openbare register, en elke intrekking, in de volgorde waarin ze kwamen."
    )
    _titled(graph, it, "AI-register: alle wijzigingen", about, by)
    _dataset(graph, catalog, it, site.changed_at)
    graph.add((it, DCAT.theme, theme_uri(_ALWAYS)))
    _contact(graph, it, site.address, site.contact)
    for format_, place in site.roots.items():
        distribution = _distribution(graph, it, f"{site.stream}-{format_}", place, format_)
        graph.add((distribution, DCTERMS.conformsTo, LDES_SPECIFICATION))


def _service(graph: Graph, catalog: URIRef, by: URIRef, site: Site, served: Iterable[URIRef]) -> None:
    service = URIRef(f"{site.address}#api")
    graph.add((catalog, DCAT.service, service))
    graph.add((service, RDF.type, DCAT.DataService))
    _titled(
        graph, service, "API van het AI-register", "Het openbare register lezen met een programma (REST, JSON).", by
    )
    graph.add((service, DCAT.endpointURL, URIRef(site.api)))
    graph.add((service, DCAT.endpointDescription, URIRef(site.described)))
    graph.add((service, DCTERMS.accessRights, PUBLIC))
    graph.add((service, DCTERMS.license, URIRef(LICENCE)))
    graph.add((service, MDCAT.statuut, OPEN_DATA_SERVICE))
    _contact(graph, service, site.address, site.contact)
    for dataset in served:
        graph.add((service, DCAT.servesDataset, dataset))


def _titled(graph: Graph, it: URIRef, title: str, about: str, by: URIRef) -> None:
    graph.add((it, DCTERMS.title, Literal(title, lang="nl")))
    graph.add((it, DCTERMS.description, Literal(about, lang="nl")))
    graph.add((it, DCTERMS.identifier, Literal(str(it))))
    graph.add((it, DCTERMS.publisher, by))


def _dataset(graph: Graph, catalog: URIRef, dataset: URIRef, changed_at: datetime) -> None:
    """A data set in the catalogue, with its record."""
    record = URIRef(f"{dataset}-record")
    graph.add((catalog, DCAT.dataset, dataset))
    graph.add((catalog, DCAT.record, record))
    graph.add((dataset, RDF.type, DCAT.Dataset))
    graph.add((dataset, DCTERMS.accessRights, PUBLIC))
    graph.add((dataset, MDCAT.statuut, OPEN_DATA))
    graph.add((record, RDF.type, DCAT.CatalogRecord))
    graph.add((record, DCTERMS.identifier, Literal(str(record))))
    graph.add((record, FOAF.primaryTopic, dataset))
    modified = Literal(changed_at.isoformat(), datatype=XSD.dateTime)
    graph.add((record, DCTERMS.modified, modified))
    graph.add((dataset, DCTERMS.modified, modified))


def _distribution(graph: Graph, dataset: URIRef, uri: str, place: str, format_: str) -> URIRef:
    distribution = URIRef(uri)
    graph.add((dataset, DCAT.distribution, distribution))
    graph.add((distribution, RDF.type, DCAT.Distribution))
    graph.add((distribution, DCTERMS.identifier, Literal(uri)))
    graph.add((distribution, DCAT.accessURL, URIRef(place)))
    graph.add((distribution, DCTERMS.license, URIRef(LICENCE)))
    media = URIRef(f"https://www.iana.org/assignments/media-types/{_MEDIA[format_]}")
    graph.add((distribution, DCAT.mediaType, media))
    return distribution


def _contact(graph: Graph, of: URIRef, address: str, email: str) -> None:
    contact = URIRef(f"{of}-contact")
    graph.add((of, DCAT.contactPoint, contact))
    graph.add((contact, RDF.type, SCHEMA.ContactPoint))
    graph.add((contact, SCHEMA.url, URIRef(address)))
    if email:
        graph.add((contact, SCHEMA.email, Literal(email)))
