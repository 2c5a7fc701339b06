"""What a patient writes in their own words always lands with staff."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_patient, a_procedure, a_staff, signed_in
from tracker.models import Alert, Delivery
from tracker.models.alert import Outcome
from tracker.services import alerts
from tracker.services.triage_queue import waiting_patients

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
FOOT, WOUND = "My foot tingles.", "The wound is open."


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def nurse(clinic):
    return a_staff(clinic, on_call_order=1)


@pytest.fixture
def patient(clinic, nurse):
    patient = a_patient(clinic)
    a_procedure(patient)
    return patient


def write(patient, text=FOOT, urgency="today", now=NOW):
    return a_check_in(patient, now=now, other={"text": text, "urgency": urgency})


def messages():
    return Delivery.objects.filter(kind="STAFF_ALERT").count()


def resolve(nurse, now=NOW):
    known = {"outcome": Outcome.REACHED_ADVISED, "note": "", "now": now}
    alerts.resolve(staff=nurse, alert_id=Alert.objects.latest("opened_at").pk, **known)


def in_queue(nurse):
    return [each.lead for each in waiting_patients(staff=nurse, now=NOW)]


@pytest.mark.parametrize(
    ("urgency", "tier", "sent"),
    [("today", 2, 1), ("unsure", 2, 1), (None, 2, 1), ("can_wait", 1, 0)],
)
def test_it_stands_in_the_queue_and_on_the_desk_by_its_words(
    client, nurse, patient, urgency, tier, sent
):
    write(patient, urgency=urgency)
    (waiting,) = in_queue(nurse)
    assert (waiting.alert.sign, waiting.alert.tier, messages()) == ("other", tier, sent)
    page = signed_in(client, nurse).get(f"/admin/alerts/{waiting.alert.pk}/")
    assert FOOT in page.content.decode()


def test_other_words_while_it_stands_are_told_anew(nurse, patient):
    write(patient)
    alert = Alert.objects.get()
    alerts.acknowledge(staff=nurse, alert_id=alert.pk, now=NOW)
    write(patient, WOUND, now=NOW + HOUR)
    alert.refresh_from_db()
    assert (alert.state, alert.raised_at, messages()) == ("OPEN", NOW + HOUR, 2)


def test_the_same_words_are_told_once(nurse, patient):
    write(patient)
    write(patient, now=NOW + HOUR)
    assert messages() == 1
    assert Alert.objects.get().raised_at == NOW


def test_other_words_after_staff_resolved_are_a_new_alert(nurse, patient):
    write(patient)
    resolve(nurse)
    write(patient, now=NOW + HOUR)
    assert in_queue(nurse) == []
    write(patient, WOUND, now=NOW + 2 * HOUR)
    (waiting,) = in_queue(nurse)
    assert waiting.alert.check_in.answers["other"]["text"] == WOUND


def test_what_can_wait_joins_what_cannot_and_is_read_with_it(client, nurse, patient):
    write(patient)
    write(patient, "I slept badly.", "can_wait", NOW + HOUR)
    alert = Alert.objects.get()
    assert (alert.tier, alert.raised_at) == (2, NOW)
    page = signed_in(client, nurse).get(f"/admin/alerts/{alert.pk}/").content.decode()
    assert FOOT in page
    assert "I slept badly." in page


def test_what_can_wait_is_not_cleared_away_unread(nurse, patient):
    write(patient, urgency="can_wait")
    a_check_in(patient, now=NOW + HOUR, symptoms={"palpitations": False})
    assert [each.alert.tier for each in in_queue(nurse)] == [1]
