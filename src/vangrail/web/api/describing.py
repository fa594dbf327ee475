"""The OpenAPI description, with what the Belgian REST guide asks of it beside what the library writes."""

from typing import Any

from ninja import NinjaAPI

from vangrail.web.api import guide

_TRACED = {
    guide.TRACE: {"description": "Of this answer.", "schema": {"type": "string", "format": "uuid"}},
    guide.RELATED: {"description": "That of the request, where it had one.", "schema": {"type": "string"}},
}
_ETAG = {
    "ETag": {"description": "Show it as If-None-Match to ask only for what changed.", "schema": {"type": "string"}}
}
_IF_CHANGED = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "schema": {"type": "string"},
    "description": "An ETag; when nothing changed the answer is 304, without a body.",
}


class Described(NinjaAPI):
    """An API whose description names problems, traces and ETags."""

    def get_openapi_schema(self, **place: Any) -> Any:
        """The description as a dictionary."""
        found = super().get_openapi_schema(**place)
        for operations in found["paths"].values():
            for method, operation in operations.items():
                _describe(operation, reads=method == "get")
        return found


def _describe(operation: dict[str, Any], *, reads: bool) -> None:
    problem = {guide.PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    if reads:
        operation["parameters"].append(_IF_CHANGED)
        operation["responses"][304] = {"description": "Not Modified"}
    for status, answer in operation["responses"].items():
        answer["headers"] = _TRACED | (_ETAG if reads and status == 200 else {})
        if status >= 400:
            answer["content"] = problem
    operation["responses"]["default"] = {"description": "Any other problem", "content": problem, "headers": _TRACED}
