"""The tokens of an application: make one, see which there are, take one back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from vangrail.web.api.forms import TokenForm
from vangrail.web.api.models import Token
from vangrail.web.applications.finding import application_of
from vangrail.web.applications.models import Application
from vangrail.web.organisations.members import Member, members_only
from vangrail.web.organisations.rights import Act


@members_only(Act.MEASURE)
def tokens(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """Which programs may push measurements."""
    return _page(request, member, application_of(member, application), TokenForm())


@members_only(Act.MEASURE)
@require_POST
def make_token(request: HttpRequest, member: Member, application: str) -> HttpResponse:
    """A new token; its text is on the page that answers, and nowhere else ever again."""
    found = application_of(member, application)
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, member, found, form)
    _, text = Token.issue(application=found, name=form.cleaned_data["name"], by=member.person)
    answer = _page(request, member, found, TokenForm(), text=text)
    answer["Cache-Control"] = "no-store"
    return answer


@members_only(Act.MEASURE)
@require_POST
def end_token(request: HttpRequest, member: Member, application: str, token: int) -> HttpResponse:
    """Take a token back: it opens nothing any more."""
    found = application_of(member, application)
    one = get_object_or_404(found.tokens, pk=token)
    Token.objects.filter(pk=one.pk, ended_at=None).update(ended_at=timezone.now())
    return redirect("tokens", member.organisation.slug, application)


def _page(
    request: HttpRequest, member: Member, found: Application, form: TokenForm, *, text: str | None = None
) -> HttpResponse:
    context = {
        "member": member,
        "application": found,
        "form": form,
        "text": text,
        "tokens": found.tokens.select_related("made_by"),
        "version": found.version.number,
        "command": f"VANGRAIL_TOKEN=vgr_... vangrail assess FOLDER --push {request.build_absolute_uri('/')}",
    }
    return render(request, "api/tokens.html", context)
