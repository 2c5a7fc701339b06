"""Who looked at the patient's data: `GET /api/v1/audit/`."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from tracker.api.paging import PAGING, newest_first
from tracker.api.principals import PhoneView
from tracker.api.shapes import LOOK, page_of
from tracker.models import AuditEvent
from tracker.services import who_looked


class AuditList(PhoneView):
    @extend_schema(
        parameters=PAGING,
        responses={200: page_of(LOOK)},
        summary="Who looked at the patient's data, newest first",
    )
    def get(self, request: Request) -> HttpResponse:
        read = who_looked.reader(request.user)

        def look_json(event: AuditEvent) -> dict[str, Any]:
            look = read(event)
            who = {"kind": look.who.kind, "name": look.who.name, "role": look.who.role or None}
            return {"at": look.at.isoformat(), "who": who, "what": look.what.value}

        return newest_first(request, who_looked.looks_at(request.user), "at", look_json)
