"""One patient on a page: the course on one time axis, and what one must know before calling."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.admin import answers, chart_note, chart_table, words
from tracker.admin.chart import SPANS, chart, series_of
from tracker.admin.forms import DeskForm, LocalMoment
from tracker.admin.frame import at_work, page
from tracker.models import Clinic, Procedure
from tracker.models.procedure import ProcedureState, StopReason
from tracker.policy import Action
from tracker.services import patient_record
from tracker.services.message_texts import TEMPLATES
from tracker.services.monitoring import FOLLOWED, OVER
from tracker.services.patient_record import LATEST, Explained, PatientRecord
from tracker.services.triage_queue import day_of

LONGEST_NOTE = 4000
FLAGS = {
    "diabetes": "Diabetes",
    "insulin": "Insulin",
    "anticoagulant": "Blood thinner",
    "immunosuppressed": "Immunosuppressed",
    "ice_contraindicated": "Ice is not safe",
}


class DoneForm(DeskForm):
    ended_at = LocalMoment(label="Procedure ended at")


class StopForm(DeskForm):
    reason = forms.ChoiceField(label="Why", choices=StopReason.choices)


class NoteForm(DeskForm):
    ids = "note-%s"
    text = forms.CharField(
        label="New note",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For staff only. It cannot be changed later.",
    )


@require_safe
def patient_page(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    return shown_patient(request, patient_id)


def shown_patient(
    request: HttpRequest,
    patient_id: UUID,
    *,
    status: int = 200,
    done: dict[UUID, DoneForm] | None = None,
    stopping: dict[UUID, StopForm] | None = None,
    note_form: NoteForm | None = None,
) -> HttpResponse:
    """Render the page of one patient, with a form that was refused in its place."""
    now, staff = clock.now(), at_work(request)
    record = patient_record.view_patient(staff=staff, patient_id=patient_id, now=now)
    patient = record.patient
    refused = {"done": done or {}, "stopping": stopping or {}}
    return page(
        request,
        "desk/patient.html",
        patient.name,
        status=status,
        now=now,
        record=record,
        patient=patient,
        flags=[label for name, label in FLAGS.items() if getattr(patient, name)],
        procedures=[_procedure(each, staff.clinic.timezone, now, **refused)
                    for each in record.procedures],
        open_alerts=[_alert(each) for each in record.open_alerts],
        past_alerts=[{**_alert(each), "note": chart_note.of(each)} for each in record.past_alerts],
        check_ins=_check_ins(record, staff.clinic),
        devices=[(each, words.device_name(each.label)) for each in record.devices],
        notes=[each for each in record.happened if each.kind == "note"],
        messages_sent=[(each, words.spoken(each.text, staff.clinic))
                       for each in record.happened if each.kind == "message"],
        templates=TEMPLATES,
        note_form=note_form or NoteForm(),
        decides=staff.may(Action.PROTOCOL_DECIDE),
        exports=staff.may(Action.PATIENT_EXPORT),
        erases=staff.may(Action.PATIENT_ERASE),
        **_course(request, record, now),
    )  # fmt: skip


def _course(request: HttpRequest, record: PatientRecord, now: datetime) -> dict[str, Any]:
    asked = request.GET.get("span", "")
    span = asked if asked in SPANS else "14"
    course = chart(record, span=span, now=now)
    rows = chart_table.rows(record, course.axis)
    return {
        "chart": course,
        "rows": len(rows),
        "table": chart_table.drawn(rows),
        "span": span,
        "legend": series_of(record.patient),
    }


def _procedure(
    procedure: Procedure,
    zone: str,
    now: datetime,
    *,
    done: dict[UUID, DoneForm],
    stopping: dict[UUID, StopForm],
) -> dict[str, Any]:
    initial = {"ended_at": procedure.ended_at or procedure.scheduled_at or now}
    blank = DoneForm(initial=initial, auto_id=f"done-{procedure.pk}-%s")
    stop = StopForm(auto_id=f"stop-{procedure.pk}-%s")
    own = next(iter(procedure.protocol_overrides.all()), None)
    return {
        "row": procedure,
        "words": words.procedure_words(procedure),
        "day": day_of(procedure, zone=ZoneInfo(zone), now=now),
        "form": done.get(procedure.pk, blank) if procedure.state in FOLLOWED else None,
        "stop_form": stopping.get(procedure.pk, stop),
        "is_void": procedure.state == ProcedureState.VOID,
        "is_over": procedure.state in OVER,
        "own": own if own and own.numbers else None,
    }


def _alert(each: Explained) -> dict[str, Any]:
    title = words.sign_title(each.alert.rule, each.alert.sign)
    return {"alert": each.alert, "sign": title, "why": each.why}


def _check_ins(record: PatientRecord, clinic: Clinic) -> list[dict[str, Any]]:
    return [
        {
            "row": each.row,
            "said": answers.in_words(each.row.answers),
            "by": chart_table.entered_by(each),
            "not_used": chart_table.not_used(each),
            "told": told,
            "told_words": words.spoken(told.text, clinic) if told else "",
        }
        for each in record.entries[:LATEST]
        for told in [record.told.get(each.row.pk)]
    ]
