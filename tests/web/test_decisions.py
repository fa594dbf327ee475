"""A named person decides at a gate, with reasons and a second pair of eyes; anyone who may can stop the application."""

import pytest
from django.utils import timezone

from conftest import card, second_factor
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import GateOutcome, Role
from vangrail.web.applications import acts as applications
from vangrail.web.applications.models import CardVersion, Decision, Outbox
from vangrail.web.decisions import acts
from vangrail.web.decisions.models import Stop

pytestmark = pytest.mark.django_db

REASONS = "Het nut is duidelijk en de risico's zijn klein."


def decide(town, who, outcome=GateOutcome.OPENED, role=Role.DECIDER, reasons=REASONS):
    """Someone decides about the first gate."""
    return acts.decide(application=town.application, outcome=outcome, by=who, role=role, reasons=reasons)


def test_a_gate_that_is_opened_moves_the_phase_and_goes_to_the_ledger(town):
    decide(town, town.els)
    assert town.application.version.content["phase"] == "design"
    leaf = Outbox.objects.get(kind="gate_decided")
    assert leaf.body["outcome"] == "opened" and leaf.body["verdicts"]
    assert "Els" not in str(leaf.body) and leaf.private["by"] == "Els"


def test_a_gate_that_is_kept_shut_changes_nothing_but_is_written_down(town):
    decide(town, town.els, GateOutcome.REFUSED)
    assert town.application.version.content["phase"] == "idea"
    assert Decision.objects.get().outcome == "refused"


def test_only_who_the_card_names_decides(town):
    with pytest.raises(VangrailError, match="does not name 'Fons'"):
        decide(town, town.fons)


@pytest.mark.parametrize("reasons", ["", "ok", "  ja  "])
def test_without_reasons_nothing_is_decided(town, reasons):
    with pytest.raises(VangrailError, match="reasons"):
        decide(town, town.els, reasons=reasons)
    assert not Decision.objects.exists() and CardVersion.objects.count() == 1


def test_required_advice_must_be_there_and_not_be_older_than_the_card(town):
    town.organisation.advice_required = ["dpo"]
    town.organisation.save()
    town.application.refresh_from_db()
    with pytest.raises(VangrailError, match="data protection officer"):
        decide(town, town.els)
    acts.advise(application=town.application, by=town.bram, role=Role.DPO, favourable=True, text=REASONS)
    applications.declare(application=town.application, card=card(summary="Iets anders."), by=town.an)
    with pytest.raises(VangrailError, match="older than the card"):
        decide(town, town.els)
    acts.advise(application=town.application, by=town.bram, role=Role.DPO, favourable=False, text=REASONS)
    assert decide(town, town.els), "unfavourable advice informs; it does not decide"


def test_keeping_it_shut_needs_no_advice(town):
    town.organisation.advice_required = ["dpo"]
    town.organisation.save()
    town.application.refresh_from_db()
    assert decide(town, town.els, GateOutcome.REFUSED)


def test_who_decides_cannot_be_the_only_adviser(town):
    acts.advise(application=town.application, by=town.els, role=Role.DPO, favourable=True, text=REASONS)
    with pytest.raises(VangrailError, match="person who decides"):
        decide(town, town.els)


def test_stopping_takes_one_reason_and_resuming_a_sentence(town):
    acts.stop(application=town.application, by=town.an, reasons="Fout.")
    assert Stop.is_stopped(town.application)
    with pytest.raises(VangrailError, match="already"):
        acts.stop(application=town.application, by=town.bram, reasons="Fout.")
    with pytest.raises(VangrailError, match="reasons"):
        acts.resume(application=town.application, by=town.an, reasons="ok")
    acts.resume(application=town.application, by=town.an, reasons="De fout is hersteld en getest.")
    assert not Stop.is_stopped(town.application)


def test_what_was_written_is_never_changed(town):
    decision = decide(town, town.els)
    with pytest.raises(TypeError, match="never changed"):
        decision.save()
    with pytest.raises(TypeError, match="never deleted"):
        decision.delete()


def test_the_page_says_why_a_decision_is_refused_and_keeps_what_was_typed(town, as_):
    town.organisation.advice_required = ["dpo"]
    town.organisation.save()
    browser = as_(town.els)
    place = "/werk/voorbeeld/toepassingen/meldingen/poort/"
    sent = {"outcome": "opened", "role": "decider", "reasons": REASONS}
    answer = browser.post(f"{place}beslissing/", sent)
    text = answer.content.decode()
    assert answer.status_code == 200 and "Dit advies ontbreekt" in text and "risico&#x27;s" in text
    town.organisation.advice_required = []
    town.organisation.save()
    assert browser.post(f"{place}beslissing/", sent).status_code == 302
    assert Decision.objects.get().at.date() == timezone.now().date()


def test_a_local_account_signs_in_again_before_it_decides(town, client):
    town.els.set_password("lange zin met woorden")
    town.els.save()
    second_factor(town.els)
    client.force_login(town.els, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(
        "/werk/voorbeeld/toepassingen/meldingen/poort/beslissing/",
        {"outcome": "opened", "role": "decider", "reasons": REASONS},
    )
    assert answer.status_code == 302 and "reauthenticate" in answer["Location"]
    assert not Decision.objects.exists()
