"""Before the clinic opens: a word by e-mail that something waits. What, only the queue says."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tracker.models import Alert, CallbackRequest, Clinic, Membership, Task
from tracker.models.alert import AlertState
from tracker.models.delivery import Channel, MessageKind, Priority
from tracker.policy import ALLOWED, Action
from tracker.services import business_hours, owing
from tracker.services.callback_requests import OPEN

STALE_AFTER = timedelta(hours=4)


def owe_digest(*, clinic: Clinic, now: datetime) -> int:
    """Owe each person who takes alerts one message a business day, if anything waits."""
    moment = _moment_of(clinic, now)
    if moment is None or not moment <= now < moment + STALE_AFTER or not _waits(clinic):
        return 0
    people = Membership.objects.filter(
        clinic=clinic,
        ended_at__isnull=True,
        user__is_active=True,
        role__in=ALLOWED[Action.ALERT_WORK],
    )
    for each in people:
        owing.owe(
            clinic_id=clinic.pk,
            user_id=each.user_id,
            kind=MessageKind.STAFF_DIGEST,
            channel=Channel.EMAIL,
            key=f"digest:{clinic.pk}:{moment.date()}:user:{each.user_id}",
            priority=Priority.REMINDER,
            expires_at=moment + STALE_AFTER,
            now=now,
        )
    return len(people)


def _moment_of(clinic: Clinic, now: datetime) -> datetime | None:
    """When today's digest is due on the clinic's clock; None when it is closed all day."""
    if clinic.digest_at is None:
        return None
    zone = ZoneInfo(clinic.timezone)
    today = now.astimezone(zone).date()
    midnight = datetime.combine(today, time(0), zone)
    hours = business_hours.readable(clinic.opening_hours)
    closes = business_hours.next_day_ends(
        midnight - timedelta(hours=1), hours, clinic.holidays, zone
    )
    # Who closes at 24:00 closes today.
    if hours and (closes - timedelta(minutes=1)).astimezone(zone).date() != today:
        return None
    return datetime.combine(today, clinic.digest_at, zone)


def _waits(clinic: Clinic) -> bool:
    return (
        Alert.objects.filter(clinic=clinic).exclude(state=AlertState.RESOLVED).exists()
        or CallbackRequest.objects.filter(clinic=clinic, state__in=OPEN).exists()
        or Task.objects.filter(clinic=clinic, done_at__isnull=True).exists()
    )
