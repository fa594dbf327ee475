"""`vangrail case`: one case explained, from a model in a file, and nothing of it written down."""

import json

import numpy as np
import pytest
from helping import CARD, application, vangrail

MODEL = """
models:
  - name: advies
    source: model.skops
    inputs: [age, visits]
    can_change: {visits: {direction: down}}
"""


@pytest.fixture
def folder(tmp_path):
    """A model that says yes to whoever comes often; yes is unfavourable here."""
    skops = pytest.importorskip("skops.io")
    from sklearn.linear_model import LogisticRegression

    made = application(tmp_path / "a", card=CARD.replace("favourable: yes", "favourable: no") + MODEL, data=rows())
    x = np.array([[20 + i % 60, i % 9] for i in range(400)], float)
    skops.dump(LogisticRegression().fit(x, x[:, 1] > 4), made / "model.skops")
    return made


def rows():
    lines = ["id;sex;age;visits;advice;outcome"]
    lines += [f"{i};{'MV'[i % 2]};{20 + i % 60};{i % 9};{'yes' if i % 9 > 4 else 'no'};no" for i in range(400)]
    return "\n".join(lines) + "\n"


def case(folder, **values):
    path = folder / "case.json"
    path.write_text(json.dumps(values), encoding="utf-8")
    return path


def test_a_case_is_explained_and_nothing_is_written(folder):
    before = sorted(p.name for p in folder.iterdir())
    said = vangrail("case", folder, case(folder, age=30, visits=6), "--lang", "nl", check=0).stdout
    assert "ongunstig advies" in said
    assert "visits 6 (" in said and "Met visits 4 in plaats van 6 was het advies gunstig geweest." in said
    assert sorted(p.name for p in folder.iterdir()) == sorted([*before, "case.json"])


def test_for_machines(folder):
    found = json.loads(vangrail("case", folder, case(folder, age=30, visits=6), "--format", "json", check=0).stdout)
    assert found["favourable"] is False and found["ways"] == [{"visits": 4}]


def test_what_is_wrong_is_said_without_a_value(folder):
    done = vangrail("case", folder, case(folder, age="geheim", visits=1), check=3)
    assert "'age' is no integer" in done.stderr and "geheim" not in done.stdout + done.stderr
    assert "lacks: visits" in vangrail("case", folder, case(folder, age=1), check=3).stderr
    assert "--model" in vangrail("case", folder, case(folder, age=1), "--model", "x", check=3).stderr
    (folder / "case.json").write_text("geheim", encoding="utf-8")
    done = vangrail("case", folder, folder / "case.json", check=3)
    assert "no JSON" in done.stderr and "geheim" not in done.stderr
