"""A thousand ways to rewrite the past, all found by whoever kept the last head."""

from __future__ import annotations

import random
import uuid
from collections import Counter

import pytest

from tests.audit.chain import a_chain, chain_anew, events_of, problem, some_events, undone, write
from tests.factories import a_clinic
from tracker.models import AuditEvent, Clinic
from tracker.services import audit_chain

pytestmark = pytest.mark.django_db
COUNT = 20
TRIALS = 1000
TABLE = "tracker_auditevent"
OTHER_VALUES = {
    "at": "2026-01-01T00:00:00+00:00",
    "actor": "user:99",
    "action": "nothing.special",
    "subject": "patient:nobody",
    "patient_id": str(uuid.UUID(int=1)),
    "outcome": "denied",
    "fields": ["name"],
    "shown": [uuid.UUID(int=2)],
}


def change(dice: random.Random, events: list[AuditEvent]) -> None:
    column = dice.choice([*OTHER_VALUES])
    victim = dice.choice(events)
    write(f"UPDATE {TABLE} SET {column} = %s WHERE id = %s", OTHER_VALUES[column], victim.pk)


def delete(dice: random.Random, events: list[AuditEvent]) -> None:
    first = dice.randrange(len(events))
    gone = events[first : first + dice.randint(1, 5)]
    write(f"DELETE FROM {TABLE} WHERE id = ANY(%s)", [each.pk for each in gone])


def delete_and_close_up(dice: random.Random, events: list[AuditEvent]) -> None:
    gone = dice.choice(events)
    write(f"DELETE FROM {TABLE} WHERE id = %s", gone.pk)
    move_on(gone, -1)


def insert(dice: random.Random, events: list[AuditEvent]) -> None:
    after = dice.choice(events[:-1])  # whatever comes after the head is no past
    move_on(after, 1)
    forged = AuditEvent.objects.get(pk=after.pk)
    forged.pk, forged.position, forged.hash = None, after.position + 1, "0" * 64
    forged.save(force_insert=True)


def move_on(after: AuditEvent, by: int) -> None:
    """Move what comes later; far away first, because no two events have one place."""
    later = [after.clinic_id, after.position]
    where = f"UPDATE {TABLE} SET position = position + %s WHERE clinic_id = %s AND position > %s"
    write(where, 1000 + by, *later)
    write(where, -1000, *later)


def swap_places(dice: random.Random, events: list[AuditEvent]) -> None:
    one, two = dice.sample(events, 2)
    write(f"UPDATE {TABLE} SET position = NULL, hash = '' WHERE id = %s", two.pk)
    place = f"UPDATE {TABLE} SET position = %s, hash = %s WHERE id = %s"
    write(place, two.position, two.hash, one.pk)
    write(place, one.position, one.hash, two.pk)


def swap_contents(dice: random.Random, events: list[AuditEvent]) -> None:
    one, two = dice.sample(events, 2)
    write(f"UPDATE {TABLE} SET subject = %s WHERE id = %s", two.subject, one.pk)
    write(f"UPDATE {TABLE} SET subject = %s WHERE id = %s", one.subject, two.pk)


def unseal(dice: random.Random, events: list[AuditEvent]) -> None:
    victim = dice.choice(events[:-1])  # the last one would be sealed again where it was
    write(f"UPDATE {TABLE} SET position = NULL, hash = '' WHERE id = %s", victim.pk)


def move_to_another_clinic(dice: random.Random, events: list[AuditEvent]) -> None:
    other = Clinic.objects.exclude(pk=events[0].clinic_id).first()
    write(f"UPDATE {TABLE} SET clinic_id = %s WHERE id = %s", other.pk, dice.choice(events).pk)


TAMPERINGS = [
    change,
    delete,
    delete_and_close_up,
    insert,
    swap_places,
    swap_contents,
    unseal,
    move_to_another_clinic,
]


def test_a_thousand_random_tamperings_are_all_found(record_property):
    clinic, _other = a_clinic(), a_clinic()
    head = a_chain(clinic, COUNT)
    events = events_of(clinic)
    assert problem(head) == ""
    dice, found, missed = random.Random(7), Counter(), []
    for trial in range(TRIALS):
        tamper = dice.choice(TAMPERINGS)
        cover_up = tamper is not move_to_another_clinic and dice.random() < 0.5
        with undone():
            tamper(dice, events)
            if cover_up:
                chain_anew(clinic)
            told = problem(head)
        found[tamper.__name__] += bool(told)
        if not told:
            missed.append((trial, tamper.__name__, cover_up))
    assert missed == []
    assert set(found) == {each.__name__ for each in TAMPERINGS}
    assert problem(head) == "", "every trial was taken back"
    record_property("figures", ("audit", {"tamperings": TRIALS, "found": found.total()}))


@pytest.mark.parametrize("place", [1, 10, COUNT])
def test_it_says_where_the_first_trouble_is(place):
    clinic = a_clinic()
    head = a_chain(clinic, COUNT)
    victim = events_of(clinic)[place - 1]
    with undone():
        write(f"UPDATE {TABLE} SET actor = 'user:99' WHERE id = %s", victim.pk)
        assert f"event {victim.pk} (place {place})" in problem(head)
        assert str(clinic.pk) in problem(head)


def test_only_the_kept_head_tells_that_the_end_is_gone_or_all_was_written_anew():
    clinic = a_clinic()
    head = a_chain(clinic, COUNT)
    events = events_of(clinic)
    with undone():
        write(f"DELETE FROM {TABLE} WHERE id = %s", events[-1].pk)
        assert problem() == ""
        assert "the end is gone" in problem(head)
    with undone():
        write(f"UPDATE {TABLE} SET actor = 'user:99' WHERE id = %s", events[3].pk)
        chain_anew(clinic)
        assert problem() == ""
        assert "the past was written anew" in problem(head)
    with undone():
        write(f"DELETE FROM {TABLE} WHERE clinic_id = %s", clinic.pk)
        assert "the end is gone" in problem(head)


def test_what_came_after_the_head_is_no_trouble():
    clinic = a_clinic()
    head = a_chain(clinic, 5)
    some_events(clinic, 5)
    assert problem(head) == ""
    audit_chain.seal_all()
    assert problem(head) == ""
    assert audit_chain.verify(heads=[head]).events == 10


def test_a_head_that_was_taken_after_a_forgery_does_not_overrule_the_one_before_it():
    clinic = a_clinic()
    kept = a_chain(clinic, 5)
    with undone():
        write("UPDATE tracker_auditevent SET actor = 'user:99' WHERE position = 2")
        chain_anew(clinic)
        forged = audit_chain.head(clinic_id=clinic.pk)
        assert forged.position == kept.position and problem(forged) == ""
        for heads in ([kept, forged], [forged, kept]):
            assert "the past was written anew" in problem(*heads)
