"""One alert: why it was raised, what happened since, and the forms that move it on."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.admin import answers, words
from tracker.admin.forms import DeskForm, LocalMoment
from tracker.admin.frame import action, at_work, page
from tracker.models.alert import AlertState, AlertTier, Outcome
from tracker.services import alerts, viewing
from tracker.services.alerts import (
    AlreadyOwned,
    AlreadyResolved,
    GotWorse,
    NextTryRefused,
    OutcomeNeedsReason,
)
from tracker.services.triage_queue import was_seen

LONGEST_NOTE = 2000
WRONG = 422


class AttemptForm(DeskForm):
    ids = "attempt-%s"
    note = forms.CharField(
        label="What happened",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Such as: no answer, left a message.",
    )
    again_at = LocalMoment(
        label="Next try planned at",
        required=False,
        help_text="It is yours until then; then it comes back to everybody.",
    )


class ResolveForm(DeskForm):
    ids = "resolve-%s"
    outcome = forms.ChoiceField(
        label="Outcome",
        widget=forms.RadioSelect,
        choices=[(each.value, each.label) for each in alerts.STAFF_OUTCOMES],
    )
    note = forms.CharField(
        label="Note",
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed when no action was needed: say why.",
    )


@require_safe
def alert_page(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    return _shown(request, alert_id)


@action
def acknowledge(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Take an alert; when a colleague was faster, say who."""
    staff = at_work(request)
    try:
        alerts.acknowledge(staff=staff, alert_id=alert_id, now=clock.now(), seen=_seen(request))
    except AlreadyOwned as error:
        own = error.owner == staff.user
        messages.warning(request, "You have already taken this alert." if own else str(error))
    except (AlreadyResolved, GotWorse) as error:
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
        alerts.attempt(
            staff=at_work(request),
            alert_id=alert_id,
            note=form.cleaned_data["note"],
            again_at=form.cleaned_data["again_at"],
            now=clock.now(),
            seen=_seen(request),
        )
    except NextTryRefused as error:
        form.add_error("again_at", str(error))
        return _shown(request, alert_id, status=WRONG, attempt_form=form)
    except (AlreadyResolved, GotWorse) as error:
        form.add_error(None, str(error))
        return _shown(request, alert_id, status=409, attempt_form=form)
    messages.success(request, "Noted. The alert stays in the queue.")
    return redirect("admin:alert", alert_id)


@action
def resolve(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Close an alert with an outcome; what was typed survives every refusal."""
    form = ResolveForm(request.POST)
    if not form.is_valid():
        return _shown(request, alert_id, status=WRONG, resolve_form=form)
    try:
        alerts.resolve(
            staff=at_work(request),
            alert_id=alert_id,
            outcome=Outcome(form.cleaned_data["outcome"]),
            note=form.cleaned_data["note"],
            now=clock.now(),
            seen=_seen(request),
        )
    except OutcomeNeedsReason as error:
        form.add_error("note", str(error))
        return _shown(request, alert_id, status=WRONG, resolve_form=form)
    except (AlreadyResolved, GotWorse) as error:
        form.add_error(None, str(error))
        return _shown(request, alert_id, status=409, resolve_form=form)
    messages.success(request, "Resolved. The outcome is in the alert's history.")
    return redirect("admin:index")


def _seen(request: HttpRequest) -> datetime | None:
    """When the alert that was on the screen had been raised."""
    try:
        seen = datetime.fromisoformat(request.POST.get("seen", ""))
    except ValueError:
        return None
    return seen if seen.utcoffset() is not None else None


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
    now = clock.now()
    record = viewing.view_alert(staff=at_work(request), alert_id=alert_id, now=now)
    alert = record.alert
    forms = {"attempt_form": AttemptForm(), "resolve_form": ResolveForm(), **wrong}
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
        others=[(each, words.sign_title(each.rule, each.sign)) for each in record.others],
        **forms,
    )
