"""Staff on call of whom an address is dead, or who have left: the next person, and not too soon."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.delivery.steps import deliver_all
from tests.factories import a_check_in, a_patient, a_procedure, a_staff
from tests.sms_gateway import SmsGateway
from tracker.delivery.failures import PermanentFailure
from tracker.models import Alert, Delivery
from tracker.services import alerts, on_call, staff, sweep

pytestmark = pytest.mark.django_db
MINUTES = timedelta(minutes=1)


@pytest.fixture
def gateway(settings):
    with SmsGateway() as gateway:
        settings.SMS = gateway.twilio
        yield gateway


@pytest.fixture
def patient():
    patient = a_patient(texts_agreed_at=NOW)
    a_procedure(patient)
    return patient


def test_a_person_whose_mail_is_refused_was_told_by_text(patient, gateway, settings):
    first = a_staff(patient.clinic, on_call_order=1, mobile="+15555550177")
    alert = a_check_in(patient, symptoms={"chest_pain": True}).events[0].alert
    waits_until = Alert.objects.get(pk=alert.pk).due_at
    type(first.user).objects.filter(pk=first.user.pk).update(email="")
    deliver_all()
    assert Alert.objects.get(pk=alert.pk).due_at == waits_until
    assert Delivery.objects.get(user=first.user, channel="SMS").state == "SENT"


def test_a_person_whom_no_address_reaches_is_followed_by_the_next_at_once(patient, gateway):
    first = a_staff(patient.clinic, on_call_order=1, mobile="+15555550177")
    a_staff(patient.clinic, on_call_order=2)
    alert = a_check_in(patient, symptoms={"chest_pain": True}).events[0].alert
    type(first.user).objects.filter(pk=first.user.pk).update(email="", mobile="")
    deliver_all()
    assert Alert.objects.get(pk=alert.pk).due_at == NOW


def test_a_dead_address_hurries_nobody_while_the_next_person_has_been_told(patient):
    people = [a_staff(patient.clinic, on_call_order=order) for order in (1, 2, 3, 4)]
    alert = a_check_in(patient, symptoms={"chest_pain": True}).events[0].alert
    type(people[0].user).objects.filter(pk=people[0].user.pk).update(email="")
    for _ in range(4):
        deliver_all()
        sweep.escalate_due_alerts(now=NOW)
    alert.refresh_from_db()
    assert (alert.level, alert.exhausted_at, alert.due_at) == (1, None, NOW + 15 * MINUTES)


def test_two_dead_addresses_are_followed_by_all_at_once(patient, monkeypatch):
    people = [a_staff(patient.clinic, on_call_order=order) for order in (1, 2, 3, 4)]
    alert = a_check_in(patient, symptoms={"chest_pain": True}).events[0].alert

    def refuse(delivery):
        if delivery.user in {person.user for person in people[:2]}:
            raise PermanentFailure("no such mailbox")

    monkeypatch.setattr("tracker.delivery.channels.send", refuse)
    for _ in range(4):
        deliver_all()
        sweep.escalate_due_alerts(now=NOW)
    alert.refresh_from_db()
    assert (alert.level, alert.exhausted_at, alert.due_at) == (2, None, NOW + 30 * MINUTES)


def test_an_alert_skips_whoever_stopped_working_here_since_it_was_raised(patient):
    manager = a_staff(patient.clinic, role="MANAGER")
    first, second = (a_staff(patient.clinic, on_call_order=order) for order in (1, 2))
    alert = a_check_in(patient, symptoms={"chest_pain": True}).events[0].alert
    staff.deactivate(staff=manager, membership_id=first.membership.pk, now=NOW)
    assert [each.user for each in on_call.whom_to_tell(alert)] == [second.user]


def test_after_acknowledgement_no_text_goes_to_staff(patient, gateway):
    nurse = a_staff(patient.clinic, on_call_order=1, mobile="+15555550177")
    alert = a_check_in(patient, symptoms={"chest_pain": True}).events[0].alert
    alerts.acknowledge(staff=nurse, alert_id=alert.pk, now=NOW)
    deliver_all()
    assert [text.to for text in gateway.received] == [patient.phone]
