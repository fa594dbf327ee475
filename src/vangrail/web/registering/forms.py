"""Forms for a card: the short one with its questions, and one per page, made from the fields that the page has."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from vangrail import knowledge
from vangrail.cards.fields import CardPart, Field
from vangrail.cards.skeleton import name_as_id
from vangrail.imports.columns import COLUMNS
from vangrail.imports.found import LONGEST
from vangrail.model.card import keeps, value_at
from vangrail.model.vocabulary import Phase, ProcessActor, Role
from vangrail.web.applications.models import Application
from vangrail.web.look.language import pick
from vangrail.web.look.templatetags.look import said, word
from vangrail.web.registering import words
from vangrail.web.registering.questions import Question

Content = dict[str, Any]
_ROWS = 3


def _text(label: str, *, help_text: str | SafeString = "", long: bool = False, needed: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": _ROWS}) if long else forms.TextInput()
    return forms.CharField(
        label=label, help_text=help_text, required=needed, max_length=LONGEST if long else 2_000, widget=widget
    )


def _choice(label: str, choices: Sequence[tuple[str, str]], *, help_text: str | SafeString = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[("", pick(nl="– nog niet gekozen –", en="– not chosen yet –")), *choices],
        required=False, help_text=help_text,
    )  # fmt: skip


# --- the short form --------------------------------------------------------------------------------------------------
class StepForm(forms.Form):
    """The questions of one step. Nothing is obliged while one is still writing: a draft may have gaps."""

    def __init__(self, data: QueryDict | None, *, questions: Sequence[Question], card: Content, people: str) -> None:
        """`people` is the id of the list with the colleagues' names."""
        super().__init__(data, initial={q.id: q.read(card) for q in questions}, label_suffix="")
        self._questions = questions
        for question in questions:
            self.fields[question.id] = _asked(question, people)

    def changes(self, card: Content) -> Content:
        """The card with the answers that are good; one that is not, or was not asked, leaves what was there."""
        for question in self._questions:
            if question.id in self.cleaned_data and question.id in self.data:
                question.write(card, self.cleaned_data[question.id].strip())
        return card


def _asked(question: Question, people: str) -> forms.Field:
    label = said(question.ask)
    if question.needed:
        label += pick(nl=" (nodig)", en=" (needed)")
    why = _why(question)
    match question.kind:
        case "phase":
            return _choice(label, [(p.value, word(p.value, "phase")) for p in Phase], help_text=why)
        case "actor":
            return _choice(label, [(a.value, word(a.value, "actor")) for a in ProcessActor], help_text=why)
        case "theme":
            return _choice(label, list(words.terms("data-themes").items()), help_text=why)
        case kind:
            field = _text(label, help_text=why, long=kind == "long")
            if kind == "person":
                field.widget.attrs |= {"list": people, "autocomplete": "off"}
            return field


def _why(question: Question) -> SafeString:
    """Why it is asked, where that comes from, and a good example."""
    requirement = knowledge.framework().requirement(question.source)
    works = {w.id: w for w in knowledge.framework().works}
    source = f"{said(works[requirement.source[0].work].title)}, {requirement.source[0].passage}"
    return format_html(
        '{}<br><span class="small-text">{} {}</span><br><span class="small-text">{} {} ({})</span>',
        said(question.why),
        pick(nl="Voorbeeld:", en="Example:"),
        said(question.example),
        pick(nl="Bron:", en="Source:"),
        source,
        question.source,
    )


