"""Let a phone in once: invite a patient, sign a phone in, sign it out."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from tracker import across
from tracker.access import Phone, digest
from tracker.models import Caregiver, DeviceSession, Invitation, Patient, User
from tracker.models.audit_event import AuditOutcome
from tracker.scope import clinic_scope
from tracker.services import audit, devices, tries
from tracker.services.tries import Budget

logger = logging.getLogger(__name__)

VALID_FOR = timedelta(hours=72)
TRIES = 5
LOCATOR_LENGTH = 4
SECRET_LENGTH = 6
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else
AT_AN_ADDRESS = Budget("code-address", 30, timedelta(minutes=15))
"""Codes that strangers type: without it anybody could burn every code that a clinic hands out."""


class TooManyTries(Exception):
    """From this address too many codes were typed that do not work; links are not counted."""


class InvitationRefused(Exception):
    """Wrong, used, expired and burned codes answer alike, so that nobody learns which."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Shown to staff once; the database keeps digests only."""

    invitation: Invitation
    join_url: str
    code: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    phone: Phone
    token: str
    ended: list[DeviceSession]
    """Phones that had to go, because one person keeps three."""


@transaction.atomic
def invite(
    *,
    patient: Patient,
    invited_by: User | None,
    now: datetime,
    caregiver: Caregiver | None = None,
) -> Invited:
    """Make a link and a code for one phone, of the patient or of somebody whom they let in;
    whichever is used first uses up both."""
    token = secrets.token_urlsafe(32)
    locator, secret = _unused_locator(), _random(SECRET_LENGTH)
    _end_unused(patient, caregiver, now)
    invitation = Invitation.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        caregiver=caregiver,
        token_digest=digest(token),
        locator=locator,
        code_digest=_code_digest(locator, secret),
        created_by=invited_by,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    actor = f"user:{invited_by.pk}" if invited_by else audit.SYSTEM
    if caregiver is not None and invited_by is None:
        actor = f"patient:{patient.pk}"
    _audit(invitation, actor, "invitation.create", now)
    join_url = f"{settings.BASE_URL}/join/#{token}"
    return Invited(invitation=invitation, join_url=join_url, code=f"{locator}-{secret}")


def sign_in_with_token(
    *, token: str, label: str, now: datetime, replaces: str | None = None
) -> SignedIn:
    """Sign a phone in with the secret of a join link; `replaces` is the cookie that it brought."""
    with clinic_scope(_found(across.clinic_of_invitation(digest(token)))):
        invitation = _usable(now).filter(token_digest=digest(token)).first()
        if invitation is None:
            raise InvitationRefused
        return _sign_in(invitation, label=label, now=now, replaces=replaces)


def clinic_of_link(*, token: str, now: datetime) -> str:
    """Name the clinic that a link comes from, and use up nothing."""
    with clinic_scope(_found(across.clinic_of_invitation(digest(token)))):
        found = _usable(now).filter(token_digest=digest(token)).select_related("patient__clinic")
        invitation = found.first()
        if invitation is None:
            raise InvitationRefused
        return str(invitation.patient.clinic.name)


def sign_in_with_code(
    *, code: str, label: str, now: datetime, replaces: str | None = None, address: str = "local"
) -> SignedIn:
    """Sign a phone in with a typed code; the fifth wrong secret burns the invitation.

    Whoever comes without an address shares one budget of tries.
    """
    purse = AT_AN_ADDRESS.of(address)
    if not tries.take(purse, now=now):
        logger.warning("code refused: too many tries (%s)", purse.budget.name)
        raise TooManyTries
    typed = "".join(sign for sign in code.upper() if sign not in "- ")
    locator, secret = typed[:LOCATOR_LENGTH], typed[LOCATOR_LENGTH:]
    with clinic_scope(_found(across.clinic_of_locator(locator))):
        invitation = _guessed(locator, secret, now)
        signed_in = _sign_in(invitation, label=label, now=now, replaces=replaces)
    tries.give_back([purse], now=now)  # what succeeded was no guess
    return signed_in


