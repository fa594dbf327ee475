"""The register as linked data: each application typed with the Data Privacy Vocabulary (DPV 2.3: `dpv`, `ai`, `eu-aiact`).

Everything has an address of its own below that of its page, so there are no blank nodes: the register can be written line by
line, and two harvests can be laid side by side.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS, XSD, Namespace
from rdflib.term import Node

from vangrail.exports.register import LICENCE, Published

DPV = Namespace("https://w3id.org/dpv#")
AI = Namespace("https://w3id.org/dpv/ai#")
AI_ACT = Namespace("https://w3id.org/dpv/legal/eu/aiact#")
DQV = Namespace("http://www.w3.org/ns/dqv#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
SCHEMA = Namespace("https://schema.org/")
LDES = Namespace("https://w3id.org/ldes#")
TREE = Namespace("https://w3id.org/tree#")
ACTIVITY = Namespace("https://www.w3.org/ns/activitystreams#")
DATA_THEME = Namespace("http://publications.europa.eu/resource/authority/data-theme/")
PREFIXES = {
    "dpv": DPV,
    "ai": AI,
    "eu-aiact": AI_ACT,
    "dqv": DQV,
    "adms": ADMS,
    "schema": SCHEMA,
    "dct": DCTERMS,
    "dcat": DCAT,
    "foaf": FOAF,
    "ldes": LDES,
    "tree": TREE,
    "as": ACTIVITY,
}
_STAGES = {
    "idea": AI.InceptionStage,
    "design": AI.DesignStage,
    "build": AI.DevelopmentStage,
    "validate": AI.ValidationStage,
    "operate": AI.OperationStage,
    "retire": AI.RetirementStage,
}
_RISKS = {
    "prohibited": AI_ACT.RiskLevelProhibited,
    "transparency": AI_ACT.RiskLevelTransparencyRequired,
    "minimal": AI_ACT.RiskLevelMinimal,
}
_ROLES = {"deployer": AI_ACT.AIDeployer, "provider": AI_ACT.AIProvider}
_INVOLVED = {
    "human": DPV.HumanInvolvementForDecision,
    "ai_advises": DPV.HumanInvolvementForDecision,
    "ai_acts_human_checks": DPV.HumanInvolvementForOversight,
}
Triple = tuple[Node, Node, Node]


def application_graph(one: Published) -> Graph:
    """One application, to write as Turtle or JSON-LD."""
    graph = new_graph()
    for triple in triples(one):
        graph.add(triple)
    return graph


def new_graph() -> Graph:
    """An empty graph with our prefixes."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def register_turtle(found: Iterable[Published]) -> Iterator[str]:
    """The whole register as Turtle: it never stands in memory."""
    for one in found:
        yield turtle(triples(one))


def turtle(found: Iterable[Triple]) -> str:
    """Statements as Turtle, in their order, one per line and so also N-Triples."""
    return "".join(f"{s.n3()} {p.n3()} {o.n3()} .\n" for s, p, o in found)


def organisation_uri(address: str) -> URIRef:
    """What stands for the organisation, from the address of one of its pages or of its list."""
    return URIRef(f"{address}#bestuur")


def theme_uri(term: str) -> URIRef:
    """A theme of the EU for open data, by its id in the vocabulary data-themes."""
    return DATA_THEME[term.upper()]


def triples(one: Published) -> Iterator[Triple]:
    """What is said of one application, and of its page."""
    page = URIRef(one.address)
    yield page, RDF.type, FOAF.Document
    yield page, FOAF.primaryTopic, application_uri(one.address)
    yield page, DCTERMS.license, URIRef(LICENCE)
    yield page, DCTERMS.issued, Literal(one.published_at.isoformat(), datatype=XSD.dateTime)
    yield page, DCTERMS.modified, Literal(one.changed_at.isoformat(), datatype=XSD.dateTime)
    yield from described(one.content, at=one.address, page=one.address, organisation=one.organisation)


def application_uri(address: str) -> URIRef:
    """What stands for the application, or for a version of it, from the address of its page."""
    return URIRef(f"{address}#toepassing")


def described(c: Mapping[str, Any], *, at: str, page: str, organisation: str) -> Iterator[Triple]:
    """What a publication says of an application.

    at      the address below which everything is named: that of the page, or of a version of it
    page    the address of the page
    """
    it, body = application_uri(at), organisation_uri(page.removesuffix(f"{c['application']['id']}/"))
    yield it, RDF.type, AI.AISystem
    yield it, DCTERMS.identifier, Literal(f"{organisation}/{c['application']['id']}")
    yield it, DCTERMS.title, _dutch(c["application"]["name"])
    yield from _said(it, DCTERMS.description, c["what"]["summary"])
    yield it, FOAF.page, URIRef(at)
    for theme in c["themes"].get("policy", ()):
        yield it, DCAT.theme, theme_uri(theme)
    yield it, ADMS.status, _STAGES[c["application"]["phase"]]
    yield it, DCTERMS.publisher, body
    yield body, RDF.type, FOAF.Organization
    yield body, FOAF.name, _dutch(c["organisation"]["name"])
    if c["organisation"]["number"]:
        yield body, DCTERMS.identifier, Literal(c["organisation"]["number"])
    yield from _contact(it, c["contact"], at)
    yield from _purpose_and_data(it, c, at)
    yield from _law(it, body, c["law"])
    for involved in sorted({_INVOLVED[s["actor"]] for s in c["process"] if s["actor"] in _INVOLVED}):
        yield it, DPV.hasHumanInvolvement, involved
    for number, model in enumerate(c["technique"]["models"], start=1):
        node = URIRef(f"{at}#model-{number}")
        yield it, AI.hasModel, node
        yield node, DCTERMS.title, _dutch(model["name"])
    for number, figure in enumerate(c["figures"], start=1):
        yield from _figure(it, URIRef(f"{at}#cijfer-{number}"), figure)


