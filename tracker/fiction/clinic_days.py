"""What happens in a made-up clinic, in the order of time: check-ins, staff, and time itself."""

from __future__ import annotations

import heapq
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from tracker.access import Staff
from tracker.models import Alert, AlertEvent, Patient, Procedure
from tracker.models.alert import AlertState, AlertStep, AlertTier, Outcome
from tracker.services import alerts, assessments, business_hours, check_ins, escalation

LEFT_OVER = timedelta(hours=4)
"""What was raised so shortly before the end is mostly left for whoever tries the product."""
ANSWERED_ANYWAY = 0.2
NEWS = {AlertStep.OPEN, AlertStep.ESCALATE, AlertStep.RERAISE}
OUTCOMES = [
    (Outcome.REACHED_ADVISED, ""),
    (Outcome.VISIT_ARRANGED, "Comes in tomorrow morning."),
    (Outcome.REACHED_BY_OTHER, "The doctor had called already."),
    (Outcome.NO_ACTION, "As expected at this time; checked the course."),
]
OF_A_HUNDRED = [60, 18, 7, 15]
Step = Callable[[datetime], None]


@dataclass
class ClinicDays:
    """Steps to come, each at its time; nothing happens after `until`."""

    staff: list[Staff]
    until: datetime
    random: Random
    _steps: list[tuple[datetime, int, Step]] = field(default_factory=list)
    _number: Iterator[int] = field(default_factory=count)

    def pass_by(self, tell: Callable[[int, int], None]) -> None:
        """Let all of it happen; `tell(done, of)` hears of each step."""
        for done in count(1):
            if not self._steps:
                return
            at, _, step = heapq.heappop(self._steps)
            step(at)
            tell(done, done + len(self._steps))

    def plan_check_in(self, patient: Patient, at: datetime, answers: dict[str, Any]) -> None:
        def send(at: datetime) -> None:
            recorded = check_ins.record_check_in(
                patient=patient,
                client_id=uuid.UUID(int=self.random.getrandbits(128), version=4),
                answers={"observed_at": at.isoformat(), **answers},
                now=at,
            )
            self._staff_hear(recorded.events, at)
            self.plan_what_time_decides(recorded.check_in.procedure_id)

        self._at(at, send)

    def plan_what_time_decides(self, procedure_id: uuid.UUID) -> None:
        """Be there at the moment at which a sign may become true by itself."""

        def judge(at: datetime) -> None:
            due = self._next_assessment_at(procedure_id)
            if due is not None and due <= at:
                events = assessments.apply_warning_signs(procedure_id=str(procedure_id), now=at)
                self._staff_hear(events, at)
                self.plan_what_time_decides(procedure_id)

        self._at(self._next_assessment_at(procedure_id), judge)

    def _next_assessment_at(self, procedure_id: uuid.UUID) -> datetime | None:
        return Procedure.objects.values_list("next_assessment_at", flat=True).get(pk=procedure_id)

    def _at(self, at: datetime | None, step: Step) -> None:
        if at is not None and at <= self.until:
            heapq.heappush(self._steps, (at, next(self._number), step))

    def _staff_hear(self, events: list[AlertEvent], at: datetime) -> None:
        for event in events:
            if event.step not in NEWS:
                continue
            self._plan_escalation(event.alert_id)
            if at < self.until - LEFT_OVER or self.random.random() < ANSWERED_ANYWAY:
                self._at(self._answered_at(event, at), self._acknowledge(event.alert_id))

    def _plan_escalation(self, alert_id: uuid.UUID) -> None:
        def escalate(at: datetime) -> None:
            if escalation.escalate_one(alert_id=alert_id, now=at):
                self._plan_escalation(alert_id)

        due_at = Alert.objects.values_list("due_at", flat=True).get(pk=alert_id)
        self._at(due_at, escalate)

    def _answered_at(self, event: AlertEvent, at: datetime) -> datetime:
        """Minutes for an emergency, mostly within the hour for the rest, when somebody is there."""
        if event.tier == AlertTier.EMERGENCY:
            return at + timedelta(minutes=self.random.lognormvariate(1.5, 0.6))
        clinic, minutes = self.staff[0].clinic, round(self.random.lognormvariate(3.3, 0.8))
        return business_hours.add_business_minutes(
            at, max(1, minutes), clinic.opening_hours, clinic.holidays, ZoneInfo(clinic.timezone)
        )

    def _acknowledge(self, alert_id: uuid.UUID) -> Step:
        def acknowledge(at: datetime) -> None:
            alert = Alert.objects.get(pk=alert_id)
            if alert.state == AlertState.RESOLVED:
                return
            staff = self.random.choice(self.staff)
            if alert.state == AlertState.OPEN:
                alerts.acknowledge(staff=staff, alert_id=alert_id, now=at)
            if self.random.random() < 0.15:
                alerts.attempt(
                    staff=staff, alert_id=alert_id, note="No answer.", again_at=None, now=at
                )
            minutes = self.random.uniform(3, 40)
            self._at(at + timedelta(minutes=minutes), self._resolve(alert_id, staff))

        return acknowledge

    def _resolve(self, alert_id: uuid.UUID, staff: Staff) -> Step:
        def resolve(at: datetime) -> None:
            alert = Alert.objects.get(pk=alert_id)
            if alert.state == AlertState.RESOLVED:
                return
            outcome, note = self._outcome(alert)
            alerts.resolve(staff=staff, alert_id=alert_id, outcome=outcome, note=note, now=at)
            self.plan_what_time_decides(alert.procedure_id)

        return resolve

    def _outcome(self, alert: Alert) -> tuple[Outcome, str]:
        if alert.tier == AlertTier.EMERGENCY:
            return Outcome.SENT_TO_EMERGENCY, "Told to call 911; a neighbor is there."
        return self.random.choices(OUTCOMES, OF_A_HUNDRED)[0]
