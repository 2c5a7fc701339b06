"""Fifty phones guess one code at the same moment: exactly five guesses are looked at."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from tests.factories import a_patient
from tracker import clock
from tracker.models import AuditEvent, DeviceSession, Invitation
from tracker.services import invitations
from tracker.services.invitations import TRIES, Invited

PHONES = 50
ROUNDS = int(os.environ.get("CODE_ROUNDS", "20"))


def post(code: str, address: str) -> int:
    said = {"data": {"code": code}, "content_type": "application/json"}
    return Client(REMOTE_ADDR=address).post("/api/v1/session/", **said).status_code


def guess(start: threading.Barrier, code: str, address: str) -> int:
    start.wait()
    return post(code, address)


def addresses(turn: int) -> list[str]:
    """Each phone has its own, each time: it is the code that runs out of tries."""
    return [f"10.{turn // 250}.{turn % 250}.{phone}" for phone in range(PHONES)]


def wrong(invited: Invited) -> str:
    return invited.code[:5] + "222222"


@pytest.mark.django_db(transaction=True)
def test_of_fifty_wrong_codes_at_once_exactly_five_are_evaluated(figures):
    patient, evaluated = a_patient(), []
    start = threading.Barrier(PHONES)
    # The same threads in every round: each keeps its own connection to the database.
    with ThreadPoolExecutor(PHONES) as phones:
        for turn in range(ROUNDS):
            invited = invitations.invite(patient=patient, invited_by=None, now=clock.now())
            seen = AuditEvent.objects.filter(action="session.wrong_code").count()
            answers = phones.map(
                guess, [start] * PHONES, [wrong(invited)] * PHONES, addresses(turn)
            )
            assert set(answers) == {400}
            looked_at = AuditEvent.objects.filter(action="session.wrong_code").count() - seen
            tries = Invitation.objects.get(pk=invited.invitation.pk).tries
            evaluated.append((looked_at, tries))
            assert post(invited.code, "192.0.2.1") == 400, "the right code comes too late"
        list(phones.map(close, [start] * PHONES))
    assert evaluated == [(TRIES, TRIES)] * ROUNDS
    assert not DeviceSession.objects.exists()
    figures(
        "wrong codes", rounds=ROUNDS, tried=ROUNDS * PHONES, evaluated=sum(map(sum, evaluated)) // 2
    )


def close(start: threading.Barrier) -> None:
    start.wait()
    connections.close_all()
