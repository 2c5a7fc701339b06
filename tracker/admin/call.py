"""A check-in that staff enter while the patient is on the phone: judged like any other."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from tracker import access, clock
from tracker.admin import once, words
from tracker.admin.call_form import CallForm
from tracker.admin.frame import at_work, page
from tracker.models import Patient
from tracker.services import calls
from tracker.services.check_ins import CheckInIdTaken, CheckInRefused, NothingToFollow, Recorded

WRONG = 422


@require_http_methods(["GET", "HEAD", "POST"])
def check_in_page(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Ask, type, and read the advice to the patient; what was typed survives every refusal."""
    staff = at_work(request)
    patient = access.of_clinic(staff, Patient.objects.all()).get(pk=patient_id)
    if request.method != "POST":
        form = CallForm(patient=patient, initial={"observed_at": clock.now()})
        return _form_page(request, patient, form)
    form = CallForm(request.POST, patient=patient)
    if not form.is_valid():
        return _form_page(request, patient, form, WRONG)
    try:
        recorded = calls.record_on_the_phone(
            staff=staff,
            patient_id=patient.pk,
            client_id=once.id_of(request),
            answers=form.answers(),
            now=clock.now(),
        )
    except CheckInRefused as error:
        for problem in error.problems:
            form.add_error(_field_of(problem.pointer), problem.detail)
    except NothingToFollow:
        form.add_error(None, "This patient has no procedure that a check-in could belong to.")
    except CheckInIdTaken:
        form.add_error(None, "This form was sent already, with other answers. Open a new one.")
    else:
        return _told(request, patient, recorded)
    return _form_page(request, patient, form, WRONG)


def _told(request: HttpRequest, patient: Patient, recorded: Recorded) -> HttpResponse:
    """Show what to read out; a number in question is asked again."""
    alerts = [each.alert for each in recorded.events]
    return page(
        request,
        "desk/call_done.html",
        "Read this to the patient",
        patient=patient,
        advice=recorded.advice,
        text=words.spoken(recorded.advice.text, patient.clinic),
        questions=recorded.questions,
        alerts=[(each, words.sign_title(each.rule, each.sign)) for each in alerts],
    )


def _field_of(pointer: str) -> str | None:
    """Which field of the form a part of the body came from."""
    path = pointer.strip("/").split("/")
    name = path[-1] if path[0] in ("pain", "site", "other") else path[0]
    name = {"worse_than_before": "worse", "symptoms": "others"}.get(name, name)
    return name if name in CallForm.base_fields else None


def _form_page(
    request: HttpRequest, patient: Patient, form: CallForm, status: int = 200
) -> HttpResponse:
    title = f"Check-in on the phone: {patient}"
    return page(
        request, "desk/call.html", title, status=status, patient=patient, form=form,
        once=once.for_form(request),
    )  # fmt: skip
