"""A made-up cohort: enrolled, followed and answered by the product's own services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F

from tracker.access import Staff
from tracker.fiction import courses, people
from tracker.fiction.clinic_days import ClinicDays
from tracker.models import Alert, CheckIn, Clinic, Delivery, Patient, Reminder
from tracker.models.alert import AlertState
from tracker.models.delivery import DeliveryState
from tracker.models.reminder import ReminderState
from tracker.services import business_hours, procedures

KINDS, KINDS_OF_A_HUNDRED = ["therapeutic", "diagnostic", "rfa"], [80, 14, 6]
NERVES = [["superior_cluneal"], ["middle_cluneal"], ["superior_cluneal", "middle_cluneal"]]
GUIDANCE = ["ultrasound", "ultrasound", "fluoroscopy"]
FIRST_HALF_DAY = timedelta(hours=12)


def _in_silence(done: int, of: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Counts:
    """What a clinic has."""

    patients: int
    check_ins: int
    alerts: int
    still_open: int


@dataclass
class Cohort:
    """Patients of one clinic, whose procedures ended in the `days` days before `now`.

    The same seed at the same `now` tells the same story.
    """

    staff: list[Staff]
    days: int
    seed: int
    now: datetime
    _random: Random = field(init=False)
    _happens: ClinicDays = field(init=False)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)  # noqa: S311  # a story, not a secret
        self._happens = ClinicDays(self.staff, self.now, self._random)

    def live(self, patients: int, tell: Callable[[int, int], None] = _in_silence) -> Counts:
        """Live through all of it; `tell(done, of)` hears of each step."""
        names = people.names(self._random)
        for number in range(patients):
            self._enrol(next(names), number)
        self._happens.pass_by(tell)
        self._send_nothing_late()
        return counts(self._clinic)

    @property
    def _clinic(self) -> Clinic:
        return self.staff[0].clinic

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._clinic.timezone)

    def _enrol(self, name: str, number: int) -> None:
        ended_at = self._some_clinic_hour()
        person = self._person(ended_at)
        story = self._random.choices(*zip(*courses.STORIES, strict=True))[0]
        enrolled = procedures.enrol(
            staff=self.staff[0],
            patient=self._patient(name, number, person),
            procedure=self._procedure(person, ended_at),
            now=ended_at,
        )
        for hours, answers in courses.check_ins(person, story, self.days, self._random):
            self._happens.plan_check_in(
                enrolled.patient, ended_at + timedelta(hours=hours), answers
            )
        self._happens.plan_what_time_decides(enrolled.procedure.pk)

    def _some_clinic_hour(self) -> datetime:
        """A full quarter of an hour while the clinic is open, at least half a day ago."""
        while True:
            day = (self.now - timedelta(days=self._random.uniform(0.5, self.days + 1))).date()
            at = time(self._random.randint(8, 15), self._random.choice([0, 15, 30, 45]))
            ended_at = datetime.combine(day, at, self._zone)
            if ended_at < self.now - FIRST_HALF_DAY and business_hours.is_open(
                ended_at, self._clinic.opening_hours, (), self._zone
            ):
                return ended_at

    def _person(self, ended_at: datetime) -> courses.Person:
        evening = datetime.combine(ended_at.date(), time(18), self._zone)
        return courses.Person(
            baseline=self._random.randint(4, 9),
            diabetes=self._random.random() < 0.18,
            celsius=self._random.random() < 0.2,
            first_evening=(evening - ended_at).total_seconds() / 3600,
        )

    def _patient(self, name: str, number: int, person: courses.Person) -> dict[str, Any]:
        return {
            "name": name,
            "phone": people.phone(number),
            "email": f"patient{number + 1}@patients.example",
            "language": "es" if self._random.random() < 0.2 else "en",
            "timezone": self._clinic.timezone,
            "temperature_unit": "Cel" if person.celsius else "[degF]",
            "diabetes": person.diabetes,
            "insulin": person.diabetes and self._random.random() < 0.3,
            "anticoagulant": self._random.random() < 0.12,
        }

    def _procedure(self, person: courses.Person, ended_at: datetime) -> dict[str, Any]:
        kind = self._random.choices(KINDS, KINDS_OF_A_HUNDRED)[0]
        return {
            "nerves": self._random.choice(NERVES),
            "side": self._random.choice(["left", "right", "both"]),
            "kind": kind,
            "steroid": kind == "therapeutic",
            "guidance": self._random.choice(GUIDANCE),
            "ended_at": ended_at,
            "baseline_pain": person.baseline,
            "baseline_glucose": "140" if person.diabetes else "",
        }

    def _send_nothing_late(self) -> None:
        """Call what would long have left sent, so that no message of a story goes out now."""
        Delivery.objects.filter(
            clinic=self._clinic, state=DeliveryState.PENDING, due_at__lte=self.now
        ).update(state=DeliveryState.SENT, sent_at=F("due_at"), attempts=1)
        Reminder.objects.filter(
            clinic=self._clinic, state=ReminderState.SCHEDULED, due_at__lte=self.now
        ).update(state=ReminderState.SENT)


def counts(clinic: Clinic) -> Counts:
    """Count what a clinic has by now."""
    raised = Alert.objects.filter(clinic=clinic)
    return Counts(
        patients=Patient.objects.filter(clinic=clinic).count(),
        check_ins=CheckIn.objects.filter(clinic=clinic).count(),
        alerts=raised.count(),
        still_open=raised.exclude(state=AlertState.RESOLVED).count(),
    )
