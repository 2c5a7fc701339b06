"""System checks for settings that could silence an alert or open a door."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

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
            hint="Set EMAIL_URL to smtp://user:password@host:587.",
            id="tracker.E004",
        )
    ]
