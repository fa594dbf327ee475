"""The published form of a card, its answers and its records, as JSON Schema: generated from the model, never edited."""

from typing import Any

from vangrail.model.card import Answer, Card, Part, Record

BASE = "https://vangrail.example/schema/"


class Answers(Part):
    """answers.yaml: what named people answered."""

    answers: tuple[Answer, ...]


class Records(Part):
    """records.yaml: what happened."""

    records: tuple[Record, ...]


def schemas() -> dict[str, dict[str, Any]]:
    """The schemas by name: card, answers, records."""
    return {
        name: {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"{BASE}{name}-1.json"}
        | form.model_json_schema()
        for name, form in (("card", Card), ("answers", Answers), ("records", Records))
    }
