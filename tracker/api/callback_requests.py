"""Call backs: `PUT /api/v1/callback-requests/{uuid}/`, and what staff do about one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from tracker import clock
from tracker.access import Staff
from tracker.api.fields import StrictSerializer, Text
from tracker.api.paging import PAGING, newest_first, unknown_parameters
from tracker.api.principals import (
    IsPhone,
    IsStaff,
    PhoneAuthentication,
    PhoneView,
    RecordedView,
    StaffAuthentication,
    StaffView,
)
from tracker.api.schemas import PROBLEM
from tracker.api.shapes import CALLBACK, CALLBACK_AT_THE_DESK, CALLBACKS
from tracker.models import CallbackRequest
from tracker.models.callback_request import CallWindow
from tracker.policy import Action
from tracker.problems import one_problem, problem
from tracker.services import callback_requests, looking
from tracker.services.callback_requests import (
    LONGEST_ABOUT,
    AlreadyTaken,
    CallbackIdTaken,
    CallbackOver,
    CallNeedsNote,
    TooManyOpen,
)


class AskRequest(StrictSerializer):
    window = serializers.ChoiceField(CallWindow.values, required=False, default=CallWindow.ANY)
    about = Text(max_length=LONGEST_ABOUT, required=False, allow_blank=True, default="")


class NoteRequest(StrictSerializer):
    note = Text(max_length=2000)


class CallbackView(PhoneView):
    @extend_schema(
        request=AskRequest,
        responses={201: CALLBACK, 200: CALLBACK, 409: PROBLEM},
        summary="Ask for a call back",
    )
    def put(self, request: Request, client_id: UUID) -> HttpResponse:
        body = AskRequest(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            asked = callback_requests.ask(
                phone=request.user,
                client_id=client_id,
                window=CallWindow(body.validated_data["window"]),
                about=body.validated_data["about"],
                now=clock.now(),
            )
        except CallbackIdTaken:
            return problem(409, "This id already belongs to a request with other words.")
        except TooManyOpen:
            return problem(409, "You have asked already, and somebody will call. Or call us now.")
        return JsonResponse(callback_json(asked.request), status=201 if asked.created else 200)

    @extend_schema(responses={200: CALLBACK}, summary="One request, and how it stands")
    def get(self, request: Request, client_id: UUID) -> HttpResponse:
        rows = callback_requests.of_phone(request.user)
        return JsonResponse(callback_json(rows.get(client_id=client_id)))

    @extend_schema(request=None, responses={200: CALLBACK, 409: PROBLEM}, summary="Take it back")
    def delete(self, request: Request, client_id: UUID) -> HttpResponse:
        try:
            withdrawn = callback_requests.withdraw(
                phone=request.user, client_id=client_id, now=clock.now()
            )
        except CallbackOver as error:
            return problem(409, str(error))
        return JsonResponse(callback_json(withdrawn))


class CallbackList(RecordedView):
    """A phone sees the patient's own requests, staff those of their clinic that wait."""

    actions: ClassVar[dict[str, Action]] = {"GET": Action.QUEUE_SEE}
    authentication_classes = [PhoneAuthentication, StaffAuthentication]
    permission_classes = [IsPhone | IsStaff]

    def shows_patients(self, who: object) -> bool:
        return isinstance(who, Staff)

    @extend_schema(
        parameters=PAGING,
        responses={200: CALLBACKS},
        operation_id="v1_callback_requests_list",
        summary="A patient's own requests, newest first; for staff those that wait",
    )
    def get(self, request: Request) -> HttpResponse:
        if isinstance(request.user, Staff):
            return _waiting(request, request.user)
        rows = callback_requests.of_phone(request.user)
        return newest_first(request, rows, "requested_at", callback_json)


def _waiting(request: Request, staff: Staff) -> HttpResponse:
    unknown = unknown_parameters(request, set())
    if unknown is not None:
        return unknown
    now = clock.now()
    found = callback_requests.open_callbacks(staff=staff, now=now)
    patients = {each.request.patient_id for each in found}
    looking.listed(staff=staff, name="callbacks", patients=patients, now=now)
    results = [{**staff_json(each.request), "overdue": each.overdue} for each in found]
    return JsonResponse({"results": results})


class _Worked(StaffView):
    actions = {"POST": Action.ALERT_WORK}

    def answer(self, work: Callable[..., CallbackRequest], **what: Any) -> HttpResponse:
        try:
            return JsonResponse(staff_json(work(now=clock.now(), **what)))
        except CallNeedsNote as error:
            return one_problem("/note", "required", str(error))
        except (AlreadyTaken, CallbackOver) as error:
            return problem(409, str(error))


class TakeView(_Worked):
    @extend_schema(
        request=None,
        responses={200: CALLBACK_AT_THE_DESK, 409: PROBLEM},
        summary="Say that one will call",
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        return self.answer(callback_requests.take, staff=request.user, request_id=request_id)


class TriedView(_Worked):
    @extend_schema(
        request=NoteRequest,
        responses={200: CALLBACK_AT_THE_DESK, 409: PROBLEM},
        summary="Nobody answered: a new target is set",
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        note = _note_in(request)
        return self.answer(
            callback_requests.tried, staff=request.user, request_id=request_id, note=note
        )


class DoneView(_Worked):
    @extend_schema(
        request=NoteRequest,
        responses={200: CALLBACK_AT_THE_DESK, 409: PROBLEM},
        summary="What came of the call",
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        note = _note_in(request)
        return self.answer(
            callback_requests.finish, staff=request.user, request_id=request_id, note=note
        )


def _note_in(request: Request) -> str:
    body = NoteRequest(data=request.data)
    body.is_valid(raise_exception=True)
    return str(body.validated_data["note"])


def callback_json(asked: CallbackRequest) -> dict[str, Any]:
    """As its patient sees it: by a name, never by an address."""
    return {
        "id": str(asked.client_id),
        "window": asked.window,
        "about": asked.about,
        "status": asked.state.lower(),
        "requested_at": asked.requested_at.isoformat(),
        "target_at": asked.target_at.isoformat(),
        "caller": (asked.owner.name or None) if asked.owner else None,
        "tried_at": _text(asked.tried_at),
        "done_at": _text(asked.done_at),
    }


def staff_json(asked: CallbackRequest) -> dict[str, Any]:
    patient = asked.patient
    return {
        **callback_json(asked),
        "id": str(asked.pk),
        "patient": {"id": str(patient.pk), "name": patient.name, "phone": patient.phone},
        "owner": str(asked.owner) if asked.owner else None,
        "note": asked.note,
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
