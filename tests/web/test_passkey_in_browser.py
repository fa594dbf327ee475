"""A passkey, from an empty installation on, in a real browser with a key that holds passkeys."""

import pytest
from django.urls import reverse
from playwright.sync_api import sync_playwright
from test_signing_in import BEGIN

from vangrail.web.organisations import first_start


@pytest.fixture
def page(monkeypatch):
    """A page of the system's own Chromium, with a key that holds passkeys; what goes wrong in it is kept in `page.wrong`."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop of its own in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        opened = browser.new_page()
        opened.wrong = []
        opened.on("console", lambda m: opened.wrong.append(m.text) if m.type == "error" else None)
        opened.on("pageerror", lambda e: opened.wrong.append(str(e)))
        keys = opened.context.new_cdp_session(opened)
        keys.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        yield opened
        browser.close()


@pytest.mark.django_db(transaction=True)
def test_from_an_empty_installation_to_a_passkey_that_signs_one_in(live_server, page, settings):
    """The first administrator begins, is asked for a second step, adds a passkey, and signs in with it alone."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    page.goto(live_server.url + reverse("first_start", args=[first_start.new_token()]))
    for name in ("organisation", "name", "email", "password", "again"):
        page.fill(f"[name={name}]", BEGIN[name])
    page.click("main button")
    assert "wachtwoord alleen niet genoeg" in page.inner_text("h1")
    page.click("text=Een passkey")  # whoever just chose a password is not asked for it again
    page.check("[name=passwordless]")
    page.click("#passkey")
    page.wait_for_selector("text=Herstelcodes")
    page.goto(f"{live_server.url}/werk/gemeente-nieuw/beheer/")
    assert "Wie hier werkt" in page.inner_text("h1")
    page.click("text=Afmelden")
    page.goto(f"{live_server.url}/aanmelden/login/")
    page.click("#passkey_login")
    page.wait_for_url("**/werk/gemeente-nieuw/")
    assert "AI-toepassingen van Gemeente Nieuw" in page.inner_text("h1")
    assert page.wrong == []
