"""Small helpers of the phone's templates."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

import phonenumbers
from django import template
from django.utils import timezone
from django.utils.dateformat import time_format
from django.utils.translation import pgettext

register = template.Library()


@register.filter
@lru_cache(maxsize=4096)
def as_dialled(number: str) -> str:
    """Write a number as people at home would read it out; the link keeps the full one."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    spoken = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return spoken.replace(" ", "\N{NO-BREAK SPACE}")


@register.filter
def clock(moment: datetime) -> str:
    """Write the time of day as the patient's clock shows it: 9:14 AM."""
    shown = time_format(timezone.localtime(moment), pgettext("time of day", "g:i A"))
    return shown.replace(" ", "\N{NO-BREAK SPACE}")
