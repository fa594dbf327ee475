"""Addresses of the workspace as a whole, and of administration."""

from django.urls import path

from vangrail.web.organisations import account_views, admin_views, views

_HERE = "werk/<slug:organisation>/beheer"
urlpatterns = [
    path("werk/", views.work, name="work"),
    path("demo/persoon/", views.take_place, name="take_place"),
    path("eerste-start/<str:token>/", account_views.begin, name="first_start"),
    path("uitnodiging/<str:token>/", account_views.invitation, name="invitation"),
    path("kleuren/<slug:organisation>.css", admin_views.colours_css, name="colours"),
    path("logo/<slug:organisation>", admin_views.logo, name="logo"),
    path(f"{_HERE}/", admin_views.administration, name="administration"),
    path(f"{_HERE}/uitnodigen/", admin_views.invite, name="invite"),
    path(f"{_HERE}/uitnodigingen/<int:invitation>/weg/", admin_views.withdraw_invitation, name="withdraw_invitation"),
    path(f"{_HERE}/mensen/<int:membership>/", admin_views.person, name="person"),
    path(f"{_HERE}/mensen/<int:membership>/weg/", admin_views.end_membership, name="end_membership"),
    path(f"{_HERE}/organisatie/", admin_views.profile, name="profile"),
    path(f"{_HERE}/advies/", admin_views.advice, name="required_advice"),
    path(f"{_HERE}/verbindingen/", admin_views.connections, name="connections"),
    path(f"{_HERE}/verbindingen/<int:connection>/proberen/", admin_views.try_connection, name="try_connection"),
    path(f"{_HERE}/verbindingen/<int:connection>/weg/", admin_views.disconnect, name="disconnect"),
    path(f"{_HERE}/uitzicht/", admin_views.look, name="look"),
]
