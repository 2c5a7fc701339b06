"""What a patient told us since the procedure, as the rules see it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from operator import attrgetter
from typing import Literal

from .quantities import Glucose
from .reading import Other, Pain, Reading, Site, Symptom

__all__ = [
    "Course",
    "Moment",
    "Other",
    "Pain",
    "PatientFacts",
    "ProcedureFacts",
    "Reading",
    "Site",
    "Symptom",
    "elapsed",
    "is_past_entry",
]

Kind = Literal["therapeutic", "diagnostic", "rfa"]
LATE = timedelta(hours=24)
OBSERVED_AT = attrgetter("observed_at")

GRID = 2**20
"""Steps of an hour (3 ms each) on which differences of whole hours are exact."""


@dataclass(slots=True)
class PatientFacts:
    """What the clinic knew about the patient before the procedure."""

    diabetes: bool = False
    insulin: bool = False
    anticoagulant: bool = False
    immunosuppressed: bool = False
    ice_contraindicated: bool = False
    baseline_pain: int | None = None
    baseline_glucose: Glucose | None = None
    zone: tzinfo | None = None

    @property
    def high_risk(self) -> bool:
        return self.insulin or self.immunosuppressed or self.anticoagulant


@dataclass(slots=True)
class ProcedureFacts:
    """Which procedure it was and when it ended; until it has ended there is only a baseline."""

    kind: Kind = "therapeutic"
    ended_at: datetime | None = None
    steroid: bool | None = None


@dataclass(slots=True)
class Course:
    """Every reading of one procedure in the order of observation, with hours since its end."""

    patient: PatientFacts
    procedure: ProcedureFacts
    readings: list[Reading]
    hours: list[float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.readings = sorted(self.readings, key=attrgetter("observed_at", "recorded_at"))
        self.hours = [self.hours_at(reading.observed_at) for reading in self.readings]

    def hours_at(self, moment: datetime) -> float:
        """Elapsed hours from the end of the procedure; negative before it."""
        if self.procedure.ended_at is None:
            return -1.0
        hours = elapsed(self.procedure.ended_at, moment).total_seconds() / 3600
        # On a grid, because entries exactly 12 hours apart would now and then be a trifle more.
        return round(hours * GRID) / GRID

    def submission(self, observed_at: datetime) -> list[Moment]:
        """The readings of one observed time, each as a moment of this course."""
        first = bisect_left(self.readings, observed_at, key=OBSERVED_AT)
        end = bisect_right(self.readings, observed_at, lo=first, key=OBSERVED_AT)
        yes = _said_yes(self.readings[first:end])
        return [
            Moment(self, self.readings[n], self.hours[n], first, end, yes)
            for n in range(first, end)
        ]

    def without(self, ids: Collection[str]) -> Course:
        """The same course as if these readings had not arrived."""
        kept = [reading for reading in self.readings if reading.id not in ids]
        return Course(self.patient, self.procedure, kept)

    def observed_times(self) -> list[datetime]:
        """Each submission's observed time, oldest first."""
        return list(dict.fromkeys(reading.observed_at for reading in self.readings))

    @property
    def baseline_pain(self) -> int | None:
        """Usual pain before the procedure: as enrolled, else the last score from before it."""
        if self.patient.baseline_pain is not None:
            return self.patient.baseline_pain
        pains = (reading.pain for reading in self._before_the_procedure())
        return next((pain.usual for pain in pains if pain and pain.usual is not None), None)

    @property
    def baseline_glucose(self) -> Glucose | None:
        """Usual sugar before the procedure: as enrolled, else the last figure from before it."""
        if self.patient.baseline_glucose is not None:
            return self.patient.baseline_glucose
        sugars = (reading.glucose for reading in self._before_the_procedure())
        return next((sugar for sugar in sugars if sugar and sugar.value is not None), None)

    def _before_the_procedure(self) -> Iterator[Reading]:
        """Readings from before the procedure ended, newest first."""
        return reversed(self.readings[: bisect_left(self.hours, 0)])


@dataclass(slots=True)
class Moment:
    """One reading in its course: what it says, what came with it, and what came before it.

    Readings with the same observed time are one submission: they stand from `first` to `end`.
    """

    course: Course
    reading: Reading
    hours: float
    first: int
    end: int
    yes: Set[str]
    """The symptoms to which the submission says yes, in whichever of its readings."""

    @property
    def together(self) -> list[Reading]:
        """The readings of this submission."""
        return self.course.readings[self.first : self.end]

    def says(self, symptom: str) -> Symptom | None:
        """The answer to a symptom question: this reading's own, else another of the submission."""
        own = self.reading.symptoms.get(symptom)
        if own is not None or self.end - self.first == 1:
            return own
        answers = (reading.symptoms.get(symptom) for reading in self.together)
        return next((answer for answer in answers if answer is not None), None)

    def reported(self, symptoms: Collection[str]) -> list[str]:
        """Those of the symptoms that this submission says yes to, in the order asked."""
        if self.yes.isdisjoint(symptoms):
            return []
        return [symptom for symptom in symptoms if symptom in self.yes]

    def earlier(self, since_h: float = 0) -> Iterator[tuple[float, Reading]]:
        """Readings observed before this one, newest first, back to that hour of the course."""
        for index in range(self.first - 1, -1, -1):
            hours = self.course.hours[index]
            if hours < since_h or hours < 0:
                return
            yield hours, self.course.readings[index]

    def lookback(self, within_h: float) -> Iterator[Reading]:
        """This reading first, then what came with it and before it within that many hours."""
        yield self.reading
        yield from (reading for reading in self.together if reading is not self.reading)
        yield from (reading for _, reading in self.earlier(self.hours - within_h))


def _said_yes(readings: Collection[Reading]) -> Set[str]:
    return {
        symptom
        for reading in readings
        for symptom, answer in reading.symptoms.items()
        if answer is True
    }


def elapsed(start: datetime, end: datetime) -> timedelta:
    """Real time between two moments, right across a change of the clocks."""
    if type(start.tzinfo) is timezone and type(end.tzinfo) is timezone:
        return end - start
    # Python subtracts wall-clock times when both sides share one named zone.
    return end.astimezone(UTC) - start.astimezone(UTC)


def is_past_entry(reading: Reading) -> bool:
    """Whether a reading reached us more than 24 hours after it was observed."""
    return elapsed(reading.observed_at, reading.recorded_at) > LATE
