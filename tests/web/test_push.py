"""A pipeline measures where the data are, and pushes the figures to a real site."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone

from conftest import card
from vangrail.cards.folder import digest
from vangrail.web.api.models import Token
from vangrail.web.applications import acts, assessing

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


def push(folder: Path, address: str, token: str = "") -> subprocess.CompletedProcess:
    """Run it as a pipeline would."""
    return subprocess.run(
        [sys.executable, "-m", "vangrail", "assess", str(folder), "--push", address],
        env={**os.environ, "VANGRAIL_TOKEN": token},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.django_db(transaction=True)
def test_the_figures_arrive_and_the_rows_do_not(town, live_server, tmp_path):
    folder = tmp_path / "meldingen"
    folder.mkdir()
    (folder / "card.yaml").write_text(CARD, encoding="utf-8")
    (folder / "log.csv").write_text("id,wijk\n" + "\n".join(f"{i},geheim-{i}" for i in range(60)), encoding="utf-8")
    with_data = card(datasets={"log": {"source": "log.csv", "key": ["id"], "columns": {"id": {}}}})
    acts.declare(application=town.application, card=with_data, by=town.an)
    assert town.application.version.digest == digest(with_data.model_dump(mode="json", exclude_defaults=True))
    _, token = Token.issue(application=town.application, name="nacht", by=town.an)

    done = push(folder, live_server.url, token)
    assert done.returncode in (0, 1, 2), done.stderr
    assert "/werk/voorbeeld/toepassingen/meldingen/" in done.stdout
    assert assessing.assess(town.application, on=timezone.localdate()).board.line("dat-5").verdict == "met"
    assert "geheim" not in str(list(town.application.evidencetakens.values()))

    for address, word in (
        (live_server.url, "no token"),
        ("http://voorbeeld.be", "https"),
        ("http://localhost:9", "reached"),
    ):
        done = push(folder, address, "" if word == "no token" else token)
        assert done.returncode == 3 and word in done.stderr and "Traceback" not in done.stderr
    done = push(folder, live_server.url, "vgr_verkeerd")
    assert done.returncode == 3 and "401" in done.stderr
