"""Addresses of the workspace of an organisation."""

from django.urls import path

from vangrail.web.applications import views

urlpatterns = [path("", views.portfolio, name="portfolio")]
