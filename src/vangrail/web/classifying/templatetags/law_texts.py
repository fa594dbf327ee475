"""Where a rule stands, in words."""

from django import template

from vangrail import law
from vangrail.model.framework import Text

register = template.Library()


@register.filter
def article(place: str) -> Text:
    """The article of a rule, in both languages: `{{ duty.article|article|said }}`."""
    return law.article_text(place)
