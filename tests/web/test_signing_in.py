"""People sign in with a second step or at the provider of the government; what the provider no longer gives is gone."""

import json
import re
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import card, just_signed_in_again, person, second_factor
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import MemberRole as R
from vangrail.web import environment
from vangrail.web.applications import acts as applications
from vangrail.web.applications.models import Decision
from vangrail.web.organisations import administering, colours, first_start, oidc
from vangrail.web.organisations.forgetting import forget
from vangrail.web.organisations.models import Administered, Connection, Invitation, Membership, Organisation, Person

pytestmark = pytest.mark.django_db
PASSWORD = "een lange zin om te onthouden"
ACM = {
    "issuer": "https://authenticatie.vlaanderen.be/op",
    "client_id": "vangrail",
    "client_secret": "geheim-van-de-test",
    "scopes": ["openid", "profile", "vo", "vangrail"],
    "subject_claim": "vo_id",
    "organisation_claim": "vo_orgcode",
    "role_claim": "vangrail_rol_3d",
    "roles": {"VangrailEigenaar": "application_owner", "VangrailBeslisser": "decider", "VangrailLezer": "reader"},
}
KBO = "0207437468"


@pytest.fixture(autouse=True)
def _fresh_counts():
    """Each test starts without attempts that were counted before."""
    cache.clear()


# --- what the provider says ------------------------------------------------------------------------------------------


def claims(**more):
    """As ACM/IDM gives them."""
    return {
        "sub": "x1",
        "vo_id": "vo-123",
        "given_name": "Els",
        "family_name": "Peeters",
        "vo_orgcode": KBO,
        "vangrail_rol_3d": f"VangrailEigenaar:{KBO}",
        **more,
    }


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (f"VangrailEigenaar:{KBO}", {R.APPLICATION_OWNER}),
        (f"VangrailEigenaar:0999999999, {KBO}", {R.APPLICATION_OWNER}),
        ([f"VangrailEigenaar:{KBO}", f"VangrailLezer:{KBO}"], {R.APPLICATION_OWNER, R.READER}),
        ("VangrailEigenaar:0999999999", set()),
        (["VangrailEigenaar:0999999999", f"VangrailLezer:{KBO}"], {R.READER}),
        (f"IetsAnders:{KBO}", set()),
        ("VangrailEigenaar", set()),
        ([None, 3, {"rol": "VangrailEigenaar"}], set()),
        (None, set()),
        ("", set()),
    ],
)
def test_only_roles_for_the_chosen_organisation_count(said, expected):
    settings = oidc.Settings.model_validate(ACM)
    assert oidc.roles(said, settings, code=KBO) == expected


def test_a_role_without_a_chosen_organisation_is_none():
    assert oidc.roles("VangrailEigenaar:", oidc.Settings.model_validate(ACM), code="") == frozenset()


def test_a_provider_without_organisations_serves_the_one_of_the_settings():
    entra = {k: v for k, v in ACM.items() if k != "organisation_claim"} | {"organisation": "voorbeeld"}
    found = oidc.claimed(
        oidc.Settings.model_validate(entra), id_token={"sub": "x", "vangrail_rol_3d": ["VangrailLezer"]}, userinfo={}
    )
    assert (found.organisation, found.roles) == ("voorbeeld", {R.READER})


def test_of_all_claims_only_what_is_needed_is_taken():
    sent = claims(rrn="90010100123", email="els@elders.example", birthdate="1990-01-01")
    found = oidc.claimed(oidc.Settings.model_validate(ACM), id_token={"sub": "x1"}, userinfo=sent)
    assert (found.subject, found.name, found.email) == ("vo-123", "Els Peeters", None), "the address is not verified"
    assert "90010100123" not in repr(found)


