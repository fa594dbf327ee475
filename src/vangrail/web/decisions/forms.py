"""Forms at a gate."""

from collections.abc import Sequence
from typing import Any

from django import forms

from vangrail.model.vocabulary import GateOutcome, Role
from vangrail.web.look.language import pick
from vangrail.web.look.templatetags.look import word


class _Reasons(forms.Form):
    """Reasons, and the role in which one acts."""

    role = forms.TypedChoiceField(coerce=Role)
    reasons = forms.CharField(widget=forms.Textarea, max_length=10_000)

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        role.label = pick(nl="In welke rol?", en="In which role?")
        role.choices = [(r.value, word(r.value, "role")) for r in roles]  # type: ignore[attr-defined]
        self.fields["reasons"].label = pick(nl="Je redenen", en="Your reasons")
        self.fields["reasons"].help_text = pick(
            nl="Minstens één zin. Je naam en de dag komen erbij, en het gaat naar het logboek.",
            en="At least one sentence. Your name and the day are added, and it goes to the ledger.",
        )


class DecisionForm(_Reasons):
    """Open the gate, or keep it shut."""

    outcome = forms.TypedChoiceField(coerce=GateOutcome, widget=forms.RadioSelect)
    field_order = ("outcome", "role", "reasons")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcome = self.fields["outcome"]
        outcome.label = pick(nl="Wat beslis je?", en="What do you decide?")
        outcome.choices = [  # type: ignore[attr-defined]
            ("opened", pick(nl="Ik open de poort", en="I open the gate")),
            ("refused", pick(nl="Ik houd de poort dicht", en="I keep the gate shut")),
        ]


class AdviceForm(_Reasons):
    """Favourable or not, and why."""

    favourable = forms.TypedChoiceField(coerce=lambda v: v == "yes", widget=forms.RadioSelect)
    field_order = ("favourable", "role", "reasons")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        favourable = self.fields["favourable"]
        favourable.label = pick(nl="Wat is je advies?", en="What is your advice?")
        favourable.choices = [  # type: ignore[attr-defined]
            ("yes", pick(nl="Gunstig", en="Favourable")),
            ("no", pick(nl="Ongunstig", en="Unfavourable")),
        ]


class StopForm(forms.Form):
    """One reason."""

    reasons = forms.CharField(max_length=2_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"].label = pick(nl="Waarom?", en="Why?")
