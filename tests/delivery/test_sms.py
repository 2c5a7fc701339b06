"""Text messages: to whoever agreed, one text long, without health data."""

from __future__ import annotations

import base64
import uuid
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured

from config import env
from tests.conftest import NOW
from tests.delivery.steps import deliver_all, states, subscribed
from tests.factories import a_check_in, a_clinic, a_patient, a_procedure, a_staff, fever
from tests.sms_gateway import SmsGateway
from tracker.delivery.sms import GSM, words
from tracker.models import Delivery, IceSession, Reminder
from tracker.models.delivery import MessageKind
from tracker.services import deliveries

pytestmark = pytest.mark.django_db
NIGHT = NOW.replace(day=22, hour=4)  # 23:00 in New York


@pytest.fixture
def gateway(settings):
    with SmsGateway() as gateway:
        settings.SMS = gateway.twilio
        yield gateway


@pytest.fixture
def patient():
    patient = a_patient(a_clinic(sms_sender="Care desk"), email="r@x.test", texts_agreed_at=NOW)
    a_procedure(patient)
    return patient


def test_a_patient_without_a_phone_for_push_gets_a_text(patient, gateway):
    a_check_in(patient, **fever("38.4"))
    deliver_all()
    [text] = gateway.received
    assert text.to == patient.phone
    assert text.path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert text.headers["authorization"] == "Basic " + base64.b64encode(b"AC1:secret").decode()
    assert text.words == (
        "Care desk: You have a new message. Please open the app now. Reply STOP to end texts."
    )
    assert states() == [("SMS", "SENT")]
    assert mail.outbox == []


def test_a_gateway_that_takes_json_gets_the_key_of_the_message(patient, gateway, settings):
    settings.SMS = gateway.json
    a_check_in(patient, **fever("38.4"))
    deliver_all()
    [text] = gateway.received
    assert (text.path, text.headers["authorization"]) == ("/texts?a=1", "Bearer secret")
    assert len(text.headers["idempotency-key"]) == 32


@pytest.mark.parametrize(
    "without",
    [{"texts_agreed_at": None}, {"phone": ""}, "the setting"],
    ids=["no agreement", "no number", "switched off"],
)
def test_without_agreement_number_or_gateway_there_is_no_text(gateway, settings, without):
    told = {"email": "r@x.test", "texts_agreed_at": NOW}
    if without == "the setting":
        settings.SMS = None
    else:
        told.update(without)
    patient = a_patient(**told)
    a_procedure(patient)
    a_check_in(patient, **fever("38.4"))
    deliver_all()
    assert gateway.received == []
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ((400, {"code": 21610}), "GONE"),
        ((400, {"code": 21211}), "DEAD"),
        ((404, {}), "DEAD"),
        ((401, {}), "PENDING"),
        ((429, {"code": 20429}), "PENDING"),
        ((500, {}), "PENDING"),
        ((503, {}), "PENDING"),
        ((302, {}), "PENDING"),
    ],
    ids=str,
)
def test_how_a_text_is_refused(patient, gateway, answer, state):
    gateway.answers = [answer]
    a_check_in(patient, **fever("38.4"))
    deliver_all()
    assert Delivery.objects.get(channel="SMS").state == state
    patient.refresh_from_db()
    # Whoever opted out at the gateway gets no further text.
    assert (patient.texts_agreed_at is None) is (state == "GONE")
    deliver_all()
    assert len(mail.outbox) == (0 if state == "PENDING" else 1)


def test_who_takes_the_agreement_back_gets_not_even_the_text_that_is_owed(patient, gateway):
    a_check_in(patient, **fever("38.4"))
    patient.texts_agreed_at = None
    patient.save(update_fields=["texts_agreed_at"])
    deliver_all()
    assert gateway.received == []


def an_ice_session(patient, now):
    return IceSession.objects.create(
        clinic=patient.clinic, patient=patient, procedure=patient.procedures.get(),
        client_id=uuid.uuid4(), started_at=now, off_at=now, again_at=now, recorded_at=now,
    )  # fmt: skip


def a_reminder(patient, kind, now, **fields):
    return Reminder.objects.create(
        clinic=patient.clinic, patient=patient, procedure=patient.procedures.get(), kind=kind,
        asked_at=now, due_at=now, expires_at=now + timedelta(hours=12),
        **fields,
    )  # fmt: skip


