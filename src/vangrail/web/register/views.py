"""The public register: reading only, for everybody."""

import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import wraps
from typing import Any

import segno
from django.core.paginator import Paginator
from django.db.models import Count, Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.dateparse import parse_date
from django.utils.http import http_date, urlencode
from django.views.decorators.http import require_safe

import vangrail
from vangrail import knowledge
from vangrail.exports import dcat, linked_data
from vangrail.exports.atom import News, feed
from vangrail.exports.register import Published, published_to_json, register_csv, register_json
from vangrail.web.applications.models import Application
from vangrail.web.decisions.models import Stop
from vangrail.web.look.language import current, pick
from vangrail.web.organisations.members import anyone
from vangrail.web.organisations.models import Organisation
from vangrail.web.publishing.models import Approval, Publication, Withdrawal
from vangrail.web.register import keeping
from vangrail.web.register.models import Entry, Theme
from vangrail.web.register.remembering import same_for_everybody
from vangrail.web.register.searching import SearchForm, found
from vangrail.web.register.showing import Page, address_of, page_path, published, theme_vocabularies

PER_PAGE = 20
MOST_NEWS = 50
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "ttl": "text/turtle; charset=utf-8",
    "jsonld": "application/ld+json",
    "atom": "application/atom+xml; charset=utf-8",
    "svg": "image/svg+xml",
}
_KEPT_SECONDS = 300
"""How long a harvester may keep a file before it asks again."""
View = Callable[..., HttpResponseBase]


def public(view: View) -> View:
    """A view for everybody, that only reads."""

    @wraps(view)
    @require_safe
    def reading(request: HttpRequest, *args: Any, **place: Any) -> HttpResponseBase:
        return view(request, *args, **place)

    return anyone(reading)  # type: ignore[arg-type]  # a file is a response too


@public
@same_for_everybody
def register(request: HttpRequest) -> HttpResponseBase:
    """Everything that is public, to search and to filter."""
    form = SearchForm(request.GET)
    asked = form.asked
    page = Paginator(found(asked), PER_PAGE).get_page(request.GET.get("pagina"))
    context = {
        "form": form,
        "asked": asked,
        "query": urlencode(asked),
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
    }
    return render(request, "register/register.html", context)


@public
def of_organisation(request: HttpRequest, organisation: str) -> HttpResponseBase:
    """The list of one organisation."""
    if not Organisation.objects.filter(slug=organisation, entries__isnull=False).exists():
        raise Http404
    return redirect(f"{reverse('register')}?{urlencode({'bestuur': organisation})}")


@public
@same_for_everybody
def page(request: HttpRequest, organisation: str, application: str) -> HttpResponseBase:
    """The page of an application: as it was approved, with how it is now."""
    entry = _entries().filter(organisation__slug=organisation, slug=application).first()
    if entry is None:
        return _not_public(request, organisation, application)
    stop = Stop.objects.filter(application=entry.application_id).last()
    history = list(keeping.visible(entry.application).select_related("approval").defer("content"))
    stopped = stop if stop and stop.stopped else None
    address = request.build_absolute_uri(page_path(entry.organisation.slug, entry.slug))
    shown = Page.now(entry, stop=stopped, address=address, history=history)
    return render(request, "register/page.html", {"page": shown})


@public
@same_for_everybody
def version(request: HttpRequest, organisation: str, application: str, number: int) -> HttpResponseBase:
    """The page as it was."""
    every = list(_public_versions(organisation, application))
    here = next((p for p in every if p.number == number), None)
    if here is None:
        raise Http404
    later = next((p for p in every if p.number > number), None)
    shown = Page.past(here, until=later.approval.at if later else None)
    return render(request, "register/page.html", {"page": shown})


@public
@same_for_everybody
def history(request: HttpRequest, organisation: str, application: str) -> HttpResponseBase:
    """Every publication with its day; `?op=2026-05-03` goes to the page as it was on that day."""
    versions = list(_public_versions(organisation, application))
    if not versions:
        raise Http404
    asked = request.GET.get("op", "")
    problem = ""
    if asked:
        day = _day(asked)
        here = [p for p in versions if day and timezone.localdate(p.approval.at) <= day]
        if here:
            return redirect("public_version", organisation, application, here[-1].number)
        first = timezone.localdate(versions[0].approval.at)
        problem = pick(
            nl=f"Op die dag was er nog geen pagina. De eerste is van {first:%d/%m/%Y}.",
            en=f"There was no page on that day. The first is of {first:%d/%m/%Y}.",
        )
    context = {
        "versions": versions[::-1],
        "application": versions[-1].application,
        "name": versions[-1].content["application"]["name"],
        "asked": asked,
        "problem": problem,
    }
    return render(request, "register/history.html", context)


