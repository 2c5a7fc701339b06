"""What the queue costs at a large clinic: the page, the rows that a poll is sent, and a 304."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from django.db.models import Model

from ._measuring import Figure
from ._product import a_product

if TYPE_CHECKING:
    from django.test import Client

    from tracker.models import Clinic, Patient, Procedure

PATIENTS, ALERTS, WITH_ALERTS, CHECK_INS = 10_000, 1_000, 800, 14
TASKS, CALLBACKS = 300, 60
AT_ONCE = 500
ROUNDS, REQUESTS = 6, 5
MOST_MS, MOST_QUERIES = 200, 12
M = TypeVar("M", bound=Model)


class Measured(NamedTuple):
    """The best round's medians in milliseconds, and the queries of one request."""

    wall: float
    own: float
    """Processor time of the process that answers: it tells a slow page from a busy machine."""
    queries: int


def figures() -> list[Figure]:
    with a_product():
        clinic, client = _a_large_clinic()
        page = _measured(client, "/admin/")
        rows = _measured(client, "/admin/queue/")
        known = str(client.get("/admin/queue/")["ETag"])
        vouched = {"If-None-Match": known}
        unvouched = {"If-None-Match": f'{known.partition(".")[0]}.."'}
        looked = _measured(client, "/admin/queue/", status=304, headers=unvouched)
        unchanged = _measured(client, "/admin/queue/", status=304, headers=vouched)
        shown = client.get("/admin/").content.count(b'<tr id="')
        at = f"{PATIENTS:,} patients, {clinic.alert_set.count():,} open alerts"
        return [
            Figure(f"the queue, {at}", page.wall, "ms", at_most=MOST_MS),
            Figure("of it, the page's own processor time", page.own, "ms"),
            Figure("its rows, as a poll is sent them", rows.wall, "ms", at_most=MOST_MS),
            Figure("nothing has changed, every row looked at", looked.wall, "ms", at_most=MOST_MS),
            Figure("nothing has changed, nothing was written", unchanged.wall, "ms", at_most=50),
            Figure("queries of the page", page.queries, "", at_most=MOST_QUERIES),
            Figure("queries of a poll", rows.queries, "", at_most=MOST_QUERIES),
            Figure("queries of a poll when nothing was written", unchanged.queries, ""),
            Figure("rows on the page", shown, ""),
        ]


def _measured(client: Client, address: str, *, status: int = 200, **known: Any) -> Measured:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection):
        client.get(address, **known)  # whose names were shown is written down once
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address, **known)
    assert answer.status_code == status, answer.status_code
    asked = len(queries)  # the next request empties what was captured
    assert asked, "nothing was captured"
    rounds = [_round(client, address, known) for _ in range(ROUNDS)]
    return Measured(min(wall for wall, _ in rounds), min(own for _, own in rounds), asked)


def _round(client: Client, address: str, known: dict[str, Any]) -> tuple[float, float]:
    took, own = [], []
    for _ in range(REQUESTS):
        started, began = time.perf_counter(), time.thread_time()
        client.get(address, **known)
        took.append((time.perf_counter() - started) * 1000)
        own.append((time.thread_time() - began) * 1000)
    return statistics.median(took), statistics.median(own)


# --- rows -------------------------------------------------------------------------------------


def _stored(model: type[M], rows: Iterable[M]) -> list[M]:
    """Store rows a few at a time: no transaction idles while the next ones are made."""
    waiting, stored = iter(rows), []
    while chunk := list(islice(waiting, AT_ONCE)):
        stored += model._default_manager.bulk_create(chunk)
    return stored


