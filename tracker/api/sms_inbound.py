"""Where the SMS gateway brings what people answered.

The address holds a secret; Twilio signs besides. Whatever is wrong with a request answers 404, so
that nobody learns whether the secret was right.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tracker import clock
from tracker.problems import problem
from tracker.services import text_answers
from tracker.services.text_answers import NotANumber

LONGEST = 16 * 1024  # bytes
LONGEST_TEXT = 2000


class NotFromTheGateway(Exception):
    """It does not say who answered, or nothing proves that the gateway sent it."""


@csrf_exempt  # no browser sends this: the secret in its address stands for it
@require_POST
def answered(request: HttpRequest, secret: str) -> HttpResponse:
    known = settings.SMS_INBOUND_SECRET
    if not known or not hmac.compare_digest(secret.encode(), known.encode()):
        return problem(404, "There is nothing here.")
    try:
        sender, text = _read(request)
        text_answers.hear(sender=sender, text=text, now=clock.now())
    except (NotFromTheGateway, NotANumber):
        return problem(404, "There is nothing here.")
    # Twilio reads an answer as what to send back: nothing.
    return HttpResponse("<Response/>", content_type="text/xml; charset=utf-8")


def _read(request: HttpRequest) -> tuple[str, str]:
    if len(request.body) > LONGEST:
        raise NotFromTheGateway
    if settings.SMS and settings.SMS["kind"] == "twilio":
        _check_signature(request, settings.SMS["token"])
        found: dict[str, object] = {
            "from": request.POST.get("From"), "text": request.POST.get("Body"),
        }  # fmt: skip
    else:
        found = _json(request.body)
    sender, text = found.get("from"), found.get("text")
    if not isinstance(sender, str) or not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise NotFromTheGateway
    return sender, text


def _json(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise NotFromTheGateway from None
    if not isinstance(found, dict) or set(found) != {"from", "text"}:
        raise NotFromTheGateway
    return found


def _check_signature(request: HttpRequest, token: str) -> None:
    """Twilio signs the address and every parameter with the account's token."""
    signed = f"{settings.BASE_URL}{request.get_full_path()}" + "".join(
        name + value for name in sorted(request.POST) for value in request.POST.getlist(name)
    )
    made = hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()
    given = request.headers.get("X-Twilio-Signature", "")
    if not hmac.compare_digest(base64.b64encode(made), given.encode()):
        raise NotFromTheGateway
