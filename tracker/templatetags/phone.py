"""Small helpers of the phone's templates."""

from __future__ import annotations

import phonenumbers
from django import template

register = template.Library()


@register.filter
def as_dialled(number: str) -> str:
    """Write a number as people at home would read it out; the link keeps the full one."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
