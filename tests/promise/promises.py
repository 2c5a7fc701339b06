"""What we promise, as questions to the rows and to what the world has received."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from tests.promise.world import Taken, World
from tracker.clinical.findings import Tier
from tracker.models import Alert, AlertEvent, Delivery, Reminder, Task
from tracker.models.alert import AlertState, AlertStep
from tracker.models.delivery import DeliveryState, MessageKind
from tracker.models.reminder import ReminderState
from tracker.services.claims import Claimed

RAISING = [AlertStep.OPEN, AlertStep.ESCALATE, AlertStep.RERAISE]
STARTING = [*RAISING, AlertStep.RETURN]
"""Its escalation begins anew."""
TELLING = [*STARTING, AlertStep.LEVEL, AlertStep.EXHAUSTED]
ANSWERED = [ReminderState.DONE, ReminderState.CANCELLED]
READ_AGAIN_AFTER = 1.0  # seconds that a sender trusts what it read when it claimed
Row = dict[str, Any]


# --- never too early, never when it is not wanted any more ---------------------------------------


def is_early(delivery: Delivery, world: World) -> bool:
    """A clock that was set forth and back has told that hour, too."""
    return delivery.reminder is not None and delivery.reminder.due_at > world.latest


def was_due(moment: datetime, now: datetime) -> bool:
    """No lease or back-off lasts so long: a clock was put back, and its hours are worth nothing."""
    return moment <= now or moment > now + timedelta(seconds=75)


def is_wanted(claimed: Claimed, world: World) -> bool:
    """Asked when a sender begins: what happens from then on meets a message in flight."""
    delivery = claimed.delivery
    if delivery.expires_at is not None and delivery.expires_at <= world.clock:
        return False
    if delivery.kind == MessageKind.STAFF_ALERT:
        return _alerts_beside(delivery).filter(state=AlertState.OPEN).exists()
    if delivery.kind == MessageKind.PATIENT_ALERT:
        return _alerts_beside(delivery).exclude(state=AlertState.RESOLVED).exists()
    if world.passed - claimed.at < READ_AGAIN_AFTER:
        return delivery.reminder is None or delivery.reminder.state not in ANSWERED
    return not Reminder.objects.filter(pk=delivery.reminder_id, state__in=ANSWERED).exists()


def _alerts_beside(delivery: Delivery) -> Any:
    """One message speaks for all that was raised at one moment, so for any of its patient's."""
    assert delivery.alert
    return Alert.objects.filter(procedure_id=delivery.alert.procedure_id)


# --- escalation only rises, ends once, and rests while somebody has the alert ---------------------


_STANDING = """
    SELECT alert.id AS pk, state, alert.tier, level, due_at, raised_at, exhausted_at,
        count(*) FILTER (WHERE step = ANY(%(raising)s)) AS raised,
        count(*) FILTER (WHERE step = ANY(%(starting)s)) AS started,
        count(*) FILTER (WHERE step = 'exhausted') AS exhausted
    FROM tracker_alert alert JOIN tracker_alertevent event ON event.alert_id = alert.id
    GROUP BY alert.id ORDER BY opened_at, sign
"""


def alerts_as_they_stand() -> dict[Any, Row]:
    # Asked after each step, so in one plain statement.
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"raising": RAISING, "starting": STARTING})
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    return {row["pk"]: row for row in rows}


def check_step(before: Row | None, row: Row, now: datetime) -> None:
    assert row["exhausted"] <= row["started"], "exhausted twice"
    if row["state"] == AlertState.RESOLVED:
        assert row["due_at"] is None, "a step is owed to what is closed"
    if before is None or row["started"] > before["started"]:
        return
    assert row["level"] >= before["level"], "the level fell"
    if (row["level"], row["exhausted"]) != (before["level"], before["exhausted"]):
        assert before["state"] == AlertState.OPEN, "asked further though somebody had it"
        assert is_over(before, now), "asked further before the first person's time was over"


def is_over(row: Row, now: datetime) -> bool:
    """Nothing plans an emergency's step so far ahead: a clock was put back."""
    return row["due_at"] <= now or was_put_back(row, now)


def was_put_back(row: Row, now: datetime) -> bool:
    is_emergency = row["tier"] >= Tier.EMERGENCY
    return is_emergency and row["due_at"] > now + timedelta(minutes=61)


# --- whose turn it is ---------------------------------------------------------------------------