def _found(clinic_id: UUID | None) -> UUID:
    if clinic_id is None:
        raise InvitationRefused
    return clinic_id


def _guessed(locator: str, secret: str, now: datetime) -> Invitation:
    # Counting before comparing, in one statement: concurrent tries cannot exceed the limit.
    counted = _usable(now).filter(locator=locator, tries__lt=TRIES).update(tries=F("tries") + 1)
    if not counted:
        raise InvitationRefused
    invitation = Invitation.objects.select_related("patient__clinic").get(locator=locator)
    if not compare_digest(invitation.code_digest, _code_digest(locator, secret)):
        _audit(invitation, audit.UNKNOWN, "session.wrong_code", now, AuditOutcome.DENIED)
        raise InvitationRefused
    return invitation


@transaction.atomic
def sign_out(*, phone: Phone, now: datetime) -> None:
    """End this phone's session and its push subscriptions at once."""
    DeviceSession.objects.filter(pk=phone.session.pk).update(revoked_at=now)
    phone.session.pushsubscription_set.filter(ended_at__isnull=True).update(ended_at=now)
    audit.record(
        clinic_id=phone.clinic.pk,
        actor=phone.audit_name,
        action="session.end",
        subject=f"device_session:{phone.session.pk}",
        patient_id=phone.patient.pk,
        now=now,
    )


def _end_unused(patient: Patient, caregiver: Caregiver | None, now: datetime) -> None:
    """A new card makes the older ones worthless: who asked for it may have lost them."""
    unused = Invitation.objects.filter(patient=patient, caregiver=caregiver, used_at__isnull=True)
    unused.filter(expires_at__gt=now).update(expires_at=now)


def _usable(now: datetime) -> Any:
    return Invitation.objects.select_related("patient__clinic", "caregiver").filter(
        used_at__isnull=True, expires_at__gt=now
    )


@transaction.atomic
def _sign_in(
    invitation: Invitation, *, label: str, now: datetime, replaces: str | None
) -> SignedIn:
    if invitation.caregiver_id is not None and not _is_let_in(invitation.caregiver_id):
        raise InvitationRefused
    used = Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True).update(used_at=now)
    if not used:  # another phone was faster with the same invitation
        raise InvitationRefused
    token = secrets.token_urlsafe(32)
    session = DeviceSession.objects.create(
        clinic_id=invitation.clinic_id,
        patient=invitation.patient,
        caregiver=invitation.caregiver,
        token_digest=digest(token),
        label=label[:80],
        created_at=now,
    )
    phone = Phone(session=session, patient=invitation.patient)
    _audit(invitation, phone.audit_name, "session.start", now)
    devices.end_replaced(newest=session, token=replaces, now=now)
    ended = devices.end_oldest(newest=session, now=now)
    return SignedIn(phone=phone, token=token, ended=ended)


def _is_let_in(caregiver_id: UUID) -> bool:
    # Locked: whoever is put out at this moment gets no session that outlives it.
    rows = Caregiver.objects.select_for_update().filter(revoked_at__isnull=True)
    return rows.filter(pk=caregiver_id).exists()


def _audit(
    invitation: Invitation,
    actor: str,
    action: str,
    now: datetime,
    outcome: AuditOutcome = AuditOutcome.OK,
) -> None:
    audit.record(
        clinic_id=invitation.clinic_id,
        actor=actor,
        action=action,
        subject=f"invitation:{invitation.pk}",
        patient_id=invitation.patient_id,
        outcome=outcome,
        now=now,
    )


def _unused_locator() -> str:
    """Locators are short, so that one may be drawn that was used before."""
    locator = _random(LOCATOR_LENGTH)
    while across.clinic_of_locator(locator) is not None:
        locator = _random(LOCATOR_LENGTH)
    return locator


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _code_digest(locator: str, secret: str) -> str:
    # Keyed: the secret part is short enough to be guessed from a stolen table otherwise.
    return salted_hmac(f"invitation:{locator}", secret, algorithm="sha256").hexdigest()
