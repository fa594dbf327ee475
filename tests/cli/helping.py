"""Runs the command line as a user does: in a process of its own, in a folder of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

CARD = """\
vangrail: 1
id: steun
name: Steunaanvragen
phase: operate
organisation: {name: Gemeente Zavelbeke}
purpose: {text: "aanvragen kiezen voor nazicht"}
people:
  decider: {name: An Peeters}
datasets:
  log:
    source: log.csv
    key: [id]
    columns:
      age: {type: integer, at_least: 18, at_most: 120}
decision_log:
  dataset: log
  advice: {column: advice, positive: yes}
  favourable: yes
  outcome: {column: outcome, positive: yes}
  protected:
    - {column: sex, reference: M}
"""


def rows(number=400):
    """Half of the men and a quarter of the women get the advice yes."""
    lines = ["id;sex;age;advice;outcome"]
    for i in range(number):
        sex = "MV"[i % 2]
        advice = "yes" if i % (4 if sex == "M" else 8) < 2 and (sex == "M" or i % 8 < 2) else "no"
        lines.append(f"{i};{sex};{20 + i % 60};{advice};{'yes' if i % 3 else 'no'}")
    return "\n".join(lines) + "\n"


def application(folder: Path, card: str = CARD, data: str | None = None) -> Path:
    """A folder with a card and a decision log."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "card.yaml").write_text(card, encoding="utf-8")
    (folder / "log.csv").write_text(rows() if data is None else data, encoding="utf-8")
    return folder


def vangrail(*arguments, cwd=None, check=None, env=None):
    """Run it. Returns the finished process, with text output."""
    done = subprocess.run(
        [sys.executable, "-m", "vangrail", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, "VANGRAIL_LANG": "en", "COLUMNS": "160"} | (env or {}),
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    if check is not None:
        assert done.returncode == check, done.stdout + done.stderr
    return done


def assessed(folder, *more, code=None):
    """The assessment as JSON, by requirement id."""
    found = json.loads(vangrail("assess", folder, "--format", "json", *more, check=code).stdout)
    return {r["id"]: r for r in found["requirements"]}, found
