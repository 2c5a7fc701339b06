"""A patient takes along what is known about them."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from tracker import clock
from tracker.api.principals import PhoneView
from tracker.problems import problem
from tracker.services import exports

OWN = "Only the patient's own phone may take these along."
BOM = "\ufeff"
"""Without it, spreadsheets guess the letters wrong."""


class ExportView(PhoneView):
    @extend_schema(responses={200: dict}, summary="Everything that is known about the patient")
    def get(self, request: Request) -> HttpResponse:
        if request.user.session.caregiver_id:
            return problem(403, OWN)
        whole = exports.export_own(phone=request.user, now=clock.now())
        return _file(whole, "application/json", "my-data.json")


class CheckInsView(PhoneView):
    @extend_schema(responses={(200, "text/csv"): str}, summary="The check-ins as a table")
    def get(self, request: Request) -> HttpResponse:
        if request.user.session.caregiver_id:
            return problem(403, OWN)
        lines = exports.export_own_check_ins(phone=request.user, now=clock.now())
        return _file(BOM + lines, "text/csv", "my-check-ins.csv")


def _file(text: str, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
