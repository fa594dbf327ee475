"""Every address of the site, part by part."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from vangrail.web.api.api import api
from vangrail.web.managing.views import calendar_feed
from vangrail.web.organisations.members import anyone


@anyone
def health(request: HttpRequest) -> HttpResponse:
    """Whether the site answers (Belgian REST guide)."""
    return JsonResponse({"status": "UP"})


urlpatterns = [
    path("health", health, name="health"),
    # Without a token: a public page holds nothing of one visitor, and who makes somebody read English gains nothing.
    path("taal/", anyone(csrf_exempt(set_language)), name="set_language"),
    path("aanmelden/", include("vangrail.web.organisations.account_urls")),
    path("", include("vangrail.web.organisations.urls")),
    path("agenda/<str:token>.ics", calendar_feed, name="calendar_feed"),
    path("werk/<slug:organisation>/", include("vangrail.web.managing.urls")),
    path("werk/<slug:organisation>/", include("vangrail.web.registering.urls")),
    path("werk/<slug:organisation>/toepassingen/<slug:application>/", include("vangrail.web.versions.urls")),
    path("werk/<slug:organisation>/toepassingen/<slug:application>/", include("vangrail.web.assessments.urls")),
    path("werk/<slug:organisation>/toepassingen/<slug:application>/", include("vangrail.web.decisions.urls")),
    path("werk/<slug:organisation>/toepassingen/<slug:application>/", include("vangrail.web.classifying.urls")),
    path("werk/<slug:organisation>/toepassingen/<slug:application>/", include("vangrail.web.events.urls")),
    path("werk/<slug:organisation>/toepassingen/<slug:application>/", include("vangrail.web.incidents.urls")),
    path("werk/<slug:organisation>/", include("vangrail.web.incidents.organisation_urls")),
    path("werk/<slug:organisation>/toepassingen/<slug:application>/", include("vangrail.web.dossiers.urls")),
    path("werk/<slug:organisation>/toepassingen/<slug:application>/", include("vangrail.web.api.urls")),
    path("api/v1/", api.urls),
    path("werk/<slug:organisation>/", include("vangrail.web.hooks.urls")),
    path("werk/<slug:organisation>/toepassingen/<slug:application>/", include("vangrail.web.talking.urls")),
    path("werk/<slug:organisation>/toepassingen/<slug:application>/", include("vangrail.web.publishing.urls")),
    path("werk/<slug:organisation>/toepassingen/<slug:application>/", include("vangrail.web.participation.urls")),
    path("werk/<slug:organisation>/toepassingen/<slug:application>/", include("vangrail.web.suppliers.urls")),
    path("", include("vangrail.web.participation.public_urls")),
    path("", include("vangrail.web.suppliers.public_urls")),
    path("", include("vangrail.web.register.urls")),
]
handler429 = "vangrail.web.look.limits.too_often"
handler404 = "vangrail.web.look.problems.not_found"
handler403 = "vangrail.web.look.problems.not_allowed"
handler500 = "vangrail.web.look.problems.broken"
