"""The phones that are signed in for a patient: list them, sign one out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from tracker import clock
from tracker.access import Phone
from tracker.api.principals import PhoneView
from tracker.api.shapes import DEVICE, results_of
from tracker.models import DeviceSession
from tracker.phone_cookie import clear_phone
from tracker.services import devices


class DeviceList(PhoneView):
    @extend_schema(responses={200: results_of(DEVICE)}, summary="The phones that are signed in")
    def get(self, request: Request) -> HttpResponse:
        found = devices.phones_of(phone=request.user)
        return JsonResponse({"results": [_device_json(each, request.user) for each in found]})


class DeviceView(PhoneView):
    @extend_schema(request=None, responses={204: None}, summary="Sign a phone out at once")
    def delete(self, request: Request, session_id: UUID) -> HttpResponse:
        devices.end_own(phone=request.user, session_id=session_id, now=clock.now())
        response = HttpResponse(status=204)
        if session_id == request.user.session.pk:
            clear_phone(response)
        return response


def _device_json(session: DeviceSession, phone: Phone) -> dict[str, Any]:
    used_at = session.last_used_at
    return {
        "id": str(session.pk),
        "name": devices.name_of(session.label) or session.label,
        "caregiver": session.caregiver.name if session.caregiver else None,
        "this_one": session.pk == phone.session.pk,
        "signed_in_at": session.created_at.isoformat(),
        "last_used_at": used_at.isoformat() if used_at else None,
    }
