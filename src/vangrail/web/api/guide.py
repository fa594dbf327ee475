"""What the Belgian REST guide (belgif.be/specification/rest/api-guide) asks of every answer of the API, also of a refusal
that never reached it: a trace, an ETag, and problems by RFC 9457."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.http import ConditionalGetMiddleware

PLACE = "/api/"
PROBLEM = "application/problem+json"
TRACE = "BelGov-Trace-Id"
RELATED = "BelGov-Related-Trace-Id"
_TRACE = re.compile(r"[\w-]{1,36}", re.ASCII)
_BELGIF = {
    400: ("badRequest", "The message is not as the description says."),
    404: ("resourceNotFound", "There is nothing at this address."),
    413: ("payloadTooLarge", "The message is too large."),
    429: ("tooManyRequests", "Too many requests; wait a minute."),
    500: ("internalServerError", "A mistake of ours. Name the instance when you report it."),
}
"""The kinds of problem that the guide names, each with what there is to say when nothing else was said."""


def problem(request: HttpRequest, status: int, *, type_: str = "", detail: str = "", **more: Any) -> HttpResponse:
    """An answer by RFC 9457.

    type_   a kind of our own, or one of the guide that the status alone does not tell; a URN without 'urn:problem-type:'
    more    further keys, such as the issues of a message
    """
    title = HTTPStatus(status).phrase
    kind, said = _BELGIF.get(status, ("", title))
    ours = f"vangrail:{title[0].lower()}{title.title().replace(' ', '')[1:]}"
    body = {
        "type": f"urn:problem-type:{type_ or (f'belgif:{kind}' if kind else ours)}",
        "title": title,
        "status": status,
        "detail": detail or said,
        "instance": f"urn:uuid:{request.trace}",  # type: ignore[attr-defined]  # `FollowsGuide` put it there
    }
    return JsonResponse(body | more, status=status, content_type=PROBLEM)


class FollowsGuide:
    """Stands around everything that can answer for the API."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self._respond = respond
        self._conditional = ConditionalGetMiddleware(respond)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PLACE):
            return self._respond(request)
        request.trace = str(uuid4())  # type: ignore[attr-defined]
        answer = self._respond(request)
        if answer.status_code >= HTTPStatus.BAD_REQUEST and answer["Content-Type"] != PROBLEM:
            answer = _as_problem(request, answer)
        answer = cast(HttpResponse, self._conditional.process_response(request, answer))
        answer[TRACE] = request.trace  # type: ignore[attr-defined]
        related = request.headers.get(TRACE, "")
        if _TRACE.fullmatch(
            related
        ):  # the guide: the trace of an answer is its own, and that of the question goes beside it
            answer[RELATED] = related
        return answer


def _as_problem(request: HttpRequest, page: HttpResponse) -> HttpResponse:
    """What is a page elsewhere on the site."""
    answer = problem(request, page.status_code)
    for name in ("Allow", "Retry-After", "WWW-Authenticate"):
        if page.has_header(name):
            answer[name] = page[name]
    return answer
