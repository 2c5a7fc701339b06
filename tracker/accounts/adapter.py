"""How allauth behaves here: clinics make accounts, guesses are counted, e-mails say little."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest

from tracker.accounts import devices, signals
from tracker.accounts.addresses import address_of
from tracker.models import User
from tracker.models.audit_event import AuditOutcome
from tracker.services import tries

logger = logging.getLogger(__name__)

TOO_MANY = (
    "Too many tries. Wait 15 minutes, or choose “Forgot your password?”: the code in that e-mail "
    "works at once."
)


class StaffAccounts(DefaultAccountAdapter):
    """Accounts come from the clinic; what is not offered has no address either."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": TOO_MANY,
        "email_password_mismatch": "The e-mail address or the password is not correct.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what went wrong; that somebody signed in is plain to see."""
        if level >= messages.ERROR and message:
            messages.error(request, message)

    # --- guesses ------------------------------------------------------------------------------

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count nothing here: `authenticate` has counted already."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Evaluate a password only when its budgets let it; what succeeds was no guess."""
        now = datetime.now(UTC)
        email = str(credentials.get("email", ""))
        purses = devices.purses_for(request, email, address_of(request))
        if not tries.take_from_all(purses, now=now):
            logger.warning("sign-in refused: too many tries (%s)", purses[0].budget.name)
            raise self.validation_error("too_many_login_attempts")
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            tries.give_back(purses, now=now)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        email = str(credentials.get("email", "")).lower()
        users = list(User.objects.filter(email=email))
        for user in users:
            signals.note(user, "staff.sign_in.wrong", AuditOutcome.DENIED)
        if not users:
            # No clinic's audit is about it. The mark shows that one name is tried again and again.
            logger.warning("sign-in refused: unknown account %s", devices.account_mark(email))

    def get_client_ip(self, request: HttpRequest) -> str:
        # On a unix socket nobody has an address: everybody shares one budget.
        return get_client_ip(request) or "local"

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has just signed in is not asked again to set up what is required."""
        records = get_authentication_records(self.request, self.request.user)
        latest = max((record["at"] for record in records), default=0.0)
        if time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    # --- e-mail: without the clinic, without a name -------------------------------------------

    def format_email_subject(self, subject: str) -> str:
        return subject

    def get_from_email(self) -> str:
        return settings.DEFAULT_FROM_EMAIL

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is away must not tell which addresses have accounts."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            logger.error("%s could not be sent: %s", template_prefix, type(error).__name__)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the owner that something about signing in has changed; no more."""
        self.send_mail("account/email/changed", user.email, {})
