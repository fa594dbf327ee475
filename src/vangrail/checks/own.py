"""Checks of the organisation's own: what such a check imports, how it is found, and what is asked of it.

A package names its check under the entry point group `vangrail.checks`. An own check is further proof of a requirement: it
can pull a verdict down and never lift it, and it can take no id that the framework knows. What it does wrong is said with
its name and its package, because nobody who reads the message wrote Vangrail.

Everything that a check needs can be imported from here.
"""

import json
import math
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.machinery import SourceFileLoader
from importlib.metadata import EntryPoint, entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, get_args

from vangrail import knowledge
from vangrail.checks import Check, suppression
from vangrail.checks.planning import reading
from vangrail.model.card import DECLARED, RECORDS, REPORTS, TEXTS, Card
from vangrail.model.errors import VangrailError
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import (
    Answers,
    Counts,
    Extreme,
    Field,
    Key,
    Missing,
    Need,
    Probe,
    Recorded,
    Repeats,
    Rows,
    Sample,
    Scan,
    Unreadable,
    Where,
    Wording,
)
from vangrail.model.outcome import Detail, Group, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import ColumnType, Language, RecordKind, Unit
from vangrail.tables import sql

__all__ = [
    "DECLARED",
    "RECORDS",
    "TEXTS",
    "Answers",
    "Card",
    "Check",
    "ColumnType",
    "Counts",
    "Detail",
    "Extreme",
    "Field",
    "Group",
    "Key",
    "Measured",
    "Measurement",
    "Missing",
    "Need",
    "NotMeasurable",
    "Outcome",
    "Probe",
    "RecordKind",
    "Recorded",
    "Repeats",
    "Rows",
    "Sample",
    "Scan",
    "Unit",
    "Unreadable",
    "Where",
    "Wording",
    "both",
    "reading",
    "sql",
]

GROUP = "vangrail.checks"
_BESIDE_TABLES = {TEXTS, DECLARED, *(RECORDS + kind for kind in RecordKind)}
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def installed(ours: Mapping[str, Check]) -> dict[str, Check]:
    """The own checks of the packages that are installed, by id. VangrailError that names package and check."""
    found: dict[str, Check] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda e: (_origin(e), e.name)):
        origin = _origin(entry)
        check = guarded(_loaded(entry, origin), f"'{entry.name}'", origin, ours)
        if check.id in found:
            raise _refused(
                f"'{check.id}'",
                origin,
                both(
                    nl=f"heeft de id van een meting van {found[check.id].origin}",
                    en=f"has the id of a check of {found[check.id].origin}",
                ),
                do=both(nl="Geef een van beide een andere id.", en="Give one of both another id."),
            )
        found[check.id] = check
    return found


def in_file(file: Path, ours: Mapping[str, Check]) -> Check:
    """The check of a file that is not installed yet, held to the same. VangrailError for what is wrong with it."""
    if not file.is_file():
        raise VangrailError(
            both(nl=f"{file} is er niet.", en=f"{file} is not there."),
            do=both(nl="Noem het Python-bestand met CHECK.", en="Name the Python file that holds CHECK."),
        )
    name = f"vangrail_own_{file.stem}"
    loader = SourceFileLoader(name, str(file))
    spec = spec_from_file_location(name, file, loader=loader)
    if spec is None:
        raise TypeError("a file with a loader has a spec")
    module = module_from_spec(spec)
    sys.modules[name] = module  # where a dataclass of the file looks itself up
    try:
        loader.exec_module(module)
    except Exception as error:
        raise _refused(
            "CHECK",
            file.name,
            both(nl=f"kan niet geladen worden: {_what(error)}", en=f"cannot be loaded: {_what(error)}"),
        ) from error
    if not hasattr(module, "CHECK"):
        raise _refused(
            "CHECK",
            file.name,
            both(
                nl="is er niet: niets in het bestand heet CHECK",
                en="is not there: the file gives nothing the name CHECK",
            ),
        )
    return guarded(module.CHECK, "CHECK", file.name, ours)


