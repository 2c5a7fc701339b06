"""Every kind of loss: how its rows are found, and which service makes good for it.

Each question looks at rows that are still open, or at the newest by number: an index leads to
them, and a clock that jumped hides none. Mending twice owes nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, QuerySet

from tracker import across, clock, queue
from tracker.clinical import followup
from tracker.clinical.bounds import SINGLE
from tracker.clinical.protocol import Protocol
from tracker.models import (
    Alert,
    CheckIn,
    Delivery,
    Procedure,
    ProtocolOverride,
    Reminder,
    ReminderMoment,
)
from tracker.models.alert import AlertState
from tracker.models.delivery import DeliveryState, MessageKind
from tracker.models.procedure import ProcedureState
from tracker.models.reminder import ReminderState
from tracker.services import assessments, courses, deliveries, reminder_plans, untold
from tracker.services.untold import MOST

LOOK_BACK = 10_000  # rows; more than an installation writes in a day
MOST_FOLLOWED = 2000
STUCK_AFTER = 3  # leases
LONGEST_FOLLOW_UP = timedelta(hours=int(SINGLE["active_h"].high))


@dataclass(frozen=True, slots=True)
class Loss:
    kind: str
    find: Callable[[datetime], list[Any]]
    mend: Callable[[Any, datetime], object]


# --- check-ins that nobody judged -------------------------------------------------------------


def unassessed_check_ins(now: datetime) -> list[Any]:
    rows = _newest(CheckIn.objects.filter(assessments__isnull=True), across.newest_check_in())
    return list(rows.order_by("pk").values_list("pk", flat=True)[:MOST])


def judge(check_in_id: int, now: datetime) -> None:
    procedure_id = CheckIn.objects.values_list("procedure_id", flat=True).get(pk=check_in_id)
    procedure = assessments.locked(procedure_id)
    check_in = CheckIn.objects.get(pk=check_in_id)
    if not check_in.assessments.exists():
        assessments.judge_check_in(check_in=check_in, procedure=procedure, now=now)


# --- messages that nobody sends ---------------------------------------------------------------


def stuck_deliveries(now: datetime) -> list[Any]:
    long_ago = now - clock.real(STUCK_AFTER * settings.LEASE)
    rows = Delivery.objects.filter(
        state=DeliveryState.PENDING, due_at__lte=long_ago, kind__in=MessageKind.values
    )
    return list(rows.order_by("priority", "due_at").values_list("pk", flat=True)[:MOST])


def wake_a_worker(delivery_id: Any, now: datetime) -> None:
    # The senders did not take it: perhaps another thread of a worker does.
    queue.after_commit("tracker.deliver", delivery_id=delivery_id)


def reminders_without_a_message(now: datetime) -> list[Any]:
    sent = Reminder.objects.filter(state=ReminderState.SENT, expires_at__gt=now)
    newest = ReminderMoment.objects.aggregate(newest=Max("pk"))["newest"] or 0
    unsent = _newest(sent.filter(deliveries__isnull=True), newest)
    lost = unsent.filter(untold.reachable_at("due_at"))
    return list(lost.values_list("pk", flat=True)[:MOST])


def owe_its_message(reminder_id: Any, now: datetime) -> None:
    reminder = Reminder.objects.select_for_update().get(pk=reminder_id)
    deliveries.owe_reminder(reminder=reminder, now=now)


# --- procedures that time has forgotten -------------------------------------------------------


def forgotten_by_time(now: datetime) -> list[Any]:
    """Nothing is planned, though time will show something. The youngest come first: near the end
    of follow-up nothing may be left to come.

    No index leads to them. A clinic's procedures are few beside what else it stores (100,000 of
    them are read in 20 ms), and once a minute by one worker is seldom.
    """
    silent = Alert.objects.exclude(state=AlertState.RESOLVED).filter(
        procedure=OuterRef("pk"), sign="silence"
    )
    lost = Procedure.objects.filter(next_assessment_at__isnull=True).exclude(Exists(silent))
    followed = _followed(lost, now)
    return [row.pk for row in followed if assessments.next_assessment_at(procedure=row, now=now)]


def let_time_decide(procedure_id: Any, now: datetime) -> None:
    assessments.apply_warning_signs(procedure_id=str(procedure_id), now=now)


def without_a_plan(now: datetime) -> list[Any]:
    """Nobody will write the next stretch of reminders, though there is one."""
    lost = _followed(Procedure.objects.filter(plan_due_at__isnull=True), now)
    return [each.pk for each in lost if _has_more_to_ask(each, now)]


def plan_again(procedure_id: Any, now: datetime) -> None:
    Procedure.objects.filter(pk=procedure_id, plan_due_at__isnull=True).update(plan_due_at=now)


def _has_more_to_ask(procedure: Procedure, now: datetime) -> bool:
    dues = followup.check_ins(
        courses.procedure_facts(procedure, procedure.ended_at),
        courses.patient_facts(procedure),
        courses.hours_of(procedure.patient),
        courses.protocol_of(procedure),
    )
    return any(due.at > now + reminder_plans.AHEAD for due in dues)


def _followed(procedures: QuerySet[Procedure], now: datetime) -> Sequence[Procedure]:
    """Those in daily follow-up, by the numbers of their protocols; a patient's own may differ."""
    rows = procedures.filter(
        state=ProcedureState.DONE, ended_at__gt=now - LONGEST_FOLLOW_UP
    ).select_related("patient", "protocol_version")
    rows = rows.annotate(has_own=Exists(ProtocolOverride.objects.filter(procedure=OuterRef("pk"))))
    lasts: dict[tuple[int, str], timedelta] = {}
    followed = []
    for row in rows.order_by("-ended_at")[:MOST_FOLLOWED]:
        key = row.protocol_version_id, row.kind
        if key not in lasts:
            protocol = Protocol.from_numbers(row.protocol_version.numbers).for_kind(row.kind)
            lasts[key] = timedelta(hours=protocol.active_h)
        if row.has_own or (row.ended_at and row.ended_at > now - lasts[key]):
            followed.append(row)
    return followed[:MOST]


# --- shared -----------------------------------------------------------------------------------


def _newest(rows: QuerySet[Any], newest: int) -> QuerySet[Any]:
    """Look back from the newest row of any clinic: to find one clinic's may take long."""
    return rows.filter(pk__gt=newest - LOOK_BACK)


LOSSES = (
    Loss("unassessed_check_in", unassessed_check_ins, judge),
    Loss("staff_not_told", untold.staff_not_told, untold.tell_staff),
    Loss("patient_not_told", untold.patient_not_told, untold.tell_patient),
    Loss("alert_without_a_step", untold.without_a_step, untold.plan_step),
    Loss("alert_put_off_by_a_clock", untold.put_back, untold.take_step_now),
    Loss("stuck_delivery", stuck_deliveries, wake_a_worker),
    Loss("reminder_without_a_message", reminders_without_a_message, owe_its_message),
    Loss("procedure_forgotten_by_time", forgotten_by_time, let_time_decide),
    Loss("procedure_without_a_plan", without_a_plan, plan_again),
)
