"""What other pages show of registering."""

from typing import Any

from django import template
from django.db.models import QuerySet

from vangrail.web.applications.models import Draft
from vangrail.web.organisations.members import Member
from vangrail.web.organisations.rights import Act

register = template.Library()


@register.inclusion_tag("registering/portfolio_part.html")
def registering(member: Member) -> dict[str, Any]:
    """The buttons to register, and the drafts; for who may register."""
    may = member.may(Act.REGISTER)
    return {"member": member, "may": may, "drafts": _drafts(member) if may else []}


def _drafts(member: Member) -> "QuerySet[Draft]":
    """Drafts of new applications: one's own first, then the newest."""
    return (
        Draft.objects.filter(organisation=member.organisation, application=None)
        .select_related("saved_by")
        .order_by("-saved_at")[:50]
    )
