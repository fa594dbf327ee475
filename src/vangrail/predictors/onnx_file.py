"""A model in an ONNX file, run by onnxruntime on the processor. The format holds a computation and no code of its own.

Inputs: one tensor with all columns, or one input per column with the column's name. Outputs: a label, probabilities
(by class, as a list of dictionaries; or as a tensor), or one score. Forms as onnx.ai/onnx/operators (ai.onnx.ml, ZipMap).
"""

import os
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.needs import Columns, Predictions, Value
from vangrail.predictors import answering
from vangrail.predictors.answering import Places, RowsRefusedError

_FLOATS = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(float16)": np.float16}
_WHOLE: dict[str, Any] = {
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(int16)": np.int16,
    "tensor(int8)": np.int8,
    "tensor(uint8)": np.uint8,
}
_TOO_DIFFERENT = 10
"""So many more labels that are not the class with the highest figure than labels that are, is no threshold any more."""
_LABELS = {"tensor(int64)", "tensor(int32)", "tensor(string)", "tensor(bool)"}
_OTHER_EXPORT = both(
    nl="Exporteer het met de namen van de klassen bij de kansen (skl2onnx: zipmap, zoals het standaard doet).",
    en="Export it with the names of the classes beside the probabilities (skl2onnx: zipmap, its default).",
)


