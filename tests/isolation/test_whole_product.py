"""Requests, senders and sweeps of two clinics, done by the role that serves and sends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.test import Client

from tests.conftest import NOW
from tests.factories import (
    PASSWORD,
    a_clinic,
    a_patient,
    a_phone,
    a_procedure,
    a_staff,
    some_answers,
)
from tests.isolation.two_clinics import a_lived_in_clinic, sql
from tracker import clock, scope
from tracker.models import Alert, AuditEvent, Delivery, Patient, PushSubscription
from tracker.models.delivery import Priority
from tracker.services import (
    claims,
    health,
    invitations,
    metrics,
    push_subscriptions,
    reconciliation,
    staff_links,
    sweep,
    upkeep,
)

pytestmark = pytest.mark.django_db
P256DH = "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"


@pytest.fixture
def the_requests_of(the_application):
    """A browser whose requests the application answers."""

    def send(client: Client, method: str, path: str, **said):
        with the_application():
            return getattr(client, method)(path, **said)

    return send


def test_each_request_sees_the_clinic_of_who_sends_it(the_requests_of):
    names = []
    for clinic in (a_clinic(), a_clinic()):
        client, patient = Client(), a_patient(clinic, name=f"Of {clinic.name}")
        a_procedure(patient)
        a_phone(patient, client=client, now=clock.now())
        names.append((client, patient.name))
    for client, name in (*names, *reversed(names)):
        assert the_requests_of(client, "get", "/api/v1/session/").json()["name"] == name
        assert scope.current() == scope.NOWHERE
    assert the_requests_of(Client(), "get", "/api/v1/session/").status_code == 401


def test_a_phone_signs_in_and_a_check_in_becomes_an_alert(the_requests_of):
    patient = a_patient(a_clinic())
    a_procedure(patient, now=clock.now())
    code = invitations.invite(patient=patient, invited_by=None, now=clock.now()).code
    client = Client()
    said = {"data": {"code": code}, "content_type": "application/json"}
    assert the_requests_of(client, "post", "/api/v1/session/", **said).status_code == 201
    answers = some_answers(clock.now(), temperature={"value": "39.2", "unit": "Cel"})
    path = "/api/v1/check-ins/5f0c4a3e-0f6a-4c62-9d0c-7f2f1e9f9d10/"
    sent = the_requests_of(client, "put", path, data=answers, content_type="application/json")
    assert sent.status_code == 201
    assert Alert.objects.get(patient=patient).clinic_id == patient.clinic_id


def test_staff_see_their_own_queue_and_a_stranger_s_patient_is_not_there(the_requests_of):
    here, elsewhere = a_lived_in_clinic(), a_lived_in_clinic()
    nurse = a_staff(here)
    client = Client()
    form = {"login": nurse.user.email, "password": PASSWORD}
    assert the_requests_of(client, "post", "/accounts/login/", data=form).status_code == 302
    assert AuditEvent.objects.get(action="staff.sign_in").clinic == here
    alerts = the_requests_of(client, "get", "/api/v1/alerts/").json()
    assert len(alerts["results"]) == Alert.objects.filter(clinic=here).count()
    theirs = Patient.objects.get(clinic=elsewhere)
    assert the_requests_of(client, "get", f"/admin/patients/{theirs.pk}/").status_code == 404


def test_a_link_lets_staff_in_at_its_clinic(the_application):
    clinic = a_clinic()
    invited = staff_links.to_join(clinic=clinic, email="new@x.test", role="NURSE", now=NOW)
    token = invited.url.partition("#")[2]
    with the_application():
        joined = staff_links.accept(token=token, password=PASSWORD, signed_in=None, now=NOW)
        with pytest.raises(staff_links.LinkRefused):
            staff_links.accept(token=token, password=PASSWORD, signed_in=None, now=NOW)
    assert joined.membership.clinic_id == clinic.pk


def test_a_browser_that_comes_to_another_clinic_leaves_the_first(the_application, settings):
    settings.PUSH_TEST_ORIGIN = "http://127.0.0.1:9"
    known = {
        "endpoint": "http://127.0.0.1:9/push/one",
        "p256dh": P256DH,
        "auth": "AAAAAAAAAAAAAAAAAAAAAA",
        "now": NOW,
    }
    first, second = a_phone(a_patient(a_clinic())), a_phone(a_patient(a_clinic()))
    for phone in (first, second):
        with the_application(), scope.clinic_scope(phone.clinic.pk):
            push_subscriptions.subscribe(phone=phone, **known)
    old, new = PushSubscription.objects.order_by("ended_at")
    assert (old.clinic_id, old.ended_at) == (first.clinic.pk, NOW)
    assert old.endpoint.startswith("released:")
    assert (new.clinic_id, new.endpoint) == (second.clinic.pk, known["endpoint"])


def test_a_sweep_does_what_is_due_at_every_clinic(the_application):
    clinics = [a_lived_in_clinic(), a_lived_in_clinic()]
    later = NOW + timedelta(minutes=61)
    with the_application():
        sweep.sweep(tell_time=lambda: later)
        assert health.beat_age() is not None
    for clinic in clinics:
        assert Alert.objects.get(clinic=clinic).level == 1
    assert scope.current() == scope.NOWHERE


def test_a_claim_takes_what_is_due_at_every_clinic(the_application):
    clinics = {a_lived_in_clinic().pk, a_lived_in_clinic().pk}
    due = Delivery.objects.filter(priority=Priority.ALERT).count()
    with the_application():
        claimed = claims.claim_due(now=NOW, priorities=[Priority.ALERT], limit=50)
    assert {each.delivery.clinic_id for each in claimed} == clinics
    assert len(claimed) == due
    assert all(each.delivery.alert for each in claimed)


def test_what_is_lost_at_any_clinic_is_found_and_mended(the_application):
    for _ in range(2):
        a_lived_in_clinic()
    Alert.objects.update(due_at=None)
    with the_application():
        found = reconciliation.reconcile(now=NOW).found
    assert found["alert_without_a_step"] == 2
    assert not Alert.objects.filter(due_at=None).exists()


def test_figures_are_of_the_whole_installation(the_application):
    for _ in range(2):
        a_lived_in_clinic()
    with the_application():
        figures = metrics.take(now=NOW + timedelta(days=2))
    assert figures.beyond_target == Alert.objects.count() == 2
    assert figures.due["escalation"][0] == 2


def test_every_job_is_done_by_the_application(the_application, caplog):
    for _ in range(2):
        a_lived_in_clinic()
    with the_application():
        upkeep.do_due_jobs(tell_time=lambda: NOW)
    assert "failed" not in caplog.text
    assert sql("SELECT name FROM tracker_periodicjob WHERE last_error <> ''") == []
    assert not AuditEvent.objects.filter(position=None).exists()


def test_a_check_says_when_nothing_holds_the_product(the_application):
    def found() -> set[str | None]:
        return {each.id for each in run_checks(include_deployment_checks=True)}

    assert "tracker.E007" in found()
    with the_application():
        assert "tracker.E007" not in found()
