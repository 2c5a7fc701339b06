"""Walks, stretching, heat and the like: `PUT /api/v1/therapies/{uuid}/`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from tracker import clock
from tracker.api.fields import Moment, StrictSerializer
from tracker.api.paging import PAGING, newest_first
from tracker.api.principals import PhoneView
from tracker.api.schemas import PROBLEM
from tracker.api.shapes import THERAPY, page_of
from tracker.models import Therapy
from tracker.models.therapy import TherapyKind
from tracker.problems import one_problem, problem
from tracker.services import therapies
from tracker.services.therapies import (
    LONGEST,
    DoneInFuture,
    HeatTooEarly,
    NoProcedure,
    TherapyIdTaken,
)


class TherapyRequest(StrictSerializer):
    kind = serializers.ChoiceField(TherapyKind.values)
    minutes = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=LONGEST
    )
    done_at = Moment()


class TherapyView(PhoneView):
    @extend_schema(
        request=TherapyRequest,
        responses={201: THERAPY, 200: THERAPY, 409: PROBLEM},
        summary="What was done against the pain",
    )
    def put(self, request: Request, client_id: UUID) -> HttpResponse:
        body = TherapyRequest(data=request.data)
        body.is_valid(raise_exception=True)
        told = {**body.validated_data, "kind": TherapyKind(body.validated_data["kind"])}
        try:
            logged = therapies.log(phone=request.user, client_id=client_id, **told, now=clock.now())
        except HeatTooEarly as error:
            return problem(409, str(error), allowed_from=error.allowed_from.isoformat())
        except TherapyIdTaken:
            return problem(409, "This id already belongs to another entry.")
        except NoProcedure:
            return problem(409, "The clinic has not planned a procedure for you yet: call it.")
        except DoneInFuture:
            return one_problem("/done_at", "future", "done_at is in the future.")
        return JsonResponse(therapy_json(logged.therapy), status=201 if logged.created else 200)


class TherapyList(PhoneView):
    @extend_schema(
        parameters=PAGING,
        responses={200: page_of(THERAPY)},
        summary="What was done, newest first",
    )
    def get(self, request: Request) -> HttpResponse:
        return newest_first(request, therapies.of_phone(request.user), "done_at", therapy_json)


def therapy_json(therapy: Therapy) -> dict[str, Any]:
    return {
        "id": str(therapy.client_id),
        "kind": therapy.kind,
        "minutes": therapy.minutes,
        "done_at": therapy.done_at.isoformat(),
        "logged_by": therapy.caregiver.name if therapy.caregiver else None,
    }
