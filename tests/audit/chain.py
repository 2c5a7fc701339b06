"""An audit to tamper with, and whoever may do anything to the database."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection, transaction

from tests.conftest import NOW
from tracker.models import AuditEvent, Clinic
from tracker.services import audit, audit_chain
from tracker.services.audit_chain import START, Head, chained


def some_events(clinic: Clinic, count: int) -> None:
    for number in range(count):
        patient = uuid.uuid4()
        audit.record(
            clinic_id=clinic.pk,
            actor=f"user:{number % 5 + 1}",
            action=("patient.view", "alert.view", "alert.resolve")[number % 3],
            subject=f"patient:{patient}",
            patient_id=patient,
            fields=["timezone"] if number % 7 == 0 else [],
            shown=[uuid.uuid4()] if number % 4 == 0 else [],
            now=NOW + timedelta(seconds=number),
        )


def a_chain(clinic: Clinic, count: int) -> Head:
    """Sealed events; the head is what somebody keeps elsewhere."""
    some_events(clinic, count)
    audit_chain.seal_all()
    head = audit_chain.head(clinic_id=clinic.pk)
    assert head is not None
    return head


def problem(*heads: Head) -> str:
    """What verifying says; nothing when all holds."""
    return " ".join(audit_chain.verify(heads=heads).broken)


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Do what the database refuses, as a superuser without triggers; then take it back."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        transaction.set_rollback(True)


def write(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def chain_anew(clinic: Clinic) -> None:
    """What a careful forger does last: give every event a place and a hash that fit."""
    sealed, digest = [], START
    with connection.cursor() as cursor:
        order = " WHERE clinic_id = %s ORDER BY position NULLS LAST, id"
        cursor.execute(audit_chain._WAITING + order, [clinic.pk])
        rows = cursor.fetchall()
        cursor.execute("UPDATE tracker_auditevent SET position = NULL, hash = ''")
        for place, row in enumerate(rows, 1):
            digest = chained(digest, row)
            sealed.append((row[0], place, digest))
        cursor.execute(audit_chain._SEAL, [list(column) for column in zip(*sealed, strict=True)])


def events_of(clinic: Clinic) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(clinic=clinic).order_by("position"))
