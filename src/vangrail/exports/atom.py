"""A feed of what changed in the register (Atom, RFC 4287)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

_ATOM = "http://www.w3.org/2005/Atom"
ET.register_namespace("", _ATOM)
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, kw_only=True)
class News:
    """Something that changed.

    id          never changes and is nobody else's (RFC 4287, 4.2.6)
    """

    id: str
    title: str
    address: str
    at: datetime
    summary: str
    author: str


def feed(
    *, title: str, address: str, self_address: str, updated: datetime, news: Sequence[News], language: str
) -> bytes:
    """The feed as XML. Control characters, which XML does not know, are left out."""
    root = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": language})
    _text(root, "title", title)
    _text(root, "id", self_address)
    _text(root, "updated", updated.isoformat())
    ET.SubElement(root, f"{{{_ATOM}}}link", {"rel": "self", "href": self_address, "type": "application/atom+xml"})
    ET.SubElement(root, f"{{{_ATOM}}}link", {"rel": "alternate", "href": address, "type": "text/html"})
    for one in news:
        entry = ET.SubElement(root, f"{{{_ATOM}}}entry")
        _text(entry, "title", one.title)
        _text(entry, "id", one.id)
        _text(entry, "updated", one.at.isoformat())
        ET.SubElement(entry, f"{{{_ATOM}}}link", {"rel": "alternate", "href": one.address, "type": "text/html"})
        _text(entry, "summary", one.summary)
        _text(ET.SubElement(entry, f"{{{_ATOM}}}author"), "name", one.author)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = _NO_XML.sub("", text)
