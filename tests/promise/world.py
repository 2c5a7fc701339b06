"""What the product does not decide: clocks, dice, and whoever takes its messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from tests.conftest import NOW
from tracker.delivery.failures import AddressGone, PermanentFailure, TemporaryFailure
from tracker.models import Delivery
from tracker.models.delivery import Channel


class Answer(StrEnum):
    """What comes of a message that is handed over."""

    TAKEN = "taken"
    LATER = "not now"
    NEVER = "never this message"
    GONE = "never this address"
    ODD = "something that nobody foresaw"
    DIES = "taken, and the sender dies before it can say so"


class SenderDied(BaseException):
    """Nothing after this runs: a process that was killed cleans up nothing."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that somebody's phone or mailbox has got."""

    key: str
    address: tuple[object, ...]
    kind: str
    alert_id: UUID | None
    reminder_id: int | None
    receipt_id: UUID
    at: float


@dataclass
class World:
    """`hours` is time as it passes; the clock on the wall may be set to anything."""

    clock: datetime = NOW
    passed: float = 1000.0
    latest: datetime = NOW
    """The latest hour that the clock has told."""
    was_set_back: bool = False  # by more than a moment
    taken: list[Taken] = field(default_factory=list)
    excused: Counter[str] = field(default_factory=Counter)
    """Keys that may be on the wire once more: nobody could know that they were there."""
    answer: Answer = Answer.TAKEN
    in_flight: Sequence[Callable[[], object]] = ()

    def start_again(self) -> None:
        self.__dict__.update(World().__dict__)

    # --- clocks and dice ----------------------------------------------------------------------

    def tell_time(self) -> datetime:
        return self.clock

    def monotonic(self) -> float:
        return self.passed

    def uniform(self, _low: float, high: float) -> float:
        return high

    def sleep(self, seconds: float) -> None:
        self.passed += seconds
        self.set_clock(timedelta(seconds=seconds))

    def set_clock(self, step: timedelta) -> None:
        self.clock += step
        self.was_set_back |= step < timedelta(minutes=-1)
        self.latest = max(self.latest, self.clock)

    # --- receivers ----------------------------------------------------------------------------

    def receive(self, delivery: Delivery) -> None:
        """Stands where a channel would reach for the network."""
        for event in self.in_flight:
            event()
        self._refuse(delivery)
        self.taken.append(_taken(delivery, self.passed))
        if self.answer == Answer.DIES:
            self.excused[delivery.key] += 1
            raise SenderDied

    def _refuse(self, delivery: Delivery) -> None:
        if self.answer == Answer.LATER:
            raise TemporaryFailure("503")
        if self.answer == Answer.ODD:
            raise ZeroDivisionError
        if self.answer == Answer.GONE and delivery.channel != Channel.EMAIL:
            raise AddressGone("410")
        if self.answer in (Answer.NEVER, Answer.GONE):
            raise PermanentFailure("550")


def _taken(delivery: Delivery, at: float) -> Taken:
    return Taken(
        key=delivery.key,
        address=(
            delivery.channel, delivery.subscription_id, delivery.user_id, delivery.patient_id
        ),
        kind=delivery.kind,
        alert_id=delivery.alert_id,
        reminder_id=delivery.reminder_id,
        receipt_id=delivery.receipt_id,
        at=at,
    )  # fmt: skip