class OnnxFile:
    """An open ONNX model."""

    def __init__(self, model: card.Model, content: bytes, *, where: str) -> None:
        self.where, self._model = where, model
        self._session = _session(content, where)
        self._inputs = self._session.get_inputs()
        self._outputs = self._session.get_outputs()
        self._refusals = answering.Refusals()
        self._agree = self._differ = 0
        # Some are exported for a fixed number of rows at a time: for fewer, rows are asked about twice.
        self._at_once = next((i.shape[0] for i in self._inputs if i.shape and isinstance(i.shape[0], int)), None)
        if not self._inputs:
            raise VangrailError(
                both(
                    nl=f"{where} vraagt geen gegevens, dus zegt het over alles hetzelfde.",
                    en=f"{where} takes no input, so it says the same about everything.",
                )
            )

    def predict(self, rows: Columns) -> Predictions:
        """What the model says about each row.

        A missing number goes in as NaN and a missing text as an empty one. Where the model takes whole numbers or yes
        and no, a row with a missing one is not answered.
        """
        names = list(self._model.inputs or rows)
        number = len(rows[names[0]]) if names else 0
        feed, possible = self._feed(names, rows, number)
        places = np.flatnonzero(possible)
        possible_rows = {n: [rows[n][p] for p in places.tolist()] for n in names}
        found = self._refusals.ask(
            lambda some: self._ask(feed, places[some]),
            possible_rows,
            len(places),
            at_once=self._at_once or answering.AT_ONCE,
        )
        answered, advice, score = np.zeros(number, bool), np.zeros(number, bool), np.zeros(number)
        answered[places], advice[places], score[places] = found.answered, found.advice, found.score
        return answering.predictions(advice, score, answered)

    # --- what goes in ------------------------------------------------------------------------------------------------

    def _feed(self, names: Sequence[str], rows: Columns, number: int) -> tuple[dict[str, NDArray[Any]], Any]:
        """The inputs, and for which rows they can be given."""
        possible = np.ones(number, bool)
        feed: dict[str, NDArray[Any]] = {}
        single = len(self._inputs) == 1 and (len(names) > 1 or names[:1] != [self._inputs[0].name])
        if single:
            only = self._inputs[0]
            width = only.shape[1] if len(only.shape) == 2 else 1
            if isinstance(width, int) and width != len(names):
                raise VangrailError(
                    both(
                        nl=f"{self.where} vraagt {width} gegevens, en de kaart geeft er {len(names)}: {', '.join(names)}.",
                        en=f"{self.where} takes {width} inputs, and the card gives it {len(names)}: {', '.join(names)}.",
                    ),
                    do=answering.LIST_INPUTS,
                )
            columns = [self._column(n, rows[n], only.type, possible) for n in names]
            feed[only.name] = np.stack(columns, axis=1) if len(only.shape) == 2 else columns[0]
            return feed, possible
        wanted = [i.name for i in self._inputs]
        takes = ", ".join(wanted)
        missing = ", ".join(n for n in wanted if n not in rows)
        if missing:
            given = ", ".join(names)
            raise VangrailError(
                both(
                    nl=f"{self.where} vraagt gegevens die de kaart niet geeft: {missing}.",
                    en=f"{self.where} takes inputs that the card does not give: {missing}.",
                ),
                why=both(
                    nl=f"Het vraagt: {takes}. De kaart geeft: {given}.",
                    en=f"It takes: {takes}. The card gives: {given}.",
                ),
                do=both(
                    nl="Noem de kolommen bij 'inputs' zoals het model ze noemt; een afgeleide kolom mag elke naam hebben.",
                    en="Name the columns under 'inputs' as the model does; a derived column can have any name.",
                ),
            )
        unused = ", ".join(n for n in names if n not in wanted)
        if unused:
            raise VangrailError(
                both(
                    nl=f"{self.where} vraagt niet wat de kaart noemt bij 'inputs': {unused}.",
                    en=f"{self.where} does not take what the card lists under 'inputs': {unused}.",
                ),
                do=both(nl=f"Het vraagt: {takes}.", en=f"It takes: {takes}."),
            )
        for i in self._inputs:
            values = self._column(i.name, rows[i.name], i.type, possible)
            feed[i.name] = values.reshape(-1, 1) if len(i.shape) == 2 else values
        return feed, possible

    def _column(self, name: str, values: Sequence[Value], kind: str, possible: NDArray[np.bool_]) -> NDArray[Any]:
        """One column as the model takes it. Where a value is missing and cannot be, the row is marked as not possible."""
        if kind in _FLOATS:
            numbers = [np.nan if v is None else self._number(name, v) for v in values]
            with np.errstate(over="ignore"):
                return np.array(numbers, _FLOATS[kind])
        if kind == "tensor(string)":
            return np.array(["" if v is None else self._text(name, v) for v in values], dtype=object)
        gaps = np.array([v is None for v in values], bool)
        possible &= ~gaps
        if kind in _WHOLE:
            filled = [0.0 if v is None else self._number(name, v) for v in values]
            if any(v != int(v) for v in filled):
                raise VangrailError(
                    both(
                        nl=f"{self.where} vraagt gehele getallen voor '{name}', en in de kolom staan ook andere.",
                        en=f"{self.where} takes whole numbers for '{name}', and the column has others.",
                    )
                )
            bounds = np.iinfo(_WHOLE[kind])
            possible &= np.array([bounds.min <= v <= bounds.max for v in filled], bool)
            whole = [int(v) if bounds.min <= v <= bounds.max else 0 for v in filled]
            return np.array(whole, _WHOLE[kind])
        if kind == "tensor(bool)":
            if any(v is not None and not isinstance(v, bool) for v in values):
                raise VangrailError(
                    both(
                        nl=f"{self.where} vraagt ja of nee voor '{name}', en de kolom is niet van dat type.",
                        en=f"{self.where} takes yes or no for '{name}', and the column is not of that type.",
                    ),
                    do=both(
                        nl="Zet er 'type: boolean' bij op de kaart, of maak een afgeleide kolom.",
                        en="Declare it as 'type: boolean', or make a derived column.",
                    ),
                )
            return np.array([bool(v) for v in values], bool)
        raise VangrailError(
            both(
                nl=f"{self.where} vraagt een {kind} voor '{name}', en zo kan een kolom niet gegeven worden.",
                en=f"{self.where} takes a {kind} for '{name}', and a column cannot be given as that.",
            )
        )

    def _number(self, name: str, value: Value) -> float:
        if isinstance(value, int | float):
            return float(value)
        raise VangrailError(
            both(
                nl=f"{self.where} vraagt een getal voor '{name}', en in de kolom staat iets anders.",
                en=f"{self.where} takes a number for '{name}', and the column holds something else.",
            ),
            do=both(
                nl="Zet het type op de kaart, of maak een afgeleide kolom met het getal waarvan het model leerde.",
                en="Declare its type on the card, or make a derived column with the number that the model was trained on.",
            ),
        )

    def _text(self, name: str, value: Value) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, date):
            return value.isoformat()
        raise VangrailError(
            both(
                nl=f"{self.where} vraagt een tekst voor '{name}', en in de kolom staat iets anders.",
                en=f"{self.where} takes a text for '{name}', and the column holds something else.",
            ),
            why=both(
                nl="Een getal of een ja kun je op meerdere manieren schrijven, en het model kent er één van.",
                en="A number or a yes can be written in several ways, and the model knows one of them.",
            ),
            do=both(
                nl="Maak een afgeleide kolom met de tekst waarvan het model leerde.",
                en="Make a derived column with the text that the model was trained on.",
            ),
        )

    # --- what comes out ----------------------------------------------------------------------------------------------

    def _ask(self, feed: Mapping[str, NDArray[Any]], places: Places) -> Predictions:
        asked = np.resize(places, self._at_once) if self._at_once else places
        try:
            found = self._session.run(None, {name: values[asked] for name, values in feed.items()})
        except Exception as error:
            # onnxruntime raises its own kinds, straight under Exception; their text can hold values of a row.
            if not type(error).__module__.startswith("onnxruntime"):
                raise
            if "alloc" in str(error):
                answering.require_fewer(places)
                raise MemoryError from None
            raise RowsRefusedError(type(error).__name__) from None
        said, some = self._read(found, len(asked)), slice(len(places))
        return Predictions(answered=said.answered[some], advice=said.advice[some], score=said.score[some])

    def _read(self, found: Sequence[Any], rows: int) -> Predictions:
        labels = named = scores = None
        for output, values in zip(self._outputs, found, strict=True):
            if output.type.startswith("seq(map("):
                scores = self._by_class(values, rows)
        for output, values in zip(self._outputs, found, strict=True):
            if output.type in _LABELS and labels is None:
                named = np.asarray(values).reshape(-1)
                labels = self._labels(named, rows)
        floats = [(o, np.asarray(v)) for o, v in zip(self._outputs, found, strict=True) if o.type in _FLOATS]
        if scores is None and floats:
            if len(floats) > 1:
                floats = [f for f in floats if "prob" in f[0].name.lower()] or floats
            if len(floats) > 1:
                names = ", ".join(o.name for o, _ in floats)
                raise VangrailError(
                    both(
                        nl=f"{self.where} geeft meerdere cijfers ({names}), en het is niet bekend welk de score is.",
                        en=f"{self.where} gives several figures ({names}), and it is not known which one is the score.",
                    ),
                    do=both(
                        nl="Exporteer het met één score, of met een klasse en kansen.",
                        en="Export it with one score, or with a label and probabilities.",
                    ),
                )
            scores = self._tensor(floats[0][1], rows, named)
        if labels is not None:
            return answering.predictions(labels, labels.astype(float) if scores is None else scores)
        if scores is not None:
            return answering.predictions(scores >= self._model.threshold, scores)
        kinds = ", ".join(o.type for o in self._outputs)
        raise VangrailError(
            both(
                nl=f"{self.where} antwoordt in een vorm die niet gelezen wordt: {kinds}.",
                en=f"{self.where} answers in a form that is not read: {kinds}.",
            ),
            do=_OTHER_EXPORT,
        )

    def _by_class(self, values: Sequence[Mapping[Any, float]], rows: int) -> NDArray[np.float64]:
        if len(values) != rows:
            raise answering.wrong_length(len(values), rows, where=self.where)
        classes = list(values[0]) if rows else []
        place = answering.positive_place(classes, self._model.positive, where=self.where)
        return np.array([v[classes[place]] for v in values], float)

    def _labels(self, flat: NDArray[Any], rows: int) -> NDArray[np.bool_]:
        if len(flat) != rows:
            raise answering.wrong_length(len(flat), rows, where=self.where)
        positive = self._model.positive
        different = sorted(set(flat.tolist()), key=str)
        if positive is None:
            # With two classes 0 and 1 there is no doubt which is yes; any batch may hold only one of them.
            answering.positive_place(sorted({0, 1, *different}, key=str), None, where=self.where)
            positive = 1
        yes = {v for v in different if answering.same_class(v, positive)}
        return np.array([v in yes for v in flat.tolist()], bool)

    def _tensor(self, values: NDArray[Any], rows: int, labels: NDArray[Any] | None) -> NDArray[np.float64]:
        """A tensor with one score per row, or with one per class: classes 0, 1 ... in that order, since it names none."""
        if values.ndim == 0 or len(values) != rows:
            raise answering.wrong_length(len(values) if values.ndim else 1, rows, where=self.where)
        table = values.astype(float).reshape(rows, int(np.prod(values.shape[1:])))
        width = table.shape[1]
        positive = self._model.positive
        if width == 1:
            if positive is None or labels is None or answering.same_class(1, positive):
                return table[:, 0]
            raise self._unnamed(width)
        if labels is not None and not self._numbered(labels, table):
            raise self._unnamed(width)
        chosen = 1 if positive is None and width == 2 else positive
        place = next((i for i in range(width) if chosen is not None and answering.same_class(i, chosen)), None)
        if place is None:
            raise self._unnamed(width)
        return table[:, place]

    def _numbered(self, labels: NDArray[Any], table: NDArray[np.float64]) -> bool:
        """Whether the classes are 0, 1 ... as far as the labels tell: of classes 1 and 2, the first is not in column 1.

        A label mostly is the class with the highest figure, but for a threshold of the model's own.
        """
        places = {
            v: next((i for i in range(table.shape[1]) if answering.same_class(v, i)), None)
            for v in set(labels.tolist())
        }
        if None in places.values():
            return False
        highest = table.argmax(axis=1)
        agree = sum(places[v] == h for v, h in zip(labels.tolist(), highest.tolist(), strict=True))
        self._agree, self._differ = self._agree + agree, self._differ + len(labels) - agree
        return self._differ - self._agree < _TOO_DIFFERENT

    def _unnamed(self, width: int) -> VangrailError:
        what = (
            both(
                nl=f"{self.where} geeft één cijfer en zegt niet van welke klasse.",
                en=f"{self.where} gives one figure without saying of which class.",
            )
            if width == 1
            else both(
                nl=f"{self.where} geeft {width} kansen en zegt niet van welke klassen.",
                en=f"{self.where} gives {width} probabilities without saying of which classes.",
            )
        )
        return VangrailError(what, do=_OTHER_EXPORT)


