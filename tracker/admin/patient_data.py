"""Correct what is known about a patient or a procedure, and keep notes."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from tracker import access, clock
from tracker.admin import words
from tracker.admin.frame import action, at_work, page
from tracker.admin.patient_form import PatientForm
from tracker.admin.patient_page import NoteForm, shown_patient
from tracker.admin.procedure_form import ProcedureForm
from tracker.models import Patient, Procedure
from tracker.services import messages as sent
from tracker.services import patients
from tracker.services.corrections import ChangedMeanwhile
from tracker.services.messages import NoSuchTemplate
from tracker.services.patients import NothingWritten, VoidStaysAsItWas

WRONG = 422


@require_http_methods(["GET", "HEAD", "POST"])
def change_page(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Correct a patient's data; the rules look at some of it, so all is judged again."""
    staff, now = at_work(request), clock.now()
    patient = access.of_clinic(staff, Patient.objects.all()).get(pk=patient_id)
    data = request.POST if request.method == "POST" else None
    form = PatientForm(data, patient=patient, clinic=staff.clinic, now=now)
    if form.is_valid():
        try:
            patients.change_patient(
                staff=staff,
                patient_id=patient.pk,
                fields=form.corrected(),
                shown=form.was_shown(),
                agreed=form.agreed(),
                now=now,
            )
        except ChangedMeanwhile as error:
            form.say_changed(error)
        else:
            messages.success(request, "Saved. Whatever the rules look at was judged again.")
            return redirect("admin:patient", patient.pk)
    return page(
        request,
        "desk/patient_change.html",
        f"Change {patient}",
        status=WRONG if form.is_bound else 200,
        form=form,
        patient=patient,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def procedure_page(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """Correct what is known about a procedure, or fill in a baseline."""
    staff, now = at_work(request), clock.now()
    rows = access.of_clinic(staff, Procedure.objects.select_related("patient"))
    procedure = rows.get(pk=procedure_id)
    data = request.POST if request.method == "POST" else None
    form = ProcedureForm(data, procedure=procedure)
    if form.is_valid():
        try:
            patients.change_procedure(
                staff=staff,
                procedure_id=procedure.pk,
                fields=form.corrected(),
                shown=form.was_shown(),
                now=now,
            )
        except ChangedMeanwhile as error:
            form.say_changed(error)
        except VoidStaysAsItWas as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Saved. Everything was judged again.")
            return redirect("admin:patient", procedure.patient_id)
    return page(
        request,
        "desk/procedure_change.html",
        f"Change a procedure of {procedure.patient}",
        status=WRONG if form.is_bound else 200,
        form=form,
        procedure=procedure,
        words=words.procedure_words(procedure),
    )


@action
def note(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Keep a note; it is never changed, and never shown on the phone."""
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            patients.write_note(
                staff=at_work(request),
                patient_id=patient_id,
                text=form.cleaned_data["text"],
                now=clock.now(),
            )
        except NothingWritten as error:
            form.add_error("text", str(error))
        else:
            messages.success(request, "The note is kept.")
            return redirect("admin:patient", patient_id)
    return shown_patient(request, patient_id, status=WRONG, note_form=form)


@action
def send_message(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Put a prepared text into the patient's app."""
    template = request.POST.get("template", "")
    try:
        sent.send(staff=at_work(request), patient_id=patient_id, template=template, now=clock.now())
    except NoSuchTemplate as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "Sent. The page says when it was read.")
    return redirect("admin:patient", patient_id)
