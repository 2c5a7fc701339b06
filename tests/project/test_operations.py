"""Health, and settings that could silence an alert."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.test import Client

from tracker.management.commands.vapid_keys import make_vapid_keys


@pytest.mark.django_db
def test_ready_when_a_check_in_can_be_stored(settings):
    settings.INSTANCE = "abc"
    response = Client().get("/readyz")
    assert response.status_code == 200
    assert response["X-Afterblock-Instance"] == "abc"


def test_alive_without_a_database():
    assert Client().get("/livez").status_code == 200


@pytest.fixture
def production(settings):
    settings.DEMO = False
    settings.PUSH_TEST_ORIGIN = ""
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = make_vapid_keys()
    settings.VAPID_SUBJECT = "mailto:oncall@clinic.com"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return settings


def our_errors() -> list[str]:
    found = run_checks(include_deployment_checks=True)
    return [each.id for each in found if each.id and each.id.startswith("tracker.")]


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
        ("VAPID_PRIVATE_KEY", "", "tracker.E002"),
        ("VAPID_SUBJECT", "mailto:me@localhost", "tracker.E003"),
        ("VAPID_SUBJECT", "", "tracker.E003"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "tracker.E004"),
    ],
)
def test_what_could_silence_an_alert_is_an_error(production, name, value, error):
    setattr(production, name, value)
    assert our_errors() == [error]
