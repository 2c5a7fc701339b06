"""What the patient did about the advice: `POST /api/v1/advice-answers/`."""

from __future__ import annotations

import uuid

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from tracker import clock
from tracker.api.fields import StrictSerializer
from tracker.api.principals import PhoneView
from tracker.api.schemas import PROBLEM
from tracker.api.shapes import ANSWER_TO_ADVICE
from tracker.models.answer_to_advice import Did
from tracker.problems import problem
from tracker.services import answers_to_advice
from tracker.services.answers_to_advice import AnswerIdTaken, NothingStands


class AnswerRequest(StrictSerializer):
    id = serializers.UUIDField(required=False)
    did = serializers.ChoiceField(Did.values)


class AdviceAnswers(PhoneView):
    @extend_schema(
        request=AnswerRequest,
        responses={201: ANSWER_TO_ADVICE, 200: ANSWER_TO_ADVICE, 409: PROBLEM},
        summary="Say what you did: it feeds the alert, and ends none",
    )
    def post(self, request: Request) -> HttpResponse:
        body = AnswerRequest(data=request.data)
        body.is_valid(raise_exception=True)
        client_id = body.validated_data.get("id") or uuid.uuid4()
        did = Did(body.validated_data["did"])
        try:
            is_new = answers_to_advice.answer(
                phone=request.user, client_id=client_id, did=did, now=clock.now()
            )
        except AnswerIdTaken:
            return problem(409, "This id already belongs to another answer.")
        except NothingStands:
            return problem(409, "No advice to call stands: there is nothing to answer.")
        return JsonResponse({"id": str(client_id), "did": did}, status=201 if is_new else 200)