# --- the pages of a card ---------------------------------------------------------------------------------------------
class FieldsForm(forms.Form):
    """Fields of a card. What the form does not ask stays as it is on the card."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        of: Sequence[Field],
        held: Content,
        prefix: str | None = None,
        application: Application | None = None,
        locked: frozenset[str] = frozenset(),
    ) -> None:
        """`held` by the name of the field; what is `locked` is shown and cannot be changed."""
        self._of = of
        super().__init__(
            data, prefix=prefix, initial={_id(f): _initial(f, held.get(f.path)) for f in of}, label_suffix=""
        )
        for field in of:
            made = _made(field, _help(field, application), held.get(field.path))
            made.disabled = field.path in locked
            if made.disabled:
                note = pick(nl="Dit zegt de productkaart.", en="This is what the product card says.")
                made.help_text = format_html('{} <span class="tag">{}</span>', made.help_text, note)
            self.fields[_id(field)] = made

    def values(self) -> Content:
        """What was filled in and is good, by path; None takes a field away. What was not sent stays as it is."""
        sent = {f.path for f in self._of if self[_id(f)].html_name in self.data}
        if sent:  # a box that is not ticked is not sent either
            sent |= {f.path for f in self._of if isinstance(self.fields[_id(f)], forms.MultipleChoiceField)}
        good = [f for f in self._of if f.path in sent and _id(f) in self.cleaned_data]
        return {f.path: _plain(f, self.cleaned_data[_id(f)]) for f in good}


def _id(field: Field) -> str:
    return field.path.replace(".", "-")


def _help(field: Field, application: Application | None) -> SafeString:
    """The explanation, and the requirements that ask for it."""
    ids = words.asked_by().get(field.path, ())
    if not ids:
        return format_html("{}", said(field.help))
    asked = pick(nl="Gevraagd door", en="Asked by")
    if application is None:
        return format_html('{} <span class="small-text">{}: {}</span>', said(field.help), asked, ", ".join(ids))
    links = format_html_join(
        ", ", '<a href="{}">{}</a>',
        ((reverse("requirement", args=[application.organisation.slug, application.slug, id_]), id_) for id_ in ids),
    )  # fmt: skip
    return format_html('{} <span class="small-text">{}: {}</span>', said(field.help), asked, links)


def _made(field: Field, help_text: SafeString, held: Any) -> forms.Field:
    label = said(field.label)
    common: dict[str, Any] = {"label": label, "help_text": help_text, "required": False}
    match field.kind:
        case "choices":
            options = words.terms(field.vocabulary) if field.vocabulary else {}
            options |= {o: words.option(field, o) for o in field.options}
            # What is no term of the vocabulary stays on the card until somebody takes it away.
            options |= {str(v): str(v) for v in held or () if v not in options}
            return forms.MultipleChoiceField(
                choices=list(options.items()), widget=forms.CheckboxSelectMultiple, **common
            )
        case "choice":
            return _choice(label, [(o, words.option(field, o)) for o in field.options], help_text=help_text)
        case "yes_no":
            yes, no = pick(nl="ja", en="yes"), pick(nl="nee", en="no")
            return _choice(label, [("yes", yes), ("no", no)], help_text=help_text)
        case "day":
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
        case "whole":
            return forms.IntegerField(min_value=0, max_value=10**12, **common)
        case "number":
            return forms.FloatField(
                localize=True,
                min_value=-1e15,
                max_value=1e15,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
                **common,
            )
        case kind:
            return _text(label, help_text=help_text, long=kind in ("long", "lines"))


def _initial(field: Field, held: Any) -> Any:
    match field.kind:
        case "yes_no":
            return {True: "yes", False: "no"}.get(held, "") if isinstance(held, bool) else ""
        case "lines" if isinstance(held, list):
            return "\n".join(map(str, held))
        case _:
            return held


def _plain(field: Field, given: Any) -> Any:
    """What was filled in, as a card holds it; None for nothing."""
    if given in (None, "", []):
        return None
    match field.kind:
        case "yes_no":
            return given == "yes"
        case "day":
            return given.isoformat()
        case "lines":
            return [line.strip() for line in given.splitlines() if line.strip()]
        case _:
            return given


class ItemForm(FieldsForm):
    """One item of a list. `was` is what it was called, so that what this form does not ask is found again."""

    def __init__(
        self, data: QueryDict | None, *, part: CardPart, number: int, name: str, held: Content, **kwargs: Any
    ) -> None:
        self.part, self.number, self.name, self.held = part, number, name, held
        super().__init__(
            data, of=part.fields, held={f.path: held.get(f.name) for f in part.fields}, prefix=f"i{number}", **kwargs
        )
        self.fields["was"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=name)
        if part.per == "name":
            self.fields["key"] = forms.RegexField(
                r"^[a-z0-9][a-z0-9-]{0,63}$",
                label=pick(nl="Korte naam", en="Short name"),
                help_text=pick(nl="Kleine letters, cijfers en streepjes.", en="Small letters, digits and hyphens."),
                required=False,
                initial=name,
            )
            self.order_fields(["key"])
        elif part.per == "role":
            self.fields["key"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=name)
        if name and part.per != "role":
            self.fields["gone"] = forms.BooleanField(required=False, label=pick(nl="Haal dit weg", en="Take this away"))

    @property
    def title(self) -> str:
        """What the item is called."""
        if self.part.per == "role":
            return word(self.name, "role")
        if self.part.per is None and self.name:
            return str(self.held.get(self.part.fields[0].name) or f"{said(self.part.one)} {self.number + 1}")
        return self.name or pick(nl=f"Nieuw: {said(self.part.one)}", en=f"New: {said(self.part.one)}")

    @property
    def key(self) -> str:
        """What it goes by, where its list is not in an order."""
        given = str(self.cleaned_data.get("key") or "")
        return given or (
            name_as_id(str(self.cleaned_data.get(_id(self.part.fields[0])) or "")) if self.part.per == "name" else ""
        )


class ItemsForm:
    """All items of a list on one page, and an empty one behind them."""

    def __init__(
        self, data: QueryDict | None, *, part: CardPart, card: Content, application: Application | None
    ) -> None:
        self.part, self._card = part, card
        held = card.get(str(part.items)) or ({} if part.per else [])
        stated = ((card.get("adopted_from") or {}).get("states") or {}).get(part.items) or []
        departed = {d["field"] for d in (card.get("adopted_from") or {}).get("departures", ())}
        self._held: dict[str, Content] = (
            {str(k): v for k, v in held.items()} if isinstance(held, dict) else {str(n): i for n, i in enumerate(held)}
        )
        names: list[str] = [r.value for r in Role] if part.per == "role" else list(self._held)
        if data is not None and "count" in data and part.per != "role":
            names = [data.get(f"i{n}-was", "") for n in range(min(_count(data), _MOST_ITEMS))]
        elif part.per != "role":
            names.append("")
        self.forms = [
            ItemForm(
                data, part=part, number=n, name=name, held=self._held.get(name, {}), application=application,
                locked=_locked(part, self._held.get(name, {}), [] if part.items in departed else stated),
            )
            for n, name in enumerate(names)
        ]  # fmt: skip

    @property
    def count(self) -> int:
        """How many items the page shows."""
        return len(self.forms)

    def is_valid(self) -> bool:
        """Whether every item that is not empty is filled in well."""
        wrong = [form for form in self.forms if not form.is_valid()]  # all of them, so that each shows its own mistake
        return not wrong

    def value(self, *, up: int | None = None) -> Any:
        """The list as the card holds it; `up` is the number of an item that moves one place up."""
        found: list[tuple[str, Content]] = []
        for form in self.forms:
            if form.cleaned_data.get("gone"):
                continue
            item = dict(self._held.get(form.cleaned_data.get("was") or "", {}))
            for path, value in form.values().items():
                item = {k: v for k, v in item.items() if k != path.rpartition(".")[2]} | (
                    {} if value is None else {path.rpartition(".")[2]: value}
                )
            if not item:
                continue
            found.append((form.key, item))
            if up == form.number and len(found) > 1:
                found[-2:] = reversed(found[-2:])
        if self.part.per is None:
            return [item for _, item in found]
        return {key or f"{said(self.part.one)}-{n}": item for n, (key, item) in enumerate(found, 1)}


_MOST_ITEMS = 200


def _count(data: QueryDict) -> int:
    given = data.get("count", "0")
    return int(given) if given.isdigit() and len(given) < 5 else 0


def _locked(part: CardPart, item: Content, stated: Sequence[Any]) -> frozenset[str]:
    """The fields of an item of which the product card says what stands in them."""
    for one in stated:
        if isinstance(one, dict) and keeps(one, item):
            return frozenset(f.path for f in part.fields if f.name in one)
    return frozenset()


class _OfRound(forms.Form):
    """A form that says which round of the draft the visitor had before them."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def see(self, seen: int) -> None:
        """The visitor has been told of a newer round: what they send next is about that one."""
        data: Any = self.data
        self.data = data.copy()
        self.data["seen"] = str(seen)  # type: ignore[index]  # a copy of what was posted can be written