def _a_large_clinic() -> tuple[Clinic, Client]:
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from tracker.models import Clinic, Membership, User
    from tracker.models.clinic import usual_hours

    settings.SECOND_FACTOR_REQUIRED = False
    now = datetime.now(UTC)
    clinic = Clinic.objects.create(
        name="Bench", phone="+15555550100", created_at=now, opening_hours=usual_hours()
    )
    nurse = User.objects.create_user("bench@clinic.test")
    Membership.objects.create(clinic=clinic, user=nurse, role="NURSE", on_call_order=1)
    procedures = _procedures(clinic, _patients(clinic, now), now)
    _waiting(clinic, procedures, now)
    _other_work(clinic, procedures, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    client.force_login(nurse, backend=settings.AUTHENTICATION_BACKENDS[0])
    return clinic, client


def _patients(clinic: Clinic, now: datetime) -> list[Patient]:
    from tracker.models import Patient

    return _stored(
        Patient,
        (
            Patient(clinic=clinic, name=f"Patient {n}", phone=f"+1555555{n:04}", created_at=now)
            for n in range(PATIENTS)
        ),
    )


def _procedures(clinic: Clinic, patients: list[Patient], now: datetime) -> list[Procedure]:
    from tracker.models import Procedure
    from tracker.services import procedures

    protocol = procedures.current_protocol(clinic=clinic, now=now)
    return _stored(
        Procedure,
        (Procedure(
            clinic=clinic, patient=patient, nerves=["superior_cluneal"], side="right",
            kind="therapeutic", state="DONE", ended_at=now - timedelta(days=n % 14 + 1),
            baseline_pain=6, created_at=now, protocol_version=protocol,
        )
        for n, patient in enumerate(patients)),
    )  # fmt: skip


def _waiting(clinic: Clinic, procedures: list[Procedure], now: datetime) -> None:
    """The alerts, and the check-ins that their small lines are drawn from."""
    import uuid

    from tracker.clinical.findings import Tier
    from tracker.models import Alert, CheckIn
    from tracker.services import on_call

    policies = {
        tier: on_call.policy_for(clinic=clinic, tier=tier, now=now).as_json() for tier in Tier
    }
    signs = [
        (Tier.CALL_TODAY, "FV-FEVER", "fever"),
        (Tier.WATCH, "PN-FLARE", "pain_site"),
        (Tier.CALL_TODAY, "ST-RED", "redness"),
        (Tier.EMERGENCY, "EM-CHEST", "chest"),
    ]
    alerts = []
    for n in range(ALERTS):
        procedure, (tier, rule, sign) = procedures[n % WITH_ALERTS], signs[n % 4]
        if n >= WITH_ALERTS:
            tier, rule, sign = Tier.CALL_TODAY, "ST-SWELL", "swelling"
        raised_at = now - timedelta(minutes=n)
        alerts.append(
            Alert(
                clinic=clinic, patient_id=procedure.patient_id, procedure=procedure, sign=sign,
                rule=rule, tier=int(tier), because="Temperature 38.4 °C; the limit is 38.0 °C.",
                observed_at=raised_at, opened_at=raised_at, raised_at=raised_at,
                policy=policies[tier],
            )
        )  # fmt: skip
    _stored(Alert, alerts)
    _stored(
        CheckIn,
        (CheckIn(
            clinic=clinic, patient_id=procedure.patient_id, procedure=procedure,
            client_id=uuid.uuid4(), answers={"pain": {"usual": (n + day) % 11, "site": 1}},
            digest="", observed_at=now - timedelta(days=day), recorded_at=now,
        )
        for n, procedure in enumerate(procedures[:WITH_ALERTS])
        for day in range(CHECK_INS)),
    )  # fmt: skip


def _other_work(clinic: Clinic, procedures: list[Procedure], now: datetime) -> None:
    """What stands in the queue beside alerts: tasks, and calls that were asked for."""
    import uuid

    from tracker.models import CallbackRequest, Task
    from tracker.models.callback_request import CallWindow
    from tracker.models.task import TaskKind

    kinds = list(TaskKind)
    _stored(
        Task,
        (Task(
            clinic=clinic, patient_id=procedure.patient_id, procedure=procedure,
            kind=kinds[n % len(kinds)], opened_at=now - timedelta(hours=n),
        )
        for n, procedure in enumerate(procedures[-TASKS:])),
    )  # fmt: skip
    _stored(
        CallbackRequest,
        (CallbackRequest(
            clinic=clinic, patient_id=procedure.patient_id, procedure=procedure,
            client_id=uuid.uuid4(), window=CallWindow.ANY, about="May I swim?",
            requested_at=now - timedelta(minutes=n), target_at=now + timedelta(minutes=60 - n),
        )
        for n, procedure in enumerate(procedures[:CALLBACKS])),
    )  # fmt: skip