def is_untouched(held: Claimed) -> bool:
    """Whether a row is as its holder took it."""
    fields = ["state", "attempts", "due_at"]
    row = Delivery.objects.values(*fields).get(pk=held.delivery.pk)
    return row == {name: getattr(held.delivery, name) for name in fields}


# --- one visible ----------------------------------------------------------------------------------


def repeated(world: World) -> list[str]:
    """Keys that were on the wire more often than a crash or a freeze explains."""
    times: dict[str, int] = defaultdict(int)
    for each in world.taken:
        times[each.key] += 1
    return [key for key, count in times.items() if count > 1 + world.excused[key]]


def shown_twice(world: World) -> Iterator[tuple[object, int]]:
    """Addresses that have more messages than there were causes: a key is one message."""
    keys: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for each in world.taken:
        keys[*each.address, each.kind, _cause(each)].add(each.key)
    for (*_, kind, cause), found in keys.items():
        if len(found) > _causes(kind, cause):
            yield cause, len(found)


def _cause(taken: Taken) -> object:
    if taken.kind == MessageKind.PATIENT_ALERT:
        return "the patient's alerts"
    return taken.alert_id or taken.reminder_id


def _causes(kind: str, cause: object) -> int:
    if kind == MessageKind.PATIENT_ALERT:
        moments = AlertEvent.objects.filter(step__in=RAISING).values("check_in", "at")
        return moments.distinct().count()
    if kind == MessageKind.STAFF_ALERT:
        return AlertEvent.objects.filter(alert=cause, step__in=TELLING).count()
    return 1


# --- nothing is lost ------------------------------------------------------------------------------


def untold(alerts: dict[Any, Row], since: dict[Any, dict[str, float]], world: World) -> list[str]:
    """Alerts of which the patient, or staff who must call, have not heard since it was raised."""
    staff_know = Task.objects.filter(kind="UNREACHABLE").exists()
    waiting = {pk: row for pk, row in alerts.items() if row["state"] != AlertState.RESOLVED}
    found = []
    for pk, row in waiting.items():
        together = {pk, *(key for key, each in alerts.items() if _at_once(each, row))}
        if not (staff_know or _told("PATIENT_ALERT", together, since[pk]["raised"], world)):
            found.append(f"the patient: {row}")
        is_call = row["state"] == AlertState.OPEN and row["tier"] >= Tier.CALL_TODAY
        if is_call and not _told("STAFF_ALERT", together, since[pk]["started"], world):
            found.append(f"staff: {row}")
    return found


def _at_once(one: Row, other: Row) -> bool:
    return bool(one["raised_at"] == other["raised_at"])


def _told(kind: str, alerts: set[Any], since: float, world: World) -> bool:
    return any(
        each.kind == kind and each.alert_id in alerts and each.at >= since for each in world.taken
    )


def left_over(world: World) -> list[Any]:
    """What is due and nobody does, and what says "sent" and is owed to no address or never left."""
    now = world.clock
    waiting = Reminder.objects.filter(state=ReminderState.SCHEDULED, due_at__lte=now)
    owed = Delivery.objects.filter(state=DeliveryState.PENDING, due_at__lte=now)
    silent = Reminder.objects.filter(state=ReminderState.SENT, deliveries__isnull=True)
    if Task.objects.filter(kind="UNREACHABLE").exists():
        silent = silent.none()
    sent = Delivery.objects.filter(state__in=[DeliveryState.SENT, DeliveryState.SEEN])
    never_left = sent.exclude(key__in={each.key for each in world.taken})
    ended = Delivery.objects.filter(state=DeliveryState.EXPIRED, expires_at__gt=now)
    asleep = Alert.objects.filter(tier__gte=Tier.EMERGENCY, due_at__gt=now + timedelta(minutes=61))
    return [*waiting, *owed, *silent, *never_left, *ended, *asleep]


def seconds_until_due(world: World, until: datetime) -> float:
    """How long nothing happens by itself."""
    moments = [
        *Delivery.objects.filter(state=DeliveryState.PENDING).values_list("due_at", flat=True),
        *Delivery.objects.filter(confirm_by__isnull=False).values_list("confirm_by", flat=True),
        *Alert.objects.filter(due_at__isnull=False).values_list("due_at", flat=True),
        until,
    ]
    waits = [(moment - world.clock).total_seconds() for moment in moments]
    return min(wait for wait in waits if wait > 0)
