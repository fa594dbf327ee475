"""Addresses of the incidents of an application."""

from django.urls import path

from vangrail.web.incidents import views

urlpatterns = [
    path("incidenten/", views.incidents, name="incidents"),
    path("incidenten/nieuw/", views.new, name="new_incident"),
    path("incidenten/nabespreking/", views.review, name="review_incidents"),
    path("incidenten/<int:incident>/", views.incident, name="incident"),
    path("incidenten/<int:incident>/verbeteren/", views.correct, name="correct_incident"),
    path("incidenten/<int:incident>/notitie/", views.note, name="note_incident"),
    path("incidenten/<int:incident>/gemeld/", views.report, name="report_incident"),
    path("incidenten/<int:incident>/opvolger/", views.assign, name="assign_incident"),
    path("incidenten/<int:incident>/taken/", views.give_task, name="give_incident_task"),
    path("incidenten/<int:incident>/taken/<int:task>/klaar/", views.finish_task, name="finish_incident_task"),
    path("incidenten/<int:incident>/sluiten/", views.close, name="close_incident"),
    path("incidenten/<int:incident>/heropenen/", views.reopen, name="reopen_incident"),
    path("incidenten/<int:incident>/verslag/<slug:form>/", views.paper, name="incident_paper"),
]