def test_user_info_about_somebody_else_is_refused():
    with pytest.raises(VangrailError, match="somebody else"):
        oidc.claimed(oidc.Settings.model_validate(ACM), id_token={"sub": "x2"}, userinfo=claims())


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"scopes": ["openid", "rrn"]}, "national number"),
        ({"subject_claim": "rrn"}, "national number"),
        ({"scopes": ["profile"]}, "openid"),
        ({"issuer": "http://authenticatie.vlaanderen.be/op"}, "https"),
        ({"organisation": "voorbeeld"}, "either"),
        ({"roles": {"X": "keizer"}}, "roles"),
        ({"onbekend": 1}, "onbekend"),
    ],
)
def test_settings_of_the_provider_that_cannot_be_right_stop_the_start(tmp_path, change, problem):
    file = tmp_path / "oidc.json"
    file.write_text(json.dumps(ACM | change), encoding="utf-8")
    with pytest.raises(VangrailError, match=problem) as refused:
        oidc.read(file)
    assert "geheim-van-de-test" not in str(refused.value)


def test_the_example_in_the_documents_is_accepted(tmp_path):
    text = (Path(__file__).parents[2] / "docs" / "site.md").read_text(encoding="utf-8")
    file = tmp_path / "oidc.json"
    file.write_text(re.search(r"```json\n(\{.*?\})\n```", text, flags=re.DOTALL)[1], encoding="utf-8")
    assert oidc.read(file).subject_claim == "vo_id"


@pytest.mark.parametrize(
    ("one", "other"), [("0207.437.468", KBO), ("BE 0207 437 468", KBO), ("ovo002949", "OVO002949")]
)
def test_one_organisation_has_one_code_however_it_is_written(one, other):
    assert oidc.same_code(one) == oidc.same_code(other)


# --- signing in at a provider that runs here -------------------------------------------------------------------------


@pytest.fixture
def provider(settings):
    """An identity provider on this machine, with the site set up for it; `say(sub, **claims)` sets what it says of somebody."""
    with oidc_provider_mock.run_server_in_thread() as server:
        address = f"http://localhost:{server.server_port}"
        settings.OIDC = oidc.Settings.model_validate(
            ACM | {"issuer": address, "scopes": ["openid", "profile", "email"]}
        )
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
            | {
                "APPS": [
                    {
                        "provider_id": "overheid",
                        "name": "ACM/IDM",
                        "client_id": "vangrail",
                        "secret": "geheim-van-de-test",
                        "settings": {"server_url": address, "scope": ["openid", "profile", "email"]},
                    }
                ]
            }
        }

        class There:
            """The provider, seen from a test."""

            url = address

            @staticmethod
            def say(sub, **said):
                """What it says of somebody."""
                requests.put(f"{address}/users/{sub}", json=said, timeout=5).raise_for_status()

            @staticmethod
            def sign_in(browser, sub="x1", place=None, **sent):
                """Go there by the link of the site, sign in, and come back; what the site answers in the end."""
                start = browser.get(place or "/aanmelden/oidc/overheid/login/", sent)
                assert start.status_code == 302 and start["Location"].startswith(address)
                return There.go_on(browser, start["Location"], sub)

            @staticmethod
            def go_on(browser, location, sub="x1"):
                """Sign in where the site sent the browser, and come back."""
                back = requests.post(location, data={"sub": sub}, allow_redirects=False, timeout=5)
                parts = urlsplit(back.headers["Location"])
                return browser.get(f"{parts.path}?{parts.query}")

        yield There


@pytest.fixture
def at_acm(town):
    """The town has the number by which the provider knows it."""
    town.organisation.number = "0207.437.468"
    town.organisation.save()
    return town


def said(**more):
    """What the provider says, without what it fills in itself."""
    return {k: v for k, v in claims(**more).items() if k != "sub"}


def test_who_signs_in_at_the_provider_gets_an_account_and_the_roles_that_it_gives(at_acm, provider, client):
    provider.say("x1", **said(rrn="90010100123"))
    assert provider.sign_in(client)["Location"] == "/werk/"
    els = Person.objects.get(subject="vo-123")
    assert (els.name, els.has_usable_password()) == ("Els Peeters", False)
    held = Membership.objects.get(person=els)
    assert (held.organisation, held.held, held.from_provider) == (at_acm.organisation, {R.APPLICATION_OWNER}, True)
    kept = SocialAccount.objects.get(user=els)
    assert kept.uid == "vo-123" and set(kept.extra_data) == {"organisation", "roles", "auth_time"}
    assert client.get(reverse("portfolio", args=["voorbeeld"])).status_code == 200


