"""How soon a message leaves, on its own database, broker, worker and push service."""

from __future__ import annotations

import base64
import os
import statistics
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ._measuring import Figure
from ._product import Product, a_product

if TYPE_CHECKING:
    from tracker.models import Delivery, Patient

ALERTS, REMINDERS, AT_ONCE, STORED = 100, 200, 2_000, 1_000_000
IDLE_ROUNDS = 2_000


def figures() -> list[Figure]:
    with a_product() as product:
        patients = _patients(product, ALERTS)
        with product.worker():
            healthy = [*_alerts(product, patients), *_reminders(product, patients)]
            flood = _flood(product, patients)
        return [*healthy, *flood, *_idle()]


def _alerts(product: Product, patients: list[Patient]) -> list[Figure]:
    """Patients tell of a fever, one after the other: from commit to the push service."""
    from django.db import transaction

    from tracker.delivery.push import topic
    from tracker.models import Delivery
    from tracker.services import check_ins

    committed: dict[str, float] = {}

    def tell(patient: Patient) -> None:
        now = datetime.now(UTC)
        answers = {"observed_at": now.isoformat(), "temperature": {"value": "38.4", "unit": "Cel"}}
        with transaction.atomic():
            transaction.on_commit(lambda: committed.update({str(patient.pk): time.time()}))
            check_ins.record_check_in(
                patient=patient, client_id=uuid.uuid4(), answers=answers, now=now
            )

    for patient in patients:
        tell(patient)
        time.sleep(0.05)
    owed = {topic(each.key): str(each.patient_id) for each in Delivery.objects.all()}
    came = product.wait_for(set(owed), 30)
    late = [at - committed[owed[told]] for told, at in came.items()]
    return _p50_p99("alert: commit to push service", late, 0.1, 0.5)


