"""Forms of the board."""

from collections.abc import Sequence
from typing import Any

from django import forms

from vangrail.model.vocabulary import AnswerValue, Role
from vangrail.web.look.language import pick
from vangrail.web.look.templatetags.look import word
from vangrail.web.organisations.members import Member
from vangrail.web.talking import files
from vangrail.web.talking.models import Document


class AnswerForm(forms.Form):
    """The reasoned answer of a person, in one of the roles that they have."""

    value = forms.TypedChoiceField(coerce=AnswerValue, widget=forms.RadioSelect)
    because = forms.CharField(widget=forms.Textarea, max_length=10_000)
    documents = forms.CharField(widget=forms.Textarea, required=False, max_length=5_000)
    attached = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    file = forms.FileField(required=False, max_length=500)
    role = forms.TypedChoiceField(coerce=Role, empty_value=None, required=False)

    def __init__(self, *args: Any, member: Member, there: Sequence[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._there = {str(d.pk): d for d in there}
        attached, file = self.fields["attached"], self.fields["file"]
        attached.label = pick(nl="Documenten die hier al staan", en="Documents that are here already")
        attached.choices = [(pk, d.name) for pk, d in self._there.items()]  # type: ignore[attr-defined]
        if not self._there:
            del self.fields["attached"]
        file.label = pick(nl="Voeg een document toe (niet verplicht)", en="Attach a document (optional)")
        file.help_text = pick(
            nl=f"Hoogstens {files.LARGEST // 1024 // 1024} MB: {files.KNOWN}.",
            en=f"At most {files.LARGEST // 1024 // 1024} MB: {files.KNOWN}.",
        )
        value, because, documents, role = (self.fields[n] for n in ("value", "because", "documents", "role"))
        value.label = pick(nl="Is dit in orde?", en="Is this in order?")
        value.choices = [(v.value, word(v.value, "answer")) for v in AnswerValue]  # type: ignore[attr-defined]
        because.label = pick(nl="Waarom? Schrijf je redenen.", en="Why? Write your reasons.")
        because.help_text = pick(
            nl="Wie dit later leest, moet kunnen volgen waarom. Je naam en de dag komen erbij.",
            en="Whoever reads this later must be able to follow why. Your name and the day are added.",
        )
        documents.label = pick(nl="Documenten elders (niet verplicht)", en="Documents elsewhere (optional)")
        documents.help_text = pick(
            nl="Een adres of een naam per regel, bijvoorbeeld https://... of 'collegebesluit 12 mei 2026'.",
            en="One address or name per line, for example https://... or 'decision of 12 May 2026'.",
        )
        documents.widget.attrs["rows"] = 2
        role.label = pick(nl="In welke rol antwoord je?", en="In which role do you answer?")
        held = [r for r in Role if r.value in {m.value for m in member.roles}]
        role.choices = [("", "–"), *((r.value, word(r.value, "role")) for r in held)]  # type: ignore[attr-defined]
        if len(held) == 1:
            role.initial = held[0].value

    def clean_documents(self) -> tuple[str, ...]:
        """One per line."""
        return tuple(line.strip() for line in self.cleaned_data["documents"].splitlines() if line.strip())

    def chosen(self) -> tuple[str, ...]:
        """How the answer names the documents that were chosen among those that are here."""
        return tuple(self._there[pk].reference for pk in self.cleaned_data.get("attached", ()))
