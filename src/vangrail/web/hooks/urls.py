"""Addresses of the webhooks, below administration."""

from django.urls import path

from vangrail.web.hooks import views

urlpatterns = [
    path("beheer/webhooks/", views.hooks, name="hooks"),
    path("beheer/webhooks/nieuw/", views.make_hook, name="make_hook"),
    path("beheer/webhooks/<int:hook>/", views.hook, name="hook"),
    path("beheer/webhooks/<int:hook>/proberen/", views.try_hook, name="try_hook"),
    path("beheer/webhooks/<int:hook>/weg/", views.end_hook, name="end_hook"),
]
