"""Which action of tracker/policy.py each address of the desk needs. One without a line is refused.

Here and not at the views, so that the whole door can be read at once; a test walks the addresses.
"""

from __future__ import annotations

from tracker.policy import Action

NEEDS: dict[str, Action] = {
    # the queue
    "index": Action.QUEUE_SEE,
    "queue": Action.QUEUE_SEE,
    "alert": Action.QUEUE_SEE,
    "acknowledge": Action.ALERT_WORK,
    "attempt": Action.ALERT_WORK,
    "resolve": Action.ALERT_WORK,
    "task-done": Action.ALERT_WORK,
    # patients
    "patients": Action.PATIENT_SEE,
    "patient": Action.PATIENT_SEE,
    "enrol": Action.PATIENT_ENROL,
    "invite": Action.PATIENT_ENROL,
    "procedure-done": Action.PROCEDURE_MARK,
    # the clinic's numbers
    "protocols": Action.PROTOCOL_SEE,
    "protocol": Action.PROTOCOL_SEE,
    "protocol-new": Action.PROTOCOL_PROPOSE,
    "protocol-review": Action.PROTOCOL_DECIDE,
    "protocol-approve": Action.PROTOCOL_DECIDE,
    # the people
    "staff": Action.STAFF_MANAGE,
    "staff-invite": Action.STAFF_MANAGE,
    "staff-role": Action.STAFF_MANAGE,
    "staff-deactivate": Action.STAFF_MANAGE,
    "staff-reset": Action.STAFF_MANAGE,
    # what the stock admin brings
    "login": Action.ACCOUNT_OWN,
    "logout": Action.ACCOUNT_OWN,
    "password_change": Action.ACCOUNT_OWN,
    "password_change_done": Action.ACCOUNT_OWN,
    "jsi18n": Action.ACCOUNT_OWN,
}


def needed(url_name: str | None) -> Action | None:
    return NEEDS.get(url_name or "")
