"""Alerts, for staff: the queue, and what closes an alert."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from tracker import clock
from tracker.api.fields import Moment, StrictSerializer, Text
from tracker.api.paging import unknown_parameters
from tracker.api.principals import StaffView
from tracker.api.schemas import PROBLEM
from tracker.api.shapes import ALERT, results_of
from tracker.models import Alert
from tracker.models.alert import AlertState, AlertTier, Outcome
from tracker.policy import Action
from tracker.problems import one_problem, problem
from tracker.services import alerts, looking
from tracker.services.alerts import (
    AlreadyOwned,
    AlreadyResolved,
    GotWorse,
    NextTryRefused,
    OutcomeNeedsReason,
)
from tracker.services.triage_queue import LARGEST_QUEUE, clinic_alerts

STATUSES = {
    "open": [AlertState.OPEN, AlertState.ACKNOWLEDGED],
    "resolved": [AlertState.RESOLVED],
}


class AcknowledgeRequest(StrictSerializer):
    raised_at = Moment(required=False, allow_null=True)


class AttemptRequest(StrictSerializer):
    note = Text(max_length=2000)
    again_at = Moment(required=False, allow_null=True)
    raised_at = Moment(required=False, allow_null=True)


class ResolveRequest(StrictSerializer):
    outcome = serializers.ChoiceField([each.value.lower() for each in alerts.STAFF_OUTCOMES])
    note = Text(max_length=2000, required=False, allow_blank=True, default="")
    raised_at = Moment(required=False, allow_null=True)


class AlertList(StaffView):
    actions = {"GET": Action.QUEUE_SEE}
    polled = True

    @extend_schema(
        parameters=[OpenApiParameter("status", str, enum=list(STATUSES))],
        responses={200: results_of(ALERT)},
        summary="The clinic's alerts: highest tier first, then the longest waiting",
    )
    def get(self, request: Request) -> HttpResponse:
        unknown = unknown_parameters(request, {"status"})
        if unknown is not None:
            return unknown
        status = request.query_params.get("status", "open")
        if status not in STATUSES:
            known = ", ".join(STATUSES)
            return one_problem("?status", "unknown", f"status must be one of: {known}.")
        rows = clinic_alerts(request.user).filter(state__in=STATUSES[status])
        if status == "resolved":
            rows = rows.order_by("-resolved_at")
        rows = list(rows[:LARGEST_QUEUE])
        looking.listed(
            staff=request.user,
            name=f"{status}_alerts",
            patients={each.patient_id for each in rows},
            memory=request._request.session,
            now=clock.now(),
        )
        return JsonResponse({"results": [alert_json(each) for each in rows]})


class AcknowledgeView(StaffView):
    actions = {"POST": Action.ALERT_WORK}

    @extend_schema(
        request=AcknowledgeRequest, responses={200: ALERT, 409: PROBLEM}, summary="Take an alert"
    )
    def post(self, request: Request, alert_id: UUID) -> HttpResponse:
        body = AcknowledgeRequest(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            alerts.acknowledge(
                staff=request.user,
                alert_id=alert_id,
                now=clock.now(),
                seen=body.validated_data.get("raised_at"),
            )
        except AlreadyOwned as error:
            return problem(409, str(error), owner=str(error.owner))
        except (AlreadyResolved, GotWorse) as error:
            return problem(409, str(error))
        return _shown(request, alert_id)


class AttemptView(StaffView):
    actions = {"POST": Action.ALERT_WORK}

    @extend_schema(
        request=AttemptRequest,
        responses={200: ALERT, 409: PROBLEM},
        summary="Tried to reach the patient; a next try takes the alert until then",
    )
    def post(self, request: Request, alert_id: UUID) -> HttpResponse:
        body = AttemptRequest(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            alerts.attempt(
                staff=request.user,
                alert_id=alert_id,
                note=body.validated_data["note"],
                again_at=body.validated_data.get("again_at"),
                now=clock.now(),
                seen=body.validated_data.get("raised_at"),
            )
        except NextTryRefused as error:
            return one_problem("/again_at", "out_of_range", str(error))
        except (AlreadyResolved, GotWorse) as error:
            return problem(409, str(error))
        return _shown(request, alert_id)


class ResolveView(StaffView):
    actions = {"POST": Action.ALERT_WORK}

    @extend_schema(
        request=ResolveRequest,
        responses={200: ALERT, 409: PROBLEM},
        summary="Close with an outcome",
    )
    def post(self, request: Request, alert_id: UUID) -> HttpResponse:
        body = ResolveRequest(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            alerts.resolve(
                staff=request.user,
                alert_id=alert_id,
                outcome=Outcome(body.validated_data["outcome"].upper()),
                note=body.validated_data["note"],
                now=clock.now(),
                seen=body.validated_data.get("raised_at"),
            )
        except OutcomeNeedsReason as error:
            return one_problem("/note", "required", str(error))
        except (AlreadyResolved, GotWorse) as error:
            return problem(409, str(error))
        return _shown(request, alert_id)


def _shown(request: Request, alert_id: UUID) -> HttpResponse:
    return JsonResponse(alert_json(clinic_alerts(request.user).get(pk=alert_id)))


def alert_json(alert: Alert) -> dict[str, Any]:
    return {
        "id": str(alert.pk),
        "patient": {
            "id": str(alert.patient_id),
            "name": alert.patient.name,
            "phone": alert.patient.phone,
        },
        "procedure": str(alert.procedure_id),
        "rule": alert.rule,
        "sign": alert.sign,
        "tier": AlertTier(alert.tier).name.lower(),
        "status": alert.state.lower(),
        "because": alert.because,
        "opened_at": alert.opened_at.isoformat(),
        "raised_at": alert.raised_at.isoformat(),
        "level": alert.level,
        "due_at": alert.due_at.isoformat() if alert.due_at else None,
        "exhausted_at": alert.exhausted_at.isoformat() if alert.exhausted_at else None,
        "owner": str(alert.owner) if alert.owner else None,
        "acknowledged_at": alert.acknowledged_at.isoformat() if alert.acknowledged_at else None,
        "resolved_at": alert.resolved_at.isoformat() if alert.resolved_at else None,
        "outcome": alert.outcome.lower() or None,
        "note": alert.note,
    }
