"""Addresses of the dossier."""

from django.urls import path

from vangrail.web.dossiers import views

urlpatterns = [path("dossier/<slug:kind>/", views.dossier, name="dossier")]
