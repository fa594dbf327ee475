"""Addresses of managing, within an organisation."""

from django.urls import path

from vangrail.web.managing import views

urlpatterns = [
    path("", views.portfolio, name="portfolio"),
    path("samen/", views.together, name="together"),
    path("taken/", views.my_tasks, name="my_tasks"),
    path("kalender/", views.calendar, name="calendar"),
    path("toepassingen/<slug:application>/bestanden/", views.data, name="data"),
    path("toepassingen/<slug:application>/bestanden/weg/", views.take_away_data, name="take_away_data"),
    path("kalender/adres/", views.renew_calendar, name="renew_calendar"),
]
