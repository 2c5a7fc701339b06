"""The clinic's patients, and one patient on a page."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tracker import clock
from tracker.admin import answers, words
from tracker.admin.forms import DeskForm, LocalMoment
from tracker.admin.frame import at_work, page
from tracker.models import Procedure
from tracker.models.procedure import ProcedureState
from tracker.services import viewing
from tracker.services.triage_queue import day_of

PAGE_SIZE = 50
MARKABLE = [ProcedureState.SCHEDULED, ProcedureState.DONE]
FLAGS = {
    "diabetes": "Diabetes",
    "insulin": "Insulin",
    "anticoagulant": "Blood thinner",
    "immunosuppressed": "Immunosuppressed",
    "ice_contraindicated": "Ice is not safe",
}


class SearchForm(DeskForm):
    text = forms.CharField(
        label="Name or phone number",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


class DoneForm(DeskForm):
    ended_at = LocalMoment(label="Procedure ended at")


@require_http_methods(["GET", "HEAD", "POST"])
def patients_page(request: HttpRequest) -> HttpResponse:
    """List or search; a search is posted, so that no name ends up in an address or a log."""
    form = SearchForm(request.POST if request.method == "POST" else {})
    valid = form.is_valid()
    text = form.cleaned_data["text"] if valid else ""
    found = viewing.search_patients(staff=at_work(request), text=text)
    shown = Paginator(found, PAGE_SIZE).get_page(form.cleaned_data.get("page") if valid else 1)
    return page(
        request,
        "desk/patients.html",
        "Patients",
        form=form,
        text=text,
        shown=shown,
        # Asking again must not submit the number of a page that the new answer does not have.
        search=SearchForm(initial={"text": text}) if valid else form,
    )


@require_safe
def patient_page(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    return shown_patient(request, patient_id)


def shown_patient(
    request: HttpRequest,
    patient_id: UUID,
    *,
    status: int = 200,
    wrong: dict[UUID, DoneForm] | None = None,
) -> HttpResponse:
    """Render the page of one patient, with a form that was refused in its place."""
    now = clock.now()
    record = viewing.view_patient(staff=at_work(request), patient_id=patient_id, now=now)
    patient = record.patient
    return page(
        request,
        "desk/patient.html",
        patient.name,
        status=status,
        now=now,
        record=record,
        patient=patient,
        flags=[label for name, label in FLAGS.items() if getattr(patient, name)],
        procedures=[_procedure(each, now, wrong or {}) for each in record.procedures],
        open_alerts=[(each, words.sign_title(each.rule, each.sign)) for each in record.open_alerts],
        past_alerts=[(each, words.sign_title(each.rule, each.sign)) for each in record.past_alerts],
        check_ins=[(each, answers.in_words(each.answers)) for each in record.check_ins],
        devices=[(each, words.device_name(each.label)) for each in record.devices],
    )


def _procedure(procedure: Procedure, now: Any, wrong: dict[UUID, DoneForm]) -> dict[str, Any]:
    zone = timezone.get_current_timezone()
    initial = {"ended_at": procedure.ended_at or procedure.scheduled_at or now}
    blank = DoneForm(initial=initial, auto_id=f"done-{procedure.pk}-%s")
    return {
        "row": procedure,
        "words": words.procedure_words(procedure),
        "day": day_of(procedure, zone=ZoneInfo(str(zone)), now=now),
        "form": wrong.get(procedure.pk, blank) if procedure.state in MARKABLE else None,
    }
