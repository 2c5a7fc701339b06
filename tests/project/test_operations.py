"""Settings that could silence an alert or open a door."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.checks import run_checks

from tracker.management.commands.vapid_keys import make_vapid_keys

pytestmark = pytest.mark.django_db
FULL = settings.DATABASES["default"]["OPTIONS"]


@pytest.fixture
def production(settings):
    settings.DEMO = False
    settings.HEARTBEAT_URL = "https://watch.test/me"
    settings.PUSH_TEST_ORIGIN = ""
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = make_vapid_keys()
    settings.VAPID_SUBJECT = "mailto:oncall@clinic.com"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_USE_TLS = True
    settings.HTTPS = True
    settings.SMS = {"kind": "gateway", "url": "https://gateway.test/", "token": "t"}
    settings.SMS_INBOUND_SECRET = "a secret of more than twenty"
    settings.BACKUP_PUBLIC_KEY = "a key"
    return settings


def our_errors() -> list[str]:
    found = run_checks(include_deployment_checks=True)
    ours = [each.id for each in found if each.id and each.id.startswith("tracker.")]
    # Tests own their tables: tests/isolation/ asks what a role that owns none is told.
    return [each for each in ours if each != "tracker.E007"]


def test_production_settings_pass(production):
    assert our_errors() == []


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("DEMO", True, "tracker.E001"),
        ("CLOCK_SPEED", 60, "tracker.E001"),
        ("CLOCK_OFFSET", -5, "tracker.E001"),
        ("PUSH_TEST_ORIGIN", "http://127.0.0.1:9", "tracker.E001"),
        ("CLOCK_STEP_FILE", "/tmp/step", "tracker.E001"),
        ("FAULT", "after_claim:kill", "tracker.E001"),
        ("LEASE", 2, "tracker.E001"),
        ("HEARTBEAT_URL", "", "tracker.W001"),
        ("METRICS_TOKEN", "short", "tracker.E006"),
        ("VAPID_PRIVATE_KEY", "", "tracker.E002"),
        ("VAPID_SUBJECT", "mailto:me@localhost", "tracker.E003"),
        ("VAPID_SUBJECT", "", "tracker.E003"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "tracker.E004"),
    ],
)
def test_what_could_silence_an_alert_is_an_error(production, name, value, error):
    setattr(production, name, value)
    assert our_errors() == [error]


@pytest.mark.parametrize(
    "options",
    [
        {"options": FULL["options"]},
        {**FULL, "connect_timeout": 0},
        {**FULL, "options": FULL["options"].replace("lock_timeout=2s", "")},
        {
            **FULL,
            "options": FULL["options"].replace("statement_timeout=10s", "statement_timeout=0"),
        },
        {**FULL, "options": "-c statement_timeout=10s -c lock_timeout=2s"},
    ],
    ids=str,
)
def test_a_database_that_may_hold_up_an_alert_is_an_error(production, monkeypatch, options):
    monkeypatch.setitem(production.DATABASES["default"], "OPTIONS", options)
    assert our_errors() == ["tracker.E005"]
