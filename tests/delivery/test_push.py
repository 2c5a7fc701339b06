"""Web push as the browser's side sees it: encrypted, signed, without health data."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from tests.conftest import NOW
from tests.delivery.receivers import a_receiver, answer
from tests.delivery.steps import deliver_all, states
from tests.factories import a_check_in, a_patient, a_phone, a_procedure, a_staff, fever
from tracker.delivery import push, texts
from tracker.delivery.addresses import AddressRefused, check_push_endpoint
from tracker.models import Delivery, PushSubscription
from tracker.services import push_subscriptions, sending
from tracker.services.push_subscriptions import SubscriptionRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient():
    patient = a_patient(name="Rosa Canary", email="rosa@patient.test")
    a_procedure(patient)
    return patient


@pytest.fixture
def browser(push_service, patient):
    browser = push_service.browser()
    push_subscriptions.subscribe(
        phone=a_phone(patient),
        endpoint=browser.endpoint,
        **browser.subscription["keys"],
        now=NOW,
    )
    return browser


def test_an_alert_reaches_the_phone_encrypted_and_without_health_data(
    patient, browser, push_service
):
    a_check_in(patient, **fever("38.4"))

    deliver_all()

    assert push_service.refusals == []
    [received] = push_service.received
    assert received.payload["web_push"] == 8030
    told = received.payload["notification"]
    words = f"{told['title']} {told['body']} {told['navigate']}".lower()
    for canary in ("38", "fever", "temperature", "rosa", "clinic", "pain", "sheet"):
        assert canary not in words
    assert received.headers["urgency"] == "high"
    assert int(received.headers["ttl"]) == 24 * 60 * 60
    assert len(received.headers["topic"]) == 32
    assert received.vapid["sub"] == "mailto:oncall@clinic.test"
    assert states() == [("PUSH", "SENT")]


@pytest.mark.parametrize(
    ("kind", "priority", "urgency", "seconds", "path"),
    [
        ("PATIENT_ALERT", 0, "high", 24 * 60 * 60, "/"),
        ("ICE_OFF", 1, "high", 5 * 60, "/ice/"),
        ("ICE_AGAIN", 1, "high", 5 * 60, "/ice/"),
        ("ICE_OFFER", 2, "normal", 60 * 60, "/ice/"),
        ("CHECK_IN", 2, "normal", 60 * 60, "/check-in/"),
        ("GLUCOSE", 2, "normal", 60 * 60, "/check-in/"),
        ("RECHECK", 2, "normal", 60 * 60, "/check-in/"),
        ("FOLLOW_UP", 2, "normal", 60 * 60, "/check-in/"),
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_how_long_and_how_urgently_each_message_is_kept(
    patient, browser, push_service, settings, kind, priority, urgency, seconds, path, language
):
    patient.language = language
    patient.save(update_fields=["language"])
    row = Delivery.objects.create(
        clinic=patient.clinic, patient=patient, kind=kind, channel="PUSH", priority=priority,
        subscription=PushSubscription.objects.get(), key=f"test:{kind}", due_at=NOW, created_at=NOW,
    )  # fmt: skip
    deliver_all()
    [received] = push_service.received
    told = received.payload["notification"]
    assert set(received.payload) == {"web_push", "notification"}
    assert (told["title"], told["body"]) == words_of(texts.text_for(kind, language))
    assert (told["lang"], told["navigate"]) == (language, settings.BASE_URL + path)
    assert told["data"] == {"receipt": str(row.receipt_id)}
    # What is sent again replaces what was sent before, on its way and on the screen.
    assert told["tag"] == received.headers["topic"] == push.topic(row.key)
    assert (received.headers["urgency"], received.headers["ttl"]) == (urgency, str(seconds))
    assert received.headers["content-encoding"] == "aes128gcm"


@pytest.mark.parametrize(
    ("kind", "left", "seconds"),
    [
        ("CHECK_IN", timedelta(hours=2), 60 * 60),
        ("CHECK_IN", timedelta(minutes=10), 10 * 60 - 15),  # then the night begins
        ("CHECK_IN", timedelta(seconds=10), 0),
        ("ICE_OFF", timedelta(minutes=2), 2 * 60 - 15),
    ],
)
def test_no_push_service_keeps_a_message_for_longer_than_it_is_of_use(
    patient, browser, push_service, kind, left, seconds
):
    Delivery.objects.create(
        clinic=patient.clinic, patient=patient, kind=kind, channel="PUSH",
        priority=1 if kind == "ICE_OFF" else 2, subscription=PushSubscription.objects.get(),
        key=f"test:{kind}", due_at=NOW, created_at=NOW, expires_at=NOW + left,
    )  # fmt: skip
    deliver_all()
    assert push_service.received[0].headers["ttl"] == str(seconds)


def words_of(text):
    return text.title, text.body


def test_a_receiver_that_asks_for_a_pause_gets_one(patient, browser, settings):
    slow = b"HTTP/1.1 429 Slow\r\nRetry-After: 40\r\nContent-Length: 0\r\n\r\n"
    with a_receiver(answer(slow)) as receiver:
        settings.PUSH_TEST_ORIGIN = receiver.origin
        PushSubscription.objects.update(endpoint=f"{receiver.origin}/push")
        a_check_in(patient, **fever("38.4"))
        deliver_all()
    assert Delivery.objects.get().due_at == NOW + timedelta(seconds=40)


def test_spanish_patients_read_spanish(patient, browser, push_service):
    patient.language = "es"
    patient.save(update_fields=["language"])
    a_check_in(patient, **fever("38.4"))
    deliver_all()
    assert push_service.received[0].payload["notification"]["lang"] == "es"
    assert push_service.received[0].payload["notification"]["title"] == "Tiene un mensaje nuevo"


@pytest.mark.parametrize("status", [404, 410])
def test_a_gone_address_ends_and_e_mail_takes_over(patient, browser, push_service, status):
    push_service.answers = [status]
    a_check_in(patient, **fever("38.4"))
    deliver_all()
    assert PushSubscription.objects.get().ended_at == NOW
    deliver_all()
    assert states() == [("PUSH", "GONE"), ("EMAIL", "SENT")]
    assert mail.outbox[0].to == ["rosa@patient.test"]


@pytest.mark.parametrize("status", [403, 429, 500, 503, 307])
def test_other_refusals_are_tried_again(patient, browser, push_service, status):
    push_service.answers = [status]
    a_check_in(patient, **fever("38.4"))
    deliver_all()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("PENDING", 1)
    assert PushSubscription.objects.get().ended_at is None

    deliver_all(NOW + timedelta(seconds=1))
    assert push_service.received == []
    deliver_all(NOW + timedelta(seconds=3))
    assert len(push_service.received) == 1


def test_a_message_is_not_sent_twice(patient, browser, push_service):
    a_check_in(patient, **fever("38.4"))
    deliver_all()
    deliver_all(NOW + timedelta(minutes=5))
    [delivery] = Delivery.objects.all()
    sending.deliver(delivery_id=delivery.pk, now=NOW + timedelta(minutes=5))
    assert len(push_service.received) == 1


def test_staff_on_call_are_told_by_e_mail_without_health_data(patient):
    a_staff(patient.clinic, on_call_order=1, email="first@clinic.test")
    a_staff(patient.clinic, on_call_order=2, email="second@clinic.test")
    a_staff(patient.clinic, email="off@clinic.test")
    a_check_in(patient, **fever("38.4"))
    deliver_all()
    told = [message for message in mail.outbox if message.to == ["first@clinic.test"]]
    assert len(told) == 1
    assert "Canary" not in told[0].body + told[0].subject
    assert "38" not in told[0].body
    assert not [message for message in mail.outbox if message.to == ["second@clinic.test"]]


def test_an_acknowledged_alert_needs_no_further_message_to_staff(patient):
    from tracker.services import alerts

    staff = a_staff(patient.clinic, on_call_order=1)
    alert = a_check_in(patient, **fever("38.4")).events[0].alert
    alerts.acknowledge(staff=staff, alert_id=alert.pk, now=NOW)
    deliver_all()
    assert Delivery.objects.get(kind="STAFF_ALERT").state == "CANCELLED"


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest",
        "https://user:pw@fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.test/x",
        "https://evil.test/fcm.googleapis.com",
        "https://evil.test#.notify.windows.com",
        "https://evil.test\\.notify.windows.com/",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com:99999/x",
        "https://notify.windows.com.evil.test",
        "file:///etc/passwd",
        "//fcm.googleapis.com/x",
        "https://fcm。googleapis.com/x",
        "https://fcm.googleapis.com/" + "x" * 1024,
        "",
    ],
)
def test_only_known_push_services_may_be_called(endpoint):
    with pytest.raises(AddressRefused):
        check_push_endpoint(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://web.push.apple.com/QGh",
        "https://wns2-by3p.notify.windows.com/w/?token=x",
    ],
)
def test_known_push_services_are_allowed(endpoint):
    check_push_endpoint(endpoint)


def test_a_stored_address_that_is_no_longer_allowed_is_not_called(
    patient, browser, push_service, settings
):
    a_check_in(patient, **fever("38.4"))
    settings.PUSH_TEST_ORIGIN = ""
    deliver_all()
    assert push_service.received == []
    assert states()[0] == ("PUSH", "DEAD")


@pytest.mark.parametrize(
    ("keys", "field"),
    [
        ({"p256dh": "AAAA", "auth": "A" * 22}, "p256dh"),
        ({"p256dh": "!" * 87, "auth": "A" * 22}, "p256dh"),
        ({"auth": "AAAA"}, "auth"),
        ({"auth": "ü" * 22}, "auth"),
    ],
    ids=str,
)
def test_keys_must_be_what_a_browser_gives(patient, push_service, keys, field):
    browser = push_service.browser()
    given = {**browser.subscription["keys"], **keys}
    with pytest.raises(SubscriptionRefused) as refused:
        push_subscriptions.subscribe(
            phone=a_phone(patient), endpoint=browser.endpoint, **given, now=NOW
        )
    assert refused.value.field == field
