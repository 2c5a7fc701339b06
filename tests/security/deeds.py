"""What can be done to one patient: by staff, by a phone, and by the product itself."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.conftest import NOW
from tests.factories import a_check_in, a_phone, some_answers
from tests.security.world import Target
from tracker.access import Staff
from tracker.models.alert import Outcome
from tracker.models.answer_to_advice import Did
from tracker.models.consent import ConsentKind
from tracker.models.procedure import StopReason
from tracker.services import (
    alerts,
    answers_to_advice,
    callback_requests,
    calls,
    caregivers,
    consents,
    deliveries,
    devices,
    enrolment,
    erasure,
    exports,
    handing_over,
    ice_sessions,
    invitations,
    messages,
    monitoring,
    patient_record,
    patients,
    procedures,
    protocols,
    push_subscriptions,
    reminder_plans,
    tasks,
    viewing,
)  # fmt: skip

Deed = Callable[[Target, Staff], Any]
PhoneDeed = Callable[[Target, Target], Any]
LATER = NOW + timedelta(hours=2)
NEW = {"nerves": ["superior_cluneal"], "side": "left", "kind": "therapeutic"}


def by_staff(service: Callable[..., Any], *ids: str, **more: Any) -> Deed:
    """Call it with these ids of the target, at once."""

    def deed(target: Target, staff: Staff) -> Any:
        return service(staff=staff, now=NOW, **{key: target.ids[key] for key in ids}, **more)

    return deed


BY_STAFF: dict[str, Deed] = {
    "take an alert": by_staff(alerts.acknowledge, "alert_id"),
    "note a call": by_staff(alerts.attempt, "alert_id", note="x", again_at=None),
    "resolve": by_staff(
        alerts.resolve, "alert_id", outcome=Outcome.REACHED_ADVISED, note="Reached."
    ),
    "reopen": by_staff(handing_over.reopen, "alert_id", reason="x"),
    "note on an alert": by_staff(handing_over.add_note, "alert_id", note="x"),
    "read an alert": by_staff(viewing.view_alert, "alert_id"),
    "open a patient": by_staff(patient_record.view_patient, "patient_id"),
    "write a note": by_staff(patients.write_note, "patient_id", text="x"),
    "change a patient": by_staff(patients.change_patient, "patient_id", fields={"address": "x"}),
    "change a procedure": by_staff(
        patients.change_procedure, "procedure_id", fields={"baseline_pain": 5}
    ),
    "add a procedure": by_staff(procedures.add, "patient_id", procedure=NEW),
    "mark done": by_staff(procedures.mark_done, "procedure_id", ended_at=NOW),
    "stop": by_staff(monitoring.stop, "procedure_id", reason=StopReason.WITHDREW),
    "resume": by_staff(monitoring.resume, "procedure_id"),
    "enter a call": lambda target, staff: calls.record_on_the_phone(
        staff=staff, patient_id=target.patient.pk, client_id=uuid.uuid4(), answers=some_answers(),
        now=NOW,
    ),
    "let somebody in": by_staff(caregivers.add_by_staff, "patient_id", name="x", may_log=True),
    "put somebody out": by_staff(caregivers.revoke_by_staff, "caregiver_id"),
    "end a phone": by_staff(devices.end_by_staff, "session_id"),
    "invite again": by_staff(enrolment.invite_again, "patient_id"),
    "write to a patient": by_staff(messages.send, "patient_id", template="please_call"),
    "take a request": by_staff(callback_requests.take, "request_id"),
    "finish a task": by_staff(tasks.finish_task, "task_id", note="x"),
    "export": by_staff(exports.export_by_staff, "patient_id"),
    "erase": by_staff(erasure.erase_by_staff, "patient_id"),
    "move": by_staff(protocols.move_procedure, "procedure_id", number=1),
    "override": by_staff(
        protocols.override, "procedure_id", numbers={"severe": "6"}, reason="x"
    ),
}  # fmt: skip
"""Each names a row by its id."""

BY_PHONE: dict[str, PhoneDeed] = {
    "withdraw a request": lambda holder, whose: callback_requests.withdraw(
        phone=holder.phone, client_id=whose.ids["client_id"], now=NOW
    ),
    "read a message": lambda holder, whose: messages.read(
        phone=holder.phone, message_id=whose.ids["message_id"], now=NOW
    ),
    "end a phone": lambda holder, whose: devices.end_own(
        phone=holder.phone, session_id=whose.ids["session_id"], now=NOW
    ),
    "put somebody out": lambda holder, whose: caregivers.revoke(
        phone=holder.phone, caregiver_id=whose.ids["caregiver_id"], now=NOW
    ),
    "invite somebody again": lambda holder, whose: caregivers.invite_again(
        phone=holder.phone, caregiver_id=whose.ids["caregiver_id"], now=NOW
    ),
    "stop the ice": lambda holder, whose: ice_sessions.stop_ice(
        patient=holder.patient, client_id=whose.ids["client_id"], now=NOW
    ),
    "end what a browser receives": lambda holder, whose: push_subscriptions.unsubscribe(
        phone=holder.phone, endpoint=f"https://127.0.0.1:9/{whose.word}", now=NOW
    ),
    "confirm a message": lambda holder, whose: deliveries.confirm_receipt(
        receipt_id=whose.patient.deliveries.exclude(receipt_id=None).latest("pk").receipt_id,
        patient=holder.patient, now=NOW,
    ),
}  # fmt: skip
"""Done on one patient's phone with the ids of another, or of the same."""


