"""A patient asks to be called back; staff take it, try, and say what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from tracker import access
from tracker.access import Phone, Staff
from tracker.models import CallbackRequest, Clinic
from tracker.models.callback_request import CallbackState, CallWindow
from tracker.services import audit, business_hours, procedures

CALL_WITHIN = 60  # business minutes
LONGEST_ABOUT = 500
MOST_OPEN = 5
"""Requests of one patient that wait at once: more would only hide the others."""
OPEN = (CallbackState.REQUESTED, CallbackState.TAKEN)
NOON = time(12)
PARTS = {CallWindow.MORNING: (time.min, NOON), CallWindow.AFTERNOON: (NOON, time.max)}


class CallbackIdTaken(Exception):
    """This id already belongs to a request with other words."""


class TooManyOpen(Exception):
    """The patient has as many requests waiting as anybody can use."""


class CallbackOver(Exception):
    """It was done or withdrawn; the message says which."""


class AlreadyTaken(Exception):
    """Somebody else will call; the message names them."""


class CallNeedsNote(Exception):
    """Say what came of the call, so that the next person knows."""


@dataclass(frozen=True, slots=True)
class Asked:
    request: CallbackRequest
    created: bool


@dataclass(frozen=True, slots=True)
class WaitingCallback:
    """A request that nobody has settled, with how long it has waited and how long it may."""

    request: CallbackRequest
    waited: timedelta
    overdue: bool


# --- the patient ------------------------------------------------------------------------------


@transaction.atomic
def ask(*, phone: Phone, client_id: UUID, window: CallWindow, about: str, now: datetime) -> Asked:
    """Ask once, however often the phone sends it; it stands in the queue at once."""
    patient, about = phone.patient, about.strip()
    request, created = CallbackRequest.objects.get_or_create(
        patient=patient,
        client_id=client_id,
        defaults={
            "clinic_id": patient.clinic_id,
            "procedure": procedures.procedure_of(patient),
            "caregiver": phone.caregiver,
            "window": window,
            "about": about,
            "requested_at": now,
            "target_at": target_of(clinic=phone.clinic, window=window, now=now),
        },
    )
    if not created:
        if (request.window, request.about) != (window, about):
            raise CallbackIdTaken
        return Asked(request, created=False)
    if of_phone(phone).filter(state__in=OPEN).count() > MOST_OPEN:
        raise TooManyOpen  # and nothing is stored
    _audit(phone.audit_name, request, "callback.ask", now)
    return Asked(request, created=True)


def target_of(*, clinic: Clinic, window: CallWindow, now: datetime) -> datetime:
    """By when somebody should have called: within an hour of opening time, or by the end of the
    part of the day that suits the patient, where at least that hour is left."""
    hours, zone = business_hours.readable(clinic.opening_hours), ZoneInfo(clinic.timezone)
    soonest = business_hours.add_business_minutes(now, CALL_WITHIN, hours, clinic.holidays, zone)
    if window == CallWindow.ANY:
        return soonest
    part = PARTS[window]
    return business_hours.next_part_ends(soonest, part, hours, clinic.holidays, zone)


@transaction.atomic
def withdraw(*, phone: Phone, client_id: UUID, now: datetime) -> CallbackRequest:
    """Take it back; `CallbackRequest.DoesNotExist` for any other patient's."""
    rows = access.of_patient(phone, CallbackRequest.objects.select_for_update())
    request = rows.get(client_id=client_id)
    if request.state == CallbackState.WITHDRAWN:
        return request
    _refuse_over(request)
    request.state, request.done_at = CallbackState.WITHDRAWN, now
    request.save(update_fields=["state", "done_at"])
    _audit(phone.audit_name, request, "callback.withdraw", now)
    return request


def of_phone(phone: Phone) -> QuerySet[CallbackRequest]:
    """The patient's own requests."""
    return access.of_patient(phone, CallbackRequest.objects.select_related("owner"))


# --- staff ------------------------------------------------------------------------------------


def open_callbacks(*, staff: Staff, now: datetime) -> list[WaitingCallback]:
    """Give the clinic's requests that nobody has settled, the nearest target first."""
    rows = _of_clinic(staff).filter(state__in=OPEN).order_by("target_at", "requested_at", "pk")
    return [_waiting(each, now) for each in rows]


