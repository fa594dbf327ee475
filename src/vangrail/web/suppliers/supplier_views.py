"""For a supplier, by a secret link and without an account: answer page by page, add documents, send in.

The secret stands in the address, so nothing of these pages is kept by a browser, found by a search engine or told to
another site; and guessing is counted.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vangrail.model.errors import VangrailError
from vangrail.web.applications.assessing import card_of
from vangrail.web.look.acting import tried
from vangrail.web.look.language import pick, told
from vangrail.web.look.limits import at_most, too_often
from vangrail.web.look.uploading import limited
from vangrail.web.organisations.members import anyone
from vangrail.web.participation import guarding
from vangrail.web.suppliers import acts, showing
from vangrail.web.suppliers.acts import SavedMeanwhile
from vangrail.web.suppliers.forms import EncloseForm, SendForm, form_of
from vangrail.web.suppliers.models import Questionnaire
from vangrail.web.talking import files

View = Callable[..., HttpResponse]
MOST_WRONG = 50
"""Links that never were ours, from one address in a day."""
MOST_A_MINUTE = 60
"""Forms that one address sends in a minute: saving by itself takes about one every two seconds."""


def by_link(view: View) -> View:
    """A view of a supplier: `view(request, held, token, ...)`. 404 for a link that never was ours, 410 for one that ended."""

    @wraps(view)
    def checked(request: HttpRequest, token: str, **place: Any) -> HttpResponse:
        held = acts.questionnaire_of(token)
        if held is None:
            try:
                guarding.count(request, "supplier", most=MOST_WRONG)
            except VangrailError:
                return too_often(request)
            raise Http404
        if held.link_works(timezone.localdate()):
            response = view(request, held, token, **place)
        else:
            response = render(request, "suppliers/ended.html", {"held": held}, status=410)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return anyone(never_cache(at_most(MOST_A_MINUTE, a_minute="supplier")(checked)))


@by_link
def supplier(request: HttpRequest, held: Questionnaire, token: str) -> HttpResponse:
    """Who asks what, how far it is, and sending it in."""
    return _overview(request, held, token)


@by_link
def page(request: HttpRequest, held: Questionnaire, token: str, page: str) -> HttpResponse:
    """One page of questions. Each change is saved by itself; without JavaScript by the buttons."""
    pages = held.pages
    place = next((n for n, p in enumerate(pages) if p.id == page), None)
    if place is None:
        raise Http404
    if held.sent_at is not None:
        return redirect("supplier", token)
    replies = {r.key: r for r in held.replies.all()}
    form = form_of(pages[place], request.POST if request.method == "POST" else None, replies)
    conflict: VangrailError | None = None
    good = True
    if request.method == "POST":
        good = form.is_valid()
        given = request.POST.get("seen", "")
        seen = int(given) if given.isdigit() and len(given) < 9 else -1
        try:
            if good or not hasattr(form, "items"):  # single answers each for themselves, a list as a whole
                held = acts.save(questionnaire=held, seen=seen, replies=form.replies())
        except SavedMeanwhile as error:
            conflict = error
        if request.htmx:  # type: ignore[attr-defined]  # by the middleware of django-htmx
            saved = {"held": held, "conflict": conflict and told(conflict), "good": good}
            return render(request, "suppliers/saved.html", saved)
        if good and conflict is None:
            later = request.POST.get("do") == "next" and place + 1 < len(pages)
            return redirect("supplier_page", token, pages[place + 1].id) if later else redirect("supplier", token)
    context = {
        "held": held, "token": token, "page": pages[place], "form": form, "number": place + 1, "of": len(pages),
        "last": place + 1 == len(pages), "conflict": conflict and told(conflict), "good": good,
    }  # fmt: skip
    return render(request, "suppliers/page.html", context)


@by_link
@require_POST
def send(request: HttpRequest, held: Questionnaire, token: str) -> HttpResponse:
    """Send everything in."""
    form = SendForm(request.POST)
    done = tried(
        form,
        lambda: acts.send(questionnaire=held, name=form.cleaned_data["name"], function=form.cleaned_data["function"]),
    )
    return _overview(request, held, token, sending=form) if done is None else redirect("supplier", token)


def _enclose(request: HttpRequest, held: Questionnaire, token: str) -> HttpResponse:
    form = EncloseForm(request.POST, request.FILES, questions=held.questions)
    if getattr(request, "too_large", False):
        form.errors.clear()
        most = files.LARGEST // 1024 // 1024
        form.add_error("file", pick(nl=f"Het is groter dan {most} MB.", en=f"It is larger than {most} MB."))
    done = tried(
        form,
        lambda: acts.enclose(questionnaire=held, key=form.cleaned_data["key"], file=form.cleaned_data["file"]),
    )
    return _overview(request, held, token, enclosing=form) if done is None else redirect("supplier", token)


enclose = anyone(limited(files.LARGEST)(require_POST(by_link(_enclose))))


@by_link
@require_POST
def take_back(request: HttpRequest, held: Questionnaire, token: str, document: int) -> HttpResponse:
    """Remove a document that was not sent in yet."""
    try:
        acts.take_back(enclosure=get_object_or_404(held.enclosures.select_related("questionnaire"), pk=document))
    except VangrailError as error:
        messages.error(request, told(error))
    return redirect("supplier", token)


def _overview(
    request: HttpRequest,
    held: Questionnaire,
    token: str,
    *,
    sending: SendForm | None = None,
    enclosing: EncloseForm | None = None,
) -> HttpResponse:
    held = acts.questionnaire_of(token) or held
    pages = showing.beside(held, assessment=None)
    lines = [line for _, found in pages for line in found]
    answered = [x for x in lines if x.answered or (x.reply is not None and x.reply.unknown)]
    context = {
        "held": held,
        "token": token,
        "card": card_of(held.application),
        "pages": [
            (p, found, sum(bool(x.answered or (x.reply and x.reply.unknown)) for x in found),
             any(x.reply and x.reply.again for x in found))
            for p, found in pages
        ],
        "answered": len(answered),
        "asked": len(lines),
        "enclosures": held.enclosures.all(),
        "labels": {k: q.field.label for k, q in held.questions.items()},
        "sending": sending or SendForm(initial={"name": held.answered_by, "function": held.answered_as}),
        "enclosing": enclosing or EncloseForm(questions=held.questions),
    }  # fmt: skip
    return render(request, "suppliers/overview.html", context)
