"""Addresses for a supplier, by their link."""

from django.urls import path

from vangrail.web.suppliers import supplier_views as views

urlpatterns = [
    path("leverancier/<str:token>/", views.supplier, name="supplier"),
    path("leverancier/<str:token>/versturen/", views.send, name="supplier_send"),
    path("leverancier/<str:token>/documenten/", views.enclose, name="supplier_enclose"),
    path("leverancier/<str:token>/documenten/<int:document>/weg/", views.take_back, name="supplier_take_back"),
    path("leverancier/<str:token>/vragen/<slug:page>/", views.page, name="supplier_page"),
]
