"""Whatever happens, in whatever order: nothing is lost, shown twice, early, or sent in vain.

The services and the database are real. The world is not: its clock may be set, senders die and
freeze, phones refuse. Hypothesis makes up what happens, and finds the shortest story that breaks a
promise. `STEPS=100000 SEED=2 pytest tests/promise` makes up other stories, and more of them.
"""

from __future__ import annotations

import itertools
import os
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.conftest import NOW
from tests.factories import a_check_in, fever
from tests.promise import promises
from tests.promise.world import Answer, SenderDied, World
from tracker.access import Staff
from tracker.models import Delivery, Patient
from tracker.models.alert import AlertState
from tracker.models.delivery import Channel, Priority
from tracker.services import alerts, claims, deliveries, ice_sessions, reminders, sending, sweep
from tracker.services.alerts import AlreadyOwned, AlreadyResolved
from tracker.services.health import ClockWatch
from tracker.services.ice_sessions import IceTooSoon

pytestmark = pytest.mark.django_db
STEPS = int(os.environ.get("STEPS", 10_000))
SEED = int(os.environ.get("SEED", 1))
PARTS = 4  # so that two workers of a test run share the work
STORIES, STEPS_EACH = 20, 25  # told at a time; some end early
LEASE_IS_OVER = 16.0
SOON, A_NIGHT = timedelta(minutes=5), timedelta(hours=6)
CHEST_PAIN = {"symptoms": {"chest_pain": True}}
ANSWERS = [CHEST_PAIN, fever("37.9"), fever("38.5"), fever("39.6"), {"pain": {"usual": 3}}]
TIMES = [1, 2, 5, LEASE_IS_OVER, 61, 125, 20 * 60, 60 * 60, 4 * 60 * 60]  # seconds
HOUR = timedelta(hours=1)
SETS = [-2 * HOUR, timedelta(seconds=-10), timedelta(seconds=20), HOUR]
FURTHEST = 6 * HOUR  # that the clock is ever set back
ANSWERED = [*[Answer.TAKEN] * 4, *Answer]
ANY = st.integers(0, 5)
MOVES = st.sampled_from(["acknowledge", "attempt", "resolve"])


class Ran:
    steps = 0


