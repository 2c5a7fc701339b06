"""What other numbers would have done to a course that happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tracker.clinical.course import PatientFacts, ProcedureFacts
from tracker.clinical.protocol import Protocol
from tracker.clinical.what_if import RecordedCourse, what_if

T0 = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
PRESENT = Protocol.default()


def at(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


def check_in(hours, *, recorded=None, client_id=None, corrects=None, **answers):
    return {
        "kind": "check_in",
        "client_id": client_id or f"c{hours}",
        "corrects": corrects,
        "answers": answers,
        "observed_at": at(hours),
        "recorded_at": at(recorded if recorded is not None else hours),
    }


def temperature(hours, value, **more):
    return check_in(hours, temperature={"value": value, "unit": "Cel"}, **more)


def resolved(hours, sign):
    return {
        "kind": "staff", "action": "resolve", "sign": sign,
        "observed_at": at(hours), "recorded_at": at(hours),
    }  # fmt: skip


def course(*entries, name="course", **patient):
    return RecordedCourse(name, PatientFacts(**patient), ProcedureFacts(ended_at=T0), entries)


def changed(*entries, until=30, **numbers):
    courses = [course(*entries)]
    result = what_if(courses, PRESENT, Protocol.from_numbers(numbers), until=at(until))
    return {each.rule: each for each in result.changed}


HIGHER = {"Cel": "38.3", "[degF]": "100.9"}


def test_the_same_numbers_change_nothing():
    courses = [course(temperature(20, "38.5"), resolved(22, "fever"), temperature(60, "38.6"))]
    result = what_if(courses, PRESENT, Protocol(), until=at(200))
    assert (result.changed, result.courses) == ([], 1)
    assert result.rules["FV-FEVER"].same == 2
    assert result.rules["SI-SILENT"].same >= 1


def test_a_higher_line_loses_the_call_and_gains_a_watch():
    found = changed(temperature(20, "38.1"), fever=HIGHER)
    assert set(found) == {"FV-FEVER", "FV-LOW"}
    [(name, lost)] = found["FV-FEVER"].lost
    assert (name, lost.sign, lost.at, lost.tier) == ("course", "fever", at(20), 2)
    assert [gained.at for _, gained in found["FV-LOW"].gained] == [at(20)]
    assert not found["FV-FEVER"].moved


def test_a_call_that_comes_later_has_moved_by_that_much():
    found = changed(temperature(10, "38.1"), temperature(16, "38.4"), fever=HIGHER)
    [(_, moved)] = found["FV-FEVER"].moved
    assert (moved.before.at, moved.after.at) == (at(10), at(16))
    assert moved.by == timedelta(hours=6)
    assert not (found["FV-FEVER"].lost or found["FV-FEVER"].gained)


def test_and_one_that_comes_earlier_has_moved_back():
    lower = {"Cel": "37.8", "[degF]": "100.0"}
    found = changed(temperature(10, "37.9"), temperature(16, "38.4"), fever=lower)
    [(_, moved)] = found["FV-FEVER"].moved
    assert moved.by == timedelta(hours=-6)
    assert [lost.rule for _, lost in found["FV-LOW"].lost] == ["FV-LOW"]


def test_what_stays_is_matched_before_what_moves():
    """Of two calls the first is lost; the second is no move of the first."""
    entries = [temperature(10, "38.1"), resolved(11, "fever"), temperature(25, "38.6")]
    found = changed(*entries, fever=HIGHER)
    assert found["FV-FEVER"].same == 1
    assert [lost.at for _, lost in found["FV-FEVER"].lost] == [at(10)]
    assert not found["FV-FEVER"].moved


def test_staff_resolve_only_what_stands():
    """A resolve of an alert that the other numbers never raised does nothing."""
    entries = [temperature(10, "38.1"), resolved(11, "fever"), temperature(12, "38.4")]
    found = changed(*entries, fever={"Cel": "38.4", "[degF]": "101.1"})
    [(_, moved)] = found["FV-FEVER"].moved
    assert (moved.before.at, moved.after.at) == (at(10), at(12))


def test_time_raises_its_signs_by_itself_and_only_while_it_was_time():
    shorter = changed(check_in(160, pain={"usual": 2}), until=500, active_h=168)
    assert [lost.rule for _, lost in shorter["SI-SILENT"].lost] == ["SI-SILENT"]
    assert not changed(check_in(160, pain={"usual": 2}), until=200, active_h=168)


def test_an_answer_that_came_late_counts_when_it_came():
    found = changed(temperature(10, "38.1", recorded=15), fever=HIGHER)
    assert found["FV-FEVER"].lost[0][1].at == at(15)


def test_a_corrected_answer_is_replaced():
    entries = [
        temperature(10, "37.0", client_id="a"),
        temperature(11, "38.1", client_id="b", corrects="a"),
    ]
    assert changed(*entries, fever=HIGHER)["FV-FEVER"].lost


def test_courses_are_counted_together():
    courses = [course(temperature(h, "38.1"), name=f"course {h}") for h in (10, 12, 14)]
    result = what_if(courses, PRESENT, Protocol.from_numbers({"fever": HIGHER}), until=at(20))
    assert result.courses == 3
    assert [name for name, _ in result.rules["FV-FEVER"].lost] == [
        "course 10", "course 12", "course 14",
    ]  # fmt: skip
