"""Addresses of the events of an application."""

from django.urls import path

from vangrail.web.events import views

urlpatterns = [
    path("gebeurtenissen/", views.events, name="events"),
    path("gebeurtenissen/nieuw/", views.write_down, name="write_down"),
    path("gebeurtenissen/bewaken/", views.watch, name="watch"),
    path("gebeurtenissen/niet-meer-bewaken/", views.stop_watching, name="stop_watching"),
    path("gebeurtenissen/rondes/<int:round_>/gezien/", views.look_at, name="look_at_round"),
]
