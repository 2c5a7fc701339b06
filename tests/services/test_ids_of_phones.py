"""An id that a phone made up belongs to its patient: another's is as good as new."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_patient, a_phone, a_procedure, fever
from tracker.access import Phone
from tracker.models import AnswerToAdvice, CallbackRequest, CheckIn, IceSession, Therapy
from tracker.models.answer_to_advice import Did
from tracker.models.callback_request import CallWindow
from tracker.models.therapy import TherapyKind
from tracker.services import (
    answers_to_advice,
    callback_requests,
    ice_sessions,
    therapies,
)

pytestmark = pytest.mark.django_db
MADE: dict[type, Callable[[Phone, uuid.UUID], Any]] = {
    CheckIn: lambda phone, key: a_check_in(phone.patient, client_id=key),
    IceSession: lambda phone, key: ice_sessions.start_ice(
        patient=phone.patient, client_id=key, started_at=NOW, now=NOW
    ),
    CallbackRequest: lambda phone, key: callback_requests.ask(
        phone=phone, client_id=key, window=CallWindow.ANY, about="x", now=NOW
    ),
    Therapy: lambda phone, key: therapies.log(
        phone=phone, client_id=key, kind=TherapyKind.WALK, minutes=9,
        done_at=NOW - timedelta(hours=1), now=NOW,
    ),
    AnswerToAdvice: lambda phone, key: answers_to_advice.answer(
        phone=phone, client_id=key, did=Did.CALLED, now=NOW
    ),
}  # fmt: skip


@pytest.mark.parametrize("model", MADE, ids=lambda each: each.__name__)
def test_two_patients_may_use_the_same_id(model):
    clinic, key = a_clinic(), uuid.uuid4()
    phones = [a_phone(a_patient(clinic)) for _ in range(2)]
    for phone in phones:
        a_procedure(phone.patient)
        a_check_in(phone.patient, **fever("39.2"))
    before = {phone.patient.pk: rows(model, phone) for phone in phones}
    for phone in phones:
        MADE[model](phone, key)
    assert [rows(model, phone) - before[phone.patient.pk] for phone in phones] == [1, 1]
    MADE[model](phones[0], key)  # again, and it is the same row
    assert rows(model, phones[0]) - before[phones[0].patient.pk] == 1


def rows(model: type, phone: Phone) -> int:
    return model.objects.filter(patient=phone.patient).count()