@public
def data(request: HttpRequest, organisation: str, application: str, format_: str) -> HttpResponseBase:
    """One application as data."""
    entry = _entries().filter(organisation__slug=organisation, slug=application).first()
    if entry is None:
        raise Http404
    stamp = (entry.pk, entry.publication_id, entry.changed_at, format_, request.get_host())
    return as_file(request, format_, lambda: _one(published(request, entry), format_), stamp, entry.changed_at)


@public
def qr(request: HttpRequest, organisation: str, application: str) -> HttpResponseBase:
    """The address as a QR code, for a letter or a sign."""
    if not Entry.objects.filter(organisation__slug=organisation, slug=application).exists():
        raise Http404
    buffer = io.BytesIO()
    address = request.build_absolute_uri(page_path(organisation, application))
    segno.make(address, error="m").save(buffer, kind="svg", scale=4, border=4, title=address, omitsize=False)
    response = HttpResponse(buffer.getvalue(), content_type=MEDIA["svg"])
    patch_cache_control(response, public=True, max_age=_KEPT_SECONDS)
    return response


@public
@same_for_everybody
def open_data(request: HttpRequest) -> HttpResponseBase:
    """What can be taken over, in which formats, under which licence."""
    bodies = Organisation.objects.filter(entries__isnull=False).annotate(public=Count("entries")).order_by("name")
    return render(request, "register/open_data.html", {"bodies": bodies, "total": Entry.objects.count()})


@public
def whole(request: HttpRequest, format_: str) -> HttpResponseBase:
    """The register as data: all of it, or what the same filters as on the page leave."""
    asked = SearchForm(request.GET).asked
    entries = found(asked)
    last, many = _last(entries)
    stamp = (last, many, format_, urlencode(asked), current().value, request.get_host())
    every = _each(request, entries)
    make = {
        "csv": lambda: register_csv(every, language=current(), framework=knowledge.framework()),
        "json": lambda: register_json(every, address=request.build_absolute_uri(reverse("register"))),
        "ttl": lambda: linked_data.register_turtle(every),
        "jsonld": lambda: linked_data.register_jsonld(every),
    }
    return as_file(request, format_, make[format_], stamp, last, name="register")


@public
def catalogue(request: HttpRequest, format_: str) -> HttpResponseBase:
    """The register as a catalogue for data portals (DCAT-AP Vlaanderen)."""
    newest, many = _newest()
    stamp = (newest, many, format_, request.get_host())
    return as_file(
        request, format_, lambda: [_written(_catalogue(request, newest), format_)], stamp, newest, name="catalogus"
    )


@public
def news(request: HttpRequest) -> HttpResponseBase:
    """What changed, the newest first: published, changed by itself, withdrawn."""
    newest, many = _newest()
    stamp = (newest, many, current().value, request.get_host())
    return as_file(request, "atom", lambda: [_feed(request, newest)], stamp, newest)


# --- what the views share ---------------------------------------------------------------------------------------------
def _entries() -> QuerySet[Entry]:
    return Entry.objects.select_related("organisation", "publication__application__organisation", "application")


def _public_versions(organisation: str, application: str) -> Iterable[Publication]:
    found_ = (
        Application.everywhere.filter(organisation__slug=organisation, slug=application)
        .select_related("organisation")
        .first()
    )
    if found_ is None:
        return ()
    return keeping.visible(found_).select_related("approval", "application__organisation")


def _not_public(request: HttpRequest, organisation: str, application: str) -> HttpResponse:
    """Withdrawn, with the reason; or never public, of which nothing is told."""
    withdrawal = (
        Withdrawal.objects.filter(application__organisation__slug=organisation, application__slug=application)
        .select_related("application__organisation", "last")
        .last()
    )
    if withdrawal is None:
        raise Http404
    return render(request, "register/withdrawn.html", {"withdrawal": withdrawal}, status=410)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _last(entries: QuerySet[Entry]) -> tuple[datetime | None, int]:
    found_ = entries.order_by().aggregate(last=Max("changed_at"), many=Count("pk"))
    return found_["last"], found_["many"]


def _each(request: HttpRequest, entries: QuerySet[Entry]) -> Iterator[Published]:
    for entry in entries.select_related("organisation", "publication").iterator(chunk_size=100):
        yield published(request, entry)


def _one(one: Published, format_: str) -> Iterable[str]:
    if format_ == "csv":
        return register_csv([one], language=current(), framework=knowledge.framework())
    if format_ == "json":
        return [json.dumps(published_to_json(one), ensure_ascii=False, allow_nan=False, indent=1)]
    if format_ == "jsonld":
        return linked_data.register_jsonld([one])
    return [_written(linked_data.application_graph(one), format_)]


def _written(graph: Any, format_: str) -> str:
    return str(graph.serialize(format={"ttl": "turtle", "jsonld": "json-ld"}[format_]))


