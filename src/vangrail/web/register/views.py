"""The public register."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vangrail.web.organisations.members import anyone


@anyone
def register(request: HttpRequest) -> HttpResponse:
    """What is public."""
    return render(request, "register/register.html")
