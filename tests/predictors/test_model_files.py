"""A model in a file: what goes in, what comes out, and what is refused. Small real models, made here."""

import builtins
import pickle
import sys

import numpy as np
import onnx
import pandas
import pytest
from onnx import TensorProto, helper, numpy_helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import VotingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from skops import io as skops

from vangrail.model.card import Model
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Language
from vangrail.predictors import answering, open_predictor, own_process, skops_file

AGES = [20.0, 35.0, 50.0, 65.0, 80.0] * 20
DISTRICTS = ["noord", "zuid", "oost", "west"] * 25
ROWS = {"age": [20.0, 80.0, None], "district": ["noord", "zuid", None]}


def trained(classes=(0, 1), *, unknown="ignore"):
    """Yes from about 57 years; 'zuid' a little sooner. From a data frame, so it knows its columns by name."""
    data = pandas.DataFrame({"age": AGES, "district": pandas.Series(DISTRICTS, dtype=object)})
    yes = np.array([a > 57 - 5 * (d == "zuid") for a, d in zip(AGES, DISTRICTS, strict=True)])
    both = ColumnTransformer(
        [("number", StandardScaler(), ["age"]), ("text", OneHotEncoder(handle_unknown=unknown), ["district"])]
    )
    return make_pipeline(both, LogisticRegression()).fit(
        data, np.array(classes, dtype=object)[yes.astype(int)].tolist()
    )


def numbers_only():
    """Yes when the two columns together are above 100."""
    x = np.array([[a, b] for a in range(0, 100, 5) for b in range(0, 100, 5)], float)
    return LogisticRegression(C=100).fit(x, (x.sum(axis=1) > 100).astype(int))


def saved(tmp_path, model, **options):
    """The model as an ONNX file with an input per column."""
    types = [("age", FloatTensorType([None, 1])), ("district", StringTensorType([None, 1]))]
    (tmp_path / "m.onnx").write_bytes(to_onnx(model, initial_types=types, **options).SerializeToString())
    return "m.onnx"


def dumped(tmp_path, model):
    skops.dump(model, tmp_path / "m.skops")
    return "m.skops"


def opened(tmp_path, source, **parts):
    return open_predictor(Model(name="m", source=source, **parts), folder=tmp_path, environment={})


def read(tmp_path, source, **parts):
    """The model in a file, in this process: starting another takes a second."""
    return own_process.model_of(
        Model(name="m", source=source, **parts), (tmp_path / source).read_bytes(), where="Model 'm'"
    )


def said(tmp_path, source, rows, **parts):
    return read(tmp_path, source, **parts).predict(rows)


def graph(tmp_path, inputs, outputs, nodes, *weights):
    """An ONNX file from a graph written out."""
    made = helper.make_graph(nodes, "g", inputs, outputs, list(weights))
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    (tmp_path / "g.onnx").write_bytes(model.SerializeToString())
    return "g.onnx"


def tensor(name, kind=TensorProto.FLOAT, shape=(None, 1)):
    return helper.make_tensor_value_info(name, kind, list(shape))


# --- ONNX -------------------------------------------------------------------------------------------------------------


def test_an_onnx_file_says_what_the_model_said_in_scikit_learn(tmp_path):
    model = trained()
    got = said(tmp_path, saved(tmp_path, model), {"age": AGES, "district": DISTRICTS})
    own = pandas.DataFrame({"age": AGES, "district": pandas.Series(DISTRICTS, dtype=object)})
    assert got.answered.all()
    assert got.advice.tolist() == (model.predict(own) == 1).tolist()
    assert got.score == pytest.approx(model.predict_proba(own)[:, 1], abs=1e-5)


def test_classes_with_names_need_to_know_which_is_yes(tmp_path):
    source = saved(tmp_path, trained(("afwijzen", "toekennen")))
    with pytest.raises(VangrailError, match="which of them is yes: 'afwijzen', 'toekennen'"):
        said(tmp_path, source, ROWS)
    with pytest.raises(VangrailError, match="not one of its classes"):
        said(tmp_path, source, ROWS, positive="Toekennen")
    yes = said(tmp_path, source, ROWS, positive="toekennen")
    no = said(tmp_path, source, ROWS, positive="afwijzen")
    assert yes.advice.tolist()[:2] == [False, True] and no.advice.tolist()[:2] == [True, False]
    assert (yes.score + no.score)[:2] == pytest.approx([1, 1], abs=1e-5)


