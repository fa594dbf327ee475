"""Questions to a supplier: asked by a secret link, answered without an account, and worth nothing until somebody here accepts."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from conftest import card, person
from vangrail import knowledge
from vangrail.cards import fields
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import AnswerValue, Language, MemberRole, Role
from vangrail.web.applications import acts as applications
from vangrail.web.applications.models import Outbox
from vangrail.web.managing.tasks import tasks_of
from vangrail.web.organisations.members import Member
from vangrail.web.suppliers import acts, asking, supplier_views
from vangrail.web.suppliers.acts import Said
from vangrail.web.suppliers.models import Questionnaire, Reply

pytestmark = pytest.mark.django_db
KEYS = ("energy.pue", "energy.country", "labour.who", "models", "tru-rob-4")
PDF = b"%PDF-1.7 test"


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def asked(town):
    """Four questions to Spraakwater, with the secret of the link."""
    return acts.ask(
        application=town.application,
        supplier="Spraakwater nv",
        keys=KEYS,
        own=["In welke talen getest?"],
        due=in_days(7),
        by=town.an,
    )


@pytest.fixture
def sent(asked):
    """The same, answered and sent in."""
    held, _ = asked
    held = acts.save(
        questionnaire=held,
        seen=0,
        replies={
            "energy.pue": Said(value=1.2),
            "energy.country": Said(unknown=True),
            "models": Said(value=[{"name": "wegwijs", "version": "3"}]),
            "tru-rob-4": Said(value="Bij 120 proeven lukte er geen."),
            "own-1": Said(value="Nederlands en Frans."),
        },
    )
    acts.send(questionnaire=held, name="Sofie", function="productverantwoordelijke")
    return Questionnaire.objects.get()


def inside(town, held, what=""):
    return f"/werk/voorbeeld/toepassingen/meldingen/leveranciers/{held.pk}/{what}"


# --- what can be asked -----------------------------------------------------------------------------------------------
def test_the_questions_come_from_the_framework_and_the_card():
    """No second list: each question is a field with a label, or a requirement that a supplier may answer."""
    asked = [q for page in asking.pages() for q in page.questions]
    assert len({q.key for q in asked}) == len(asked)
    for question in asked:
        if question.requirement:
            requirement = knowledge.framework().requirement(question.key)
            assert Role.SUPPLIER in requirement.answered_by and question.field.label == requirement.title
        else:
            assert question.field.label == fields.labels()[question.key].label


@pytest.mark.parametrize(
    "key", ["models", "suppliers", "documentation.data_card", "energy.pue", "labour.who", "tru-rob-1", "tru-rob-4"]
)
def test_a_supplier_can_be_asked_about(key):
    assert key in {q.key for page in asking.pages() for q in page.questions}


@pytest.mark.parametrize("key", ["purpose.text", "privacy.dpia", "people", "lit-6", "dem-5"])
def test_what_is_for_the_owner_is_not_asked(key):
    assert key not in {q.key for page in asking.pages() for q in page.questions}


def test_what_is_open_is_ticked_and_what_is_known_is_not(town, as_):
    changed = card(energy={"pue": 1.3}, suppliers=[{"name": "Spraakwater nv"}])
    applications.declare(application=town.application, card=changed, by=town.an)
    page = as_(town.an).get("/werk/voorbeeld/toepassingen/meldingen/leveranciers/vragen/")
    ticked = {k for f in page.context["pages"] for k in f.initial}
    assert "energy.country" in ticked and "energy.pue" not in ticked and "fallback.procedure" not in ticked
    assert page.context["form"].initial["supplier"] == "Spraakwater nv"


# --- asking ----------------------------------------------------------------------------------------------------------
def test_the_link_is_shown_once_and_kept_as_a_digest(town, as_):
    browser = as_(town.an)
    answer = browser.post(
        "/werk/voorbeeld/toepassingen/meldingen/leveranciers/vragen/",
        {
            "supplier": "Spraakwater nv",
            "due": in_days(7).isoformat(),
            "page-energie": ["energy.pue"],
            "own": "",
            "note": "",
        },
    )
    address = answer.context["address"]
    token = address.rstrip("/").rpartition("/")[2]
    held = Questionnaire.objects.get()
    assert held.digest == acts.digest_of(token) and token not in str(held.__dict__)
    assert Client().get(f"/leverancier/{token}/").status_code == 200
    assert token not in browser.get(inside(town, held)).content.decode()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"keys": ()}, "do not ask anything"),
        ({"due": in_days(-1)}, "last day lies between"),
        ({"due": in_days(400)}, "last day lies between"),
        ({"own": ["Hoe?"] * 11}, "At most 10"),
    ],
)
def test_what_cannot_be_asked(town, change, why):
    given = {"application": town.application, "supplier": "X", "keys": KEYS, "due": in_days(7), "by": town.an} | change
    with pytest.raises(VangrailError, match=why):
        acts.ask(**given)


# --- the link --------------------------------------------------------------------------------------------------------
def test_a_link_ends_with_its_term(asked):
    held, token = asked
    assert Client().get(f"/leverancier/{token}/").status_code == 200
    Questionnaire.objects.update(due=in_days(-1))
    for place in ("", "vragen/energie/"):
        assert Client().get(f"/leverancier/{token}/{place}").status_code == 410
    with pytest.raises(VangrailError, match="Nothing can be changed"):
        acts.save(questionnaire=held, seen=0, replies={"energy.pue": Said(value=1.2)})


def test_a_withdrawn_link_ends_at_once(town, asked):
    held, token = asked
    acts.withdraw(questionnaire=held, by=town.an)
    for place in ("", "vragen/energie/", "versturen/", "documenten/"):
        for method in (Client().get, Client().post):
            assert method(f"/leverancier/{token}/{place}").status_code in (405, 410)


def test_a_new_link_ends_the_old(town, asked):
    held, old = asked
    new = acts.renew_link(questionnaire=held, by=town.an)
    assert Client().get(f"/leverancier/{old}/").status_code == 404
    assert Client().get(f"/leverancier/{new}/").status_code == 200


def test_guessing_a_link_is_counted(monkeypatch):
    monkeypatch.setattr(supplier_views, "MOST_WRONG", 2)
    answers = [Client().get(f"/leverancier/gok{n}/").status_code for n in range(4)]
    assert answers == [404, 404, 429, 429]


def test_sending_too_much_is_stopped(asked, settings):
    _, token = asked
    browser = Client(REMOTE_ADDR="203.0.113.9")
    answers = [browser.post(f"/leverancier/{token}/vragen/energie/", {"seen": "0"}).status_code for _ in range(61)]
    assert 429 not in answers[:60] and answers[60] == 429


def test_no_search_engine_and_no_cache_keeps_it(asked):
    _, token = asked
    answer = Client().get(f"/leverancier/{token}/")
    assert "noindex" in answer["X-Robots-Tag"] and b'name="robots" content="noindex' in answer.content
    assert "no-store" in answer["Cache-Control"] and answer["Referrer-Policy"] == "same-origin"
    assert b"https://" not in answer.content.replace(b"http://www.w3.org", b"")


def test_a_supplier_sees_nothing_of_the_card_but_its_purpose(town, asked):
    changed = card(energy={"location": "GEHEIM"}, people={"application_owner": {"name": "An"}})
    applications.declare(application=town.application, card=changed, by=town.an)
    _, token = asked
    for place in ("", "vragen/energie/", "vragen/modellen/"):
        assert b"GEHEIM" not in Client().get(f"/leverancier/{token}/{place}").content


# --- answering -------------------------------------------------------------------------------------------------------
def test_answering_without_javascript(asked):
    held, token = asked
    browser = Client()
    answer = browser.post(
        f"/leverancier/{token}/vragen/energie/",
        {"seen": "0", "energy-pue": "1,2", "energy-country": "", "energy-country-unknown": "on", "do": "next"},
    )
    assert answer.status_code == 302 and answer["Location"].endswith("/vragen/arbeid/")
    assert {(r.key, r.value, r.unknown) for r in held.replies.all()} == {
        ("energy.pue", 1.2, False),
        ("energy.country", None, True),
    }


def test_a_list_is_answered_item_by_item(asked):
    held, token = asked
    answer = Client().post(
        f"/leverancier/{token}/vragen/modellen/",
        {"seen": "0", "count": "1", "i0-models-name": "wegwijs", "i0-was": "", "do": "done"},
    )
    assert answer.status_code == 302
    assert held.replies.get().value == [{"name": "wegwijs"}]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("energy-pue", "0,5", "hier hoort 1 of meer"),
        ("energy-country", "België", "drie hoofdletters"),
        ("labour-who", "85073003328", "rijksregister"),
    ],
)
def test_what_the_card_would_refuse_is_refused_to_the_supplier(asked, field, value, said):
    """A PUE below 1, a country in words, a national number: mended where it was typed, and not lost."""
    held, token = asked
    page = "arbeid" if field.startswith("labour") else "energie"
    answer = Client().post(f"/leverancier/{token}/vragen/{page}/", {"seen": "0", field: value, "do": "done"})
    shown = answer.content.decode()
    assert answer.status_code == 200 and said in shown and value in shown and not held.replies.exists()


def test_two_people_at_once_are_told(asked):
    held, token = asked
    place = f"/leverancier/{token}/vragen/energie/"
    Client().post(place, {"seen": "0", "energy-pue": "1,2", "do": "done"})
    answer = Client().post(place, {"seen": "0", "energy-pue": "1,9", "do": "done"}).content.decode()
    assert "terwijl je typte" in answer and "1,9" in answer and held.replies.get().value == 1.2
    Client().post(place, {"seen": "1", "energy-pue": "1,9", "do": "done"})
    assert held.replies.get().value == 1.9


def test_a_question_that_was_not_asked_is_not_saved(asked):
    held, _ = asked
    acts.save(
        questionnaire=held, seen=0, replies={"energy.wue": Said(value=1), "people": Said(value={"dpo": {"name": "X"}})}
    )
    assert not held.replies.exists()


def test_script_stays_text(town, asked, as_):
    held, token = asked
    acts.save(questionnaire=held, seen=0, replies={"own-1": Said(value="<script>alert(1)</script>")})
    acts.send(questionnaire=held, name="<img src=x>", function="<b>")
    for shown in (Client().get(f"/leverancier/{token}/"), as_(town.an).get(inside(town, held))):
        assert (
            b"<script>alert" not in shown.content
            and b"<img src=x>" not in shown.content
            and b"&lt;script&gt;" in shown.content
        )


def test_documents_are_recognised_by_what_is_in_them(asked):
    held, token = asked
    place = f"/leverancier/{token}/documenten/"
    good = Client().post(place, {"file": SimpleUploadedFile("test.exe", PDF), "key": "tru-rob-4"})
    assert good.status_code == 302 and held.enclosures.get().name == "test.pdf"
    bad = Client().post(place, {"file": SimpleUploadedFile("test.pdf", b"MZ\x00\x00"), "key": ""})
    assert "Dit soort bestand nemen we niet aan" in bad.content.decode() and held.enclosures.count() == 1


def test_no_more_documents_than_that(asked, monkeypatch):
    held, _ = asked
    monkeypatch.setattr(acts, "MOST_ENCLOSURES", 1)
    acts.enclose(questionnaire=held, key="", file=SimpleUploadedFile("a.pdf", PDF))
    with pytest.raises(VangrailError, match="1 documents already"):
        acts.enclose(questionnaire=held, key="", file=SimpleUploadedFile("b.pdf", PDF))


def test_nothing_can_be_sent_in_without_an_answer_or_a_name(asked):
    held, token = asked
    with pytest.raises(VangrailError, match="not filled in anything"):
        acts.send(questionnaire=held, name="Sofie", function="x")
    acts.save(questionnaire=held, seen=0, replies={"energy.country": Said(unknown=True)})
    Client().post(f"/leverancier/{token}/versturen/", {"name": "", "function": "x", "sure": "on"})
    assert Questionnaire.objects.get().sent_at is None
    Client().post(f"/leverancier/{token}/versturen/", {"name": "Sofie", "function": "x", "sure": "on"})
    assert Questionnaire.objects.get().sent_at is not None


def test_what_was_sent_in_cannot_be_changed(sent, asked):
    _, token = asked
    answer = Client().post(f"/leverancier/{token}/vragen/energie/", {"seen": "1", "energy-pue": "1,0"})
    assert answer.status_code == 302 and Reply.objects.get(key="energy.pue").value == 1.2
    assert sent.statements.get().content["replies"]["energy.pue"] == {"value": 1.2, "unknown": False}


# --- taking over -----------------------------------------------------------------------------------------------------
def test_until_somebody_takes_it_over_it_changes_nothing(town, sent):
    assert town.application.version.number == 1 and not town.application.answergivens.exists()
    assert not town.application.recordkepts.exists() and not town.application.evidencetakens.exists()


def test_what_is_taken_over_stands_on_the_card_with_whose_word_it_is_and_who_took_it(town, sent, as_):
    as_(town.an).post(
        inside(town, sent, "overnemen/"), {"key": ["energy.pue", "models", "energy.country", "tru-rob-4"]}
    )
    version = town.application.version
    assert version.number == 2 and version.by == town.an
    assert version.content["energy"] == {"pue": 1.2} and version.content["models"] == [
        {"name": "wegwijs", "version": "3"}
    ]
    assert version.note == "Volgens Spraakwater nv, overgenomen door An: PUE van het datacenter, Modellen"
    assert {r.key for r in sent.replies.exclude(taken_by=None)} == {"energy.pue", "models"}
    shown = as_(town.an).get("/werk/voorbeeld/toepassingen/meldingen/kaart/").content.decode()
    assert "volgens Spraakwater nv (An)" in shown


def test_once_the_card_says_otherwise_it_is_no_longer_the_suppliers_word(town, sent, as_):
    acts.take_over(questionnaire=sent, keys=["energy.pue"], by=town.an)
    applications.declare(application=town.application, card=card(energy={"pue": 1.9}), by=town.an)
    assert (
        "volgens Spraakwater" not in as_(town.an).get("/werk/voorbeeld/toepassingen/meldingen/kaart/").content.decode()
    )


def test_a_list_keeps_what_was_there(town, sent):
    there = card(models=[{"name": "wegwijs", "source": "endpoint:WEGWIJS"}, {"name": "ander"}])
    applications.declare(application=town.application, card=there, by=town.an)
    acts.take_over(questionnaire=sent, keys=["models"], by=town.an)
    assert town.application.version.content["models"] == [
        {"name": "wegwijs", "source": "endpoint:WEGWIJS", "version": "3"},
        {"name": "ander"},
    ]


def test_a_requirement_needs_reasons_of_ones_own(town, sent):
    with pytest.raises(VangrailError, match="reasons are missing"):
        acts.answer(questionnaire=sent, key="tru-rob-4", value=AnswerValue.YES, because="ok", role=None, by=town.bram)
    with pytest.raises(VangrailError, match="not chosen"):
        acts.take_over(questionnaire=sent, keys=["tru-rob-4"], by=town.an)


def test_the_suppliers_words_and_documents_go_with_the_answer(town, asked):
    held, _ = asked
    acts.enclose(questionnaire=held, key="tru-rob-4", file=SimpleUploadedFile("proef.pdf", PDF))
    acts.save(questionnaire=held, seen=0, replies={"tru-rob-4": Said(value="Bij 120 proeven lukte er geen.")})
    acts.send(questionnaire=held, name="Sofie", function="x")
    given = acts.answer(
        questionnaire=held,
        key="tru-rob-4",
        value=AnswerValue.PARTLY,
        because="We herhalen de proef zelf in mei.",
        role=Role.DPO,
        by=town.bram,
    )
    said = given.content["because"]
    assert given.content["by"] == "Bram" and given.content["answer"] == "partly"
    assert said.startswith("We herhalen") and "Volgens de leverancier Spraakwater nv" in said and "120 proeven" in said
    assert given.content["documents"][0].startswith("proef.pdf (sha256 ")


def test_i_do_not_know_cannot_be_taken_over(town, sent):
    with pytest.raises(VangrailError, match="not chosen"):
        acts.take_over(questionnaire=sent, keys=["energy.country"], by=town.an)


def test_before_it_is_sent_in_nothing_is_taken_over(town, asked):
    held, _ = asked
    acts.save(questionnaire=held, seen=0, replies={"energy.pue": Said(value=1.2)})
    with pytest.raises(VangrailError, match="not sent anything in"):
        acts.take_over(questionnaire=held, keys=["energy.pue"], by=town.an)


def test_asking_again_opens_the_link_for_what_was_not_taken(town, sent, asked):
    _, token = asked
    acts.take_over(questionnaire=sent, keys=["energy.pue"], by=town.an)
    acts.ask_again(
        questionnaire=sent,
        keys=["energy.country", "energy.pue"],
        remark="Vraag het aan je datacenter.",
        due=in_days(9),
        by=town.an,
    )
    place = f"/leverancier/{token}/vragen/energie/"
    page = Client().get(place).content.decode()
    assert "Vraag het aan je datacenter." in page
    held = Questionnaire.objects.get()
    Client().post(place, {"seen": str(held.round), "energy-pue": "9", "energy-country": "BEL"})
    held = acts.save(questionnaire=held, seen=held.round + 1, replies={"energy.pue": Said(value=9)})
    assert Reply.objects.get(key="energy.pue").value == 1.2, "what was taken over stays"
    assert Reply.objects.get(key="energy.country").value == "BEL"
    acts.send(questionnaire=held, name="Sofie", function="x")
    assert held.statements.count() == 2 and not held.replies.exclude(again="").exists()


def test_closing_is_recorded_where_the_framework_asks_it(town, sent, asked):
    acts.take_over(questionnaire=sent, keys=["energy.pue", "own-1"], by=town.an)
    acts.close(questionnaire=sent, outcome="Het land van het datacenter vragen we bij de verlenging.", by=town.an)
    record = town.application.recordkepts.get().content
    assert record["kind"] == "supplier_questionnaire" and record["requirement"] == "lit-6" and record["by"] == "An"
    assert "6 vragen, 4 beantwoord, 1 keer 'ik weet het niet', 2 overgenomen" in record["what"]
    assert Client().get(f"/leverancier/{asked[1]}/").status_code == 410


# --- ledger, tasks, rights -------------------------------------------------------------------------------------------
def test_the_ledger_tells_what_happened_and_no_name(town, sent):
    acts.take_over(questionnaire=sent, keys=["energy.pue"], by=town.an)
    entries = Outbox.objects.filter(kind="supplier").order_by("pk")
    assert [e.body["event"] for e in entries] == ["asked", "answered", "taken_over"]
    assert entries[1].body == {
        "questionnaire": sent.pk,
        "event": "answered",
        "answered": 4,
        "unknown": 1,
        "documents": 0,
    }
    assert entries[1].private["name"] == "Sofie" and entries[2].private["by"] == "An"
    shown = str([e.body for e in entries])
    assert not any(word in shown for word in ("Sofie", "Spraakwater", "120 proeven", "'An'"))


def tasks(who, town, *roles):
    return tasks_of(Member(person=who, organisation=town.organisation, roles=frozenset(roles)))


def test_tasks_for_whoever_asked(town, asked):
    held, _ = asked
    owner = MemberRole.APPLICATION_OWNER
    assert not [t for t in tasks(town.an, town, owner) if t.title == "Spraakwater nv"]
    Questionnaire.objects.update(due=in_days(-2))
    late = [t for t in tasks(town.an, town, owner) if t.title == "Spraakwater nv"]
    assert late[0].overdue(timezone.localdate()) and "niet op tijd" in late[0].kind[Language.NL]
    colleague = person("Wim", town.organisation, owner)
    assert not [t for t in tasks(colleague, town, owner) if t.title == "Spraakwater nv"]
    town.an.memberships.all().delete()
    assert [t for t in tasks(colleague, town, owner) if t.title == "Spraakwater nv"], "nobody's work gets lost"
    acts.give_time(questionnaire=held, due=in_days(5), by=town.an)
    assert not [t for t in tasks(colleague, town, owner) if t.title == "Spraakwater nv"]


def test_answers_to_look_at_are_a_task(town, sent):
    found = [t for t in tasks(town.an, town, MemberRole.APPLICATION_OWNER) if t.title == "Spraakwater nv"]
    assert "bekijken" in found[0].kind[Language.NL] and found[0].due is None


def test_who_may_not_ask_sees_no_buttons(town, sent, as_):
    shown = as_(town.fons).get(inside(town, sent)).content.decode()
    assert "1,2" in shown and "overnemen/" not in shown and "intrekken/" not in shown and "opnieuw/" not in shown


def test_another_organisation_finds_nothing(town, sent, dirk, as_):
    for place in ("", "overnemen/", "antwoorden/tru-rob-4/", "link/", "documenten/1/"):
        assert as_(dirk).post(inside(town, sent, place)).status_code == 404
    own = applications.register(organisation=dirk.memberships.get().organisation, card=card("Gemeente Elders"), by=dirk)
    assert as_(dirk).get(f"/werk/elders/toepassingen/{own.slug}/leveranciers/{sent.pk}/").status_code == 404


def test_lists_ask_the_database_as_often_for_many_as_for_one(
    town, asked, as_, django_assert_num_queries, django_assert_max_num_queries
):
    place = "/werk/voorbeeld/toepassingen/meldingen/leveranciers/"
    browser = as_(town.an)
    browser.get(place)
    with django_assert_max_num_queries(30) as counted:
        browser.get(place)
    for n in range(10):
        acts.ask(application=town.application, supplier=f"L{n}", keys=KEYS, due=in_days(7), by=town.an)
    with django_assert_num_queries(len(counted)):
        browser.get(place)
