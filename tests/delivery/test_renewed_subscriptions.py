"""A phone says at each start where its messages go: that alone does not make it a new one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import a_check_in, a_patient, a_phone, a_procedure, fever
from tests.push_service import Browser
from tracker.access import Phone
from tracker.models import Caregiver, Delivery, Patient, PushSubscription
from tracker.services import push_subscriptions, untold
from tracker.services.reachability import Reach, reachability

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def patient():
    patient = a_patient()
    a_procedure(patient)
    return patient


def say_again(phone: Phone, browser: Browser, now) -> PushSubscription:
    keys = browser.subscription["keys"]
    return push_subscriptions.subscribe(phone=phone, endpoint=browser.endpoint, now=now, **keys)


def test_a_phone_that_says_it_again_is_as_old_as_before(patient, push_service):
    phone, browser = a_phone(patient), push_service.browser()
    say_again(phone, browser, NOW)
    assert say_again(phone, browser, NOW + DAY).created_at == NOW
    # Signed in again on the same phone: still the patient's own.
    assert say_again(a_phone(patient), browser, NOW + 2 * DAY).created_at == NOW


@pytest.mark.parametrize("changed", ["its patient", "who holds it", "it had ended"])
def test_a_phone_that_changed_is_new(patient, push_service, changed):
    phone, browser = a_phone(patient), push_service.browser()
    before = say_again(phone, browser, NOW)
    if changed == "its patient":
        phone = a_phone(a_patient(patient.clinic))
    elif changed == "who holds it":
        phone = a_helpers_phone(patient)
    else:
        PushSubscription.objects.update(ended_at=NOW)

    after = say_again(phone, browser, NOW + HOUR)
    assert (after.created_at, after.ended_at) == (NOW + HOUR, None)
    assert (after.pk == before.pk) is (changed != "its patient")


def a_helpers_phone(patient: Patient) -> Phone:
    phone = a_phone(patient)
    phone.session.caregiver = Caregiver.objects.create(
        clinic=patient.clinic, patient=patient, name="Ana", created_at=NOW
    )
    phone.session.save(update_fields=["caregiver"])
    return phone


def test_a_start_between_an_alert_and_the_search_hides_nobody_untold(patient, push_service):
    phone, browser = a_phone(patient), push_service.browser()
    say_again(phone, browser, NOW - HOUR)
    a_check_in(patient, **fever())
    Delivery.objects.filter(kind="PATIENT_ALERT").delete()
    say_again(phone, browser, NOW + HOUR)
    assert len(untold.patient_not_told(NOW + HOUR)) == 1


def test_a_phone_that_confirms_nothing_is_in_doubt_however_often_it_starts(patient, push_service):
    phone, browser = a_phone(patient), push_service.browser()
    for days in range(9):
        say_again(phone, browser, NOW + days * DAY)
    assert reachability(patient=patient, now=NOW + 8 * DAY).reach == Reach.DOUBTFUL
