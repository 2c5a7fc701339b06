"""One alert: why it was raised, what happened since, and the forms that move it on."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.admin import answers, chart_note, words
from tracker.admin.alert_forms import (
    AttemptForm,
    HandOverForm,
    NoteForm,
    ReopenForm,
    ResolveForm,
    moment,
    seen_of,
)
from tracker.admin.frame import action, at_work, page
from tracker.admin.queue_rows import on_screen
from tracker.clinical.call_script import call_script
from tracker.clinical.findings import Tier
from tracker.models import Alert
from tracker.models.alert import AlertState, AlertTier, Outcome
from tracker.services import handing_over, several_alerts, viewing
from tracker.services.alerts import (
    AlreadyOwned,
    AlreadyResolved,
    GotWorse,
    NextTryRefused,
    OutcomeNeedsReason,
)
from tracker.services.handing_over import NoSuchColleague, NotResolved, RaisedSince
from tracker.services.several_alerts import OneByOne
from tracker.services.triage_queue import was_seen

WRONG, MEANWHILE = 422, 409
OVERTAKEN = (AlreadyResolved, GotWorse, OneByOne)
NOT_THIS_ONE = "The page named other alerts than its button did. Nothing was taken: load it again."


@require_safe
def alert_page(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    return _shown(request, alert_id)


@action
def acknowledge(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Take an alert, and those shown with it; when a colleague was faster, say who."""
    staff, seen = at_work(request), _seen(request, alert_id)
    if alert_id not in seen:
        messages.warning(request, NOT_THIS_ONE)
        return _back(request, alert_id)
    try:
        several_alerts.acknowledge_several(staff=staff, seen=seen, now=clock.now())
    except AlreadyOwned as error:
        own = error.owner == staff.user
        messages.warning(request, "You have already taken this alert." if own else str(error))
    except OVERTAKEN as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "It is yours now. It stays here until you resolve it.")
    return _back(request, alert_id)


@action
def attempt(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    form = AttemptForm(request.POST)
    if not form.is_valid():
        return _shown(request, alert_id, status=WRONG, attempt_form=form)
    try:
        several_alerts.attempt_several(
            staff=at_work(request),
            seen=_seen(request, alert_id),
            note=form.cleaned_data["note"],
            again_at=form.cleaned_data["again_at"],
            now=clock.now(),
        )
    except NextTryRefused as error:
        form.add_error("again_at", str(error))
        return _shown(request, alert_id, status=WRONG, attempt_form=form)
    except OVERTAKEN as error:
        form.add_error(None, str(error))
        return _shown(request, alert_id, status=MEANWHILE, attempt_form=form)
    messages.success(request, "Noted. The alert stays in the queue.")
    return redirect("admin:alert", alert_id)


@action
def resolve(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Close what a call settled with one outcome; what was typed survives every refusal."""
    form = ResolveForm(request.POST)
    if not form.is_valid():
        return _shown(request, alert_id, status=WRONG, resolve_form=form)
    try:
        several_alerts.resolve_several(
            staff=at_work(request),
            seen=_seen(request, alert_id),
            outcome=Outcome(form.cleaned_data["outcome"]),
            note=form.cleaned_data["note"],
            now=clock.now(),
        )
    except OutcomeNeedsReason as error:
        form.add_error("note", str(error))
        return _shown(request, alert_id, status=WRONG, resolve_form=form)
    except OVERTAKEN as error:
        form.add_error(None, str(error))
        return _shown(request, alert_id, status=MEANWHILE, resolve_form=form)
    messages.success(request, "Resolved. The outcome is in the alert's history.")
    return redirect("admin:index")


@action
def hand_over(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    staff = at_work(request)
    form = HandOverForm(request.POST, staff=staff)
    if not form.is_valid():
        return _shown(request, alert_id, status=WRONG, hand_form=form)
    try:
        alert = handing_over.hand_over(
            staff=staff,
            alert_id=alert_id,
            now=clock.now(),
            seen=_raised(request),
            **form.cleaned_data,
        )
    except (NoSuchColleague, *OVERTAKEN) as error:
        form.add_error(None, str(error))
        return _shown(request, alert_id, status=MEANWHILE, hand_form=form)
    messages.success(request, f"It is with {alert.owner} now. A message tells them.")
    return redirect("admin:index")


@action
def note(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _shown(request, alert_id, status=WRONG, note_form=form)
    handing_over.add_note(
        staff=at_work(request),
        alert_id=alert_id,
        note=form.cleaned_data["note"],
        now=clock.now(),
    )
    messages.success(request, "The note is in the alert's history.")
    return redirect("admin:alert", alert_id)


@action
def reopen(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _shown(request, alert_id, status=WRONG, reopen_form=form)
    try:
        handing_over.reopen(
            staff=at_work(request),
            alert_id=alert_id,
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        )
    except (NotResolved, RaisedSince) as error:
        form.add_error(None, str(error))
        return _shown(request, alert_id, status=MEANWHILE, reopen_form=form)
    messages.success(request, "It is open again, and whoever is on call is told.")
    return redirect("admin:alert", alert_id)


def _seen(request: HttpRequest, alert_id: UUID) -> dict[UUID, datetime | None]:
    """What was on the screen; without any of it, the alert of the address."""
    return seen_of(request) or {alert_id: _raised(request)}


def _raised(request: HttpRequest) -> datetime | None:
    """When the alert that was on the screen had been raised."""
    return moment(request.POST.get("seen", ""))


def _back(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Return to the queue or to the alert, wherever the button was."""
    target = request.POST.get("next", "")
    # Without the slash it would be looked up as the name of an address.
    if target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return redirect(target)
    return redirect("admin:alert", alert_id)


def _shown(
    request: HttpRequest, alert_id: UUID, *, status: int = 200, **wrong: Any
) -> HttpResponse:
    now, staff = clock.now(), at_work(request)
    record = viewing.view_alert(staff=staff, alert_id=alert_id, now=now)
    alert = record.alert
    forms = {
        "attempt_form": AttemptForm(),
        "resolve_form": ResolveForm(),
        "hand_form": HandOverForm(staff=staff),
        "note_form": NoteForm(),
        "reopen_form": ReopenForm(),
        **wrong,
    }
    return page(
        request,
        "desk/alert.html",
        words.sign_title(alert.rule, alert.sign),
        status=status,
        record=record,
        alert=alert,
        now=now,
        tier=AlertTier(alert.tier).name.lower(),
        procedure=words.procedure_words(alert.procedure),
        sources=words.sources_of(alert.rule, alert.sign),
        said=answers.in_words(alert.check_in.answers) if alert.check_in else [],
        came_back=alert.state == AlertState.OPEN and was_seen(alert),
        unanswered=words.unanswered(alert),
        chart_note=chart_note.written(alert, record.why, record.events),
        on_screen=on_screen(alert),
        others=[_other(each) for each in record.others],
        script=_script(alert, staff.clinic.emergency_number),
        **forms,
    )


def _other(alert: Alert) -> tuple[Alert, str, str]:
    return alert, words.sign_title(alert.rule, alert.sign), on_screen(alert)


def _script(alert: Alert, emergency_number: str) -> Any:
    return call_script(
        rule=alert.rule,
        sign=alert.sign,
        tier=Tier(alert.tier),
        emergency_number=emergency_number,
    )
