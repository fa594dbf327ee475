"""Addresses of the public register. They are printed on letters and signs, so they never change."""

from django.urls import path, re_path

from vangrail.web.register import streaming, views

ONE = "register/<slug:organisation>/<slug:application>/"
urlpatterns = [
    path("", views.register, name="register"),
    path("open-data/", views.open_data, name="open_data"),
    re_path(r"^catalogus\.(?P<format_>ttl|jsonld)$", views.catalogue, name="catalogue"),
    re_path(r"^register\.(?P<format_>csv|json|ttl|jsonld)$", views.whole, name="register_data"),
    path("ldes", streaming.stream, name="ldes"),
    re_path(r"^ldes\.(?P<format_>ttl|jsonld)$", streaming.root, name="ldes_root"),
    re_path(r"^ldes/(?P<number>[1-9][0-9]{0,8})\.(?P<format_>ttl|jsonld)$", streaming.page, name="ldes_page"),
    path("ldes/vorm.ttl", streaming.shape, name="ldes_shape"),
    path("register.atom", views.news, name="register_feed"),
    path("register/<slug:organisation>/", views.of_organisation, name="public_organisation"),
    re_path(
        r"^register/(?P<organisation>[-\w]+)/(?P<application>[-\w]+)\.(?P<format_>csv|json|ttl|jsonld)$",
        views.data,
        name="public_data",
    ),
    path(ONE, views.page, name="public_page"),
    path(f"{ONE}qr.svg", views.qr, name="public_qr"),
    path(f"{ONE}geschiedenis/", views.history, name="public_history"),
    path(f"{ONE}versies/<int:number>/", views.version, name="public_version"),
]
