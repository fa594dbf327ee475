"""Reads a DCAT description and looks for what DCAT-AP Vlaanderen makes mandatory for a data set and its distributions.

The list is our own reading of the profile (recognised standard, 2026); no shapes of others are used. It asks more than the
European DCAT-AP 3, which makes only title and description mandatory. Nothing is fetched: a context that stands elsewhere is
not opened.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from vangrail.checks.metadata.described import ADDRESS, TEXT, Property, State, is_address
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

NAME = "DCAT-AP Vlaanderen"
DCAT, DCT = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"
MDCAT = "https://data.vlaanderen.be/ns/metadata-dcat#"
_THING = both(nl="een verwijzing, geen losse tekst", en="a reference, not a plain text")
_SPACES = {"dct": DCT, "dcat": DCAT, "mdcat": MDCAT}

_DATASET = (
    Property("dct:title", both(nl="titel", en="title"), TEXT),
    Property("dct:description", both(nl="beschrijving", en="description"), TEXT),
    Property("dct:identifier", both(nl="kenmerk", en="identifier"), TEXT),
    Property("dct:accessRights", both(nl="toegangsrechten", en="access rights"), _THING),
    Property("dcat:contactPoint", both(nl="contactpunt", en="contact point"), _THING),
    Property("dct:publisher", both(nl="uitgever", en="publisher"), _THING),
    Property("mdcat:statuut", both(nl="statuut", en="status"), _THING),
)
_DISTRIBUTION = (
    Property("dct:identifier", both(nl="kenmerk van de distributie", en="identifier of the distribution"), TEXT),
    Property("dcat:accessURL", both(nl="waar ze te vinden is", en="where it can be found"), ADDRESS),
    Property("dct:license", both(nl="licentie", en="licence"), _THING),
)
PROPERTIES: Mapping[str, Property] = {
    **{p.name: p for p in _DATASET},
    **{f"dcat:distribution/{p.name}": p for p in _DISTRIBUTION},
}


def states(content: bytes, identifier: str | None) -> Iterator[tuple[str, State]]:
    """How each mandatory property stands, for the data set and for each of its distributions.

    identifier  which data set, where the file describes several
    Raises      VangrailError when the extra 'linked-data' is not installed
    """
    graph = _read(content)
    if isinstance(graph, State):
        yield "file", graph
        return
    from rdflib import RDF, URIRef

    nodes = sorted(set(graph.subjects(RDF.type, URIRef(f"{DCAT}Dataset"))), key=str)
    if identifier is not None:
        nodes = [
            n for n in nodes if identifier in {str(n), *(str(v) for v in graph.objects(n, URIRef(f"{DCT}identifier")))}
        ]
    if len(nodes) != 1:
        yield "file", State.SEVERAL if nodes else State.NOT_DESCRIBED
        return
    for wanted in _DATASET:
        yield wanted.name, _state(graph, nodes[0], wanted)
    for distribution in graph.objects(nodes[0], URIRef(f"{DCAT}distribution")):
        for wanted in _DISTRIBUTION:
            yield f"dcat:distribution/{wanted.name}", _state(graph, distribution, wanted)


def _read(content: bytes) -> "Graph | State":
    try:
        from rdflib import Graph
    except ImportError as error:
        raise VangrailError(
            both(nl="Om DCAT te lezen is er meer nodig.", en="Reading DCAT needs the extra 'linked-data'."),
            do=both(
                nl="Installeer het met: pip install 'vangrail[linked-data]'",
                en="Install it with: pip install 'vangrail[linked-data]'",
            ),
        ) from error
    # It logs values that it cannot convert, with a traceback; what is wrong is said by us, without values.
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)
    form = "turtle"
    if content.lstrip()[:1] in (b"{", b"["):
        form = "json-ld"
        try:
            if _is_remote(json.loads(content)):
                return State.REMOTE
        except (ValueError, RecursionError):
            return State.UNREADABLE
    try:
        return Graph().parse(data=content, format=form)
    except Exception:  # its parsers raise whatever they meet, and all of it means: not of this form
        return State.UNREADABLE


def _is_remote(part: Any) -> bool:
    """Whether a context stands elsewhere: reading it would ask the network."""
    if isinstance(part, list):
        return any(_is_remote(p) for p in part)
    if not isinstance(part, dict):
        return False
    context = part.get("@context")
    contexts = context if isinstance(context, list) else [context]
    return "@import" in part or any(isinstance(c, str) for c in contexts) or any(_is_remote(p) for p in part.values())


def _state(graph: "Graph", node: "Node", wanted: Property) -> State:
    from rdflib import URIRef

    space, _, name = wanted.name.partition(":")
    values = list(graph.objects(node, URIRef(_SPACES[space] + name)))
    if not values:
        return State.MISSING
    return State.THERE if all(_fits(v, wanted) for v in values) else State.MALFORMED


def _fits(value: "Node", wanted: Property) -> bool:
    from rdflib import BNode, Literal, URIRef

    if wanted.form is ADDRESS:
        return isinstance(value, URIRef) and is_address(str(value))
    if wanted.form is _THING:
        return isinstance(value, BNode) or (isinstance(value, URIRef) and ":" in value)
    return isinstance(value, Literal | URIRef) and bool(str(value).strip())
