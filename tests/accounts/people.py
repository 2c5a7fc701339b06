"""Signing in as somebody does: password, code, cookie."""

from __future__ import annotations

import time

from allauth.mfa.totp.internal import auth
from django.http import HttpResponse
from django.test import Client

from tests.factories import PASSWORD, a_staff
from tracker.access import Staff
from tracker.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LOGIN, CODE = "/accounts/login/", "/accounts/2fa/authenticate/"


def code_now(secret: str = SECRET) -> str:
    value = auth.hotp_value(secret, int(time.time()) // 30)
    return auth.format_hotp_value(value)


def with_app(user: User) -> User:
    """Give somebody an authenticator app."""
    auth.TOTP.activate(user, SECRET)
    return user


def a_member(**fields: object) -> Staff:
    staff = a_staff(**fields)
    with_app(staff.user)
    return staff


def give_password(
    client: Client, user: User, password: str = PASSWORD, **headers: str
) -> HttpResponse:
    return client.post(LOGIN, {"login": user.email, "password": password}, **headers)


def at_the_desk(user: User, **headers: str) -> Client:
    """Somebody who has given password and code."""
    client = Client(**headers)
    assert give_password(client, user).url == CODE
    assert client.post(CODE, {"code": code_now()}).status_code == 302
    return client
