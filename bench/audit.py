"""How long it takes to chain a million events of the audit, and to verify them against a head."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from ._measuring import Figure
from ._product import a_product

EVENTS = 1_000_000
BATCH = 10_000
GOAL = 60  # seconds

_WRITE = """
    INSERT INTO tracker_auditevent (clinic_id, at, actor, action, subject, patient_id)
    SELECT %s, now(), 'user:' || n %% 40, 'patient.view', 'patient:' || n, gen_random_uuid()
    FROM generate_series(1, %s) AS n
"""


def figures() -> list[Figure]:
    with a_product():
        from django.db import connection

        from tracker.models import Clinic
        from tracker.scope import clinic_scope
        from tracker.services import audit_chain

        audit_chain.BATCH = BATCH
        clinic = Clinic(name="Bench", phone="+15555550100", created_at=datetime.now(UTC))
        with clinic_scope(clinic.pk):
            clinic.save()
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = 0")
                cursor.execute(_WRITE, [clinic.pk, EVENTS])
                cursor.execute("ANALYZE tracker_auditevent")
            began = time.monotonic()
            while audit_chain.seal_batch(clinic_id=clinic.pk):
                pass
            sealing = time.monotonic() - began
            head = audit_chain.head(clinic_id=clinic.pk)
        began = time.monotonic()
        found = audit_chain.verify(heads=[head] if head else [])
        verifying = time.monotonic() - began
        if found.broken or found.events != EVENTS:
            raise RuntimeError(f"the audit does not hold: {found}")
        return [
            Figure("sealing, events a second", EVENTS / sealing, "/s"),
            Figure("verifying a million events against a head", verifying, "s", at_most=GOAL),
        ]
