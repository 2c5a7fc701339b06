"""Sign a phone in and out: `/api/v1/session/`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token, rotate_token
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from tracker import clock
from tracker.access import Phone, Staff
from tracker.accounts.addresses import address_of
from tracker.api.fields import StrictSerializer, Text
from tracker.api.principals import PhoneView
from tracker.api.schemas import PROBLEM
from tracker.api.shapes import SESSION, SIGNED_IN
from tracker.phone_cookie import clear_phone, label_of, set_phone_cookie, token_of
from tracker.problems import problem
from tracker.services import invitations
from tracker.services.invitations import (
    AT_AN_ADDRESS,
    InvitationRefused,
    SignedIn,
    TooManyTries,
)

TOO_MANY = "Too many codes were tried from here. Wait 15 minutes, or scan the card."
WRONG = "This code or link does not work. Ask the clinic for a new one."


class SignInRequest(StrictSerializer):
    code = Text(required=False, max_length=40)
    token = Text(required=False, max_length=200)

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        if len(attrs) != 1:
            raise serializers.ValidationError("Give either a code or a token.", code="one_secret")
        return attrs


class SessionView(PhoneView):
    def get_permissions(self) -> list[Any]:
        return [AllowAny()] if self.request.method != "DELETE" else super().get_permissions()

    def perform_authentication(self, request: Request) -> None:
        # Signing in is not bound to who was signed in before, so it needs no CSRF token of theirs.
        if request.method != "POST":
            super().perform_authentication(request)

    @extend_schema(responses={200: SESSION, 401: PROBLEM}, summary="Who is signed in")
    def get(self, request: Request) -> HttpResponse:
        csrf_token = get_token(request._request)
        if request.user is None:
            response = problem(401, "Nobody is signed in.", csrf_token=csrf_token)
            response.headers["WWW-Authenticate"] = "Session"
            return response
        return JsonResponse({**_who(request.user), "csrf_token": csrf_token})

    @extend_schema(
        request=SignInRequest, responses={201: SIGNED_IN, 429: PROBLEM}, summary="Sign in"
    )
    def post(self, request: Request) -> HttpResponse:
        # A JSON body cannot be sent by a foreign page without a preflight, which gets no consent.
        body = SignInRequest(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            signed_in = _sign_in(request._request, **body.validated_data)
        except TooManyTries:
            response = problem(429, TOO_MANY)
            response.headers["Retry-After"] = str(AT_AN_ADDRESS.lasts // timedelta(seconds=1))
            return response
        except InvitationRefused:
            pointer = "/" + next(iter(body.validated_data))
            error = {"pointer": pointer, "code": "invitation_refused", "detail": WRONG}
            return problem(400, WRONG, [error])
        rotate_token(request._request)
        who = {
            **_who(signed_in.phone),
            "signed_out": [str(each.pk) for each in signed_in.ended],
            "csrf_token": get_token(request._request),
        }
        response = JsonResponse(who, status=201)
        set_phone_cookie(response, signed_in.token)
        return response

    @extend_schema(request=None, responses={204: None}, summary="Sign out and clear the phone")
    def delete(self, request: Request) -> HttpResponse:
        invitations.sign_out(phone=request.user, now=clock.now())
        response = HttpResponse(status=204)
        clear_phone(response)
        return response


def _sign_in(request: HttpRequest, *, code: str = "", token: str = "") -> SignedIn:
    """Use up an invitation for the phone that sent this request."""
    known: dict[str, Any] = {
        "label": label_of(request),
        "replaces": token_of(request),
        "now": clock.now(),
    }
    if token:
        return invitations.sign_in_with_token(token=token, **known)
    return invitations.sign_in_with_code(code=code, address=address_of(request), **known)


def _who(principal: Phone | Staff) -> dict[str, Any]:
    if isinstance(principal, Staff):
        return {
            "kind": "staff",
            "name": str(principal.user),
            "role": principal.membership.role.lower(),
            "clinic": principal.clinic.name,
        }
    caregiver = principal.caregiver
    return {
        "kind": "caregiver" if caregiver else "patient",
        "patient": str(principal.patient.pk),
        "name": caregiver.name if caregiver else principal.patient.name,
        "clinic": principal.clinic.name,
    }
