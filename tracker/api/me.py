"""`GET /api/v1/me/`: what the phone shows first."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from tracker import clock
from tracker.access import Phone
from tracker.api.callback_requests import callback_json
from tracker.api.ice_sessions import ice_json
from tracker.api.principals import PhoneView
from tracker.api.shapes import ME
from tracker.services import today
from tracker.services.today import Today


class MeView(PhoneView):
    @extend_schema(responses={200: ME}, summary="Who, which clinic, which day, what stands")
    def get(self, request: Request) -> HttpResponse:
        found = today.today_of(patient=request.user.patient, now=clock.now())
        return JsonResponse({**me_json(found), "caregiver": _caregiver_json(request.user)})


def _caregiver_json(phone: Phone) -> dict[str, Any] | None:
    """Who looks, where it is not the patient."""
    caregiver = phone.caregiver
    return {"name": caregiver.name, "may_log": caregiver.may_log} if caregiver else None


def me_json(today: Today) -> dict[str, Any]:
    patient, clinic, procedure = today.patient, today.clinic, today.procedure
    return {
        "now": today.now.isoformat(),
        "patient": {
            "name": patient.name,
            "language": patient.language,
            "timezone": patient.timezone,
            "diabetes": patient.diabetes,
            "ice_safe": not patient.ice_contraindicated,
            "units": {"temperature": patient.temperature_unit, "glucose": patient.glucose_unit},
        },
        "clinic": {
            "name": clinic.name,
            "phone": clinic.phone,
            "after_hours_phone": clinic.after_hours_phone,
            "hours": clinic.hours,
            "emergency_number": clinic.emergency_number,
            "after_hours_text": clinic.after_hours_in(patient.language),
            "booking_link": clinic.booking_link or None,
        },
        "procedure": {
            "id": str(procedure.pk),
            "kind": procedure.kind,
            "state": procedure.state.lower(),
            "ended_at": procedure.ended_at.isoformat() if procedure.ended_at else None,
            "day": today.day,
        }
        if procedure
        else None,
        "due": today.due,
        "advice": today.advice.as_json() if today.advice else None,
        "advice_from": today.advised_at.isoformat() if today.advised_at else None,
        "alerts": [
            {"id": str(each.pk), "sign": each.sign, "status": each.state.lower()}
            for each in today.alerts
        ],
        "answered": {"did": today.answered.did, "at": today.answered.at.isoformat()}
        if today.answered
        else None,
        "callback_requests": [callback_json(each) for each in today.callbacks],
        "unread_messages": len(today.unread),
        "after_hours": today.after_hours or None,
        "nobody_has_seen": today.nobody_has_seen or None,
        "ice": ice_json(today.ice) if today.ice else None,
    }
