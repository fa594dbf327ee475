"""Addresses of registering, within an organisation."""

from django.urls import path

from vangrail.web.registering import bringing, columns, drafting, editing

card = "toepassingen/<slug:application>/kaart/"
urlpatterns = [
    path("nieuw/", drafting.begin, name="begin"),
    path("sjablonen/<slug:kind>/", drafting.template, name="template"),
    path("concepten/<int:draft>/stap/<int:number>/", drafting.step, name="draft_step"),
    path("concepten/<int:draft>/nakijken/", drafting.check, name="draft_check"),
    path("concepten/<int:draft>/registreren/", drafting.register, name="draft_register"),
    path("concepten/<int:draft>/weg/", drafting.discard, name="draft_discard"),
    path("invoeren/", bringing.bring, name="bring"),
    path("invoeren/sjabloon.<str:form>", bringing.template, name="import_template"),
    path("invoeren/<int:number>/", bringing.look_at, name="import"),
    path("invoeren/<int:number>/doen/", bringing.take_in, name="take_in"),
    path("invoeren/<int:number>/registreren/", bringing.register_whole, name="register_import"),
    path("invoeren/<int:number>/ongedaan/", bringing.undo, name="undo_import"),
    path("productkaarten/", bringing.offers, name="offers"),
    path("productkaarten/<int:number>/", bringing.offer, name="offer"),
    path("toepassingen/<slug:application>/bestanden/<str:file>/kolommen/", columns.columns, name="columns"),
    path(card, editing.card, name="card"),
    path(f"{card}bewerken/", editing.edit, name="edit_card"),
    path(f"{card}bewerken/<slug:part>/", editing.part, name="edit_part"),
    path(f"{card}yaml/", editing.as_text, name="card_yaml"),
    path(f"{card}vastleggen/", editing.record, name="record_card"),
    path(f"{card}bijwerken/", editing.catch_up, name="catch_up"),
    path(f"{card}weg/", editing.discard, name="discard_edit"),
    path(f"{card}product/", editing.product, name="card_product"),
    path(f"{card}product/overnemen/", editing.take_over, name="take_over"),
    path(f"{card}product/delen/", editing.share, name="share_card"),
    path(f"{card}product/velden/<str:field>/", editing.depart, name="depart"),
]
