"""What several checks share when they plan: the part of a data set's description that decides how it is read."""

from typing import Any

from vangrail.model.card import Dataset

_READING = {"table", "delimiter", "decimal", "encoding", "skip", "names", "missing", "count", "of_which", "where"}
_COLUMN_READING = {"type", "format", "expression", "missing"}


def reading(dataset: Dataset) -> dict[str, Any]:
    """How the data set is read: a change here can change any figure, a change elsewhere on the card cannot."""
    columns = {
        name: described
        for name, column in sorted(dataset.columns.items())
        if (described := column.model_dump(mode="json", include=_COLUMN_READING, exclude_defaults=True))
    }
    return {**dataset.model_dump(mode="json", include=_READING, exclude_defaults=True), "columns": columns}
