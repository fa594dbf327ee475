"""Addresses of taking part, for everybody."""

from django.urls import path

from vangrail.web.participation import citizen_views as views

urlpatterns = [
    path("register/<slug:organisation>/<slug:application>/vraag/", views.new_case, name="new_case"),
    path(
        "register/<slug:organisation>/<slug:application>/inspraak/",
        views.public_participation,
        name="public_participation",
    ),
    path("volg/", views.follow, name="follow"),
    path("volg/toevoegen/", views.add_to_case, name="add_to_case"),
    path("volg/intrekken/", views.withdraw_case, name="withdraw_case"),
    path("bevraging/<str:token>/", views.survey, name="survey"),
]
