"""Forms of accounts and of administration."""

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm, ResetPasswordForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as MFAReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from vangrail.model.framework import both
from vangrail.model.vocabulary import MemberRole, OrganisationKind, Role
from vangrail.web.look.language import pick
from vangrail.web.look.templatetags.look import said, word
from vangrail.web.organisations import administering
from vangrail.web.organisations.models import Organisation, Person


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """Mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = pick(nl="E-mailadres", en="E-mail address")
        self.fields["password"].label = pick(nl="Wachtwoord", en="Password")
        self.fields["password"].help_text = ""  # 'forgotten?' stands below the button: no stop of Tab on the way to it
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignInAgainForm(ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The password, before something weighty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = pick(nl="Wachtwoord", en="Password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)


class _Code(forms.Form):
    """A code of digits, from an app or from paper."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = pick(nl="Code", en="Code")
        self.fields["code"].widget.attrs["inputmode"] = "numeric"
        self.fields["code"].widget.attrs.pop("placeholder", None)


class ConnectAppForm(_Code, ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The first code of an app, by which it shows that it was connected."""


class CodeForm(_Code, AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The second step in signing in."""


class CodeAgainForm(_Code, MFAReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A code, before something weighty."""


class AskResetForm(ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Ask for a new password by mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = pick(nl="E-mailadres", en="E-mail address")
        self.fields["email"].widget.attrs.pop("placeholder", None)

    def clean_email(self) -> str:
        """Who signs in by the identity provider gets no password here: it would keep working after their roles are gone."""
        email = str(super().clean_email())
        self.users: list[Person] = [u for u in self.users if u.subject is None]
        return email


class _NewPassword(forms.Form):
    """A password, typed twice, that is not easy to guess."""

    password = forms.CharField(
        strip=False, max_length=4096, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        strip=False, max_length=4096, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = pick(nl="Kies een wachtwoord", en="Choose a password")
        self.fields["password"].help_text = pick(
            nl="Minstens 12 tekens. Een korte zin is makkelijk te onthouden en moeilijk te raden.",
            en="At least 12 characters. A short sentence is easy to remember and hard to guess.",
        )
        self.fields["again"].label = pick(nl="Nog eens hetzelfde wachtwoord", en="The same password once more")

    def clean(self) -> dict[str, Any]:
        """The same twice, and by the rules."""
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password and password != cleaned.get("again"):
            self.add_error("again", pick(nl="Dit is niet hetzelfde.", en="This is not the same."))
        elif password:
            try:
                validate_password(password, Person(email=self._email(), name=str(cleaned.get("name", ""))))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned

    def _email(self) -> str:
        return str(self.cleaned_data.get("email", ""))


class JoinForm(_NewPassword):
    """A new account, by an invitation."""

    name = forms.CharField(max_length=200)
    field_order = ("name", "password", "again")

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._invited = email
        self.fields["name"].label = pick(nl="Je naam", en="Your name")
        self.fields["name"].help_text = pick(
            nl="Voornaam en naam. Met deze naam onderteken je wat je doet.",
            en="First name and surname. You sign what you do by this name.",
        )

    def _email(self) -> str:
        return self._invited


class FirstStartForm(_NewPassword):
    """The first organisation and its first administrator."""

    organisation = forms.CharField(max_length=200)
    kind = forms.TypedChoiceField(coerce=OrganisationKind)
    name = forms.CharField(max_length=200)
    email = forms.EmailField()
    field_order = ("organisation", "kind", "name", "email", "password", "again")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].label = pick(nl="Naam van je organisatie", en="Name of your organisation")
        self.fields["organisation"].help_text = pick(
            nl="Zoals burgers ze kennen, bijvoorbeeld 'Gemeente Voorbeeld'.",
            en="As citizens know it, for example 'Gemeente Voorbeeld'.",
        )
        self.fields["kind"].label = pick(nl="Wat voor organisatie is het?", en="What kind of body is it?")
        self.fields["kind"].choices = _kinds()  # type: ignore[attr-defined]
        self.fields["name"].label = pick(nl="Je naam", en="Your name")
        self.fields["email"].label = pick(nl="Je e-mailadres", en="Your e-mail address")


MAY = {
    MemberRole.READER: both(nl="ziet alles, wijzigt niets", en="sees everything, changes nothing"),
    MemberRole.CONTRIBUTOR: both(
        nl="registreert, vult de kaart aan, antwoordt en meet", en="registers, fills in the card, answers and measures"
    ),
    MemberRole.APPLICATION_OWNER: both(
        nl="zoals een medewerker, en verdeelt ook het werk, bereidt publicaties voor en antwoordt burgers",
        en="as a contributor, and divides the work, prepares publications and answers citizens as well",
    ),
    MemberRole.DECIDER: both(
        nl="opent of weigert een poort, en keurt publicaties goed",
        en="opens or refuses a gate, and approves publications",
    ),
    MemberRole.DPO: both(nl="geeft advies en herbekijkt bezwaren", en="advises and reviews objections"),
    MemberRole.SECURITY_OFFICER: both(nl="geeft advies en herbekijkt bezwaren", en="advises and reviews objections"),
    MemberRole.AI_OFFICER: both(nl="geeft advies en herbekijkt bezwaren", en="advises and reviews objections"),
    MemberRole.COMMUNICATION: both(
        nl="bereidt publicaties voor of keurt ze goed, en antwoordt burgers",
        en="prepares or approves publications, and answers citizens",
    ),
    MemberRole.HR: both(
        nl="antwoordt over kennis en werk, en bevraagt collega's",
        en="answers on knowledge and work, and surveys colleagues",
    ),
    MemberRole.ADMINISTRATOR: both(
        nl="beheert mensen, verbindingen en uitzicht", en="manages people, connections and look"
    ),
}
"""What each role is for, in the words of who invites; `rights` says it exactly."""


class RolesForm(forms.Form):
    """The roles of somebody."""

    roles = forms.TypedMultipleChoiceField(coerce=MemberRole, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].label = pick(nl="Rollen", en="Roles")
        self.fields["roles"].choices = [(r.value, f"{word(r.value, 'role')}: {said(MAY[r])}") for r in MemberRole]  # type: ignore[attr-defined]


class InviteForm(RolesForm):
    """Somebody new."""

    name = forms.CharField(max_length=200)
    email = forms.EmailField()
    field_order = ("name", "email", "roles")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = pick(nl="Naam", en="Name")
        self.fields["name"].help_text = pick(
            nl="Zoals op de kaarten staat: een kaart noemt mensen bij hun naam.",
            en="As on the cards: a card calls people by their name.",
        )
        self.fields["email"].label = pick(nl="E-mailadres", en="E-mail address")


class ProfileForm(forms.Form):
    """What is the same for all applications of the organisation."""

    name = forms.CharField(max_length=200)
    kind = forms.TypedChoiceField(coerce=OrganisationKind)
    number = forms.CharField(max_length=40, required=False)
    contact = forms.EmailField(required=False)
    help_desk = forms.CharField(max_length=500, required=False)
    competence_profiles = forms.CharField(max_length=500, required=False)
    training_plan = forms.CharField(max_length=500, required=False)
    ai_rules = forms.CharField(max_length=500, required=False)
    deontological_code = forms.CharField(max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "name": pick(nl="Naam", en="Name"),
            "kind": pick(nl="Wat voor organisatie is het?", en="What kind of body is it?"),
            "number": pick(nl="KBO- of OVO-nummer", en="KBO or OVO number"),
            "contact": pick(nl="E-mailadres voor vragen van burgers", en="E-mail address for questions of citizens"),
            "help_desk": pick(
                nl="Bij wie krijgt een collega hulp met AI?", en="Whom does a colleague ask for help with AI?"
            ),
            "competence_profiles": pick(
                nl="Waar staat wat iedereen moet kunnen, per rol?", en="Where does it say what each role has to master?"
            ),
            "training_plan": pick(nl="Waar staat het opleidingsplan over AI?", en="Where is the training plan on AI?"),
            "ai_rules": pick(
                nl="Waar staan jullie eigen regels over AI?", en="Where are your own rules on the use of AI?"
            ),
            "deontological_code": pick(nl="Waar staat de deontologische code?", en="Where is the deontological code?"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["kind"].choices = _kinds()  # type: ignore[attr-defined]
        self.fields["number"].help_text = pick(
            nl="Hiermee herkent je aanmeldsysteem de organisatie.", en="Your identity provider knows the body by it."
        )

    @classmethod
    def of(cls, organisation: Organisation) -> "ProfileForm":
        """As it is now."""
        fields = ("name", "kind", "number", "contact")
        return cls(initial={**organisation.profile, **{f: getattr(organisation, f) for f in fields}})


class AdviceForm(forms.Form):
    """Whose advice is required."""

    of = forms.TypedMultipleChoiceField(coerce=Role, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["of"].label = pick(nl="Verplicht advies van", en="Required advice of")
        self.fields["of"].help_text = pick(
            nl="Zonder dit advies gaat geen poort open. Het advies zelf beslist niet.",
            en="No gate opens without this advice. The advice itself does not decide.",
        )
        self.fields["of"].choices = [(r.value, word(r.value, "role")) for r in administering.ADVISERS]  # type: ignore[attr-defined]


class ConnectionForm(forms.Form):
    """A name and an address."""

    name = forms.CharField(
        max_length=60, validators=[RegexValidator(r"^[A-Z][A-Z0-9_]*$", message="A-Z, 0-9, _")], strip=True
    )
    address = forms.CharField(max_length=2_000, widget=forms.PasswordInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = pick(nl="Naam", en="Name")
        self.fields["name"].help_text = pick(
            nl="In hoofdletters, bijvoorbeeld ZAKEN. Op een kaart staat dan postgresql:ZAKEN of endpoint:ZAKEN.",
            en="In capitals, for example ZAKEN. A card then says postgresql:ZAKEN or endpoint:ZAKEN.",
        )
        self.fields["address"].label = pick(nl="Adres, met wachtwoord", en="Address, with password")
        self.fields["address"].help_text = pick(
            nl="Bijvoorbeeld postgresql://lezer:wachtwoord@server/databank. Geef een account dat alleen mag lezen. We bewaren"
            " het versleuteld en tonen het nooit meer.",
            en="For example postgresql://reader:password@server/database. Give an account that may only read. We keep it"
            " encrypted and never show it again.",
        )


class LookForm(forms.Form):
    """One colour and a logo."""

    accent = forms.CharField(max_length=7, widget=forms.TextInput(attrs={"type": "color"}))
    logo = forms.FileField(required=False)
    no_logo = forms.BooleanField(required=False)

    def __init__(self, *args: Any, has_logo: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accent"].label = pick(nl="Kleur van links en knoppen", en="Colour of links and buttons")
        self.fields["accent"].help_text = pick(
            nl="Donker genoeg om op wit te lezen; we rekenen het na.", en="Dark enough to read on white; we check it."
        )
        self.fields["logo"].label = pick(nl="Logo (niet verplicht)", en="Logo (optional)")
        self.fields["logo"].help_text = pick(nl="PNG of JPEG, hoogstens 300 kB.", en="PNG or JPEG, at most 300 kB.")
        if has_logo:
            self.fields["no_logo"].label = pick(nl="Toon geen logo meer", en="Show no logo any more")
        else:
            del self.fields["no_logo"]


def _kinds() -> list[tuple[str, str]]:
    return [(k.value, word(k.value, "organisation")) for k in OrganisationKind]
