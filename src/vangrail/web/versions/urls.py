"""Addresses of versions, within an application."""

from django.urls import path

from vangrail.web.versions import views

urlpatterns = [
    path("versies/", views.versions, name="versions"),
    path("versies/vergelijken/", views.compare, name="compare_versions"),
    path("versies/<int:number>/", views.version, name="version"),
    path("versies/<int:number>/card.yaml", views.download, name="version_yaml"),
]
