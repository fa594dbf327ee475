"""The most used models of scikit-learn open from a skops file, and a tree that leads outside itself does not."""

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    AdaBoostClassifier,
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier
from skops import io as skops

from vangrail.model.card import Model
from vangrail.model.errors import VangrailError
from vangrail.predictors import own_process

X = np.random.default_rng(1).random((200, 3))
Y = (X[:, 0] > 0.5).astype(int)
ROWS = {"a": list(X[:20, 0]), "b": list(X[:20, 1]), "c": list(X[:20, 2])}


def opened(model):
    """The model, saved and read as one of a card."""
    card = Model(name="m", source="m.skops", inputs=("a", "b", "c"))
    return own_process.model_of(card, skops.dumps(model), where="Model 'm'")


@pytest.mark.parametrize(
    "model",
    [
        DecisionTreeClassifier(),
        RandomForestClassifier(5),
        ExtraTreesClassifier(5),
        GradientBoostingClassifier(n_estimators=5),
        HistGradientBoostingClassifier(max_iter=5),
        AdaBoostClassifier(n_estimators=4),
        CalibratedClassifierCV(RandomForestClassifier(5)),
        make_pipeline(SimpleImputer(), StandardScaler(), SVC(probability=True)),
        MLPClassifier(max_iter=30),
    ],
    ids=lambda m: type(m).__name__,
)
@pytest.mark.filterwarnings("ignore")
def test_it_says_what_the_model_said(model):
    model.fit(X, Y)
    found = opened(model).predict(ROWS)
    assert list(found.score) == pytest.approx(model.predict_proba(X[:20])[:, 1], abs=1e-12)


def misled(tree, where, to):
    """A tree of which the root was made to lead elsewhere."""
    state = tree.tree_.__getstate__()
    nodes = state["nodes"].copy()
    nodes[where][0] = to
    tree.tree_.__setstate__({**state, "nodes": nodes})
    return tree


@pytest.mark.parametrize(
    ("where", "to"), [("left_child", 9_999), ("right_child", 0), ("left_child", -5), ("feature", 3), ("feature", -7)]
)
def test_a_tree_that_leads_outside_itself_is_not_opened(where, to):
    forest = RandomForestClassifier(2, random_state=0).fit(X, Y)
    misled(forest.estimators_[1], where, to)
    with pytest.raises(VangrailError, match="branches that lead nowhere"):
        opened(forest)


def test_a_boosted_tree_that_asks_an_input_that_is_not_there_is_not_opened():
    model = HistGradientBoostingClassifier(max_iter=2).fit(X, Y)
    model._predictors[0][0].nodes["feature_idx"][0] = 3
    with pytest.raises(VangrailError, match="branches that lead nowhere"):
        opened(model)
