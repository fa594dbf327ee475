"""`vangrail doctor` says what is wrong and how to mend it, and nothing when all is in order."""

import sqlite3
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from vangrail.web import doctor
from vangrail.web.applications import ledgers
from vangrail.web.applications.models import Outbox
from vangrail.web.jobs import acts as jobs
from vangrail.web.jobs.models import Run
from vangrail.web.organisations.models import Connection
from vangrail.web.organisations.secrets import sealed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_order(settings, tmp_path):
    """An installation in which nothing is wrong."""
    (tmp_path / "secret-key").write_text("x", encoding="ascii")
    (tmp_path / "secret-key").chmod(0o600)
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 3600
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.SECRET_KEY = "a-long-key-that-is-only-for-this-test-0123456789-abcdefghij"


def wrong():
    """What is wrong, in words."""
    return [f"{f.what}: {f.wrong}" for f in doctor.examine() if f.wrong and not f.what.startswith("mail")]


def test_nothing_is_wrong_with_a_sound_installation(town):
    ledgers.deliver(town.organisation)
    assert wrong() == []


def test_a_secret_that_others_can_read(town, tmp_path):
    (tmp_path / "secret-key").chmod(0o644)
    assert "others can read" in " ".join(wrong())


def test_a_worker_that_does_not_run(town):
    run = jobs.ask_measurement(application=town.application, by=town.an)
    Run.objects.filter(pk=run.pk).update(asked_at=timezone.now() - timedelta(hours=1))
    assert "1 measurements wait" in " ".join(wrong())


def test_entries_that_do_not_reach_the_ledger(town):
    Outbox.objects.update(at=timezone.now() - timedelta(hours=1))
    assert "entries wait" in " ".join(wrong())


def test_a_ledger_that_was_changed_or_is_gone(town):
    ledgers.deliver(town.organisation)
    place = ledgers.folder_of(town.organisation) / "ledger.sqlite"
    with sqlite3.connect(place) as db:
        for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {trigger}")
        db.execute("UPDATE leaf SET data = replace(data, 'idea', 'build') WHERE seq = 0")
    assert "problems in" in " ".join(wrong())
    place.unlink()
    assert "is gone" in " ".join(wrong())


def test_connections_that_another_key_sealed(town, settings):
    Connection.objects.create(organisation=town.organisation, name="LOG", sealed=sealed("postgresql://x"))
    settings.SECRET_KEY = "another-key-" * 8
    assert "voorbeeld/LOG" in " ".join(wrong())


def test_second_factors_that_another_key_sealed(town, settings):
    Authenticator.objects.create(
        user=town.els, type=Authenticator.Type.TOTP, data={"secret": sealed("geheim").decode()}
    )
    assert wrong() == []
    settings.SECRET_KEY = "another-key-" * 8
    assert "1 second factors" in " ".join(wrong())


def test_the_key_of_a_ledger_that_others_can_read(town):
    ledgers.deliver(town.organisation)
    (ledgers.folder_of(town.organisation) / "ledger.key").chmod(0o640)
    assert "ledger.key" in " ".join(wrong())


def test_a_database_of_another_version(town):
    MigrationRecorder(connection).record_applied("register", "0099_of_tomorrow")
    assert "newer version of Vangrail: it has 'register.0099_of_tomorrow'" in " ".join(wrong())
    MigrationRecorder(connection).record_unapplied("register", "0099_of_tomorrow")
    MigrationRecorder(connection).record_unapplied("register", "0002_shown")
    assert "is of an older version" in " ".join(wrong())


def test_a_clock_that_was_put_back(town):
    Outbox.objects.update(at=timezone.now() + timedelta(hours=2))
    assert "runs behind what was already written" in " ".join(wrong())


def test_a_database_and_a_ledger_of_different_moments(town):
    ledgers.deliver(town.organisation)
    assert wrong() == []
    last = Outbox.objects.latest("pk")
    Outbox.objects.filter(pk=last.pk).update(sequence=last.sequence + 5)
    assert "not of the same moment" in " ".join(wrong()), "the ledger is older"
    last.delete()
    assert "not of the same moment" in " ".join(wrong()), "the database is older"


def test_every_thing_that_is_wrong_says_how_to_mend_it(town, settings, tmp_path):
    (tmp_path / "secret-key").chmod(0o644)
    settings.SESSION_COOKIE_SECURE = False
    found = [f for f in doctor.examine() if f.wrong]
    assert len(found) >= 3 and all(f.do for f in found)
