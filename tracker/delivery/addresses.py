"""Which addresses the product may call: those of known push services, nothing inside."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings

LONGEST = 1024  # characters
HOST = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")
"""Parsers disagree about anything else (a backslash, an escape), so nothing else is let through."""


class AddressRefused(Exception):
    """This is not the address of a push service that we know."""


def check_push_endpoint(endpoint: str) -> None:
    """Refuse whatever is not https on port 443 of an allowed host; checked again at delivery."""
    if len(endpoint) > LONGEST or not endpoint.isascii() or not endpoint.isprintable():
        raise AddressRefused("endpoint must be a push service's address of at most 1024 characters")
    if _is_test_origin(endpoint):
        return
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        raise AddressRefused("endpoint must be an address") from None
    if parts.scheme != "https" or port not in (None, 443) or "@" in parts.netloc:
        raise AddressRefused("endpoint must be https without a port or a user")
    host = (parts.hostname or "").lower()
    if not HOST.fullmatch(host) or not any(
        _matches(host, allowed) for allowed in settings.PUSH_HOSTS
    ):
        raise AddressRefused("endpoint must belong to a push service that this clinic allows")


def _is_test_origin(endpoint: str) -> bool:
    return bool(settings.PUSH_TEST_ORIGIN) and endpoint.startswith(settings.PUSH_TEST_ORIGIN + "/")


def _matches(host: str, allowed: str) -> bool:
    return host.endswith(allowed) if allowed.startswith(".") else host == allowed
