"""Webhooks: told once what happened, signed, without a name, only where they may go; and stopped when nobody listens."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from test_api import measured_elsewhere, push
from test_publishing import PARTS, published

from conftest import card
from vangrail.exports import webhooks
from vangrail.exports.webhooks import Tried
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import CaseKind, DeliveryOutcome, GateOutcome, HookEvent, MemberRole, Role
from vangrail.web.api.models import Token
from vangrail.web.applications import acts as applications
from vangrail.web.applications import assessing
from vangrail.web.hooks import acts, sending
from vangrail.web.hooks.models import Delivery, Hook
from vangrail.web.managing.tasks import tasks_of
from vangrail.web.organisations.members import Member
from vangrail.web.organisations.models import Administered
from vangrail.web.participation import cases
from vangrail.web.publishing import acts as publishing

pytestmark = pytest.mark.django_db
PLACE = "/werk/voorbeeld/beheer/webhooks/"
ADDRESS = "https://hooks.example/vangrail?sleutel=heel-geheim"


@pytest.fixture
def hook(town):
    """An address that wants to know everything."""
    made, _ = acts.register(
        organisation=town.organisation,
        name="Kanaal",
        address=ADDRESS,
        events=[e for e in HookEvent if e is not HookEvent.TEST],
        by=town.gerda,
    )
    return made


@pytest.fixture
def receiver(monkeypatch):
    """Somebody who listens, and answers what the test says; nothing goes over a network."""

    class Receiver:
        got, answers = [], []

        def post(self, body, *, to, **how):
            self.got.append({"to": to, "body": json.loads(body), **how})
            return self.answers.pop(0) if self.answers else Tried(outcome=DeliveryOutcome.ARRIVED, status=204)

    one = Receiver()
    one.got, one.answers = [], []
    monkeypatch.setattr(sending.webhooks, "post", one.post)
    return one


DOWN = Tried(outcome=DeliveryOutcome.FAILED, status=503)
GONE = Tried(outcome=DeliveryOutcome.REFUSED, status=410)
WRONG = Tried(outcome=DeliveryOutcome.REFUSED, status=404)


def told():
    return [d.body for d in Delivery.objects.all()]


def later(hook):
    """As if so much time had gone by."""
    Hook.objects.filter(pk=hook.pk).update(next_at=timezone.now() - timedelta(seconds=1))


# --- what is told ------------------------------------------------------------------------------------------------------
def test_a_decision_at_a_gate_is_told_without_who_and_why(town, hook):
    applications.decide(
        application=town.application,
        outcome=GateOutcome.REFUSED,
        by=town.els,
        role=Role.DECIDER,
        reasons="Els Peeters vindt het te vroeg.",
    )
    (said,) = told()
    assert said["type"] == "gate.decided" and said["timestamp"]
    assert said["data"] == {
        "organisation": "voorbeeld",
        "application": "meldingen",
        "href": "http://localhost/werk/voorbeeld/toepassingen/meldingen/poort/",
        "after": "idea",
        "outcome": "refused",
    }


def test_an_objection_is_told_without_a_word_of_who_objects(town, hook):
    cases.ask(
        application=town.application,
        kind=CaseKind.OBJECTION,
        topic=next(iter(cases.TOPICS)),
        text="Ik ben Chaima en ik ben het er niet mee eens.",
        email="chaima@voorbeeld.example",
        drawn="een formulier",
    )
    (said,) = told()
    assert said["type"] == "case.opened" and said["data"]["kind"] == "objection" and said["data"]["due"]
    assert "haima" not in json.dumps(said)


def test_a_publication_and_a_withdrawal_are_told(town, hook):
    applications.declare(application=town.application, card=card(**PARTS), by=town.an)
    published(town)
    publishing.withdraw(application=town.application, by=town.fons, reasons="Er stond een fout in de tekst.")
    assert [s["type"] for s in told()] == ["application.published", "application.withdrawn"]
    assert "fout" not in json.dumps(told())


def test_stale_evidence_is_told_once(town, hook, client, tmp_path):
    body = measured_elsewhere(town, tmp_path, phase="operate")
    token = Token.issue(application=town.application, name="nacht", by=town.an)[1]
    push(client, body, token)
    assessing.refresh(town.application)
    assert told() == []
    body["fingerprints"]["log"]["content"] = "0" * 64
    assert push(client, body | {"evidence": []}, token).status_code == 201
    assessing.refresh(town.application)
    (said,) = told()
    assert said["type"] == "evidence.stale" and "dat-5" in said["data"]["requirements"]
    assert assessing.assess(town.application, on=timezone.localdate()).board.line("dat-5").verdict == "expired"


def test_only_what_was_asked_is_told_and_only_to_this_organisation(town, dirk):
    for organisation, by in ((town.organisation, town.gerda), (dirk.memberships.get().organisation, dirk)):
        acts.register(organisation=organisation, name="Stil", address=ADDRESS, events=[HookEvent.CASE_OPENED], by=by)
    applications.decide(
        application=town.application,
        outcome=GateOutcome.REFUSED,
        by=town.els,
        role=Role.DECIDER,
        reasons="Te vroeg, zegt ze.",
    )
    assert told() == []


def test_what_is_undone_is_not_told(town, hook):
    with pytest.raises(VangrailError):
        publishing.withdraw(application=town.application, by=town.fons, reasons="Er is niets openbaar.")
    assert told() == [] and not DBTaskResult.objects.exists()


# --- sending -----------------------------------------------------------------------------------------------------------
def test_the_worker_is_asked_and_sends_it_signed(town, hook, receiver):
    delivery = acts.try_out(hook=hook, by=town.gerda)
    assert DBTaskResult.objects.filter(task_path="vangrail.web.hooks.tasks.send").count() == 1 and not receiver.got
    sending.send_waiting(hook.pk)
    (got,) = receiver.got
    assert got["to"] == ADDRESS and got["id_"] == str(delivery.id_sent) and got["key"] == webhooks.key_of(hook.secret)
    assert got["allowed"] is sending.allowed and got["seconds"] == 10
    delivery.refresh_from_db()
    assert (delivery.state, delivery.status, delivery.tries) == ("arrived", 204, 1)
    sending.send_waiting(hook.pk)
    assert len(receiver.got) == 1, "once"


def test_after_a_failure_it_rests_longer_each_time_and_keeps_the_order(town, hook, receiver):
    first, second = (acts.try_out(hook=hook, by=town.gerda) for _ in range(2))
    receiver.answers = [DOWN, DOWN]
    pauses = []
    for _ in range(2):
        sending.send_waiting(hook.pk)
        hook.refresh_from_db()
        pauses.append(round((hook.next_at - timezone.now()).total_seconds() / 60))
        sending.send_waiting(hook.pk)  # it rests
        later(hook)
    assert pauses == [1, 5] and [g["id_"] for g in receiver.got] == [str(first.id_sent)] * 2
    sending.send_waiting(hook.pk)
    assert [g["id_"] for g in receiver.got[2:]] == [str(first.id_sent), str(second.id_sent)]
    hook.refresh_from_db()
    assert hook.failures == 0


def test_what_the_receiver_will_never_take_is_given_up_and_the_next_is_sent(town, hook, receiver):
    for _ in range(2):
        acts.try_out(hook=hook, by=town.gerda)
    receiver.answers = [WRONG]
    sending.send_waiting(hook.pk)
    assert [d.state for d in Delivery.objects.all()] == ["given_up", "arrived"]


def test_in_the_end_it_stops_and_the_administrator_gets_a_task(town, hook, receiver, as_):
    acts.try_out(hook=hook, by=town.gerda)
    receiver.answers = [DOWN] * 20
    for _ in range(20):
        later(hook)
        sending.send_waiting(hook.pk)
    assert len(receiver.got) == sending.MOST_FAILURES
    hook.refresh_from_db()
    assert hook.stopped_at and Delivery.objects.get().state == "given_up"
    members = [
        Member(person=p, organisation=town.organisation, roles=frozenset([r]))
        for p, r in ((town.gerda, MemberRole.ADMINISTRATOR), (town.an, MemberRole.APPLICATION_OWNER))
    ]
    assert ["Kanaal" in str([t.title for t in tasks_of(m)]) for m in members] == [True, False]
    applications.decide(
        application=town.application,
        outcome=GateOutcome.REFUSED,
        by=town.els,
        role=Role.DECIDER,
        reasons="Te vroeg, zegt ze.",
    )
    assert Delivery.objects.count() == 1, "what happens meanwhile is not kept for later"
    receiver.answers = []
    as_(town.gerda).post(f"{PLACE}{hook.pk}/proberen/")
    sending.send_waiting(hook.pk)
    hook.refresh_from_db()
    assert hook.stopped_at is None and Delivery.objects.last().state == "arrived"


def test_a_receiver_that_says_it_is_gone_is_believed(town, hook, receiver):
    acts.try_out(hook=hook, by=town.gerda)
    receiver.answers = [GONE]
    sending.send_waiting(hook.pk)
    hook.refresh_from_db()
    assert hook.stopped_at and hook.failures == 1


def test_two_workers_do_not_send_the_same_at_once(town, hook, receiver):
    """And one that was killed lets go by itself."""
    acts.try_out(hook=hook, by=town.gerda)
    Hook.objects.filter(pk=hook.pk).update(next_at=timezone.now() + sending.HELD)
    sending.send_waiting(hook.pk)
    assert receiver.got == []
    sending.take_up(timezone.now())
    before = DBTaskResult.objects.count()
    sending.take_up(timezone.now() + sending.HELD + timedelta(seconds=1))
    assert DBTaskResult.objects.count() == before + 1


def test_a_secret_key_that_changed_sends_nothing(town, hook, receiver, settings):
    acts.try_out(hook=hook, by=town.gerda)
    settings.SECRET_KEY = "een andere"
    sending.send_waiting(hook.pk)
    assert receiver.got == [] and Delivery.objects.get().outcome == "not_allowed"


def test_messages_are_forgotten_after_thirty_days(town, hook, receiver):
    acts.try_out(hook=hook, by=town.gerda)
    sending.send_waiting(hook.pk)
    acts.try_out(hook=hook, by=town.gerda)
    sending.forget(timezone.now() + timedelta(days=31))
    assert [d.state for d in Delivery.objects.all()] == ["waiting"]


# --- where it may go ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example/",
        "https://",
        "ftp://hooks.example",
        "https://naam:wachtwoord@hooks.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.0.0.8:8443/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://hooks.example:geen/",
        "https://hooks.example/\r\nHost: elders",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_may_not_be_is_refused(town, as_, address):
    page = as_(town.gerda).post(f"{PLACE}nieuw/", {"name": "Kanaal", "address": address, "events": ["gate.decided"]})
    assert page.status_code == 200 and not Hook.objects.exists() and "Kanaal" in page.content.decode()


def test_a_network_inside_can_be_allowed_by_the_installation(town, settings):
    settings.HOOK_NETWORKS = (sending.webhooks.ipaddress.ip_network("10.0.0.0/24"),)
    acts.register(
        organisation=town.organisation,
        name="n",
        address="https://10.0.0.8/",
        events=[HookEvent.PUBLISHED],
        by=town.gerda,
    )
    with pytest.raises(VangrailError, match="inside"):
        acts.register(
            organisation=town.organisation,
            name="n",
            address="https://10.0.1.8/",
            events=[HookEvent.PUBLISHED],
            by=town.gerda,
        )


def test_a_name_that_leads_inside_is_seen_when_it_is_called(town, hook):
    """Without a receiver of ours: the name is really looked up, and nothing is called."""
    Hook.objects.filter(pk=hook.pk).update(sealed_address=acts.secrets.sealed("https://localhost:9/"))
    acts.try_out(hook=hook, by=town.gerda)
    sending.send_waiting(hook.pk)
    assert Delivery.objects.get().outcome == "not_allowed"


# --- the pages ---------------------------------------------------------------------------------------------------------
def test_the_secret_is_shown_once_and_the_address_never_again(town, as_):
    browser = as_(town.gerda)
    made = browser.post(f"{PLACE}nieuw/", {"name": "Kanaal", "address": ADDRESS, "events": ["gate.decided"]})
    hook = Hook.objects.get()
    assert hook.secret in made.content.decode() and made["Cache-Control"] == "no-store"
    assert hook.secret.startswith("whsec_") and len(webhooks.key_of(hook.secret)) == 32
    for page in (PLACE, f"{PLACE}{hook.pk}/", "/werk/voorbeeld/beheer/"):
        text = browser.get(page).content.decode()
        assert hook.secret not in text and "heel-geheim" not in text and "hooks.example" in text
    assert b"heel-geheim" not in bytes(hook.sealed_address) and Administered.objects.filter(act="hooked").exists()


def test_ending_one_forgets_it_and_what_was_told(town, hook, as_):
    acts.try_out(hook=hook, by=town.gerda)
    as_(town.gerda).post(f"{PLACE}{hook.pk}/weg/")
    assert not Hook.objects.exists() and not Delivery.objects.exists()
    assert Administered.objects.filter(act="unhooked", about="Kanaal (hooks.example)").exists()


def test_the_log_says_what_came_of_it(town, hook, receiver, as_):
    receiver.answers = [DOWN]
    acts.try_out(hook=hook, by=town.gerda)
    sending.send_waiting(hook.pk)
    browser = as_(town.gerda)
    text = browser.get(f"{PLACE}{hook.pk}/").content.decode()
    assert "503" in text and "wordt opnieuw geprobeerd" in text and "hx-get" in text
    part = browser.get(f"{PLACE}{hook.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert part.startswith("<div") and "503" in part


def test_another_municipality_cannot_reach_it(town, hook, dirk, as_):
    assert as_(dirk).get(f"/werk/elders/beheer/webhooks/{hook.pk}/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_hooks(town, hook, as_, django_assert_max_num_queries):
    browser = as_(town.gerda)
    browser.get(PLACE)
    for n in range(12):
        acts.register(
            organisation=town.organisation, name=f"n{n}", address=ADDRESS, events=[HookEvent.PUBLISHED], by=town.gerda
        )
        acts.try_out(hook=hook, by=town.gerda)
    with django_assert_max_num_queries(9):
        browser.get(PLACE)
    with django_assert_max_num_queries(9):
        browser.get(f"{PLACE}{hook.pk}/")
