"""Addresses of questions to suppliers, within an application."""

from django.urls import path

from vangrail.web.suppliers import views

one = "leveranciers/<int:number>/"
urlpatterns = [
    path("leveranciers/", views.suppliers, name="suppliers"),
    path("leveranciers/vragen/", views.ask, name="ask_supplier"),
    path(one, views.questionnaire, name="questionnaire"),
    path(f"{one}link/", views.new_link, name="new_supplier_link"),
    path(f"{one}termijn/", views.give_time, name="supplier_term"),
    path(f"{one}intrekken/", views.withdraw, name="withdraw_questionnaire"),
    path(f"{one}overnemen/", views.take_over, name="take_over_replies"),
    path(f"{one}opnieuw/", views.ask_again, name="ask_supplier_again"),
    path(f"{one}antwoorden/<slug:key>/", views.answer, name="answer_by_reply"),
    path(f"{one}afsluiten/", views.close, name="close_questionnaire"),
    path(f"{one}documenten/<int:document>/", views.enclosure, name="enclosure"),
]
