"""Phones of people who help: told of alerts, and never taken for the patient's own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.delivery.steps import deliver_all, subscribed
from tests.factories import a_check_in, a_patient, a_phone, a_procedure, a_staff, fever
from tests.push_service import Browser
from tracker.access import Phone, phone_for
from tracker.models import Delivery, PushSubscription, Reminder
from tracker.models.consent import ConsentKind
from tracker.services import (
    caregivers,
    consents,
    deliveries,
    invitations,
    next_channel,
    push_subscriptions,
    reminder_messages,
    reports,
    sweep,
    untold,
)
from tracker.services.reachability import Reach, reachability

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def patient():
    patient = a_patient()
    a_procedure(patient)
    a_staff(patient.clinic, on_call_order=1)
    return patient


def a_helper(patient) -> Phone:
    added = caregivers.add(phone=a_phone(patient), name="Ana", may_log=True, now=NOW)
    signed_in = invitations.sign_in_with_code(code=added.invited.code, label="a phone", now=NOW)
    phone = phone_for(signed_in.token)
    assert phone is not None and phone.caregiver is not None
    return phone


def listening(phone: Phone, browser: Browser) -> PushSubscription:
    keys = browser.subscription["keys"]
    return push_subscriptions.subscribe(phone=phone, endpoint=browser.endpoint, now=NOW, **keys)


@pytest.fixture
def helper(patient, push_service) -> Browser:
    """Ana's phone takes messages; the patient's takes none yet."""
    browser = push_service.browser()
    listening(a_helper(patient), browser)
    return browser


def a_reminder(patient, kind="CHECK_IN") -> Reminder:
    return Reminder.objects.create(
        clinic=patient.clinic, patient=patient, procedure=patient.procedures.get(), kind=kind,
        asked_at=NOW, due_at=NOW, expires_at=NOW + HOUR,
    )  # fmt: skip


def addressees() -> list[str]:
    rows = Delivery.objects.filter(patient__isnull=False).order_by("pk")
    named = rows.values_list("subscription__device_session__caregiver__name", "channel", "kind")
    return [f"{name or 'patient'} {channel} {kind}" for name, channel, kind in named]


def test_a_reminder_goes_to_the_patient_alone(patient, helper, push_service):
    subscribed(patient, push_service)
    reminder_messages.owe(reminders=[a_reminder(patient)], now=NOW)
    deliveries.owe_reminder(reminder=a_reminder(patient, "GLUCOSE"), now=NOW)
    assert addressees() == ["patient PUSH CHECK_IN", "patient PUSH GLUCOSE"]


def test_an_alert_goes_to_both(patient, helper, push_service):
    subscribed(patient, push_service)
    a_check_in(patient, **fever())
    assert sorted(addressees()) == ["Ana PUSH PATIENT_ALERT", "patient PUSH PATIENT_ALERT"]


def test_a_patient_whom_only_a_helper_hears_is_out_of_reach(patient, helper):
    assert reachability(patient=patient, now=NOW).reach == Reach.UNREACHABLE
    report = reports.report(staff=a_staff(patient.clinic), since=NOW - HOUR, until=NOW)
    assert (report.reach.by_phone, report.reach.not_at_all) == (0, 1)
    a_check_in(patient, **fever())
    assert patient.tasks.filter(kind="UNREACHABLE", done_at=None).exists()


def test_e_mail_goes_to_a_patient_whom_only_a_helper_hears(patient, helper):
    patient.email = "ada@patient.test"
    patient.save(update_fields=["email"])
    reminder_messages.owe(reminders=[a_reminder(patient)], now=NOW)
    assert addressees() == ["patient EMAIL CHECK_IN"]


def test_a_helpers_receipt_does_not_say_that_the_patient_is_reached(patient, helper):
    a_check_in(patient, **fever())
    deliver_all()
    sent = Delivery.objects.get(subscription__isnull=False)
    assert deliveries.confirm_receipt(receipt_id=sent.receipt_id, patient=patient, now=NOW)
    sent.refresh_from_db()
    assert sent.state == "SEEN"
    assert patient.tasks.filter(kind="UNREACHABLE", done_at=None).exists()
    assert reachability(patient=patient, now=NOW).confirmed_at is None


def test_a_helpers_receipt_does_not_stop_the_next_channel(patient, helper, push_service):
    subscribed(patient, push_service)
    patient.email = "ada@patient.test"
    patient.save(update_fields=["email"])
    a_check_in(patient, **fever())
    deliver_all()
    heard = Delivery.objects.get(subscription__endpoint=helper.endpoint)
    deliveries.confirm_receipt(receipt_id=heard.receipt_id, patient=patient, now=NOW)
    sweep.owe_unconfirmed(now=NOW + HOUR)
    assert "patient EMAIL PATIENT_ALERT" in addressees()


def test_a_helpers_silence_costs_the_patient_nothing(patient, helper, push_service):
    subscribed(patient, push_service)
    patient.email = "ada@patient.test"
    patient.save(update_fields=["email"])
    a_check_in(patient, **fever())
    deliver_all()
    unheard = Delivery.objects.get(subscription__endpoint=helper.endpoint)
    next_channel.owe_as_well(unheard=unheard, now=NOW)
    assert "patient EMAIL PATIENT_ALERT" not in addressees()


def test_what_only_a_helper_was_told_counts_as_untold(patient, push_service):
    subscribed(patient, push_service)
    listening(a_helper(patient), push_service.browser())
    a_check_in(patient, **fever())
    assert untold.patient_not_told(NOW) == []
    own = Delivery.objects.filter(
        kind="PATIENT_ALERT", subscription__device_session__caregiver=None
    )
    own.delete()
    assert len(untold.patient_not_told(NOW)) == 1


def test_each_turns_off_their_own(patient, helper, push_service):
    own = subscribed(patient, push_service)
    ana = PushSubscription.objects.get(endpoint=helper.endpoint)
    anas = Phone(ana.device_session, patient)
    assert not push_subscriptions.unsubscribe(phone=anas, endpoint=own.endpoint, now=NOW)
    assert push_subscriptions.unsubscribe(phone=a_phone(patient), endpoint=own.endpoint, now=NOW)
    assert consents.standing(patient=patient, kind=ConsentKind.PUSH) is None
    ana.refresh_from_db()
    assert ana.ended_at is None