def test_without_zipmap_classes_0_and_1_are_the_columns_and_named_classes_are_refused(tmp_path):
    plain = saved(tmp_path, trained(), options={"zipmap": False})
    assert said(tmp_path, plain, ROWS).advice.tolist()[:2] == [False, True]
    assert said(tmp_path, plain, ROWS, positive=0).score[0] > 0.5
    named = saved(tmp_path, trained(("a", "b")), options={"zipmap": False})
    with pytest.raises(VangrailError, match="without saying of which classes"):
        said(tmp_path, named, ROWS, positive="b")


@pytest.mark.parametrize("positive", [1, 2])
def test_classes_1_and_2_without_names_are_refused_since_column_1_is_of_class_2(tmp_path, positive):
    """As the probability of class 1 went out what was that of class 2; where only class 1 comes out, its figures tell."""
    model = numbers_only()
    model.classes_ = np.array([1, 2])
    made = to_onnx(model, initial_types=[("X", FloatTensorType([None, 2]))], options={"zipmap": False})
    (tmp_path / "m.onnx").write_bytes(made.SerializeToString())
    for low in ([10.0, 90.0] * 10, [10.0] * 20):
        with pytest.raises(VangrailError, match="2 probabilities without saying of which classes"):
            said(tmp_path, "m.onnx", {"a": low, "b": low}, positive=positive)


def test_one_figure_beside_a_label_is_of_class_1(tmp_path):
    nodes = [
        helper.make_node("Cast", ["a"], ["label"], to=TensorProto.INT64),
        helper.make_node("Identity", ["a"], ["y"]),
    ]
    outputs = [tensor("label", TensorProto.INT64), tensor("y")]
    source = graph(tmp_path, [tensor("a")], outputs, nodes)
    assert said(tmp_path, source, {"a": [1.0, 0.0]}, positive=1).score.tolist() == [1, 0]
    with pytest.raises(VangrailError, match="one figure without saying of which class"):
        said(tmp_path, source, {"a": [1.0, 0.0]}, positive=0)


@pytest.mark.parametrize("rows", [1, 3, 7])
def test_a_fixed_number_of_rows_at_a_time(tmp_path, rows):
    made = to_onnx(numbers_only(), initial_types=[("X", FloatTensorType([3, 2]))])
    (tmp_path / "m.onnx").write_bytes(made.SerializeToString())
    got = said(tmp_path, "m.onnx", {"a": [10.0, 90.0] * 4, "b": [20.0, 90.0] * 4})
    assert got.answered.all() and got.advice.tolist() == [False, True] * 4
    few = said(tmp_path, "m.onnx", {"a": [90.0] * rows, "b": [90.0] * rows})
    assert few.advice.tolist() == [True] * rows


def test_one_tensor_takes_the_columns_in_the_order_of_the_card(tmp_path):
    (tmp_path / "m.onnx").write_bytes(
        to_onnx(numbers_only(), initial_types=[("X", FloatTensorType([None, 2]))]).SerializeToString()
    )
    rows = {"a": [10, 90], "b": [20, 90], "c": [0, 0]}
    assert said(tmp_path, "m.onnx", rows, inputs=["a", "b"]).advice.tolist() == [False, True]
    with pytest.raises(VangrailError, match="takes 2 inputs, and the card gives it 3: a, b, c"):
        said(tmp_path, "m.onnx", rows, inputs=["a", "b", "c"])


def test_a_missing_number_is_nan_a_missing_text_is_empty_and_a_missing_whole_number_is_no_answer(tmp_path):
    # NaN through the sum gives NaN: no number, so no answer.
    source = graph(tmp_path, [tensor("a")], [tensor("y")], [helper.make_node("Identity", ["a"], ["y"])])
    got = said(tmp_path, source, {"a": [0.2, None, 0.9]})
    assert got.answered.tolist() == [True, False, True] and got.advice.tolist() == [False, False, True]
    assert not np.isnan(got.score).any()
    # An empty text is a category that the encoder does not know, which it was told to let pass.
    assert said(tmp_path, saved(tmp_path, trained()), {"age": [70.0], "district": [None]}).answered.tolist() == [True]
    whole = graph(
        tmp_path,
        [tensor("n", TensorProto.INT64)],
        [tensor("y")],
        [helper.make_node("Cast", ["n"], ["y"], to=TensorProto.FLOAT)],
    )
    got = said(tmp_path, whole, {"n": [0, None, 1]})
    assert got.answered.tolist() == [True, False, True] and got.advice.tolist() == [False, False, True]


