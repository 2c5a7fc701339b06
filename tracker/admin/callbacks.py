"""Calls that patients asked for: taken, tried, made."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tracker import clock
from tracker.admin.alert_forms import NoteForm
from tracker.admin.frame import action, at_work
from tracker.admin.queue import Refused, shown_queue
from tracker.services import callback_requests
from tracker.services.callback_requests import AlreadyTaken, CallbackOver, CallNeedsNote

NO_ANSWER = "No answer."
SAY = "Say what came of the call. It stays in the queue until then."


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
    note = request.POST.get("note", "").strip() or NO_ANSWER
    form = NoteForm({"note": note})
    if not form.is_valid():
        return _refused(request, request_id, " ".join(form.errors["note"]))
    try:
        callback_requests.tried(
            staff=at_work(request),
            request_id=request_id,
            note=form.cleaned_data["note"],
            now=clock.now(),
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
            raise CallNeedsNote(f"{SAY} {' '.join(form.errors['note'])}")
        callback_requests.finish(
            staff=at_work(request),
            request_id=request_id,
            note=form.cleaned_data["note"],
            now=clock.now(),
        )
    except CallNeedsNote as error:
        return _refused(request, request_id, str(error))
    except CallbackOver as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "Done. The note is kept with the request.")
    return redirect("admin:index")


def _refused(request: HttpRequest, request_id: UUID, reason: str) -> HttpResponse:
    """The queue again, with what was typed; the message shows where a filter hides the row."""
    messages.warning(request, reason)
    note = request.POST.get("note", "")
    return shown_queue(request, refused=Refused(request_id, note, reason))
