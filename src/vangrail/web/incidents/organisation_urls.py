"""The address of all incidents of an organisation."""

from django.urls import path

from vangrail.web.incidents import views

urlpatterns = [path("incidenten/", views.all_incidents, name="all_incidents")]
