"""Which role may do what: one table. What is not in it is refused, and so is a missing role.

`manage.py permissions` writes docs/permissions.md out of it. An address of the desk finds its
action in `DESK`, a view of the API names it in `actions`; services ask the table too.
"""

from __future__ import annotations

from enum import StrEnum

from tracker.models.clinic import Role


class Action(StrEnum):
    """What somebody may be allowed to do; the value is what the documentation says."""

    ACCOUNT_OWN = "change one's own password and second factor"
    QUEUE_SEE = "see the queue and its alerts"
    ALERT_WORK = "take, work and resolve alerts and tasks"
    PATIENT_SEE = "search patients and read a patient's page"
    PATIENT_ENROL = "enrol patients, hand out codes for their phones, sign lost phones out"
    PATIENT_CHANGE = "correct a patient's data, write notes, enter what a patient says on the phone"
    PATIENT_EXPORT = "take the whole record of a patient out, after signing in again"
    PATIENT_ERASE = "erase a patient, after signing in again"
    PROCEDURE_MARK = "say when a procedure was done, stop its follow-up, take it up again"
    PROTOCOL_SEE = "read the clinic's numbers"
    PROTOCOL_PROPOSE = "propose new numbers"
    PROTOCOL_DECIDE = "review and approve numbers, and what patients read"
    STAFF_MANAGE = "invite and deactivate staff, change roles, help with a lost second factor"
    CLINIC_SET = "set how the clinic is known, its hours and who is on call"
    REPORT_SEE = "see the reports"
    AUDIT_SEE = "see who opened which records"
    BREAK_GLASS = "open one patient's page for an hour, saying why"
    OPERATIONS_SEE = "see how the installation runs, without patient data"


_EVERYBODY = frozenset(Role)
_CARE = frozenset({Role.READER, Role.NURSE, Role.CLINICIAN, Role.MANAGER})
_ACTS = _CARE - {Role.READER}

ALLOWED: dict[Action, frozenset[Role]] = {
    Action.ACCOUNT_OWN: _EVERYBODY,
    Action.QUEUE_SEE: _CARE,
    Action.ALERT_WORK: _ACTS,
    Action.PATIENT_SEE: _CARE,
    Action.PATIENT_ENROL: _ACTS,
    Action.PATIENT_CHANGE: _ACTS,
    Action.PATIENT_EXPORT: frozenset({Role.CLINICIAN, Role.MANAGER}),
    Action.PATIENT_ERASE: frozenset({Role.MANAGER}),
    Action.PROCEDURE_MARK: _ACTS,
    Action.PROTOCOL_SEE: _CARE,
    Action.PROTOCOL_PROPOSE: _ACTS,
    Action.PROTOCOL_DECIDE: frozenset({Role.CLINICIAN}),
    Action.STAFF_MANAGE: frozenset({Role.MANAGER}),
    Action.CLINIC_SET: frozenset({Role.MANAGER}),
    Action.REPORT_SEE: _CARE,
    Action.AUDIT_SEE: frozenset({Role.MANAGER}),
    Action.BREAK_GLASS: frozenset({Role.OPERATOR}),
    Action.OPERATIONS_SEE: frozenset({Role.MANAGER, Role.OPERATOR}),
}

DESK: dict[str, Action] = {
    # the queue
    "index": Action.QUEUE_SEE,
    "queue": Action.QUEUE_SEE,
    "queue-settings": Action.QUEUE_SEE,
    "alert": Action.QUEUE_SEE,
    "acknowledge": Action.ALERT_WORK,
    "attempt": Action.ALERT_WORK,
    "resolve": Action.ALERT_WORK,
    "hand-over": Action.ALERT_WORK,
    "alert-note": Action.ALERT_WORK,
    "reopen": Action.ALERT_WORK,
    "acknowledge-several": Action.ALERT_WORK,
    "resolve-several": Action.ALERT_WORK,
    "callback-take": Action.ALERT_WORK,
    "callback-tried": Action.ALERT_WORK,
    "callback-done": Action.ALERT_WORK,
    "task-done": Action.ALERT_WORK,
    # patients
    "patients": Action.PATIENT_SEE,
    "patient": Action.PATIENT_SEE,
    "enrol": Action.PATIENT_ENROL,
    "invite": Action.PATIENT_ENROL,
    "phone-end": Action.PATIENT_ENROL,
    "patient-export": Action.PATIENT_EXPORT,
    "patient-erase": Action.PATIENT_ERASE,
    "patient-change": Action.PATIENT_CHANGE,
    "note": Action.PATIENT_CHANGE,
    "check-in-enter": Action.PATIENT_CHANGE,
    "message-send": Action.PATIENT_CHANGE,
    "procedure-add": Action.PATIENT_ENROL,
    "procedure-change": Action.PATIENT_CHANGE,
    "procedure-done": Action.PROCEDURE_MARK,
    "procedure-stop": Action.PROCEDURE_MARK,
    "procedure-resume": Action.PROCEDURE_MARK,
    "procedure-protocol": Action.PROTOCOL_DECIDE,
    # the clinic's numbers
    "protocols": Action.PROTOCOL_SEE,
    "protocol": Action.PROTOCOL_SEE,
    "protocol-new": Action.PROTOCOL_PROPOSE,
    "protocol-review": Action.PROTOCOL_DECIDE,
    "protocol-approve": Action.PROTOCOL_DECIDE,
    "cards": Action.PROTOCOL_SEE,
    "card-approve": Action.PROTOCOL_DECIDE,
    "card-withdraw": Action.PROTOCOL_DECIDE,
    # the people
    "staff": Action.STAFF_MANAGE,
    "staff-invite": Action.STAFF_MANAGE,
    "staff-role": Action.STAFF_MANAGE,
    "staff-deactivate": Action.STAFF_MANAGE,
    "staff-reset": Action.STAFF_MANAGE,
    # the clinic
    "clinic": Action.CLINIC_SET,
    "cover": Action.CLINIC_SET,
    "reports": Action.REPORT_SEE,
    "report-file": Action.REPORT_SEE,
    "access-report": Action.AUDIT_SEE,
    "break-glass": Action.BREAK_GLASS,
    # what the stock admin brings
    "login": Action.ACCOUNT_OWN,
    "logout": Action.ACCOUNT_OWN,
    "password_change": Action.ACCOUNT_OWN,
    "password_change_done": Action.ACCOUNT_OWN,
    "jsi18n": Action.ACCOUNT_OWN,
}
"""What each address of the desk needs: the whole door at once. One without a line is closed."""

GIVEN_BY_MANAGERS = (Role.READER, Role.NURSE, Role.CLINICIAN, Role.MANAGER)
"""Operators are made on the server: no manager may reach beyond the clinic."""

LETS_YOU_READ = "Your role lets you read, not act. Ask a manager of your clinic."


def may(role: str, action: Action | None) -> bool:
    """Tell whether this role may do this; a role or an action that nobody knows may nothing."""
    return action is not None and role in ALLOWED.get(action, frozenset())


def refusal(role: str, action: Action | None) -> str:
    """Say why not, in words for whoever is refused."""
    if role == Role.READER or action is None:
        return LETS_YOU_READ
    allowed = " or ".join(each.label.lower() for each in Role if each in ALLOWED[action])
    return f"Only a {allowed} may {action}. Ask a manager of your clinic."
