"""One-time links for staff: the way in for whoever has no way in yet.

Nobody signs up. A link is made by a manager (the very first on the server) and shown once; with it
somebody sets a password. Whoever already has an account signs in with it, and joins.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from tracker import access, across
from tracker.access import digest
from tracker.models import Clinic, Membership, StaffLink, User
from tracker.models.clinic import Role
from tracker.models.staff import Purpose
from tracker.scope import clinic_scope
from tracker.services import audit

VALID_FOR = timedelta(hours=24)


class LinkRefused(Exception):
    """Unknown, used and expired links answer alike."""


class SignInFirst(Exception):
    """The link belongs to an account that exists: its owner signs in, then joins."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Shown once; the database keeps a digest only."""

    link: StaffLink
    url: str


@dataclass(frozen=True, slots=True)
class Joined:
    user: User
    membership: Membership


@transaction.atomic
def to_join(
    *,
    clinic: Clinic,
    email: str,
    role: Role,
    now: datetime,
    name: str = "",
    created_by: User | None = None,
) -> Invited:
    """Make a link to a place at this clinic; without `created_by` it was made on the server."""
    return _link(clinic, Purpose.JOIN, email, role, now, name=name, created_by=created_by)


@transaction.atomic
def to_recover(
    *, membership: Membership, reason: str, now: datetime, created_by: User | None = None
) -> Invited:
    """Forget how somebody signs in, end their sessions, and make a link to set it up anew."""
    user = membership.user
    Authenticator.objects.filter(user_id=user.pk).delete()
    # Nobody who merely knows the password may set up a second factor of their own.
    user.set_unusable_password()
    user.save(update_fields=["password"])
    end_sessions(user=user)
    across.use_up_staff_links(email=user.email, now=now)
    role = Role(membership.role)
    clinic, purpose = membership.clinic, Purpose.RECOVER
    return _link(clinic, purpose, user.email, role, now, reason=reason, created_by=created_by)


@transaction.atomic
def accept(*, token: str, password: str, signed_in: User | None, now: datetime) -> Joined:
    """Use a link up: make the account or its new password, and let it work at the clinic."""
    link = _usable(token, now)
    with clinic_scope(link.clinic_id):
        return _accept(link, password, signed_in, now)


def _accept(link: StaffLink, password: str, signed_in: User | None, now: datetime) -> Joined:
    user = User.objects.select_for_update().filter(email__iexact=link.email).first()
    _require_owner(link, user, signed_in)
    if not StaffLink.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=now):
        raise LinkRefused  # somebody was faster with the same link
    if user is None:
        user = User.objects.create_user(link.email, password, name=link.name)
    elif not user.has_usable_password():
        user.set_password(password)
        user.save(update_fields=["password"])
    membership, _ = Membership.objects.update_or_create(
        clinic_id=link.clinic_id, user=user, defaults={"role": link.role, "ended_at": None}
    )
    _audit(link, f"user:{user.pk}", "staff.join", now)
    return Joined(user=user, membership=membership)


def person_of(*, token: str, now: datetime) -> tuple[User, bool]:
    """Tell whom a link is for, and whether they set a password with it."""
    link = _usable(token, now)
    user = User.objects.filter(email__iexact=link.email).first()
    return user or User(email=link.email, name=link.name), not (user and user.has_usable_password())


def open_links(*, membership: Membership) -> QuerySet[StaffLink]:
    """The links that would still let this person work at this clinic."""
    return StaffLink.objects.filter(
        clinic_id=membership.clinic_id, email__iexact=membership.user.email, used_at__isnull=True
    )


def end_sessions(*, user: User) -> None:
    """Sign this user out everywhere, from the next request on."""
    User.objects.filter(pk=user.pk).update(sign_out_count=F("sign_out_count") + 1)
    user.refresh_from_db(fields=["sign_out_count"])


def _usable(token: str, now: datetime) -> StaffLink:
    found = StaffLink.objects.filter(
        token_digest=digest(token), used_at__isnull=True, expires_at__gt=now
    )
    clinic_id = across.clinic_of_staff_link(digest(token))
    if clinic_id is None:
        raise LinkRefused
    with clinic_scope(clinic_id):
        link = found.first()
    if link is None:
        raise LinkRefused
    return link


def _require_owner(link: StaffLink, user: User | None, signed_in: User | None) -> None:
    if user is None:
        return
    if not user.is_active:
        raise LinkRefused
    if user.has_usable_password():
        if signed_in != user:
            raise SignInFirst("You have an account: sign in with it, then open the link again.")
    elif link.purpose != Purpose.RECOVER and access.memberships_of(user):
        # Their other clinic is setting up their sign-in: an invitation must not take it over.
        raise LinkRefused


def _link(
    clinic: Clinic,
    purpose: Purpose,
    email: str,
    role: Role,
    now: datetime,
    *,
    name: str = "",
    reason: str = "",
    created_by: User | None = None,
) -> Invited:
    token = secrets.token_urlsafe(32)
    link = StaffLink.objects.create(
        clinic=clinic,
        purpose=purpose,
        email=email.lower(),
        name=name,
        role=role,
        reason=reason,
        token_digest=digest(token),
        created_by=created_by,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    _audit(link, f"user:{created_by.pk}" if created_by else audit.SYSTEM, "staff.invite", now)
    return Invited(link=link, url=f"{settings.BASE_URL}/accounts/welcome/#{token}")


def _audit(link: StaffLink, actor: str, action: str, now: datetime) -> None:
    clinic_id: UUID = link.clinic_id
    audit.record(
        clinic_id=clinic_id,
        actor=actor,
        action=action,
        subject=f"staff_link:{link.pk}",
        patient_id=None,
        now=now,
    )
