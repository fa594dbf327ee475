"""A product card: what a supplier, or another body, says of a product; and a card that begins with it."""

import copy
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from vangrail.cards.folder import digest
from vangrail.model.card import PRODUCT_FIELDS, Card, value_at

OF_A_MODEL = ("name", "version", "kind", "supplier", "inputs", "positive", "threshold")
"""What a model is, wherever it runs. Where it stands and on which data it is tried differs from one user to the next."""
OF_A_SUPPLIER = ("name", "product", "country", "statements")
"""A contract is between a supplier and one customer."""


def product_of(card: Card) -> dict[str, Any]:
    """What a card says of the product, by field: nothing of its purpose, its people, its process or its data."""
    content = card.model_dump(mode="json", exclude_defaults=True)
    found: dict[str, Any] = {}
    for field in PRODUCT_FIELDS:
        value = value_at(content, field)
        if field in ("models", "suppliers") and value:
            kept = OF_A_MODEL if field == "models" else OF_A_SUPPLIER
            value = [{k: v for k, v in item.items() if k in kept} for item in value]
        if value not in (None, "", [], {}):
            found[field] = value
    return found


def adopt(
    product: Mapping[str, Any],
    *,
    source: str,
    by: str,
    on: date,
    version: str | None = None,
    kind: Literal["product_card", "algoritmeregister"] = "product_card",
) -> dict[str, Any]:
    """The plain values that a card of one's own begins with: what the product card says, and where that comes from.

    The purpose, the people, the process and the data are left open: those are one's own, and so is the verdict.
    """
    content: dict[str, Any] = {}
    for field, value in product.items():
        put(content, field, copy.deepcopy(value))
    origin = {"kind": kind, "source": source, "by": by, "on": on.isoformat(), "digest": digest(dict(product))}
    if version is not None:
        origin["version"] = version
    content["adopted_from"] = origin | ({"states": copy.deepcopy(dict(product))} if product else {})
    return content


def put(content: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a dotted path; nothing takes it away, and what is empty by then with it."""
    head, _, tail = path.partition(".")
    if tail:
        part = content.get(head)
        part = dict(part) if isinstance(part, dict) else {}
        put(part, tail, value)
        value = part
    if value in (None, "", [], {}, ()):
        content.pop(head, None)
    else:
        content[head] = value
