"""What may be done on whose phone: one table. The patient may do everything on theirs.

An address that has no line is the patient's alone, so that a new page is closed to caregivers until
somebody has thought about it.
"""

from __future__ import annotations

from enum import IntEnum

from django.http import HttpRequest

from tracker.models import Caregiver


class Needs(IntEnum):
    SEE = 1
    """Whoever the patient lets in; also what somebody does about the phone in their hand."""
    LOG = 2
    """Whoever may say how the patient is."""
    ALONE = 3
    """The patient."""


SEE, LOG, ALONE = Needs.SEE, Needs.LOG, Needs.ALONE
READING = {"GET", "HEAD", "OPTIONS"}

PHONE: dict[str, tuple[Needs, Needs]] = {
    # pages: to read, to send
    "": (SEE, ALONE),
    "sign-out/": (SEE, SEE),
    "check-in/": (LOG, LOG),
    "check-in/<uuid:check_in_id>/": (SEE, ALONE),
    "check-in/<uuid:check_in_id>/change/": (LOG, ALONE),
    "check-in/<uuid:check_in_id>/answer/": (ALONE, LOG),
    "one-tap/": (ALONE, LOG),
    "advice/answer/": (ALONE, LOG),
    "ice/": (SEE, LOG),
    "ice/<uuid:session_id>/stop/": (ALONE, LOG),
    "ice/offers/": (ALONE, ALONE),
    "call-back/": (SEE, LOG),
    "call-back/<uuid:request_id>/withdraw/": (ALONE, LOG),
    "from-the-clinic/": (SEE, ALONE),
    "from-the-clinic/<int:message_id>/read/": (ALONE, LOG),
    "therapies/": (SEE, LOG),
    "people/": (ALONE, ALONE),
    "people/<uuid:caregiver_id>/invite/": (ALONE, ALONE),
    "people/<uuid:caregiver_id>/end/": (ALONE, ALONE),
    "reminders/": (SEE, ALONE),
    "phones/": (SEE, ALONE),
    "phones/<uuid:session_id>/end/": (ALONE, SEE),  # one's own: the service looks no further
    "my-data/": (ALONE, ALONE),
    "my-data/who-looked/": (ALONE, ALONE),
    "progress/": (SEE, ALONE),
    "progress/for-the-doctor/": (SEE, ALONE),
    "consents/<str:kind>/": (ALONE, ALONE),
    "history/": (SEE, ALONE),
    "offline/check-in/": (LOG, ALONE),
    "offline/plan/": (SEE, ALONE),
    # the API
    "api/v1/session/": (SEE, SEE),
    "api/v1/me/": (SEE, ALONE),
    "api/v1/check-ins/": (SEE, ALONE),
    "api/v1/check-ins/<uuid:client_id>/": (SEE, LOG),
    "api/v1/advice-answers/": (ALONE, LOG),
    "api/v1/ice-sessions/": (SEE, ALONE),
    "api/v1/ice-sessions/<uuid:client_id>/": (SEE, LOG),
    "api/v1/ice-sessions/<uuid:client_id>/stop/": (ALONE, LOG),
    "api/v1/callback-requests/": (SEE, ALONE),
    "api/v1/callback-requests/<uuid:client_id>/": (SEE, LOG),
    "api/v1/messages/": (SEE, ALONE),
    "api/v1/messages/<int:message_id>/read/": (ALONE, LOG),
    "api/v1/therapies/": (SEE, ALONE),
    "api/v1/therapies/<uuid:client_id>/": (SEE, LOG),
    "api/v1/caregivers/": (ALONE, ALONE),
    "api/v1/caregivers/<uuid:caregiver_id>/": (ALONE, ALONE),
    "api/v1/caregivers/<uuid:caregiver_id>/invitation/": (ALONE, ALONE),
    "api/v1/push-subscriptions/": (SEE, SEE),
    "api/v1/push-subscriptions/test/": (ALONE, SEE),
    "api/v1/devices/": (SEE, ALONE),
    "api/v1/devices/<uuid:session_id>/": (ALONE, SEE),
    "api/v1/receipts/": (ALONE, SEE),
    "api/v1/audit/": (ALONE, ALONE),
    "api/v1/export/": (ALONE, ALONE),
    "api/v1/export/check-ins.csv": (ALONE, ALONE),
}
"""What each address of a phone needs, to read and to write."""


def may(caregiver: Caregiver | None, route: str, method: str) -> bool:
    """Tell whether a phone may do this; without a caregiver it is the patient who holds it."""
    if caregiver is None:
        return True
    reading, writing = PHONE.get(route, (ALONE, ALONE))
    needed = reading if method in READING else writing
    return needed <= (LOG if caregiver.may_log else SEE)


def allows(request: HttpRequest, caregiver: Caregiver | None) -> bool:
    """Ask for the address that this request came to."""
    match = request.resolver_match
    return may(caregiver, match.route if match else "", request.method or "")