class RecordForm(_OfRound):
    """What changed, in a few words."""

    note = forms.CharField(max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        note = self.fields["note"]
        note.label = pick(nl="Wat is er veranderd?", en="What has changed?")
        note.help_text = pick(
            nl="Bijvoorbeeld: 'Nieuwe leverancier, en de bewaartermijn is korter.'",
            en="For example: 'New supplier, and the retention is shorter.'",
        )


class YamlForm(_OfRound):
    """The card as text."""

    text = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false"}), max_length=500_000, strip=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.fields["text"].label = pick(nl="De kaart als YAML", en="The card as YAML")


class DepartForm(forms.Form):
    """Why a field is otherwise here than on the product card."""

    because = forms.CharField(max_length=1_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.fields["because"].label = pick(nl="Waarom is het bij jullie anders?", en="Why is it otherwise with you?")


# --- bringing in -----------------------------------------------------------------------------------------------------
class UploadForm(forms.Form):
    """A file of one's own."""

    file = forms.FileField()
    as_product = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        file, product = self.fields["file"], self.fields["as_product"]
        file.label = pick(nl="Kies een bestand", en="Choose a file")
        file.help_text = pick(
            nl="Een rekenblad (.xlsx of .csv), een kaart (card.yaml), of records van het Nederlandse Algoritmeregister "
            "(.json of .csv). Hoogstens 5 MB.",
            en="A spreadsheet (.xlsx or .csv), a card (card.yaml), or records of the Dutch Algoritmeregister "
            "(.json or .csv). At most 5 MB.",
        )
        file.widget.attrs["accept"] = ".xlsx,.csv,.yaml,.yml,.json"
        product.label = pick(
            nl="Dit is de productkaart van een leverancier: ik begin er mijn eigen kaart mee.",
            en="This is the product card of a supplier: I begin my own card with it.",
        )


class ColumnsForm(forms.Form):
    """What each column of the list is about."""

    def __init__(
        self, data: QueryDict | None, *, headings: Sequence[str], chosen: Mapping[str, str], phase: str
    ) -> None:
        super().__init__(data, label_suffix="")
        choices = [("", pick(nl="– niet overnemen –", en="– leave out –"))]
        choices += [(c.path, said(c.title)) for c in COLUMNS]
        unnamed = pick(nl="kolom zonder titel", en="column without a heading")
        for place, heading in enumerate(headings):
            self.fields[f"c{place}"] = forms.ChoiceField(
                label=heading or unnamed, choices=choices, required=False, initial=chosen.get(str(place), "")
            )
        self.fields["phase"] = phase_field(phase)

    def clean(self) -> dict[str, Any]:
        """Each field of the card comes from one column."""
        cleaned: dict[str, Any] = super().clean() or {}
        seen: dict[str, str] = {}
        for name, path in list(cleaned.items()):
            if not path or name == "phase":
                continue
            if path in seen:
                twice = pick(
                    nl="Je koos dit ook voor een andere kolom.", en="You chose this for another column as well."
                )
                self.add_error(name, twice)
            seen[path] = name
        return cleaned

    @property
    def columns(self) -> dict[str, str]:
        """The path of each column that is taken over, by its place."""
        return {n[1:]: path for n, path in self.cleaned_data.items() if path and n != "phase"}


def phase_field(phase: str) -> forms.ChoiceField:
    """The phase of what says none."""
    field = _choice(
        pick(nl="Fase van wie er geen heeft", en="Phase of those that have none"),
        [(p.value, word(p.value, "phase")) for p in Phase],
        help_text=pick(
            nl="Laat open als je het per toepassing wilt kiezen. Zonder fase blijft ze een concept.",
            en="Leave open to choose it for each application. Without a phase it stays a draft.",
        ),
    )
    field.initial = phase
    return field


class PhaseForm(forms.Form):
    """Where what came in stands here."""

    def __init__(self, data: QueryDict | None, *, phase: str) -> None:
        super().__init__(data, label_suffix="")
        self.fields["phase"] = phase_field(phase)


def single_fields(part: CardPart, card: Content) -> tuple[Content, frozenset[str]]:
    """What stands in the single fields of a page, and which of them the product card fixes."""
    origin = card.get("adopted_from") or {}
    departed = {d["field"] for d in origin.get("departures", ())}
    locked = frozenset(f.path for f in part.fields if f.path in origin.get("states", {}) and f.path not in departed)
    return {f.path: value_at(card, f.path) for f in part.fields}, locked
