"""Addresses of publishing."""

from django.urls import path

from vangrail.web.publishing import views

urlpatterns = [
    path("publicatie/", views.publishing, name="publishing"),
    path("publicatie/voorbereiden/", views.prepare, name="prepare_publication"),
    path("publicatie/intrekken/", views.withdraw, name="withdraw_publication"),
    path("publicatie/<int:number>/", views.preview, name="publication_preview"),
    path("publicatie/<int:number>/beslissing/", views.review, name="review_publication"),
]
