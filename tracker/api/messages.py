"""What staff write: read on the phone, sent from the desk by prepared texts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from tracker import clock
from tracker.api.fields import StrictSerializer
from tracker.api.paging import PAGING, newest_first
from tracker.api.principals import PhoneView, StaffView
from tracker.api.shapes import MESSAGE, TEMPLATE, page_of, results_of
from tracker.models import Message
from tracker.policy import Action
from tracker.services import messages
from tracker.services.message_texts import TEMPLATES


class SendRequest(StrictSerializer):
    template = serializers.ChoiceField(list(TEMPLATES))
    alert = serializers.UUIDField(required=False, allow_null=True)


class MessageList(PhoneView):
    @extend_schema(
        parameters=PAGING,
        responses={200: page_of(MESSAGE)},
        summary="What the clinic wrote, newest first",
    )
    def get(self, request: Request) -> HttpResponse:
        return newest_first(request, messages.of_phone(request.user), "sent_at", message_json)


class ReadView(PhoneView):
    @extend_schema(request=None, responses={200: MESSAGE}, summary="It was read")
    def post(self, request: Request, message_id: int) -> HttpResponse:
        message = messages.read(phone=request.user, message_id=message_id, now=clock.now())
        return JsonResponse(message_json(message))


class TemplateList(StaffView):
    actions = {"GET": Action.QUEUE_SEE}

    @extend_schema(responses={200: results_of(TEMPLATE)}, summary="The prepared texts")
    def get(self, request: Request) -> HttpResponse:
        found = [
            {"template": code, "label": each.label, "words": each.words}
            for code, each in TEMPLATES.items()
        ]
        return JsonResponse({"results": found})


class SendView(StaffView):
    actions = {"POST": Action.ALERT_WORK}

    @extend_schema(
        request=SendRequest,
        responses={201: MESSAGE},
        summary="Write to a patient, by a prepared text",
    )
    def post(self, request: Request, patient_id: UUID) -> HttpResponse:
        body = SendRequest(data=request.data)
        body.is_valid(raise_exception=True)
        message = messages.send(
            staff=request.user,
            patient_id=patient_id,
            template=body.validated_data["template"],
            alert_id=body.validated_data.get("alert"),
            now=clock.now(),
        )
        return JsonResponse(message_json(message), status=201)


def message_json(message: Message) -> dict[str, Any]:
    return {
        "id": message.pk,
        "template": message.template,
        "text": message.text,
        "sent_at": message.sent_at.isoformat(),
        "sent_by": message.sent_by.name or None,
        "read_at": message.read_at.isoformat() if message.read_at else None,
    }
