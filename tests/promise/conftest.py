"""A world, a clinic with two people on call, and a patient with every way to reach them."""

from __future__ import annotations

import pytest

from tests.conftest import NOW
from tests.factories import a_clinic, a_patient, a_phone, a_procedure, a_staff
from tests.promise.world import World
from tests.services.reminding import plan
from tracker.models import PushSubscription


@pytest.fixture
def world(monkeypatch, settings):
    world = World()
    settings.SMS = {"kind": "gateway"}
    monkeypatch.setattr("tracker.delivery.channels.send", world.receive)
    monkeypatch.setattr("tracker.services.claims.time", world)
    # A busy machine would end a step early, and no story could be told again as it was.
    monkeypatch.setattr("tracker.services.sweep.time", world)
    monkeypatch.setattr("tracker.services.sending._random", world)
    return world


@pytest.fixture
def nora():
    clinic = a_clinic()
    a_staff(clinic, on_call_order=2, name="Ben Ito")
    return a_staff(clinic, on_call_order=1, name="Nora Park", mobile="+15555550177")


@pytest.fixture
def patient(nora):
    patient = a_patient(nora.clinic, email="rosa@patient.test", texts_agreed_at=NOW)
    plan(a_procedure(patient, hours_ago=12), NOW)
    for number in (1, 2):
        PushSubscription.objects.create(
            clinic=patient.clinic,
            patient=patient,
            device_session=a_phone(patient).session,
            endpoint=f"https://push.example/{number}",
            p256dh="p",
            auth="a",
            created_at=NOW,
        )
    return patient
