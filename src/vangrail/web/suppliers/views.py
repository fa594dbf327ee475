"""For colleagues: ask a supplier, see what came back beside what stands here, and take it over."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vangrail.model.card import Card
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Verdict
from vangrail.web.applications.assessing import assess, card_of
from vangrail.web.applications.finding import application_of
from vangrail.web.applications.models import Application
from vangrail.web.look.acting import tried
from vangrail.web.look.language import pick, told
from vangrail.web.organisations.members import Member, members_only
from vangrail.web.organisations.rights import Act
from vangrail.web.suppliers import acts, asking, showing
from vangrail.web.suppliers.forms import AgainForm, AskForm, CloseForm, JudgeForm, TermForm
from vangrail.web.suppliers.models import Questionnaire
from vangrail.web.talking import files


@members_only(Act.READ)
def suppliers(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Everything that was asked of suppliers of this application."""
    found = application_of(member, application)
    context = {"member": member, "application": found, "held": found.questionnaires.select_related("by")}
    return render(request, "suppliers/suppliers.html", context)


@members_only(Act.INVITE_SUPPLIER)
@never_cache
def ask(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Choose what to ask. The link is shown once, in the answer to this form."""
    found = application_of(member, application)
    card = card_of(found)
    form = AskForm(request.POST or None, suppliers=[s.name for s in card.suppliers], ticked=_open_keys(found, card))
    if request.method == "POST":
        done = tried(
            form,
            lambda: acts.ask(
                application=found,
                supplier=form.cleaned_data["supplier"],
                keys=form.keys,
                own=form.cleaned_data["own"],
                note=form.cleaned_data["note"],
                due=form.cleaned_data["due"],
                by=member.person,
            ),
        )
        if done is not None:
            return _one(request, member, done[0], token=done[1])
    pages = [f for f in form if f.name.startswith("page-")]
    rest = [f for f in form if not f.name.startswith("page-")]
    context = {"member": member, "application": found, "form": form, "pages": pages, "rest": rest}
    return render(request, "suppliers/ask.html", context)


def _open_keys(application: Application, card: Card) -> set[str]:
    """What is proposed: of the product, and not known yet."""
    board = assess(application, on=timezone.localdate()).board
    settled = {x.requirement.id for x in board.lines if x.verdict in (Verdict.MET, Verdict.NOT_APPLICABLE)}
    return {
        q.key
        for page in asking.pages()
        for q in page.questions
        if asking.belongs_to_product(q.key) and not (card.declared(q.key) if q.is_on_card else q.key in settled)
    }


@members_only(Act.READ)
@never_cache
def questionnaire(request: HttpRequest, member: Member, application: str, number: int) -> HttpResponse:
    """What was asked of a supplier, and what they say."""
    return _one(request, member, _held(member, application, number))


@members_only(Act.INVITE_SUPPLIER)
@never_cache
@require_POST
def new_link(request: HttpRequest, member: Member, application: str, number: int) -> HttpResponse:
    """Another link, for when the first was lost or fell into other hands."""
    held = _held(member, application, number)
    try:
        token = acts.renew_link(questionnaire=held, by=member.person)
    except VangrailError as error:
        messages.error(request, told(error))
        return _back(member, held)
    return _one(request, member, held, token=token)


@members_only(Act.INVITE_SUPPLIER)
@require_POST
def give_time(request: HttpRequest, member: Member, application: str, number: int) -> HttpResponse:
    """Another last day."""
    held, form = _held(member, application, number), TermForm(request.POST)

    def act() -> bool:
        acts.give_time(questionnaire=held, due=form.cleaned_data["due"], by=member.person)
        return True

    if tried(form, act):
        messages.success(request, pick(nl="De termijn is gewijzigd.", en="The term was changed."))
        return _back(member, held)
    return _one(request, member, held, term=form)


@members_only(Act.INVITE_SUPPLIER)
@require_POST
def withdraw(request: HttpRequest, member: Member, application: str, number: int) -> HttpResponse:
    """The link ends at once."""
    held = _held(member, application, number)
    _try(request, lambda: acts.withdraw(questionnaire=held, by=member.person))
    return _back(member, held)


@members_only(Act.EDIT_CARD)
@require_POST
def take_over(request: HttpRequest, member: Member, application: str, number: int) -> HttpResponse:
    """What was ticked goes on the card."""
    held, keys = _held(member, application, number), request.POST.getlist("key")
    _try(request, lambda: acts.take_over(questionnaire=held, keys=keys, by=member.person))
    return _back(member, held)


@members_only(Act.INVITE_SUPPLIER)
@require_POST
def ask_again(request: HttpRequest, member: Member, application: str, number: int) -> HttpResponse:
    """What was ticked is asked once more."""
    held, form, keys = _held(member, application, number), AgainForm(request.POST), request.POST.getlist("key")
    done = tried(
        form,
        lambda: acts.ask_again(
            questionnaire=held,
            keys=keys,
            remark=form.cleaned_data["remark"],
            due=form.cleaned_data["due"],
            by=member.person,
        ),
    )
    if done is None:
        return _one(request, member, held, again=form, ticked=keys)
    messages.success(
        request,
        pick(
            nl="Opnieuw gevraagd. De leverancier antwoordt met dezelfde link; laat hem dat weten.",
            en="Asked once more. The supplier answers by the same link; let them know.",
        ),
    )
    return _back(member, held)


@members_only(Act.ANSWER)
def answer(request: HttpRequest, member: Member, application: str, number: int, key: str) -> HttpResponse:
    """Take over what the supplier says about a requirement, with reasons of one's own."""
    held = _held(member, application, number)
    question, reply = held.questions.get(key), held.replies.filter(key=key).first()
    if question is None or question.requirement is None or reply is None:
        raise Http404
    form = JudgeForm(request.POST or None, member=member)
    if request.method == "POST":
        done = tried(form, lambda: acts.answer(questionnaire=held, key=key, by=member.person, **form.cleaned_data))
        if done is not None:
            messages.success(request, pick(nl="Je antwoord is bewaard.", en="Your answer is saved."))
            return _back(member, held)
    context = {
        "member": member,
        "application": held.application,
        "held": held,
        "question": question,
        "reply": reply,
        "documents": held.enclosures.filter(key=key),
        "form": form,
    }
    return render(request, "suppliers/answer.html", context)


@members_only(Act.INVITE_SUPPLIER)
@require_POST
def close(request: HttpRequest, member: Member, application: str, number: int) -> HttpResponse:
    """Everything was looked at."""
    held, form = _held(member, application, number), CloseForm(request.POST)

    def act() -> bool:
        acts.close(questionnaire=held, outcome=form.cleaned_data["outcome"], by=member.person)
        return True

    if tried(form, act):
        messages.success(request, pick(nl="Afgesloten, en genoteerd bij lit-6.", en="Closed, and recorded at lit-6."))
        return _back(member, held)
    return _one(request, member, held, closing=form)


@members_only(Act.READ)
def enclosure(request: HttpRequest, member: Member, application: str, number: int, document: int) -> HttpResponse:
    """A document of the supplier, as a file to save."""
    held = _held(member, application, number)
    found = get_object_or_404(held.enclosures, pk=document)
    try:
        content = files.place_of(held.application, found.sha256).read_bytes()  # at most files.LARGEST
    except FileNotFoundError:
        raise Http404 from None
    given = HttpResponse(content, content_type=files.KINDS[found.kind].content_type)
    given["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name) or "attachment"
    given["X-Content-Type-Options"] = "nosniff"
    given["Cache-Control"] = "private, no-store"
    return given


def _held(member: Member, application: str, number: int) -> Questionnaire:
    found = application_of(member, application)
    held: Questionnaire | None = (
        found.questionnaires.filter(pk=number).select_related("application__organisation", "by", "closed_by").first()
    )
    if held is None:
        raise Http404
    return held


def _back(member: Member, held: Questionnaire) -> HttpResponse:
    return redirect("questionnaire", member.organisation.slug, held.application.slug, held.pk)


def _try(request: HttpRequest, act: Callable[[], object]) -> None:
    """Do what a button asks; what the user can solve is said on the page that follows."""
    try:
        act()
    except VangrailError as error:
        messages.error(request, told(error))
    else:
        messages.success(request, pick(nl="Bewaard.", en="Saved."))


def _one(
    request: HttpRequest,
    member: Member,
    held: Questionnaire,
    *,
    token: str = "",
    term: TermForm | None = None,
    again: AgainForm | None = None,
    closing: CloseForm | None = None,
    ticked: list[str] | None = None,
) -> HttpResponse:
    context = {
        "member": member,
        "application": held.application,
        "held": held,
        "pages": showing.beside(held, assessment=assess(held.application, on=timezone.localdate())),
        "general": held.enclosures.filter(key=""),
        "statements": held.statements.all(),
        "address": request.build_absolute_uri(reverse("supplier", args=[token])) if token else "",
        "term": term or TermForm(),
        "again": again or AgainForm(),
        "closing": closing or CloseForm(),
        "ticked": ticked or [],
    }
    return render(request, "suppliers/questionnaire.html", context)