def test_yes_and_no_whole_numbers_and_a_fixed_batch_of_one(tmp_path):
    nodes = [
        helper.make_node("Cast", ["flag"], ["f"], to=TensorProto.FLOAT),
        helper.make_node("Cast", ["n"], ["m"], to=TensorProto.FLOAT),
        helper.make_node("Add", ["f", "m"], ["y"]),
    ]
    inputs = [tensor("flag", TensorProto.BOOL, (1, 1)), tensor("n", TensorProto.INT64, (1, 1))]
    source = graph(tmp_path, inputs, [tensor("y", shape=(1, 1))], nodes)
    got = said(tmp_path, source, {"flag": [True, False, None], "n": [2, 0, 1]}, threshold=3)
    assert got.answered.tolist() == [True, True, False]
    assert got.score.tolist()[:2] == [3, 0] and got.advice.tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("kind", "values", "message"),
    [
        (TensorProto.FLOAT, ["tekst"], "takes a number for 'a'"),
        (TensorProto.INT64, [1.5], "takes whole numbers for 'a'"),
        (TensorProto.BOOL, [1], "takes yes or no for 'a'"),
        (TensorProto.STRING, [1.5], "takes a text for 'a'"),
    ],
)
def test_a_column_of_another_type_is_refused_by_name_and_without_its_values(tmp_path, kind, values, message):
    source = graph(tmp_path, [tensor("a", kind)], [tensor("y", kind)], [helper.make_node("Identity", ["a"], ["y"])])
    with pytest.raises(VangrailError, match=message) as raised:
        said(tmp_path, source, {"a": values}, inputs=["a"])
    assert str(values[0]) not in str(raised.value)


def test_names_of_inputs_that_the_card_does_not_give_are_said(tmp_path):
    source = saved(tmp_path, trained())
    with pytest.raises(VangrailError, match="inputs that the card does not give: district"):
        said(tmp_path, source, {"age": [1.0], "wijk": ["noord"]})
    with pytest.raises(VangrailError, match="does not take what the card lists under 'inputs': extra"):
        said(tmp_path, source, ROWS | {"extra": [1, 2, 3]})


def test_answers_of_the_wrong_length_are_refused(tmp_path):
    axes = numpy_helper.from_array(np.array([0], np.int64), "axes")
    nodes = [helper.make_node("ReduceSum", ["a", "axes"], ["y"], keepdims=1)]
    with pytest.raises(VangrailError, match="gave 1 answers for 3 rows"):
        said(tmp_path, graph(tmp_path, [tensor("a")], [tensor("y")], nodes, axes), {"a": [1.0, 2.0, 3.0]})


