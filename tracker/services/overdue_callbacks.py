"""Tell those who are on call, once a target, that somebody still waits to be called back."""

from __future__ import annotations

from datetime import datetime

from tracker.models import CallbackRequest, Delivery, Membership
from tracker.services import deliveries, on_call
from tracker.services.callback_requests import OPEN

MOST = 100  # messages at a time, the latest to be overdue first; the next minute owes the rest


def tell_staff(*, now: datetime) -> int:
    """Owe the messages of one clinic's overdue requests; answer how many."""
    waiting = CallbackRequest.objects.filter(state__in=OPEN, target_at__lte=now)
    people: dict[object, list[Membership]] = {}
    owed = {}
    for request in waiting.order_by("-target_at", "pk"):
        if request.clinic_id not in people:
            people[request.clinic_id] = on_call.on_call_now(request.clinic_id)
        for membership in people[request.clinic_id]:
            # A new target after a try makes a new key.
            key = f"callback:{request.pk}:{request.target_at.timestamp():.0f}:user:"
            owed[f"{key}{membership.user_id}"] = membership
    known = set(Delivery.objects.filter(key__in=owed).values_list("key", flat=True))
    # Cut off only now: those who were told already must not keep the others from being told.
    missing = [key for key in owed if key not in known][:MOST]
    for key in missing:
        person = owed[key]
        deliveries.owe_look(clinic_id=person.clinic_id, user=person.user, key=key, now=now)
    return len(missing)
