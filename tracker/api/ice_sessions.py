"""Ice sessions: `PUT /api/v1/ice-sessions/{uuid}/` and `POST .../stop/`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from tracker import access, clock
from tracker.api.fields import Moment, StrictSerializer
from tracker.api.paging import PAGING, newest_first
from tracker.api.principals import PhoneView
from tracker.api.schemas import PROBLEM
from tracker.api.shapes import ICE, page_of
from tracker.models import IceSession
from tracker.problems import one_problem, problem
from tracker.services import ice_sessions
from tracker.services.ice_sessions import (
    IceIdTaken,
    IceNotSafe,
    IceTooSoon,
    NoProcedure,
    StartInFuture,
)


class IceRequest(StrictSerializer):
    started_at = Moment()


class IceSessionView(PhoneView):
    @extend_schema(
        request=IceRequest, responses={201: ICE, 200: ICE, 409: PROBLEM}, summary="Start ice"
    )
    def put(self, request: Request, client_id: UUID) -> HttpResponse:
        body = IceRequest(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            started = ice_sessions.start_ice(
                patient=request.user.patient,
                client_id=client_id,
                started_at=body.validated_data["started_at"],
                now=clock.now(),
                actor=request.user.audit_name,
            )
        except IceTooSoon as error:
            return problem(409, str(error), next_allowed_at=error.next_allowed_at.isoformat())
        except IceNotSafe:
            return problem(409, "Ice may not be safe for you: ask the clinic first.")
        except IceIdTaken:
            return problem(409, "This id already belongs to a session with another start.")
        except NoProcedure:
            return problem(409, "The clinic has not planned a procedure for you yet: call it.")
        except StartInFuture:
            detail = "started_at is in the future: give the time at which the ice went on."
            return one_problem("/started_at", "future", detail)
        return JsonResponse(ice_json(started.session), status=201 if started.created else 200)

    @extend_schema(responses={200: ICE}, summary="One ice session")
    def get(self, request: Request, client_id: UUID) -> HttpResponse:
        rows = access.of_patient(request.user, IceSession.objects.all())
        return JsonResponse(ice_json(rows.get(client_id=client_id)))


class StopView(PhoneView):
    @extend_schema(request=None, responses={200: ICE}, summary="Take the ice off")
    def post(self, request: Request, client_id: UUID) -> HttpResponse:
        session = ice_sessions.stop_ice(
            patient=request.user.patient,
            client_id=client_id,
            now=clock.now(),
            actor=request.user.audit_name,
        )
        return JsonResponse(ice_json(session))


class IceSessionList(PhoneView):
    @extend_schema(
        parameters=PAGING,
        responses={200: page_of(ICE)},
        operation_id="v1_ice_sessions_list",
        summary="The patient's own ice sessions, newest first",
    )
    def get(self, request: Request) -> HttpResponse:
        rows = access.of_patient(request.user, IceSession.objects.all())
        return newest_first(request, rows, "started_at", ice_json)


def ice_json(session: IceSession) -> dict[str, Any]:
    return {
        "id": str(session.client_id),
        "started_at": session.started_at.isoformat(),
        "off_at": session.off_at.isoformat(),
        "again_at": session.again_at.isoformat(),
        "stopped_at": session.stopped_at.isoformat() if session.stopped_at else None,
    }
