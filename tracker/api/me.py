"""`GET /api/v1/me/`: what the phone shows first."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from tracker import clock
from tracker.api.ice_sessions import ice_json
from tracker.api.principals import PhoneView
from tracker.services import today
from tracker.services.today import Today


class MeView(PhoneView):
    @extend_schema(responses={200: dict}, summary="Who, which clinic, which day, what stands")
    def get(self, request: Request) -> HttpResponse:
        return JsonResponse(me_json(today.today_of(patient=request.user.patient, now=clock.now())))


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
            "after_hours_text": clinic.after_hours_text,
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
        "nobody_has_seen": today.nobody_has_seen or None,
        "ice": ice_json(today.ice) if today.ice else None,
    }
