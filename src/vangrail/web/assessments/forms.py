"""Forms of the board."""

from typing import Any

from django import forms

from vangrail.model.vocabulary import AnswerValue, Role
from vangrail.web.look.language import pick
from vangrail.web.look.templatetags.look import word
from vangrail.web.organisations.members import Member


class AnswerForm(forms.Form):
    """The reasoned answer of a person, in one of the roles that they have."""

    value = forms.TypedChoiceField(coerce=AnswerValue, widget=forms.RadioSelect)
    because = forms.CharField(widget=forms.Textarea, max_length=10_000)
    documents = forms.CharField(widget=forms.Textarea, required=False, max_length=5_000)
    role = forms.TypedChoiceField(coerce=Role, empty_value=None, required=False)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        value, because, documents, role = (self.fields[n] for n in ("value", "because", "documents", "role"))
        value.label = pick(nl="Is dit in orde?", en="Is this in order?")
        value.choices = [(v.value, word(v.value, "answer")) for v in AnswerValue]  # type: ignore[attr-defined]
        because.label = pick(nl="Waarom? Schrijf je redenen.", en="Why? Write your reasons.")
        because.help_text = pick(
            nl="Wie dit later leest, moet kunnen volgen waarom. Je naam en de dag komen erbij.",
            en="Whoever reads this later must be able to follow why. Your name and the day are added.",
        )
        documents.label = pick(nl="Documenten (niet verplicht)", en="Documents (optional)")
        documents.help_text = pick(
            nl="Een adres of een naam per regel, bijvoorbeeld https://... of 'collegebesluit 12 mei 2026'.",
            en="One address or name per line, for example https://... or 'decision of 12 May 2026'.",
        )
        documents.widget.attrs["rows"] = 2
        role.label = pick(nl="In welke rol antwoord je?", en="In which role do you answer?")
        held = [r for r in Role if r.value in {m.value for m in member.roles}]
        role.choices = [("", "–"), *((r.value, word(r.value, "role")) for r in held)]  # type: ignore[attr-defined]

    def clean_documents(self) -> tuple[str, ...]:
        """One per line."""
        return tuple(line.strip() for line in self.cleaned_data["documents"].splitlines() if line.strip())