def test_quiet_hours_put_off_the_text_of_a_reminder_and_never_an_alert(patient, gateway):
    deliveries.owe_reminder(reminder=a_reminder(patient, "CHECK_IN", NIGHT), now=NIGHT)
    feverish = a_patient(patient.clinic, texts_agreed_at=NOW)
    a_procedure(feverish)
    a_check_in(feverish, now=NIGHT, **fever("38.4"))
    deliver_all(NIGHT)
    assert len(gateway.received) == 1
    morning = NOW.replace(day=22, hour=13)  # 08:00 in New York
    assert Delivery.objects.get(kind="CHECK_IN").due_at == morning
    deliver_all(morning)
    assert len(gateway.received) == 2


@pytest.mark.parametrize(
    ("kind", "at", "rings"),
    [
        ("CHECK_IN", "2026-11-01 06:15", "06:30"),  # 01:15 for the second time that night
        ("CHECK_IN", "2026-11-01 06:45", "06:45"),
        ("RECHECK", "2026-11-01 06:15", "06:15"),
        ("CHECK_IN", "2026-11-21 04:00", "06:30"),
        ("RECHECK", "2026-11-21 04:00", "04:00"),
        ("ICE_OFF", "2026-11-21 04:00", "04:00"),
    ],
)
def test_a_text_waits_for_the_end_of_the_night_but_not_about_what_the_patient_did(
    patient, gateway, kind, at, rings
):
    patient.quiet_until = time(1, 30)
    patient.save(update_fields=["quiet_until"])
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)
    session = {"ice_session": an_ice_session(patient, now)} if kind == "ICE_OFF" else {}
    deliveries.owe_reminder(reminder=a_reminder(patient, kind, now, **session), now=now)
    assert f"{Delivery.objects.get(channel='SMS').due_at:%H:%M}" == rings


@pytest.mark.parametrize(("email", "owed"), [("r@x.test", ["EMAIL"]), ("", ["SMS"])])
def test_what_the_night_outlasts_goes_by_e_mail_if_there_is_any(patient, gateway, email, owed):
    patient.email = email
    patient.save(update_fields=["email"])
    reminder = a_reminder(patient, "CHECK_IN", NIGHT)
    reminder.expires_at = NIGHT + timedelta(hours=1)
    deliveries.owe_reminder(reminder=reminder, now=NIGHT)
    assert list(Delivery.objects.values_list("channel", flat=True)) == owed


def test_staff_on_call_get_a_text_about_an_emergency_only(patient, gateway):
    a_staff(patient.clinic, on_call_order=1, mobile="+15555550177")
    a_check_in(patient, **fever("38.4"))
    deliver_all()
    assert [text.to for text in gateway.received] == [patient.phone]
    a_check_in(patient, symptoms={"chest_pain": True})
    deliver_all()
    to_staff = [text.words for text in gateway.received if text.to == "+15555550177"]
    assert to_staff == ["Care desk: Somebody is waiting. Please open the queue."]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", list(MessageKind))
@pytest.mark.parametrize("sender", ["", "Ärzte-Señal 中 " + "x" * 30], ids=["none", "long"])
def test_every_text_is_one_text_of_gsm_characters(kind, language, sender):
    said = words(
        SimpleNamespace(
            kind=kind,
            patient=SimpleNamespace(language=language),
            clinic=SimpleNamespace(sms_sender=sender),
        )
    )
    assert len(said) <= 160
    assert set(said) <= GSM
    assert "STOP" in said


@pytest.mark.parametrize(
    ("value", "setting"),
    [
        ("", None),
        (
            "twilio://AC1:se%2Fcret@MG12ab",
            {"kind": "twilio", "account": "AC1", "token": "se/cret", "sender": "MG12ab",
             "api": "https://api.twilio.com"},
        ),
        (
            "https://t0ken@sms.example/send?x=1",
            {"kind": "gateway", "token": "t0ken", "url": "https://sms.example/send?x=1"},
        ),
    ],
)  # fmt: skip
def test_the_setting_is_read(monkeypatch, value, setting):
    monkeypatch.setenv("SMS_URL", value)
    assert env.sms("SMS_URL") == setting


@pytest.mark.parametrize(
    "value", ["twilio://AC1@+1555", "http://t@sms.example/", "https://sms.example/", "x"]
)
def test_a_setting_that_is_not_understood_says_what_to_give(monkeypatch, value):
    monkeypatch.setenv("SMS_URL", value)
    with pytest.raises(ImproperlyConfigured, match="SMS_URL is not understood: give twilio://"):
        env.sms("SMS_URL")


def test_a_phone_that_refuses_for_good_is_followed_by_the_text(patient, gateway, push_service):
    subscribed(patient, push_service)
    push_service.answers = [410]
    a_check_in(patient, **fever("38.4"))
    deliver_all()
    deliver_all()
    assert states() == [("PUSH", "GONE"), ("SMS", "SENT")]
