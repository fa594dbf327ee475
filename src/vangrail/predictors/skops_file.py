"""A scikit-learn model in a skops file. skops builds objects of types that it knows, and takes no code from the file."""

import io
import warnings
import zipfile
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.needs import Columns, Predictions, Value
from vangrail.predictors import answering
from vangrail.predictors.answering import Places, RowsRefusedError
from vangrail.predictors.onnx_file import missing_extra

TREE = "sklearn.tree._tree.Tree"
HIST_TREE = "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor"
PARTS = {
    TREE,
    HIST_TREE,
    "numpy.dtype",
    "sklearn.utils._bunch.Bunch",
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "sklearn.neural_network._stochastic_optimizers.SGDOptimizer",
}
"""Parts of scikit-learn that skops does not vouch for and that its most used models are made of. They hold numbers and take
no code from the file; the trees among them are looked at before they are used."""
MOST_UNPACKED, MOST_DESCRIPTION = 4_000_000_000, 50_000_000
"""Bytes of all arrays together, and of the description of how they make a model, which is read as a whole."""
_REFUSALS = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError)
"""What scikit-learn raises for rows that a model does not take."""


class SkopsFile:
    """An open scikit-learn model."""

    def __init__(self, model: card.Model, content: bytes, *, where: str) -> None:
        self.where, self._model = where, model
        self._estimator = _load(content, where)
        if not hasattr(self._estimator, "predict"):
            raise VangrailError(
                both(
                    nl=f"{where} is geen model: wat in het bestand zit, kan niets voorspellen.",
                    en=f"{where} is no model: what is in the file cannot predict.",
                )
            )
        self._named = _names(self._estimator)
        self._takes_texts = _takes_texts(self._estimator)
        classes = getattr(self._estimator, "classes_", None)
        if isinstance(classes, list):
            raise _several(where)
        self._classes: list[Any] | None = None if classes is None else np.asarray(classes).tolist()
        self._refusals = answering.Refusals()
        self._place = (
            None if self._classes is None else answering.positive_place(self._classes, model.positive, where=where)
        )
        if self._named is not None:
            _pandas(where)

    def predict(self, rows: Columns) -> Predictions:
        """What the model says about each row; none where it does not take the row, such as a category it never saw.

        A missing number or text goes in as NaN, as it does when a file is read by pandas.
        """
        names = self._names(rows)
        number = len(rows[names[0]]) if names else 0
        table = self._table(names, rows)
        given = {n: rows[n] for n in names}
        return self._refusals.ask(lambda some: self._ask(table, some), given, number, at_once=answering.AT_ONCE)

    def _names(self, rows: Columns) -> list[str]:
        names = list(self._model.inputs or rows)
        if self._named is None:
            width = 1 if self._takes_texts else getattr(self._estimator, "n_features_in_", None)
            if width is not None and width != len(names):
                raise VangrailError(
                    both(
                        nl=f"{self.where} vraagt {width} gegevens, en de kaart geeft er {len(names)}: {', '.join(names)}.",
                        en=f"{self.where} takes {width} inputs, and the card gives it {len(names)}: {', '.join(names)}.",
                    ),
                    do=answering.LIST_INPUTS,
                )
            return names
        missing = [n for n in self._named if n not in rows]
        unused = [n for n in names if n not in self._estimator.feature_names_in_]
        if missing or unused:
            lacks, takes = ", ".join(missing), ", ".join(self._named)
            rest = ", ".join(unused)
            raise VangrailError(
                both(
                    nl=f"{self.where} leerde van andere kolommen dan de kaart noemt bij 'inputs'."
                    + (f" Ontbreekt: {lacks}." if missing else "")
                    + (f" Niet gevraagd: {rest}." if unused else ""),
                    en=f"{self.where} was trained on other columns than the card lists under 'inputs'."
                    + (f" Missing: {lacks}." if missing else "")
                    + (f" Not taken: {rest}." if unused else ""),
                ),
                do=both(
                    nl=f"Het vraagt: {takes}. Een afgeleide kolom mag elke naam hebben.",
                    en=f"It takes: {takes}. A derived column can have any name.",
                ),
            )
        return self._named

    def _table(self, names: Sequence[str], rows: Columns) -> Any:
        columns = [_column(rows[n]) for n in names]
        if self._takes_texts:
            return columns[0].astype(object)
        if self._named is not None:
            return _pandas(self.where).DataFrame(dict(zip(names, columns, strict=True)), columns=list(names))
        if any(c.dtype == object for c in columns):
            return np.stack([c.astype(object) for c in columns], axis=1)
        return np.stack([c.astype(float) for c in columns], axis=1)

    def _ask(self, table: Any, places: Places) -> Predictions:
        some = table.iloc[places] if self._named is not None else table[places]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                labels = np.asarray(self._estimator.predict(some))
                score = self._score(some)
        except _REFUSALS as error:
            # Its text can hold values of a row.
            raise RowsRefusedError(type(error).__name__) from None
        except MemoryError:
            answering.require_fewer(places)
            raise
        if len(labels) != len(places):
            raise answering.wrong_length(len(labels), len(places), where=self.where)
        if labels.ndim != 1:
            raise _several(self.where)
        if self._classes is None or self._place is None:
            figures = labels.astype(float)
            return answering.predictions(figures >= self._model.threshold, figures)
        yes = labels == self._classes[self._place]
        return answering.predictions(yes, yes.astype(float) if score is None else score)

    def _score(self, some: Any) -> NDArray[np.float64] | None:
        """How sure of yes: the probability where there is one, else the distance from the decision."""
        if self._classes is None or self._place is None:
            return None
        if hasattr(self._estimator, "predict_proba"):
            return np.asarray(self._estimator.predict_proba(some), float)[:, self._place]
        if hasattr(self._estimator, "decision_function"):
            found = np.asarray(self._estimator.decision_function(some), float)
            if found.ndim == 2:
                return found[:, self._place]
            return found if self._place == 1 else -found
        return None