def test_weights_in_a_second_file_are_refused_since_a_change_would_not_be_seen(tmp_path, monkeypatch):
    weights = numpy_helper.from_array(np.ones((1, 1), np.float32), "w")
    made = helper.make_graph(
        [helper.make_node("MatMul", ["a", "w"], ["y"])], "g", [tensor("a")], [tensor("y")], [weights]
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.save_model(model, tmp_path / "g.onnx", save_as_external_data=True, location="g.data", size_threshold=0)
    monkeypatch.chdir(tmp_path)  # onnxruntime looks for them in the working directory
    with pytest.raises(VangrailError, match="weights in a second file"):
        said(tmp_path, "g.onnx", {"a": [1.0]})


# --- skops ------------------------------------------------------------------------------------------------------------


def test_a_skops_file_says_what_the_model_said(tmp_path):
    model = trained(("nee", "ja"))
    got = said(tmp_path, dumped(tmp_path, model), {"district": DISTRICTS, "age": AGES}, positive="ja")
    own = pandas.DataFrame({"age": AGES, "district": pandas.Series(DISTRICTS, dtype=object)})
    assert got.advice.tolist() == (model.predict(own) == "ja").tolist()
    assert got.score == pytest.approx(model.predict_proba(own)[:, list(model.classes_).index("ja")], abs=1e-12)


def test_a_model_trained_on_an_array_needs_no_names(tmp_path):
    source = dumped(tmp_path, numbers_only())
    assert said(tmp_path, source, {"a": [10, 90], "b": [20, 90]}).advice.tolist() == [False, True]
    with pytest.raises(VangrailError, match="takes 2 inputs, and the card gives it 1: a"):
        said(tmp_path, source, {"a": [10]})


def test_a_pipeline_that_begins_with_texts_gets_texts(tmp_path):
    texts = ["geen brood", "brood genoeg", "geen werk", "werk genoeg"] * 10
    model = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(texts, [1, 0] * 20)
    got = said(tmp_path, dumped(tmp_path, model), {"remarks": [*texts[:4], None]})
    assert got.advice.tolist() == [True, False, True, False, False]
    assert got.answered.tolist() == [True] * 4 + [False]


@pytest.mark.parametrize("inputs", [("age", "district"), ("age", "district", "outcome")])
def test_columns_that_the_first_step_leaves_need_not_be_given(tmp_path, inputs):
    """Trained on a whole data frame, the model was told of the outcome too: nobody has that for a new case."""
    data = pandas.DataFrame({"outcome": [a > 57 for a in AGES], "age": AGES, "district": DISTRICTS})
    choose = ColumnTransformer(
        [("number", StandardScaler(), ["age"]), ("text", OneHotEncoder(), ["district"]), ("not", "drop", ["outcome"])]
    )
    model = make_pipeline(choose, LogisticRegression()).fit(data, data["outcome"])
    rows = {name: data[name].tolist() for name in inputs}
    got = said(tmp_path, dumped(tmp_path, model), rows, inputs=inputs)
    assert got.advice.tolist() == model.predict(data).tolist()


@pytest.mark.filterwarnings("ignore")
def test_models_that_vote_are_opened(tmp_path):
    x = np.random.default_rng(0).random((60, 2))
    model = VotingClassifier([("a", LogisticRegression()), ("b", LogisticRegression(C=9))], voting="soft")
    model.fit(x, x[:, 0] > 0.5)
    got = said(tmp_path, dumped(tmp_path, model), {"a": x[:, 0].tolist(), "b": x[:, 1].tolist()})
    assert got.score == pytest.approx(model.predict_proba(x)[:, 1], abs=1e-12)


def test_too_many_rows_for_the_memory_are_asked_in_halves(tmp_path):
    predictor = read(tmp_path, dumped(tmp_path, numbers_only()))
    real = predictor._estimator.predict

    def little(some):
        if len(some) > 3:
            raise MemoryError
        return real(some)

    predictor._estimator.predict = little
    assert predictor.predict({"a": [10, 90] * 5, "b": [20, 90] * 5}).advice.tolist() == [False, True] * 5


def test_a_row_that_the_model_refuses_is_not_answered_and_the_others_are(tmp_path):
    source = dumped(tmp_path, trained(unknown="error"))
    rows = {"age": [20.0, 80.0, 80.0, None], "district": ["noord", "zuid", "niet bekend", "west"]}
    got = said(tmp_path, source, rows)
    assert got.answered.tolist() == [True, True, False, False]
    assert got.advice.tolist() == [False, True, False, False]


def test_a_regression_says_yes_from_the_threshold(tmp_path):
    line = LinearRegression().fit(np.array([[0.0], [1.0]]), [0.0, 10.0])
    assert said(tmp_path, dumped(tmp_path, line), {"a": [0.2, 0.8]}, threshold=5).advice.tolist() == [False, True]


def test_columns_with_other_names_are_refused(tmp_path):
    with pytest.raises(VangrailError, match=r"Missing: district\. Not taken: wijk"):
        said(tmp_path, dumped(tmp_path, trained()), {"age": [1.0], "wijk": ["noord"]})


class Own(ClassifierMixin, BaseEstimator):
    """A class of one's own could do anything when it is built."""

    def fit(self, x, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, x):
        return np.ones(len(x))


def test_types_that_are_not_known_to_be_safe_are_refused_by_name(tmp_path):
    source = dumped(tmp_path, Own().fit(np.zeros((2, 1)), [0, 1]))
    with pytest.raises(VangrailError, match=r"not known to be safe: .*\.Own\."):
        said(tmp_path, source, {"a": [1.0]})


# --- both -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["m.pkl", "m.pickle", "m.joblib", "m.pt", "M.PKL"])
def test_a_pickle_is_never_opened(tmp_path, name):
    (tmp_path / name).write_bytes(b"whatever")
    with pytest.raises(VangrailError, match="opening one can run any code") as raised:
        opened(tmp_path, name).__enter__()
    assert "skops" in raised.value.told(Language.NL) and "skops" in str(raised.value)


class Bomb:
    """Shows whether a pickle was opened."""

    def __reduce__(self):
        return (builtins.exec, ("raise SystemExit('opened')",))


@pytest.mark.parametrize("name", ["m.onnx", "m.skops"])
def test_a_pickle_under_another_name_is_not_opened_either(tmp_path, name):
    (tmp_path / name).write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(VangrailError, match=r"is no ONNX file|is no skops file"):
        said(tmp_path, name, {"a": [1]})


@pytest.mark.parametrize("source", ["gone.onnx", "gone.skops", "model.h5", "https://example.org/model", "endpoint:"])
def test_what_is_not_there_or_cannot_be_called_is_said(tmp_path, source):
    with pytest.raises(VangrailError):
        opened(tmp_path, source).__enter__()


def test_the_fingerprint_changes_with_the_file_and_only_then(tmp_path):
    def fingerprint():
        with opened(tmp_path, "m.onnx") as predictor:
            return predictor.fingerprint()

    saved(tmp_path, trained())
    first = fingerprint()
    assert first == fingerprint()
    saved(tmp_path, trained((1, 0)))
    assert fingerprint() != first


@pytest.mark.parametrize("source", ["m.onnx", "m.skops"])
def test_no_rows_give_no_answers(tmp_path, source):
    model = trained()
    saved(tmp_path, model), dumped(tmp_path, model)
    assert len(said(tmp_path, source, {"age": [], "district": []}).answered) == 0


def test_rows_cannot_be_talked_to(tmp_path):
    with (
        opened(tmp_path, saved(tmp_path, trained())) as predictor,
        pytest.raises(VangrailError, match="takes rows"),
    ):
        predictor.say("hallo")


@pytest.mark.parametrize(("source", "package"), [("m.onnx", "onnxruntime"), ("m.skops", "skops")])
def test_a_missing_extra_says_what_to_install(tmp_path, monkeypatch, source, package):
    model = trained()
    saved(tmp_path, model), dumped(tmp_path, model)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(VangrailError, match=r'pip install "vangrail\[models\]"'):
        read(tmp_path, source)


def test_numbers_of_any_size_do_not_end_in_a_crash(tmp_path):
    model = to_onnx(numbers_only(), initial_types=[("X", Int64TensorType([None, 2]))]).SerializeToString()
    (tmp_path / "m.onnx").write_bytes(model)
    rows = {"a": [10**30, 5], "b": [1, 5]}
    assert said(tmp_path, "m.onnx", rows).answered.tolist() == [False, True]


@pytest.mark.parametrize("lacks", ["age", "district", "both"])
def test_a_value_that_a_model_never_takes_is_not_asked_about_again_and_again(tmp_path, lacks):
    """One row in ten lacks a value or has a district that was never seen; 4000 rows would take a question for each of those."""
    asked = 0
    rows = {
        "age": [None if lacks != "district" and i % 10 == 3 else float(i % 90) for i in range(4000)],
        "district": ["nieuw" if lacks != "age" and i % 10 == 7 else DISTRICTS[i % len(DISTRICTS)] for i in range(4000)],
    }
    predictor = read(tmp_path, dumped(tmp_path, trained(unknown="error")))
    real = predictor._ask

    def counted(*more):
        nonlocal asked
        asked += 1
        return real(*more)

    predictor._ask = counted
    got = predictor.predict(rows)
    again = predictor.predict(rows)
    good = [a is not None and d != "nieuw" for a, d in zip(rows["age"], rows["district"], strict=True)]
    assert got.answered.tolist() == again.answered.tolist() == good
    assert asked < 100


def test_a_row_that_is_refused_for_how_its_values_go_together_is_found_and_the_others_are_answered(tmp_path):
    """Nothing may be learnt from it: each of its values is taken elsewhere."""
    refusals, rows = answering.Refusals(), {"a": [i % 7 for i in range(300)], "b": ["xyz"[i % 3] for i in range(300)]}

    def ask(places):
        if any(rows["a"][p] == 5 and rows["b"][p] == "z" for p in places):
            raise answering.RowsRefusedError
        return answering.predictions(np.ones(len(places), bool), np.ones(len(places)))

    for _ in range(2):
        got = refusals.ask(ask, rows, 300, at_once=100)
        assert got.answered.tolist() == [not (a == 5 and b == "z") for a, b in zip(*rows.values(), strict=True)]


def floats(name, shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def test_one_answer_for_all_rows_is_none_for_each(tmp_path):
    mean = helper.make_node("ReduceMean", ["X"], ["Y"], keepdims=0)
    graph(tmp_path, [floats("X", [None, 2])], [floats("Y", [])], [mean])
    with pytest.raises(VangrailError, match="gave 1 answers for 4 rows"):
        said(tmp_path, "g.onnx", {"a": [1.0, 2.0, 3.0, 4.0], "b": [1.0] * 4})


@pytest.mark.parametrize("most", ["MOST_UNPACKED", "MOST_DESCRIPTION"])
def test_a_file_that_unpacks_to_too_much_is_not_opened(tmp_path, monkeypatch, most):
    source = dumped(tmp_path, numbers_only())
    monkeypatch.setattr(skops_file, most, 100)
    with pytest.raises(VangrailError, match="too large when it is unpacked"):
        said(tmp_path, source, {"a": [1.0], "b": [2.0]})
