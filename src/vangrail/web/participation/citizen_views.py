"""For people outside, without an account: ask, object or complain; follow it by a code; answer a survey by a link."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vangrail.assessment import objections
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.web.applications.assessing import card_of
from vangrail.web.look.acting import tried
from vangrail.web.look.language import pick, told
from vangrail.web.organisations.members import anyone
from vangrail.web.participation import cases, guarding, surveys
from vangrail.web.participation.forms import AddForm, CaseForm, CodeForm, FillInForm
from vangrail.web.participation.models import Case, Invitation
from vangrail.web.participation.public import public_application, shown_of


@anyone
@never_cache
def new_case(request: HttpRequest, organisation: str, application: str) -> HttpResponse:
    """Ask, object or complain. The code to follow it is shown once, in the answer to this form."""
    found = public_application(organisation, application)
    card, today = card_of(found), timezone.localdate()
    stamp = request.POST.get("stamp", "")
    form = CaseForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    if request.method == "POST":
        done = tried(form, lambda: _ask(request, found, form))
        if done is not None:
            case, code = done
            return render(request, "participation/sent.html", {"case": case, "code": code, "application": found})
        if cases.is_used(stamp) or not guarding.is_valid(stamp):
            stamp = ""  # too old, or used for another message: the next try needs a new one
    context = {
        "application": found,
        "card": card,
        "form": form,
        "stamp": stamp or guarding.new_stamp(),
        "due": objections.due(card, today),
        "days": card.contact.term_days,
    }
    return render(request, "participation/new_case.html", context)


def _ask(request: HttpRequest, found: Any, form: CaseForm) -> tuple[Case, str]:
    guarding.refuse_machines(request.POST.get("website", ""))
    drawn = guarding.seed(request.POST.get("stamp", ""))
    guarding.count(request, "case", most=guarding.MOST_CASES)
    said = form.cleaned_data
    return cases.ask(
        application=found,
        kind=said["kind"],
        topic=said["topic"],
        text=said["text"],
        email=said["email"],
        drawn=drawn,
    )


@anyone
@never_cache
def follow(request: HttpRequest) -> HttpResponse:
    """Type the code, and see how far it is. The code never stands in an address."""
    form = CodeForm(request.POST or None)
    case = tried(form, lambda: _find(request, form.cleaned_data["code"])) if request.method == "POST" else None
    if case is None:
        return render(request, "participation/follow.html", {"form": form})
    return _case(request, case)


@anyone
@never_cache
@require_POST
def add_to_case(request: HttpRequest) -> HttpResponse:
    """The person outside adds something to an open case."""
    case, form = _held(request), _add_form(request.POST)
    if case is None:
        return follow(request)
    done = tried(form, lambda: cases.add(case=case, text=form.cleaned_data["text"]))
    return _case(request, case, form=None if done else form)


@anyone
@never_cache
@require_POST
def withdraw_case(request: HttpRequest) -> HttpResponse:
    """The person outside gives it up, after saying that they are sure."""
    case = _held(request)
    if case is None:
        return follow(request)
    if not request.POST.get("sure"):
        return _case(
            request, case, problem=pick(nl="Kruis eerst aan dat je zeker bent.", en="First tick that you are sure.")
        )
    try:
        cases.withdraw(case=case)
    except VangrailError as error:
        return _case(request, case, problem=told(error))
    return _case(request, case)


def _find(request: HttpRequest, code: str) -> Case:
    found = Case.objects.filter(code_digest=guarding.digest_of_code(code)).first()
    if found is None:
        guarding.count(request, "code", most=guarding.MOST_CODES)
        raise VangrailError(
            both(nl="Deze code kennen we niet.", en="This code is not known."),
            do=both(nl="Kijk ze na: 16 letters en cijfers.", en="Check it: 16 letters and digits."),
        )
    return found


def _held(request: HttpRequest) -> Case | None:
    """The case of the code that the page sends along."""
    digest = guarding.digest_of_code(request.POST.get("code", ""))
    return Case.objects.filter(code_digest=digest).first()


def _add_form(data: Any = None) -> AddForm:
    return AddForm(data, label=pick(nl="Wil je iets toevoegen?", en="Do you want to add something?"))


def _case(request: HttpRequest, case: Case, *, form: AddForm | None = None, problem: str = "") -> HttpResponse:
    case = Case.objects.select_related("application__organisation").get(pk=case.pk)
    context = {
        "case": case,
        "application": case.application,
        "card": card_of(case.application),
        "notes": case.notes.filter(shared=True),
        "form": form or _add_form(),
        "code": request.POST["code"],
        "problem": problem,
    }
    return render(request, "participation/followed.html", context)


@anyone
def public_participation(request: HttpRequest, organisation: str, application: str) -> HttpResponse:
    """Public answers, consultations and surveys of an application."""
    found = public_application(organisation, application)
    return render(request, "participation/public.html", {"application": found, **shown_of(found)})


@anyone
@never_cache
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a survey by a link that is good for one answer."""
    digest = guarding.digest_of_token(token)
    invitation = Invitation.objects.filter(digest=digest).select_related("survey__application__organisation").first()
    if invitation is None or invitation.used or invitation.survey.closed_at is not None:
        return render(request, "participation/survey_over.html", status=404 if invitation is None else 200)
    asked = invitation.survey
    form = FillInForm(request.POST or None, questions=list(asked.questions.all()))
    if request.method == "POST":
        done = tried(
            form,
            lambda: surveys.fill_in(token=token, values=form.values(), remarks=form.remarks()),
        )
        if done:
            return render(request, "participation/survey_thanks.html", {"survey": asked})
    return render(request, "participation/survey_fill.html", {"survey": asked, "form": form, "token": token})
