"""A phone that does not take its message: another phone must, or e-mail."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
from django.core import mail

from tests.conftest import NOW
from tests.delivery.steps import deliver_all, subscribed
from tests.factories import a_check_in, a_patient, a_phone, a_procedure, a_staff, fever
from tracker.models import Alert, Delivery
from tracker.services import alerts, claims, deliveries, push_subscriptions, sending

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def patient():
    patient = a_patient(email="rosa@patient.test")
    a_procedure(patient)
    return patient


def end(patient, browser):
    assert push_subscriptions.unsubscribe(
        phone=a_phone(patient), endpoint=browser.endpoint, now=NOW
    )


def test_each_of_two_messages_to_a_gone_phone_becomes_an_e_mail(patient, push_service):
    subscribed(patient, push_service)
    a_check_in(patient, **fever("38.4"))
    a_check_in(patient, symptoms={"chest_pain": True})
    push_service.answers = [410, 410]
    deliver_all()
    deliver_all()
    assert [message.to for message in mail.outbox] == [["rosa@patient.test"]] * 2


def test_a_browser_that_renewed_its_address_gets_the_message_there(patient, push_service):
    old = subscribed(patient, push_service)
    a_check_in(patient, symptoms={"chest_pain": True})
    end(patient, old)
    new = subscribed(patient, push_service)
    deliver_all()
    deliver_all()
    assert [each.endpoint for each in push_service.received] == [new.endpoint]


def test_two_phones_that_end_at_once_leave_the_e_mail(patient, push_service):
    for _ in range(2):
        subscribed(patient, push_service)
    a_check_in(patient, **fever("38.4"))
    push_service.answers = [410, 404]
    deliver_all()
    deliver_all()
    assert len(mail.outbox) == 1


def test_a_phone_that_somebody_else_uses_now_does_not_show_the_message(patient, push_service):
    browser = subscribed(patient, push_service)
    a_check_in(patient, **fever("38.4"))
    other = a_patient()
    push_subscriptions.subscribe(
        phone=a_phone(other), endpoint=browser.endpoint, now=NOW, **browser.subscription["keys"]
    )
    deliver_all()
    deliver_all()
    assert push_service.received == []
    assert len(mail.outbox) == 1
    assert other.push_subscriptions.get().ended_at is None


def test_an_alert_that_is_refused_again_and_again_goes_by_e_mail_too(patient, push_service):
    subscribed(patient, push_service)
    a_check_in(patient, **fever("38.4"))
    push_service.answers = [403] * 3
    for seconds in (0, 3, 8, 17):
        deliver_all(NOW + seconds * SECOND)
    deliver_all(NOW + 20 * SECOND)
    assert len(mail.outbox) == 1
    assert len(push_service.received) == 1


def test_what_nobody_foresaw_is_tried_again_and_told(patient, push_service, monkeypatch):
    subscribed(patient, push_service)
    a_check_in(patient, **fever("38.4"))
    monkeypatch.setattr("tracker.delivery.channels.send", lambda _delivery: 1 / 0)
    deliver_all()
    delivery = Delivery.objects.get(channel="PUSH")
    assert (delivery.state, delivery.last_error) == ("PENDING", "ZeroDivisionError")


def test_a_lease_keeps_others_away_and_then_ends(patient, push_service, monkeypatch):
    subscribed(patient, push_service)
    a_check_in(patient, **fever("38.4"))
    [delivery_id] = Delivery.objects.values_list("pk", flat=True)

    def die(_delivery):
        raise KeyboardInterrupt

    monkeypatch.setattr("tracker.delivery.channels.send", die)
    with pytest.raises(KeyboardInterrupt):
        sending.deliver(delivery_id=delivery_id, now=NOW)
    assert claims.claim(delivery_id=delivery_id, now=NOW + 14 * SECOND) is None
    assert claims.claim(delivery_id=delivery_id, now=NOW + 15 * SECOND)


def test_a_holder_whose_lease_ran_out_marks_nothing(patient, push_service):
    subscribed(patient, push_service)
    a_check_in(patient, **fever("38.4"))
    [delivery_id] = Delivery.objects.values_list("pk", flat=True)
    late = claims.claim(delivery_id=delivery_id, now=NOW)
    claims.claim(delivery_id=delivery_id, now=NOW + 15 * SECOND)
    assert not claims.mark(late.delivery, state="SENT")
    assert Delivery.objects.get(pk=delivery_id).state == "PENDING"


def test_a_phone_that_confirms_faster_than_we_write_leaves_both_moments(patient, push_service):
    subscribed(patient, push_service)
    a_check_in(patient, **fever("38.4"))
    delivery = claims.claim(delivery_id=Delivery.objects.get().pk, now=NOW).delivery
    deliveries.confirm_receipt(receipt_id=delivery.receipt_id, patient=patient, now=NOW + SECOND)
    claims.mark_sent(delivery, confirm_by=NOW + 120 * SECOND, now=NOW)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.sent_at, delivery.seen_at) == ("SEEN", NOW, NOW + SECOND)


@pytest.mark.parametrize(("code", "state"), [(450, "PENDING"), (550, "DEAD")])
def test_a_mailbox_that_is_full_is_tried_again_and_one_that_is_gone_is_not(
    patient, monkeypatch, code, state
):
    a_staff(patient.clinic, on_call_order=1)
    alert = a_check_in(patient, **fever("38.4")).events[0].alert

    def refuse(self, fail_silently=False):
        raise smtplib.SMTPRecipientsRefused({"x@clinic.test": (code, b"no")})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    deliver_all()
    assert Delivery.objects.get(kind="STAFF_ALERT").state == state
    alert.refresh_from_db()
    # When nobody could be told, the next person is told now.
    assert (alert.due_at == NOW) is (state == "DEAD")


def test_a_message_speaks_for_every_alert_that_was_raised_with_it(patient):
    staff = a_staff(patient.clinic, on_call_order=1)
    events = a_check_in(patient, **fever("38.4"), symptoms={"chest_pain": True}).events
    chest = next(each.alert for each in events if each.alert.sign == "chest")
    alerts.acknowledge(staff=staff, alert_id=chest.pk, now=NOW)
    deliver_all()
    assert Delivery.objects.get(kind="STAFF_ALERT").state == "SENT"
    assert Alert.objects.get(sign="fever").state == "OPEN"


def test_an_empty_address_is_not_a_message_sent(patient):
    staff = a_staff(patient.clinic, on_call_order=1)
    a_check_in(patient, **fever("38.4"))
    type(staff.user).objects.filter(pk=staff.user.pk).update(email="")
    deliver_all()
    assert Delivery.objects.get(kind="STAFF_ALERT").state == "DEAD"