def callbacks_of(*, staff: Staff, patient_ids: Iterable[UUID]) -> QuerySet[CallbackRequest]:
    """All requests of these patients, the newest first."""
    return _of_clinic(staff).filter(patient_id__in=list(patient_ids)).order_by("-requested_at")


@transaction.atomic
def take(*, staff: Staff, request_id: UUID, now: datetime) -> CallbackRequest:
    """Say that one will call; the patient reads who."""
    request = _locked(staff, request_id)
    if request.state == CallbackState.TAKEN and request.owner_id != staff.user.pk:
        raise AlreadyTaken(f"{request.owner} will call already.")
    _take(request, staff, now)
    request.save(update_fields=["state", "owner", "taken_at"])
    _audit(staff.audit_name, request, "callback.take", now)
    return request


@transaction.atomic
def tried(*, staff: Staff, request_id: UUID, note: str, now: datetime) -> CallbackRequest:
    """Note that nobody answered: the request stays, and the next call is due by a new target."""
    request = _locked(staff, request_id)
    _take(request, staff, now)
    request.tried_at, request.note = now, _with(request, staff, note, now)
    window = CallWindow(request.window)
    request.target_at = target_of(clinic=staff.clinic, window=window, now=now)
    fields = ["state", "owner", "taken_at", "tried_at", "note", "target_at"]
    request.save(update_fields=fields)
    _audit(staff.audit_name, request, "callback.tried", now)
    return request


@transaction.atomic
def finish(*, staff: Staff, request_id: UUID, note: str, now: datetime) -> CallbackRequest:
    """Say what came of the call."""
    request = _locked(staff, request_id)
    if not note.strip():
        raise CallNeedsNote("Say in the note what came of the call.")
    request.owner = request.owner or staff.user
    request.state, request.done_at = CallbackState.DONE, now
    request.note = _with(request, staff, note, now)
    request.save(update_fields=["state", "owner", "note", "done_at"])
    _audit(staff.audit_name, request, "callback.done", now)
    return request


def latest_note(request: CallbackRequest) -> str:
    """What came of the last call, with its time and its caller."""
    return next(reversed(request.note.splitlines()), "")


def _with(request: CallbackRequest, staff: Staff, note: str, now: datetime) -> str:
    """The notes of the calls before, and a line for this one: nobody asks twice what was said."""
    at = now.astimezone(ZoneInfo(staff.clinic.timezone))
    line = f"{at:%a, %b %-d, %-I:%M %p}, {staff.user}: {' '.join(note.split())}"
    return "\n".join(filter(None, [request.note, line]))


def _take(request: CallbackRequest, staff: Staff, now: datetime) -> None:
    request.state = CallbackState.TAKEN
    if request.owner_id != staff.user.pk:
        request.owner, request.taken_at = staff.user, now


def _of_clinic(staff: Staff) -> QuerySet[CallbackRequest]:
    related = ("patient", "procedure", "owner", "caregiver")
    return access.of_clinic(staff, CallbackRequest.objects.select_related(*related))


def _locked(staff: Staff, request_id: UUID) -> CallbackRequest:
    """Lock an open request of this clinic; `CallbackRequest.DoesNotExist` for any other."""
    # No owner is joined: who waited for the lock would get the request of now, the owner of before.
    rows = access.of_clinic(staff, CallbackRequest.objects.select_for_update())
    request = rows.get(pk=request_id)
    _refuse_over(request)
    return request


def _refuse_over(request: CallbackRequest) -> None:
    if request.state not in OPEN:
        raise CallbackOver(f"This request is over: {request.get_state_display().lower()}.")


def _waiting(request: CallbackRequest, now: datetime) -> WaitingCallback:
    return WaitingCallback(request, now - request.requested_at, overdue=now > request.target_at)


def _audit(actor: str, request: CallbackRequest, action: str, now: datetime) -> None:
    audit.record(
        clinic_id=request.clinic_id,
        actor=actor,
        action=action,
        subject=f"callback_request:{request.pk}",
        patient_id=request.patient_id,
        now=now,
    )
