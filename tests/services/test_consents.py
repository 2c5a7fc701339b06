"""What a patient agreed to is on record; taking it back stops that channel at once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
import time_machine
from django.conf import settings as django_settings
from django.test import Client

from tests.conftest import NOW
from tests.factories import a_clinic, a_patient, a_phone, a_procedure, a_staff
from tracker.models import AuditEvent, Consent, Delivery
from tracker.models.consent import ConsentKind
from tracker.models.delivery import Channel
from tracker.models.patient import Language
from tracker.services import consents, reachability, sending, text_answers

pytestmark = pytest.mark.django_db
SECRET = "a-secret-of-thirty-two-characters"
URL = f"/hooks/sms/{SECRET}/"
GATEWAY = {"kind": "gateway", "url": "https://gateway.test/", "token": "t"}
TWILIO = {"kind": "twilio", "account": "A", "token": "t", "sender": "S", "api": "https://x.test"}
NUMBER = "+15555550112"


@pytest.fixture(autouse=True)
def at_now(settings):
    settings.SMS_INBOUND_SECRET, settings.SMS = SECRET, GATEWAY
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def patient():
    patient = a_patient(a_clinic(), email="r@x.test", phone=NUMBER, language="es")
    a_procedure(patient)
    give(patient, ConsentKind.SMS, ConsentKind.EMAIL)
    return patient


def give(patient, *kinds, by=None):
    consents.give(patient=patient, kinds=kinds, recorded_by=by, now=NOW)
    patient.refresh_from_db()


def take_back(patient, kind) -> bool:
    done = consents.withdraw(patient=patient, kind=kind, through="phone", actor="system", now=NOW)
    patient.refresh_from_db()
    return done


def channels(patient) -> set[str]:
    patient.refresh_from_db()
    return {str(each) for each in reachability.channels_without_receipt(patient)}


def test_every_kind_has_its_words_in_every_language():
    assert set(consents.WORDINGS) == {
        (kind, language) for kind in ConsentKind for language in Language.values
    }


def test_it_is_kept_in_the_words_that_were_read(patient):
    row = Consent.objects.get(kind="SMS")
    assert (row.language, row.given_at, row.recorded_by) == ("es", NOW, None)
    assert row.wording == consents.WORDINGS[ConsentKind.SMS, "es"] and "ALTO" in row.wording
    assert patient.texts_agreed_at == NOW


def test_agreeing_twice_is_one_row_and_agreeing_again_is_another(patient):
    give(patient, ConsentKind.SMS)
    assert Consent.objects.filter(kind="SMS").count() == 1
    assert take_back(patient, ConsentKind.SMS) and not take_back(patient, ConsentKind.SMS)
    give(patient, ConsentKind.SMS)
    first, second = Consent.objects.filter(kind="SMS").order_by("pk")
    assert (first.withdrawn_at, first.withdrawn_through, second.withdrawn_at) == (
        NOW,
        "phone",
        None,
    )


@pytest.mark.parametrize("kind", ["SMS", "EMAIL"])
def test_taking_it_back_stops_that_channel_and_no_other(patient, kind):
    assert channels(patient) == {"SMS", "EMAIL"}
    take_back(patient, ConsentKind(kind))
    assert channels(patient) == {"SMS", "EMAIL"} - {kind}
    give(patient, ConsentKind(kind))
    assert channels(patient) == {"SMS", "EMAIL"}


@pytest.mark.parametrize("kind", ["SMS", "EMAIL"])
def test_what_was_owed_before_is_not_sent_any_more(patient, kind, mailoutbox):
    owed = Delivery.objects.create(
        clinic=patient.clinic, patient=patient, kind="CHECK_IN", channel=Channel(kind),
        key="a", priority=2, due_at=NOW, created_at=NOW,
    )  # fmt: skip
    take_back(patient, ConsentKind(kind))
    sending.deliver(delivery_id=owed.pk, now=NOW)
    owed.refresh_from_db()
    assert owed.state == "GONE" and mailoutbox == []


def test_an_address_from_before_can_be_taken_back_too():
    patient = a_patient(email="old@x.test")
    assert channels(patient) == {"EMAIL"}
    assert take_back(patient, ConsentKind.EMAIL)
    assert channels(patient) == set()


def test_both_are_in_the_audit(patient):
    take_back(patient, ConsentKind.SMS)
    written = AuditEvent.objects.filter(patient_id=patient.pk, action__startswith="consent.")
    assert {(each.action, each.subject) for each in written} == {
        ("consent.give", "consent:sms"), ("consent.give", "consent:email"),
        ("consent.withdraw", "consent:sms"),
    }  # fmt: skip


def test_staff_record_what_they_heard(patient):
    nora = a_staff(patient.clinic).user
    give(patient, ConsentKind.FOLLOW_UP, by=nora)
    assert Consent.objects.get(kind="FOLLOW_UP").recorded_by == nora


def test_the_phone_gives_and_takes_back(patient):
    phone = Client()
    a_phone(patient, phone)
    assert NUMBER in phone.get("/reminders/").content.decode()
    assert phone.post("/consents/sms/").url == "/reminders/"
    assert channels(patient) == {"EMAIL"}
    phone.post("/consents/sms/", {"on": "1"})
    assert channels(patient) == {"SMS", "EMAIL"}
    assert phone.post("/consents/follow_up/").status_code == 404
    assert Client().post("/consents/sms/").url == "/join/"


# --- what people answer to a text -------------------------------------------------------------


def answer(body, url=URL, **more):
    raw = body if isinstance(body, bytes | str) else json.dumps(body)
    return Client(enforce_csrf_checks=True).post(url, raw, content_type="application/json", **more)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("STOP", True), ("stop", True), (" Alto. ", True), ("¡Alto", False), ("BAJA", True),
        ("Unsubscribe", True), ("START", False), ("please stop", False), ("", False),
        ("STOP hurting", False),
    ],
)  # fmt: skip
def test_a_word_ends_texts_and_nothing_else_does(patient, text, ends):
    assert answer({"from": NUMBER, "text": text}).status_code == 200
    assert channels(patient) == ({"EMAIL"} if ends else {"SMS", "EMAIL"})


def test_it_ends_texts_at_every_clinic_that_has_the_number_and_nobody_elses(patient):
    elsewhere = a_patient(a_clinic(), phone=NUMBER)
    other = a_patient(patient.clinic, phone="+15555550199")
    give(elsewhere, ConsentKind.SMS)
    give(other, ConsentKind.SMS)
    for _ in range(2):  # a gateway brings an answer twice when it did not hear ours
        assert answer({"from": NUMBER, "text": "STOP"}).status_code == 200
    assert (channels(patient), channels(elsewhere), channels(other)) == ({"EMAIL"}, set(), {"SMS"})
    assert AuditEvent.objects.filter(action="consent.withdraw").count() == 2
    assert Consent.objects.filter(withdrawn_through="stop").count() == 2


def test_start_begins_nothing(patient):
    answer({"from": NUMBER, "text": "STOP"})
    answer({"from": NUMBER, "text": "START"})
    assert channels(patient) == {"EMAIL"}


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "1", b"\xff", {}, {"from": NUMBER}, {"text": "STOP"},
     {"from": NUMBER, "text": "STOP", "more": 1}, {"from": 15555550112, "text": "STOP"},
     {"from": "5555550112", "text": "STOP"}, {"from": NUMBER + "\n", "text": "STOP"},
     {"from": NUMBER, "text": ["STOP"]}, {"from": NUMBER, "text": "STOP" + " " * 20_000},
     "[" * 5000],
    ids=lambda each: str(each)[:30],
)  # fmt: skip
def test_odd_bodies_end_nothing(patient, body):
    assert answer(body).status_code == 404
    assert channels(patient) == {"SMS", "EMAIL"}


@pytest.mark.parametrize("secret", ["x", SECRET[:-1], SECRET + "x", "é"])
def test_who_does_not_know_the_address_ends_nothing(patient, secret):
    assert answer({"from": NUMBER, "text": "STOP"}, f"/hooks/sms/{secret}/").status_code == 404
    assert channels(patient) == {"SMS", "EMAIL"}


def test_without_a_secret_there_is_no_address(patient, settings):
    settings.SMS_INBOUND_SECRET = ""
    assert answer({"from": NUMBER, "text": "STOP"}, "/hooks/sms/x/").status_code == 404
    assert Client().get(URL).status_code == 405
    assert channels(patient) == {"SMS", "EMAIL"}


@pytest.mark.parametrize("signed", [True, False])
def test_twilio_signs_what_it_brings(patient, settings, signed):
    settings.SMS = TWILIO
    fields = {"From": NUMBER, "Body": "STOP", "MessageSid": "SM1"}
    text = f"{django_settings.BASE_URL}{URL}" + "".join(
        f"{k}{v}" for k, v in sorted(fields.items())
    )
    key = b"t" if signed else b"another"
    signature = base64.b64encode(hmac.new(key, text.encode(), hashlib.sha1).digest()).decode()
    brought = Client().post(URL, fields, headers={"X-Twilio-Signature": signature})
    assert brought.status_code == (200 if signed else 404)
    assert channels(patient) == ({"EMAIL"} if signed else {"SMS", "EMAIL"})


def test_a_short_number_is_not_guessed_at():
    with pytest.raises(text_answers.NotANumber):
        text_answers.hear(sender="12345", text="STOP", now=NOW)
