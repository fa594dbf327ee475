"""What the pages of managing show in words."""

from collections.abc import Sequence

from django import template

from vangrail import law
from vangrail.assessment.across import Named
from vangrail.model.framework import Text
from vangrail.web.look.templatetags.look import said

register = template.Library()


@register.filter
def article(place: str) -> Text:
    """Where a rule stands, as it is said: 'artikel 4'."""
    return law.article_text(place)


@register.filter
def unnamed(rows: Sequence[Named]) -> list[str]:
    """The terms that no application names."""
    return [said(row.term.title) for row in rows if not row.applications]
