"""The clinic's numbers: proposed, reviewed, approved, and put on a procedure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from tracker import access
from tracker.access import Staff
from tracker.clinical.protocol import OutOfBounds, Protocol, settled
from tracker.models import Clinic, Procedure, ProtocolOverride, ProtocolVersion
from tracker.models.procedure import Kind, ProcedureState
from tracker.models.protocol import ProtocolState
from tracker.policy import Action
from tracker.services import assessments, audit, courses, procedures

OPEN_STATES = [ProcedureState.SCHEDULED, ProcedureState.DONE]


class AskToAct(Exception):
    """A reader may look at numbers, not propose them."""


class AskAClinician(Exception):
    """Only a clinician reviews, approves, or changes what one patient is judged by."""


class AskAnotherClinician(Exception):
    """Whoever submitted numbers does not approve them."""


class ReviewFirst(Exception):
    """Start the review before approving: somebody must have looked at each number."""


class ReloadFirst(Exception):
    """The version has moved on since; the message says where it stands."""


class SubmitAgain(Exception):
    """A newer version is in force: what is older can only come back as a new version."""


class ApproveFirst(Exception):
    """Nobody is judged by numbers that are not in force."""


class ChangeSomething(Exception):
    """These numbers are those that hold already."""


class GiveAReason(Exception):
    """Say why, so that the next person understands."""


class NotFollowedAnyMore(Exception):
    """The procedure is closed: what it was judged by stays as it was."""


current_protocol = procedures.current_protocol


# --- versions ---------------------------------------------------------------------------------


def versions(*, staff: Staff, now: datetime) -> QuerySet[ProtocolVersion]:
    """The clinic's versions, newest first, each with the number of open procedures on it."""
    current_protocol(clinic=staff.clinic, now=now)
    open_procedures = Count("procedure", filter=Q(procedure__state__in=OPEN_STATES))
    return (
        access.of_clinic(staff, ProtocolVersion.objects.all())
        .select_related("submitted_by", "reviewed_by", "approved_by")
        .annotate(open_procedures=open_procedures)
        .order_by("-number")
    )


@transaction.atomic
def submit(
    *, staff: Staff, numbers: Mapping[str, Any], reason: str, now: datetime
) -> ProtocolVersion:
    """Propose numbers as a new version; OutOfBounds names the setting and what is allowed."""
    if not staff.may(Action.PROTOCOL_PROPOSE):
        raise AskToAct("Your role lets you read the numbers, not propose others.")
    if not reason.strip():
        raise GiveAReason("Say why the numbers should change.")
    clinic = _held(staff)
    changes = Protocol.from_numbers(numbers).changes()
    in_force = current_protocol(clinic=clinic, now=now)
    if Protocol.from_numbers(changes) == in_force.protocol():
        raise ChangeSomething(f"These are the numbers of {in_force}: change at least one.")
    newest = clinic.protocol_versions.order_by("-number").values_list("number", flat=True)[0]
    version = ProtocolVersion.objects.create(
        clinic=clinic,
        number=newest + 1,
        numbers=changes,
        reason=reason.strip(),
        state=ProtocolState.SUBMITTED,
        submitted_by=staff.user,
        created_at=now,
    )
    _audit(staff, "protocol.submit", f"protocol:{version.pk}", None, now)
    return version


@transaction.atomic
def start_review(*, staff: Staff, number: int, now: datetime) -> ProtocolVersion:
    """Take a submitted version under review."""
    version = _to_decide(staff, number)
    if version.state != ProtocolState.SUBMITTED:
        raise ReloadFirst(f"The review of version {number} has already begun: {version}.")
    version.state = ProtocolState.UNDER_REVIEW
    version.reviewed_by, version.reviewed_at = staff.user, now
    version.save(update_fields=["state", "reviewed_by", "reviewed_at"])
    _audit(staff, "protocol.review", f"protocol:{version.pk}", None, now)
    return version


@transaction.atomic
def approve(*, staff: Staff, number: int, now: datetime) -> ProtocolVersion:
    """Put a version in force for the procedures to come; open ones keep theirs."""
    version = _to_decide(staff, number)
    if version.state == ProtocolState.APPROVED:
        raise ReloadFirst(f"Version {number} has already been approved by {version.approved_by}.")
    if version.state != ProtocolState.UNDER_REVIEW:
        raise ReviewFirst(f"Start the review of version {number} first.")
    in_force = current_protocol(clinic=staff.clinic, now=now)
    if in_force.number > number:
        raise SubmitAgain(
            f"Version {in_force.number} is in force, which is newer: submit these numbers again."
        )
    version.state = ProtocolState.APPROVED
    version.approved_by, version.approved_at = staff.user, now
    version.save(update_fields=["state", "approved_by", "approved_at"])
    _audit(staff, "protocol.approve", f"protocol:{version.pk}", None, now)
    return version


def may_decide(staff: Staff, version: ProtocolVersion) -> bool:
    """Whether this person may take the next step with a version."""
    return _is_clinician(staff) and version.submitted_by_id != staff.user.pk


