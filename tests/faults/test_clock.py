"""Row 16: the clock of the machine is set, far or a little, in either direction."""

from __future__ import annotations

import time

import pytest

from tests.factories import a_staff
from tests.faults.crew import LEASE
from tests.journeys.product import until
from tracker.models import Alert, Delivery, SweeperBeat
from tracker.models.delivery import DeliveryState

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("faults-2"),
]
HOUR = 3600


@pytest.mark.parametrize("step", [-HOUR, -10, HOUR])
def test_the_clock_is_set(step, crew, a_feverish):
    clock = crew.folder / "step"
    worker = crew.worker(CLOCK_STEP_FILE=str(clock))
    until(worker.is_ready, seconds=60)
    before = a_feverish()
    before.logs()
    until(before.messages, seconds=20)
    # Only a worker that has looked at the clock once can see that it jumped.
    until(SweeperBeat.objects.exists, seconds=20)

    clock.write_text(str(step))
    owed_before_it_was_noticed = a_feverish()
    owed_before_it_was_noticed.logs()

    # An alert that was due a moment ago is due, whatever hour the clock tells now.
    until(owed_before_it_was_noticed.messages, seconds=max(10, 12 if step == -10 else 0) + 5)
    time.sleep(LEASE)
    for patient in (before, owed_before_it_was_noticed):
        # An hour ahead, nobody has looked yet and a check-in is due: other messages, once each.
        assert len(patient.messages()) == len(set(patient.messages()))
        assert step > 0 or len(patient.messages()) == 1
    assert not Delivery.objects.filter(state=DeliveryState.PENDING, attempts__gt=1).exists()
    if abs(step) == HOUR:
        until(lambda: f"the clock jumped by {step:+.1f}"[:20] in crew.log(), seconds=20)


def test_an_emergency_asks_further_when_the_clock_was_put_back(crew, a_feverish):
    """Its next step was planned by the old clock; nobody waits until that hour comes again."""
    patient = a_feverish()
    for order in (1, 2):
        a_staff(patient.patient.clinic, on_call_order=order)
    patient.logs(symptoms={"chest_pain": True})
    clock = crew.folder / "step"
    clock.write_text(str(-HOUR))

    crew.worker(CLOCK_STEP_FILE=str(clock))

    until(lambda: Alert.objects.get(sign="chest").level == 1, seconds=60)
    told = Delivery.objects.filter(kind="STAFF_ALERT").values("user").distinct()
    assert told.count() == 2
