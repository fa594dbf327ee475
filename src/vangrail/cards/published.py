"""The published form of a card, its answers and its records, as JSON Schema: generated from the model, never edited."""

import json
from pathlib import Path
from typing import Any

from vangrail.model.card import Answer, Card, Part, Record

SCHEMAS = Path(__file__).parent / "schema"


class Answers(Part):
    """answers.yaml: what named people answered."""

    answers: tuple[Answer, ...]


class Records(Part):
    """records.yaml: what happened."""

    records: tuple[Record, ...]


def schemas() -> dict[str, dict[str, Any]]:
    """The schemas by name: card, answers, records."""
    return {
        name: {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:vangrail:{name}-1.schema.json"}
        | form.model_json_schema()
        for name, form in (("card", Card), ("answers", Answers), ("records", Records))
    }


if __name__ == "__main__":
    for name, schema in schemas().items():
        (SCHEMAS / f"{name}-1.schema.json").write_text(
            json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