def test_roles_are_read_again_at_every_sign_in_and_gone_when_they_are_gone(at_acm, provider):
    provider.say("x1", **said())
    provider.sign_in(Client())
    provider.say("x1", **said(vangrail_rol_3d=[f"VangrailLezer:{KBO}"]))
    provider.sign_in(Client())
    assert Membership.objects.get(person__subject="vo-123").held == {R.READER}
    provider.say("x1", **said(vangrail_rol_3d="VangrailEigenaar:0999999999"))
    browser = Client()
    provider.sign_in(browser)
    assert not Membership.objects.filter(person__subject="vo-123").exists()
    assert browser.get(reverse("portfolio", args=["voorbeeld"])).status_code == 404
    assert Administered.objects.filter(by=None).count() == 3


def test_an_account_is_never_taken_over_by_its_mail_address(at_acm, provider, client):
    provider.say("x1", **said(email="els@voorbeeld.example", email_verified=True))
    provider.sign_in(client)
    made = Person.objects.get(subject="vo-123")
    assert made != at_acm.els and made.email.endswith(".invalid")


def test_a_link_cannot_make_the_site_ask_for_more(at_acm, provider, client):
    start = client.get("/aanmelden/oidc/overheid/login/?scope=rrn&auth_params=prompt%3Dnone")
    asked = parse_qs(urlsplit(start["Location"]).query)
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"} and "prompt" not in asked
    assert asked["code_challenge_method"] == ["S256"]


def decider(town, provider, browser, **more):
    """Els Peeters signs in at the provider, and the card names her to decide."""
    applications.declare(
        application=town.application,
        card=card(people={"application_owner": {"name": "An"}, "decider": {"name": "Els Peeters"}}),
        by=town.an,
    )
    provider.say("x1", **said(vangrail_rol_3d=f"VangrailBeslisser:{KBO}", **more))
    provider.sign_in(browser)


DECISION = {"outcome": "refused", "role": "decider", "reasons": "Het nut is nog niet duidelijk."}
GATE = "/werk/voorbeeld/toepassingen/meldingen/poort/beslissing/"


def test_who_decides_signs_in_again_at_the_provider_and_then_it_is_done(at_acm, provider, client):
    decider(at_acm, provider, client, auth_time=int(time.time()))
    asked = client.post(GATE, DECISION)
    assert asked.status_code == 302 and asked["Location"].startswith("/aanmelden/opnieuw/")
    assert not Decision.objects.exists()
    link = re.search(r'href="(/aanmelden/opnieuw/vragen/[^"]+)"', client.get(asked["Location"]).content.decode())[1]
    to = client.get(link)
    sent = parse_qs(urlsplit(to["Location"]).query)
    assert (sent["prompt"], sent["max_age"]) == (["login"], ["0"])
    back = provider.go_on(client, to["Location"])
    assert client.get(back["Location"]).status_code == 302
    assert Decision.objects.get().by.subject == "vo-123"


def test_an_old_sign_in_at_the_provider_is_not_enough(at_acm, provider, client):
    """As when somebody takes 'prompt=login' out of the address in the browser."""
    decider(at_acm, provider, client, auth_time=int(time.time()) - 3600)
    asked = client.post(GATE, DECISION)
    then = parse_qs(urlsplit(asked["Location"]).query)["next"][0]
    to = client.get("/aanmelden/opnieuw/vragen/", {"next": then})
    back = provider.go_on(client, to["Location"])
    again = client.get(back["Location"])
    assert again.status_code == 302 and again["Location"].startswith("/aanmelden/opnieuw/")
    assert not Decision.objects.exists()


def test_somebody_else_who_signs_in_does_not_decide_for_one(at_acm, provider, client):
    decider(at_acm, provider, client, auth_time=int(time.time()))
    provider.say("x2", **said(vo_id="vo-999", auth_time=int(time.time())))
    provider.sign_in(Client(), sub="x2")
    client.post(GATE, DECISION)
    to = client.get("/aanmelden/opnieuw/vragen/", {"next": GATE})
    back = provider.go_on(client, to["Location"], sub="x2")
    assert client.get(back["Location"])["Location"].startswith("/aanmelden/opnieuw/")
    assert not Decision.objects.exists()


