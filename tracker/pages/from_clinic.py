"""What the clinic wrote: read here, and nowhere else."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from tracker import clock
from tracker.access import Phone
from tracker.models import Message
from tracker.pages.phone import phone_page, show
from tracker.services import messages
from tracker.templatetags.phone import as_dialled


@require_safe
@phone_page
def messages_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    found = messages.of_phone(phone)[: messages.LATEST]
    return show(request, phone, "from_clinic.html", messages=[shown(each, phone) for each in found])


@require_POST
@phone_page
def read_page(request: HttpRequest, phone: Phone, message_id: int) -> HttpResponse:
    try:
        messages.read(phone=phone, message_id=message_id, now=clock.now())
    except ObjectDoesNotExist:
        raise Http404 from None
    return redirect("today")


def shown(message: Message, phone: Phone) -> dict[str, Any]:
    """A message with the clinic's number as people read it."""
    number = phone.clinic.phone
    return {"message": message, "text": message.text.replace(number, as_dialled(number))}
