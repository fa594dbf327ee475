"""What is wrong with a card, an answer or a record: what pydantic finds, said in Dutch and in English."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import shorten
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from vangrail.cards import fields
from vangrail.model.card import COUNTRY_FORM, NAME_FORM
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import Language

Place = tuple[str | int, ...]
"""The keys on the way to a value, and the numbers of items, as they stand in the file."""


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """Something that is wrong, and where.

    said    what is the matter with it, such as "is leeg."; of values that do not go together a sentence of its own
    """

    place: Place
    said: Text
    is_clash: bool

    def sentence(self, language: Language) -> str:
        """With the key that it is about, as it stands in the file: "'purpose.text' is leeg."."""
        said, name = self.said[language], f"'{'.'.join(map(str, self.place))}'"
        if not self.place:
            return said[0].upper() + said[1:]
        if not self.is_clash:
            return f"{name} {said}"
        return said if said.startswith(name) else f"{name}: {said}"


def mistakes(error: ValidationError, *, form: type[BaseModel], values: Any) -> list[Mistake]:
    """Everything that is wrong with values that should have this form, once per place, in the order of the form."""
    found: dict[Place, list[ErrorDetails]] = {}
    for one in error.errors(include_url=False):
        found.setdefault(_place(one, values), []).append(one)
    return [
        Mistake(place=place, said=_said(errors, form, place), is_clash=errors[0]["type"] == "value_error")
        for place, errors in found.items()
    ]


# --- where -----------------------------------------------------------------------------------------------------------
_TAGS = {"str", "int", "float", "bool", "date", "tuple", "none"}


def _place(error: ErrorDetails, values: Any) -> Place:
    """Where it stands in the file: without what pydantic adds to say which member of a union it tried."""
    place: list[str | int] = []
    for step in error["loc"]:
        if isinstance(values, Mapping):
            if step in values or not _is_tag(step):  # a column can be called 'date' as well
                place.append(str(step))
            values = values.get(step, values if _is_tag(step) else None)
        elif isinstance(values, list | tuple) and isinstance(step, int):
            place.append(step)
            values = values[step] if step < len(values) else None
        elif isinstance(step, str) and not _is_tag(step):
            place.append(step)
    # A rule over the whole card names the key that it is about first.
    about = re.match(r"'([\w.]+)'", str(error.get("ctx", {}).get("error", ""))) if not place else None
    return tuple(int(s) if s.isdigit() else s for s in about[1].split(".")) if about else tuple(place)


def _is_tag(step: str | int) -> bool:
    return isinstance(step, str) and (step in _TAGS or "[" in step)


# --- what ------------------------------------------------------------------------------------------------------------
_TEXT = both(nl="een tekst", en="a text")
_WHOLE = both(nl="een geheel getal", en="a whole number")
_NUMBER = both(nl="een getal", en="a number")
_YES_NO = both(nl="'true' of 'false'", en="'true' or 'false'")
_DAY = both(nl="een dag, zoals 2026-11-22", en="a day, such as 2026-11-22")
_MOMENT = both(
    nl="een dag en een uur zonder tijdzone, zoals 2026-11-22T14:30",
    en="a day and an hour without a time zone, such as 2026-11-22T14:30",
)
_LIST = both(nl="een lijst", en="a list")
_GROUP = both(nl="een groep sleutels met waarden", en="a group of keys with values")
_SHAPES: Mapping[str, Text] = {
    "string_type": _TEXT,
    "string_too_short": both(
        nl="een tekst van minstens {min_length} tekens", en="a text of at least {min_length} characters"
    ),
    "string_too_long": both(nl="één enkel teken", en="one single character"),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": both(nl="een kleiner getal", en="a smaller number"),
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": both(nl="een getal om mee te vergelijken", en="a number to compare with"),
    "greater_than": both(nl="meer dan {gt:g}", en="more than {gt:g}"),
    "greater_than_equal": both(nl="{ge:g} of meer", en="{ge:g} or more"),
    "less_than": both(nl="minder dan {lt:g}", en="less than {lt:g}"),
    "less_than_equal": both(nl="{le:g} of minder", en="{le:g} or less"),
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "timezone_naive": _MOMENT,
    "tuple_type": _LIST,
    "too_long": both(nl="een lijst van hoogstens {max_length}", en="a list of at most {max_length}"),
    "dict_type": _GROUP,
    "model_type": _GROUP,
    "enum": both(nl="{expected}", en="{expected}"),
    "literal_error": both(nl="{expected}", en="{expected}"),
}
"""What a value must be, by what pydantic finds: every kind that the form of a card can give (a test keeps it so)."""
_PATTERNS: Mapping[str, Text] = {
    NAME_FORM: both(
        nl="een naam met kleine letters, cijfers en koppeltekens, zoals 'sluikstort-meldingen'",
        en="a name in lower case letters, digits and hyphens, such as 'sluikstort-meldingen'",
    ),
    COUNTRY_FORM: both(
        nl="een land in drie hoofdletters, zoals 'BEL'", en="a country in three capitals, such as 'BEL'"
    ),
}
_OR = both(nl=" of ", en=" or ")


def _said(errors: Sequence[ErrorDetails], form: type[BaseModel], place: Place) -> Text:
    """What is the matter with one place. Of a union pydantic says it once per member."""
    first = errors[0]
    match first["type"]:
        case "value_error":
            return {language: f"{text}." for language, text in first["ctx"]["error"].said.items()}
        case "missing":
            return _joined(both(nl="ontbreekt.", en="is missing."), _meaning(form, place))
        case "extra_forbidden" if first["input"] is None and " " in str(place[-1]):
            return both(
                nl="is geen bekende sleutel. Een komma tussen { } breekt een tekst af: zet aanhalingstekens rond de tekst.",
                en="is not a known key. A comma between { } ends a text: put quotes around a text with a comma.",
            )
        case "extra_forbidden" | "invalid_key":
            return _joined(both(nl="is geen bekende sleutel.", en="is not a known key."), _closest(form, place))
        case _ if first["input"] in ("", {}, []):
            return _joined(both(nl="is leeg.", en="is empty."), _meaning(form, place))
        case _:
            return _joined(_other(errors), _hint(first))


def _other(errors: Sequence[ErrorDetails]) -> Text:
    """What it is, and what it must be instead."""
    is_, shapes = _kind(errors[0]["input"]), [_shape(e) for e in errors]
    nl, en = ([s[language] for s in shapes] for language in (Language.NL, Language.EN))
    return both(
        nl=f"is {is_[Language.NL]}; hier hoort {_either(nl, Language.NL)}.",
        en=f"is {is_[Language.EN]}; it must be {_either(en, Language.EN)}.",
    )


def _shape(error: ErrorDetails) -> Text:
    context = error.get("ctx", {})
    if error["type"] == "string_pattern_mismatch":
        return _PATTERNS[context["pattern"]]
    said = {language: text.format(**context) for language, text in _SHAPES[error["type"]].items()}
    if "expected" in context:  # pydantic writes "'a', 'b' or 'c'", and True
        said = {
            language: text.replace(" or ", _OR[language]).replace("True", "true") for language, text in said.items()
        }
    return said


def _either(options: Sequence[str], language: Language) -> str:
    *others, last = dict.fromkeys(options)
    return _OR[language].join(filter(None, (", ".join(others), last)))


def _hint(error: ErrorDetails) -> Text:
    """What it most often comes from."""
    given = error["input"]
    match error["type"]:
        case "enum" | "literal_error":
            near = difflib.get_close_matches(
                str(given), str(error["ctx"]["expected"]).split("'")[1::2], n=1, cutoff=0.6
            )
            return _did_you_mean(near)
        case "string_type" if isinstance(given, str | int | float | date):
            return both(nl="Zet er aanhalingstekens rond.", en="Put quotes around it.")
        case "float_parsing" if re.fullmatch(r"\s*-?\d+,\d+\s*", str(given)):
            return both(nl="Schrijf een punt en geen komma.", en="Write a point and no comma.")
        case _:
            return both(nl="", en="")


def _kind(value: object) -> Text:
    if isinstance(value, Mapping):
        return both(nl="een groep sleutels", en="a group of keys")
    if isinstance(value, list | tuple):
        return both(nl="een lijst", en="a list")
    if value is None:
        return both(nl="leeg", en="empty")
    text = shorten(str(value).lower() if isinstance(value, bool) else str(value), 80, placeholder=" ...")
    return both(nl=f"'{text}'", en=f"'{text}'")


def _joined(*texts: Text) -> Text:
    return {language: " ".join(t[language] for t in texts if t[language]) for language in Language}


# --- the form --------------------------------------------------------------------------------------------------------
def _closest(form: type[BaseModel], place: Place) -> Text:
    """Which key was meant; or which keys there are."""
    inside = _form_at(form, place[:-1])
    known = list(inside.model_fields) if inside else []
    near = difflib.get_close_matches(str(place[-1]), known, n=1, cutoff=0.6)
    if near or not known:
        return _did_you_mean(near)
    keys = ", ".join(sorted(known))
    return both(nl=f"Bekend zijn hier: {keys}.", en=f"Known here: {keys}.")


def _did_you_mean(near: Sequence[str]) -> Text:
    return both(nl=f"Bedoel je '{near[0]}'?", en=f"Did you mean '{near[0]}'?") if near else both(nl="", en="")


def _meaning(form: type[BaseModel], place: Place) -> Text:
    """What a field is for, where its form says so."""
    inside = _form_at(form, place[:-1])
    return (fields.meaning(inside, str(place[-1])) if inside else None) or both(nl="", en="")


def _form_at(form: type[BaseModel], place: Place) -> type[BaseModel] | None:
    """The form that the values at this place have: by the fields of a form, and by the items of a list or a group."""
    current: Any = form
    for step in place:
        if _is_form(current):
            field = current.model_fields.get(str(step))
            current = field.annotation if field else None
        else:
            arguments = get_args(current) or (None,)
            current = arguments[-1] if get_origin(current) is dict else arguments[0]
        while get_origin(current) in (Annotated, Union, UnionType):
            current = next(a for a in get_args(current) if a is not NoneType)
    return current if _is_form(current) else None


def _is_form(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