class Aftercare(RuleBasedStateMachine):
    """One patient, two people on call, and a world that is against them."""

    check_ins = Bundle("check_ins")
    claimed = Bundle("claimed")

    def __init__(self, world: World, patient: Patient, nora: Staff) -> None:
        super().__init__()
        self.world, self.patient, self.nora = world, patient, nora
        self.numbers = itertools.count(1)
        self.in_hand: dict[int, bool] = {}  # whether the clock was set meanwhile
        self.shown: list[UUID] = []
        self.alerts: dict[Any, promises.Row] = {}
        self.since: dict[Any, dict[str, float]] = {}
        self.watch = ClockWatch()
        self.story = transaction.atomic()
        self.story.__enter__()
        Ran.steps -= 1  # the beginning is none
        world.start_again()
        self.watch.step(now=self.now, monotonic=self.world.monotonic())

    @property
    def now(self) -> Any:
        return self.world.clock

    # --- the patient --------------------------------------------------------------------------

    @rule(target=check_ins, answers=st.sampled_from(ANSWERS))
    def the_patient_checks_in(self, answers):
        said = {"client_id": UUID(int=next(self.numbers)), "observed_at": self.now, **answers}
        a_check_in(self.patient, now=self.now, **said)
        if answers is CHEST_PAIN:
            assert self.patient.alerts.exclude(state=AlertState.RESOLVED).filter(sign="chest")
        return said

    @rule(said=consumes(check_ins))
    def the_phone_sends_a_check_in_again(self, said):
        owed = Delivery.objects.count()
        assert not a_check_in(self.patient, now=self.now, **said).created
        assert Delivery.objects.count() == owed

    @rule()
    def the_patient_puts_ice_on(self):
        said = {"client_id": UUID(int=next(self.numbers)), "started_at": self.now}
        try:
            ice_sessions.start_ice(patient=self.patient, **said, now=self.now)
        except IceTooSoon as refused:
            assert refused.next_allowed_at > self.now

    @precondition(lambda self: self.shown)
    @rule()
    def a_phone_says_that_it_showed_a_message(self):
        shown = {"receipt_id": self.shown.pop(), "patient": self.patient}
        assert deliveries.confirm_receipt(**shown, now=self.now)

    # --- staff --------------------------------------------------------------------------------

    @precondition(lambda self: self.alerts)
    @rule(number=ANY, move=MOVES)
    def staff_work_an_alert(self, number, move):
        known = {"staff": self.nora, "alert_id": list(self.alerts)[number % len(self.alerts)]}
        more: dict[str, dict[str, Any]] = {
            "acknowledge": {},
            "attempt": {"note": "no answer", "again_at": self.now + timedelta(minutes=10)},
            "resolve": {"outcome": "VISIT_ARRANGED", "note": ""},
        }
        try:
            getattr(alerts, move)(**known, **more[move], now=self.now)
        except (AlreadyOwned, AlreadyResolved):
            assert self.alerts[known["alert_id"]]["state"] != AlertState.OPEN

    # --- time ---------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from(TIMES))
    def time_passes(self, seconds):
        self.world.sleep(seconds)

    @rule(step=st.sampled_from(SETS))
    def the_clock_is_set(self, step):
        if self.now + step < NOW - FURTHEST:
            return
        self.world.set_clock(step)
        self.in_hand = dict.fromkeys(self.in_hand, True)

    # --- workers ------------------------------------------------------------------------------

    @rule()
    def a_worker_sweeps(self):
        sweep.sweep(tell_time=self.world.tell_time)
        # As the sweeper does.
        if self.watch.step(now=self.now, monotonic=self.world.monotonic()):
            reminders.restore_expired(now=self.now)

    @rule(step=st.sampled_from(sweep.STEPS))
    def a_worker_dies_after_one_step_of_a_sweep(self, step):
        step(now=self.now)

    @rule(target=claimed, limit=st.integers(1, 5))
    def a_sender_claims(self, limit):
        return multiple(*self.claim(limit))

    @rule(claimed=consumes(claimed))
    def a_sender_dies_before_it_sends(self, claimed):
        self.in_hand.pop(id(claimed))

    @rule(claimed=consumes(claimed), answer=st.sampled_from(ANSWERED))
    def a_sender_sends(self, claimed, answer):
        """At once, or when it wakes: it may have been frozen for any time since it claimed."""
        self.send(claimed, answer)

    @rule(target=claimed, claimed=consumes(claimed), answer=st.sampled_from(ANSWERED))
    def a_sender_freezes_while_it_sends(self, claimed, answer):
        """No guard helps here: the lease ends, and another sender has the row."""
        others = []

        def lease_ends():
            self.world.sleep(LEASE_IS_OVER)
            others.extend(self.claim(3))

        if self.send(claimed, answer, lease_ends):
            self.world.excused[claimed.delivery.key] += 1
        assert all(map(promises.is_untouched, others)), "written by one whose lease was over"
        return multiple(*others)

    @precondition(lambda self: self.alerts)
    @rule(claimed=consumes(claimed), answer=st.sampled_from(ANSWERED), number=ANY, move=MOVES)
    def staff_work_an_alert_while_a_message_is_in_flight(self, claimed, answer, number, move):
        work = {"number": number, "move": move}
        self.send(claimed, answer, lambda: self.staff_work_an_alert(**work), self.a_worker_sweeps)

    # --- what is promised all the time ----------------------------------------------------------

    @invariant()
    def escalation_only_rises_and_rests_while_somebody_has_the_alert(self):
        found = promises.alerts_as_they_stand()
        for pk, row in found.items():
            before = self.alerts.get(pk)
            promises.check_step(before, row, self.now)
            for what in ("raised", "started"):
                if before is None or row[what] > before[what]:
                    self.since.setdefault(pk, {})[what] = self.world.passed
        self.alerts = found

    @invariant()
    def a_step_was_tried(self):
        Ran.steps += 1

    @invariant()
    def nothing_is_on_the_wire_twice_unless_nobody_could_know(self):
        assert promises.repeated(self.world) == []

    # --- and in the end ---------------------------------------------------------------------------

    def teardown(self):
        try:
            self.everything_works_again()
            assert promises.left_over(self.world) == []
            assert self.untold() == []
            assert list(promises.shown_twice(self.world)) == []
        finally:
            transaction.set_rollback(True)
            self.story.__exit__(None, None, None)

    def everything_works_again(self):
        """All that anybody held is lost with its holder; then workers and receivers are well."""
        until = self.now + self.patience()
        self.work()
        self.world.sleep(1)  # what a set clock had ended is restored after a sweep, for the next
        self.work()
        while self.untold() and self.now < until:
            self.world.sleep(promises.seconds_until_due(self.world, until))
            self.work()

    def patience(self):
        """When all were asked in vain, they are asked again each hour, by the clock of then."""
        in_vain = any(row["exhausted_at"] for row in self.alerts.values())
        return A_NIGHT if in_vain or self.world.was_set_back else SOON

    def work(self):
        self.a_worker_sweeps()
        while found := self.claim(100):
            for each in found:
                self.send(each, Answer.TAKEN)
            self.nothing_is_on_the_wire_twice_unless_nobody_could_know()
        self.escalation_only_rises_and_rests_while_somebody_has_the_alert()

    def untold(self):
        return promises.untold(self.alerts, self.since, self.world)

    # --- how it is done ---------------------------------------------------------------------------

    def claim(self, limit):
        due = dict(Delivery.objects.values_list("pk", "due_at"))
        found = claims.claim_due(now=self.now, priorities=list(Priority), limit=limit)
        # What is due at one moment comes in any order; a story must be told again as it was.
        found.sort(key=lambda each: each.delivery.pk)
        for each in found:
            assert promises.was_due(due[each.delivery.pk], self.now), "claimed early"
            self.in_hand[id(each)] = False
        return found

    def send(self, claimed, answer, *in_flight):
        """Say whether it was taken."""
        delivery, before = claimed.delivery, len(self.world.taken)
        is_wanted = promises.is_wanted(claimed, self.world)
        clock_was_set = self.in_hand.pop(id(claimed))
        held_for = self.world.passed - claimed.at
        self.world.answer, self.world.in_flight = answer, in_flight
        with suppress(SenderDied):
            sending.send(claimed=claimed, now=self.now)
        if len(self.world.taken) == before:
            return False
        assert is_wanted, f"{delivery.key} was not needed any more"
        assert held_for < LEASE_IS_OVER, "sent by one whose lease was over"
        assert not promises.is_early(delivery, self.world), "sent early"
        # By the new hour its lease seemed to be over, and nobody could ask its holder.
        self.world.excused[delivery.key] += clock_was_set
        if delivery.channel == Channel.PUSH:
            self.shown.append(delivery.receipt_id)
        return True


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost(part, world, patient, nora, capsys):
    Ran.steps = 0
    shape = {"max_examples": STORIES, "stateful_step_count": STEPS_EACH}
    calm = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
    for number in itertools.count():
        if Ran.steps >= STEPS / PARTS:
            break
        told = seed(f"{SEED} {part} {number}")(lambda: Aftercare(world, patient, nora))
        run_state_machine_as_test(told, settings=settings(**shape, **calm))
    with capsys.disabled():
        print(f" {Ran.steps:,} steps", end="")  # noqa: T201
