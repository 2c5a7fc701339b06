"""Browsers on which somebody has signed in before: strangers cannot use up their tries.

A lockout by account would let anybody keep a nurse out, so whoever comes from a known browser has
tries of their own. Strangers share small budgets: per account and address, per address, and per
account. Who is kept out by the last one still has passkeys, and a new password by e-mail.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from tracker.models import User
from tracker.services.tries import Budget, Purse

KNOWN_FOR = timedelta(days=90)
MOST_PEOPLE = 12  # at one shared desk
SALT = "tracker.known-browser"

FROM_A_KNOWN_BROWSER = Budget("known-browser", 10, timedelta(minutes=15))
AT_AN_ADDRESS_FOR_AN_ACCOUNT = Budget("address-account", 5, timedelta(minutes=15))
AT_AN_ADDRESS = Budget("address", 30, timedelta(minutes=15))
# NIST SP 800-63B allows a hundred failures in a row.
FOR_AN_ACCOUNT = Budget("account", 100, timedelta(days=1))


def purses_for(request: HttpRequest, email: str, address: str) -> list[Purse]:
    """The budgets that one try at this account takes from."""
    account = account_mark(email)
    browser, people = _read(request)
    if account in people:
        return [FROM_A_KNOWN_BROWSER.of(browser, account)]
    # The address first: what it refuses leaves no row for every name that somebody tries.
    return [
        AT_AN_ADDRESS.of(address),
        AT_AN_ADDRESS_FOR_AN_ACCOUNT.of(address, account),
        FOR_AN_ACCOUNT.of(account),
    ]


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Know this browser as one on which this person has signed in."""
    browser, people = _read(request)
    account = account_mark(user.email)
    people = [account, *(each for each in people if each != account)][:MOST_PEOPLE]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE,
        signing.dumps([browser or secrets.token_urlsafe(16), people], salt=SALT),
        max_age=KNOWN_FOR,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    cookie = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE, "")
    try:
        browser, people = signing.loads(cookie, salt=SALT, max_age=KNOWN_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return "", []
    return browser, people


def account_mark(email: str) -> str:
    """Name an account without naming it: the cookie can be read by whoever holds the browser."""
    return salted_hmac(SALT, email.strip().lower(), algorithm="sha256").hexdigest()[:24]
