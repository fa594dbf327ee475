"""The portfolio, what waits for whom, and the calendar."""

from datetime import UTC

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from vangrail import law
from vangrail.model.errors import VangrailError
from vangrail.web.applications.finding import application_of
from vangrail.web.look import language
from vangrail.web.look.acting import tried
from vangrail.web.look.language import pick, told
from vangrail.web.look.limits import takes_up_to
from vangrail.web.managing import data_files
from vangrail.web.managing import portfolio as standing
from vangrail.web.managing.forms import DataForm, PortfolioForm
from vangrail.web.managing.models import CalendarAddress, digest_of
from vangrail.web.managing.tasks import tasks_of
from vangrail.web.organisations.members import Member, anyone, members_only
from vangrail.web.organisations.models import Membership
from vangrail.web.organisations.rights import Act


@members_only(Act.READ)
def portfolio(request: HttpRequest, member: Member) -> HttpResponse:
    """Every application of the organisation, with where it stands."""
    rows = standing.rows(member.organisation, on=timezone.localdate())
    form = PortfolioForm(request.GET, owners=[r.owner for r in rows])
    context = {
        "member": member,
        "all": rows,
        "rows": standing.chosen(rows, **form.asked()),
        "form": form,
        "chose": any(form.asked()[name] for name in ("phase", "state", "owner")),
    }
    return render(request, "managing/portfolio.html", context)


@members_only(Act.READ)
def together(request: HttpRequest, member: Member) -> HttpResponse:
    """What the applications promise, endanger and use, all together."""
    found = standing.together(member.organisation)
    return render(request, "managing/together.html", {"member": member, "found": found})


@members_only(Act.READ)
def my_tasks(request: HttpRequest, member: Member) -> HttpResponse:
    """What waits for the visitor, in every part of the site."""
    today = timezone.localdate()
    tasks = [(task, task.overdue(today)) for task in tasks_of(member)]
    return render(request, "managing/tasks.html", {"member": member, "tasks": tasks})


@members_only(Act.READ)
def calendar(request: HttpRequest, member: Member) -> HttpResponse:
    """Which duty starts when, for which applications; and the address for one's own calendar."""
    today = timezone.localdate()
    entries, refused = standing.duties(member.organisation, on=today)
    days = standing.by_day(entries)
    held = CalendarAddress.objects.filter(membership=_membership(member)).first()
    context = {
        "member": member,
        "coming": [d for d in days if d.day >= today],
        "past": [d for d in days if d.day < today],
        "past_count": sum(len(d.duties) for d in days if d.day < today),
        "refused": refused,
        "address": request.build_absolute_uri(reverse("calendar_feed", args=[held.token])) if held else "",
    }
    return render(request, "managing/calendar.html", context)


@members_only(Act.READ)
@require_POST
def renew_calendar(request: HttpRequest, member: Member) -> HttpResponse:
    """A new address for one's calendar; the old one stops working."""
    CalendarAddress.renew(_membership(member))
    return redirect(reverse("calendar", args=[member.organisation.slug]) + "#agenda")


@takes_up_to(data_files.LARGEST + 1024 * 1024)
@members_only(Act.MEASURE)
def data(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """The files with data of an application, and putting one there."""
    found = application_of(member, application)
    form = DataForm(request.POST or None, request.FILES or None)
    put = tried(form, lambda: data_files.put(application=found, file=form.cleaned_data["file"], by=member.person))
    if put is not None:
        said = pick(
            nl=f"{put.name} staat klaar. Zeg nu wat de kolommen betekenen.",
            en=f"{put.name} is there. Now say what its columns mean.",
        )
        messages.success(request, said)
        return redirect("data", member.organisation.slug, application)
    context = {"member": member, "application": found, "form": form, "files": data_files.data_files(found)}
    return render(request, "managing/data.html", context)


@members_only(Act.MEASURE)
@require_POST
def take_away_data(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Remove a file with data."""
    found = application_of(member, application)
    try:
        data_files.take_away(application=found, name=request.POST.get("name", ""), by=member.person)
    except VangrailError as error:
        messages.error(request, told(error))
    return redirect("data", member.organisation.slug, application)


@anyone
@never_cache
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The duties of an organisation as iCalendar, for whoever has the address."""
    found = (
        CalendarAddress.objects.filter(digest=digest_of(token), membership__person__is_active=True)
        .select_related("membership__organisation")
        .first()
    )
    if found is None:
        raise Http404
    entries, _ = standing.duties(found.membership.organisation, on=timezone.localdate())
    text = law.icalendar(entries, stamp=timezone.now().astimezone(UTC), language=language.current())
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


def _membership(member: Member) -> Membership:
    return Membership.objects.get(person=member.person, organisation=member.organisation)
