"""People whom a patient lets in: added and let go by the patient, or by staff at their word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from tracker import clock
from tracker.api.fields import StrictSerializer, Text
from tracker.api.principals import PhoneView, StaffView
from tracker.api.schemas import PROBLEM
from tracker.api.shapes import CAREGIVER, INVITED, results_of
from tracker.models import Caregiver
from tracker.policy import Action
from tracker.problems import problem
from tracker.services import caregivers
from tracker.services.caregivers import Added, TooManyCaregivers


class AddRequest(StrictSerializer):
    name = Text(max_length=120)
    may_log = serializers.BooleanField(required=False, default=False)


class CaregiverList(PhoneView):
    @extend_schema(responses={200: results_of(CAREGIVER)}, summary="Who is let in")
    def get(self, request: Request) -> HttpResponse:
        rows = caregivers.caregivers_of(patient=request.user.patient)
        return JsonResponse({"results": [caregiver_json(each) for each in rows]})

    @extend_schema(
        request=AddRequest,
        responses={201: INVITED, 409: PROBLEM},
        summary="Let somebody in; the link and the code are shown this once",
    )
    def post(self, request: Request) -> HttpResponse:
        body = AddRequest(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            added = caregivers.add(phone=request.user, **body.validated_data, now=clock.now())
        except TooManyCaregivers as error:
            return problem(409, str(error))
        return JsonResponse(added_json(added), status=201)


class CaregiverView(PhoneView):
    @extend_schema(request=None, responses={204: None}, summary="Put somebody out at once")
    def delete(self, request: Request, caregiver_id: UUID) -> HttpResponse:
        caregivers.revoke(phone=request.user, caregiver_id=caregiver_id, now=clock.now())
        return HttpResponse(status=204)


class InvitationView(PhoneView):
    @extend_schema(request=None, responses={201: INVITED}, summary="A new link and code for them")
    def post(self, request: Request, caregiver_id: UUID) -> HttpResponse:
        added = caregivers.invite_again(
            phone=request.user, caregiver_id=caregiver_id, now=clock.now()
        )
        return JsonResponse(added_json(added), status=201)


class PatientCaregivers(StaffView):
    actions = {"POST": Action.PATIENT_ENROL}

    @extend_schema(
        request=AddRequest,
        responses={201: INVITED, 409: PROBLEM},
        summary="Let somebody in at the patient's word",
    )
    def post(self, request: Request, patient_id: UUID) -> HttpResponse:
        body = AddRequest(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            added = caregivers.add_by_staff(
                staff=request.user, patient_id=patient_id, **body.validated_data, now=clock.now()
            )
        except TooManyCaregivers as error:
            return problem(409, str(error))
        return JsonResponse(added_json(added), status=201)


class RevokeView(StaffView):
    actions = {"POST": Action.PATIENT_ENROL}

    @extend_schema(request=None, responses={204: None}, summary="Put somebody out at their word")
    def post(self, request: Request, caregiver_id: UUID) -> HttpResponse:
        caregivers.revoke_by_staff(staff=request.user, caregiver_id=caregiver_id, now=clock.now())
        return HttpResponse(status=204)


def caregiver_json(caregiver: Caregiver) -> dict[str, Any]:
    return {
        "id": str(caregiver.pk),
        "name": caregiver.name,
        "may_log": caregiver.may_log,
        "added_at": caregiver.created_at.isoformat(),
    }


def added_json(added: Added) -> dict[str, Any]:
    return {
        **caregiver_json(added.caregiver),
        "join_url": added.invited.join_url,
        "code": added.invited.code,
        "expires_at": added.invited.invitation.expires_at.isoformat(),
    }
