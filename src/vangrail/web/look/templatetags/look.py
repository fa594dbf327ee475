"""What templates say, in both languages side by side, and how they show values of the core."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from vangrail import knowledge
from vangrail.exports import formatting
from vangrail.model.framework import Text
from vangrail.model.vocabulary import Verdict
from vangrail.web.look import language

register = template.Library()


@register.simple_tag
def say(*, nl: str, en: str, **values: Any) -> SafeString:
    """A text in the language of the page, with values filled in where it has {names}. The text itself is ours."""
    chosen = {"nl": nl, "en": en}[language.current().value]
    return mark_safe(chosen.format(**{k: conditional_escape(v) for k, v in values.items()}))  # noqa: S308


@register.filter
def said(text: Text | str | None) -> str:
    """A text of the core, in the language of the page. What a person wrote stays as it was written."""
    if isinstance(text, str):
        return text
    return "" if text is None else formatting.said(text, language.current())


@register.filter
def word(value: str, vocabulary: str) -> str:
    """The word for a value of a vocabulary, from the glossary: `{{ card.phase|word:"phase" }}`."""
    return formatting.word(f"{vocabulary}.{value}", language.current(), knowledge.framework())


@register.filter
def day(value: date | datetime | None) -> str:
    """A day, such as 22 november 2026."""
    if value is None:
        return ""
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return formatting.day(local, language.current())


@register.filter
def moment(value: datetime | None) -> str:
    """A day with the hour, in Brussels time."""
    return "" if value is None else f"{day(value)}, {timezone.localtime(value):%H:%M}"


@register.filter
def number(value: float | None, digits: int = 0) -> str:
    """A number as it is written here: 1.234,5."""
    return "" if value is None else formatting.number(value, language.current(), digits=digits)


@register.simple_tag
def verdict(value: Verdict | str) -> SafeString:
    """A verdict as a badge: a word, with a shape and a colour beside it."""
    known = Verdict(value)
    return format_html(
        '<span class="verdict verdict-{}">{}</span>', known.value.replace("_", "-"), word(known, "verdict")
    )


@register.filter
def at(values: Mapping[str, Any], key: str) -> Any:
    """What a mapping holds under a key; nothing where it has no such key."""
    return values.get(key, "")


@register.simple_tag(takes_context=True)
def here(context: template.Context, start: str) -> SafeString:
    """`aria-current` for a link to the part of the site that the page is in."""
    path = context["request"].path
    return mark_safe(' aria-current="page"') if path.startswith(start) else mark_safe("")


@register.simple_tag
def passkey_scripts() -> SafeString:
    """The scripts for passkeys: allauth's, and ours that ties them to the forms. Every other page does without."""
    names = ("mfa/js/webauthn-json.js", "mfa/js/webauthn.js", "look/passkeys.js")
    return format_html_join("", '<script src="{}" defer></script>', ((static(n),) for n in names))
