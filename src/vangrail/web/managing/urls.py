"""Addresses of managing, within an organisation."""

from django.urls import path

from vangrail.web.managing import views

urlpatterns = [
    path("", views.portfolio, name="portfolio"),
    path("samen/", views.together, name="together"),
    path("taken/", views.my_tasks, name="my_tasks"),
    path("kalender/", views.calendar, name="calendar"),
    path("kalender/adres/", views.renew_calendar, name="renew_calendar"),
]
