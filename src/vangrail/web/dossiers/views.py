"""The dossier, made by the core and handed over as a file."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from vangrail.exports.assessment_json import assessment_to_json
from vangrail.exports.dossier import dossier_html
from vangrail.exports.pdf import dossier_pdf
from vangrail.web.applications.assessing import assess
from vangrail.web.applications.finding import application_of
from vangrail.web.look import language
from vangrail.web.organisations.members import Member, members_only
from vangrail.web.organisations.rights import Act

KINDS = {"html": "text/html; charset=utf-8", "pdf": "application/pdf", "json": "application/json"}


@members_only(Act.READ)
def dossier(request: HttpRequest, member: Member, application: str, kind: str) -> HttpResponse:
    """The dossier of today, as a file. It carries its own style, so it is never shown within the site."""
    if kind not in KINDS:
        raise Http404
    found = application_of(member, application)
    today = timezone.localdate()
    assessment = assess(found, on=today)
    match kind:
        case "html":
            content: str | bytes = dossier_html(assessment, language=language.current())
        case "pdf":
            content = dossier_pdf(assessment, language=language.current())
        case _:
            content = json.dumps(assessment_to_json(assessment), ensure_ascii=False, indent=2, allow_nan=False)
    answer = HttpResponse(content, content_type=KINDS[kind])
    answer["Content-Disposition"] = f'attachment; filename="{application}-{today.isoformat()}.{kind}"'
    return answer