def _session(content: bytes, where: str) -> Any:
    try:
        import onnxruntime
    except ModuleNotFoundError as error:
        raise missing_extra(where, "onnxruntime") from error
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    # One thread, so that sums are always made in the same order and the same data give the same figure.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Weights in a second file would escape the fingerprint, and a path in a model could point anywhere.
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", os.devnull)
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        if not type(error).__module__.startswith("onnxruntime"):
            raise
        if "xternal data" in str(error):
            raise VangrailError(
                both(
                    nl=f"{where} bewaart zijn gewichten in een tweede bestand.",
                    en=f"{where} keeps its weights in a second file.",
                ),
                why=both(
                    nl="Dan zou het niet opvallen als het model verandert.",
                    en="Then a change of the model would not be seen.",
                ),
                do=both(nl="Bewaar het als één bestand.", en="Save it as one file."),
            ) from error
        if "locale" in str(error):
            raise VangrailError(
                both(
                    nl=f"{where} zet tekst om in kleine letters volgens een taal die deze computer niet kent.",
                    en=f"{where} puts text in lower case by a language that this machine does not know.",
                ),
                do=both(
                    nl="Laat de beheerder de taalinstelling en_US.UTF-8 installeren (Debian: het pakket locales-all).",
                    en="Have the locale en_US.UTF-8 installed (Debian: the package locales-all).",
                ),
            ) from error
        # No row was read yet, so what onnxruntime says is about the model alone.
        said = " ".join(str(error).split())[:300]
        raise VangrailError(
            both(
                nl=f"{where} is geen ONNX-bestand dat hier gelezen kan worden ({type(error).__name__}).",
                en=f"{where} is no ONNX file that can be read here ({type(error).__name__}).",
            ),
            why=both(nl=f"onnxruntime zegt: {said}", en=f"onnxruntime says: {said}"),
            do=both(
                nl="Exporteer het opnieuw, met alleen standaardbewerkingen.",
                en="Export it again, with standard operators only.",
            ),
        ) from error


def missing_extra(where: str, package: str) -> VangrailError:
    """A package that is not installed because not everybody needs it."""
    return VangrailError(
        both(
            nl=f"{where} kan niet opgeroepen worden: '{package}' is niet geïnstalleerd.",
            en=f"{where} cannot be called: '{package}' is not installed.",
        ),
        do=both(
            nl='Installeer het met: pip install "vangrail[models]"',
            en='Install it with: pip install "vangrail[models]"',
        ),
    )
