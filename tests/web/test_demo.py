"""The demo shows what Vangrail is about: every role, and applications in each of the states that need a person."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from django.test import Client

from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import MemberRole, Phase
from vangrail.web import demo
from vangrail.web.applications.assessing import card_of
from vangrail.web.applications.models import Application
from vangrail.web.decisions.models import Stop
from vangrail.web.organisations.models import Membership, Organisation
from vangrail.web.suppliers.example import DEMO_LINK

pytestmark = pytest.mark.django_db(transaction=True)


def verdicts(slug):
    found = Application.everywhere.get(slug=slug).assessed.content["requirements"]
    return {r["id"]: r["verdict"] for r in found}


def test_everything_that_the_demo_promises(settings):
    settings.DEMO = True
    demo.fill()
    phases = {str(a): card_of(a).phase for a in Application.everywhere.all()}

    # A municipality with its OCMW, and a second municipality; people in every role.
    assert {"gemeente-zavelbeke", "ocmw-zavelbeke", "gemeente-ter-duinen-aan-de-vaart"} <= {
        p.split("/")[0] for p in phases
    }
    assert {role for m in Membership.objects.all() for role in m.held} == set(MemberRole)

    # An idea, one that is retired, and one that somebody stopped.
    assert phases["gemeente-ter-duinen-aan-de-vaart/leesbrief"] is Phase.IDEA
    assert phases["ocmw-zavelbeke/gesprekstolk"] is Phase.RETIRE
    assert [str(s.application) for s in Stop.objects.all()] == [
        "gemeente-ter-duinen-aan-de-vaart/advies-over-bewonerskaarten"
    ]

    # Blocked at a gate: what was measured, the advice, and the reasons of a named person.
    roads = Application.everywhere.get(slug="weginspecties")
    refused = roads.decisions.get()
    assert (
        refused.outcome == "refused"
        and "tru-rob-1" in refused.reasons
        and verdicts("weginspecties")["tru-rob-1"] == "not_met"
    )

    # In use, and the data changed after they were measured.
    assert phases["gemeente-zavelbeke/watermeters"] is Phase.OPERATE
    assert {"dat-1", "dat-3", "tru-rob-1"} <= {k for k, v in verdicts("watermeters").items() if v == "expired"}

    # Contested: what an objection is about, is open again.
    contested = Application.everywhere.get(slug="ocmw-steunaanvragen")
    assert contested.cases.filter(kind="objection", closed_at=None).count() == 2

    # A supplier in each state, and one whose place a visitor can take.
    states = {(q.is_late, q.waits_for_us) for a in Application.everywhere.all() for q in a.questionnaires.all()}
    assert states == {(True, False), (False, True), (False, False)}
    visitor = Client()
    page = visitor.get(f"/leverancier/{DEMO_LINK}/").content.decode()
    assert "Gemeente Zavelbeke heeft vragen" in page and "beslisser" in page, "the switcher says who somebody is"

    # A second start goes on with it.
    before = Application.everywhere.count()
    demo.fill()
    assert Application.everywhere.count() == before


def test_ctrl_c_leaves_nothing_behind(tmp_path):
    """One command to look around, outside of any checkout; one key to end it, and the folder is gone."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("VANGRAIL_", "DJANGO_"))}
    demo_ = subprocess.Popen(
        [sys.executable, "-m", "vangrail", "demo", "--port", str(port)],
        cwd=tmp_path,
        env=environment | {"TMPDIR": str(tmp_path)},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 240
        while time.monotonic() < until:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://localhost:{port}/health") as answer:
                assert answer.status == 200
                break
            time.sleep(0.5)
        assert list(tmp_path.glob("vangrail-demo-*"))
        os.killpg(demo_.pid, signal.SIGINT)
        assert demo_.wait(timeout=60) == 0
        assert not list(tmp_path.iterdir())
    finally:
        if demo_.poll() is None:
            os.killpg(demo_.pid, signal.SIGKILL)


def test_an_installation_that_is_no_demo_is_never_shown_as_one(settings):
    """In a demo everybody can take everybody's place."""
    Organisation.objects.create(slug="echt", name="Gemeente Echt", kind="municipality")
    with pytest.raises(VangrailError, match="this is no demo"):
        demo.fill()
