"""Evidence as the ledger keeps it: canonical JSON without floats, so that a digest means the same everywhere."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from vangrail.model.evidence import Evidence


@cache
def _adapter() -> TypeAdapter[Evidence]:
    return TypeAdapter(Evidence)


def plain(value: Any) -> Any:
    """The same values with every number that is not whole written out in full, as text."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value


def to_body(evidence: Evidence) -> dict[str, Any]:
    """The evidence as the body of a leaf."""
    body = plain(_adapter().dump_python(evidence, mode="json"))
    if not isinstance(body, dict):
        raise TypeError("evidence is not a set of keys")
    return body


def from_body(body: Mapping[str, Any]) -> Evidence:
    """The evidence that a leaf holds."""
    return _adapter().validate_python({**body, "outcome": _in_order(body)})


def _in_order(body: Mapping[str, Any]) -> Any:
    """The outcome with the attributes of its groups in the order of the measurement: canonical JSON sorts them."""
    outcome, order = body["outcome"], body["measurement"]["settings"].get("attributes")
    if not order or "groups" not in outcome:
        return outcome
    return {
        **outcome,
        "groups": [{**g, "attributes": {k: g["attributes"][k] for k in order}} for g in outcome["groups"]],
    }


def key(body: Mapping[str, Any]) -> tuple[str, str, str]:
    """Which measurement a leaf is about; see `Measurement.key`."""
    measurement = body["measurement"]
    return measurement["check"], measurement["dataset"], measurement["subject"]


def without_hour(body: Mapping[str, Any]) -> dict[str, Any]:
    """What makes a figure the same figure: everything but the hour of the day at which it was taken."""
    return {**body, "measured_at": str(body["measured_at"])[:10]}
