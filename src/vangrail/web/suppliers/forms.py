"""Forms around questions to a supplier: choosing them, answering them, and taking answers over."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html
from pydantic import ValidationError

from vangrail.cards.adopting import put
from vangrail.cards.mistakes import mistakes
from vangrail.model.card import Card
from vangrail.model.vocabulary import AnswerValue, Role
from vangrail.web.look.language import pick
from vangrail.web.look.templatetags.look import said, word
from vangrail.web.organisations.members import Member
from vangrail.web.participation import guarding
from vangrail.web.registering import words
from vangrail.web.registering.forms import FieldsForm, ItemsForm
from vangrail.web.suppliers import acts, asking
from vangrail.web.suppliers.acts import Said
from vangrail.web.suppliers.asking import Page, Question
from vangrail.web.suppliers.models import Reply
from vangrail.web.talking.forms import DocumentForm

TERM = timedelta(days=28)
"""The last day that is proposed."""


def _unknown() -> str:
    return pick(nl="Ik weet het niet", en="I do not know")


def _due(initial: date) -> forms.DateField:
    return forms.DateField(
        label=pick(nl="Laatste dag om te antwoorden", en="Last day to answer"),
        help_text=pick(nl="Tot en met deze dag werkt de link.", en="Until the end of this day the link works."),
        initial=initial,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class AskForm(forms.Form):
    """Whom, what, and by when. Questions per page of the card and per principle."""

    supplier = forms.CharField(max_length=200)
    own = forms.CharField(required=False, max_length=3_000, widget=forms.Textarea(attrs={"rows": 3}))
    note = forms.CharField(required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: QueryDict | None, *, suppliers: Sequence[str] = (), ticked: Collection[str] = ()) -> None:
        super().__init__(data, label_suffix="", initial={"supplier": suppliers[0] if suppliers else ""})
        supplier, own, note = (self.fields[n] for n in ("supplier", "own", "note"))
        supplier.label = pick(nl="Aan welke leverancier?", en="Which supplier?")
        supplier.help_text = pick(
            nl="De naam van het bedrijf. Je stuurt de link straks zelf door; Vangrail mailt de leverancier niet.",
            en="The name of the company. You pass the link on yourself; Vangrail does not mail the supplier.",
        )
        for page in asking.pages():
            self.fields[f"page-{page.id}"] = forms.MultipleChoiceField(
                label=said(page.title),
                choices=[(q.key, said(q.field.label)) for q in page.questions],
                initial=[q.key for q in page.questions if q.key in ticked],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        own.label = pick(nl="Eigen vragen (niet verplicht)", en="Questions of your own (optional)")
        own.help_text = pick(
            nl=f"Een vraag per regel, hoogstens {acts.MOST_OWN}. Bijvoorbeeld: 'In welke talen is het getest?'",
            en=f"A question per line, at most {acts.MOST_OWN}. For example: 'In which languages was it tested?'",
        )
        note.label = pick(nl="Wat wil je erbij zeggen? (niet verplicht)", en="What do you want to add? (optional)")
        note.help_text = pick(
            nl="De leverancier leest dit bovenaan. Zet er geen persoonsgegevens in.",
            en="The supplier reads this at the top. Put no personal data in it.",
        )
        self.fields["due"] = _due(timezone.localdate() + TERM)
        self.order_fields(["supplier", "due", "note"])

    @property
    def keys(self) -> list[str]:
        """The questions that were ticked."""
        return [key for name, chosen in self.cleaned_data.items() if name.startswith("page-") for key in chosen]

    def clean_own(self) -> list[str]:
        """One per line."""
        return [line.strip()[:500] for line in self.cleaned_data["own"].splitlines() if line.strip()]


class AnswersForm(FieldsForm):
    """The questions of one page that are asked one by one, each with 'I do not know'."""

    def __init__(self, data: QueryDict | None, *, questions: Sequence[Question], replies: Mapping[str, Reply]) -> None:
        self._questions = {q.key: q for q in questions}
        held = {key: replies[key].value for key in self._questions if key in replies}
        taken = frozenset(k for k in held if replies[k].is_taken)
        super().__init__(data, of=[q.field for q in questions], held=held)
        for key in self._questions:
            name = _name(key)
            reply = replies.get(key)
            self.fields[f"{name}-unknown"] = forms.BooleanField(
                label=_unknown(), required=False, initial=bool(reply and reply.unknown)
            )
            if reply is not None and reply.again:
                asked = format_html(
                    "<strong>{}</strong> {}", pick(nl="Nog gevraagd:", en="Asked once more:"), reply.again
                )
                self.fields[name].help_text = format_html("{}<br>{}", self.fields[name].help_text, asked)
            for locked in (name, f"{name}-unknown") if key in taken else ():
                self.fields[locked].disabled = True
        self.order_fields([n for key in self._questions for n in (_name(key), f"{_name(key)}-unknown")])

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each question with its 'I do not know'."""
        return [(self[_name(key)], self[f"{_name(key)}-unknown"]) for key in self._questions]

    def clean(self) -> dict[str, Any]:
        """What the card would refuse is refused here, where it can still be mended; and what nobody needs to know."""
        cleaned: dict[str, Any] = super().clean() or {}
        for path, value in self.values().items():
            problem = _refused(self._questions[path], value)
            if problem:
                self.add_error(_name(path), problem)
        return cleaned

    def replies(self) -> dict[str, Said]:
        """What was filled in and is good, by question."""
        values = self.values()
        return {
            key: Said(value=values[key], unknown=bool(self.cleaned_data.get(f"{_name(key)}-unknown")))
            for key in self._questions
            if key in values
        }