def test_who_comes_from_the_provider_gets_no_password_of_ours(at_acm, provider, client):
    provider.say("x1", **said(email="els.peeters@elders.example", email_verified=True))
    provider.sign_in(Client())
    assert Person.objects.filter(subject="vo-123", email="els.peeters@elders.example").exists()
    client.post("/aanmelden/password/reset/", {"email": "els.peeters@elders.example"})
    assert mail.outbox == []


# --- local accounts --------------------------------------------------------------------------------------------------


def with_password(who):
    """Somebody with a password."""
    who.set_password(PASSWORD)
    who.save()
    return who


def sign_in(browser, who, password=PASSWORD):
    """By the form."""
    return browser.post("/aanmelden/login/", {"login": who.email, "password": password})


def test_a_password_lets_one_in(town, client):
    assert sign_in(client, with_password(town.an))["Location"] == "/werk/"
    assert client.get(reverse("portfolio", args=["voorbeeld"])).status_code == 200


def code(secret):
    """What the app on the phone shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_with_an_app_on_the_phone_the_password_alone_does_not(town, client):
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(with_password(town.els), secret)
    assert secret not in str(Authenticator.objects.get(user=town.els).data), "the key is kept sealed"
    assert sign_in(client, town.els)["Location"].startswith("/aanmelden/2fa/authenticate/")
    assert client.get(reverse("portfolio", args=["voorbeeld"])).status_code == 302
    assert client.post("/aanmelden/2fa/authenticate/", {"code": code(secret)})["Location"] == "/werk/"
    assert client.get(reverse("portfolio", args=["voorbeeld"])).status_code == 200


def test_one_sets_up_an_app_after_giving_the_password_again(town, client):
    sign_in(client, with_password(town.els))
    place = "/aanmelden/2fa/totp/activate/"
    assert "reauthenticate" in client.get(place)["Location"]
    client.post(f"/aanmelden/reauthenticate/?next={place}", {"password": PASSWORD})
    secret = re.search(r"<code>([A-Z2-7]{16,})</code>", client.get(place).content.decode())[1]
    assert client.post(place, {"code": code(secret)}).status_code == 302
    assert Authenticator.objects.filter(user=town.els, type="totp").exists()


@pytest.mark.parametrize(
    ("who", "place"),
    [("gerda", "/werk/voorbeeld/beheer/"), ("els", "/werk/voorbeeld/toepassingen/meldingen/poort/beslissing/")],
)
def test_who_decides_or_administers_needs_a_second_step(town, client, who, place):
    one = getattr(town, who)
    client.force_login(one, backend="django.contrib.auth.backends.ModelBackend")
    just_signed_in_again(client, one)
    assert client.post(place)["Location"].startswith("/aanmelden/tweede-stap/")
    assert "passkey" in client.get("/aanmelden/tweede-stap/").content.decode()
    second_factor(one)
    assert client.post(place).status_code == 200
    assert client.get("/aanmelden/tweede-stap/")["Location"] == "/werk/"


def test_reading_needs_no_second_step(town, client):
    client.force_login(town.gerda, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("portfolio", args=["voorbeeld"])).status_code == 200


def test_in_the_demo_nobody_needs_one(town, client, settings):
    settings.DEMO = True
    client.force_login(town.gerda, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/werk/voorbeeld/beheer/").status_code == 200


def test_guessing_passwords_locks_the_guesser_out(town, client, settings):
    settings.ACCOUNT_RATE_LIMITS = False  # the second guard; here the first is looked at
    with_password(town.an)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(client, town.an, password="verkeerd")
    locked = sign_in(client, town.an)
    assert (answer.status_code, locked.status_code) == (429, 429)
    assert "Te veel pogingen" in locked.content.decode()
    assert "_auth_user_id" not in client.session
    assert sign_in(Client(REMOTE_ADDR="10.9.8.7"), town.an).status_code == 302, "An herself is not locked out"


def test_guessing_quickly_is_slowed_down_as_well(town, client):
    with_password(town.an)
    texts = [sign_in(client, town.an, password="verkeerd").content.decode() for _ in range(7)]
    assert "Te veel" in texts[-1] or "too many" in texts[-1].lower()


def test_asking_for_passwords_all_the_time_is_refused(town, client):
    with_password(town.an)
    answers = [client.post("/aanmelden/password/reset/", {"email": town.an.email}).status_code for _ in range(7)]
    assert answers[0] == 302 and answers[-1] == 429
    assert len(mail.outbox) <= 5


def test_a_forgotten_password_is_replaced_by_a_link_in_a_mail(town, client):
    with_password(town.an)
    client.post("/aanmelden/password/reset/", {"email": town.an.email})
    (sent,) = mail.outbox
    assert "nieuw wachtwoord" in sent.subject
    place = urlsplit(re.search(r"http\S+", sent.body)[0]).path
    form = client.get(place)["Location"]
    other = "nog een veel langere zin"
    assert client.post(form, {"password1": other, "password2": other}).status_code == 302
    assert sign_in(Client(), town.an, password=other).status_code == 302


def test_a_stranger_learns_nothing_and_gets_no_mail(client):
    answer = client.post("/aanmelden/password/reset/", {"email": "niemand@elders.example"})
    assert answer.status_code == 302 and mail.outbox == []


@pytest.mark.parametrize(
    "place", ["signup/", "email/", "3rdparty/", "3rdparty/signup/", "password/set/", "confirm-email/x/"]
)
def test_nobody_makes_or_joins_an_account_for_themselves(town, client, place):
    assert client.get(f"/aanmelden/{place}").status_code == 404
    client.force_login(town.an, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/aanmelden/{place}").status_code == 404


def test_one_sees_where_one_is_signed_in_and_signs_the_others_out(town):
    with_password(town.an)
    here, there = Client(), Client()
    sign_in(here, town.an), sign_in(there, town.an)
    assert "dit toestel" in here.get("/aanmelden/sessions/").content.decode()
    here.post("/aanmelden/sessions/")
    assert there.get("/werk/").status_code == 302 and there.get("/werk/")["Location"].startswith("/aanmelden/")
    assert here.get("/werk/").status_code == 302 and "portfolio" not in here.get("/werk/")["Location"]
    assert here.get(reverse("portfolio", args=["voorbeeld"])).status_code == 200


def test_what_is_over_is_forgotten(town, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    browser = Client()
    sign_in(browser, with_password(town.an), password="verkeerd")
    sign_in(browser, town.an)
    administering.invite(organisation=town.organisation, email="x@y.example", name="X", roles=[R.READER], by=town.gerda)
    now = timezone.now()
    forget(now)
    counts = (AccessAttempt.objects.count(), Session.objects.count(), UserSession.objects.count())
    assert counts == (1, 1, 1), "what is going on stays"
    forget(now + timedelta(days=60))
    assert not AccessAttempt.objects.exists() and not Session.objects.exists()
    assert not UserSession.objects.exists() and not Invitation.objects.exists()
    assert not AccessLog.objects.exists()


# --- the first start, and inviting -----------------------------------------------------------------------------------

BEGIN = {
    "organisation": "Gemeente Nieuw",
    "kind": "municipality",
    "name": "Gerda Nieuw",
    "email": "gerda@nieuw.example",
    "password": PASSWORD,
    "again": PASSWORD,
}


def test_the_first_administrator_begins_by_a_link_that_works_once(client):
    token = first_start.new_token()
    place = reverse("first_start", args=[token])
    assert "Welkom" in client.get(place).content.decode()
    done = client.post(place, BEGIN)
    assert done["Location"] == "/werk/gemeente-nieuw/beheer/"
    held = Membership.objects.get()
    assert (held.held, held.person.name) == ({R.ADMINISTRATOR}, "Gerda Nieuw")
    assert Client().get(place).status_code == 404 and Client().post(place, BEGIN).status_code == 404
    assert client.get(done["Location"])["Location"].startswith("/aanmelden/tweede-stap/"), "and then a second step"


def test_each_start_makes_a_new_link_until_there_is_an_organisation(client):
    first, second = first_start.new_token(), first_start.new_token()
    assert client.get(reverse("first_start", args=[first])).status_code == 404
    assert client.get(reverse("first_start", args=[second])).status_code == 200
    Organisation.objects.create(slug="er-is-er-een", name="Er is er een", kind="other")
    assert first_start.new_token() is None and not first_start.holds(second)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"again": "iets anders dan dat"}, "niet hetzelfde"),
        ({"password": "kort", "again": "kort"}, "12"),
        ({"password": "password1234", "again": "password1234"}, "wachtwoord"),
        ({"email": "geen adres"}, "mail"),
    ],
)
def test_what_is_wrong_at_the_first_start_is_told_and_nothing_typed_is_lost(client, change, problem):
    place = reverse("first_start", args=[first_start.new_token()])
    text = client.post(place, BEGIN | change).content.decode()
    assert "field-wrong" in text and problem in text and "Gemeente Nieuw" in text
    assert not Organisation.objects.exists()


def invited(town, browser, django_capture_on_commit_callbacks, roles=("reader",), email="nieuw@voorbeeld.example"):
    """Gerda invites somebody; the link in the mail."""
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(
            "/werk/voorbeeld/beheer/uitnodigen/", {"name": "Nieuwe Collega", "email": email, "roles": list(roles)}
        )
    assert answer.status_code == 200
    return urlsplit(re.search(r"http\S+", mail.outbox[-1].body)[0]).path


def test_who_is_invited_makes_an_account_once(town, as_, django_capture_on_commit_callbacks):
    place = invited(town, as_(town.gerda), django_capture_on_commit_callbacks, roles=["contributor", "hr"])
    assert mail.outbox[-1].to == ["nieuw@voorbeeld.example"]
    browser = Client()
    assert "Nieuwe Collega" in browser.get(place).content.decode()
    sent = {"name": "Nieuwe Collega", "password": PASSWORD, "again": PASSWORD}
    assert browser.post(place, sent)["Location"] == "/werk/voorbeeld/"
    assert Membership.objects.get(person__email="nieuw@voorbeeld.example").held == {R.CONTRIBUTOR, R.HR}
    assert Client().get(place).status_code == 404


def test_who_has_an_account_joins_with_it_and_nobody_else_can(town, dirk, as_, django_capture_on_commit_callbacks):
    place = invited(town, as_(town.gerda), django_capture_on_commit_callbacks, email=dirk.email)
    stranger = Client()
    assert "al een account" in stranger.get(place).content.decode()
    assert stranger.post(place, {"name": "X", "password": PASSWORD, "again": PASSWORD}).status_code == 200
    stranger.force_login(town.fons, backend="django.contrib.auth.backends.ModelBackend")
    stranger.post(place)
    assert not Membership.objects.filter(person=dirk, organisation=town.organisation).exists()
    own = Client()
    own.force_login(dirk, backend="django.contrib.auth.backends.ModelBackend")
    own.post(place)
    assert Membership.objects.get(person=dirk, organisation=town.organisation).held == {R.READER}


def test_a_later_invitation_replaces_the_earlier_one(town, as_, django_capture_on_commit_callbacks):
    browser = as_(town.gerda)
    first = invited(town, browser, django_capture_on_commit_callbacks)
    invited(town, browser, django_capture_on_commit_callbacks)
    assert Client().get(first).status_code == 404


def test_the_last_administrator_stays(town):
    gerda = Membership.objects.get(person=town.gerda)
    with pytest.raises(VangrailError, match="last administrator"):
        administering.set_roles(membership=gerda, roles=[R.READER], by=town.gerda)
    with pytest.raises(VangrailError, match="last administrator"):
        administering.end_membership(membership=gerda, by=town.gerda)
    person("Hans", town.organisation, R.ADMINISTRATOR)
    administering.set_roles(membership=gerda, roles=[R.READER], by=town.gerda)
    assert Membership.objects.get(person=town.gerda).held == {R.READER}


def test_who_leaves_cannot_get_in_any_more(town, as_):
    browser, fonss = as_(town.gerda), Client()
    sign_in(fonss, with_password(town.fons))
    fons = Membership.objects.get(person=town.fons)
    browser.post(f"/werk/voorbeeld/beheer/mensen/{fons.pk}/weg/")
    assert not Person.objects.get(pk=town.fons.pk).is_active
    assert Administered.objects.filter(act="left", about="Fons", by=town.gerda).exists()
    for one in (fonss, Client()):
        sign_in(one, town.fons)
        assert one.get(reverse("portfolio", args=["voorbeeld"])).status_code == 302, "asked to sign in"


def test_roles_of_the_provider_are_not_changed_here(town):
    held = Membership.objects.get(person=town.an)
    held.from_provider = True
    held.save()
    with pytest.raises(VangrailError, match="identity provider"):
        administering.set_roles(membership=held, roles=[R.READER], by=town.gerda)


def test_administration_has_as_many_queries_for_three_as_for_thirty(town, as_, django_assert_num_queries):
    browser = as_(town.gerda)
    browser.get("/werk/voorbeeld/beheer/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        browser.get("/werk/voorbeeld/beheer/")
    for i in range(30):
        person(f"P{i}", town.organisation, R.READER)
    with django_assert_num_queries(len(few)):
        browser.get("/werk/voorbeeld/beheer/")


# --- the organisation ------------------------------------------------------------------------------------------------


def test_an_address_with_a_password_is_sealed_and_never_shown_again(town, as_):
    browser = as_(town.gerda)
    secret = "postgresql://lezer:heel-geheim@db.voorbeeld/zaken"
    browser.post("/werk/voorbeeld/beheer/verbindingen/", {"name": "ZAKEN", "address": secret})
    held = Connection.objects.get()
    assert held.address == secret and b"heel-geheim" not in bytes(held.sealed)
    page = browser.get("/werk/voorbeeld/beheer/verbindingen/").content.decode()
    assert "ZAKEN" in page and "heel-geheim" not in page


def test_trying_a_connection_says_why_it_fails_without_a_word_of_the_address(town, as_):
    browser = as_(town.gerda)
    held = administering.connect(
        organisation=town.organisation,
        name="ZAKEN",
        address="postgresql://lezer:heel-geheim@127.0.0.1:1/zaken",
        by=town.gerda,
    )
    answer = browser.post(f"/werk/voorbeeld/beheer/verbindingen/{held.pk}/proberen/", follow=True)
    text = answer.content.decode()
    assert "ZAKEN" in text and "alert-error" in text and "heel-geheim" not in text and "127.0.0.1" not in text


def test_a_connection_of_another_organisation_is_not_there(town, dirk, as_):
    other = Organisation.objects.get(slug="elders")
    held = administering.connect(organisation=other, name="ZAKEN", address="https://x.example", by=dirk)
    assert as_(town.gerda).post(f"/werk/voorbeeld/beheer/verbindingen/{held.pk}/weg/").status_code == 404


@pytest.mark.parametrize(
    ("colour", "ratio"),
    [("#ffffff", 1.0), ("#000000", 21.0), ("#777777", 4.48), ("#767676", 4.54), ("#0055cc", 6.62), ("#ff0000", 4.0)],
)
def test_contrast_is_that_of_wcag(colour, ratio):
    """#777777 and #767676 are the pair that every guide names: just not enough, and just enough."""
    assert colours.contrast(colours.parsed(colour)) == pytest.approx(ratio, abs=0.01)


