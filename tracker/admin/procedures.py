"""Mark a procedure done, or correct when it was."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tracker import access, clock
from tracker.admin.frame import action, at_work
from tracker.admin.patients import MARKABLE, DoneForm, shown_patient
from tracker.models import Procedure
from tracker.services import procedures
from tracker.services.procedures import NotDoneYet


@action
def mark_done(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """Set the moment from which every rule counts; a correction judges everything again."""
    staff = at_work(request)
    markable = access.of_clinic(staff, Procedure.objects.filter(state__in=MARKABLE))
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
    return shown_patient(request, procedure.patient_id, status=422, wrong={procedure.pk: form})
