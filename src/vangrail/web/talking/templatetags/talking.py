"""The talk about a requirement, for the page of the requirement: that page knows nothing else of it."""

from django import template

from vangrail.web.talking import showing

register = template.Library()


@register.simple_tag(takes_context=True)
def talk_about(context: template.Context, requirement: str) -> showing.Talk:
    """`{% talk_about view.id as talk %}` on a page with `member` and `application`."""
    return showing.talk(context["member"], context["application"], requirement)


@register.filter
def kilobytes(size: int) -> int:
    """A size in whole kilobytes, at least 1."""
    return max(1, round(size / 1024))
