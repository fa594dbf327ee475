"""Colleagues talk about a requirement: they call each other, ask who looks into it, and attach documents that cannot do harm."""

import hashlib
import io
import zipfile
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from conftest import person
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import MemberRole as R
from vangrail.web.applications.assessing import answers_of
from vangrail.web.managing.tasks import tasks_of
from vangrail.web.organisations.members import Member
from vangrail.web.organisations.models import Membership
from vangrail.web.talking import acts, files, reminding
from vangrail.web.talking.models import Assignment, Call, Comment, Document

pytestmark = pytest.mark.django_db
PLACE = "/werk/voorbeeld/toepassingen/meldingen/eisen/dem-1/"


def member(town, who):
    """Somebody as a member of the town."""
    held = Membership.objects.get(person=who, organisation=town.organisation)
    return Member(person=who, organisation=town.organisation, roles=held.held)


def file(name, content):
    """A file that somebody sends."""
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def office(**parts):
    """A zip with these files in it, as office documents are."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        for name, content in parts.items():
            opened.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return made.getvalue()


PDF = b"%PDF-1.7\n..."
ODT = "application/vnd.oasis.opendocument.text"


# --- comments --------------------------------------------------------------------------------------------------------


def test_a_comment_calls_a_colleague_until_they_saw_it(town, as_):
    as_(town.an).post(f"{PLACE}opmerkingen/", {"text": "Klopt dit, Bram?", "called": [str(town.bram.pk)]})
    kinds = [t.details for t in tasks_of(member(town, town.bram)) if "overleg" in t.url]
    assert kinds == [("An: Klopt dit, Bram?",)]
    browser = as_(town.bram)
    assert "vraagt hier jouw aandacht" in browser.get(PLACE).content.decode()
    browser.post(f"{PLACE}opmerkingen/gezien/")
    assert not [t for t in tasks_of(member(town, town.bram)) if "overleg" in t.url]


def test_who_answers_has_seen_the_question(town):
    acts.comment(application=town.application, requirement="dem-1", text="Bram?", by=town.an, called=[town.bram])
    acts.comment(application=town.application, requirement="dem-1", text="Ja, An.", by=town.bram)
    assert Call.objects.get().seen_at is not None


def test_nobody_calls_themselves_or_somebody_from_elsewhere(town, dirk, as_):
    acts.comment(application=town.application, requirement="dem-1", text="Nota.", by=town.an, called=[town.an])
    assert not Call.objects.exists()
    with pytest.raises(VangrailError, match="does not work for"):
        acts.comment(application=town.application, requirement="dem-1", text="Dirk?", by=town.an, called=[dirk])
    assert Comment.objects.count() == 1, "nothing of a refused comment stays"
    answer = as_(town.an).post(f"{PLACE}opmerkingen/", {"text": "Dirk?", "called": [str(dirk.pk)]})
    assert answer.status_code == 200 and Comment.objects.count() == 1


def test_what_somebody_typed_is_text(town, as_):
    acts.comment(application=town.application, requirement="dem-1", text="<script>alert(1)</script>", by=town.an)
    page = as_(town.bram).get(PLACE).content.decode()
    assert "&lt;script&gt;alert(1)" in page and "<script>alert(1)" not in page


def test_an_empty_comment_is_told_beside_the_form(town, as_):
    answer = as_(town.an).post(f"{PLACE}opmerkingen/", {"text": "   "})
    assert answer.status_code == 200 and "field-wrong" in answer.content.decode()


def test_only_who_wrote_it_takes_it_back_and_the_words_are_gone(town, as_):
    written = acts.comment(application=town.application, requirement="dem-1", text="Per ongeluk.", by=town.an)
    as_(town.bram).post(f"{PLACE}opmerkingen/{written.pk}/weg/")
    assert Comment.objects.get().text == "Per ongeluk."
    as_(town.an).post(f"{PLACE}opmerkingen/{written.pk}/weg/")
    assert Comment.objects.get().text == ""
    assert "nam deze opmerking terug" in as_(town.bram).get(PLACE).content.decode()


def test_a_requirement_that_is_not_there(town, as_):
    assert as_(town.an).post(PLACE.replace("dem-1", "dem-999") + "opmerkingen/", {"text": "x"}).status_code == 404


# --- asking somebody -------------------------------------------------------------------------------------------------


def test_one_person_at_a_time_looks_into_a_requirement(town, as_):
    due = timezone.localdate() + timedelta(days=3)
    browser = as_(town.an)
    browser.post(f"{PLACE}toewijzen/", {"to": town.bram.pk, "due": due.isoformat(), "note": "Kijk de taak na."})
    browser.post(f"{PLACE}toewijzen/", {"to": town.fons.pk})
    assert Assignment.objects.get(ended_at=None).to == town.fons
    assert not [t for t in tasks_of(member(town, town.bram)) if "overleg" in t.url]


def test_a_day_in_the_past_cannot_be_asked_and_nothing_typed_is_lost(town, as_):
    answer = as_(town.an).post(f"{PLACE}toewijzen/", {"to": town.bram.pk, "due": "2020-01-01", "note": "Snel graag."})
    assert "voorbij" in answer.content.decode() and "Snel graag." in answer.content.decode()
    assert not Assignment.objects.exists()


def test_who_was_asked_says_that_it_is_done_and_a_bystander_cannot(town, as_):
    acts.assign(application=town.application, requirement="dem-1", to=town.fons, by=town.an)
    as_(town.els).post(f"{PLACE}klaar/")
    assert Assignment.objects.get().ended_at is None
    as_(town.fons).post(f"{PLACE}klaar/")
    assert Assignment.objects.get().ended_at is not None


# --- reminding -------------------------------------------------------------------------------------------------------


def at(hour, day=22):
    """A moment in Brussels."""
    return datetime(2026, 11, day, hour, 0, tzinfo=ZoneInfo("Europe/Brussels"))


@pytest.fixture
def asked(town):
    """Bram has something to do by the 24th of November 2026, and An called him."""
    Assignment.objects.create(
        application=town.application, requirement="dem-1", to=town.bram, by=town.an, at=at(9, 1), due=at(9, 24).date()
    )
    written = Comment.objects.create(
        application=town.application, requirement="dem-2", by=town.an, at=at(9, 20), text="Geheim plan"
    )
    Call.objects.create(comment=written, person=town.bram)
    return town


def test_one_mail_a_day_however_often_it_is_looked(asked):
    for moment in (at(6), at(7), at(8), at(23)):
        reminding.remind(moment)
    (sent,) = mail.outbox
    assert sent.to == [asked.bram.email]
    assert "Binnenkort af te werken: 1" in sent.body and "Vragen van collega's: 1" in sent.body
    assert "/werk/voorbeeld/taken/" in sent.body
    reminding.remind(at(7, 25))
    assert len(mail.outbox) == 2 and "Over tijd: 1" in mail.outbox[1].body


def test_a_mail_tells_how_many_and_never_what(asked):
    reminding.remind(at(8))
    assert "Geheim" not in mail.outbox[0].body and "dem-" not in mail.outbox[0].body


def test_long_beforehand_only_the_question_is_told(asked):
    reminding.remind(at(8, 20))
    assert "Binnenkort" not in mail.outbox[0].body and "Vragen van collega's: 1" in mail.outbox[0].body


def test_who_left_gets_no_mail(asked):
    Membership.objects.get(person=asked.bram).delete()
    reminding.remind(at(8))
    assert mail.outbox == []


def test_who_has_no_mail_address_gets_none(asked):
    asked.bram.email = "abc@geen-adres.invalid"
    asked.bram.save()
    reminding.remind(at(8))
    assert mail.outbox == []


def test_a_mail_that_cannot_be_sent_is_tried_again(asked, monkeypatch):
    def broken(*args, **kwargs):
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr(reminding, "send_mail", broken)
        reminding.remind(at(8))
    assert mail.outbox == []
    reminding.remind(at(8))
    assert len(mail.outbox) == 1


# --- documents -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("verslag.pdf", PDF, "pdf"),
        ("foto.png", b"\x89PNG\r\n\x1a\n....", "png"),
        ("foto.jpg", b"\xff\xd8\xff\xe0....", "jpeg"),
        ("nota.docx", office(word__document_xml="<x/>"), "docx"),
        ("lijst.xlsx", office(xl__workbook_xml="<x/>"), "xlsx"),
        ("nota.odt", office(mimetype=ODT), "odt"),
        ("nota.txt", "Eén zin.\r\n".encode(), "txt"),
        ("valse-naam.pdf", b"Gewoon tekst.", "txt"),
        ("pagina.html", b"<html><script>alert(1)</script>", "txt"),
        ("programma.exe", b"MZ\x90\x00\x03", None),
        ("tekst.txt", b"half \xff\xfe tekst", None),
        ("macro.docx", office(word__document_xml="<x/>", word__vbaProject="x"), None),
        ("iets.zip", office(iets="x"), None),
        ("kapot.docx", b"PK\x03\x04 en dan niets", None),
        ("vermomd.odt", office(mimetype="application/x-iets-anders"), None),
    ],
)
def test_what_is_in_a_file_decides_what_it_is(name, content, kind):
    assert files.recognised(file(name, content)) == kind


def test_a_document_lies_under_its_digest_outside_the_web_root(town, settings):
    put = acts.attach(application=town.application, requirement="dem-1", file=file("verslag.pdf", PDF), by=town.an)
    assert put.sha256 == hashlib.sha256(PDF).hexdigest() and put.size == len(PDF)
    place = files.place_of(town.application, put.sha256)
    assert place.read_bytes() == PDF and place.stat().st_mode & 0o777 == 0o600
    assert not place.is_relative_to(settings.STATIC_ROOT)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\an\\verslag.pdf", "verslag.pdf"),
        ("verslag.pdf.exe", "verslag.pdf.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        (".pdf", "pdf.pdf"),
    ],
)
def test_a_name_is_only_a_name(town, sent, kept):
    uploaded = file("x", PDF)
    uploaded._name = sent  # as a client that does not clean it would send it
    assert acts.attach(application=town.application, requirement="dem-1", file=uploaded, by=town.an).name == kept


def test_a_document_is_saved_by_the_browser_and_never_shown_in_a_page(town, as_):
    put = acts.attach(
        application=town.application,
        requirement="dem-1",
        file=file("pagina.html", b"<script>alert(1)</script>"),
        by=town.an,
    )
    answer = as_(town.bram).get(f"{PLACE}documenten/{put.pk}/")
    assert answer["Content-Disposition"] == 'attachment; filename="pagina.txt"'
    assert answer["Content-Type"].startswith("text/plain") and answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content == b"<script>alert(1)</script>"


def test_what_is_empty_or_too_large_is_refused(town, monkeypatch):
    with pytest.raises(VangrailError, match="empty"):
        acts.attach(application=town.application, requirement="dem-1", file=file("leeg.pdf", b""), by=town.an)
    monkeypatch.setattr(files, "LARGEST", 4)
    with pytest.raises(VangrailError, match="larger"):
        acts.attach(application=town.application, requirement="dem-1", file=file("groot.pdf", PDF), by=town.an)
    assert not Document.objects.exists()


def test_an_answer_names_its_documents_with_their_digest(town, as_):
    there = acts.attach(application=town.application, requirement="dem-1", file=file("eerst.pdf", PDF), by=town.an)
    sent = {
        "value": "yes",
        "because": "De raad gaf ons deze opdracht.",
        "documents": "https://voorbeeld.example/besluit",
        "attached": [str(there.pk)],
        "file": file("nieuw.txt", b"Besluit van de raad."),
        "role": "application_owner",
    }
    assert as_(town.an).post(f"{PLACE}antwoord/", sent).status_code == 302
    (given,) = answers_of(town.application)
    digest = hashlib.sha256(b"Besluit van de raad.").hexdigest()
    assert given.documents == (
        "https://voorbeeld.example/besluit",
        f"eerst.pdf (sha256 {there.sha256})",
        f"nieuw.txt (sha256 {digest})",
    )


def test_an_answer_with_a_bad_file_is_not_given(town, as_):
    sent = {"value": "yes", "because": "De raad gaf ons deze opdracht.", "file": file("x.exe", b"MZ\x90\x00")}
    answer = as_(town.an).post(f"{PLACE}antwoord/", sent)
    assert answer.status_code == 200 and "niet aan" in answer.content.decode()
    assert "De raad gaf ons deze opdracht." in answer.content.decode()
    assert answers_of(town.application) == []


def test_who_attached_a_file_can_remove_it_and_its_digest_stays(town, as_, django_capture_on_commit_callbacks):
    one = acts.attach(application=town.application, requirement="dem-1", file=file("a.pdf", PDF), by=town.an)
    same = acts.attach(application=town.application, requirement="dem-2", file=file("b.pdf", PDF), by=town.an)
    as_(town.bram).post(f"{PLACE}documenten/{one.pk}/weg/")
    assert Document.objects.get(pk=one.pk).removed_at is None, "Bram did not attach it"
    with django_capture_on_commit_callbacks(execute=True):
        as_(town.an).post(f"{PLACE}documenten/{one.pk}/weg/")
    place = files.place_of(town.application, one.sha256)
    assert place.exists(), "another document holds the same"
    assert as_(town.an).get(f"{PLACE}documenten/{one.pk}/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        acts.remove(document=same, by=town.an)
    assert not place.exists() and Document.objects.get(pk=one.pk).sha256 == one.sha256


def test_the_page_of_a_requirement_has_as_many_queries_for_three_comments_as_for_thirty(
    town, as_, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = as_(town.bram)

    def say(times):
        for i in range(times):
            who = person(f"P{Comment.objects.count()}", town.organisation, R.CONTRIBUTOR)
            acts.comment(application=town.application, requirement="dem-1", text=f"Nr {i}", by=who, called=[town.bram])
            acts.attach(application=town.application, requirement="dem-1", file=file("a.pdf", PDF), by=who)

    say(3)
    browser.get(PLACE)
    with CaptureQueriesContext(connection) as few:
        browser.get(PLACE)
    say(27)
    with django_assert_num_queries(len(few)):
        browser.get(PLACE)
