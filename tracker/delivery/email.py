"""E-mail through Django's backends."""

from __future__ import annotations

import hashlib
from smtplib import SMTPException, SMTPRecipientsRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from tracker.delivery.failures import PermanentFailure, TemporaryFailure
from tracker.delivery.texts import text_for
from tracker.models import Delivery


def send(delivery: Delivery) -> None:
    text = text_for(delivery.kind, delivery.patient.language if delivery.patient else "en")
    recipient = delivery.user or delivery.patient
    if recipient is None:
        raise PermanentFailure("this delivery names nobody")
    path = "/admin/" if delivery.user else "/"
    message = EmailMessage(
        subject=text.title,
        body=f"{text.body}\n\n{settings.BASE_URL}{path}\n",
        to=[recipient.email],
        headers={"Message-ID": _message_id(delivery.key)},
    )
    try:
        sent = message.send()
    except SMTPRecipientsRefused as error:
        # 4xx is "not now" (greylisting), 5xx is "never".
        if all(code >= 500 for code, _ in error.recipients.values()):
            raise PermanentFailure("the e-mail address was refused") from error
        raise TemporaryFailure("the e-mail address was refused for now") from error
    except (SMTPException, OSError) as error:
        raise TemporaryFailure(f"e-mail: {type(error).__name__}") from error
    if not sent:
        raise PermanentFailure("there is no e-mail address")


def _message_id(key: str) -> str:
    """The delivery's key on the wire, so that a message sent twice shows once."""
    host = urlsplit(settings.BASE_URL).hostname
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host}>"
