"""What a patient may ask of the clinic: a copy of everything, and to be erased.

Whoever does it has just signed in or signs in again: an open desk must not be enough.
"""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from tracker import access, clock
from tracker.admin.forms import DeskForm
from tracker.admin.frame import action, at_work, page
from tracker.models import Patient
from tracker.services import erasure, exports
from tracker.services.erasure import StillFollowed

WRONG = 422
SURE = "ERASE"


class EraseForm(DeskForm):
    sure = forms.CharField(
        label=f"Type {SURE}",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_sure(self) -> str:
        typed = str(self.cleaned_data["sure"])
        if typed != SURE:
            raise forms.ValidationError(f"Type {SURE} in capital letters, or go back.")
        return typed


@action
@reauthentication_required
def export_page(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Hand over the whole record as a file; nothing of it is kept here."""
    staff = at_work(request)
    whole = exports.export_by_staff(staff=staff, patient_id=patient_id, now=clock.now())
    return as_file(whole, "application/json", f"patient-{patient_id}.json")


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def erase_page(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    staff = at_work(request)
    patient = access.of_clinic(staff, Patient.objects.all()).get(pk=patient_id)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _shown(request, patient, form, WRONG if form.is_bound else 200)
    try:
        erasure.erase_by_staff(staff=staff, patient_id=patient_id, now=clock.now())
    except StillFollowed as error:
        form.add_error(None, str(error))
        return _shown(request, patient, form, 409)
    messages.success(request, "The patient is erased.")
    return redirect("admin:patients")


def _shown(request: HttpRequest, patient: Patient, form: EraseForm, status: int) -> HttpResponse:
    title = "Erase a patient"
    return page(request, "desk/erase.html", title, status=status, patient=patient, form=form)


def as_file(text: str, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
