"""One act on several alerts: all of them or none, and only where it can answer for all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_patient, a_procedure, a_staff, fever
from tracker.models import Alert
from tracker.services import alerts
from tracker.services.alerts import AlreadyOwned, AlreadyResolved, GotWorse, NextTryRefused
from tracker.services.several_alerts import (
    OneByOne,
    acknowledge_several,
    attempt_several,
    resolve_several,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
CHEST, RED = {"symptoms": {"chest_pain": True}}, {"site": {"redness": 3}}
WARM = fever("37.9")


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def nora(clinic):
    return a_staff(clinic, name="Nora Park")


@pytest.fixture
def ben(clinic):
    return a_staff(clinic, name="Ben Ito")


def signs_of(clinic, *reports):
    """The alerts of one new patient who told all of this at once."""
    patient = a_patient(clinic)
    a_procedure(patient)
    told = {key: value for report in reports for key, value in report.items()}
    return [event.alert for event in a_check_in(patient, **told).events]


def seen(*alerts):
    return {alert.pk: alert.raised_at for alert in alerts}


def states():
    return set(Alert.objects.values_list("state", flat=True))


def test_one_call_takes_and_closes_all_of_a_patient(clinic, nora):
    signs = signs_of(clinic, CHEST, fever(), RED)
    assert len(signs) == 3
    acknowledge_several(staff=nora, seen=seen(*signs), now=NOW)
    assert set(Alert.objects.values_list("state", "owner")) == {("ACKNOWLEDGED", nora.user.pk)}
    resolve_several(
        staff=nora, seen=seen(*signs), outcome="SENT_TO_EMERGENCY", note="by car", now=NOW
    )
    found = Alert.objects.values_list("state", "outcome", "note")
    assert set(found) == {("RESOLVED", "SENT_TO_EMERGENCY", "by car")}


def test_what_was_not_on_the_screen_stays(clinic, nora):
    first, *_, later = signs_of(clinic, fever(), RED)
    resolve_several(staff=nora, seen=seen(first), outcome="VISIT_ARRANGED", note="", now=NOW)
    later.refresh_from_db()
    assert later.state == "OPEN"


def test_one_that_got_worse_keeps_all_from_being_closed(clinic, nora):
    signs = signs_of(clinic, fever(), RED)
    known = seen(*signs)
    a_check_in(signs[0].patient, now=NOW + MINUTE, **fever("39.5"))
    with pytest.raises(GotWorse):
        resolve_several(
            staff=nora, seen=known, outcome="REACHED_ADVISED", note="", now=NOW + 2 * MINUTE
        )
    assert states() == {"OPEN"}


def test_what_a_colleague_has_stays_theirs(clinic, nora, ben):
    first, second = signs_of(clinic, fever(), RED)
    alerts.acknowledge(staff=ben, alert_id=first.pk, now=NOW)
    taken = acknowledge_several(staff=nora, seen=seen(first, second), now=NOW)
    assert taken == [second]
    first.refresh_from_db()
    assert first.owner == ben.user


def test_when_all_are_taken_the_owner_is_named(clinic, nora, ben):
    signs = signs_of(clinic, fever(), RED)
    acknowledge_several(staff=ben, seen=seen(*signs), now=NOW)
    with pytest.raises(AlreadyOwned, match="Ben Ito has already taken") as refused:
        acknowledge_several(staff=nora, seen=seen(*signs), now=NOW)
    assert refused.value.owner == ben.user


def test_what_is_closed_already_is_left_out_and_said_when_nothing_is_left(clinic, nora, ben):
    first, second = signs_of(clinic, fever(), RED)
    alerts.resolve(staff=ben, alert_id=first.pk, outcome="VISIT_ARRANGED", note="", now=NOW)
    known = {"staff": nora, "seen": seen(first, second), "note": "", "now": NOW}
    assert resolve_several(**known, outcome="REACHED_ADVISED") == [second]
    first.refresh_from_db()
    assert first.outcome == "VISIT_ARRANGED"
    with pytest.raises(AlreadyResolved):
        resolve_several(**known, outcome="REACHED_ADVISED")


def test_patients_are_taken_together_but_never_with_an_emergency(clinic, nora):
    calls = [*signs_of(clinic, fever()), *signs_of(clinic, RED), *signs_of(clinic, WARM)]
    assert len(acknowledge_several(staff=nora, seen=seen(*calls), now=NOW)) == 3
    mixed = [*signs_of(clinic, fever()), *signs_of(clinic, CHEST)]
    with pytest.raises(OneByOne, match="taken by itself"):
        acknowledge_several(staff=nora, seen=seen(*mixed), now=NOW)
    assert {Alert.objects.get(pk=each.pk).state for each in mixed} == {"OPEN"}


def test_only_watches_are_closed_together(clinic, nora):
    watches = [*signs_of(clinic, WARM), *signs_of(clinic, WARM)]
    known = {"staff": nora, "outcome": "REACHED_BY_OTHER", "note": "", "now": NOW}
    assert len(resolve_several(seen=seen(*watches), **known)) == 2
    with pytest.raises(OneByOne, match="Only watches"):
        resolve_several(seen=seen(*signs_of(clinic, WARM), *signs_of(clinic, RED)), **known)


def test_one_vain_call_is_noted_on_every_sign(clinic, nora):
    signs = signs_of(clinic, fever(), RED)
    again_at = NOW + 30 * MINUTE
    attempt_several(staff=nora, seen=seen(*signs), note="no answer", again_at=again_at, now=NOW)
    assert set(Alert.objects.values_list("state", "due_at")) == {("ACKNOWLEDGED", again_at)}


def test_a_next_try_is_as_soon_as_the_most_urgent_asks(clinic, nora):
    signs = signs_of(clinic, CHEST, fever())
    with pytest.raises(NextTryRefused, match="Too late for “emergency”"):
        attempt_several(
            staff=nora, seen=seen(*signs), note="x", again_at=NOW + 30 * MINUTE, now=NOW
        )
    assert states() == {"OPEN"}


def test_a_sign_that_was_put_off_hides_no_emergency(clinic, nora):
    (sign,) = signs_of(clinic, fever())
    attempt_several(staff=nora, seen=seen(sign), note="x", again_at=NOW + 60 * MINUTE, now=NOW)
    event = a_check_in(sign.patient, now=NOW + MINUTE, **CHEST).events[0]
    assert (event.alert.state, event.alert.tier) == ("OPEN", 3)
    worse = a_check_in(sign.patient, now=NOW + 2 * MINUTE, **fever("39.6")).events[-1].alert
    assert (worse.pk, worse.state) == (sign.pk, "OPEN")


@pytest.mark.parametrize("act", [acknowledge_several, resolve_several])
def test_another_clinic_has_no_such_alerts(clinic, nora, act):
    own = signs_of(clinic, fever())
    foreign = signs_of(a_clinic(), fever())
    more = {"outcome": "VISIT_ARRANGED", "note": ""} if act is resolve_several else {}
    for shown in (seen(*foreign), seen(*own, *foreign), {}):
        with pytest.raises(Alert.DoesNotExist):
            act(staff=nora, seen=shown, now=NOW, **more)
    assert states() == {"OPEN"}
