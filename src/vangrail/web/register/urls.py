"""Addresses of the public register."""

from django.urls import path

from vangrail.web.register import views

urlpatterns = [path("", views.register, name="register")]
