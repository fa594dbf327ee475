"""Addresses of the workspace of an organisation."""

from django.urls import path

from vangrail.web.applications import views

urlpatterns = [
    path("", views.portfolio, name="portfolio"),
    path("toepassingen/<slug:application>/", views.board, name="board"),
    path("toepassingen/<slug:application>/eisen/<slug:requirement>/", views.requirement, name="requirement"),
]
