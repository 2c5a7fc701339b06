"""Signed-in phones: who is in, for how long, and how somebody is put out again."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet

from tracker import access
from tracker.access import Phone, Staff
from tracker.models import DeviceSession, Patient, PushSubscription
from tracker.models.procedure import ProcedureState
from tracker.services import audit

KEPT_AFTER_CLOSING = timedelta(days=7)
MOST_PHONES = 3
LONGEST_TOKEN = 200
STANDING = [ProcedureState.SCHEDULED, ProcedureState.DONE]
LONGEST_COOKIE = timedelta(days=400)
"""The longest that browsers keep one; a session that ended before that can be forgotten."""
_DEVICES = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")
_BROWSERS = [
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
]


# --- who is in --------------------------------------------------------------------------------


def present(*, token: str | None, now: datetime) -> Phone | None:
    """Find the phone that holds this token, as long as its patient is followed and a week more."""
    phone = access.phone_for(token)
    if phone is None or not is_followed(patient=phone.patient, now=now):
        return None
    _note_use(phone.session, now)
    return phone


def is_followed(*, patient: Patient, now: datetime) -> bool:
    """Whether a procedure stands, or the last one closed less than a week ago."""
    procedures = patient.procedures.all()
    stands = Q(state__in=STANDING) | Q(closed_at__isnull=True)
    kept = stands | Q(closed_at__gt=now - KEPT_AFTER_CLOSING)
    return procedures.filter(kept).exists() or not procedures.exists()


def was_ended(*, token: str | None) -> bool:
    """Whether this phone was signed out by somebody: then nothing may stay on it."""
    if not token or len(token) > LONGEST_TOKEN:
        return False
    ended = DeviceSession.objects.filter(revoked_at__isnull=False)
    return ended.filter(token_digest=access.digest(token)).exists()


def _note_use(session: DeviceSession, now: datetime) -> None:
    hour = now.replace(minute=0, second=0, microsecond=0)
    if session.last_used_at and session.last_used_at >= hour:
        return
    # Who comes to read their advice must get it although nothing can be written just now.
    try:
        with transaction.atomic():
            DeviceSession.objects.filter(pk=session.pk).update(last_used_at=hour)
    except DatabaseError:
        return
    session.last_used_at = hour


# --- lists ------------------------------------------------------------------------------------


def phones_of(*, phone: Phone) -> list[DeviceSession]:
    """List the phones that this person may end: a patient all of them, a caregiver their own."""
    return list(_own(phone).select_related("caregiver").order_by("created_at", "pk"))


def _own(phone: Phone) -> QuerySet[DeviceSession]:
    live = access.of_patient(phone, DeviceSession.objects.filter(revoked_at__isnull=True))
    if phone.session.caregiver_id is None:
        return live
    return live.filter(caregiver_id=phone.session.caregiver_id)


def name_of(label: str) -> str:
    """Make "iPhone, Safari" of what a browser calls itself; "" when it says nothing known."""
    device = next((each for each in _DEVICES if each in label), "")
    browser = next((name for mark, name in _BROWSERS if mark in label), "")
    return ", ".join(each for each in (device.replace("Macintosh", "Mac"), browser) if each)


# --- ends -------------------------------------------------------------------------------------


@transaction.atomic
def end_own(*, phone: Phone, session_id: UUID, now: datetime) -> None:
    """Sign out a phone of the same person; `DeviceSession.DoesNotExist` for any other."""
    _end(_own(phone).get(pk=session_id), phone.audit_name, now)


@transaction.atomic
def end_by_staff(*, staff: Staff, session_id: UUID, now: datetime) -> DeviceSession:
    """Sign out a lost phone of a patient of this clinic; one that is out already stays so."""
    session = access.of_clinic(staff, DeviceSession.objects.all()).get(pk=session_id)
    if session.revoked_at is None:
        _end(session, staff.audit_name, now)
    return session


@transaction.atomic
def end_replaced(*, newest: DeviceSession, token: str | None, now: datetime) -> None:
    """End what this phone was signed in with before, if it was the same person's."""
    before = access.phone_for(token)
    if before is None or not _is_of(newest, before):
        return
    # The phone is the same, so its messages go on.
    before.session.pushsubscription_set.update(device_session=newest)
    # Nobody holds that secret any more. A page that still asks with it is not told to forget all:
    # what is not sent yet stays.
    before.session.token_digest = access.digest(secrets.token_urlsafe(32))
    before.session.save(update_fields=["token_digest"])
    _end(before.session, before.audit_name, now)


def _is_of(session: DeviceSession, phone: Phone) -> bool:
    owner = (session.patient_id, session.caregiver_id)
    return owner == (phone.session.patient_id, phone.session.caregiver_id)


@transaction.atomic
def end_oldest(*, newest: DeviceSession, now: datetime) -> list[DeviceSession]:
    """Keep three phones of one person, the new one among them, and give those that ended."""
    # Two phones may sign in at the same moment: the second sees what the first has left.
    Patient.objects.select_for_update(no_key=True).get(pk=newest.patient_id)
    live = DeviceSession.objects.filter(
        patient_id=newest.patient_id, caregiver=newest.caregiver, revoked_at__isnull=True
    ).exclude(pk=newest.pk)
    ended = list(live.order_by("-created_at", "-pk")[MOST_PHONES - 1 :])
    for session in ended:
        _end(session, audit.SYSTEM, now)
    return ended


def _end(session: DeviceSession, actor: str, now: datetime) -> None:
    session.revoked_at = now
    session.save(update_fields=["revoked_at"])
    standing = PushSubscription.objects.filter(device_session=session, ended_at__isnull=True)
    standing.update(ended_at=now)
    audit.record(
        clinic_id=session.clinic_id,
        actor=actor,
        action="session.end",
        subject=f"device_session:{session.pk}",
        patient_id=session.patient_id,
        now=now,
    )