def _names(estimator: Any) -> list[str] | None:
    """The names of the columns that it learnt from; None where it learnt from columns without names.

    Who trains on a whole data frame has a first step choose the columns: the others need not be given.
    """
    named = getattr(estimator, "feature_names_in_", None)
    if named is None:
        return None
    first = _first(estimator)
    chosen = [columns for _, step, columns in getattr(first, "transformers_", ()) if not _is_dropped(step)]
    if chosen and all(
        isinstance(c, str) or (isinstance(c, list) and all(isinstance(n, str) for n in c)) for c in chosen
    ):
        used = {n for c in chosen for n in ([c] if isinstance(c, str) else c)}
        return [str(n) for n in named if n in used]
    return [str(n) for n in named]


def _is_dropped(step: object) -> bool:
    return isinstance(step, str) and step == "drop"


def _takes_texts(estimator: Any) -> bool:
    """Whether it takes a list of texts instead of a table."""
    from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer

    return isinstance(_first(estimator), CountVectorizer | HashingVectorizer)


def _first(estimator: Any) -> Any:
    """The first step of a pipeline, the first of its pipelines when they are nested; else the model itself."""
    steps = getattr(estimator, "steps", None)
    return _first(steps[0][1]) if steps else estimator


def _several(where: str) -> VangrailError:
    return VangrailError(
        both(
            nl=f"{where} beantwoordt meerdere vragen tegelijk, en er wordt één antwoord verwacht.",
            en=f"{where} answers several questions at once, and one is expected.",
        )
    )


def _column(values: Sequence[Value]) -> NDArray[Any]:
    """A column as pandas would read it from a file: numbers as float with NaN, yes and no as such, texts as they are."""
    known = [v for v in values if v is not None]
    if all(isinstance(v, bool) for v in known) and known and len(known) == len(values):
        return np.array(values, bool)
    if all(isinstance(v, int | float) for v in known):
        return np.array([float(v) if isinstance(v, int | float) else np.nan for v in values], float)
    made = np.empty(len(values), dtype=object)
    made[:] = [np.nan if v is None else v if isinstance(v, str | bool | int | float) else v.isoformat() for v in values]
    return made


