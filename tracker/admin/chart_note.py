"""A resolved alert as a block of text for the clinic's own record of the patient."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from tracker.admin import words
from tracker.models import Alert, AlertEvent
from tracker.models.alert import AlertStep
from tracker.services.patient_record import Explained


def of(explained: Explained) -> str:
    return written(explained.alert, explained.why, explained.events)


def written(alert: Alert, why: str, events: Iterable[AlertEvent]) -> str:
    """What was reported, why it was raised, who did what, and how it ended."""
    title = words.sign_title(alert.rule, alert.sign)
    lines = [
        f"{title} ({alert.get_tier_display().lower()}), observed {_moment(alert.observed_at)}.",
        why,
        *(_step(each) for each in events if each.actor_id is not None),
        f"Outcome: {alert.get_outcome_display()}.",
    ]
    return "\n".join(lines)


def _step(event: AlertEvent) -> str:
    done = f"{_moment(event.at)}: {event.get_step_display().lower()} by {event.actor}."
    note = event.note if event.step != AlertStep.RESOLVE or event.note else ""
    return f"{done} {note}".strip()


def _moment(at: datetime) -> str:
    return words.moment(timezone.localtime(at))
