"""What goes over the line. Names in lowerCamelCase, as the Belgian REST guide asks."""

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel


class Body(Schema):
    """A part of a message; unknown keys are refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Health(Body):
    """Whether the service answers."""

    status: str


class Problem(Body):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class ApplicationReference(Body):
    """A published application, in a list."""

    href: str
    id: str
    organisation: str
    name: str
    changed_at: datetime


class ApplicationList(Body):
    """One page of the register."""

    items: list[ApplicationReference]
    total: int
    self: str
    next: str | None = None


class Fingerprint(Body):
    """What a data set or a model held."""

    algorithm: str = Field(max_length=100)
    content: str = Field(max_length=200)
    rows: int = Field(ge=0)
    bytes_sha256: str | None = Field(None, alias="bytesSha256", max_length=64)


class Measurements(Body):
    """What a pipeline measured: `vangrail assess --push` makes it."""

    card_digest: str = Field(max_length=64)
    """Of the card that was measured with; another than the site's is refused."""
    evidence: list[dict[str, Any]] = Field(max_length=5_000)
    """Each as the ledger keeps it (docs/json.md)."""
    fingerprints: dict[str, Fingerprint] = Field(max_length=500)
    models: dict[str, Fingerprint] = Field(default_factory=dict, max_length=100)


class Received(Body):
    """What came of it."""

    received: int
    new: int
    board: str
