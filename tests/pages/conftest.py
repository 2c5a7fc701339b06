"""A patient two days after the block, and the phone that is signed in for them."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from tests.conftest import NOW
from tests.factories import a_clinic, a_patient, a_phone, a_procedure, a_staff


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def patient(db):
    patient = a_patient(a_clinic(name="Lake Clinic"), name="Ada Quill")
    a_procedure(patient)
    a_staff(patient.clinic, on_call_order=1)
    return patient


@pytest.fixture
def phone(patient):
    client = Client()
    a_phone(patient, client)
    return client
