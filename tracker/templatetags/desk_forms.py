"""Each form of the desk says at which clinic its page was made.

A built-in tag of every template (config/settings.py): no form can forget it.
"""

from __future__ import annotations

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracker.access import Staff

AT_CLINIC = "at_clinic"
register = template.Library()


class _Tokens(CsrfTokenNode):
    """What makes a form ours, and on the desk also the clinic's."""

    def render(self, context: Context) -> SafeString:
        staff = context.get("staff")
        ours = super().render(context)
        if not ours or not isinstance(staff, Staff):
            return ours
        hidden = '{}<input type="hidden" name="{}" value="{}">'
        return format_html(hidden, ours, AT_CLINIC, staff.clinic.pk)


@register.tag
def csrf_token(parser: Parser, token: Token) -> _Tokens:
    return _Tokens()
