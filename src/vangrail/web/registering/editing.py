"""Views of the card: reading it, editing it page by page or as text, and recording a new version."""

from datetime import date
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from pydantic_core import to_jsonable_python

from vangrail.cards import fields
from vangrail.cards.adopting import put
from vangrail.cards.comparing import differences, inherited
from vangrail.cards.fields import CardPart
from vangrail.cards.located import Document, read_text
from vangrail.cards.writing import card_text
from vangrail.imports.found import can_be_kept
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.web.applications.finding import application_of
from vangrail.web.applications.models import Application, Draft
from vangrail.web.look.language import pick, told
from vangrail.web.organisations.members import Member, members_only
from vangrail.web.organisations.rights import Act
from vangrail.web.registering import acts, words
from vangrail.web.registering.acts import Content, Refused, SavedMeanwhile, Wrong
from vangrail.web.registering.drafting import colleagues, seen_in
from vangrail.web.registering.forms import DepartForm, FieldsForm, ItemsForm, RecordForm, YamlForm, single_fields
from vangrail.web.suppliers.showing import according_to


def _draft(application: Application) -> Draft | None:
    return Draft.objects.filter(application=application).select_related("saved_by", "application__organisation").first()


def _content(application: Application, draft: Draft | None) -> Content:
    return acts.card_in(draft) if draft is not None else dict(application.version.content)


