"""Forms of the interview: one question with the answers that it takes."""

from typing import Any

from django import forms

from vangrail import law
from vangrail.model.vocabulary import Role
from vangrail.web.look.language import current, pick
from vangrail.web.look.templatetags.look import word
from vangrail.web.organisations.models import Organisation, Person

NONE = "none"


class QuestionForm(forms.Form):
    """The answer to one question, as it stands on a card in `cleaned_data["value"]`."""

    def __init__(self, *args: Any, question: law.Question, known: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        value = self._field(question)
        value.label = pick(nl="Jouw antwoord", en="Your answer")
        value.error_messages["required"] = pick(
            nl="Kies een antwoord, of kies 'Ik weet het niet'.", en="Choose an answer, or choose 'I don't know'."
        )
        self.fields["value"] = value
        if question.kind == "date":
            value.required = False
            self.fields["never"] = forms.BooleanField(
                required=False, label=pick(nl="Dat is nog niet gebeurd", en="That has not happened yet")
            )
            self.initial["never"] = known == NONE
        if known is not None:
            self.initial["value"] = self._shown(known)

    def _field(self, question: law.Question) -> forms.Field:
        language = current()
        texts = [(v, text[language]) for v, text in question.values.items()]
        match question.kind:
            case "yes_no":
                yes_no = [(v, law.word(v)[language].capitalize()) for v in ("yes", "no")]
                return forms.ChoiceField(choices=yes_no, widget=forms.RadioSelect)
            case "choice":
                return forms.ChoiceField(choices=texts, widget=forms.RadioSelect)
            case "choices":
                none = (NONE, pick(nl="geen van deze", en="none of these"))
                return forms.MultipleChoiceField(choices=[*texts, none], widget=forms.CheckboxSelectMultiple)
            case "number":
                return forms.CharField(max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
            case "date":
                return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def _shown(self, known: Any) -> Any:
        match self.question.kind:
            case "yes_no":
                return "yes" if known in (True, "yes") else "no"
            case "choices":
                return list(known) or [NONE]
            case "date":
                return "" if known == NONE else known
            case _:
                return known

    def clean(self) -> dict[str, Any]:
        """The answer as on a card. What two answers say at once is refused here, with the words of this page."""
        super().clean()
        given: Any = self.cleaned_data.get("value")
        if "value" not in self.cleaned_data:
            return self.cleaned_data
        match self.question.kind:
            case "yes_no":
                given = given == "yes"
            case "choices":
                if NONE in given and len(given) > 1:
                    self.add_error(
                        "value",
                        pick(
                            nl="Kies 'geen van deze', of kies de rest.",
                            en="Choose 'none of these', or choose the rest.",
                        ),
                    )
                given = [] if NONE in given else sorted(given)
            case "number":
                given = self._number(str(given))
            case "date":
                given = self._day(given)
        self.cleaned_data["value"] = given
        return self.cleaned_data

    def _number(self, given: str) -> Any:
        try:
            number = float(given.replace(",", "."))
        except ValueError:
            number = -1
        if not 0 <= number < float("inf"):
            self.add_error("value", pick(nl="Geef een getal van 0 of meer.", en="Give a number of 0 or more."))
        return number

    def _day(self, given: Any) -> Any:
        never = self.cleaned_data.get("never")
        if bool(given) == bool(never):
            self.add_error(
                "value",
                pick(
                    nl="Geef een dag, of kruis aan dat het nog niet gebeurd is.",
                    en="Give a day, or tick that it has not happened yet.",
                ),
            )
            return None
        return NONE if never else given.isoformat()


class ReplyForm(QuestionForm):
    """The same for a colleague, who can add something."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reply"] = forms.CharField(
            required=False,
            max_length=1_000,
            widget=forms.Textarea(attrs={"rows": 3}),
            label=pick(nl="Wil je iets toevoegen? Dat hoeft niet.", en="Anything to add? You need not."),
        )


class AskForm(forms.Form):
    """Whom to ask, and what to tell them."""

    prefix = "ask"
    person = forms.ModelChoiceField(queryset=Person.objects.none())
    note = forms.CharField(required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, organisation: Organisation, but: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person, note = self.fields["person"], self.fields["note"]
        colleagues = Person.objects.filter(memberships__organisation=organisation, is_active=True)
        person.queryset = colleagues.exclude(pk=but.pk).order_by("name")  # type: ignore[attr-defined]
        person.label = pick(nl="Wie weet dit?", en="Who knows this?")
        person.help_text = pick(
            nl="De vraag komt bij de taken van die persoon.", en="The question comes under that person's tasks."
        )
        note.label = pick(nl="Wil je er iets bij zeggen? Dat hoeft niet.", en="Anything to add? You need not.")


class DayForm(forms.Form):
    """The day on which the law is looked at."""

    op = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["op"].label = pick(nl="Wat geldt er op een andere dag?", en="What applies on another day?")


class ConfirmForm(forms.Form):
    """In which role, and why."""

    role = forms.TypedChoiceField(coerce=Role)
    reasons = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=10_000)

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role, reasons = self.fields["role"], self.fields["reasons"]
        role.label = pick(nl="In welke rol bevestig je?", en="In which role do you confirm?")
        role.choices = [(r.value, word(r.value, "role")) for r in roles]  # type: ignore[attr-defined]
        reasons.label = pick(
            nl="Waarom klopt deze indeling volgens jou?", en="Why do you think this classification is right?"
        )
        reasons.help_text = pick(
            nl="Zeg wat je nakeek. Je naam en de dag komen erbij.",
            en="Say what you checked. Your name and the day are added.",
        )
