"""Addresses of the workspace as a whole."""

from django.urls import path

from vangrail.web.organisations import views

urlpatterns = [
    path("werk/", views.work, name="work"),
    path("demo/persoon/", views.take_place, name="take_place"),
]
