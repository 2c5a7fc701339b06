"""Text messages through Twilio, or through any gateway that takes JSON.

They go only to people who agreed, in the characters of GSM 03.38, so that one message is one text.
"""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings

from tracker.delivery import wire
from tracker.delivery.failures import AddressGone, PermanentFailure, TemporaryFailure
from tracker.delivery.texts import STOP, text_for
from tracker.models import Delivery

LONGEST = 160  # characters of one text
SENDER = "Messages"
"""Stands before the words until the clinic gives a neutral name of its own."""
OPTED_OUT = 21610
WRONG_NUMBERS = {21211, 21214, 21217, 21408, 21612, 21614, 30005, 30006}
"""Twilio: not a number, no mobile phone, a country that the account may not reach."""
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


def send(delivery: Delivery) -> None:
    if settings.SMS is None:
        raise PermanentFailure("text messages are switched off")
    to = _number(delivery)
    if not to:
        raise PermanentFailure("there is no number for text messages")
    text = words(delivery)
    if settings.SMS["kind"] == "twilio":
        _send_by_twilio(settings.SMS, to, text)
    else:
        _send_by_gateway(settings.SMS, to, text, delivery.key)


def words(delivery: Delivery) -> str:
    """The text of a message: who sends it, words from the closed list, how to end."""
    language = delivery.patient.language if delivery.patient else "en"
    text = text_for(delivery.kind, language)
    end = f" {STOP[language]}" if delivery.patient else ""
    said = gsm(f"{text.title}. {text.body}{end}")
    sender = gsm(delivery.clinic.sms_sender or SENDER)
    return f"{sender[: LONGEST - len(said) - 2]}: {said}"


def gsm(text: str) -> str:
    """Write a text in the characters of GSM 03.38: a single other one would halve its length."""
    return "".join(sign if sign in GSM else _plain(sign) for sign in text)


def _plain(sign: str) -> str:
    bare = unicodedata.normalize("NFKD", sign)[0]
    return bare if bare in GSM else "?"


def _number(delivery: Delivery) -> str:
    if delivery.user:
        return delivery.user.mobile
    patient = delivery.patient
    return patient.phone if patient and patient.texts_agreed_at else ""


def _send_by_twilio(gateway: dict[str, str], to: str, text: str) -> None:
    account, sender = gateway["account"], gateway["sender"]
    origin = "MessagingServiceSid" if sender.startswith("MG") else "From"
    secret = base64.b64encode(f"{account}:{gateway['token']}".encode()).decode()
    answer = wire.post(
        f"{gateway['api']}/2010-04-01/Accounts/{quote(account)}/Messages.json",
        body=urlencode({"To": to, origin: sender, "Body": text}).encode(),
        headers={
            "Authorization": f"Basic {secret}",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
    if not answer.is_success:
        raise _failure(answer, _code(answer))


def _send_by_gateway(gateway: dict[str, str], to: str, text: str, key: str) -> None:
    answer = wire.post(
        gateway["url"],
        body=json.dumps({"to": to, "text": text}).encode(),
        headers={
            "Authorization": f"Bearer {gateway['token']}",
            "Content-Type": "application/json",
            "Idempotency-Key": hashlib.sha256(key.encode()).hexdigest()[:32],
        },
    )
    if not answer.is_success:
        raise _failure(answer, OPTED_OUT if answer.status == 410 else None)


def _failure(answer: wire.Answer, code: int | None) -> Exception:
    """What was refused for its number stays refused; a wrong token or a full queue may pass."""
    told = f"text: answered {answer.status}" + (f" ({code})" if code else "")
    if code == OPTED_OUT:
        return AddressGone(told)
    if code in WRONG_NUMBERS or answer.status in (400, 404, 422):
        return PermanentFailure(told)
    return TemporaryFailure(told, wait=answer.retry_after)


def _code(answer: wire.Answer) -> int | None:
    """Twilio's own number for what is wrong."""
    try:
        told: Any = json.loads(answer.body)
    except ValueError:
        return None
    code = told.get("code") if isinstance(told, dict) else None
    return code if isinstance(code, int) else None
