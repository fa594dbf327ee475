"""Choosing among applications."""

from collections.abc import Iterable
from typing import Any

from django import forms

from vangrail.model.vocabulary import Phase
from vangrail.web.look.language import pick
from vangrail.web.look.templatetags.look import word
from vangrail.web.managing.portfolio import SORTS, STATES


class PortfolioForm(forms.Form):
    """Which applications, in which order. Everything may be left open; what is unknown counts as left open."""

    phase = forms.ChoiceField(required=False)
    state = forms.ChoiceField(required=False)
    owner = forms.ChoiceField(required=False)
    sort = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, owners: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", pick(nl="Alle", en="All"))
        states = {
            "stopped": pick(nl="Gestopt", en="Stopped"),
            "overdue": pick(nl="Iets is over tijd", en="Something is overdue"),
            "stale": pick(nl="Bewijs is verlopen", en="Evidence has expired"),
            "not_met": pick(nl="Een eis is niet voldaan", en="A requirement is not met"),
            "retired": pick(nl="Uit gebruik", en="Retired"),
        }
        sorts = {
            "name": pick(nl="Naam", en="Name"),
            "phase": pick(nl="Fase", en="Phase"),
            "open": pick(nl="Meeste open eisen eerst", en="Most open requirements first"),
            "overdue": pick(nl="Meeste over tijd eerst", en="Most overdue first"),
        }
        for name, label, choices in (
            ("phase", pick(nl="Fase", en="Phase"), [every, *((p.value, word(p.value, "phase")) for p in Phase)]),
            ("state", pick(nl="Toestand", en="State"), [every, *((s, states[s]) for s in STATES)]),
            ("owner", pick(nl="Verantwoordelijke", en="Owner"), [every, *((o, o) for o in sorted(set(owners)) if o)]),
            ("sort", pick(nl="Volgorde", en="Order"), [(s, sorts[s]) for s in SORTS]),
        ):
            self.fields[name].label = label
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def asked(self) -> dict[str, str]:
        """What was chosen."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class DataForm(forms.Form):
    """A file with data."""

    file = forms.FileField(max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = pick(nl="Bestand met gegevens", en="File with data")
        self.fields["file"].help_text = pick(
            nl="CSV of Parquet, hoogstens 100 MB. Het komt in de map van deze toepassing, op je eigen server.",
            en="CSV or Parquet, at most 100 MB. It is put in the folder of this application, on your own server.",
        )
        self.fields["file"].widget.attrs["accept"] = ".csv,.parquet"
