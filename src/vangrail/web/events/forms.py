"""Forms of events."""

from collections.abc import Sequence
from typing import Any

from django import forms

from vangrail import knowledge
from vangrail.model.vocabulary import RecordKind
from vangrail.web.events.acts import BY_HAND
from vangrail.web.look.language import current, pick
from vangrail.web.organisations.models import Person


class EventForm(forms.Form):
    """What happened, when, and what came of it."""

    kind = forms.ChoiceField(widget=forms.RadioSelect)
    on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    what = forms.CharField(max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}))
    outcome = forms.CharField(required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}))
    people = forms.IntegerField(required=False, min_value=0, max_value=1_000_000)
    document = forms.CharField(required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, on, what, outcome, people, document = self.fields.values()
        kind.label = pick(nl="Wat was het?", en="What was it?")
        kind.choices = [(k.value, _explained(k)) for k in BY_HAND]  # type: ignore[attr-defined]
        on.label = pick(nl="Op welke dag?", en="On which day?")
        what.label = pick(nl="Wat gebeurde er?", en="What happened?")
        what.help_text = pick(
            nl="Noem groepen of diensten, geen namen van mensen. Bijvoorbeeld: opleiding van twee uur voor het loket.",
            en="Name groups or departments, no names of people. For example: two hours of training for the front desk.",
        )
        outcome.label = pick(nl="Wat kwam eruit?", en="What came of it?")
        outcome.help_text = pick(
            nl="Bijvoorbeeld: wie het oplost, wat je veranderde, wat de deelnemers ervan vonden.",
            en="For example: who puts it right, what you changed, what the participants thought.",
        )
        people.label = pick(nl="Hoeveel mensen deden mee? (niet verplicht)", en="How many people took part? (optional)")
        document.label = pick(nl="Waar staat het verslag? (niet verplicht)", en="Where is the report? (optional)")

    def clean_kind(self) -> RecordKind:
        """The kind."""
        return RecordKind(self.cleaned_data["kind"])


def _explained(kind: RecordKind) -> str:
    term = knowledge.framework().term(f"record.{kind}")
    title = term.title[current()]
    return f"{title[0].upper()}{title[1:]}: {term.meaning[current()]}"


class WatchForm(forms.Form):
    """Who hears what changed."""

    told = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {str(p.pk): p for p in people}
        told = self.fields["told"]
        told.label = pick(nl="Wie krijgt bericht?", en="Who gets a message?")
        told.help_text = pick(
            nl="Zij krijgen een mail en een taak als een oordeel verandert of een meting niet lukt.",
            en="They get a mail and a task when a verdict changes or a measurement does not succeed.",
        )
        told.choices = [(pk, p.name) for pk, p in self._people.items()]  # type: ignore[attr-defined]

    def clean_told(self) -> list[Person]:
        """The people."""
        return [self._people[pk] for pk in self.cleaned_data["told"]]
