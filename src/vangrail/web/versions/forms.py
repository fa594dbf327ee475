"""Choosing a day, or two versions."""

from typing import Any

from django import forms

from vangrail.web.look.language import pick


class DayForm(forms.Form):
    """A day."""

    op = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.fields["op"].label = pick(nl="Hoe was de kaart op", en="How was the card on")


class PairForm(forms.Form):
    """Two versions, by their numbers."""

    van = forms.TypedChoiceField(coerce=int)
    tot = forms.TypedChoiceField(coerce=int)

    def __init__(self, *args: Any, numbers: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        version = pick(nl="versie", en="version")
        for name, label in (("van", pick(nl="Vergelijk", en="Compare")), ("tot", pick(nl="met", en="with"))):
            self.fields[name].label = label
            self.fields[name].choices = [(n, f"{version} {n}") for n in numbers]  # type: ignore[attr-defined]
