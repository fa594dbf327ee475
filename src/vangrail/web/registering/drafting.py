"""Views of the short form: it saves itself, can be taken up again later, and ends with registering."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from vangrail import knowledge, law
from vangrail.cards import templates
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import MemberRole
from vangrail.web.applications.models import Draft
from vangrail.web.look.language import pick, told
from vangrail.web.look.templatetags.look import said
from vangrail.web.organisations.members import Member, members_only
from vangrail.web.organisations.models import Membership
from vangrail.web.organisations.rights import Act
from vangrail.web.registering import acts, words
from vangrail.web.registering.acts import Content, SavedMeanwhile
from vangrail.web.registering.forms import StepForm
from vangrail.web.registering.questions import STEPS


@members_only(Act.REGISTER)
def begin(request: HttpRequest, member: Member) -> HttpResponse:
    """The ways to register an application; a POST starts the short form."""
    if request.method == "POST":
        draft = acts.start(organisation=member.organisation, by=member.person, content=_known(member))
        return redirect("draft_step", member.organisation.slug, draft.pk, 1)
    context = {
        "member": member,
        "offers": acts.offered_to(member.organisation)[:6],
        "steps": STEPS,
        "templates": templates.templates(),
    }
    return render(request, "registering/begin.html", context)


@members_only(Act.REGISTER)
def template(request: HttpRequest, member: Member, kind: str) -> HttpResponse:
    """What a kind of application comes with, and what to watch; a POST begins a card of one's own with it."""
    found = next((t for t in templates.templates() if t.id == kind), None)
    if found is None:
        raise Http404
    if request.method == "POST":
        content = dict(found.card) | _known(member)
        draft = acts.start(organisation=member.organisation, by=member.person, content=content)
        return redirect("draft_step", member.organisation.slug, draft.pk, 1)
    framework = knowledge.framework()
    watch = [(framework.requirement(w.requirement), w.text) for w in found.watch]
    parts = [p for p in words.shown(found.card) if p.groups]
    facts = [(law.questions()[fact].short, law.value_text(fact, value)) for fact, value in found.card["facts"].items()]
    context = {"member": member, "template": found, "parts": parts, "facts": facts, "watch": watch}
    return render(request, "registering/template.html", context)


def _known(member: Member) -> Content:
    """What the site knows already: who registers, and who is the only one in a role."""
    people: dict[str, dict[str, str]] = {}
    if MemberRole.APPLICATION_OWNER in member.roles:
        people["application_owner"] = {"name": member.name}
    everyone = Membership.objects.filter(organisation=member.organisation).select_related("person")
    for role in (MemberRole.DECIDER, MemberRole.DPO):
        names = [m.person.name for m in everyone if role in m.held]
        if len(names) == 1:
            people[role.value] = {"name": names[0]}
    return {"people": people} if people else {}


def colleagues(member: Member) -> list[str]:
    """The names of the people of the organisation, to choose from."""
    found = Membership.objects.filter(organisation=member.organisation, person__is_active=True)
    return list(found.order_by("person__name").values_list("person__name", flat=True))


def seen_in(request: HttpRequest) -> int:
    """The round that the visitor had before them; none that ever was, where it is missing."""
    given = request.POST.get("seen", "")
    return int(given) if given.isdigit() and len(given) < 9 else -1


def draft_of(member: Member, number: int) -> Draft:
    """A draft of a new application of the organisation. Http404 when there is none."""
    found = (
        Draft.objects.filter(organisation=member.organisation, application=None, pk=number)
        .select_related("organisation", "saved_by", "arrival")
        .first()
    )
    if found is None:
        raise Http404
    return found


