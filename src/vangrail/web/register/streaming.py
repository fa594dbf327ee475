"""The history of the register as a stream that others follow (LDES): a root, and pages that are full and stay as they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from vangrail.exports import ldes, linked_data
from vangrail.exports.linked_data import Triple
from vangrail.model.vocabulary import StreamEvent
from vangrail.web.publishing.models import Approval, Publication, Withdrawal
from vangrail.web.register.showing import page_path
from vangrail.web.register.views import as_file, public

PER_PAGE = 100
SETTLED = timedelta(minutes=2)
"""How long after its last member a full page is closed: until then a transaction of before can still end."""
CLOSED_KEPT = 24 * 3600
"""Seconds. Not longer: what was withdrawn should be gone from what others keep within a day."""


@dataclass(frozen=True, kw_only=True)
class Happened:
    """A place in the stream."""

    event: StreamEvent
    at: datetime
    application: int
    publication: int
    number: int
    gone: bool
    """Whether a later withdrawal took it away."""


@public
def stream(request: HttpRequest) -> HttpResponseBase:
    """The entry point: to the form that the visitor prefers."""
    form = request.get_preferred_type(["text/turtle", "application/ld+json"])
    place = reverse("ldes_root", args=["jsonld" if form == "application/ld+json" else "ttl"])
    answer = HttpResponseRedirect(place, status=303)
    patch_vary_headers(answer, ["Accept"])
    return answer


@public
def root(request: HttpRequest, format_: str) -> HttpResponseBase:
    """What the stream is, and where its pages are."""
    pages = _pages()
    places = [
        ldes.Place(
            address=_address(request, "ldes_page", number, format_),
            first=timezone.localtime(held[0].at),
            last=timezone.localtime(held[-1].at) if _closed(held) else None,
        )
        for number, held in enumerate(pages, start=1)
    ]
    said = ldes.root(
        places,
        stream=_stream(request),
        address=_address(request, "ldes_root", format_),
        shape=_address(request, "ldes_shape") + "#Member",
    )
    stamp = (*places, format_, request.get_host())
    return as_file(request, format_, lambda: _written([said], format_), stamp, pages[-1][-1].at if pages else None)


@public
def page(request: HttpRequest, number: str, format_: str) -> HttpResponseBase:
    """One page. A closed one never gets another member."""
    pages = _pages()
    if int(number) > len(pages):
        raise Http404
    held = pages[int(number) - 1]
    closed = _closed(held)
    stamp = (*held, closed, format_, request.get_host())
    kept: dict[str, Any] = {"max_age": CLOSED_KEPT, "immutable": True} if closed else {}

    def make() -> Iterable[str]:
        said = ldes.page(
            _members(request, held),
            stream=_stream(request),
            address=_address(request, "ldes_page", number, format_),
            closed=closed,
        )
        return _written([said], format_)

    return as_file(request, format_, make, stamp, held[-1].at, **kept)


@public
def shape(request: HttpRequest) -> HttpResponseBase:
    """What every member has (SHACL)."""
    return HttpResponse(ldes.SHAPE.read_text(encoding="utf-8"), content_type="text/turtle; charset=utf-8")


def _written(said: Iterable[Iterable[Triple]], format_: str) -> Iterable[str]:
    return linked_data.jsonld(said) if format_ == "jsonld" else map(linked_data.turtle, said)


def _address(request: HttpRequest, name: str, *place: object) -> str:
    return request.build_absolute_uri(reverse(name, args=place))


def _stream(request: HttpRequest) -> str:
    """What stands for the stream, in every form alike."""
    return _address(request, "ldes") + "#stroom"


def _pages() -> list[list[Happened]]:
    every = _everything()
    return [every[start : start + PER_PAGE] for start in range(0, len(every), PER_PAGE)]


def _closed(held: Sequence[Happened]) -> bool:
    return len(held) == PER_PAGE and held[-1].at < timezone.now() - SETTLED


def _everything() -> list[Happened]:
    """All that ever happened, in order. In two queries; what is only ever added to keeps its place."""
    approved = Approval.objects.filter(approved=True).values_list(
        "at", "pk", "application", "publication", "publication__number"
    )
    withdrawn = Withdrawal.objects.values_list("at", "pk", "application", "last", "last__number")
    both = sorted([*((*row, False) for row in approved), *((*row, True) for row in withdrawn)], key=_order)
    last_gone = {application: number for _, _, application, _, number, is_end in both if is_end}
    found, live = [], set()
    for at, _, application, publication, number, is_end in both:
        if is_end:
            event = StreamEvent.DELETED
            live.discard(application)
        else:
            event = StreamEvent.UPDATED if application in live else StreamEvent.CREATED
            live.add(application)
        gone = not is_end and number <= last_gone.get(application, 0)
        found.append(
            Happened(event=event, at=at, application=application, publication=publication, number=number, gone=gone)
        )
    return found


def _order(row: tuple[datetime, int, int, int, int, bool]) -> tuple[datetime, bool, int]:
    return row[0], row[5], row[1]


def _members(request: HttpRequest, held: Sequence[Happened]) -> list[ldes.Member]:
    publications = Publication.objects.filter(pk__in=[h.publication for h in held])
    by_pk = {p.pk: p for p in publications.select_related("application__organisation")}
    members = []
    for one in held:
        publication = by_pk[one.publication]
        application = publication.application
        shown = not one.gone and one.event is not StreamEvent.DELETED
        members.append(
            ldes.Member(
                event=one.event,
                at=timezone.localtime(one.at),
                page=request.build_absolute_uri(page_path(application.organisation.slug, application.slug)),
                organisation=application.organisation.slug,
                number=one.number,
                content=publication.content if shown else None,
            )
        )
    return members
