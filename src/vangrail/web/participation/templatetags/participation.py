"""What the public page of an application shows of taking part."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import template

from vangrail import knowledge
from vangrail.web.register.models import Entry

register = template.Library()


@register.inclusion_tag("participation/contested.html")
def taking_part(entry: Entry) -> dict[str, Any]:
    """The objections that are open, each with what it is about and its term; and the way to what others asked."""
    titles = {r.id: r.title for r in knowledge.framework().requirements}
    open_: Sequence[tuple[str, str]] = entry.since.get("contested", ())
    return {
        "entry": entry,
        "contested": [
            {"title": titles[requirement], "due": date.fromisoformat(due)}
            for requirement, due in open_
            if requirement in titles
        ],
    }
