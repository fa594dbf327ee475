"""Finds what an address names, within the organisation of the member."""

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from vangrail.web.applications.models import Application, CardVersion
from vangrail.web.organisations.members import Member
from vangrail.web.organisations.models import Organisation


def application_of(member: Member, slug: str) -> Application:
    """The application with this short name. Http404 when the organisation has none."""
    found: Application | None = (
        Application.objects.of(member.organisation).filter(slug=slug).select_related("organisation").first()
    )
    if found is None:
        raise Http404
    return found


def newest_cards(organisation: Organisation) -> QuerySet[CardVersion]:
    """The card of every application of an organisation as it is now, in one query."""
    newer = CardVersion.objects.filter(application=OuterRef("application"), number__gt=OuterRef("number"))
    return CardVersion.objects.filter(~Exists(newer), application__organisation=organisation).order_by("application")


def names(organisation: Organisation) -> dict[int, str]:
    """The name on the card of every application of an organisation, by its number."""
    return {pk: str(name) for pk, name in newest_cards(organisation).values_list("application", "content__name")}