def _held(staff: Staff) -> Clinic:
    """Lock the clinic: whoever proposes or decides about any version of it waits for the other."""
    # No key: a check-in must be able to name the clinic meanwhile.
    return Clinic.objects.select_for_update(no_key=True).get(pk=staff.clinic.pk)


def _to_decide(staff: Staff, number: int) -> ProtocolVersion:
    """Lock a version of this person's clinic; `ProtocolVersion.DoesNotExist` for any other."""
    _held(staff)
    rows = access.of_clinic(staff, ProtocolVersion.objects.select_for_update(of=["self"]))
    version = rows.select_related("approved_by").get(number=number)
    _require_clinician(staff, "Only a clinician of the clinic reviews and approves numbers.")
    if version.submitted_by_id == staff.user.pk:
        raise AskAnotherClinician("You submitted these numbers: another clinician must decide.")
    return version


# --- one procedure ----------------------------------------------------------------------------


@transaction.atomic
def move_procedure(*, staff: Staff, procedure_id: UUID, number: int, now: datetime) -> Procedure:
    """Judge an open procedure by another version, from its first check-in on."""
    procedure = _open_procedure(staff, procedure_id)
    versions = access.of_clinic(staff, ProtocolVersion.objects.all())
    version = versions.get(number=number)
    in_force = current_protocol(clinic=staff.clinic, now=now)
    if version.state != ProtocolState.APPROVED and version != in_force:
        raise ApproveFirst(f"Version {number} is not approved: nobody can be judged by it.")
    if version.pk == procedure.protocol_version_id:
        raise ChangeSomething(f"The procedure is judged by version {number} already.")

    def move() -> None:
        procedure.protocol_version = version
        procedure.save(update_fields=["protocol_version"])

    _judged_again(procedure, move, now)
    _audit(staff, "procedure.move_protocol", f"procedure:{procedure.pk}", procedure, now)
    return procedure


@transaction.atomic
def override(
    *,
    staff: Staff,
    procedure_id: UUID,
    numbers: Mapping[str, Any],
    reason: str,
    now: datetime,
) -> ProtocolOverride:
    """Give one patient numbers of their own, within the same bounds; {} takes them back.

    They replace an earlier override as a whole.
    """
    procedure = _open_procedure(staff, procedure_id)
    if not reason.strip():
        raise GiveAReason("Say why this patient needs other numbers.")
    own = settled(numbers)
    _refuse_without_effect(procedure, own)
    made: list[ProtocolOverride] = []

    def make() -> None:
        made.append(
            ProtocolOverride.objects.create(
                clinic_id=procedure.clinic_id,
                procedure=procedure,
                numbers=own,
                reason=reason.strip(),
                made_by=staff.user,
                made_at=now,
            )
        )

    _judged_again(procedure, make, now)
    _audit(staff, "procedure.override", f"procedure:{procedure.pk}", procedure, now)
    return made[0]


def _open_procedure(staff: Staff, procedure_id: UUID) -> Procedure:
    """Lock a procedure of this person's clinic; `Procedure.DoesNotExist` for any other."""
    rows = access.of_clinic(staff, Procedure.objects.select_for_update(of=["self"]))
    # The version is not joined: who waited while it was changed would find no row at all.
    procedure = rows.select_related("patient", "clinic").get(pk=procedure_id)
    _require_clinician(staff, "Only a clinician changes what a patient is judged by.")
    if procedure.state not in OPEN_STATES:
        state = procedure.get_state_display().lower()
        raise NotFollowedAnyMore(f"The procedure is {state}: its numbers stay as they were.")
    return procedure


def _refuse_without_effect(procedure: Procedure, numbers: Mapping[str, Any]) -> None:
    """A number that the rules would not look at for this kind must not seem to be set."""
    usual = Protocol()
    rfa = usual.by_kind[courses.KINDS[Kind.RFA]]
    if procedure.kind == Kind.RFA:
        masked = [name for name in numbers if name in rfa]
        if masked:
            raise OutOfBounds(f"{masked[0]} has a value of its own after RFA: set by_kind instead.")
    elif "by_kind" in numbers:
        raise OutOfBounds("by_kind is for radiofrequency ablation, and this procedure is none.")


def _judged_again(procedure: Procedure, change: Callable[[], None], now: datetime) -> None:
    judged_by = courses.protocol_of(procedure)
    before = courses.course_of(procedure, judged_by)
    change()
    assessments.judge_all(procedure=procedure, before=before, judged_by=judged_by, now=now)


# --- who --------------------------------------------------------------------------------------


def _is_clinician(staff: Staff) -> bool:
    return staff.may(Action.PROTOCOL_DECIDE)


def _require_clinician(staff: Staff, words: str) -> None:
    if not _is_clinician(staff):
        raise AskAClinician(words)


def _audit(
    staff: Staff, action: str, subject: str, procedure: Procedure | None, now: datetime
) -> None:
    audit.record(
        clinic_id=staff.clinic.pk,
        actor=staff.audit_name,
        action=action,
        subject=subject,
        patient_id=procedure.patient_id if procedure else None,
        now=now,
    )