def _catalogue(request: HttpRequest, changed: datetime | None) -> Any:
    bodies = Organisation.objects.filter(entries__isnull=False).annotate(last=Max("entries__changed_at"))
    themes: dict[int, list[str]] = {}
    for body, term in Theme.objects.values_list("entry__organisation", "term").distinct():
        themes.setdefault(body, []).append(term)
    about = {t.id for t in theme_vocabularies()[0].terms}

    def at(name: str, *place: str) -> str:
        return request.build_absolute_uri(reverse(name, args=place))

    found_ = [
        dcat.Body(
            name=b.name,
            address=at("public_organisation", b.slug),
            contact=b.contact,
            changed_at=timezone.localtime(b.last),
            formats={
                f: f"{at('register_data', f)}?{urlencode({'bestuur': b.slug})}"
                for f in ("csv", "json", "ttl", "jsonld")
            },
            themes=tuple(sorted(about & set(themes.get(b.pk, ())))),
        )
        for b in bodies.order_by("slug")
    ]
    only = found_[0] if len(found_) == 1 else None
    site = dcat.Site(
        address=at("open_data"),
        title="Openbaar register van AI-toepassingen",
        publisher=only.name if only else at("register"),
        contact=only.contact if only else "",
        api=at("api-1:api-root"),
        described=at("api-1:openapi-json"),
        stream=f"{at('ldes')}#stroom",
        roots={f: at("ldes_root", f) for f in ("ttl", "jsonld")},
        changed_at=_or_never(changed),
    )
    return dcat.catalogue(found_, site)


def _or_never(at: datetime | None) -> datetime:
    return timezone.localtime(at) if at else datetime(1970, 1, 1, tzinfo=timezone.get_default_timezone())


def _newest() -> tuple[datetime | None, int]:
    """When something was last published, changed or withdrawn; and how many applications are public."""
    last, many = _last(Entry.objects.all())
    gone = Withdrawal.objects.aggregate(last=Max("at"))["last"]
    return max((d for d in (last, gone) if d), default=None), many


def _feed(request: HttpRequest, updated: datetime | None) -> str:
    approvals = (
        Approval.objects.filter(approved=True, application__entry__isnull=False)
        .select_related("application__organisation", "application__entry", "publication__version")
        .defer("publication__content", "publication__version__content")
        .order_by("-at")[:MOST_NEWS]
    )
    withdrawals = Withdrawal.objects.select_related("application__organisation", "last").order_by("-at")[:MOST_NEWS]
    found_ = [
        News(
            id=f"{address_of(request, a.application)}#publicatie-{a.publication.number}",
            title=pick(nl=f"Gepubliceerd: {a.application.entry.name}", en=f"Published: {a.application.entry.name}"),
            address=address_of(request, a.application),
            at=timezone.localtime(a.at),
            summary=a.application.entry.summary,
            author=a.application.organisation.name,
        )
        for a in approvals
    ]
    found_ += [
        News(
            id=f"{address_of(request, w.application)}#intrekking-{w.last.number}",
            title=pick(nl=f"Ingetrokken: {w.application.slug}", en=f"Withdrawn: {w.application.slug}"),
            address=address_of(request, w.application),
            at=timezone.localtime(w.at),
            summary=w.reasons,
            author=w.application.organisation.name,
        )
        for w in withdrawals
    ]
    return feed(
        title=pick(nl="Openbaar register van AI-toepassingen", en="Public register of AI applications"),
        address=request.build_absolute_uri(reverse("register")),
        self_address=request.build_absolute_uri(reverse("register_feed")),
        updated=_or_never(updated),
        news=sorted(found_, key=lambda n: n.at, reverse=True)[:MOST_NEWS],
        language="nl-BE" if current() == "nl" else "en",
    ).decode()


def as_file(
    request: HttpRequest,
    format_: str,
    make: Callable[[], Iterable[str]],
    stamp: tuple[Any, ...],
    last: datetime | None,
    *,
    name: str = "",
    **kept: Any,
) -> HttpResponseBase:
    """A file that anybody may keep for a while; 'not modified' for who has it already.

    kept    how long, where that is not the usual time: what `Cache-Control` says of it
    """
    etag = f'"{hashlib.sha256(repr((stamp, vangrail.__version__)).encode()).hexdigest()[:32]}"'
    modified = int(last.timestamp()) if last else None
    unchanged = get_conditional_response(request, etag=etag, last_modified=modified)
    if unchanged is not None:
        return unchanged
    response = StreamingHttpResponse(make(), content_type=MEDIA[format_])
    response.headers["ETag"] = etag
    if last:
        response.headers["Last-Modified"] = http_date(last.timestamp())
    if format_ == "csv":
        response.headers["Content-Disposition"] = f'attachment; filename="{name or "toepassing"}.csv"'
    patch_cache_control(response, public=True, **{"max_age": _KEPT_SECONDS} | kept)
    patch_vary_headers(response, ["Cookie"])  # the language of the visitor is a cookie
    return response
