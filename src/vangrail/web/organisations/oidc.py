"""Signing in by an identity provider (OpenID Connect): its settings, and what its claims say. No Django, no network.

The shape is that of ACM/IDM, the login of the Flemish government: a role claim holds `Rol:Organisatiecode`, for one or more
organisations, as one text or as a list. Providers that only name roles (Entra ID, Keycloak) serve one organisation.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import MemberRole

NEVER_ASKED = ("rrn", "rijksregisternummer")
"""Scopes and claims with a national number: nothing here needs it, so it is neither asked nor kept."""
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class Settings(BaseModel):
    """The JSON file behind `VANGRAIL_OIDC`. Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = "ACM/IDM"
    """As the button says it."""
    issuer: str
    client_id: str = Field(min_length=1)
    client_secret: str = Field(min_length=1)
    scopes: tuple[str, ...] = ("openid", "profile")
    """Exactly what the provider granted: one too many, and ACM/IDM refuses the whole sign-in."""
    subject_claim: str = "sub"
    """What a person is known by for good; `vo_id` at ACM/IDM. `sub` where the claim is not there."""
    role_claim: str
    roles: dict[str, MemberRole] = Field(min_length=1)
    """The provider's word for a role, and ours."""
    organisation_claim: str | None = None
    """The claim with the code of the organisation that somebody chose; `vo_orgcode` at ACM/IDM."""
    organisation: str | None = None
    """The short name of the one organisation, where the provider knows no organisations."""
    trust_prompt: bool = False
    """Whether 'sign in again' counts where the provider does not say when somebody signed in (no `auth_time`)."""

    @field_validator("issuer")
    @classmethod
    def _encrypted(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _THIS_MACHINE):
            raise ValueError("has to start with https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if "openid" not in self.scopes:
            raise ValueError("'scopes' needs 'openid'")
        if set(self.scopes) & set(NEVER_ASKED) or {self.subject_claim, self.role_claim} & set(NEVER_ASKED):
            raise ValueError("the national number (rrn) is never asked")
        if (self.organisation_claim is None) == (self.organisation is None):
            raise ValueError("give either 'organisation_claim' or 'organisation'")
        return self


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """What the provider says of a person, and nothing else of what it sent.

    organisation   the code that it gave, or the short name from the settings; empty when it gave none
    auth_time      when they signed in at the provider, in seconds since 1970; none when it does not say
    """

    subject: str
    name: str
    email: str | None
    organisation: str
    roles: frozenset[MemberRole]
    auth_time: int | None


def read(file: Path) -> Settings:
    """The settings. VangrailError that names what is wrong; the message never holds a secret."""
    try:
        return Settings.model_validate(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise VangrailError(
            f"VANGRAIL_OIDC: {file} is no JSON file that can be read.", do="See docs/site.md for an example."
        ) from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors())
        raise VangrailError(f"VANGRAIL_OIDC: {wrong}.", do="See docs/site.md for an example.") from None


def claimed(settings: Settings, *, id_token: Mapping[str, Any], userinfo: Mapping[str, Any]) -> Claimed:
    """What matters of the claims. VangrailError when there is no subject, or the two are about different people."""
    if userinfo and id_token and userinfo.get("sub") != id_token.get("sub"):
        # OpenID Connect Core 5.3.2: then the user info is not to be used.
        raise VangrailError("The identity provider answered about somebody else.")
    claims = {**id_token, **userinfo}
    subject = str(claims.get(settings.subject_claim) or claims.get("sub") or "")
    if not subject:
        raise VangrailError("The identity provider did not say who this is.")
    code = settings.organisation or str(claims.get(settings.organisation_claim or "") or "")
    moment = id_token.get("auth_time")
    return Claimed(
        subject=subject,
        name=_name(claims) or subject,
        email=_email(claims),
        organisation=code,
        roles=roles(claims.get(settings.role_claim), settings, code=code),
        auth_time=int(moment) if isinstance(moment, int | float) else None,
    )


def roles(value: Any, settings: Settings, *, code: str) -> frozenset[MemberRole]:
    """The roles that a claim gives for the organisation with this code.

    `Rol:Code1, Code2`, one or a list of them. A role without a code counts only where the settings name the organisation.
    """
    held = value if isinstance(value, list | tuple) else [value]
    found = set()
    for one in held:
        if not isinstance(one, str):
            continue
        name, colon, codes = (part.strip() for part in one.partition(":"))
        here = code and (
            same_code(code) in {same_code(c) for c in codes.split(",")} if colon else settings.organisation is not None
        )
        if here and name in settings.roles:
            found.add(settings.roles[name])
    return frozenset(found)


def same_code(code: str) -> str:
    """A code of an organisation as it can be compared: KBO 0207.437.468, BE0207437468 and 0207437468 are one."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    return plain.removeprefix("BE") if plain.removeprefix("BE").isdecimal() else plain


def no_address(subject: str) -> str:
    """What stands for the mail address of somebody of whom none is known: nothing is ever sent there (RFC 2606)."""
    return f"{sha256(subject.encode()).hexdigest()[:24]}@geen-adres.invalid"


def _name(claims: Mapping[str, Any]) -> str:
    parts = [str(claims.get(k) or "").strip() for k in ("given_name", "family_name")]
    return (" ".join(p for p in parts if p) or str(claims.get("name") or "")).strip()[:200]


def _email(claims: Mapping[str, Any]) -> str | None:
    """Only what the provider says it verified: anybody can type the address of somebody else."""
    return str(claims["email"]).lower() if claims.get("email") and claims.get("email_verified") is True else None