def stop_for(reason: StopReason) -> Deed:
    return by_staff(monitoring.stop, "procedure_id", reason=reason)


def no_email(target: Target, staff: Staff) -> None:
    consents.withdraw(
        patient=target.patient,
        kind=ConsentKind.EMAIL,
        through="phone",
        actor=target.phone.audit_name,
        now=NOW,
    )


def no_push(target: Target, staff: Staff) -> None:
    consents.withdraw(
        patient=target.patient,
        kind=ConsentKind.PUSH,
        through="phone",
        actor=target.phone.audit_name,
        now=NOW,
    )


def all_is_well(target: Target, staff: Staff) -> None:
    a_check_in(target.patient, now=LATER, temperature={"value": "36.8", "unit": "Cel"})


def new_phones(target: Target, staff: Staff) -> None:
    for _ in range(4):
        a_phone(target.patient)


def answer_advice(target: Target, staff: Staff) -> None:
    answers_to_advice.answer(
        phone=target.phone, client_id=uuid.uuid4(), did=Did.AT_EMERGENCY_ROOM, now=NOW
    )


def held(deed: PhoneDeed) -> Deed:
    """On the phone of whom it is about."""
    return lambda target, staff: deed(target, target)


NOT_AT_ONCE = {"reopen", "resume", "move", "override", "mark done", "erase"}
"""What asks for another state first, or for a clinician."""

TO_ONE_PATIENT: dict[str, Deed] = {
    **{name: deed for name, deed in BY_STAFF.items() if name not in NOT_AT_ONCE},
    **{f"stop: {reason}": stop_for(reason) for reason in (StopReason.DIED,
                                                         StopReason.WRONG_PATIENT)},
    "no e-mail any more": no_email,
    "no push any more": no_push,
    "all is well": all_is_well,
    "a fifth phone": new_phones,
    "an answer to the advice": answer_advice,
    "an invitation": lambda target, staff: invitations.invite(
        patient=target.patient, invited_by=None, now=LATER
    ),
    "plan the reminders": lambda target, staff: reminder_plans.plan_patient(
        patient=target.patient, now=LATER
    ),
    **{f"on the phone: {name}": held(deed) for name, deed in BY_PHONE.items()},
}  # fmt: skip
"""Each changes or reads rows of this patient, and of nobody else."""
