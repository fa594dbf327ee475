"""Addresses of the gate and the stop button."""

from django.urls import path

from vangrail.web.decisions import views

urlpatterns = [
    path("poort/", views.gate, name="gate"),
    path("poort/beslissing/", views.decide, name="decide"),
    path("poort/advies/", views.advise, name="advise"),
    path("stop/", views.stopping, name="stopping"),
    path("stop/nu/", views.stop, name="stop"),
]