def _contact(it: URIRef, contact: Mapping[str, Any], address: str) -> Iterator[Triple]:
    node = URIRef(f"{address}#contact")
    yield it, DCAT.contactPoint, node
    yield node, RDF.type, SCHEMA.ContactPoint
    yield node, SCHEMA.url, URIRef(address)
    yield from _said(node, SCHEMA.description, contact["ask"])


def _purpose_and_data(it: URIRef, c: Mapping[str, Any], address: str) -> Iterator[Triple]:
    if c["why"]["purpose"]:
        purpose = URIRef(f"{address}#doel")
        yield it, DPV.hasPurpose, purpose
        yield purpose, RDF.type, AI_ACT.IntendedPurpose
        yield purpose, DCTERMS.description, _dutch(c["why"]["purpose"])
    if c["data"]["personal_data"]:
        data = URIRef(f"{address}#persoonsgegevens")
        yield it, DPV.hasPersonalData, data
        yield data, RDF.type, DPV.PersonalData
        yield data, DCTERMS.description, _dutch(c["data"]["personal_data"])
    for number, rule in enumerate(c["legal_basis"], start=1):
        basis = URIRef(f"{address}#rechtsgrond-{number}")
        yield it, DPV.hasLegalBasis, basis
        yield basis, RDF.type, DPV.LegalBasis
        yield basis, DCTERMS.title, _dutch(" ".join(filter(None, (rule["title"], rule["article"]))))
        if rule["link"] and not set(rule["link"]) & set('<>"{}|\\^`'):
            yield basis, DCTERMS.source, URIRef(rule["link"])


def _law(it: URIRef, body: URIRef, law: Mapping[str, Any]) -> Iterator[Triple]:
    if law["outcome"] in _RISKS:
        yield it, AI_ACT.hasRiskLevel, _RISKS[law["outcome"]]
    if law["outcome"] == "high_risk":
        for route in law["routes"]:
            yield it, AI_ACT.hasRiskLevel, AI_ACT[f"RiskLevelHigh-A6-{2 if route == 'annex_iii' else 1}"]
        for point in law["annex_iii"]:
            yield (
                it,
                RDF.type,
                AI_ACT[
                    f"HighRiskAISystem-AnnexIII-{point[:-1]}-{point[-1]}"
                    if point[-1:].isalpha()
                    else f"HighRiskAISystem-AnnexIII-{point}"
                ],
            )
    for role in law["roles"]:
        if role in _ROLES:
            yield it, DPV.hasEntity, body
            yield body, RDF.type, _ROLES[role]


def _figure(it: URIRef, node: URIRef, figure: Mapping[str, Any]) -> Iterator[Triple]:
    yield it, DQV.hasQualityMeasurement, node
    yield node, RDF.type, DQV.QualityMeasurement
    yield node, RDFS.label, Literal(f"{figure['title']['nl']}: {figure['about']['nl']}", lang="nl")
    yield node, RDFS.label, Literal(f"{figure['title']['en']}: {figure['about']['en']}", lang="en")
    yield node, DQV.value, Literal(repr(float(figure["value"])), datatype=XSD.double)
    yield node, SCHEMA.unitText, Literal(figure["unit"])
    yield node, DCTERMS.date, Literal(figure["measured_on"], datatype=XSD.date)
    for name, bound in (("minValue", figure["low"]), ("maxValue", figure["high"])):
        if bound is not None:
            yield node, SCHEMA[name], Literal(repr(float(bound)), datatype=XSD.double)


def _dutch(text: str) -> Literal:
    return Literal(text, lang="nl")


def _said(subject: URIRef, predicate: URIRef, text: str | None) -> Iterator[Triple]:
    if text:
        yield subject, predicate, _dutch(text)


def register_jsonld(found: Iterable[Published]) -> Iterator[str]:
    """The same statements as JSON-LD, a node per line, with the context in the document itself."""
    return jsonld(triples(one) for one in found)


def jsonld(found: Iterable[Iterable[Triple]]) -> Iterator[str]:
    """Statements as JSON-LD. Those that come together must hold all that is said of their nodes."""
    context = {prefix: str(namespace) for prefix, namespace in PREFIXES.items()} | {"rdfs": str(RDFS)}
    yield f'{{"@context": {json.dumps(context)}, "@graph": ['
    first = True
    for together in found:
        for node in _nodes(together):
            yield ("\n" if first else ",\n") + json.dumps(node, ensure_ascii=False)
            first = False
    yield "\n]}\n"


def _nodes(found: Iterable[Triple]) -> Iterator[dict[str, Any]]:
    nodes: dict[str, dict[str, Any]] = {}
    for subject, predicate, value in found:
        node = nodes.setdefault(str(subject), {"@id": str(subject)})
        held = node.setdefault("@type" if predicate == RDF.type else _short(predicate), [])
        said = _short(value) if predicate == RDF.type else _value(value)
        if said not in held:
            held.append(said)
    yield from nodes.values()


def _value(value: Node) -> dict[str, str]:
    if not isinstance(value, Literal):
        return {"@id": str(value)}
    if value.language:
        return {"@value": str(value), "@language": value.language}
    return {"@value": str(value)} | ({"@type": str(value.datatype)} if value.datatype else {})


def _short(uri: Node) -> str:
    for prefix, namespace in (*PREFIXES.items(), ("rdfs", RDFS)):
        if str(uri).startswith(str(namespace)):
            return f"{prefix}:{str(uri).removeprefix(str(namespace))}"
    return str(uri)