class ItemsAnswersForm:
    """A page that asks a list, such as the models: its items, and 'I do not know' for all of it."""

    def __init__(self, data: QueryDict | None, *, question: Question, reply: Reply | None) -> None:
        if question.items is None:
            raise TypeError(f"{question.key} is no list")
        self._question, held = question, reply.value if reply else None
        self.items = ItemsForm(data, part=question.items, card={question.key: held or []}, application=None)
        self.unknown = forms.Form(data, label_suffix="")
        self.unknown.fields["unknown"] = forms.BooleanField(
            label=_unknown(), required=False, initial=bool(reply and reply.unknown)
        )
        self.again = reply.again if reply else ""
        self.taken = bool(reply and reply.is_taken)
        self.problem = ""

    def is_valid(self) -> bool:
        """Whether every item is filled in well; what the card would refuse is not."""
        good = self.items.is_valid() and self.unknown.is_valid()
        if good:
            self.problem = _refused(self._question, self.items.value())
        return good and not self.problem

    def replies(self) -> dict[str, Said]:
        """The list, as the card holds it."""
        return {
            self._question.key: Said(value=self.items.value() or None, unknown=self.unknown.cleaned_data["unknown"])
        }


def _name(key: str) -> str:
    return key.replace(".", "-")


def _refused(question: Question, value: Any) -> str:
    """Why a value cannot be taken; empty when it can."""
    if value is None:
        return ""
    never = guarding.personal_data_in(str(value))[0]
    if never:
        return pick(
            nl=f"Dit bevat: {guarding.in_words(never)}. Haal het weg: niemand heeft het hier nodig.",
            en=f"This contains: {guarding.in_words(never)}. Remove it: nobody needs it here.",
        )
    if not question.is_on_card:
        return ""
    # Tried on an empty card, so that only this answer can be wrong.
    content: dict[str, Any] = {"vangrail": 1, "id": "x", "name": "x", "organisation": {"name": "x"}, "phase": "idea"}
    put(content, question.key, value)
    try:
        Card.model_validate(content)
    except ValidationError as error:
        return said(words.problem(mistakes(error, form=Card, values=content)[0]))
    return ""


class SendForm(forms.Form):
    """Who answers for the supplier."""

    name = forms.CharField(max_length=200)
    function = forms.CharField(max_length=200)
    sure = forms.BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        name, function, sure = (self.fields[n] for n in ("name", "function", "sure"))
        name.label = pick(nl="Jouw naam", en="Your name")
        name.help_text = pick(
            nl="Wie dit leest bij het bestuur, moet weten wie antwoordde. Je naam wordt niet openbaar.",
            en="Who reads this at the government must know who answered. Your name is not made public.",
        )
        name.widget.attrs["autocomplete"] = "name"
        function.label = pick(nl="Jouw functie", en="Your position")
        function.widget.attrs["autocomplete"] = "organization-title"
        sure.label = pick(
            nl="Ik antwoord namens de leverancier, en naar waarheid.", en="I answer for the supplier, and truthfully."
        )


class EncloseForm(DocumentForm):
    """A document, with one of the questions or with all of them."""

    key = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, questions: Mapping[str, Question], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        key = self.fields["key"]
        key.label = pick(nl="Bij welke vraag hoort het?", en="Which question does it go with?")
        general = pick(nl="bij alles", en="with everything")
        key.choices = [("", general), *((k, said(q.field.label)) for k, q in questions.items())]  # type: ignore[attr-defined]


class TermForm(forms.Form):
    """Another last day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.fields["due"] = _due(timezone.localdate() + TERM / 2)


class AgainForm(TermForm):
    """What is lacking, and by when."""

    remark = forms.CharField(max_length=1_000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remark"].label = pick(nl="Wat wil je nog weten?", en="What do you still want to know?")


class CloseForm(forms.Form):
    """What is done with the answers."""

    outcome = forms.CharField(max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        outcome = self.fields["outcome"]
        outcome.label = pick(nl="Wat doe je met deze antwoorden?", en="What do you do with these answers?")
        outcome.help_text = pick(
            nl="Zeg ook wat ontbreekt of niet overtuigt. Dit komt bij eis lit-6.",
            en="Say as well what is lacking or does not convince. This goes with requirement lit-6.",
        )


class JudgeForm(forms.Form):
    """What a person here makes of the supplier's answer to a requirement."""

    value = forms.TypedChoiceField(coerce=AnswerValue, widget=forms.RadioSelect)
    because = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=4_000)
    role = forms.TypedChoiceField(coerce=Role, empty_value=None, required=False)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        value, because, role = (self.fields[n] for n in ("value", "because", "role"))
        value.label = pick(nl="Is dit volgens jou in orde?", en="Is this in order, do you think?")
        value.choices = [(v.value, word(v.value, "answer")) for v in AnswerValue]  # type: ignore[attr-defined]
        because.label = pick(nl="Waarom? Waarop steun je?", en="Why? What do you rely on?")
        because.help_text = pick(
            nl="Dit wordt jouw antwoord, met jouw naam. Wat de leverancier zei, komt er letterlijk onder.",
            en="This becomes your answer, with your name. What the supplier said goes below it, word for word.",
        )
        role.label = pick(nl="In welke rol antwoord je?", en="In which role do you answer?")
        held = [r for r in Role if r.value in {m.value for m in member.roles}]
        role.choices = [("", "–"), *((r.value, word(r.value, "role")) for r in held)]  # type: ignore[attr-defined]


def form_of(page: Page, data: QueryDict | None, replies: Mapping[str, Reply]) -> AnswersForm | ItemsAnswersForm:
    """The form of one page of questions."""
    first = page.questions[0]
    if first.items is not None:
        return ItemsAnswersForm(data, question=first, reply=replies.get(first.key))
    return AnswersForm(data, questions=page.questions, replies=replies)