@members_only(Act.READ)
def card(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """The card as it is now."""
    found = application_of(member, application)
    version = found.versions.select_related("by").latest("number")
    context = {
        "member": member,
        "application": found,
        "version": version,
        "parts": words.shown(version.content),
        "origin": version.content.get("adopted_from"),
        "departs": [i for i in inherited(version.content) if i.departs],
        "newer_offer": acts.newer_offer(version.content),
        "draft": _draft(found),
        "offer": found.offers.filter(withdrawn_at=None).first(),
        "according": according_to(found),
    }
    return render(request, "registering/card.html", context)


@members_only(Act.EDIT_CARD)
def edit(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Every page of the card, what changed in the draft, and recording it."""
    return _overview(request, member, application_of(member, application))


def _overview(
    request: HttpRequest,
    member: Member,
    found: Application,
    *,
    form: RecordForm | None = None,
    wrong: list[Wrong] | None = None,
) -> HttpResponse:
    draft = _draft(found)
    content = _content(found, draft)
    base = found.versions.get(number=draft.content["after"]) if draft is not None else found.version
    context = {
        "member": member,
        "application": found,
        "draft": draft,
        "base": base,
        "parts": words.shown(content),
        "changes": words.changes(differences(base.content, content)),
        "newer": acts.newer(draft) if draft is not None else None,
        "form": form or RecordForm(initial={"seen": draft.round if draft is not None else 0}),
        "wrong": wrong or [],
    }
    return render(request, "registering/edit.html", context)


@members_only(Act.EDIT_CARD)
@require_POST
def record(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """The draft becomes a version."""
    found = application_of(member, application)
    draft, form, wrong = _draft(found), RecordForm(request.POST), []
    if draft is None:
        messages.info(request, pick(nl="Er is niets gewijzigd.", en="Nothing has changed."))
        return redirect("edit_card", member.organisation.slug, application)
    if form.is_valid():
        try:
            if form.cleaned_data["seen"] != draft.round:
                raise acts.meanwhile(draft)
            version = acts.declare(draft=draft, by=member.person, note=form.cleaned_data["note"])
        except Refused as refused:
            wrong = refused.wrong
        except VangrailError as error:
            form.add_error(None, told(error))
            form.see(draft.round)
        else:
            messages.success(
                request, pick(nl=f"Versie {version.number} is vastgelegd.", en=f"Version {version.number} is recorded.")
            )
            return redirect("card", member.organisation.slug, application)
    return _overview(request, member, found, form=form, wrong=wrong)


@members_only(Act.EDIT_CARD)
@require_POST
def catch_up(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Go on from the newest version."""
    found = application_of(member, application)
    draft = _draft(found)
    if draft is not None:
        try:
            result = acts.catch_up(draft=draft, seen=draft.round, by=member.person)
        except SavedMeanwhile as error:
            messages.error(request, told(error))
        else:
            names = ", ".join(words.title(tuple(path.split("."))) for path in result.clashes)
            if names:
                messages.warning(
                    request,
                    pick(
                        nl=f"Jullie wijzigden allebei: {names}. Jouw tekst staat er nu; kijk na of dat goed is.",
                        en=f"You both changed: {names}. Your text stands there now; see whether that is right.",
                    ),
                )
            else:
                messages.success(
                    request,
                    pick(
                        nl="Je wijzigingen staan op de nieuwste versie.", en="Your changes are on the newest version."
                    ),
                )
    return redirect("edit_card", member.organisation.slug, application)


@members_only(Act.EDIT_CARD)
@require_POST
def discard(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Forget what was not recorded."""
    draft = _draft(application_of(member, application))
    if draft is not None:
        acts.discard(draft=draft, by=member.person)
        messages.success(request, pick(nl="Je wijzigingen zijn weg.", en="Your changes are gone."))
    return redirect("card", member.organisation.slug, application)


@members_only(Act.EDIT_CARD)
def part(request: HttpRequest, member: Member, application: str, part: str) -> HttpResponse:
    """One page of the card. Each change is saved by itself; without JavaScript by the button."""
    found = application_of(member, application)
    page = next((p for p in fields.parts() if p.id == part), None)
    if page is None:
        raise Http404
    draft = _draft(found)
    content = _content(found, draft)
    data = request.POST if request.method == "POST" else None
    items = ItemsForm(data, part=page, card=content, application=found) if page.items else None
    held, locked = single_fields(page, content)
    single = None if items else FieldsForm(data, of=page.fields, held=held, application=found, locked=locked)
    conflict: SavedMeanwhile | None = None
    theirs: list[words.Change] = []
    valid = True
    if request.method == "POST":
        # A list is saved as a whole or not at all; single fields each for themselves.
        valid = items.is_valid() if items else bool(single and single.is_valid())
        changes = _changes(request, page, items, single) if valid or single else {}
        try:
            if changes:
                draft = acts.edit(application=found, by=member.person)
                draft = acts.save(draft=draft, seen=seen_in(request), changes=changes, by=member.person)
        except SavedMeanwhile as error:
            conflict = error
            there = acts.card_in(draft) if draft is not None else content
            mine = dict(there)
            for path, value in changes.items():
                put(mine, path, value)
            theirs = words.changes(differences(mine, there))
        if request.htmx:  # type: ignore[attr-defined]
            errors = [e for f in (items.forms if items else [single]) if f for e in f.errors.values()]
            saved = {"draft": draft, "conflict": conflict, "errors": errors}
            return render(request, "registering/saved.html", saved)
        if valid and conflict is None:
            return _after(request, member, found, page)
    context = {
        "member": member, "application": found, "part": page, "items": items, "single": single, "draft": draft,
        "seen": draft.round if draft is not None else 0, "conflict": conflict, "theirs": theirs,
        "asks": words.asks(page), "locked": [i for i in inherited(content) if i.field in page.paths], "number": _number(page),
        "of": len(fields.parts()), "people": colleagues(member), "valid": valid,
    }  # fmt: skip
    return render(request, "registering/part.html", context)


def _changes(request: HttpRequest, page: CardPart, items: ItemsForm | None, single: FieldsForm | None) -> Content:
    if items is None:
        return single.values() if single is not None else {}
    do = request.POST.get("do", "")
    up = int(do[3:]) if do.startswith("up-") and do[3:].isdigit() else None
    return {str(page.items): items.value(up=up)}


def _number(page: CardPart) -> int:
    return [p.id for p in fields.parts()].index(page.id) + 1


def _after(request: HttpRequest, member: Member, found: Application, page: CardPart) -> HttpResponse:
    slug, pages = member.organisation.slug, fields.parts()
    do = request.POST.get("do", "")
    if do == "next" and _number(page) < len(pages):
        return redirect("edit_part", slug, found.slug, pages[_number(page)].id)
    if do == "stay" or do.startswith("up-"):
        return redirect("edit_part", slug, found.slug, page.id)
    return redirect("edit_card", slug, found.slug)


@members_only(Act.EDIT_CARD)
def as_text(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """The whole card as YAML, for who knows its form. Saved only when it is a card."""
    found = application_of(member, application)
    draft = _draft(found)
    content = acts.whole(_content(found, draft), found.organisation)
    seen = draft.round if draft is not None else 0
    form = YamlForm(request.POST or None, initial={"text": card_text(content), "seen": seen})
    wrong: list[Wrong] = []
    if request.method == "POST" and form.is_valid():
        try:
            read = _read(form.cleaned_data["text"], found)
            draft = acts.edit(application=found, by=member.person)
            acts.save_all(draft=draft, seen=form.cleaned_data["seen"], card=read, by=member.person)
        except Refused as refused:
            wrong = refused.wrong
        except VangrailError as error:
            form.add_error(None, told(error))
            if isinstance(error, SavedMeanwhile) and draft is not None:
                form.see(draft.round)
        else:
            messages.success(request, pick(nl="Bewaard in je concept.", en="Saved in your draft."))
            return redirect("edit_card", member.organisation.slug, application)
    context = {"member": member, "application": found, "form": form, "wrong": wrong, "draft": draft}
    return render(request, "registering/yaml.html", context)


def read_card(text: str) -> tuple[Content, Document]:
    """The plain values of a YAML text. VangrailError when it is no text of a card at all."""
    document = read_text(text, file=Path("card.yaml"))
    if not isinstance(document.values, dict):
        raise VangrailError(
            both(nl="card.yaml, regel 1: hier horen sleutels met waarden, zoals 'name: ...'.",
                 en="card.yaml, line 1: here belong keys with values, such as 'name: ...'.")
        )  # fmt: skip
    values: Any = to_jsonable_python(document.values, fallback=str)
    if not can_be_kept(values):
        raise VangrailError(
            both(nl="Er staat een getal of een teken in dat nergens bewaard kan worden.",
                 en="It holds a number or a character that can be kept nowhere.")
        )  # fmt: skip
    return {str(k): v for k, v in values.items() if v is not None}, document


def _read(text: str, application: Application) -> Content:
    """A card of this application. Refused with every mistake and its line."""
    values, document = read_card(text)
    card = acts.checked(values, document=document)
    wrong = []
    if card.id != application.slug:
        wrong.append(
            Wrong(
                place=("id",),
                said=both(nl=f"De korte naam verandert nooit. Laat ze op '{application.slug}'.",
                          en=f"The short name never changes. Leave it at '{application.slug}'."),
                line=document.line(("id",)),
            )
        )  # fmt: skip
    if card.organisation.name != application.organisation.name:
        wrong.append(
            Wrong(
                place=("organisation", "name"),
                said=both(nl="De naam van de organisatie verander je bij het beheer en niet op een kaart.",
                          en="The name of the organisation is changed in the administration and not on a card."),
                line=document.line(("organisation", "name")),
            )
        )  # fmt: skip
    if wrong:
        raise Refused(wrong)
    return card.model_dump(mode="json", exclude_defaults=True)


# --- product cards ---------------------------------------------------------------------------------------------------
@members_only(Act.READ)
def product(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """What the card took over from a product card, where it departs, and sharing what it says of the product itself."""
    return _product(request, member, application_of(member, application), None)


def _product(request: HttpRequest, member: Member, found: Application, refused: str | None) -> HttpResponse:
    draft = _draft(found)
    content = _content(found, draft)
    fresh = acts.newer_offer(content)
    changes = differences((content.get("adopted_from") or {}).get("states", {}), fresh.content) if fresh else ()
    context = {
        "member": member,
        "application": found,
        "draft": draft,
        "seen": draft.round if draft is not None else 0,
        "origin": content.get("adopted_from"),
        "taken_on": date.fromisoformat(content["adopted_from"]["on"]) if content.get("adopted_from") else None,
        "inherited": words.inherited_lines(content),
        "newer": fresh,
        "changes": words.changes(changes),
        "offer": found.offers.filter(withdrawn_at=None).select_related("by").first(),
        "version": found.version.number,
        "depart_form": DepartForm(),
        "refused": refused,
    }
    return render(request, "registering/product.html", context)


@members_only(Act.EDIT_CARD)
@require_POST
def depart(request: HttpRequest, member: Member, application: str, field: str) -> HttpResponse:
    """Set a field free of the product card for a reason, or take over again what the product card says."""
    found = application_of(member, application)
    content = _content(found, _draft(found))
    try:
        if request.POST.get("do") == "return":
            changed = acts.return_to_product(content, field)
        else:
            changed = acts.depart(content, field, request.POST.get("because", "")[:1_000])
        draft = acts.edit(application=found, by=member.person)
        acts.save_all(draft=draft, seen=seen_in(request), card=changed, by=member.person)
    except VangrailError as error:
        return _product(request, member, found, told(error))
    if request.POST.get("do") == "return":
        return redirect("card_product", member.organisation.slug, application)
    page = words.part_of(field.split("."))
    if page is None:
        return redirect("card_yaml", member.organisation.slug, application)
    return redirect("edit_part", member.organisation.slug, application, page)


@members_only(Act.EDIT_CARD)
@require_POST
def take_over(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Take over what the product card says now, in the draft."""
    found = application_of(member, application)
    content = _content(found, _draft(found))
    fresh = acts.newer_offer(content)
    if fresh is not None:
        try:
            draft = acts.edit(application=found, by=member.person)
            changed = acts.taken_over(content, fresh, on=timezone.localdate())
            acts.save_all(draft=draft, seen=seen_in(request), card=changed, by=member.person)
        except VangrailError as error:
            return _product(request, member, found, told(error))
    return redirect("edit_card", member.organisation.slug, application)


@members_only(Act.EDIT_CARD)
@require_POST
def share(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Offer the product card to other organisations, or offer it no longer."""
    found = application_of(member, application)
    try:
        if request.POST.get("do") == "withdraw":
            acts.withdraw(application=found, by=member.person)
        else:
            acts.offer(application=found, by=member.person)
    except VangrailError as error:
        return _product(request, member, found, told(error))
    return redirect("card_product", member.organisation.slug, application)
