"""A model file runs in a process of its own: what it does there, stays there. Real files, made here."""

import os
import time
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from skops import io as skops

from vangrail.model.card import Model
from vangrail.model.errors import OutOfReach, VangrailError
from vangrail.model.vocabulary import Language
from vangrail.predictors import open_predictor, own_process

X = np.random.default_rng(1).random((200, 3))
Y = (X[:, 0] > 0.5).astype(int)
ROWS = {"a": list(X[:20, 0]), "b": list(X[:20, 1]), "c": list(X[:20, 2])}


def opened(tmp_path, model, *, environment=None, inputs=("a", "b", "c")):
    name = "m.skops" if hasattr(model, "predict") else "m.onnx"
    content = skops.dumps(model) if name == "m.skops" else model.SerializeToString()
    (tmp_path / name).write_bytes(content)
    card = Model(name="m", source=name, inputs=inputs)
    return open_predictor(card, folder=tmp_path, environment=environment or {})


def graph(nodes, *weights):
    """A computation that takes the three columns as X and gives Y."""
    inputs, outputs = (
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, [None, w])] for n, w in (("X", 3), ("Y", 1))
    )
    made = helper.make_graph(nodes, "g", inputs, outputs, list(weights))
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


def mean():
    """The mean of a row, which is yes from a half."""
    last = numpy_helper.from_array(np.array([1]), "last")
    return graph([helper.make_node("ReduceMean", ["X", "last"], ["Y"], keepdims=1)], last)


def endless():
    """A loop of 2^62 rounds."""
    value = helper.make_tensor_value_info
    body = helper.make_graph(
        [helper.make_node("Identity", ["c"], ["c2"]), helper.make_node("Add", ["v", "v"], ["v2"])],
        "body",
        [value("i", TensorProto.INT64, []), value("c", TensorProto.BOOL, []), value("v", TensorProto.FLOAT, [])],
        [value("c2", TensorProto.BOOL, []), value("v2", TensorProto.FLOAT, [])],
    )
    nodes = [
        helper.make_node("ReduceMean", ["X", "last"], ["mean"], keepdims=1),
        helper.make_node("ReduceMean", ["X"], ["start"], keepdims=0),
        helper.make_node("Loop", ["times", "go", "start"], ["end"], body=body),
        helper.make_node("Mul", ["mean", "end"], ["Y"]),
    ]
    weights = {"last": np.array([1]), "times": np.array(2**62), "go": np.array(True)}
    return graph(nodes, *(numpy_helper.from_array(v, n) for n, v in weights.items()))


def hungry():
    """Each row takes 4 GB."""
    nodes = [
        helper.make_node("ReduceMean", ["X", "last"], ["m"], keepdims=1),
        helper.make_node("Expand", ["m", "wide"], ["w"]),
        helper.make_node("Exp", ["w"], ["e"]),
        helper.make_node("ReduceMean", ["e", "last"], ["Y"], keepdims=1),
    ]
    weights = {"last": np.array([1]), "wide": np.array([1, 1_000_000_000])}
    return graph(nodes, *(numpy_helper.from_array(v, n) for n, v in weights.items()))


def tampered():
    """Boosted trees that split by category, of categories far outside the list of them."""
    model = HistGradientBoostingClassifier(max_iter=2).fit(X, Y)
    for trees in model._predictors:
        nodes = trees[0].nodes
        inner = nodes["is_leaf"] == 0
        nodes["is_categorical"][inner], nodes["bitset_idx"][inner] = 1, 2**31
    return model


def test_it_says_what_the_model_says(tmp_path):
    model = LogisticRegression().fit(X, Y)
    with opened(tmp_path, model) as predictor:
        found = predictor.predict(ROWS)
    assert found.answered.all()
    assert list(found.score) == pytest.approx(model.predict_proba(X[:20])[:, 1], abs=1e-12)
    assert found.advice.tolist() == model.predict(X[:20]).astype(bool).tolist()


def test_what_a_user_can_solve_comes_back_in_both_languages(tmp_path):
    with (
        opened(tmp_path, mean(), inputs=("a", "b")) as predictor,
        pytest.raises(VangrailError, match="takes 3 inputs, and the card gives it 2") as raised,
    ):
        predictor.predict(ROWS)
    assert "vraagt 3 gegevens" in raised.value.told(Language.NL)


def test_a_loop_that_never_ends_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(own_process, "SECONDS", 0.5)
    with opened(tmp_path, endless()) as predictor:
        for _ in range(2):  # and no more is asked of it
            with pytest.raises(OutOfReach, match=r"did not answer within 0\.5 seconds"):
                predictor.predict(ROWS)


def test_a_model_that_eats_memory_gets_none(tmp_path, monkeypatch):
    monkeypatch.setattr(own_process, "MOST_MEMORY", 3_000_000_000)
    with opened(tmp_path, hungry()) as predictor, pytest.raises(VangrailError, match="more than 3 GB of memory"):
        predictor.predict(ROWS)


@pytest.mark.filterwarnings("ignore")
def test_a_file_that_crashes_what_reads_it_does_not_take_the_rest_along(tmp_path):
    with pytest.raises(VangrailError, match="broke down"), opened(tmp_path, tampered()) as predictor:
        predictor.predict(ROWS)


def test_it_has_no_environment_so_no_secret_to_lose(tmp_path):
    secrets = {"STEUN_KEY": "geheim", "PATH": os.environ["PATH"]}
    with opened(tmp_path, mean(), environment=secrets) as predictor:
        there = Path(f"/proc/{predictor._process.pid}")
        got, limits = (there / "environ").read_bytes(), (there / "limits").read_text()
    assert b"geheim" not in got and b"PATH=" in got
    assert str(own_process.MOST_MEMORY) in limits


def test_it_ends_with_whoever_opened_it(tmp_path):
    with opened(tmp_path, mean()) as predictor:
        process = predictor._process
        assert process.poll() is None
    time.sleep(0.1)
    assert process.poll() is not None


@pytest.mark.parametrize("said", [b"hallo\n", b"[]\n", b'{"rows": 1}\n', b"null\nkort", b"", b'{"what": 1}\n'])
def test_an_answer_that_is_none_is_not_believed(tmp_path, said):
    with opened(tmp_path, mean()) as predictor:
        other, to = os.pipe()
        os.write(to, said)
        os.close(to)
        predictor._process.stdout.close()
        predictor._process.stdout = os.fdopen(other, "rb")
        with pytest.raises(VangrailError, match="broke down"):
            predictor.predict(ROWS)