def test_a_colour_that_cannot_be_read_is_refused_with_the_figure(town, as_):
    browser = as_(town.gerda)
    text = browser.post("/werk/voorbeeld/beheer/uitzicht/", {"accent": "#ffe615"}).content.decode()
    assert "te licht" in text and "1,3" in text
    browser.post("/werk/voorbeeld/beheer/uitzicht/", {"accent": "#7a0019"})
    sheet = browser.get("/kleuren/voorbeeld.css")
    assert sheet["Content-Type"].startswith("text/css") and "--accent:#7a0019" in sheet.content.decode()


@pytest.mark.parametrize("accent", ["red", "#12345", "#7a0019;}body{display:none", "url(x)", ""])
def test_nothing_but_a_colour_becomes_a_colour(town, as_, accent):
    as_(town.gerda).post("/werk/voorbeeld/beheer/uitzicht/", {"accent": accent})
    assert Organisation.objects.get(slug="voorbeeld").accent == "#0055cc"


PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50


def test_a_logo_is_a_picture_and_nothing_else(town, as_):
    from django.core.files.uploadedfile import SimpleUploadedFile

    browser = as_(town.gerda)
    place = "/werk/voorbeeld/beheer/uitzicht/"
    svg = SimpleUploadedFile("logo.png", b"<svg onload='alert(1)'/>", content_type="image/png")
    assert "PNG of JPEG" in browser.post(place, {"accent": "#0055cc", "logo": svg}).content.decode()
    browser.post(place, {"accent": "#0055cc", "logo": SimpleUploadedFile("../../x.png", PNG)})
    answer = browser.get("/logo/voorbeeld")
    assert answer["Content-Type"] == "image/png" and answer.content == PNG


