"""Where a request comes from, for budgets of tries."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.core.internal.ratelimit import truncate_ip
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """As many proxies as are trusted are believed (TRUSTED_PROXIES); IPv6 counts by network."""
    return str(truncate_ip(get_adapter(request).get_client_ip(request)))
