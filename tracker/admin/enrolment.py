"""Enrol a patient on one page, and hand over the card that lets their phone in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods

from tracker import access, clock
from tracker.admin import once
from tracker.admin.enrolment_form import EnrolForm
from tracker.admin.frame import action, at_work, page
from tracker.admin.procedure_form import AddProcedureForm
from tracker.models import Patient
from tracker.models.consent import ConsentKind
from tracker.services import consents, devices, enrolment, procedures
from tracker.services.enrolment import AlreadyEnrolled, Carded
from tracker.services.invitations import Invited
from tracker.services.procedures import PatientDied


@require_http_methods(["GET", "HEAD", "POST"])
def enrol_page(request: HttpRequest) -> HttpResponse:
    staff = at_work(request)
    now = clock.now()
    if request.method != "POST":
        return _form_page(request, EnrolForm(clinic=staff.clinic, now=now))
    form = EnrolForm(request.POST, clinic=staff.clinic, now=now)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    try:
        carded = enrolment.enrol_patient(
            staff=staff,
            patient_id=once.id_of(request),
            patient=form.patient(),
            procedure=form.procedure(),
            agreed=[ConsentKind(each) for each in form.cleaned_data["consents"]],
            helper=form.helper(),
            now=now,
        )
    except AlreadyEnrolled as error:
        messages.warning(
            request,
            "This patient was already enrolled with this form. "
            "If the card was not printed, make a new code.",
        )
        return redirect("admin:patient", error.patient.pk)
    return _card_page(request, carded, now)


@action
def invite(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Make a new code for another phone, or for a card that was lost."""
    now = clock.now()
    carded = enrolment.invite_again(staff=at_work(request), patient_id=patient_id, now=now)
    return _card_page(request, carded, now)


@action
def end_phone(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Sign out a phone that was lost; what it kept is cleared when it comes again."""
    session = devices.end_by_staff(staff=at_work(request), session_id=session_id, now=clock.now())
    messages.success(request, "The phone is signed out.")
    return redirect("admin:patient", session.patient_id)


@require_http_methods(["GET", "HEAD", "POST"])
def add_page(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """One more procedure of somebody who is enrolled; the phone stays as it is."""
    staff, now = at_work(request), clock.now()
    patient = access.of_clinic(staff, Patient.objects.all()).get(pk=patient_id)
    data = request.POST if request.method == "POST" else None
    form = AddProcedureForm(data, clinic=staff.clinic, now=now)
    if form.is_valid():
        fields = {"id": once.id_of(request), **form.procedure()}
        try:
            procedures.add(staff=staff, patient_id=patient.pk, procedure=fields, now=now)
        except PatientDied as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Added. Once it is done, check-ins belong to it.")
            return redirect("admin:patient", patient.pk)
    title = f"Another procedure of {patient}"
    return page(
        request,
        "desk/procedure_add.html",
        title,
        status=422 if form.is_bound else 200,
        form=form,
        patient=patient,
        once=once.for_form(request),
    )


def _form_page(request: HttpRequest, form: EnrolForm, status: int = 200) -> HttpResponse:
    return page(
        request,
        "desk/enrol.html",
        "Enrol a patient",
        status=status,
        form=form,
        wordings=[
            (kind.label, language, consents.WORDINGS[kind, language])
            for kind in ConsentKind
            for language in ("en", "es")
        ],
        once=once.for_form(request),
    )


def _card_page(request: HttpRequest, carded: Carded, now: datetime) -> HttpResponse:
    """Show the link and the code: the only time, because only their digests are kept."""
    helper = carded.helper
    return page(
        request,
        "desk/card.html",
        "Card for the phone",
        now=now,
        patient=carded.patient,
        clinic=at_work(request).clinic,
        helper=helper and {"name": helper.caregiver.name, **_secrets(helper.invited)},
        **_secrets(carded.invited),
    )


def _secrets(invited: Invited) -> dict[str, Any]:
    return {
        "code": invited.code,
        "join_url": invited.join_url,
        "join_page": invited.join_url.split("#")[0],
        "expires_at": invited.invitation.expires_at,
        "qr": _qr(invited.join_url),
    }


def _qr(link: str) -> SafeString:
    """Draw the link; presentation attributes only, because the page allows no inline style."""
    code = segno.make(link, error="m")
    svg = code.svg_inline(
        scale=6, border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr"
    )
    return mark_safe(svg)  # noqa: S308  (segno made it out of a link of ours)
