"""What the law says of an application, explained; the interview behind it; and the confirmation."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from vangrail import law
from vangrail.assessment.assembling import facts_digest
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Role
from vangrail.web.applications import acts as applications
from vangrail.web.applications.assessing import card_of
from vangrail.web.applications.finding import application_of
from vangrail.web.applications.models import Application
from vangrail.web.classifying import acts, explaining
from vangrail.web.classifying.forms import AskForm, ConfirmForm, DayForm, QuestionForm, ReplyForm
from vangrail.web.classifying.models import Answers, AskedColleague
from vangrail.web.classifying.papers import paper
from vangrail.web.look.acting import tried
from vangrail.web.look.language import current, pick, told
from vangrail.web.organisations.members import Member, members_only
from vangrail.web.organisations.rights import RIGHTS, Act


# --- the result ------------------------------------------------------------------------------------------------------
@members_only(Act.READ)
def law_page(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Outcome, roles, duties with their days, how sure it is, what would change it; also as of another day."""
    return _law_page(request, member, application_of(member, application))


@members_only(Act.CONFIRM_CLASSIFICATION)
@require_POST
def confirm(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """A named person makes the proposal theirs."""
    found = application_of(member, application)
    form = ConfirmForm(request.POST, roles=_confirming_roles(member, found))
    done = tried(
        form,
        lambda: applications.confirm_classification(
            application=found,
            by=member.person,
            role=form.cleaned_data["role"],
            reasons=form.cleaned_data["reasons"],
        ),
    )
    if done is None:
        return _law_page(request, member, found, confirming=form)
    messages.success(request, pick(nl="Je bevestiging is bewaard.", en="Your confirmation is saved."))
    return redirect("law", member.organisation.slug, application)


@members_only(Act.READ)
def form(request: HttpRequest, member: Member, application: str, form: str) -> HttpResponse:
    """A form that the law asks, filled from the card and the classification, as a file."""
    found = application_of(member, application)
    if form not in law.form_ids():
        raise Http404
    card = card_of(found)
    try:
        classification = law.classify(law.parse_facts(card.facts), timezone.localdate())
    except law.FactsRefused:
        return redirect("law", member.organisation.slug, application)
    texts = law.card_texts(card.model_dump(mode="json"))
    return paper(law.fill(form, classification, texts, language=current()), found.slug, as_=request.GET.get("als", ""))


@members_only(Act.READ)
def calendar(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """What starts when, as a calendar file."""
    card = card_of(application_of(member, application))
    try:
        entries = law.calendar(law.classify(law.parse_facts(card.facts), timezone.localdate()), application=card.name)
    except law.FactsRefused:
        return redirect("law", member.organisation.slug, application)
    content = law.icalendar(entries, stamp=timezone.now(), language=current())
    name = f'attachment; filename="{application}.ics"'
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers={"Content-Disposition": name})


def _law_page(
    request: HttpRequest, member: Member, found: Application, *, confirming: ConfirmForm | None = None
) -> HttpResponse:
    day = DayForm(request.GET or None)
    today = timezone.localdate()
    on = (day.cleaned_data["op"] if day.is_bound and day.is_valid() else None) or today
    card, roles = card_of(found), _confirming_roles(member, found)
    confirmation = found.confirmations.select_related("by").last()
    context: dict[str, Any] = {
        "member": member,
        "application": found,
        "card": card,
        "on": on,
        "today": today,
        "day_form": day,
        "draft": Answers.objects.filter(application=found).select_related("saved_by").first(),
        "confirmation": confirmation,
        "expired": confirmation is not None and confirmation.facts_digest != facts_digest(card),
        "confirm_form": (confirming or ConfirmForm(roles=roles)) if roles and on == today else None,
        "not_named": member.may(Act.CONFIRM_CLASSIFICATION) and not roles,
        "confirmers": sorted(RIGHTS[Act.CONFIRM_CLASSIFICATION]),
        "certainty": sorted(law.law_knowledge().certainty.items()),
        "proposal": law.word("proposal"),
    }
    try:
        classification = law.classify(law.parse_facts(card.facts), on)
    except law.FactsRefused as error:
        return render(
            request,
            "classifying/clash.html",
            context | {"questions": explaining.questions_of(error.facts), "why": error.why},
        )
    shown = {rule.duty: rule.how_met for rule in card.applicable_law if rule.duty and rule.how_met}
    needed = law.forms_needed(classification)
    filled = {id_: law.fill(id_, classification, {}, language=current()) for id_ in law.form_ids()}
    context |= {
        "found": classification,
        "outcome": law.outcome_text(classification.outcome),
        "possible": [law.outcome_text(o) for o in sorted(classification.outcomes_possible - {classification.outcome})],
        "answers": explaining.answers(classification),
        "roles": [classification.title(r) for r in sorted(classification.roles)],
        "roles_unknown": [classification.title(r) for r in sorted(classification.roles_unknown)],
        "duties": explaining.duties(classification),
        "shown": shown,
        "open_points": explaining.open_points(classification),
        "open_questions": classification.next_questions,
        "needed": [filled[id_] for id_ in needed],
        "other_forms": [f for id_, f in filled.items() if id_ not in needed],
    }
    return render(request, "classifying/law.html", context)


def _confirming_roles(member: Member, found: Application) -> list[Role]:
    """The roles in which this member may confirm: the card names them for it, and the role may."""
    held = {m.value for m in member.roles & RIGHTS[Act.CONFIRM_CLASSIFICATION]}
    people = card_of(found).people
    return [r for r in people if r.value in held and people[r].name.casefold() == member.name.casefold()]


# --- the interview ---------------------------------------------------------------------------------------------------
@members_only(Act.CLASSIFY)
def interview(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Go on where it was left: to the question that can still change most, or to the answers when there is none."""
    found = application_of(member, application)
    try:
        following = acts.interview_of(found).next
    except law.FactsRefused:
        return redirect("law", member.organisation.slug, application)
    if following is None:
        return redirect("legal_answers", member.organisation.slug, application)
    return redirect("question", member.organisation.slug, application, following.fact)


@members_only(Act.CLASSIFY)
def question(request: HttpRequest, member: Member, application: str, fact: str) -> HttpResponse:
    """One question: why it is asked, where it stands, an example; answered, left open, or put to a colleague."""
    found, asked = application_of(member, application), _question(fact)
    known = acts.interview_of(found).facts.get(fact)
    if request.method != "POST":
        return _question_page(request, member, found, asked, QuestionForm(question=asked, known=known))
    if request.POST.get("do") == "unknown":
        acts.do_not_know(application=found, fact=fact, by=member.person)
        return redirect("interview", member.organisation.slug, application)
    form = QuestionForm(request.POST, question=asked)
    done, clashing = _taken(
        form, lambda: acts.answer(application=found, fact=fact, value=form.cleaned_data["value"], by=member.person)
    )
    if not done:
        return _question_page(request, member, found, asked, form, clashing=clashing)
    return redirect("interview", member.organisation.slug, application)


@members_only(Act.CLASSIFY)
@require_POST
def ask(request: HttpRequest, member: Member, application: str, fact: str) -> HttpResponse:
    """Put a question to a colleague, and go on with the next."""
    found, asked = application_of(member, application), _question(fact)
    form = AskForm(request.POST, organisation=member.organisation, but=member.person)
    done = tried(
        form,
        lambda: acts.ask_colleague(
            application=found,
            fact=fact,
            person=form.cleaned_data["person"],
            note=form.cleaned_data["note"],
            by=member.person,
        ),
    )
    if done is None:
        known = acts.interview_of(found).facts.get(fact)
        return _question_page(request, member, found, asked, QuestionForm(question=asked, known=known), asking=form)
    messages.success(
        request,
        pick(
            nl=f"De vraag staat nu bij de taken van {done.person}. Jij gaat verder met de volgende.",
            en=f"The question is now under the tasks of {done.person}. You go on with the next.",
        ),
    )
    return redirect("interview", member.organisation.slug, application)


@members_only(Act.READ)
def asked_question(request: HttpRequest, member: Member, application: str, asked: int) -> HttpResponse:
    """A question that was put to this member. Whoever asks somebody lets them answer, whatever their role."""
    found = application_of(member, application)
    waiting = get_object_or_404(
        AskedColleague.objects.select_related("asked_by", "closed_by", "application__organisation"),
        pk=asked,
        application=found,
        person=member.person,
    )
    asked_about = _question(waiting.fact)
    form = ReplyForm(request.POST or None, question=asked_about)
    clashing: list[law.Question] = []
    if request.method == "POST" and waiting.closed_at is None:
        if request.POST.get("do") == "unknown":
            reply = request.POST.get("reply", "")[:1_000]
            acts.answer_asked(asked=waiting, value=None, reply=reply, by=member.person)
            return _thanked(request, member)
        done, clashing = _taken(
            form,
            lambda: acts.answer_asked(
                asked=waiting, value=form.cleaned_data["value"], reply=form.cleaned_data["reply"], by=member.person
            ),
        )
        if done:
            return _thanked(request, member)
    context = {
        "member": member,
        "application": found,
        "asked": waiting,
        "question": asked_about,
        "article": law.article_text(asked_about.article),
        "form": form,
        "clashing": clashing,
    }
    return render(request, "classifying/asked.html", context)


@members_only(Act.READ)
def answers(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Every answer, to look at and to change; what is open; and what a colleague was asked."""
    return _answers(request, member, application_of(member, application))


@members_only(Act.CLASSIFY)
@require_POST
def put_on_card(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """The answers become a version of the card."""
    found = application_of(member, application)
    try:
        version = acts.put_on_card(application=found, by=member.person)
    except VangrailError as error:
        return _answers(request, member, found, problem=told(error))
    messages.success(
        request,
        pick(
            nl=f"Je antwoorden staan op de kaart (versie {version.number}).",
            en=f"Your answers are on the card (version {version.number}).",
        ),
    )
    return redirect("law", member.organisation.slug, application)


@members_only(Act.CLASSIFY)
@require_POST
def throw_away(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Forget the answers that are not on the card."""
    acts.throw_away(application=application_of(member, application), by=member.person)
    return redirect("law", member.organisation.slug, application)


def _question(fact: str) -> law.Question:
    known = law.questions()
    if fact not in known:
        raise Http404
    return known[fact]


def _taken(form: QuestionForm, act: Callable[[], object]) -> tuple[bool, list[law.Question]]:
    """Whether the answer was taken; if not, the form says why, and these are the questions that it contradicts."""
    if not form.is_valid():
        return False, []
    try:
        act()
    except law.FactsRefused as error:
        other = [q for q in explaining.questions_of(error.facts) if q.fact != form.question.fact]
        form.add_error("value", _refused(other, error))
        return False, other
    except VangrailError as error:
        form.add_error(None, told(error))
        return False, []
    return True, []


def _refused(other: list[law.Question], error: law.FactsRefused) -> str:
    """The core names facts by their keys; here the questions themselves say what clashes, and the core says why."""
    if not other:
        return pick(nl="Dit antwoord kan niet.", en="This answer is not possible.")
    clash = pick(
        nl="Dit past niet bij een antwoord dat je eerder gaf. Kijk beide na.",
        en="This does not fit an answer that was given before. Look at both.",
    )
    return f"{clash} {error.why[current()]}"


def _question_page(
    request: HttpRequest,
    member: Member,
    found: Application,
    asked: law.Question,
    form: QuestionForm,
    *,
    asking: AskForm | None = None,
    clashing: list[law.Question] | None = None,
) -> HttpResponse:
    talk = acts.interview_of(found)
    try:
        left = talk.about_left
    except law.FactsRefused:
        left = None
    context = {
        "member": member,
        "application": found,
        "question": asked,
        "article": law.article_text(asked.article),
        "form": form,
        "ask_form": asking or AskForm(organisation=member.organisation, but=member.person),
        "clashing": [{"question": q, "value": law.value_text(q.fact, talk.facts.get(q.fact))} for q in clashing or []],
        "left": left,
        "done": len(talk.facts) + len(talk.skipped),
        "all": len(talk.facts) + len(talk.skipped) + (left or 0),
        "waiting": found.asked_colleagues.filter(fact=asked.fact, closed_at=None).select_related("person").first(),
        "replies": _replies(found, asked.fact),
    }
    return render(request, "classifying/question.html", context)


def _replies(found: Application, fact: str) -> list[AskedColleague]:
    """What colleagues added when they answered."""
    closed = found.asked_colleagues.filter(fact=fact).exclude(closed_at=None).exclude(reply="")
    return list(closed.select_related("closed_by"))


def _answers(request: HttpRequest, member: Member, found: Application, *, problem: str = "") -> HttpResponse:
    talk = acts.interview_of(found)
    draft = Answers.objects.filter(application=found).select_related("saved_by").first()
    waiting = found.asked_colleagues.filter(closed_at=None).select_related("person", "asked_by")
    skipped = set(draft.skipped if draft else ()) - set(talk.facts)
    context: dict[str, Any] = {
        "member": member,
        "application": found,
        "draft": draft,
        "answered": explaining.answered(dict(talk.facts), draft.changes if draft else ()),
        "taken_back": explaining.questions_of(f for f, v in (draft.changes if draft else {}).items() if v is None),
        "skipped": explaining.questions_of(skipped),
        "waiting": waiting,
        "problem": problem,
    }
    try:
        context |= {"outcome": law.outcome_text(talk.classification.outcome), "left": talk.about_left}
    except law.FactsRefused as error:
        context["clashing"] = explaining.questions_of(error.facts)
    return render(request, "classifying/answers.html", context)


def _thanked(request: HttpRequest, member: Member) -> HttpResponse:
    messages.success(
        request, pick(nl="Dank je. Je antwoord is doorgegeven.", en="Thank you. Your answer is passed on.")
    )
    return redirect("portfolio", member.organisation.slug)
