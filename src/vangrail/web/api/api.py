"""The addresses of the API, with their OpenAPI description."""

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.cache import cache_control
from ninja import Query, Status
from ninja.decorators import decorate_view
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from vangrail.exports.register import published_to_json
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Language, Phase
from vangrail.web.api import acts
from vangrail.web.api.describing import Described
from vangrail.web.api.guide import problem
from vangrail.web.api.models import Token
from vangrail.web.api.schemas import (
    Application,
    ApplicationList,
    ApplicationReference,
    Health,
    Issue,
    Measurements,
    Problem,
    Received,
)
from vangrail.web.applications.assessing import refresh
from vangrail.web.register.models import Entry
from vangrail.web.register.searching import found
from vangrail.web.register.showing import published

MOST = 100
_KEPT = decorate_view(cache_control(public=True, max_age=60))

api = Described(
    title="Vangrail",
    version="1",
    description="The public register of AI applications, and measurements that a pipeline pushes. In the style of the Belgian "
    "REST guide: names in lowerCamelCase, no nulls, problems by RFC 9457.",
    docs_url=None,  # its page would run scripts of others
    urls_namespace="api-1",
)


class ByToken(HttpBearer):
    """A token that opens one application."""

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        """The token, when it counts."""
        return Token.of(token)


@api.exception_handler(VangrailError)
def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    language = _asked(request)
    answer = problem(request, 409, detail=error.told(language))
    answer["Content-Language"] = language.value
    patch_vary_headers(answer, ["Accept-Language"])
    return answer


def _asked(request: HttpRequest) -> Language:
    """English, unless the program asks for Dutch before it."""
    wanted = [code[:2] for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    return Language(next((code for code in wanted if code in set(Language)), Language.EN))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, 400, issues=[_issue(e) for e in error.errors[:20]])


def _issue(error: Any) -> dict[str, Any]:
    """What is wrong and where. The first word of a place is where it was looked for, the second the name of our argument."""
    where, *names = [str(part) for part in error["loc"]]
    said = {
        "type": "urn:problem-type:belgif:input-validation:schemaViolation",
        "title": "Input isn't valid with respect to schema",
        "detail": error["msg"],
        "in": where,
        "name": ".".join(names[1:] if where == "body" else names),
    }
    return Issue.model_validate(said).model_dump(by_alias=True)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: Any) -> HttpResponse:
    kind = "invalidAccessToken" if "Authorization" in request.headers else "noAccessToken"
    detail = "Show a token that counts: 'Authorization: Bearer vgr_...'."
    answer = problem(request, 401, type_=f"belgif:{kind}", detail=detail)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(Http404)
def _absent(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, 404, detail="There is no such application in the register.")


@api.exception_handler(HttpError)
def _other(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, error.status_code, detail=str(error))


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
@_KEPT
def applications(
    request: HttpRequest,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="Where the page begins; `next` has it.")] = 0,
    page_size: Annotated[int, Query(alias="pageSize", ge=1, le=MOST)] = 50,
    q: Annotated[str, Query(max_length=200, description="Words, each of which must be there.")] = "",
    organisation: Annotated[str, Query(max_length=64, pattern=r"^[-\w]*$", description="Its short name.")] = "",
    theme: Annotated[str, Query(max_length=40, pattern=r"^[-\w]*$", description="A term of one of its themes.")] = "",
    phase: Phase | None = None,
    state: Literal["stopped", "stale", "changed"] | None = None,
) -> ApplicationList:
    """In a fixed order; what is asked holds for all of it. `next` is the address of the following page."""
    asked = {"q": q, "bestuur": organisation, "thema": theme, "fase": phase, "toestand": state}
    public = found({name: str(value) for name, value in asked.items() if value})
    entries = list(public.filter(pk__gt=after).order_by("pk")[: page_size + 1])
    here = request.build_absolute_uri(reverse("api-1:applications"))
    kept = {"q": q, "organisation": organisation, "theme": theme, "phase": phase, "state": state}
    question = urlencode({name: value for name, value in kept.items() if value} | {"pageSize": page_size})

    def page(after: int) -> str:
        return f"{here}?{question}&after={after}"

    items = [
        ApplicationReference(
            href=_place(request, entry),
            id=entry.slug,
            organisation=entry.organisation.slug,
            name=entry.name,
            phase=Phase(entry.phase),
            changed_at=entry.changed_at,
        )
        for entry in entries[:page_size]
    ]
    more = len(entries) > page_size
    return ApplicationList(
        self=page(after),
        items=items,
        total=public.count(),
        page_size=page_size,
        next=page(entries[page_size - 1].pk) if more else None,
    )


@api.get(
    "/applications/{slug:organisation}/{slug:application}",
    response={200: Application, 404: Problem},
    by_alias=True,
    exclude_none=True,
    tags=["register"],
    summary="One published application, with what measuring showed",
)
@_KEPT
def application(request: HttpRequest, organisation: str, application: str) -> dict[str, Any]:
    """As it stands in the register now."""
    public = Entry.objects.select_related("organisation", "publication")
    entry = get_object_or_404(public, organisation__slug=organisation, slug=application)
    return {"self": _place(request, entry), **published_to_json(published(request, entry))}


def _place(request: HttpRequest, entry: Entry) -> str:
    return request.build_absolute_uri(reverse("api-1:application", args=[entry.organisation.slug, entry.slug]))


@api.post(
    "/measurements",
    auth=ByToken(),
    response={201: Received, 400: Problem, 401: Problem, 409: Problem, 413: Problem},
    by_alias=True,
    tags=["pipeline"],
    summary="Push what a pipeline measured of the token's application",
)
def measurements(request: HttpRequest, pushed: Measurements) -> Status[Received]:
    """The same figure of the same data on the same day is kept once. Rows never travel: only figures and fingerprints."""
    token: Token = request.auth  # type: ignore[attr-defined]  # ninja puts it there
    new = acts.take(token, pushed)
    found = token.application
    refresh(found)
    place = request.build_absolute_uri(reverse("board", args=[found.organisation.slug, found.slug]))
    return Status(201, Received(received=len(pushed.evidence), new=new, board=place))
