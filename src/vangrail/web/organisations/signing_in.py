"""How people sign in: local accounts that an administrator invites, or the identity provider of the government.

At the provider roles are read anew at every sign-in: what it no longer gives is gone. Of what it sends, only what
`oidc.Claimed` names is kept.
"""

import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import (
    is_reauthentication_required,
    suspend_request,
)
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Language, MemberRole
from vangrail.web.look.limits import client_address
from vangrail.web.organisations import oidc, secrets
from vangrail.web.organisations.models import Administered, Membership, Organisation, Person

PROVIDER = "overheid"
"""What the identity provider is called in addresses of ours."""
_BY_PROVIDER = "socialaccount"


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Local accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that attempts are counted by."""
        return client_address(request)

    def add_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """No message for signing in and out: the page itself shows who is signed in."""
        if "logged_" not in str(args[1:2]):
            super().add_message(request, *args, **kwargs)


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """The key of an authenticator app is kept sealed, as addresses with passwords are."""

    def encrypt(self, text: str) -> str:
        """Sealed."""
        return secrets.sealed(text).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """As it was."""
        return secrets.opened(encrypted_text.encode("ascii"))


class Provider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth has no types
    """The identity provider. Only what `oidc.claimed` takes from its answer gets past this class."""

    package = "allauth.socialaccount.providers.openid_connect"  # where its addresses are

    def extract_uid(self, data: Mapping[str, Any]) -> str:
        """What a person is known by for good."""
        return _claimed(data).subject

    def extract_extra_data(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What is kept in the database of the last sign-in."""
        found = _claimed(data)
        return {
            "organisation": found.organisation,
            "roles": sorted(r.value for r in found.roles),
            "auth_time": found.auth_time,
        }

    def extract_common_fields(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What a new account starts with."""
        found = _claimed(data)
        return {"name": found.name, "address": found.email, "subject": found.subject}

    def extract_email_addresses(self, data: Mapping[str, Any]) -> list[Any]:
        """None: an account is never found, and never joined to another one, by its mail address."""
        return []

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """What the settings say, whatever an address asks for: a link could ask for the national number."""
        return list(self.get_scope())

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """What the settings say, whatever an address asks for."""
        return dict(self.get_auth_params())


class ProviderAccounts(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts that come from the identity provider: made at the first sign-in, and brought up to date at each."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Whoever the provider lets in has an account; without a role they see nothing but that."""
        return True

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Mapping[str, Any]) -> Person:
        """A new person. Their mail address only where nobody here has it yet."""
        person: Person = sociallogin.user
        address = data.get("address")
        if not address or Person.objects.filter(email=address).exists():
            address = oidc.no_address(data["subject"])
        person.email, person.name, person.subject = address, data["name"], data["subject"]
        return person

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Person:
        """The first sign-in."""
        with transaction.atomic():
            person: Person = super().save_user(request, sociallogin, form)
            take_over_roles(person, sociallogin.account.extra_data)
        return person

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Every later sign-in, also the one before a decision."""
        if not sociallogin.is_existing:
            return
        take_over_roles(sociallogin.user, sociallogin.account.extra_data)
        again = sociallogin.state.get("process") == AuthProcess.REDIRECT
        if again and request.user == sociallogin.user and is_fresh(sociallogin.account.extra_data.get("auth_time")):
            record_authentication(
                request,
                sociallogin.user,
                _BY_PROVIDER,
                provider=PROVIDER,
                uid=sociallogin.account.uid,
                reauthenticated=True,
            )


def provider_settings() -> oidc.Settings:
    """How the identity provider is set up. There is no way here without one."""
    if settings.OIDC is None:
        raise RuntimeError("somebody came from an identity provider, and none is set up")
    return settings.OIDC


def _claimed(data: Mapping[str, Any]) -> oidc.Claimed:
    try:
        return oidc.claimed(
            provider_settings(), id_token=data.get("id_token") or {}, userinfo=data.get("userinfo") or {}
        )
    except VangrailError as error:
        raise OAuth2Error(error.what[Language.EN]) from error


@transaction.atomic
def take_over_roles(person: Person, kept: Mapping[str, Any]) -> None:
    """Give somebody the roles that the provider gives now, in the organisation that they chose there, and no others of it."""
    roles = sorted(MemberRole(r).value for r in kept["roles"])
    organisation = _organisation(kept["organisation"]) if roles else None
    gone = Membership.objects.filter(person=person, from_provider=True)
    for membership in gone.exclude(organisation=organisation) if organisation else gone:
        _note(membership.organisation, Administered.Act.LEFT, person, membership.roles)
        membership.delete()
    if organisation is None:
        return
    held = Membership.objects.filter(person=person, organisation=organisation).first()
    if held is None or held.roles != roles or not held.from_provider:
        Membership.objects.update_or_create(
            person=person, organisation=organisation, defaults={"roles": roles, "from_provider": True}
        )
        _note(organisation, Administered.Act.ROLES, person, roles)


def _organisation(code: str) -> Organisation | None:
    """The organisation with this code: by its short name where the settings name it, else by its number."""
    if provider_settings().organisation is not None:
        return Organisation.objects.filter(slug=code).first()
    wanted = oidc.same_code(code)
    found = [o for o in Organisation.objects.exclude(number="") if oidc.same_code(o.number) == wanted]
    return found[0] if len(found) == 1 else None  # two organisations with one number: then it is not known which


def _note(organisation: Organisation, act: str, person: Person, roles: list[str]) -> None:
    Administered.objects.create(organisation=organisation, by=None, act=act, about=person.name, roles=roles)


def by_provider(request: HttpRequest) -> bool:
    """Whether this session began at the identity provider."""
    return any(r.get("method") == _BY_PROVIDER for r in get_authentication_records(request, request.user))


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether somebody signed in with a password alone. At the provider, the provider sees to it; in a demo nobody does."""
    if settings.DEMO or by_provider(request):
        return False
    return not is_mfa_enabled(request.user, types=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])


def is_fresh(moment: float | None) -> bool:
    """Whether somebody signed in at the provider a short while ago, by its own clock."""
    if moment is None:
        return provider_settings().trust_prompt
    return time.time() - moment < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


View = Callable[..., HttpResponse]


def signed_in_again(view: View) -> View:
    """A view that somebody gets to only a short while after signing in again: with a password, a second factor, or at the
    identity provider. What they sent is kept meanwhile, and done afterwards."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not by_provider(request):
            if is_reauthentication_required(request, app="vangrail"):
                raise ReauthenticationRequired
        elif not signed_in_again_at_provider(request):
            waiting: HttpResponse = suspend_request(request, reverse("sign_in_again"))
            return waiting
        return view(request, *args, **kwargs)

    return checked


def signed_in_again_at_provider(request: HttpRequest) -> bool:
    """allauth takes accounts without a password for signed in again, always; so this is asked here."""
    again = [r["at"] for r in get_authentication_records(request, request.user) if r.get("reauthenticated")]
    return bool(again) and time.time() - again[-1] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def ask_again(request: HttpRequest, *, then: str) -> HttpResponse:
    """To the provider, which asks who it is anew; and back to `then`."""
    from allauth.socialaccount.adapter import get_adapter

    provider = get_adapter().get_provider(request, PROVIDER)
    # max_age makes the provider say when somebody signed in (OpenID Connect Core 3.1.2.1): whoever leaves out 'prompt' in
    # their browser is seen.
    params = {**provider.get_auth_params(), "prompt": "login", "max_age": "0"}
    sent: HttpResponse = provider.redirect(request, process=AuthProcess.REDIRECT, next_url=then, auth_params=params)
    return sent
