"""What follows when somebody signs in, fails to, or changes how they do it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa import signals as factors
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from tracker import access, clock
from tracker.accounts import cache, desk_session
from tracker.models import User
from tracker.models.audit_event import AuditOutcome
from tracker.scope import clinic_scope
from tracker.services import audit, staff_links, tries


@receiver(user_logged_in)
def begin_session(request: HttpRequest, user: User, **_rest: Any) -> None:
    desk_session.begin(request)
    request.signed_in_user = user  # type: ignore[attr-defined]
    note(user, "staff.sign_in")
    tries.forget_old(now=datetime.now(UTC))
    cache.forget_old()
    request.session.clear_expired()


@receiver(user_logged_out)
def note_end(user: User | None, **_rest: Any) -> None:
    """Whoever signs out, or is signed out because they walked away."""
    if user is not None:
        note(user, "staff.sign_out")


@receiver(factors.authenticator_used)
@receiver(factors.authenticator_added)
def verify_session(request: HttpRequest, user: User, **_rest: Any) -> None:
    request.session[desk_session.VERIFIED] = str(user.pk)


@receiver(factors.authenticator_added)
def note_added(user: User, **_rest: Any) -> None:
    note(user, "staff.second_factor.add")


@receiver(factors.authenticator_removed)
def note_removed(request: HttpRequest, user: User, **_rest: Any) -> None:
    note(user, "staff.second_factor.remove")
    if desk_session.has_second_factor(user.pk):
        return
    # Every other session ends; this one goes on without, where that is allowed.
    request.session.pop(desk_session.VERIFIED, None)
    staff_links.end_sessions(user=user)
    update_session_auth_hash(request, user)


@receiver(factors.authentication_failed)
def note_wrong_code(user: User, **_rest: Any) -> None:
    note(user, "staff.second_factor.wrong", AuditOutcome.DENIED)


@receiver(password_reset)
def trust_mailbox(request: HttpRequest, user: User, **_rest: Any) -> None:
    """Whoever reads the account's mail is no stranger: this is the way around a lockout."""
    request.signed_in_user = user  # type: ignore[attr-defined]
    note(user, "staff.password.reset")


@receiver(password_changed)
def note_changed(user: User, **_rest: Any) -> None:
    note(user, "staff.password.change")


def note(user: User, action: str, outcome: AuditOutcome = AuditOutcome.OK) -> None:
    """Write it down at every clinic where this person works."""
    for membership in access.memberships_of(user):
        with clinic_scope(membership.clinic_id):
            audit.record(
                clinic_id=membership.clinic_id,
                actor=f"user:{user.pk}",
                action=action,
                subject=f"user:{user.pk}",
                patient_id=None,
                outcome=outcome,
                now=clock.now(),
            )
