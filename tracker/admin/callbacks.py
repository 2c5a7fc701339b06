"""Calls that patients asked for: taken, tried, made."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tracker import clock
from tracker.admin.alert_forms import NoteForm
from tracker.admin.frame import action, at_work
from tracker.services import callback_requests
from tracker.services.callback_requests import AlreadyTaken, CallbackOver, CallNeedsNote


@action
def take(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Say that one will call; when a colleague was faster, say who."""
    try:
        callback_requests.take(staff=at_work(request), request_id=request_id, now=clock.now())
    except (AlreadyTaken, CallbackOver) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "It is yours now. The patient reads that somebody will call.")
    return redirect("admin:index")


@action
def tried(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Nobody answered: the request stays."""
    form = NoteForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else "No answer."
    try:
        callback_requests.tried(
            staff=at_work(request), request_id=request_id, note=note, now=clock.now()
        )
    except CallbackOver as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "Noted. The request stays in the queue.")
    return redirect("admin:index")


@action
def done(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Close a request with what came of it."""
    form = NoteForm(request.POST)
    try:
        if not form.is_valid():
            raise CallNeedsNote("Say what came of the call. It stays in the queue until then.")
        callback_requests.finish(
            staff=at_work(request),
            request_id=request_id,
            note=form.cleaned_data["note"],
            now=clock.now(),
        )
    except (CallNeedsNote, CallbackOver) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "Done. The note is kept with the request.")
    return redirect("admin:index")
