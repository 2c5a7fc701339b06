"""Each deed for a patient leaves its event, whoever does it and by whichever way they come."""

from __future__ import annotations

import pytest
import time_machine

from tests.conftest import NOW
from tests.security.deeds import TO_ONE_PATIENT
from tests.security.test_matrix import taken_back
from tests.security.world import a_world
from tracker.models import AuditEvent
from tracker.models.consent import ConsentKind
from tracker.services import consents

LEAVES = {
    "take an alert": "alert.acknowledge",
    "note a call": "alert.attempt",
    "resolve": "alert.resolve",
    "note on an alert": "alert.note",
    "read an alert": "alert.view",
    "open a patient": "patient.view",
    "write a note": "note.create",
    "change a patient": "patient.change",
    "change a procedure": "procedure.change",
    "add a procedure": "procedure.add",
    "stop": "procedure.stop.withdrew",
    "enter a call": "check_in.create",
    "let somebody in": "caregiver.add invitation.create",
    "put somebody out": "caregiver.revoke",
    "end a phone": "session.end",
    "invite again": "invitation.create",
    "write to a patient": "message.send",
    "take a request": "callback.take",
    "finish a task": "task.done",
    "export": "patient.export",
    "stop: DIED": "procedure.stop.died",
    "stop: WRONG_PATIENT": "procedure.stop.wrong_patient",
    "no e-mail any more": "consent.withdraw",
    "no push any more": "consent.withdraw",
    "all is well": "check_in.create",
    "a fifth phone": "invitation.create session.end session.start",
    "an answer to the advice": "advice.at_emergency_room",
    "an invitation": "invitation.create",
    "on the phone: withdraw a request": "callback.withdraw",
    "on the phone: read a message": "message.read",
    "on the phone: end a phone": "session.end",
    "on the phone: put somebody out": "caregiver.revoke",
    "on the phone: invite somebody again": "invitation.create",
    "on the phone: stop the ice": "ice_session.stop",
    "on the phone: end what a browser receives": "consent.withdraw",
}
"""Planning reminders, and a message that a phone has shown, are deeds of nobody."""


@pytest.mark.django_db
def test_each_deed_leaves_its_events():
    with time_machine.travel(NOW, tick=False):
        world = a_world()
        here, manager = world.targets["here"], world.staff["MANAGER"]
        consents.give(patient=here.patient, kinds=set(ConsentKind), recorded_by=None, now=NOW)
        left = {}
        for name, deed in TO_ONE_PATIENT.items():
            with taken_back():
                last = AuditEvent.objects.latest("pk").pk
                deed(here, manager)
                events = AuditEvent.objects.filter(pk__gt=last, patient_id=here.patient.pk)
                left[name] = " ".join(sorted(set(events.values_list("action", flat=True))))
    assert {name: events for name, events in left.items() if events} == LEAVES
