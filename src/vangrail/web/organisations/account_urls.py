"""Addresses of signing in. What allauth offers and we do not comes first, and is not there."""

from django.urls import include, path

from vangrail.web.organisations import account_views as views

NOT_HERE = (
    "signup/",
    "email/",
    "confirm-email/",
    "confirm-email/<str:key>/",
    "password/set/",
    "3rdparty/",
    "3rdparty/signup/",
)
"""Nobody makes, joins or renames an account for themselves: the mail address is what an administrator invited."""

urlpatterns = [
    *(path(place, views.closed) for place in NOT_HERE),
    path("tweede-stap/", views.second_factor, name="second_factor"),
    path("opnieuw/", views.sign_in_again, name="sign_in_again"),
    path("opnieuw/vragen/", views.ask, name="ask_again"),
    path("opnieuw/verder/", views.signed_in_again, name="signed_in_again"),
    path("", include("allauth.urls")),
]