def _origin(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist is not None else entry.value


def _loaded(entry: EntryPoint, origin: str) -> object:
    try:
        return entry.load()
    except Exception as error:
        raise _refused(
            f"'{entry.name}'",
            origin,
            both(nl=f"kan niet geladen worden: {_what(error)}", en=f"cannot be loaded: {_what(error)}"),
        ) from error


def guarded(check: object, name: str, origin: str, ours: Mapping[str, Check]) -> Check:
    """The check as it may be used: its form is right, and whatever it does wrong later is said with its name.

    name    what to call it as long as its id is not known to be one
    origin  the package and version, or the file, that it comes from
    Raises  VangrailError for what is no check, an id that is taken, a text that lacks, or a requirement that is not there
    """
    if not isinstance(check, Check):
        raise _refused(
            name,
            origin,
            both(nl=f"is {type(check).__name__}, en geen Check", en=f"is {type(check).__name__}, and not a Check"),
        )
    problem = next(_problems(check, ours), None)
    if problem is not None:
        raise _refused(f"'{check.id}'" if isinstance(check.id, str) else name, origin, problem)
    guard = _Guard(check=check, origin=origin)
    return replace(
        check,
        origin=origin,
        plan=guard.plan,
        needs=guard.needs,
        measure=guard.measure,
        not_applicable=guard.not_applicable,
    )


def _problems(check: Check, ours: Mapping[str, Check]) -> Iterator[Text]:
    requirements = knowledge.framework().requirements
    # Also the ids that a requirement names and no check has yet: whoever took one would become the framework's own proof.
    taken = set(ours) | {named for r in requirements for named in r.checks}
    if not isinstance(check.id, str) or not _ID.fullmatch(check.id):
        yield both(
            nl="heeft geen id van kleine letters, cijfers en koppeltekens",
            en="has no id of small letters, digits and hyphens",
        )
    elif check.id in taken:
        yield both(
            nl="heeft een id die van Vangrail zelf is; begin de jouwe met de naam van je organisatie",
            en="has an id that is Vangrail's own; begin yours with the name of your organisation",
        )
    for name in ("title", "measures", "wants", "counted"):
        if not _bilingual(getattr(check, name)):
            yield both(
                nl=f"heeft geen '{name}' in beide talen: both(nl=..., en=...)",
                en=f"has no '{name}' in both languages: both(nl=..., en=...)",
            )
    for name in ("family", "formula", "source"):
        if not isinstance(getattr(check, name), str) or not getattr(check, name).strip():
            yield both(nl=f"heeft geen '{name}'", en=f"has no '{name}'")
    if not isinstance(check.version, int) or check.version < 1:
        yield both(nl="heeft een versie die niet 1, 2, 3 ... is", en="has a version that is not 1, 2, 3 ...")
    for name in ("plan", "needs", "measure", "not_applicable"):
        if not callable(getattr(check, name)):
            yield both(nl=f"heeft een '{name}' die geen functie is", en=f"has a '{name}' that is no function")
    if not isinstance(check.proves, tuple) or not check.proves:
        yield both(
            nl='zegt niet voor welke eis ze verder bewijs is: proves=("dat-3",)',
            en='does not say which requirement it is further proof of: proves=("dat-3",)',
        )
    else:
        known = {r.id for r in requirements}
        yield from (
            both(nl=f"noemt bij 'proves' '{id_}', en dat is geen eis", en=f"proves '{id_}', which is no requirement")
            for id_ in check.proves
            if id_ not in known
        )


@dataclass(frozen=True, kw_only=True)
class _Guard:
    """Calls the functions of an own check, and looks at what they give."""

    check: Check
    origin: str

    def plan(self, card: Card) -> list[Measurement]:
        """As `Check.plan`."""
        planned: list[Measurement] = self._call("plan", lambda: list(self.check.plan(card)))
        models = {model.name for model in card.models}
        keys: set[tuple[str, str, str]] = set()
        for measurement in planned:
            if not isinstance(measurement, Measurement):
                raise self._wrong(
                    "plan",
                    both(
                        nl=f"geeft {type(measurement).__name__}, en geen Measurement",
                        en=f"gives {type(measurement).__name__}, and not a Measurement",
                    ),
                )
            if (measurement.check, measurement.version) != (self.check.id, self.check.version):
                raise self._wrong(
                    "plan",
                    both(
                        nl="geeft een Measurement met een andere 'check' of 'version' dan de eigen",
                        en="gives a measurement with another 'check' or 'version' than its own",
                    ),
                )
            if measurement.dataset not in {*card.datasets, *_BESIDE_TABLES, *(REPORTS + file for file in card.reports)}:
                raise self._wrong(
                    "plan",
                    both(
                        nl=f"noemt een dataset die niet op de kaart staat: '{measurement.dataset}'",
                        en=f"names a data set that is not on the card: '{measurement.dataset}'",
                    ),
                )
            if not isinstance(measurement.subject, str) or not measurement.subject:
                raise self._wrong(
                    "plan",
                    both(nl="geeft een Measurement zonder 'subject'", en="gives a measurement without a subject"),
                )
            if measurement.key in keys:
                raise self._wrong(
                    "plan",
                    both(
                        nl=f"geeft twee metingen van '{measurement.subject}'",
                        en=f"gives two measurements of '{measurement.subject}'",
                    ),
                )
            if not _plain(measurement.settings):
                raise self._wrong(
                    "plan",
                    both(
                        nl="geeft 'settings' die geen gewone JSON-waarden zijn",
                        en="gives settings that are not plain JSON values",
                    ),
                )
            if measurement.model is not None and measurement.model not in models:
                raise self._wrong(
                    "plan",
                    both(nl="noemt een model dat niet op de kaart staat", en="names a model that is not on the card"),
                )
            keys.add(measurement.key)
        return planned

    def needs(self, measurement: Measurement, fields: Sequence[Field], on: date) -> Sequence[Need]:
        """As `Check.needs`."""
        asked: list[Need] = self._call("needs", lambda: list(self.check.needs(measurement, fields, on)))
        for need in asked:
            if not isinstance(need, get_args(Need)):
                raise self._wrong(
                    "needs",
                    both(
                        nl=f"geeft {type(need).__name__}, en dat kan niet gevraagd worden",
                        en=f"gives {type(need).__name__}, and not a need",
                    ),
                )
            self._columns(need, fields)
            if isinstance(need, Recorded) and measurement.dataset != RECORDS + need.kind:
                raise self._wrong(
                    "needs",
                    both(
                        nl=f"vraagt wat genoteerd werd, dus 'dataset' moet RECORDS + '{need.kind}' zijn",
                        en=f"asks for records, so 'dataset' must be RECORDS + '{need.kind}'",
                    ),
                )
        return asked

    def _columns(self, need: Need, fields: Sequence[Field]) -> None:
        """What a need names must be there. The table would see it too, and could not say who asked."""
        match need:
            case Missing(column) | Unreadable(column) | Extreme(column) | Scan(column):
                named: tuple[str, ...] = (column,)
            case Repeats(columns) | Sample(columns) | Probe(columns=columns):
                named = columns
            case _:
                named = ()
        there = {field.name for field in fields}
        for column in named:
            if column not in there:
                raise self._wrong(
                    "needs",
                    both(
                        nl=f"vraagt kolom '{column}', en die is er niet in de dataset",
                        en=f"asks for column '{column}', which is not in the data set",
                    ),
                )
        where = f"Own check '{self.check.id}' of {self.origin}, needs"
        match need:
            case Where(condition):
                sql.checked(condition, fields, where=where, kind=ColumnType.BOOLEAN)
            case Counts(by=by, where=condition, sums=sums):
                for key in (*by, *sums):
                    sql.checked(key.sql, fields, where=where)
                if condition is not None:
                    sql.checked(condition, fields, where=where, kind=ColumnType.BOOLEAN)

    def measure(self, measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
        """As `Check.measure`; a group that is too small is shown without its number, whoever forgot that."""
        outcome: Outcome = self._call("measure", lambda: self.check.measure(measurement, fields, on, answers))
        if not isinstance(outcome, Measured | NotMeasurable):
            raise self._wrong(
                "measure",
                both(
                    nl=f"geeft {type(outcome).__name__}, en geen Measured of NotMeasurable",
                    en=f"gives {type(outcome).__name__}, and not Measured or NotMeasurable",
                ),
            )
        problem = next(_wrong_in(outcome), None)
        if problem is not None:
            raise self._wrong("measure", problem)
        return suppression.guarded(outcome)

    def not_applicable(self, card: Card) -> Text | None:
        """As `Check.not_applicable`."""
        reason: Text | None = self._call("not_applicable", lambda: self.check.not_applicable(card))
        if reason is not None and not _bilingual(reason):
            raise self._wrong(
                "not_applicable", both(nl="geeft geen reden in beide talen", en="gives no reason in both languages")
            )
        return reason

    def _call(self, step: str, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except VangrailError:
            raise
        except Exception as error:
            # Without the words of the error: they can hold a value that was counted.
            raise self._wrong(
                step,
                both(
                    nl=f"stopt met {type(error).__name__}{_place(error)}",
                    en=f"stops with {type(error).__name__}{_place(error)}",
                ),
            ) from error

    def _wrong(self, step: str, what: Text) -> VangrailError:
        said = {language: f"{step} {text}" for language, text in what.items()}
        return _refused(f"'{self.check.id}'", self.origin, said)


def _wrong_in(outcome: Outcome) -> Iterator[Text]:
    if isinstance(outcome, Measured):
        if not isinstance(outcome.unit, Unit):
            yield both(
                nl="geeft een cijfer met een eenheid die geen Unit is", en="gives a figure whose unit is not a Unit"
            )
        if not _finite(outcome.value):
            yield both(
                nl="geeft een cijfer dat geen eindig getal is; zeg NotMeasurable waar er geen is",
                en="gives a figure that is no finite number; say NotMeasurable where there is none",
            )
        if not _count(outcome.rows):
            yield both(nl="geeft een cijfer zonder aantal rijen", en="gives a figure without a number of rows")
        yield from _interval(outcome.low, outcome.value, outcome.high)
        if (outcome.low is None) != (outcome.confidence is None):
            yield both(
                nl="geeft een interval zonder zekerheid, of een zekerheid zonder interval",
                en="gives an interval without its confidence, or a confidence without an interval",
            )
    elif not _bilingual(outcome.reason):
        yield both(
            nl="geeft geen reden in beide talen waarom er geen cijfer is",
            en="gives no reason in both languages why there is no figure",
        )
    for group in outcome.groups:
        values = (group.value, group.difference, group.low, group.high, group.difference_low, group.difference_high)
        if not all(v is None or _finite(v) for v in values) or not (group.rows is None or _count(group.rows)):
            yield both(
                nl="geeft een groep met een cijfer dat geen eindig getal is",
                en="gives a group with a figure that is no finite number",
            )
    for detail in outcome.details:
        if not (_count(detail.rows) and _count(detail.counted)):
            yield both(
                nl="geeft een detail met aantallen die geen aantallen zijn",
                en="gives a detail whose counts are no counts",
            )
        if not all(v is None or _finite(v) for v in (detail.value, detail.low, detail.high)):
            yield both(
                nl="geeft een detail met een cijfer dat geen eindig getal is",
                en="gives a detail with a figure that is no finite number",
            )
    if not all(_bilingual(note) for note in outcome.notes):
        yield both(nl="geeft een opmerking die niet in beide talen is", en="gives a note that is not in both languages")


def _interval(low: float | None, value: float, high: float | None) -> Iterator[Text]:
    if (low is None) != (high is None):
        yield both(nl="geeft een interval met één grens", en="gives an interval with one end")
    elif low is not None and high is not None and not (_finite(low) and _finite(high) and low <= value <= high):
        yield both(
            nl="geeft een interval waar het eigen cijfer niet in ligt",
            en="gives an interval that does not hold its own figure",
        )


def _finite(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _bilingual(text: object) -> bool:
    return isinstance(text, Mapping) and all(isinstance(t := text.get(x), str) and t.strip() for x in Language)


def _plain(settings: object) -> bool:
    """Whether they come back the same from JSON, which is where the ledger keeps them."""
    try:
        return isinstance(settings, dict) and bool(json.loads(json.dumps(settings, allow_nan=False)) == settings)
    except (TypeError, ValueError):
        return False


def _refused(name: str, origin: str, what: Text, *, do: Text | None = None) -> VangrailError:
    return VangrailError(
        both(
            nl=f"Eigen meting {name} van {origin} {what[Language.NL]}.",
            en=f"Own check {name} of {origin} {what[Language.EN]}.",
        ),
        why=both(
            nl="Er kan een eis op steunen, dus Vangrail gaat niet verder zonder.",
            en="A requirement may stand on it, so Vangrail does not go on without it.",
        ),
        do=do
        or both(
            nl="Verbeter ze, of verwijder het pakket. Probeer ze met: vangrail checks --try BESTAND",
            en="Correct it, or remove the package. Try it with: vangrail checks --try FILE",
        ),
    )


def _what(error: Exception) -> str:
    """What went wrong while loading: no data were read yet, so the words may be shown."""
    return f"{type(error).__name__}: {error}{_place(error)}"


def _place(error: Exception) -> str:
    frames: Iterable[traceback.FrameSummary] = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if Path(f.filename) != Path(__file__) and "importlib" not in f.filename]
    return f" ({Path(own[-1].filename).name}, line {own[-1].lineno})" if own else ""
