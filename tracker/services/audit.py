"""Write down who did what, in the transaction of the deed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from uuid import UUID

from django.apps import apps

from tracker.models import AuditEvent
from tracker.models.audit_event import AuditOutcome

SYSTEM = "system"
UNKNOWN = "unknown"
"""Somebody who has not said who they are, such as whoever types a wrong code."""

_heard: ContextVar[list[str] | None] = ContextVar("heard", default=None)


def record(
    *,
    clinic_id: UUID,
    actor: str,
    action: str,
    subject: str,
    patient_id: UUID | None,
    now: datetime,
    outcome: AuditOutcome = AuditOutcome.OK,
    fields: Iterable[str] = (),
    shown: Iterable[UUID] = (),
) -> None:
    """Append one event. `subject` names a row ("alert:<id>"); no values, no names of people.

    `fields` names what was changed, `shown` the patients that a list or an export held.
    """
    changed = sorted(fields)
    if unknown := set(changed) - _field_names():
        raise ValueError(f"no fields of ours: {len(unknown)}")  # may be values: they stay unsaid
    AuditEvent.objects.create(
        clinic_id=clinic_id,
        actor=actor,
        action=action,
        subject=subject,
        patient_id=patient_id,
        at=now,
        outcome=outcome,
        fields=changed,
        shown=sorted(set(shown)),
    )
    heard = _heard.get()
    if heard is not None:
        heard.append(action)


@contextmanager
def listening() -> Iterator[list[str]]:
    """Hear which actions are written down meanwhile, so that a door can tell that none was."""
    heard: list[str] = []
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)


@cache
def _field_names() -> frozenset[str]:
    models = apps.get_app_config("tracker").get_models()
    return frozenset(field.name for model in models for field in model._meta.get_fields())
