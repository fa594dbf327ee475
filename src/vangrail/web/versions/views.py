"""The versions of a card, any two side by side, and the card as it was on a day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from vangrail.cards.comparing import differences
from vangrail.cards.writing import card_text
from vangrail.web.applications.finding import application_of
from vangrail.web.organisations.members import Member, members_only
from vangrail.web.organisations.rights import Act
from vangrail.web.registering import words
from vangrail.web.versions.finding import as_it_was, version_of
from vangrail.web.versions.forms import DayForm, PairForm


@members_only(Act.READ)
@require_safe
def versions(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Every version, the newest first; `?op=2026-05-03` goes to the card as it was on that day."""
    found = application_of(member, application)
    rows = list(found.versions.select_related("by").defer("content").order_by("-number"))
    form = DayForm(request.GET or None)
    before_first = False
    if form.is_valid():
        that = as_it_was(found, form.cleaned_data["op"])
        if that is not None:
            address = redirect("version", member.organisation.slug, found.slug, that.number)
            address["Location"] += f"?op={form.cleaned_data['op'].isoformat()}"
            return address
        before_first = True
    numbers = [v.number for v in rows]
    pair = PairForm(numbers=numbers, initial={"van": numbers[min(1, len(numbers) - 1)], "tot": numbers[0]})
    context = {
        "member": member, "application": found, "versions": rows, "form": form, "pair": pair,
        "before_first": before_first, "first": rows[-1],
    }  # fmt: skip
    return render(request, "versions/versions.html", context)


@members_only(Act.READ)
@require_safe
def version(request: HttpRequest, member: Member, application: str, number: int) -> HttpResponse:
    """The card as it was in a version."""
    found = application_of(member, application)
    one = version_of(found, number)
    day = DayForm(request.GET)
    context = {
        "member": member,
        "application": found,
        "version": one,
        "parts": words.shown(one.content),
        "newest": found.version.number,
        "day": day.cleaned_data["op"] if day.is_valid() else None,
    }
    return render(request, "versions/version.html", context)


@members_only(Act.READ)
@require_safe
def download(request: HttpRequest, member: Member, application: str, number: int) -> HttpResponse:
    """A version as card.yaml."""
    one = version_of(application_of(member, application), number)
    response = HttpResponse(card_text(one.content), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="card.yaml"'
    return response


@members_only(Act.READ)
@require_safe
def compare(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Two versions side by side: what was added, what is gone, what became something else."""
    found = application_of(member, application)
    numbers = list(found.versions.order_by("-number").values_list("number", flat=True))
    form = PairForm(request.GET, numbers=numbers)
    if not form.is_valid():
        return redirect("versions", member.organisation.slug, application)
    before, after = (version_of(found, form.cleaned_data[name]) for name in ("van", "tot"))
    context = {
        "member": member,
        "application": found,
        "form": form,
        "before": before,
        "after": after,
        "changes": words.changes(differences(before.content, after.content)),
    }
    return render(request, "versions/compare.html", context)
