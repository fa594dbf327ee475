"""Registering a webhook."""

from typing import Any

from django import forms

from vangrail.model.vocabulary import HookEvent
from vangrail.web.hooks.words import EVENTS
from vangrail.web.look.language import current, pick

CHOSEN = tuple(e for e in HookEvent if e is not HookEvent.TEST)


class HookForm(forms.Form):
    """What it is for, where it goes, and what it wants to know."""

    name = forms.CharField(max_length=120)
    address = forms.CharField(max_length=1000, widget=forms.URLInput(attrs={"autocomplete": "off"}))
    events = forms.TypedMultipleChoiceField(coerce=HookEvent, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = pick(nl="Waarvoor is het?", en="What is it for?")
        self.fields["name"].help_text = pick(
            nl="Bijvoorbeeld 'kanaal van het AI-team'.", en="For instance 'channel of the AI team'."
        )
        self.fields["address"].label = pick(nl="Adres", en="Address")
        self.fields["address"].help_text = pick(
            nl="Begint met https://. We bewaren het versleuteld en tonen later alleen de naam van de server.",
            en="Begins with https://. We keep it encrypted, and show only the name of the server later.",
        )
        self.fields["events"].label = pick(nl="Waarover sturen we een bericht?", en="What do we send a message about?")
        self.fields["events"].choices = [(e.value, EVENTS[e][current()]) for e in CHOSEN]  # type: ignore[attr-defined]
