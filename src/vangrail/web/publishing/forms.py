"""Forms of publishing."""

from typing import Any

from django import forms

from vangrail.web.look.language import pick


class ReviewForm(forms.Form):
    """What the second person says."""

    approved = forms.TypedChoiceField(coerce=lambda v: v == "yes", widget=forms.RadioSelect)
    reasons = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=5_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        approved, reasons = self.fields["approved"], self.fields["reasons"]
        approved.label = pick(nl="Mag deze pagina openbaar worden?", en="May this page become public?")
        approved.help_text = pick(
            nl="Lees ze eerst helemaal, zoals een inwoner ze zou lezen. Klopt het? Is het duidelijk? Staat er niemand met naam in?",
            en="First read all of it, as a resident would. Is it right? Is it clear? Is nobody named?",
        )
        approved.choices = [  # type: ignore[attr-defined]
            ("yes", pick(nl="Ja, zet ze in het openbare register", en="Yes, put it in the public register")),
            ("no", pick(nl="Nee, er moet nog iets veranderen", en="No, something must change first")),
        ]
        reasons.label = pick(nl="Waarom niet?", en="Why not?")
        reasons.help_text = pick(
            nl="Alleen nodig bij nee. Zeg wat er moet veranderen.", en="Only needed for no. Say what must change."
        )


class WithdrawForm(forms.Form):
    """Why a page goes away."""

    reasons = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = self.fields["reasons"]
        reasons.label = pick(nl="Waarom haal je de pagina weg?", en="Why do you take the page away?")
        reasons.help_text = pick(
            nl="Deze reden wordt openbaar: ze staat op het adres van de pagina. Noem niemand met naam.",
            en="This reason becomes public: it stands at the address of the page. Name nobody.",
        )
