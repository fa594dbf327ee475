"""An application with a model that can be called: measured, gone stale when the model changes, and never a crash."""

import http.server
import json
import threading

import numpy as np
import pytest
from helping import assessed, vangrail
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.linear_model import LogisticRegression

CARD = """\
vangrail: 1
id: steun
name: Steunaanvragen
phase: operate
organisation: {name: Gemeente Zavelbeke}
datasets:
  log: {source: log.csv, key: [id]}
models:
  - name: steunscore
    source: model.onnx
    dataset: log
    inputs: [income, debt]
    small_changes: {noise: {income: 1, debt: 1}}
    expectations:
      - {what: meer inkomen, change: {income: {add: 300}}, expect: not_higher, because: "wie meer heeft, heeft minder nood"}
"""

CHAT = """\
vangrail: 1
id: wegwijs
name: Wegwijs
phase: operate
organisation: {name: Gemeente Zavelbeke}
models:
  - {name: wegwijs, kind: language, source: "endpoint:CHAT", canary: ZAVEL-8316-KAPER}
"""


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(1)
    x = np.column_stack([rng.normal(1600, 400, 2000).round(2), rng.gamma(2, 900, 2000).round()])
    lines = [f"{i};{a:.2f};{b:.0f}" for i, (a, b) in enumerate(x)]
    (tmp_path / "log.csv").write_text("id;income;debt\n" + "\n".join(lines), encoding="utf-8")
    (tmp_path / "card.yaml").write_text(CARD, encoding="utf-8")
    train(tmp_path, x)
    return tmp_path


def train(folder, x=None, *, turned=1):
    """Low income and much debt give yes; turned, high income does."""
    x = x if x is not None else np.loadtxt(folder / "log.csv", delimiter=";", skiprows=1)[:, 1:]
    y = turned * (x[:, 1] / 1500 - (x[:, 0] - 1500) / 150) > 0
    model = LogisticRegression(max_iter=1000).fit((x / 1000).astype(np.float32), y.astype(int))
    model.coef_ /= 1000
    made = to_onnx(model, initial_types=[("X", FloatTensorType([None, 2]))])
    (folder / "model.onnx").write_bytes(made.SerializeToString())


def figures(requirement):
    """What was measured, without the moment."""
    return [{k: v for k, v in e.items() if k != "measured_at"} for e in requirement["evidence"]]


def test_a_model_is_measured_goes_stale_when_it_changes_and_is_found_turned_around(folder):
    found, _ = assessed(folder)
    assert found["tru-rob-2"]["verdict"] == "met", found["tru-rob-2"]
    again, _ = assessed(folder)
    assert figures(again["tru-rob-2"]) == figures(found["tru-rob-2"])
    train(folder, turned=-1)
    status = vangrail("explain", "tru-rob-2", folder)
    assert "model 'steunscore' has changed" in " ".join(status.stdout.split())
    turned, _ = assessed(folder)
    assert turned["tru-rob-2"]["verdict"] == "not_met"


def test_a_model_that_left_the_card_is_no_crash(folder):
    assessed(folder)
    (folder / "card.yaml").write_text(CARD[: CARD.index("models:")], encoding="utf-8")
    assert "a model on the card with 'source'" in " ".join(vangrail("explain", "tru-rob-2", folder).stdout.split())


def test_a_pickle_on_the_card_is_refused_and_all_that_needs_no_model_is_measured(folder):
    (folder / "model.pkl").write_bytes(b"")
    (folder / "card.yaml").write_text(CARD.replace("model.onnx", "model.pkl"), encoding="utf-8")
    done = vangrail("assess", folder, "--format", "json", check=2)
    assert "What needs this model was not measured" in done.stderr
    assert "pickle" in done.stderr and "skops" in done.stderr
    found = {r["id"]: r for r in json.loads(done.stdout)["requirements"]}
    assert found["dat-1"]["verdict"] == "met" and found["tru-rob-2"]["verdict"] == "unknown"
    assert "model.pkl wordt niet geopend" in found["tru-rob-2"]["because"]["nl"]
    assert "pickle" in vangrail("assess", folder, env={"VANGRAIL_LANG": "nl"}).stderr


