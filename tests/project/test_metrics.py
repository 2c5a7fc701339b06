"""/metrics: what Prometheus reads, who may, and that asking stays cheap however much is stored."""

from __future__ import annotations

import math
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from tests.factories import a_check_in, a_clinic, a_patient, a_procedure, a_staff, fever
from tracker import clock
from tracker.api.metrics import EVER_FOUND
from tracker.models import Alert, Delivery, PeriodicJob, Reconciliation, Reminder
from tracker.services import health, losses, metrics, reconciliation, upkeep

pytestmark = pytest.mark.django_db
TOKEN = "a token of more than twenty characters"


def read(client: Client | None = None) -> dict[tuple[str, ...], float]:
    answer = (client or Client()).get("/metrics")
    assert answer.status_code == 200, answer.content
    families = text_string_to_metric_families(answer.content.decode())
    samples = [sample for family in families for sample in family.samples]
    assert all(sample.name.startswith("afterblock_") for sample in samples)
    return {
        (sample.name.removeprefix("afterblock_"), *sample.labels.values()): sample.value
        for sample in samples
    }


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


@pytest.mark.parametrize(
    ("token", "peer", "headers", "status"),
    [
        ("", "127.0.0.1", {}, 200),
        ("", "::1", {}, 200),
        ("", "203.0.113.9", {}, 403),
        ("", "", {}, 403),
        ("", "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ("", "127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 403),
        ("", "127.0.0.1", {"X-Real-IP": "127.0.0.1"}, 403),
        ("", "203.0.113.9", {"Authorization": "Bearer "}, 403),
        (TOKEN, "203.0.113.9", {"Authorization": f"Bearer {TOKEN}"}, 200),
        (TOKEN, "127.0.0.1", {}, 403),
        (TOKEN, "127.0.0.1", {"Authorization": f"Bearer {TOKEN}x"}, 403),
        (TOKEN, "127.0.0.1", {"Authorization": TOKEN}, 403),
    ],
)
def test_who_may_read(settings, token, peer, headers, status):
    settings.METRICS_TOKEN = token
    answer = Client(REMOTE_ADDR=peer).get("/metrics", headers=headers)
    assert answer.status_code == status
    assert (b"afterblock_" in answer.content) == (status == 200)


def test_every_figure_and_every_loss_is_documented():
    told = (Path(__file__).parents[2] / "docs" / "deploy.md").read_text()
    families = text_string_to_metric_families(Client().get("/metrics").content.decode())
    names = [family.name.removeprefix("afterblock_") for family in families]
    assert len(names) > 10
    kinds = [*EVER_FOUND, *(due.kind for due in health.due_kinds())]
    for name in (*names, *kinds, *(job.name for job in upkeep.JOBS)):
        assert f"`{name}`" in told or f"`{name}_total`" in told, name


def test_nobody_posts():
    assert Client().post("/metrics").status_code == 405


@pytest.fixture
def patient():
    patient = a_patient(a_clinic(name="Canary Clinic"), name="Canary Name", email="canary@x.test")
    a_procedure(patient, now=clock.now())
    return patient


def test_what_is_due_sent_and_open(patient):
    now = clock.now()
    a_staff(patient.clinic, on_call_order=1, email="canary-nurse@x.test")
    a_check_in(patient, now=now - seconds(40), **fever())
    to_staff = Delivery.objects.get(kind="STAFF_ALERT")
    Delivery.objects.filter(pk=to_staff.pk).update(state="SENT", sent_at=now - seconds(39.7))
    told = read()
    assert told["due_rows", "alert_delivery"] == 1
    assert 40 <= told["oldest_due_seconds", "alert_delivery"] < 60
    assert told["due_rows", "reminder"] == told["oldest_due_seconds", "reminder"] == 0
    assert told["deliveries_last_hour", "EMAIL", "SENT"] == 1
    assert told["deliveries_last_hour", "EMAIL", "PENDING"] == 1
    assert told["dwell_last_hour_seconds_bucket", "STAFF_ALERT", "0.25"] == 0
    assert told["dwell_last_hour_seconds_bucket", "STAFF_ALERT", "0.5"] == 1
    assert told["dwell_last_hour_seconds_count", "STAFF_ALERT"] == 1
    assert told["dwell_last_hour_seconds_sum", "STAFF_ALERT"] == pytest.approx(0.3)
    assert told["open_alerts", "OPEN", "CALL_TODAY"] == 1
    assert told["open_alerts", "ACKNOWLEDGED", "EMERGENCY"] == 0
    assert told["alerts_beyond_target",] == told["alerts_exhausted",] == 0


def test_a_reminder_dwells_from_when_it_was_due(patient):
    now = clock.now()
    reminder = Reminder.objects.create(
        clinic=patient.clinic, patient=patient, procedure=patient.procedures.get(),
        kind="CHECK_IN", state="SENT", asked_at=now - seconds(9), due_at=now - seconds(9),
        expires_at=now,
    )  # fmt: skip
    Delivery.objects.create(
        clinic=patient.clinic, patient=patient, reminder=reminder, kind="CHECK_IN", key="k",
        channel="EMAIL", priority=2, created_at=now - seconds(2), due_at=now, sent_at=now,
        state="SENT",
    )  # fmt: skip
    assert read()["dwell_last_hour_seconds_sum", "CHECK_IN"] == pytest.approx(9)


