"""What staff write: prepared texts, in the patient's language, announced and never quoted."""

from __future__ import annotations

import string

import pytest
from django.core import mail

from tests.conftest import NOW
from tests.delivery.steps import deliver_all
from tests.factories import (
    a_check_in,
    a_clinic,
    a_patient,
    a_phone,
    a_procedure,
    a_staff,
    fever,
)  # fmt: skip
from tracker.models import Alert, AuditEvent, Delivery, Message, Patient
from tracker.services import messages
from tracker.services.message_texts import TEMPLATES, words_of
from tracker.services.messages import NoSuchTemplate

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def patient(clinic):
    return a_patient(clinic, email="rosa@patient.test", language="es")


@pytest.fixture
def nurse(clinic):
    return a_staff(clinic, name="Nora Park")


def send(nurse, patient, template="please_call", **more):
    return messages.send(staff=nurse, patient_id=patient.pk, template=template, now=NOW, **more)


def test_the_patient_reads_it_in_their_language_with_the_clinics_number(nurse, patient):
    message = send(nurse, patient)
    assert message.text == "Por favor, llámenos cuando lea esto: +15555550100."
    assert AuditEvent.objects.filter(action="message.send", patient_id=patient.pk).exists()


def test_what_announces_it_says_nothing_of_it(nurse, patient):
    send(nurse, patient)
    delivery = Delivery.objects.get(patient=patient)
    assert (delivery.kind, delivery.key.split(":")[0]) == ("MESSAGE", "message")
    deliver_all()
    sent = mail.outbox[0]
    assert sent.subject == "Tiene un mensaje nuevo"
    assert "llámenos" not in sent.body
    assert "5555550100" not in sent.body


def test_only_prepared_texts_are_sent(nurse, patient):
    with pytest.raises(NoSuchTemplate, match="please_call"):
        send(nurse, patient, "Take two of the blue ones.")
    assert not Message.objects.exists()


def test_an_alert_of_another_patient_is_not_answered(nurse, patient, clinic):
    other = a_patient(clinic)
    a_procedure(other)
    alert = a_check_in(other, **fever()).events[0].alert
    with pytest.raises(Alert.DoesNotExist):
        send(nurse, patient, alert_id=alert.pk)


def test_a_stranger_writes_to_nobody(patient):
    with pytest.raises(Patient.DoesNotExist):
        send(a_staff(), patient)


def test_it_is_read_once_and_by_its_patient_alone(nurse, patient):
    message = send(nurse, patient)
    with pytest.raises(Message.DoesNotExist):
        messages.read(phone=a_phone(a_patient()), message_id=message.pk, now=NOW)
    phone = a_phone(patient)
    assert messages.read(phone=phone, message_id=message.pk, now=NOW).read_at == NOW
    later = NOW.replace(hour=16)
    assert messages.read(phone=phone, message_id=message.pk, now=later).read_at == NOW


@pytest.mark.parametrize("template", TEMPLATES)
def test_each_text_is_there_in_both_languages_and_names_the_same_numbers(template):
    words = TEMPLATES[template].words
    numbers = {
        language: {name for _, name, _, _ in string.Formatter().parse(text) if name}
        for language, text in words.items()
    }
    assert numbers["en"] == numbers["es"]
    clinic = a_clinic()
    told = {words_of(template, clinic=clinic, language=each) for each in ("en", "es")}
    assert len(told) == 2
    assert not any("{" in text for text in told)
