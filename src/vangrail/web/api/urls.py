"""Addresses of the tokens; those of the API itself are in `api.py`."""

from django.urls import path

from vangrail.web.api import views

urlpatterns = [
    path("sleutels/", views.tokens, name="tokens"),
    path("sleutels/nieuw/", views.make_token, name="make_token"),
    path("sleutels/<int:token>/intrekken/", views.end_token, name="end_token"),
]
