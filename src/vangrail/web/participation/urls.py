"""Addresses of taking part, for colleagues."""

from django.urls import path

from vangrail.web.participation import asking_views as asking
from vangrail.web.participation import case_views as views

urlpatterns = [
    path("inspraak/", views.participation, name="participation"),
    path("inspraak/zaken/<int:case>/", views.case, name="case"),
    path("inspraak/zaken/<int:case>/toewijzen/", views.assign_case, name="assign_case"),
    path("inspraak/zaken/<int:case>/plaatsen/", views.place_case, name="place_case"),
    path("inspraak/zaken/<int:case>/notitie/", views.note_case, name="note_case"),
    path("inspraak/zaken/<int:case>/bericht/", views.ask_back, name="ask_back"),
    path("inspraak/zaken/<int:case>/antwoord/", views.answer_case, name="answer_case"),
    path("inspraak/zaken/<int:case>/herbekijken/", views.review_case, name="review_case"),
    path("inspraak/zaken/<int:case>/openbaar/", views.publish_answer, name="publish_answer"),
    path("inspraak/raadplegingen/nieuw/", asking.new_consultation, name="new_consultation"),
    path("inspraak/raadplegingen/<int:consultation>/", asking.consultation, name="consultation"),
    path("inspraak/raadplegingen/<int:consultation>/punt/", asking.add_point, name="add_point"),
    path("inspraak/raadplegingen/<int:consultation>/punt/<int:point>/", asking.answer_point, name="answer_point"),
    path("inspraak/raadplegingen/<int:consultation>/sluiten/", asking.close_consultation, name="close_consultation"),
    path("inspraak/bevragingen/nieuw/", asking.new_survey, name="new_survey"),
    path("inspraak/bevragingen/<int:survey>/", asking.survey_inside, name="survey_inside"),
    path("inspraak/bevragingen/<int:survey>/links/", asking.survey_links, name="survey_links"),
    path("inspraak/bevragingen/<int:survey>/sluiten/", asking.close_survey, name="survey_close"),
    path("inspraak/bevragingen/<int:survey>/openbaar/", asking.publish_survey, name="publish_survey"),
    path("inspraak/bevragingen/<int:survey>/opmerking/<slug:remark>/", asking.moderate_remark, name="moderate_remark"),
    path("inspraak/werk/nieuw/", asking.new_pulse, name="new_pulse"),
    path("inspraak/werk/<int:survey>/links/", asking.pulse_links, name="pulse_links"),
    path("inspraak/werk/<int:survey>/sluiten/", asking.close_pulse, name="pulse_close"),
    path("inspraak/werk/op-de-kaart/", asking.pulse_on_card, name="pulse_on_card"),
]
