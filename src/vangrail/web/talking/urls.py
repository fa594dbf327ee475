"""Addresses of the talk about a requirement."""

from django.urls import path

from vangrail.web.talking import views

urlpatterns = [
    path("eisen/<slug:requirement>/opmerkingen/", views.comment, name="comment"),
    path("eisen/<slug:requirement>/opmerkingen/<int:comment>/weg/", views.withdraw, name="withdraw_comment"),
    path("eisen/<slug:requirement>/opmerkingen/gezien/", views.see, name="see_comments"),
    path("eisen/<slug:requirement>/toewijzen/", views.assign, name="assign"),
    path("eisen/<slug:requirement>/klaar/", views.finish, name="finish"),
    path("eisen/<slug:requirement>/documenten/", views.attach, name="attach"),
    path("eisen/<slug:requirement>/documenten/<int:document>/", views.download, name="document"),
    path("eisen/<slug:requirement>/documenten/<int:document>/weg/", views.remove, name="remove_document"),
]