def _reminders(product: Product, patients: list[Patient]) -> list[Figure]:
    """Timers that are due at moments of their own."""
    from tracker.delivery.push import topic
    from tracker.models import Delivery, Reminder

    start = datetime.now(UTC) + timedelta(seconds=2)
    rows = [
        Reminder(
            clinic_id=patient.clinic_id,
            patient=patient,
            procedure=patient.procedures.get(),
            kind="ICE_OFF",
            asked_at=due_at,
            due_at=due_at,
            expires_at=due_at + timedelta(minutes=5),
        )
        for index, patient in enumerate(patients * (REMINDERS // len(patients)))
        for due_at in [start + timedelta(seconds=index * 0.0713)]
    ]
    Reminder.objects.bulk_create(rows)
    time.sleep(2 + REMINDERS * 0.0713 + 2)
    told = Delivery.objects.filter(reminder__in=rows).select_related("reminder")
    due = {topic(each.key): each.reminder.due_at for each in told if each.reminder}
    assert len(due) == len(rows), f"{len(due)} of {len(rows)} reminders became messages"
    came = product.wait_for(set(due), 30)
    late = [at - due[told].timestamp() for told, at in came.items()]
    return [
        *_p50_p99("reminder: after its moment", late, 0.5, 1.2),
        Figure("reminders sent too early", sum(each < 0 for each in late), "", at_most=0),
    ]


def _flood(product: Product, patients: list[Patient]) -> list[Figure]:
    """Everything is due at one moment, as after a pause."""
    from tracker.delivery.push import topic
    from tracker.models import Alert, Delivery

    due_at = datetime.now(UTC) + timedelta(seconds=3)
    alerts = list(Alert.objects.filter(patient__in=patients, sign="fever", state="OPEN"))
    rows = [_alert_row(alert, due_at) for alert in alerts[:ALERTS]]
    rows += [_row(patients[n % len(patients)], n, due_at) for n in range(AT_ONCE - len(rows))]
    Delivery.objects.bulk_create(rows)
    came = product.wait_for({topic(each.key) for each in rows}, 60)
    late = {each.key: came[topic(each.key)] - due_at.timestamp() for each in rows}
    urgent = [late[each.key] for each in rows if each.alert_id]
    return [
        Figure(f"{AT_ONCE:,} due at once: the last", max(late.values()), "s", at_most=5),
        Figure(f"{AT_ONCE:,} due at once: the last of the alerts", max(urgent), "s", at_most=1),
    ]


def _idle() -> list[Figure]:
    """Ask a large table for what is due when nothing is."""
    from django.db import connection

    from tracker.models.delivery import Priority
    from tracker.services import claims

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            "INSERT INTO tracker_delivery (clinic_id, user_id, kind, channel, key, receipt_id,"
            " priority, state, due_at, attempts, created_at, last_error)"
            " SELECT (SELECT id FROM tracker_clinic LIMIT 1), %s, 'STAFF_ALERT', 'EMAIL',"
            " 'old:' || n, gen_random_uuid(), n %% 3, 'SENT', now() - n * interval '1 second', 1,"
            " now(), '' FROM generate_series(1, %s) AS n",
            [_anybody(), STORED],
        )
        cursor.execute("VACUUM ANALYZE tracker_delivery")
    took = []
    for _ in range(IDLE_ROUNDS):
        started = time.perf_counter()
        found = claims.claim_due(now=datetime.now(UTC), priorities=[Priority.ALERT], limit=8)
        took.append((time.perf_counter() - started) * 1000)
        assert not found
    return _p50_p99(f"idle sweep over {STORED:,} rows", took, 0.1, 0.5, "ms")


def _p50_p99(
    name: str, values: list[float], p50: float, p99: float, unit: str = "s"
) -> list[Figure]:
    cuts = statistics.quantiles(values, n=100)
    return [
        Figure(f"{name}, p50", statistics.median(values), unit, at_most=p50),
        Figure(f"{name}, p99", cuts[98], unit, at_most=p99),
    ]


# --- rows -------------------------------------------------------------------------------------


def _patients(product: Product, count: int) -> list[Patient]:
    from tracker.models import Clinic, DeviceSession, Patient, Procedure, PushSubscription
    from tracker.services import procedures

    now = datetime.now(UTC)
    clinic = Clinic.objects.create(name="Bench", phone="+15555550100", created_at=now)
    protocol = procedures.current_protocol(clinic=clinic, now=now)
    p256dh, auth = _browser_keys()
    patients = []
    for number in range(count):
        patient = Patient.objects.create(clinic=clinic, name=f"Patient {number}", created_at=now)
        Procedure.objects.create(
            clinic=clinic, patient=patient, nerves=["superior_cluneal"], side="right",
            kind="therapeutic", state="DONE", ended_at=now - timedelta(hours=50),
            baseline_pain=6, created_at=now, protocol_version=protocol,
        )  # fmt: skip
        session = DeviceSession.objects.create(
            clinic=clinic, patient=patient, token_digest=f"{number:064}", created_at=now
        )
        PushSubscription.objects.create(
            clinic=clinic, patient=patient, device_session=session, created_at=now,
            endpoint=f"{product.receiver}/push/{number}", p256dh=p256dh, auth=auth,
        )  # fmt: skip
        patients.append(patient)
    return patients


def _browser_keys() -> tuple[str, str]:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    encoded = [
        base64.urlsafe_b64encode(raw).decode().rstrip("=") for raw in (point, os.urandom(16))
    ]
    return encoded[0], encoded[1]


def _anybody() -> int:
    from tracker.models import User

    return User.objects.create_user("bench@clinic.test").pk


def _alert_row(alert: object, due_at: datetime) -> Delivery:
    from tracker.models import Alert

    assert isinstance(alert, Alert)
    row = _row(alert.patient, f"alert-{alert.pk}", due_at)
    row.kind, row.priority, row.alert, row.expires_at = "PATIENT_ALERT", 0, alert, None
    return row


def _row(patient: Patient, number: object, due_at: datetime) -> Delivery:
    from tracker.models import Delivery

    return Delivery(
        clinic_id=patient.clinic_id, patient=patient, kind="CHECK_IN", channel="PUSH", priority=2,
        subscription=patient.push_subscriptions.get(), key=f"flood:{number}", due_at=due_at,
        created_at=due_at, expires_at=due_at + timedelta(hours=1),
    )  # fmt: skip
