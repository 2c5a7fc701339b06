"""The patient page of a long course: how long the server takes, and how often it asks.

A database of its own is started; 500 check-ins with two pains, a temperature and a look at the
site each, reminders, messages, ice and alerts stand on one time axis.
"""

from __future__ import annotations

import statistics
import time
import uuid
from datetime import timedelta
from typing import Any

from ._measuring import Figure
from ._product import a_product

CHECK_INS = 500
TIMES = 30


def figures() -> list[Figure]:
    with a_product():
        return _measured()


def _measured() -> list[Figure]:
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    staff, patient = _course()
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(staff.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    address = reverse("admin:patient", args=[patient.pk]) + "?span=all"
    answer = client.get(address)
    assert answer.status_code == 200, answer.headers
    took = []
    for _ in range(TIMES):
        start = time.perf_counter()
        client.get(address)
        took.append((time.perf_counter() - start) * 1000)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    name = f"a patient page with {CHECK_INS} check-ins"
    return [
        Figure(f"{name}, median", statistics.median(took), "ms", at_most=200),
        Figure(f"{name}, 95 of 100", sorted(took)[int(TIMES * 0.95)], "ms"),
        Figure("its queries, the door's among them", len(asked), "", at_most=20),
        Figure("its size", len(answer.content) / 1024, "KB"),
    ]


def _course() -> tuple[Any, Any]:
    from django.utils import timezone

    from tracker.access import staff_for
    from tracker.models import Clinic, Membership, User
    from tracker.models.clinic import Role
    from tracker.services import procedures

    now = timezone.now()
    clinic = Clinic.objects.create(name="Bench", phone="+15555550100", created_at=now)
    user = User.objects.create_user("nurse@bench.test", "not used to sign in", name="Nora Park")
    Membership.objects.create(clinic=clinic, user=user, role=Role.NURSE)
    staff = staff_for(user)
    assert staff is not None
    enrolled = procedures.enrol(
        staff=staff,
        patient={"name": "Harold Finch", "phone": "+15555550112", "diabetes": True},
        procedure={
            "nerves": ["superior_cluneal"], "side": "left", "kind": "therapeutic",
            "baseline_pain": 6, "ended_at": now - timedelta(days=90),
        },
        now=now - timedelta(days=90),
    )  # fmt: skip
    _fill(enrolled.patient, enrolled.procedure, now)
    return staff, enrolled.patient


def _fill(patient: Any, procedure: Any, now: Any) -> None:
    from tracker.models import CheckIn
    from tracker.services import check_ins

    step = timedelta(days=90) / CHECK_INS
    rows = [
        CheckIn(
            clinic_id=patient.clinic_id, patient=patient, procedure=procedure, digest="bench",
            client_id=uuid.uuid4(), observed_at=now - step * number, recorded_at=now,
            answers={
                "pain": {"usual": number % 9, "site": number % 4},
                "temperature": {"value": "98.9", "unit": "[degF]"},
                "glucose": {"value": "150", "unit": "mg/dL"},
                "site": {"redness": number % 2, "swelling": 0},
            },
        )
        for number in range(1, CHECK_INS - 5)
    ]  # fmt: skip
    CheckIn.objects.bulk_create(rows)
    for hours in range(5):
        at = now - timedelta(hours=hours)
        check_ins.record_check_in(
            patient=patient, client_id=uuid.uuid4(), now=now,
            answers={"observed_at": at.isoformat(),
                     "temperature": {"value": "101.3", "unit": "[degF]"}},
        )  # fmt: skip
