"""One patient's numbers: which version judges a procedure, and numbers of the patient's own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from tracker import access, clock
from tracker.access import Staff
from tracker.admin import words
from tracker.admin.forms import DeskForm
from tracker.admin.frame import at_work, page
from tracker.admin.protocol_form import LONGEST_REASON, OwnNumbersForm
from tracker.clinical.protocol import OutOfBounds
from tracker.models import Procedure, ProtocolVersion
from tracker.models.protocol import ProtocolState
from tracker.services import courses, protocols
from tracker.services.protocols import ChangeSomething, GiveAReason, NotFollowedAnyMore

WRONG = 422


class MoveForm(DeskForm):
    ids = "move-%s"
    number = forms.TypedChoiceField(label="Judge by", coerce=int)

    def __init__(self, *args: Any, versions: list[ProtocolVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.number, f"Version {each.number}: {each.reason or 'the defaults'}"[:90])
                   for each in versions]  # fmt: skip
        self.fields["number"].choices = choices  # type: ignore[attr-defined]


class ReasonForm(DeskForm):
    ids = "own-%s"
    reason = forms.CharField(
        label="Why this patient",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="It stands on the patient's page, with your name.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def page_of(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """Show what judges a procedure; `do` says which of the two forms was sent."""
    procedure = _procedure(at_work(request), procedure_id)
    if request.method != "POST":
        return _shown(request, procedure)
    steps = {"move": _move, "own": _override, "back": _take_back}
    step = steps.get(request.POST.get("do", ""))
    return step(request, procedure) if step else _shown(request, procedure, status=WRONG)


def _move(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    form = MoveForm(request.POST, versions=_versions(at_work(request)))
    if form.is_valid():
        try:
            protocols.move_procedure(
                staff=at_work(request),
                procedure_id=procedure.pk,
                number=form.cleaned_data["number"],
                now=clock.now(),
            )
        except (ChangeSomething, NotFollowedAnyMore, protocols.ApproveFirst) as error:
            form.add_error("number", str(error))
        else:
            return _done(request, procedure, "Moved. Everything was judged again by this version.")
    return _shown(request, procedure, status=WRONG, move_form=form)


def _override(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    form = _own_form(procedure, request.POST)
    reason = ReasonForm(request.POST)
    if form.is_valid() & reason.is_valid():
        try:
            _own(request, procedure, form.changed_numbers(), reason.cleaned_data["reason"])
        except (OutOfBounds, GiveAReason, NotFollowedAnyMore) as error:
            form.add_error(None, str(error))
        else:
            return _done(request, procedure, "Saved. Everything was judged again by these numbers.")
    return _shown(request, procedure, status=WRONG, form=form, reason_form=reason)


def _take_back(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    reason = ReasonForm(request.POST)
    if not reason.is_valid():
        return _shown(request, procedure, status=WRONG, reason_form=reason)
    try:
        _own(request, procedure, {}, reason.cleaned_data["reason"])
    except NotFollowedAnyMore as error:
        reason.add_error(None, str(error))
        return _shown(request, procedure, status=WRONG, reason_form=reason)
    return _done(request, procedure, "The patient's own numbers are taken back.")


def _own(request: HttpRequest, procedure: Procedure, numbers: Any, reason: str) -> None:
    protocols.override(
        staff=at_work(request),
        procedure_id=procedure.pk,
        numbers=numbers,
        reason=reason,
        now=clock.now(),
    )


def _done(request: HttpRequest, procedure: Procedure, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("admin:patient", procedure.patient_id)


def _procedure(staff: Staff, procedure_id: UUID) -> Procedure:
    rows = access.of_clinic(staff, Procedure.objects.all())
    return rows.select_related("patient", "protocol_version").get(pk=procedure_id)


def _versions(staff: Staff) -> list[ProtocolVersion]:
    """What a procedure may be judged by: what is approved, and what is in force."""
    now = clock.now()
    in_force = protocols.current_protocol(clinic=staff.clinic, now=now)
    known = protocols.versions(staff=staff, now=now)
    return [each for each in known if each.state == ProtocolState.APPROVED or each == in_force]


def _own_form(procedure: Procedure, data: Any = None) -> OwnNumbersForm:
    return OwnNumbersForm(
        data,
        standing=courses.protocol_of(procedure),
        usual=procedure.protocol_version.protocol(),
        kind=procedure.kind,
    )


def _shown(
    request: HttpRequest, procedure: Procedure, *, status: int = 200, **wrong: Any
) -> HttpResponse:
    staff = at_work(request)
    context = {
        "form": _own_form(procedure),
        "reason_form": ReasonForm(),
        "move_form": MoveForm(
            versions=_versions(staff), initial={"number": procedure.protocol_version.number}
        ),
        **wrong,
    }
    history = procedure.protocol_overrides.select_related("made_by").order_by("-pk")
    return page(
        request,
        "desk/own_numbers.html",
        f"Numbers for {procedure.patient}",
        status=status,
        procedure=procedure,
        words=words.procedure_words(procedure),
        history=list(history),
        **context,
    )
