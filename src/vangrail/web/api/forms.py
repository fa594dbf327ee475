"""Making a token."""

from typing import Any

from django import forms

from vangrail.web.look.language import pick


class TokenForm(forms.Form):
    """A name by which one knows later what a token is for."""

    name = forms.CharField(max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = pick(nl="Waarvoor is deze sleutel?", en="What is this token for?")
        self.fields["name"].help_text = pick(
            nl="Bijvoorbeeld 'nachtelijke meting'. Zo weet je later welke je mag intrekken.",
            en="For instance 'nightly measurement'. Then you know later which one you can take back.",
        )
