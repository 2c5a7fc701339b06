"""Numbers become valid when a clinician who did not submit them has approved them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.conftest import NOW
from tests.factories import a_clinic, a_patient, a_procedure, a_protocol, a_staff, approved
from tracker.clinical.protocol import OutOfBounds
from tracker.models import AuditEvent, ProtocolVersion
from tracker.services import procedures, protocols

pytestmark = pytest.mark.django_db
FEVER = {"Cel": "38.3", "[degF]": "100.9"}
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def nurse(clinic):
    return a_staff(clinic)


@pytest.fixture
def doctor(clinic):
    return a_staff(clinic, role="CLINICIAN")


def in_force(clinic):
    return procedures.current_protocol(clinic=clinic, now=NOW)


def test_a_new_clinic_runs_on_the_defaults_that_nobody_has_approved(clinic):
    assert (in_force(clinic).number, in_force(clinic).numbers) == (1, {})
    assert in_force(clinic).state == "SUBMITTED"
    assert ProtocolVersion.objects.count() == 1


def test_from_submitted_over_review_to_approved_with_who_and_when(clinic, nurse, doctor):
    version = a_protocol(clinic, by=nurse, persist_h=96)
    assert (version.number, version.state, version.submitted_by) == (2, "SUBMITTED", nurse.user)
    assert version.reason == "Our sheet says so."

    protocols.start_review(staff=doctor, number=2, now=LATER)
    assert in_force(clinic).number == 1
    version = protocols.approve(staff=doctor, number=2, now=LATER)

    version.refresh_from_db()
    assert (version.state, version.reviewed_by, version.reviewed_at) == (
        "APPROVED", doctor.user, LATER,
    )  # fmt: skip
    assert (version.approved_by, version.approved_at) == (doctor.user, LATER)
    assert in_force(clinic) == version
    assert [(each.action, each.actor) for each in AuditEvent.objects.order_by("pk")] == [
        ("protocol.submit", nurse.audit_name),
        ("protocol.review", doctor.audit_name),
        ("protocol.approve", doctor.audit_name),
    ]


def test_a_newer_version_that_is_not_approved_is_never_in_force(clinic, nurse, doctor):
    approved(clinic, persist_h=96)
    a_protocol(clinic, by=nurse, persist_h=120)
    assert in_force(clinic).number == 2
    assert a_procedure(a_patient(clinic)).protocol_version.number == 2
    protocols.start_review(staff=doctor, number=3, now=NOW)
    assert in_force(clinic).number == 2


def test_open_procedures_keep_their_version(clinic):
    procedure = a_procedure(a_patient(clinic))
    approved(clinic, persist_h=96)
    procedure.refresh_from_db()
    assert procedure.protocol_version.number == 1


def test_only_what_differs_from_the_defaults_is_kept(clinic):
    version = a_protocol(clinic, persist_h=72, severe=7, g_vlow={"mg/dL": "54", "mmol/L": "3.0"})
    assert version.numbers == {"severe": 7}
    version = a_protocol(clinic, fever=FEVER, by_kind={"rfa": {"persist_h": 400, "rise_h": 336}})
    assert version.numbers == {"fever": FEVER, "by_kind": {"rfa": {"persist_h": 400}}}


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"persist_h": 200}, "persist_h is 200 h; allowed is 48 to 168 h"),
        ({"fever": {"Cel": "39.0", "[degF]": "102.2"}}, "fever is 39.0 Cel; allowed is 37.8 to"),
        ({"g_vlow": {"mg/dL": "40", "mmol/L": "2.2"}}, "g_vlow is fixed"),
        ({"dragons": 1}, "dragons is not a setting"),
    ],
)
def test_what_is_out_of_bounds_is_refused_by_name(clinic, numbers, words):
    with pytest.raises(OutOfBounds, match=words):
        a_protocol(clinic, **numbers)
    assert not ProtocolVersion.objects.filter(number=2).exists()


def test_numbers_in_scientific_writing_are_stored_plainly(clinic):
    version = a_protocol(clinic, g_high={"mg/dL": "3.5E+2", "mmol/L": "19.4"})
    assert version.numbers == {"g_high": {"mg/dL": "350", "mmol/L": "19.4"}}


def test_a_version_needs_a_reason_and_a_difference(clinic, nurse):
    with pytest.raises(protocols.GiveAReason):
        protocols.submit(staff=nurse, numbers={"persist_h": 96}, reason=" ", now=NOW)
    with pytest.raises(protocols.ChangeSomething, match="version 1"):
        protocols.submit(staff=nurse, numbers={"persist_h": 72}, reason="x", now=NOW)
    approved(clinic, persist_h=96)
    with pytest.raises(protocols.ChangeSomething, match="version 2"):
        protocols.submit(staff=nurse, numbers={"persist_h": 96}, reason="x", now=NOW)
    assert protocols.submit(staff=nurse, numbers={}, reason="back", now=NOW).numbers == {}


def test_a_reader_proposes_nothing(clinic):
    with pytest.raises(protocols.AskToAct):
        a_protocol(clinic, by=a_staff(clinic, role="READER"), persist_h=96)


@pytest.mark.parametrize("role", ["READER", "NURSE", "MANAGER"])
@pytest.mark.parametrize("step", [protocols.start_review, protocols.approve])
def test_only_a_clinician_decides(clinic, role, step):
    a_protocol(clinic, persist_h=96)
    with pytest.raises(protocols.AskAClinician):
        step(staff=a_staff(clinic, role=role), number=2, now=NOW)


def test_whoever_submitted_does_not_approve(clinic, doctor):
    a_protocol(clinic, by=doctor, persist_h=96)
    with pytest.raises(protocols.AskAnotherClinician):
        protocols.start_review(staff=doctor, number=2, now=NOW)
    colleague = a_staff(clinic, role="CLINICIAN")
    protocols.start_review(staff=colleague, number=2, now=NOW)
    with pytest.raises(protocols.AskAnotherClinician):
        protocols.approve(staff=doctor, number=2, now=NOW)
    assert protocols.approve(staff=colleague, number=2, now=NOW).state == "APPROVED"


def test_the_database_knows_as_well_that_another_must_approve(clinic, doctor):
    a_protocol(clinic, by=doctor, persist_h=96)
    own = {"state": "APPROVED", "approved_by": doctor.user, "approved_at": NOW}
    reviewed = {"reviewed_by": doctor.user, "reviewed_at": NOW}
    rows = ProtocolVersion.objects.filter(number=2)
    for fields, check in [
        ({**own, **reviewed}, "protocol_approved_by_another"),
        (own, "protocol_reviewed_by_somebody|protocol_approved_by_another"),
    ]:
        with pytest.raises(IntegrityError, match=check), transaction.atomic():
            rows.update(**fields)


def test_nothing_is_approved_unseen_or_twice(clinic, doctor):
    a_protocol(clinic, persist_h=96)
    with pytest.raises(protocols.ReviewFirst):
        protocols.approve(staff=doctor, number=2, now=NOW)
    protocols.start_review(staff=doctor, number=2, now=NOW)
    with pytest.raises(protocols.ReloadFirst, match="under review"):
        protocols.start_review(staff=doctor, number=2, now=NOW)
    protocols.approve(staff=doctor, number=2, now=NOW)
    with pytest.raises(protocols.ReloadFirst, match="approved by"):
        protocols.approve(staff=doctor, number=2, now=NOW)


def test_an_older_version_does_not_come_back_behind_a_newer_one(clinic, doctor):
    a_protocol(clinic, persist_h=96)
    protocols.start_review(staff=doctor, number=2, now=NOW)
    approved(clinic, persist_h=120)
    with pytest.raises(protocols.SubmitAgain, match="Version 3"):
        protocols.approve(staff=doctor, number=2, now=NOW)


def test_a_stranger_finds_no_version(clinic):
    a_protocol(clinic, persist_h=96)
    stranger = a_staff(role="CLINICIAN")
    for step in (protocols.start_review, protocols.approve):
        with pytest.raises(ProtocolVersion.DoesNotExist):
            step(staff=stranger, number=2, now=NOW)
    assert [each.number for each in protocols.versions(staff=stranger, now=NOW)] == [1]


def test_versions_count_the_open_procedures_on_each(clinic, nurse):
    procedure = a_procedure(a_patient(clinic))
    a_procedure(a_patient(clinic), state="CLOSED")
    a_procedure(a_patient())
    approved(clinic, persist_h=96)
    a_procedure(a_patient(clinic))
    counted = protocols.versions(staff=nurse, now=NOW)
    assert [(each.number, each.open_procedures) for each in counted] == [(2, 1), (1, 1)]
    assert procedure.protocol_version.number == 1


EDITS = [
    {"numbers": {"persist_h": 120}},
    {"number": 7},
    {"reason": "other words"},
    {"created_at": LATER},
    {"state": "SUBMITTED"},
    {"state": "UNDER_REVIEW"},
    {"approved_at": LATER},
    {"reviewed_at": LATER},
]


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_a_version_is_never_edited_whoever_writes(clinic, edit):
    version = approved(clinic, persist_h=96)
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        ProtocolVersion.objects.filter(pk=version.pk).update(**edit)


def test_a_version_moves_to_no_other_clinic_or_person_and_is_never_deleted(clinic, nurse):
    version = approved(clinic, persist_h=96)
    rows = ProtocolVersion.objects.filter(pk=version.pk)
    for edit in ({"clinic": a_clinic()}, {"submitted_by": a_staff(clinic).user}):
        with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
            rows.update(**edit)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.delete()


def test_version_1_can_be_nothing_but_the_defaults(clinic):
    with pytest.raises(IntegrityError, match="first_is_the_defaults"), transaction.atomic():
        ProtocolVersion.objects.create(
            clinic=clinic, number=1, numbers={"severe": 7}, state="SUBMITTED", created_at=NOW
        )


@pytest.mark.django_db(transaction=True)
def test_two_people_who_submit_at_once_get_two_numbers(clinic):
    people = [a_staff(clinic), a_staff(clinic)]

    def propose(staff):
        try:
            return a_protocol(clinic, by=staff, persist_h=96 + people.index(staff)).number
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(propose, people)) == [2, 3]
