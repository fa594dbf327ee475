"""What the public pages need beside the tags of the look."""

from django import template
from django.template.defaultfilters import stringfilter
from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe

from vangrail.exports import formatting
from vangrail.model.vocabulary import Language
from vangrail.web.look import language

register = template.Library()


@register.simple_tag
def dutch() -> SafeString:
    """`lang` for what people of the organisation wrote: that is Dutch, on a page in another language too."""
    return SafeString("" if language.current() is Language.NL else ' lang="nl-BE"')


@register.filter
def plain(value: float) -> str:
    """A number as it was written on the card, with our comma."""
    return formatting.number(value, language.current())


@register.filter
@stringfilter
def linked(text: str) -> SafeString:
    """Text with its web and mail addresses as links; everything else is escaped."""
    return mark_safe(urlize(text, nofollow=False, autoescape=True))  # noqa: S308  urlize escapes