def _load(content: bytes, where: str) -> Any:
    try:
        import sklearn
        from skops import io as skops
    except ModuleNotFoundError as error:
        raise missing_extra(where, str(error.name).partition(".")[0]) from error
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    except zipfile.BadZipFile as error:
        raise VangrailError(
            both(nl=f"{where} is geen skops-bestand.", en=f"{where} is no skops file."),
            why=both(
                nl="Een pickle met een andere naam wordt niet geopend: die kan elke code uitvoeren die iemand erin zette.",
                en="A pickle under another name is not opened: opening one can run any code that somebody put in it.",
            ),
            do=both(nl="Bewaar het model met skops.io.dump.", en="Save the model with skops.io.dump."),
        ) from error
    if sum(sizes.values()) > MOST_UNPACKED or sizes.get("schema.json", 0) > MOST_DESCRIPTION:
        raise VangrailError(
            both(
                nl=f"{where} is uitgepakt te groot, dus het wordt niet geopend.",
                en=f"{where} is too large when it is unpacked, so it is not opened.",
            ),
            do=both(nl="Laat het op een adres antwoorden.", en="Let it answer at an address."),
        )
    try:
        unknown = set(skops.get_untrusted_types(data=content)) - PARTS
        if unknown:
            names = ", ".join(sorted(unknown))
            raise VangrailError(
                both(
                    nl=f"{where} wordt niet geopend: er zitten types in waarvan niet bekend is of ze veilig zijn: {names}.",
                    en=f"{where} is not opened: it holds types that are not known to be safe: {names}.",
                ),
                why=both(
                    nl="Een type dat niet op de lijst van skops staat, kan code uitvoeren als het gemaakt wordt.",
                    en="A type that is not on the list of skops could run code when it is built.",
                ),
                do=both(
                    nl="Bewaar enkel het model en niet wat het zocht (van GridSearchCV: best_estimator_), maak het met gewone delen"
                    " van scikit-learn, bewaar het als ONNX, of"
                    " laat het op een adres antwoorden.",
                    en="Save the model only and not what searched for it (of GridSearchCV: best_estimator_), build it from common"
                    " parts of scikit-learn, save it as ONNX, or let it answer at an address.",
                ),
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = skops.loads(content, trusted=sorted(PARTS))
        _require_sound_trees(model, where)
        return model
    except VangrailError:
        raise
    except Exception as error:  # a file from outside can be broken in any way
        raise VangrailError(
            both(
                nl=f"{where} kan niet als skops-bestand gelezen worden met scikit-learn {sklearn.__version__}"
                f" ({type(error).__name__}).",
                en=f"{where} cannot be read as a skops file with scikit-learn {sklearn.__version__} ({type(error).__name__}).",
            ),
            do=both(
                nl="Bewaar het opnieuw met skops.io.dump, met deze versie van scikit-learn.",
                en="Save it again with skops.io.dump, with this version of scikit-learn.",
            ),
        ) from error


def _require_sound_trees(model: Any, where: str) -> None:
    """Every branch of every tree leads to a later node of that tree, and asks an input that there is.

    The compiled code that follows the branches does not look: a file with others would have it read elsewhere in memory,
    or go round for ever.
    """
    waiting: list[tuple[Any, int]] = [(model, 0)]
    seen = set()
    while waiting:
        part, inputs = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        inputs = getattr(part, "n_features_in_", inputs)
        kind = f"{type(part).__module__}.{type(part).__qualname__}"
        if kind == TREE:
            inner = np.flatnonzero(part.children_left != -1)
            branches = (part.children_left[inner], part.children_right[inner])
            _require_sound(inner, branches, part.feature[inner], part.node_count, part.n_features, where)
        elif kind == HIST_TREE:
            inner = np.flatnonzero(part.nodes["is_leaf"] == 0)
            branches = (part.nodes["left"][inner], part.nodes["right"][inner])
            _require_sound(inner, branches, part.nodes["feature_idx"][inner], len(part.nodes), inputs, where)
        elif isinstance(part, dict):
            waiting += ((v, inputs) for v in part.values())
        elif isinstance(part, list | tuple):
            waiting += ((v, inputs) for v in part)
        elif isinstance(part, np.ndarray) and part.dtype == object:
            waiting += ((v, inputs) for v in part.ravel().tolist())
        elif hasattr(part, "__dict__"):
            waiting += ((v, inputs) for v in vars(part).values())


def _require_sound(
    inner: NDArray[Any], branches: tuple[NDArray[Any], ...], asked: NDArray[Any], nodes: int, inputs: int, where: str
) -> None:
    """`inner` are the places of the nodes that branch, `asked` the inputs that they ask."""
    leads = all(((b.astype(np.int64) > inner) & (b < nodes)).all() for b in branches)
    if leads and ((asked >= 0) & (asked < inputs)).all():
        return
    raise VangrailError(
        both(
            nl=f"{where} wordt niet geopend: er zit een boom in met takken die nergens heen leiden.",
            en=f"{where} is not opened: it holds a tree with branches that lead nowhere.",
        ),
        why=both(
            nl="Wie die takken volgt, kan alles lezen wat in het geheugen van dit programma staat.",
            en="Following those could read anything in the memory of this program.",
        ),
        do=both(nl="Bewaar het model opnieuw met skops.io.dump.", en="Save the model again with skops.io.dump."),
    )


def _pandas(where: str) -> Any:
    """A model that was trained on columns with names looks for them by name, and only a data frame has them."""
    try:
        import pandas
    except ModuleNotFoundError as error:
        raise missing_extra(where, "pandas") from error
    return pandas
