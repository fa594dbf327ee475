"""Views of bringing in: choosing a file, looking at what it holds, taking it in, undoing it; and adopting a product card."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from vangrail.cards import adopting
from vangrail.imports import templates
from vangrail.imports.found import MOST_BYTES
from vangrail.model.errors import VangrailError
from vangrail.web.look import language
from vangrail.web.look.language import pick, told
from vangrail.web.look.uploading import limited
from vangrail.web.organisations.members import Member, members_only
from vangrail.web.organisations.rights import Act
from vangrail.web.registering import acts, importing, words
from vangrail.web.registering.forms import ColumnsForm, PhaseForm, UploadForm
from vangrail.web.registering.models import Import, Offer

_SHOWN = 50
"""Good rows on the preview; every row with a problem is shown."""


@limited(MOST_BYTES)
@members_only(Act.REGISTER)
def bring(request: HttpRequest, member: Member) -> HttpResponse:
    """Choose a file; and what was brought in before."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    wrong: list[acts.Wrong] = []
    if request.method == "POST" and getattr(request, "too_large", False):
        form.errors.clear()
        most = MOST_BYTES // 1_000_000
        form.add_error(
            "file", pick(nl=f"Het bestand is groter dan {most} MB.", en=f"The file is larger than {most} MB.")
        )
    elif request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = importing.bring(
                organisation=member.organisation,
                by=member.person,
                name=file.name,
                content=file.read(),
                as_product=form.cleaned_data["as_product"],
            )
            return redirect("import", member.organisation.slug, made.pk)
        except acts.Refused as refused:
            wrong = refused.wrong
        except VangrailError as error:
            form.add_error("file", told(error))
    earlier = Import.objects.filter(organisation=member.organisation).select_related("by").order_by("-pk")[:20]
    context = {"member": member, "form": form, "earlier": earlier, "wrong": wrong}
    return render(request, "registering/bring.html", context)


@members_only(Act.REGISTER)
@require_safe
def template(request: HttpRequest, member: Member, form: str) -> HttpResponse:
    """An empty list to fill in."""
    kinds = {
        "xlsx": (templates.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "csv": (templates.as_csv, "text/csv; charset=utf-8"),
    }
    if form not in kinds:
        raise Http404
    make, kind = kinds[form]
    response = HttpResponse(make(language.current()), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="toepassingen.{form}"'
    return response


def _brought(member: Member, number: int) -> Import:
    found = (
        Import.objects.filter(organisation=member.organisation, pk=number)
        .select_related("organisation", "by", "undone_by")
        .first()
    )
    if found is None:
        raise Http404
    return found


@members_only(Act.REGISTER)
def look_at(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """What a file holds, row by row, before it is taken in; after that, what came of it. A POST chooses the columns."""
    return _look_at(request, member, _brought(member, number), None)


def _look_at(request: HttpRequest, member: Member, brought: Import, refused: str | None) -> HttpResponse:
    if brought.taken_at is not None:
        context = {
            "member": member,
            "brought": brought,
            "arrivals": brought.arrivals.select_related("draft", "application").order_by("row"),
            "whole": len(importing.whole_drafts(brought)),
            "most": importing.MOST_AT_ONCE,
            "refused": refused,
        }
        return render(request, "registering/brought.html", context)
    chosen = request.POST if request.method == "POST" and refused is None else None
    form: ColumnsForm | PhaseForm = PhaseForm(chosen, phase=brought.phase)
    if brought.kind == "list":
        sheet = importing.sheet_of(brought)
        form = ColumnsForm(chosen, headings=sheet.headings, chosen=brought.columns, phase=brought.phase)
    if chosen is not None and form.is_valid():
        columns = form.columns if isinstance(form, ColumnsForm) else {}
        importing.choose(brought=brought, columns=columns, phase=form.cleaned_data["phase"])
        return redirect("import", member.organisation.slug, brought.pk)
    found = importing.found(brought)
    good = [f for f in found if not f.problems]
    context = {
        "member": member,
        "brought": brought,
        "form": form,
        "notes": [importing.text_of(n) for n in brought.content.get("notes", ())],
        "wrong": [f for f in found if f.problems],
        "good": [(f, importing.is_whole(f.content, member.organisation)) for f in good[:_SHOWN]],
        "more": max(0, len(good) - _SHOWN),
        "counted": importing.counted(found, member.organisation),
        "refused": refused,
        "most": importing.MOST_AT_ONCE,
        "asks_phase": brought.kind != "card" or brought.as_product,
    }
    return render(request, "registering/preview.html", context)


@members_only(Act.REGISTER)
@require_POST
def take_in(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Take in the good rows."""
    brought = _brought(member, number)
    try:
        drafts, registered = importing.take_in(
            brought=brought, by=member.person, register=request.POST.get("do") == "register"
        )
    except VangrailError as error:
        return _look_at(request, member, brought, told(error))
    messages.success(
        request,
        pick(
            nl=f"Ingevoerd: {drafts} concepten en {registered} toepassingen.",
            en=f"Taken in: {drafts} drafts and {registered} applications.",
        ),
    )
    return redirect("import", member.organisation.slug, brought.pk)


@members_only(Act.REGISTER)
@require_POST
def register_whole(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Register the drafts of an import that are complete by now."""
    brought = _brought(member, number)
    try:
        registered = importing.register_whole(brought=brought, by=member.person)
    except VangrailError as error:
        return _look_at(request, member, brought, told(error))
    messages.success(
        request, pick(nl=f"Geregistreerd: {registered} toepassingen.", en=f"Registered: {registered} applications.")
    )
    return redirect("import", member.organisation.slug, brought.pk)


@members_only(Act.REGISTER)
@require_POST
def undo(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Take everything away again."""
    brought = _brought(member, number)
    try:
        drafts, registered = importing.undo(brought=brought, by=member.person)
    except VangrailError as error:
        return _look_at(request, member, brought, told(error))
    messages.success(
        request,
        pick(
            nl=f"Ongedaan gemaakt: {drafts} concepten zijn weg, {registered} toepassingen staan op 'uitfasering'.",
            en=f"Undone: {drafts} drafts are gone, {registered} applications are retired.",
        ),
    )
    return redirect("import", member.organisation.slug, brought.pk)


# --- product cards ---------------------------------------------------------------------------------------------------
@members_only(Act.REGISTER)
def offers(request: HttpRequest, member: Member) -> HttpResponse:
    """The product cards that other organisations share."""
    context = {"member": member, "offers": acts.offered_to(member.organisation)}
    return render(request, "registering/offers.html", context)


@members_only(Act.REGISTER)
def offer(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """What a product card says; a POST begins a card of one's own with it."""
    found: Offer | None = acts.offered_to(member.organisation).filter(pk=number).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        draft = acts.adopt(offer=found, organisation=member.organisation, by=member.person)
        return redirect("draft_step", member.organisation.slug, draft.pk, 1)
    lines = words.inherited_lines(adopting.adopt(found.content, source="x", by="x", on=found.at.date()))
    return render(request, "registering/offer.html", {"member": member, "offer": found, "lines": lines})
