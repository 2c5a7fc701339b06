"""Check-ins: `PUT /api/v1/check-ins/{uuid}/` and the patient's own list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from tracker import access, clock
from tracker.api.paging import PAGING, newest_first
from tracker.api.principals import PhoneView
from tracker.api.schemas import CHECK_IN_REQUEST, PROBLEM
from tracker.api.shapes import CHECK_IN, CHECK_IN_ANSWER, page_of
from tracker.clinical.intake import Problem, Question
from tracker.models import AlertEvent, CheckIn
from tracker.models.alert import AlertStep, AlertTier
from tracker.problems import problem
from tracker.services import check_ins
from tracker.services.check_ins import (
    CheckInIdTaken,
    CheckInRefused,
    NothingToFollow,
    Recorded,
)

RAISED = {AlertStep.OPEN, AlertStep.ESCALATE, AlertStep.RERAISE, AlertStep.ATTACH}


class CheckInView(PhoneView):
    @extend_schema(
        request=CHECK_IN_REQUEST,
        responses={201: CHECK_IN_ANSWER, 200: CHECK_IN_ANSWER, 409: PROBLEM},
        summary="Record how the patient is, and hear what to do",
    )
    def put(self, request: Request, client_id: UUID) -> HttpResponse:
        patient = request.user.patient
        try:
            recorded = check_ins.record_check_in(
                patient=patient,
                client_id=client_id,
                answers=request.data,
                now=clock.now(),
                caregiver=request.user.caregiver,
            )
        except CheckInRefused as error:
            errors = [problem_json(each, patient.language) for each in error.problems]
            return problem(400, "Some answers cannot be right.", errors)
        except CheckInIdTaken:
            return problem(409, "This id already belongs to a check-in with other answers.")
        except NothingToFollow:
            return problem(409, "The clinic has not planned a procedure for you yet: call it.")
        return JsonResponse(
            answer(recorded, patient.language), status=201 if recorded.created else 200
        )


class CheckInList(PhoneView):
    @extend_schema(
        parameters=PAGING,
        responses={200: page_of(CHECK_IN)},
        summary="The patient's own check-ins, newest first",
    )
    def get(self, request: Request) -> HttpResponse:
        rows = access.of_patient(request.user, CheckIn.objects.select_related("caregiver"))
        return newest_first(request, rows, "observed_at", stored)


def answer(recorded: Recorded, language: str) -> dict[str, Any]:
    check_in = recorded.check_in
    return {
        "id": str(check_in.client_id),
        "recorded_at": check_in.recorded_at.isoformat(),
        "procedure": str(check_in.procedure_id),
        "advice": recorded.advice.as_json(),
        "alerts": [_event(each) for each in recorded.events if each.step in RAISED],
        "questions": [question_json(each, language) for each in recorded.questions],
    }


def stored(check_in: CheckIn) -> dict[str, Any]:
    return {
        "id": str(check_in.client_id),
        "procedure": str(check_in.procedure_id),
        "observed_at": check_in.observed_at.isoformat(),
        "recorded_at": check_in.recorded_at.isoformat(),
        "answers": check_in.answers,
        "answered_by": check_in.caregiver.name if check_in.caregiver else None,
    }


def _event(event: AlertEvent) -> dict[str, str]:
    return {
        "id": str(event.alert_id),
        "rule": event.rule,
        "sign": event.alert.sign,
        "tier": AlertTier(event.tier).name.lower() if event.tier else "",
        "event": event.step,
    }


def question_json(question: Question, language: str) -> dict[str, Any]:
    return {
        "pointer": question.pointer,
        "code": question.code,
        "detail": question.say(language),
        "suggestion": question.suggestion,
    }


def problem_json(found: Problem, language: str) -> dict[str, str]:
    return {
        "pointer": found.pointer,
        "code": found.code,
        "detail": found.say(language),
    }
