"""What every test may use; factories stand in tests/factories.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings as django_settings
from django.db.backends.postgresql.operations import DatabaseOperations

from tests.push_service import PushService
from tracker.management.commands.vapid_keys import make_vapid_keys

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
"""A Saturday morning in New York."""


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(autouse=True, scope="session")
def emptied_between_tests() -> Iterator[None]:
    """Nobody may empty the audit; between tests that commit, its owner takes the trigger away."""
    trigger = "TRIGGER auditevent_no_truncate"
    change = "ALTER TABLE tracker_auditevent {} " + trigger
    empty = DatabaseOperations.execute_sql_flush

    def flush(operations: DatabaseOperations, statements: list[str]) -> None:
        around = [change.format("DISABLE"), *statements, change.format("ENABLE")]
        empty(operations, around if statements else statements)

    DatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
    yield
    DatabaseOperations.execute_sql_flush = empty  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def quick_passwords(settings: django_settings) -> None:
    """Hashing slowly on purpose is for production."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def password_alone(settings: django_settings) -> None:
    """As in a demo; tests/accounts/ asks for the second factor that everybody else needs."""
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, object]]]:
    """Hints are kept for the test to see: here the world begins. Journeys use a real broker."""
    hints: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr("tracker.queue.hint", lambda task, **ids: hints.append((task, ids)))
    return hints


@pytest.fixture
def push_service(settings: django_settings) -> Iterator[PushService]:
    """A real push service on loopback, allowed as the test origin."""
    private, public = make_vapid_keys()
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = private, public
    settings.VAPID_SUBJECT = "mailto:oncall@clinic.test"
    with PushService() as service:
        settings.PUSH_TEST_ORIGIN = service.origin
        yield service
