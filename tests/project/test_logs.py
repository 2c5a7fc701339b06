"""No log tells of a patient: not of a name, a number or an answer, at any level, by any error."""

from __future__ import annotations

import io
import json
import logging
import uuid

import pytest
import time_machine
from celery import current_app
from django.conf import settings
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.urls import include, path

from tests.conftest import NOW
from tests.factories import (
    a_clinic,
    a_patient,
    a_phone,
    a_procedure,
    a_staff,
    fever,
    signed_in,
)
from tracker import logs
from tracker.models import Delivery, Patient, PushSubscription
from tracker.services import sending, sweep

CANARY = "Zxqcanary"


def broken(request, word):
    told = f"{CANARY}-local"
    raise ValueError(f"{CANARY}-error {told} {request.POST}")


def refused(request):
    Patient.objects.create(name=f"{CANARY}-row", clinic_id=uuid.uuid4(), created_at=None)


urlpatterns = [
    path("broken/<str:word>/", broken),
    path("refused/", refused),
    path("", include("config.urls")),
]


@pytest.fixture
def log():
    """What every process writes, at the level that writes most."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.JsonLines())
    root, quiet = logging.getLogger(), logging.getLogger("django.request")
    levels = root.level, quiet.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    quiet.setLevel(logging.DEBUG)
    yield out
    root.removeHandler(handler)
    root.setLevel(levels[0])
    quiet.setLevel(levels[1])


def lines(log) -> list[dict]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def put(client, body, kind="application/json"):
    return client.put(f"/api/v1/check-ins/{uuid.uuid4()}/", body, content_type=kind)


@pytest.mark.django_db(transaction=True)
def test_no_log_tells_of_a_patient(log, settings):
    settings.ROOT_URLCONF = __name__
    settings.ADMINS = [("Ada", "admin@clinic.test")]
    with time_machine.travel(NOW, tick=False):
        clinic = a_clinic(name=f"{CANARY}-clinic")
        patient = a_patient(clinic, name=f"{CANARY}-name", email=f"{CANARY}@home.test",
                            phone="+15555558888", address=f"{CANARY}-street")  # fmt: skip
        a_procedure(patient)
        nurse = signed_in(Client(raise_request_exception=False),
                          a_staff(clinic, name=f"{CANARY}-nurse", on_call_order=1))  # fmt: skip
        phone = Client(raise_request_exception=False)
        session = a_phone(patient, phone).session

        # --- what people send, well and badly
        told = {"observed_at": NOW.isoformat(), "other": {"text": f"{CANARY}-note"}}
        assert put(phone, {**told, **fever("39.7777")}).status_code == 400
        told["other"]["urgency"] = "today"
        assert put(phone, {**told, **fever("39.7")}).status_code == 201
        for body in (f'{{"{CANARY}": 1', f'{{"{CANARY}": 1}}', json.dumps({"other": CANARY})):
            assert put(phone, body).status_code == 400
        put(phone, CANARY, kind="text/plain")
        phone.get(f"/nothing/{CANARY}/", {"q": CANARY})
        phone.post("/join/", {"code": CANARY})
        nurse.post("/admin/patients/", {"text": CANARY})
        nurse.get(f"/admin/patients/{patient.pk}/")
        Client().post("/accounts/login/", {"login": f"{CANARY}@x.test", "password": CANARY})
        Client(headers={"host": f"{CANARY}.test"}).get("/")
        assert phone.post(f"/broken/{CANARY}/", {"note": CANARY}).status_code == 500
        assert phone.post("/refused/", {"note": CANARY}).status_code == 500
        csrf = Client(enforce_csrf_checks=True)
        csrf.post("/join/", {"code": CANARY})

        # --- what the worker does
        PushSubscription.objects.create(
            clinic=clinic, patient=patient, device_session=session, created_at=NOW,
            endpoint=f"https://127.0.0.1:9/{CANARY}", p256dh=CANARY, auth=CANARY,
        )  # fmt: skip
        for delivery in Delivery.objects.all():
            sending.deliver(delivery_id=delivery.pk, now=NOW)
        sweep.sweep(tell_time=lambda: NOW)
        task = current_app.tasks.get("tracker.deliver")
        if task:
            task.apply(kwargs={"delivery_id": 10**9, CANARY: CANARY})

    written = log.getvalue()
    assert CANARY.lower() not in written.lower()
    assert "5555558888" not in written and "39.7" not in written
    assert not any(CANARY in message.subject + message.body for message in mail.outbox)
    assert not any(message.to == ["admin@clinic.test"] for message in mail.outbox)
    # It would have been seen: both errors were logged, with where they happened.
    errors = {each.get("error"): each for each in lines(log)}
    assert "builtins.ValueError" in errors and "django.db.utils.IntegrityError" in errors
    found = errors["builtins.ValueError"]
    assert (found["status"], found["method"]) == (500, "POST")
    assert found["route"] == "broken/<str:word>/" and "broken" in found["stack"][-1]
    assert all(set(each) <= set(logs.KEYS) for each in lines(log))


@pytest.mark.parametrize(
    ("logger", "message", "args", "written"),
    [
        ("tracker.services.sweep", "row %s stays", (7,), "row 7 stays"),
        ("celery.apps.worker", "%s ready.", ("celery@here",), "celery@here ready."),
        ("celery.app.trace", "Task %s raised: %s", ("t", CANARY), "Task %s raised: %s"),
        ("urllib3", "%s %s", ("POST", CANARY), "%s %s"),
        ("trackers", f"put together {CANARY}", (), logs.WITHHELD),
        ("django.request", ValueError(CANARY), (), logs.WITHHELD),
        ("tracker", "one\nline\x1b[31m", (), "one\nline\x1b[31m"),
    ],
)
def test_what_is_written_of_a_message(log, logger, message, args, written):
    logging.getLogger(logger).warning(message, *args)
    assert log.getvalue().count("\n") == 1 and "\x1b" not in log.getvalue()
    assert lines(log)[-1]["message"] == written


def test_an_errors_words_are_not_written(log):
    try:
        raise IntegrityError(f"Key (email)=({CANARY}) already exists.")
    except IntegrityError:
        logging.getLogger("tracker.x").exception("it failed", extra={"body": CANARY})
    assert CANARY not in log.getvalue()
    assert lines(log)[-1]["error"] == "django.db.utils.IntegrityError"


def test_every_process_writes_so():
    assert settings.LOGGING["formatters"]["json"]["()"] == "tracker.logs.JsonLines"
    assert not any(each.get("handlers") for each in settings.LOGGING["loggers"].values())
    for name in ("", "django", "django.request", "django.server"):
        handlers = logging.getLogger(name).handlers
        assert not any("AdminEmail" in type(each).__name__ for each in handlers)