def test_alerts_that_nobody_takes(patient):
    a_check_in(patient, symptoms={"leg_weakness": "mild"}, now=clock.now() - seconds(14 * 60))
    assert Alert.objects.get().exhausted_at, "nobody is on call"
    assert read()["alerts_beyond_target",] == 0
    assert read()["alerts_exhausted",] == 1
    Alert.objects.update(raised_at=clock.now() - seconds(16 * 60))
    assert read()["alerts_beyond_target",] == 1
    Alert.objects.update(state="ACKNOWLEDGED", acknowledged_at=clock.now())
    assert read()["alerts_beyond_target",] == 0


def test_what_watches_is_watched():
    told = read()
    assert told["sweeper_beat_age_seconds",] == math.inf
    assert told["clean_reconciliation_age_seconds",] == math.inf
    assert {told["reconciliation_found_total", each.kind] for each in losses.LOSSES} == {0}
    health.beat()
    reconciliation.reconcile(now=clock.now())
    Reconciliation.objects.filter(is_clean=True).update(at=Now() - seconds(90))
    reconciliation.note({"stuck_delivery": 2, "clock_step": 1})
    reconciliation.note({"stuck_delivery": 3})
    PeriodicJob.objects.create(name="new", due_at=clock.now(), attempts=3, last_error="OSError")
    finished = clock.now() - seconds(30)
    PeriodicJob.objects.create(name="old", due_at=clock.now(), finished_at=finished)
    told = read()
    assert 0 <= told["sweeper_beat_age_seconds",] < 10
    assert 90 <= told["clean_reconciliation_age_seconds",] < 120
    assert told["reconciliation_found_total", "stuck_delivery"] == 5
    assert told["reconciliation_found_total", "clock_step"] == 1
    assert (told["job_age_seconds", "new"], told["job_failures", "new"]) == (math.inf, 3)
    assert 30 <= told["job_age_seconds", "old"] < 60
    assert abs(told["clock_skew_seconds",]) < 5


def test_nothing_of_a_person_or_a_clinic_is_told(patient):
    a_staff(patient.clinic, on_call_order=1, email="canary-nurse@x.test", name="Canary Nurse")
    a_check_in(patient, now=clock.now(), **fever())
    reconciliation.note({"stuck_delivery": 1})
    told = Client().get("/metrics").content.decode().lower()
    ids = [patient.pk, patient.clinic.pk, *Alert.objects.values_list("pk", flat=True)]
    for secret in ("canary", "x.test", "fever", *map(str, ids)):
        assert secret not in told


@pytest.fixture
def much(patient) -> None:
    """A hundred thousand messages, reminders and check-ins that are long done."""
    procedure = a_procedure(a_patient(patient.clinic), state="CLOSED", now=clock.now())
    names = {"clinic": patient.clinic_id, "patient": patient.pk, "procedure": procedure.pk}
    with connection.cursor() as cursor:
        # Quickly, without asking for each row whether its clinic exists.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL statement_timeout = '60s'")
        cursor.execute(
            "INSERT INTO tracker_delivery (clinic_id, patient_id, kind, channel, key, receipt_id,"
            " priority, state, due_at, attempts, created_at, sent_at, last_error)"
            " SELECT %(clinic)s, %(patient)s, 'CHECK_IN', 'EMAIL', n, gen_random_uuid(), n %% 3,"
            " 'SENT', now() - interval '90 days', 1, now() - interval '90 days',"
            " now() - interval '90 days', '' FROM generate_series(1, 100000) n",
            names,
        )
        cursor.execute(
            "INSERT INTO tracker_reminder (clinic_id, patient_id, procedure_id, kind, asked_at,"
            " repeat, due_at, expires_at, state) SELECT %(clinic)s, %(patient)s, %(procedure)s,"
            " 'CHECK_IN', now() - n * interval '1 minute', 0, now() - interval '9 days',"
            " now() - interval '8 days', 'SENT' FROM generate_series(1, 100000) n",
            names,
        )
        cursor.execute(
            "INSERT INTO tracker_checkin (clinic_id, patient_id, procedure_id, client_id, answers,"
            " digest, observed_at, recorded_at) SELECT %(clinic)s, %(patient)s, %(procedure)s,"
            " gen_random_uuid(), '{}', '', now() - interval '9 days', now() - interval '9 days'"
            " FROM generate_series(1, 100000) n",
            names,
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE tracker_delivery, tracker_reminder, tracker_checkin")


GROW = ("tracker_delivery", "tracker_reminder", "tracker_checkin")


def scanned_whole(plan: dict) -> list[str]:
    mine = [plan["Relation Name"]] if plan["Node Type"] == "Seq Scan" else []
    return mine + [name for part in plan.get("Plans", []) for name in scanned_whole(part)]


def test_no_question_reads_a_table_that_grows(much):
    questions = [
        lambda: metrics.take(now=clock.now()),
        lambda: health.what_is_wrong(now=clock.now()),
        *[lambda each=each: each.find(clock.now()) for each in losses.LOSSES],
    ]
    with CaptureQueriesContext(
        connection,
    ) as captured:
        for question in questions:
            question()
    asked = [each["sql"] for each in captured if each["sql"].startswith("SELECT")]
    assert len(asked) > 20
    with connection.cursor() as cursor:
        for sql in asked:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
            assert not {*GROW} & {*scanned_whole(cursor.fetchone()[0][0]["Plan"])}, sql