@members_only(Act.REGISTER)
def step(request: HttpRequest, member: Member, draft: int, number: int) -> HttpResponse:
    """A step of the short form. Each change is saved by itself; without JavaScript by the buttons."""
    found = draft_of(member, draft)
    if not 1 <= number <= len(STEPS):
        raise Http404
    title, questions = STEPS[number - 1]
    card = acts.card_in(found)
    form = StepForm(
        request.POST if request.method == "POST" else None, questions=questions, card=card, people="collegas"
    )
    conflict: SavedMeanwhile | None = None
    theirs: list[tuple[str, str]] = []
    if request.method == "POST":
        good = form.is_valid()
        try:
            found = acts.save_all(draft=found, seen=seen_in(request), card=form.changes(dict(card)), by=member.person)
        except SavedMeanwhile as error:
            conflict = error
            theirs = [
                (said(q.ask), q.read(card)) for q in questions if q.read(card) != str(form.data.get(q.id, "")).strip()
            ]
        if request.htmx:  # type: ignore[attr-defined]  # by the middleware of django-htmx
            saved = {"draft": found, "conflict": conflict, "errors": form.errors}
            return render(request, "registering/saved.html", saved)
        if good and conflict is None:
            return _onward(request, member, found, number)
    context = {
        "member": member, "draft": found, "form": form, "number": number, "title": title, "steps": STEPS,
        "people": colleagues(member), "conflict": conflict, "theirs": theirs, "left": left_over(found),
        "name": card.get("name"),
    }  # fmt: skip
    return render(request, "registering/step.html", context)


def left_over(draft: Draft) -> dict[str, str]:
    """What came with an import and had no place on the card."""
    arrival = getattr(draft, "arrival", None)
    return dict(arrival.left) if arrival is not None else {}


def _onward(request: HttpRequest, member: Member, draft: Draft, number: int) -> HttpResponse:
    slug = member.organisation.slug
    match request.POST.get("do"):
        case "later":
            messages.success(
                request,
                pick(
                    nl="Bewaard. Je concept staat bij 'Toepassingen'.", en="Saved. Your draft is under 'Applications'."
                ),
            )
            return redirect("portfolio", slug)
        case "back" if number > 1:
            return redirect("draft_step", slug, draft.pk, number - 1)
        case _ if number < len(STEPS):
            return redirect("draft_step", slug, draft.pk, number + 1)
        case _:
            return redirect("draft_check", slug, draft.pk)


@members_only(Act.REGISTER)
def check(request: HttpRequest, member: Member, draft: int) -> HttpResponse:
    """Everything that was filled in, and what is still needed."""
    return _check(request, member, draft_of(member, draft), [])


def _check(request: HttpRequest, member: Member, found: Draft, refused: list[str]) -> HttpResponse:
    card = acts.card_in(found)
    context = {
        "member": member, "draft": found, "parts": [p for p in words.shown(card) if p.groups], "steps": STEPS,
        "strangers": _strangers(member, card), "number": len(STEPS) + 1, "lacking": acts.lacking(card), "refused": refused, "left": left_over(found), "name": card.get("name"),
    }  # fmt: skip
    return render(request, "registering/check.html", context)


def _strangers(member: Member, card: Content) -> list[str]:
    """Whom the card names and who has no account by that name: nobody could advise or decide in their place."""
    known = set(member.organisation.memberships.values_list("person__name", flat=True))
    return sorted({p["name"] for p in (card.get("people") or {}).values() if p.get("name")} - known)


@members_only(Act.REGISTER)
@require_POST
def register(request: HttpRequest, member: Member, draft: int) -> HttpResponse:
    """The draft becomes an application."""
    found = draft_of(member, draft)
    try:
        application = acts.register(draft=found, by=member.person)
    except acts.Refused as refused:
        return _check(request, member, found, [said(w.said) for w in refused.wrong])
    except VangrailError as error:
        return _check(request, member, found, [told(error)])
    messages.success(
        request,
        pick(
            nl="Geregistreerd. Dit is het bord: wat er van deze toepassing gevraagd wordt, en wat er al is.",
            en="Registered. This is the board: what is asked of this application, and what is there already.",
        ),
    )
    return redirect("board", member.organisation.slug, application.slug)


@members_only(Act.REGISTER)
@require_POST
def discard(request: HttpRequest, member: Member, draft: int) -> HttpResponse:
    """A draft that nobody wants any more."""
    acts.discard(draft=draft_of(member, draft), by=member.person)
    messages.success(request, pick(nl="Het concept is weg.", en="The draft is gone."))
    return redirect("portfolio", member.organisation.slug)
