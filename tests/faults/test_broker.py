"""Rows 7 to 11: with the broker away, hung, full, flushed or poisoned, everything is delivered."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median
from uuid import uuid4

import pytest
import redis

from tests.cluster import NOBODY_LISTENS, Broker, a_broker
from tests.faults.crew import Phone, Web, Worker
from tests.faults.holes import a_black_hole
from tests.journeys.product import until
from tracker import clock
from tracker.models import Delivery
from tracker.models.delivery import DeliveryState
from tracker.services import invitations

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("faults-3"),
]
SLACK = 0.4  # seconds that a busy machine may take
SYMPTOMS = ["chest_pain", "dyspnea", "seizure", "bladder_loss"]


@pytest.fixture
def broker() -> Iterator[Broker]:
    """One for each test: most of them break it."""
    with a_broker() as broker:
        yield broker


def a_phone_at(web: Web, patient) -> Phone:
    invited = invitations.invite(patient=patient.patient, invited_by=None, now=clock.now())
    return Phone(web.base_url, invited.code)


def report(phone: Phone, symptom: str) -> float:
    """Check in, and say how long the answer took."""
    said = {"observed_at": clock.now().isoformat(), "symptoms": {symptom: True}}
    answer = phone.check_in(uuid4(), said)
    assert answer.status_code == 201, answer.text
    return answer.elapsed.total_seconds()


def warm_up(phone: Phone) -> None:
    """A server that just started answers its first check-in late; this one owes no message."""
    quiet = {"observed_at": clock.now().isoformat(), "pain": {"usual": 0}}
    assert phone.check_in(uuid4(), quiet).status_code == 201


def test_a_broker_that_was_never_there(crew, a_feverish):
    patient = a_feverish()
    crew.worker(REDIS_URL=NOBODY_LISTENS)
    phone = a_phone_at(crew.web(REDIS_URL=NOBODY_LISTENS), patient)

    took = [report(phone, symptom) for symptom in SYMPTOMS]

    # The first also warms the server up. A machine that is busy is slow in reading as well.
    assert median(took) < 0.5 + 4 * median(phone.read() for _ in SYMPTOMS), took
    until(lambda: len(patient.messages()) == len(SYMPTOMS), seconds=60)


@pytest.mark.parametrize("how", ["hung", "black hole"])
def test_a_broker_that_says_nothing(how, crew, broker, a_feverish):
    patient = a_feverish()
    with ExitStack() as held:
        url = broker.url
        if how == "black hole":
            url = f"redis://127.0.0.1:{held.enter_context(a_black_hole())}/0"
        crew.worker(REDIS_URL=url)
        phone = a_phone_at(crew.web(REDIS_URL=url), patient)
        if how == "hung":
            broker.freeze()
            held.callback(broker.thaw)

        warm_up(phone)
        took = [report(phone, symptom) for symptom in SYMPTOMS]

        # Compared with each other: how fast a check-in is otherwise is another test's concern.
        assert max(took) < median(took) + 0.6 + SLACK, took
        assert min(took[1:]) < 0.5, "after the first, nobody waits for ten seconds"
        until(lambda: len(patient.messages()) == len(SYMPTOMS), seconds=60)
    assert len(set(patient.messages())) == len(SYMPTOMS)


def test_a_broker_that_forgets(crew, broker, a_feverish):
    """Flushed, then killed and started again without its data, four times within six seconds."""
    patient = a_feverish()
    crew.worker()
    phone = a_phone_at(crew.web(), patient)
    queue_at(broker.url).flushall()
    report(phone, SYMPTOMS[0])
    for symptom in SYMPTOMS[1:]:
        broker.kill()
        broker.forget()
        report(phone, symptom)
        broker.start()
        time.sleep(0.5)

    until(lambda: len(set(patient.messages())) == len(SYMPTOMS), seconds=60)

    assert len(patient.messages()) == len(SYMPTOMS)
    queue = queue_at(broker.url)
    until(lambda: _is_consumed(queue), seconds=20)


def _is_consumed(queue: redis.Redis) -> bool:
    """A message that anybody puts in is taken out again."""
    publish(queue, {"task": "tracker.send_due_reminders"})
    time.sleep(0.3)
    return queue.llen("afterblock:alerts") == 0


def test_a_broker_that_is_full(crew, broker, a_feverish):
    patient = a_feverish()
    crew.worker()
    phone = a_phone_at(crew.web(), patient)
    queue_at(broker.url).config_set("maxmemory", "1mb")

    report(phone, SYMPTOMS[0])

    until(patient.messages, seconds=20)
    assert len(patient.messages()) == 1


def test_a_hint_that_a_dying_worker_took_along(crew, broker, service, a_feverish):
    """The broker hands it to whoever asked, and that one never reads it: it is nowhere then."""
    patient = a_feverish()
    patient.logs()
    delivery = Delivery.objects.get(patient__isnull=False)
    worker, queue = crew.worker(), queue_at(broker.url)
    until(worker.is_ready, seconds=60)
    until(patient.messages, seconds=20)
    service.received.clear()
    until(lambda: _frozen_while_it_asks(worker, queue), seconds=20)
    # At once: the worker's question to the broker ends after a second.
    publish(queue, {"task": "tracker.deliver", "delivery_id": delivery.pk})
    assert queue.llen("afterblock:alerts") == 0, "the frozen worker has it"
    owed = {"state": DeliveryState.PENDING, "due_at": clock.now()}
    Delivery.objects.filter(pk=delivery.pk).update(**owed)
    worker.kill()
    assert queue.llen("afterblock:alerts") == queue.hlen("afterblock:unacked") == 0

    crew.worker()

    until(patient.messages, seconds=60)
    assert len(patient.messages()) == 1


def _frozen_while_it_asks(worker: Worker, queue: redis.Redis) -> bool:
    worker.freeze()
    until(worker.is_frozen, seconds=5)
    if queue.info("clients")["blocked_clients"]:
        return True
    worker.thaw()
    return False


POISON = {
    "not json": b"\x00\xff not json at all",
    "not a message": b'{"body": 5}',
    "an unknown task": {"task": "tracker.grow_wings"},
    "an unknown argument": {"task": "tracker.deliver", "delivery_id": 0, "colour": "red"},
    "a wrong argument": {"task": "tracker.deliver", "delivery_id": {"no": "number"}},
    "no argument": {"task": "tracker.deliver"},
}


def test_messages_that_are_poison(crew, broker, a_feverish):
    patient = a_feverish()
    worker = crew.worker()
    until(worker.is_ready, seconds=60)
    queue = queue_at(broker.url)
    for what in POISON.values():
        publish(queue, what)
    time.sleep(1)

    patient.logs()

    until(patient.messages, seconds=10)
    assert not worker.has_died() and worker.process.poll() is None
    assert len(patient.messages()) == 1


def queue_at(url: str) -> redis.Redis:
    return redis.Redis(unix_socket_path=url.removeprefix("redis+socket://"))


def publish(queue: redis.Redis, what: bytes | dict[str, object]) -> None:
    """Put a message into the queue of alerts, as any process that reaches the broker could."""
    if isinstance(what, dict):
        arguments = {name: value for name, value in what.items() if name != "task"}
        body = json.dumps([[], arguments, {}]).encode()
        message_id = str(uuid4())
        what = json.dumps(
            {
                "body": base64.b64encode(body).decode(),
                "content-encoding": "utf-8",
                "content-type": "application/json",
                "headers": {"lang": "py", "task": what["task"], "id": message_id},
                "properties": {
                    "correlation_id": message_id,
                    "delivery_mode": 2,
                    "delivery_info": {"exchange": "", "routing_key": "alerts"},
                    "priority": 0,
                    "body_encoding": "base64",
                    "delivery_tag": str(uuid4()),
                },
            }
        ).encode()
    queue.lpush("afterblock:alerts", what)
