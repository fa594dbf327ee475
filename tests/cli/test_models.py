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


def test_a_pickle_on_the_card_ends_with_the_reason(folder):
    (folder / "model.pkl").write_bytes(b"")
    (folder / "card.yaml").write_text(CARD.replace("model.onnx", "model.pkl"), encoding="utf-8")
    done = vangrail("assess", folder, check=3)
    assert "pickle" in done.stderr and "skops" in done.stderr


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
    assert done.returncode in (1, 2) and "instruction leak" in explained and "spelled" in explained
    told = vangrail("explain", "tru-trans-1", tmp_path, env={"CHAT": chat}).stdout
    assert "Does the first answer tell that it is AI, wegwijs: 0" in told
    gone = vangrail("assess", tmp_path, check=3)
    assert "'CHAT' holds no address" in gone.stderr
