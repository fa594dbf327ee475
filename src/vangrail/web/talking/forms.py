"""Forms beside a requirement."""

from collections.abc import Sequence
from typing import Any

from django import forms

from vangrail.web.look.language import pick
from vangrail.web.organisations.models import Person
from vangrail.web.talking import acts, files


class CommentForm(forms.Form):
    """Words, and whom they are for."""

    text = forms.CharField(widget=forms.Textarea, max_length=acts.LONGEST)
    called = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, people: Sequence[Person], by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {str(p.pk): p for p in people if p != by}
        text, called = self.fields["text"], self.fields["called"]
        text.label = pick(nl="Wat wil je zeggen of vragen?", en="What do you want to say or ask?")
        text.widget.attrs["rows"] = 3
        called.label = pick(nl="Voor wie is dit? (niet verplicht)", en="Whom is this for? (optional)")
        called.help_text = pick(
            nl="Wie je aanduidt, ziet het bij zijn taken en krijgt er een mail over.",
            en="Whoever you choose sees it among their tasks and gets a mail about it.",
        )
        called.choices = [(pk, p.name) for pk, p in self._people.items()]  # type: ignore[attr-defined]

    def clean_called(self) -> list[Person]:
        """The people."""
        return [self._people[pk] for pk in self.cleaned_data["called"]]


class AssignForm(forms.Form):
    """Who, and by when."""

    to = forms.ChoiceField()
    due = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    note = forms.CharField(required=False, max_length=500)

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {str(p.pk): p for p in people}
        to, due, note = self.fields["to"], self.fields["due"], self.fields["note"]
        to.label = pick(nl="Wie bekijkt dit?", en="Who looks into this?")
        to.choices = [("", "–"), *((pk, p.name) for pk, p in self._people.items())]  # type: ignore[attr-defined]
        due.label = pick(nl="Tegen wanneer? (niet verplicht)", en="By when? (optional)")
        note.label = pick(nl="Wat vraag je? (niet verplicht)", en="What do you ask? (optional)")

    def clean_to(self) -> Person:
        """The person."""
        return self._people[self.cleaned_data["to"]]


class DocumentForm(forms.Form):
    """A file."""

    file = forms.FileField(max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file = self.fields["file"]
        file.label = pick(nl="Voeg een document toe", en="Attach a document")
        file.help_text = pick(
            nl=f"Hoogstens {files.LARGEST // 1024 // 1024} MB: {files.KNOWN}. Zet er geen persoonsgegevens in.",
            en=f"At most {files.LARGEST // 1024 // 1024} MB: {files.KNOWN}. Put no personal data in it.",
        )
