"""System checks for settings that could silence an alert or open a door."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import OperationalError, connection

_TIME_OUTS = (
    "connect_timeout",
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
)
_NO_MAILBOX = ("localhost", ".local", ".invalid", ".example")


@register(deploy=True)
def trial_settings_stay_out_of_production(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse what exists for demos and tests."""
    trial = {
        "AFTERBLOCK_DEMO": settings.DEMO,
        "CLOCK_SPEED": settings.CLOCK_SPEED != 1,
        "CLOCK_OFFSET": settings.CLOCK_OFFSET != 0,
        "CLOCK_STEP_FILE": bool(settings.CLOCK_STEP_FILE),
        "PUSH_TEST_ORIGIN": bool(settings.PUSH_TEST_ORIGIN),
        "FAULT": bool(settings.FAULT),
        "LEASE": settings.LEASE != 15,
    }
    return [
        Error(f"{name} is for trials only.", hint=f"Unset {name}.", id="tracker.E001")
        for name, is_set in trial.items()
        if is_set
    ]


@register(deploy=True)
def push_messages_can_leave(**_kwargs: Any) -> list[CheckMessage]:
    """Push services refuse messages without keys, or whose subject names no mailbox."""
    subject = settings.VAPID_SUBJECT
    usable = subject.startswith(("mailto:", "https://")) and not subject.endswith(_NO_MAILBOX)
    problems: list[CheckMessage] = []
    if not (settings.VAPID_PRIVATE_KEY and settings.VAPID_PUBLIC_KEY):
        problems.append(
            Error(
                "No push message can leave: VAPID keys are missing.",
                hint="Set VAPID_PRIVATE_KEY and VAPID_PUBLIC_KEY (`manage.py vapid_keys`).",
                id="tracker.E002",
            )
        )
    if not usable:
        problems.append(
            Error(
                "Push services refuse this VAPID_SUBJECT, so no push message would leave.",
                hint="Give a mailbox that exists: mailto:you@your-clinic.com.",
                id="tracker.E003",
            )
        )
    return problems


@register(deploy=True)
def e_mail_leaves_the_machine(**_kwargs: Any) -> list[CheckMessage]:
    """Staff on call are told by e-mail; a console or a file tells nobody."""
    if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return []
    return [
        Error(
            "E-mail does not leave this machine, so staff on call would not be told.",
            hint="Set EMAIL_URL to smtp+tls://user:password@host:587.",
            id="tracker.E004",
        )
    ]


@register(deploy=True)
def somebody_hears_when_we_fall_silent(**_kwargs: Any) -> list[CheckMessage]:
    """A product that is down cannot say so: an address outside has to notice."""
    if settings.HEARTBEAT_URL:
        return []
    return [
        Warning(
            "If every worker stops, nobody outside is told.",
            hint="Set HEARTBEAT_URL to an address that raises the alarm when it hears nothing.",
            id="tracker.W001",
        )
    ]


@register(deploy=True)
def the_database_cannot_hold_anybody_up(**_kwargs: Any) -> list[CheckMessage]:
    """Without limits, one stuck statement holds a sender, and an alert waits behind it."""
    options = settings.DATABASES["default"].get("OPTIONS", {})
    given = f"connect_timeout={options.get('connect_timeout') or ''} {options.get('options', '')}"
    missing = [name for name in _TIME_OUTS if not re.search(rf"\b{name}=[1-9]", given)]
    return [
        Error(
            f"The database may hold up an alert for ever: no {name}.",
            hint="Leave OPTIONS of DATABASES as config/settings.py sets them.",
            id="tracker.E005",
        )
        for name in missing
    ]


@register(deploy=True)
def nobody_guesses_the_metrics_token(**_kwargs: Any) -> list[CheckMessage]:
    if not settings.METRICS_TOKEN or len(settings.METRICS_TOKEN) >= 20:
        return []
    return [
        Error(
            "METRICS_TOKEN is shorter than 20 characters.",
            hint="Give a long random one, or none: then only this machine may read /metrics.",
            id="tracker.E006",
        )
    ]


_ROLE = """
    SELECT rolsuper OR rolbypassrls, EXISTS (
        SELECT 1 FROM pg_class WHERE relname = 'tracker_patient'
            AND pg_has_role(current_user, relowner, 'MEMBER')
    ) FROM pg_roles WHERE rolname = current_user
"""


@register(deploy=True)
def the_database_holds_us_to_one_clinic(**_kwargs: Any) -> list[CheckMessage]:
    """Policies do not hold who owns the tables, nor who is told to bypass them."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_ROLE)
            bypasses, owns = cursor.fetchone()
    except OperationalError:
        return [
            Warning(
                "The database does not answer, so nobody knows which rows it would show us.",
                hint="Check again when it does.",
                id="tracker.W002",
            )
        ]
    if not bypasses and not owns:
        return []
    return [
        Error(
            "The role of DATABASE_URL sees the rows of every clinic, whatever filter is forgotten.",
            hint="Give the tables another owner: DATABASE_OWNER_URL (docs/deploy.md).",
            id="tracker.E007",
        )
    ]
