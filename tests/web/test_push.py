"""A pipeline measures where the data are, and pushes the figures to a real site."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.utils import timezone

from conftest import card
from vangrail.cards.folder import digest
from vangrail.web.api.models import Token
from vangrail.web.applications import acts, assessing
from vangrail.web.applications.models import EvidenceTaken

CARD = """
vangrail: 1
id: meldingen
name: Meldingen
organisation: {name: Gemeente Voorbeeld, kind: municipality}
phase: idea
people: {application_owner: {name: An}, dpo: {name: Bram}, decider: {name: Els}}
purpose: {text: Meldingen naar de juiste dienst sturen.}
datasets: {log: {source: log.csv, key: [id], columns: {id: {}}}}
"""


def push(folder: Path, address: str, token: str, *options: str) -> subprocess.CompletedProcess:
    """Run it as a pipeline would."""
    return subprocess.run(
        [sys.executable, "-m", "vangrail", "assess", str(folder), "--push", address, *options],
        env={**os.environ, "VANGRAIL_TOKEN": token},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def folder(tmp_path):
    """Where the pipeline has the data: rows that nobody else may see."""
    made = tmp_path / "meldingen"
    made.mkdir()
    (made / "card.yaml").write_text(CARD, encoding="utf-8")
    (made / "log.csv").write_text("id,wijk\n" + "\n".join(f"{i},geheim-{i}" for i in range(60)), encoding="utf-8")
    return made


@pytest.fixture
def token(town):
    """Of the application, whose card on the site is that of the pipeline."""
    with_data = card(datasets={"log": {"source": "log.csv", "key": ["id"], "columns": {"id": {}}}})
    acts.declare(application=town.application, card=with_data, by=town.an)
    assert town.application.version.digest == digest(with_data.model_dump(mode="json", exclude_defaults=True))
    return Token.issue(application=town.application, name="nacht", by=town.an)[1]


@pytest.mark.django_db(transaction=True)
def test_the_figures_arrive_once_and_the_rows_do_not(town, live_server, folder, token):
    done = push(folder, live_server.url, token)
    assert done.returncode in (0, 1, 2), done.stderr
    assert "/werk/voorbeeld/toepassingen/meldingen/" in done.stdout and "waarvan 0 nieuw" not in done.stdout
    assert assessing.assess(town.application, on=timezone.localdate()).board.line("dat-5").verdict == "met"
    assert "geheim" not in str(list(town.application.evidencetakens.values()))
    assert "waarvan 0 nieuw" in push(folder, f"{live_server.url}/", token).stdout, "the same figures are no news"
    done = push(folder, live_server.url, token, "--format", "json")
    assert json.loads(done.stdout)["vangrail"] == "assessment/1" and "waarvan 0 nieuw" in done.stderr


@pytest.mark.django_db(transaction=True)
def test_what_the_site_refuses_is_said_with_why(town, live_server, folder, token):
    other = acts.register(organisation=town.organisation, card=card(id="anders", name="Anders"), by=town.an)
    _, of_other = Token.issue(application=other, name="nacht", by=town.an)
    for shown, word in (("vgr_verkeerd", "401"), (of_other, "of another application: 'anders'")):
        done = push(folder, live_server.url, shown)
        assert done.returncode == 3 and word in done.stderr and "Traceback" not in done.stderr
    acts.declare(application=town.application, card=card(summary="Sindsdien veranderd."), by=town.an)
    done = push(folder, live_server.url, token)
    assert done.returncode == 3 and "not the card on the site" in done.stderr
    assert not EvidenceTaken.objects.exists()


@pytest.mark.parametrize(
    ("address", "token", "word"), [("https://voorbeeld.be", "", "no token"), ("http://voorbeeld.be", "vgr_x", "https")]
)
def test_what_can_be_known_beforehand_is_said_before_measuring(folder, address, token, word):
    done = push(folder, address, token)
    assert done.returncode == 3 and word in done.stderr and not done.stdout
    assert not (folder / ".vangrail").exists()


def test_a_site_that_is_down_or_is_none_is_said_and_the_figures_are_in_the_ledger(folder):
    class NoSite(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"[]")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), NoSite)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for port in (server.server_port, 9):
        done = push(folder, f"http://localhost:{port}", "vgr_x")
        assert done.returncode == 3 and "could not be reached, or is no site of Vangrail" in done.stderr
        assert "Traceback" not in done.stderr and (folder / ".vangrail").exists()
    server.shutdown()
    server.server_close()
