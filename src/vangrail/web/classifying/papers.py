"""A filled form of the law as a file that people keep: an HTML document, or text."""

from django.http import HttpResponse

from vangrail import law
from vangrail.law.forms import FilledForm


def paper(form: FilledForm, about: str, *, as_: str) -> HttpResponse:
    """The form as a download. `as_` is 'tekst' for Markdown, which any program reads as text; otherwise HTML."""
    text = as_ == "tekst"
    name = f"{about}-{form.id}.{'txt' if text else 'html'}"
    content = law.render(form, as_="markdown" if text else "document")
    kind = "text/plain" if text else "text/html"
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type=f"{kind}; charset=utf-8", headers={"Content-Disposition": disposition})
