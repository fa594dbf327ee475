"""The addresses of the API, with their OpenAPI description."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer
from pydantic import Field

from vangrail.exports.register import published_to_json
from vangrail.model.errors import VangrailError
from vangrail.web.api import acts
from vangrail.web.api.models import Token
from vangrail.web.api.schemas import ApplicationList, ApplicationReference, Health, Measurements, Problem, Received
from vangrail.web.applications.assessing import refresh
from vangrail.web.register.models import Entry
from vangrail.web.register.showing import published

MOST = 100

api = NinjaAPI(
    title="Vangrail",
    version="1",
    description="The public register of AI applications, and measurements that a pipeline pushes.",
    docs_url=None,  # its page would run scripts of others
    urls_namespace="api-1",
)


class ByToken(HttpBearer):
    """A token that opens one application."""

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        """The token, when it counts."""
        return Token.of(token)


def problem(status: int, kind: str, title: str, detail: str) -> HttpResponse:
    """An answer by RFC 9457, with the problem types of the Belgian guide."""
    body = {"type": f"urn:problem-type:belgif:{kind}", "title": title, "status": status, "detail": detail}
    return JsonResponse(body, status=status, content_type="application/problem+json")


@api.exception_handler(VangrailError)
def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(409, "conflict", "Refused", str(error))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    places = "; ".join(f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors[:20])
    return problem(400, "badRequest", "Bad request", places)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: Any) -> HttpResponse:
    answer = problem(401, "unauthorized", "Unauthorized", "Show a token that counts: 'Authorization: Bearer vgr_...'.")
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(Http404)
def _absent(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(404, "resourceNotFound", "Not found", "There is no such application in the register.")


@api.exception_handler(HttpError)
def _other(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error.status_code, "badRequest", "Bad request", str(error))


@api.get("/health", response=Health, tags=["service"], summary="Whether the service answers")
def health(request: HttpRequest) -> Health:
    """UP while it does."""
    return Health(status="UP")


@api.get(
    "/applications",
    response={200: ApplicationList, 400: Problem},
    by_alias=True,
    exclude_none=True,
    tags=["register"],
    summary="The published applications, page by page",
)
def applications(
    request: HttpRequest,
    after: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0,
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50,
) -> ApplicationList:
    """In a fixed order; `next` is the address of the following page."""
    public = Entry.objects.select_related("organisation").order_by("pk")
    entries = list(public.filter(pk__gt=after)[: limit + 1])
    base = request.build_absolute_uri(reverse("api-1:applications"))
    items = [
        ApplicationReference(
            href=request.build_absolute_uri(reverse("api-1:application", args=[e.organisation.slug, e.slug])),
            id=e.slug,
            organisation=e.organisation.slug,
            name=e.name,
            changed_at=e.changed_at,
        )
        for e in entries[:limit]
    ]
    more = len(entries) > limit
    return ApplicationList(
        items=items,
        total=public.count(),
        self=f"{base}?after={after}&limit={limit}",
        next=f"{base}?after={entries[limit - 1].pk}&limit={limit}" if more else None,
    )


@api.get(
    "/applications/{organisation}/{application}",
    response={200: dict[str, Any], 404: Problem},
    tags=["register"],
    summary="One published application, with what measuring showed",
)
def application(request: HttpRequest, organisation: str, application: str) -> dict[str, Any]:
    """As it stands in the register now."""
    public = Entry.objects.select_related("organisation", "publication")
    return published_to_json(
        published(request, get_object_or_404(public, organisation__slug=organisation, slug=application))
    )


@api.post(
    "/measurements",
    auth=ByToken(),
    response={201: Received, 400: Problem, 401: Problem, 409: Problem},
    by_alias=True,
    tags=["pipeline"],
    summary="Push what a pipeline measured of the token's application",
)
def measurements(request: HttpRequest, pushed: Measurements) -> tuple[int, Received]:
    """The same figure of the same data on the same day is kept once. Rows never travel: only figures and fingerprints."""
    token: Token = request.auth  # type: ignore[attr-defined]  # ninja puts it there
    new = acts.take(token, pushed)
    found = token.application
    refresh(found)
    place = request.build_absolute_uri(reverse("board", args=[found.organisation.slug, found.slug]))
    return 201, Received(received=len(pushed.evidence), new=new, board=place)