def test_required_advice_and_profile_are_kept(town, as_):
    browser = as_(town.gerda)
    browser.post("/werk/voorbeeld/beheer/advies/", {"of": ["dpo", "ai_officer"]})
    browser.post(
        "/werk/voorbeeld/beheer/organisatie/",
        {"name": "Gemeente Voorbeeld", "kind": "municipality", "number": KBO, "help_desk": "ai@voorbeeld.example"},
    )
    found = Organisation.objects.get(slug="voorbeeld")
    assert found.advice_required == ["dpo", "ai_officer"]
    assert found.profile == {"help_desk": "ai@voorbeeld.example"} and found.number == KBO


# --- headers and limits ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["/", "/aanmelden/login/", "/aanmelden/password/reset/", "/bestaat-niet/"])
def test_every_page_forbids_what_comes_from_elsewhere(client, place):
    answer = client.get(place)
    policy = answer["Content-Security-Policy"]
    for rule in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
        assert rule in policy
    assert "unsafe" not in policy and "http" not in policy
    assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.fixture
def https(settings):
    """As an installation behind HTTPS."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600


def test_behind_https_cookies_are_safe_and_the_browser_remembers_it(https, town):
    browser = Client()
    assert browser.get("/").status_code == 301
    answer = browser.get("/aanmelden/login/", secure=True)
    assert answer["Strict-Transport-Security"].startswith("max-age=31536000")
    with_password(town.an)
    browser.post("/aanmelden/login/", {"login": town.an.email, "password": PASSWORD}, secure=True)
    for name in ("sessionid", "csrftoken"):
        cookie = browser.cookies[name]
        assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax"
    assert not browser.cookies["sessionid"]["expires"], "the session ends with the browser"


def test_django_finds_nothing_to_warn_about(https, settings):
    settings.SECRET_KEY = "x" * 20 + "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH"
    call_command("check", deploy=True, fail_level="WARNING")


def test_a_body_that_is_too_large_is_refused_before_it_is_read(town, as_):
    browser = as_(town.an)
    answer = browser.post("/aanmelden/login/", b"", content_type="text/plain", CONTENT_LENGTH=str(50 * 1024 * 1024))
    assert answer.status_code == 413
    data = browser.post(
        "/werk/voorbeeld/toepassingen/meldingen/bestanden/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(102 * 1024 * 1024),
    )
    assert data.status_code == 413


def test_the_address_of_a_visitor_is_believed_only_from_proxies_of_ones_own(rf, settings):
    from vangrail.web.look.limits import client_address

    request = rf.get("/", HTTP_X_FORWARDED_FOR="1.1.1.1, 2.2.2.2", REMOTE_ADDR="10.0.0.1")
    settings.PROXIES = 0
    assert client_address(request) == "10.0.0.1"
    settings.PROXIES = 1
    assert client_address(request) == "2.2.2.2"
    settings.PROXIES = 3
    assert client_address(request) == "10.0.0.1", "fewer proxies passed it on than there are"


@pytest.mark.parametrize(
    ("variables", "problem"),
    [({"VANGRAIL_ADDRESS": "ai.gemeente.be"}, "https"), ({"VANGRAIL_PROXIES": "veel"}, "whole number")],
)
def test_a_wrong_setting_stops_the_start(tmp_path, variables, problem):
    with pytest.raises(VangrailError, match=problem):
        environment.read({"VANGRAIL_DATA": str(tmp_path), **variables})
