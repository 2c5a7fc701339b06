"""One patient's numbers: another version, or some of their own; everything is judged again."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from tests.conftest import NOW
from tests.factories import (
    a_check_in,
    a_clinic,
    a_patient,
    a_procedure,
    a_protocol,
    a_staff,
    approved,
    fever,
)
from tracker.clinical.protocol import OutOfBounds, Protocol
from tracker.models import Alert, Assessment, AuditEvent, Procedure, ProtocolOverride
from tracker.services import courses, protocols

pytestmark = pytest.mark.django_db
HIGHER = {"Cel": "38.3", "[degF]": "100.9"}
LOWER = {"Cel": "37.8", "[degF]": "100.0"}


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def doctor(clinic):
    return a_staff(clinic, role="CLINICIAN")


@pytest.fixture
def procedure(clinic):
    return a_procedure(a_patient(clinic))


def override(doctor, procedure, reason="On prednisone.", **numbers):
    return protocols.override(
        staff=doctor, procedure_id=procedure.pk, numbers=numbers, reason=reason, now=NOW
    )


def move(doctor, procedure, number):
    return protocols.move_procedure(staff=doctor, procedure_id=procedure.pk, number=number, now=NOW)


def steps(alert):
    # Nobody is on call in these stories, which the alert says at once.
    events = alert.events.exclude(step="exhausted").order_by("pk")
    return list(events.values_list("step", flat=True))


def test_the_newest_override_counts_on_top_of_the_version(clinic, doctor):
    version = approved(clinic, persist_h=96, severe=7)
    procedure = a_procedure(a_patient(clinic))
    override(doctor, procedure, fever=LOWER)
    override(doctor, procedure, severe=9)

    protocol = courses.protocol_of(procedure)
    assert (protocol.persist_h, protocol.severe) == (96, 9)
    assert protocol.fever == Protocol().fever
    assert courses.rules_of(procedure).version == version

    override(doctor, procedure)
    assert courses.protocol_of(procedure) == version.protocol()


def test_an_override_may_go_back_to_a_default_that_the_version_changed(clinic, doctor):
    approved(clinic, severe=7)
    procedure = a_procedure(a_patient(clinic))
    override(doctor, procedure, severe=8)
    assert courses.protocol_of(procedure).severe == 8


def test_an_override_for_rfa_leaves_what_it_does_not_name(clinic, doctor):
    approved(clinic, persist_h=96)
    procedure = a_procedure(a_patient(clinic), kind="rfa")
    override(doctor, procedure, by_kind={"rfa": {"persist_h": 200}})
    protocol = courses.protocol_of(procedure)
    assert protocol.by_kind == {"rfa": {"persist_h": 200, "rise_h": 336}}
    assert protocol.persist_h == 96


@pytest.mark.parametrize(
    ("kind", "numbers", "words"),
    [
        ("rfa", {"persist_h": 96}, "persist_h has a value of its own after RFA"),
        ("therapeutic", {"by_kind": {"rfa": {"persist_h": 200}}}, "by_kind is for radiofrequency"),
        ("therapeutic", {"severe": 6}, "severe is 6 of 10; allowed is 7 to 10"),
    ],
)
def test_a_number_without_effect_or_out_of_bounds_is_refused(clinic, doctor, kind, numbers, words):
    procedure = a_procedure(a_patient(clinic), kind=kind)
    with pytest.raises(OutOfBounds, match=words):
        override(doctor, procedure, **numbers)
    assert not ProtocolOverride.objects.exists()


def test_what_comes_next_is_judged_by_the_override_and_says_so(doctor, procedure):
    made = override(doctor, procedure, fever=HIGHER)
    a_check_in(procedure.patient, **fever("38.1"))
    assert Alert.objects.get().rule == "FV-LOW"
    assessment = Assessment.objects.latest("pk")
    assert assessment.protocol_override == made
    assert assessment.findings["fired"][0]["rule"] == "FV-LOW"


def test_a_lower_line_finds_what_was_entered_before(doctor, procedure):
    a_check_in(procedure.patient, **fever("37.9"))
    watch = Alert.objects.get()
    assert watch.rule == "FV-LOW"

    override(doctor, procedure, fever=LOWER)

    watch.refresh_from_db()
    assert (watch.rule, watch.tier) == ("FV-FEVER", 2)
    assert steps(watch) == ["open", "escalate"]


def test_an_alert_that_no_longer_holds_is_marked_once_and_waits(doctor, procedure):
    alert = a_check_in(procedure.patient, **fever("38.1")).events[0].alert
    override(doctor, procedure, fever=HIGHER)
    override(doctor, procedure, fever=HIGHER, reason="Said again.")
    alert.refresh_from_db()
    assert alert.state == "OPEN"
    assert steps(alert).count("no_ground") == 1


def test_moving_judges_everything_by_the_other_version(clinic, doctor, procedure):
    alert = a_check_in(procedure.patient, **fever("38.1")).events[0].alert
    version = approved(clinic, fever=HIGHER)
    move(doctor, procedure, 2)

    procedure.refresh_from_db()
    assert procedure.protocol_version == version
    assert Assessment.objects.latest("pk").protocol_version == version
    assert "no_ground" in steps(alert)
    assert AuditEvent.objects.filter(
        action="procedure.move_protocol", patient_id=procedure.patient_id
    ).exists()

    approved(clinic, severe=7)
    move(doctor, procedure, 3)
    assert steps(alert) == ["open", "no_ground", "attach"]


def test_moving_says_nothing_twice(clinic, doctor, procedure):
    alert = a_check_in(procedure.patient, **fever("39.0")).events[0].alert
    approved(clinic, fever=HIGHER)
    before = alert.raised_at
    move(doctor, procedure, 2)
    alert.refresh_from_db()
    assert (steps(alert), alert.raised_at) == (["open"], before)


def test_silence_counts_anew_by_the_new_numbers(clinic, doctor):
    procedure = a_procedure(a_patient(clinic), hours_ago=400)
    a_check_in(procedure.patient)
    procedure.refresh_from_db()
    assert procedure.next_assessment_at is None
    approved(clinic, active_h=720)
    move(doctor, procedure, 2)
    procedure.refresh_from_db()
    assert procedure.next_assessment_at is not None


def test_nobody_is_moved_to_numbers_that_are_not_in_force(clinic, doctor, procedure):
    a_protocol(clinic, severe=7)
    with pytest.raises(protocols.ApproveFirst):
        move(doctor, procedure, 2)
    with pytest.raises(protocols.ChangeSomething):
        move(doctor, procedure, 1)


def test_a_closed_procedure_keeps_what_it_was_judged_by(clinic, doctor):
    procedure = a_procedure(a_patient(clinic), state="CLOSED")
    approved(clinic, severe=7)
    for act in (lambda: move(doctor, procedure, 2), lambda: override(doctor, procedure, severe=9)):
        with pytest.raises(protocols.NotFollowedAnyMore, match="closed"):
            act()


def test_only_a_clinician_of_the_clinic_and_a_stranger_finds_nothing(clinic, procedure):
    approved(clinic, severe=7)
    for role in ("NURSE", "MANAGER", "READER"):
        colleague = a_staff(clinic, role=role)
        with pytest.raises(protocols.AskAClinician):
            override(colleague, procedure, severe=9)
        with pytest.raises(protocols.AskAClinician):
            move(colleague, procedure, 2)
    stranger = a_staff(role="CLINICIAN")
    with pytest.raises(Procedure.DoesNotExist):
        override(stranger, procedure, severe=9)
    with pytest.raises(Procedure.DoesNotExist):
        move(stranger, procedure, 1)


def test_an_override_needs_a_reason_and_leaves_a_trace(doctor, procedure):
    with pytest.raises(protocols.GiveAReason):
        override(doctor, procedure, severe=9, reason=" ")
    made = override(doctor, procedure, severe=9)
    assert (made.made_by, made.made_at, made.reason) == (doctor.user, NOW, "On prednisone.")
    trace = AuditEvent.objects.get(action="procedure.override")
    assert (trace.actor, trace.patient_id) == (doctor.audit_name, procedure.patient_id)


def test_an_override_is_never_edited_or_deleted(doctor, procedure):
    made = override(doctor, procedure, severe=9)
    rows = ProtocolOverride.objects.filter(pk=made.pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(numbers={})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.delete()