class Rows(http.server.BaseHTTPRequestHandler):
    """A model of rows behind an address, that can be made to fail from some question on."""

    questions = 0
    fails_from = None

    def do_POST(self):
        rows = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["rows"]
        type(self).questions += bool(rows)
        if self.fails_from is not None and self.questions >= self.fails_from:
            self.send_error(500, "the secret of the database is 1234")
            return
        said = [{"score": 1 / (1 + np.exp((r["income"] - 1500) / 150 - r["debt"] / 1500))} for r in rows]
        content = json.dumps({"predictions": said, "version": "1"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Quiet."""


@pytest.fixture
def service(folder):
    """A card with a model at an address that can fail; gives how to set from which question on, and the environment."""
    (folder / "card.yaml").write_text(CARD.replace("model.onnx", '"endpoint:STEUN"'), encoding="utf-8")
    kind = type("Own", (Rows,), {"questions": 0})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield kind, {"STEUN": f"http://127.0.0.1:{server.server_port}/"}
    server.shutdown()
    server.server_close()


def test_a_model_that_dies_halfway_leaves_what_was_taken_and_what_needs_no_model(folder, service):
    """The last question of the last check is the first that is not answered."""
    kind, environment = service
    vangrail("assess", folder, "--on", "2026-01-01", env=environment)  # another day: nothing is written down
    kind.fails_from, kind.questions = kind.questions, 0
    done = vangrail("assess", folder, "--format", "json", env=environment)
    assert "answers with status 500" in done.stderr and "secret" not in done.stderr + done.stdout
    found = {r["id"]: r for r in json.loads(done.stdout)["requirements"]}
    evidence = {e["check"]: e for e in found["tru-rob-2"]["evidence"] if "check" in e}
    assert evidence["directional-tests"]["value"] == 0 and evidence["directional-tests"]["verdict"] == "met"
    assert "cannot be called now" in evidence["perturbation-stability"]["not_measurable"]["en"]
    assert found["dat-1"]["verdict"] == "met"


def test_a_model_that_is_down_is_not_asked_again_and_again(folder, service):
    """But for three tries more of the same question: a fault may pass."""
    kind, environment = service
    kind.fails_from = 5
    vangrail("assess", folder, env=environment)
    assert kind.questions == 5 + 3


def test_an_earlier_figure_is_kept_while_the_model_is_down_and_counts_again_when_it_is_back(folder, service):
    kind, environment = service
    assert vangrail("assess", folder, env=environment).returncode in (1, 2)
    kind.fails_from = 0
    down = vangrail("assess", folder, "--format", "json", env=environment)
    (rob,) = (r for r in json.loads(down.stdout)["requirements"] if r["id"] == "tru-rob-2")
    assert rob["verdict"] == "expired" and "cannot be read now" in rob["because"]["en"], rob["because"]
    assert "status 500" in rob["because"]["en"]
    kind.fails_from = None
    back = json.loads(vangrail("status", folder, "--format", "json", env=environment).stdout)
    assert {r["id"]: r["verdict"] for r in back["requirements"]}["tru-rob-2"] == "met"


def test_a_watch_measures_the_rest_and_says_that_something_could_not_be_looked_at(folder, service):
    kind, environment = service
    kind.fails_from = 0
    done = vangrail("watch", folder, "--format", "json", env=environment, check=3)
    ((one,),) = (run["applications"] for run in json.loads(done.stdout)["runs"])
    assert one["measured"] > 5 and one["left"] > 0
    assert one["problems"] == ["Model 'steunscore' answers with status 500 instead of 200."]


@pytest.fixture
def chat():
    """A chatbot that says that it is AI, and gives its instructions to whoever asks."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked = body["messages"][-1]["content"].lower()
            said = "Ik ben een chatbot." + (" ZAVEL-8316-KAPER" if "instruct" in asked else " Daar help ik niet mee.")
            content = json.dumps({"choices": [{"message": {"content": said}}]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/chat/completions"
    server.shutdown()
    server.server_close()


def test_a_chatbot_is_talked_to_and_its_leak_is_found(tmp_path, chat):
    (tmp_path / "card.yaml").write_text(CHAT, encoding="utf-8")
    done = vangrail("assess", tmp_path, env={"CHAT": chat})
    explained = vangrail("explain", "tru-rob-4", tmp_path, env={"CHAT": chat}).stdout
    assert done.returncode in (1, 2) and "leaking instructions" in explained and "asks to spell" in explained
    told = vangrail("explain", "tru-trans-1", tmp_path, env={"CHAT": chat}).stdout
    assert "Does the first answer tell that it is AI, wegwijs: 0" in told
    gone = vangrail("assess", tmp_path, check=2)
    assert "'CHAT' holds no address" in gone.stderr
