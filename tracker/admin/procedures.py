"""The life of a procedure: done, its end corrected, stopped for a reason, taken up again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tracker import access, clock
from tracker.admin.frame import action, at_work
from tracker.admin.patient_page import DoneForm, StopForm, shown_patient
from tracker.models import Procedure
from tracker.models.procedure import StopReason
from tracker.services import monitoring, procedures
from tracker.services.monitoring import (
    FOLLOWED,
    AlreadyStopped,
    NothingToResume,
    ReasonDoesNotFit,
)
from tracker.services.procedures import NotDoneYet

ASKED_NO_MORE = "Stopped: the patient is asked and reminded no more. Open alerts wait for you."
STOPPED = {
    StopReason.DIED: "Stopped. Nothing is sent to this patient any more. Open alerts wait for you.",
    StopReason.WRONG_PATIENT: "Void. Enter the procedure for the right patient.",
    StopReason.NOT_DONE: "Cancelled.",
}


@action
def mark_done(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """Set the moment from which every rule counts; a correction judges everything again."""
    staff = at_work(request)
    markable = access.of_clinic(staff, Procedure.objects.filter(state__in=FOLLOWED))
    procedure = markable.get(pk=procedure_id)
    form = DoneForm(request.POST, auto_id=f"done-{procedure.pk}-%s")
    if form.is_valid():
        try:
            procedures.mark_done(
                staff=staff,
                procedure_id=procedure_id,
                ended_at=form.cleaned_data["ended_at"],
                now=clock.now(),
            )
        except NotDoneYet as error:
            form.add_error("ended_at", str(error))
        else:
            messages.success(request, "Saved. Everything entered was judged again from this time.")
            return redirect("admin:patient", procedure.patient_id)
    return shown_patient(request, procedure.patient_id, status=422, done={procedure.pk: form})


@action
def stop(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """Stop asking and reminding at once; alerts stay until somebody resolves them."""
    staff = at_work(request)
    procedure = access.of_clinic(staff, Procedure.objects.all()).get(pk=procedure_id)
    form = StopForm(request.POST, auto_id=f"stop-{procedure.pk}-%s")
    if form.is_valid():
        reason = StopReason(form.cleaned_data["reason"])
        try:
            monitoring.stop(staff=staff, procedure_id=procedure_id, reason=reason, now=clock.now())
        except (AlreadyStopped, ReasonDoesNotFit) as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, STOPPED.get(reason, ASKED_NO_MORE))
            return redirect("admin:patient", procedure.patient_id)
    return shown_patient(request, procedure.patient_id, status=422, stopping={procedure.pk: form})


@action
def resume(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """Take up again what was stopped by mistake."""
    staff = at_work(request)
    try:
        procedure = monitoring.resume(staff=staff, procedure_id=procedure_id, now=clock.now())
    except NothingToResume as error:
        messages.warning(request, str(error))
        procedure = access.of_clinic(staff, Procedure.objects.all()).get(pk=procedure_id)
    else:
        messages.success(request, "Taken up again: the patient is asked and reminded as before.")
    return redirect("admin:patient", procedure.patient_id)
