"""Addresses of the classification."""

from django.urls import path

from vangrail.web.classifying import views

urlpatterns = [
    path("wet/", views.law_page, name="law"),
    path("wet/vragen/", views.interview, name="interview"),
    path("wet/vragen/<slug:fact>/", views.question, name="question"),
    path("wet/vragen/<slug:fact>/collega/", views.ask, name="ask_colleague"),
    path("wet/gevraagd/<int:asked>/", views.asked_question, name="asked_question"),
    path("wet/antwoorden/", views.answers, name="legal_answers"),
    path("wet/antwoorden/bewaren/", views.put_on_card, name="put_answers_on_card"),
    path("wet/antwoorden/weggooien/", views.throw_away, name="throw_answers_away"),
    path("wet/bevestigen/", views.confirm, name="confirm_classification"),
    path("wet/formulieren/<slug:form>/", views.form, name="legal_form"),
    path("wet/kalender.ics", views.calendar, name="legal_calendar"),
]
