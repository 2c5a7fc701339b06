"""Several rows of the queue at once: only where one act can answer for all of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tracker import clock
from tracker.admin.alert_forms import ResolveForm, seen_of
from tracker.admin.frame import action, at_work
from tracker.models.alert import Outcome
from tracker.services import several_alerts
from tracker.services.alerts import AlreadyOwned, AlreadyResolved, GotWorse, OutcomeNeedsReason
from tracker.services.several_alerts import OneByOne

NOTHING = "Select some rows first."


@action
def acknowledge(request: HttpRequest) -> HttpResponse:
    seen = seen_of(request)
    try:
        if not seen:
            raise OneByOne(NOTHING)
        taken = several_alerts.acknowledge_several(
            staff=at_work(request), seen=seen, now=clock.now()
        )
    except (AlreadyOwned, AlreadyResolved, GotWorse, OneByOne) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, f"{len(taken)} are yours now.")
    return redirect("admin:index")


@action
def resolve(request: HttpRequest) -> HttpResponse:
    seen, form = seen_of(request), ResolveForm(request.POST)
    try:
        if not seen:
            raise OneByOne(NOTHING)
        if not form.is_valid():
            raise OneByOne("Choose an outcome. Nothing was closed.")
        closed = several_alerts.resolve_several(
            staff=at_work(request),
            seen=seen,
            outcome=Outcome(form.cleaned_data["outcome"]),
            note=form.cleaned_data["note"],
            now=clock.now(),
        )
    except (AlreadyResolved, GotWorse, OneByOne, OutcomeNeedsReason) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, f"{len(closed)} resolved.")
    return redirect("admin:index")
