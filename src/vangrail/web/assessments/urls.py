"""Addresses of the board."""

from django.urls import path

from vangrail.web.assessments import views

urlpatterns = [
    path("", views.board, name="board"),
    path("eisen/<slug:requirement>/", views.requirement, name="requirement"),
    path("eisen/<slug:requirement>/antwoord/", views.answer, name="answer"),
    path("meten/", views.measure, name="measure"),
    path("metingen/<int:run>/", views.run, name="run"),
]
