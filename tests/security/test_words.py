"""Words planted wherever somebody may type, then the main way through the product: where are they?

They belong into the database and onto the pages of those whom they concern. They are nowhere else.
"""

from __future__ import annotations

import base64
import io
import json
import logging
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import redis
from celery import current_app
from django.core import mail
from django.test import Client
from kombu import pools

from tests.cluster import Broker
from tests.conftest import NOW
from tests.delivery.steps import deliver_all
from tests.factories import fever
from tests.security.addresses import every_address
from tests.security.world import Principal, World, a_world
from tracker import logs, queue
from tracker.models import Delivery, PushSubscription, SharedValue
from tracker.services import push_subscriptions, sweep

PLANTED = re.compile(r"zqherezq|zqelsewherezq|5555557\d\d\d|39\.[27]", re.IGNORECASE)
READERS = ("patient", "caregiver who logs", "nurse", "clinician", "manager")
HINT = queue.hint
"""The real one: tests put another in its place."""


@dataclass(slots=True)
class Sinks:
    """Where words may not be, by name."""

    found: dict[str, list[str]] = field(default_factory=dict)

    def take(self, name: str, *texts: object) -> None:
        self.found.setdefault(name, []).extend(str(each) for each in texts)

    def planted(self) -> dict[str, set[str]]:
        seen = {name: set(PLANTED.findall(" ".join(texts))) for name, texts in self.found.items()}
        return {name: words for name, words in seen.items() if words}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.JsonLines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def broker(valkey: Broker, monkeypatch: pytest.MonkeyPatch) -> Iterator[redis.Redis]:
    """A real one: what is hinted stays in it, because nobody works."""
    monkeypatch.setattr(queue, "hint", HINT)
    monkeypatch.setattr(queue._breaker, "_closed_from", 0.0)
    before = current_app.conf.broker_url
    current_app.conf.broker_url = valkey.url
    current_app.conf.broker_write_url = current_app.conf.broker_read_url = valkey.url
    _forget_connections()
    yield redis.Redis.from_url(valkey.url.replace("redis+socket://", "unix://"))
    current_app.conf.broker_url = before
    current_app.conf.broker_write_url = current_app.conf.broker_read_url = before
    _forget_connections()


def _forget_connections() -> None:
    """Those to the last broker: Celery keeps a pool, and kombu another below it."""
    pools.reset()
    current_app._pool = None
    current_app.amqp._producer_pool = None


@pytest.mark.django_db(transaction=True)
def test_planted_words_are_nowhere_else(at_now, log, broker, push_service, settings, figures):
    settings.ADMINS = [("Ada", "admin@clinic.test")]
    settings.METRICS_TOKEN = "a token of more than twenty characters"
    world, sinks = a_world(), Sinks()
    PushSubscription.objects.all().delete()
    push_subscriptions.subscribe(
        phone=world.targets["here"].phone, endpoint=(browser := push_service.browser()).endpoint,
        now=NOW, **browser.subscription["keys"],
    )  # fmt: skip
    go_the_main_way(world, sinks)
    deliver_all()
    sweep.sweep(tell_time=lambda: NOW)
    deliver_all()
    shown = look_at_everything(world, sinks)
    sinks.take("log", log.getvalue())
    sinks.take("e-mail", *(f"{each.subject} {each.body} {each.from_email}" for each in mail.outbox))
    sinks.take("push", *(json.dumps(each.payload) for each in push_service.received))
    sinks.take("push headers", *(each.headers for each in push_service.received))
    sinks.take("broker", *keys_of(broker))
    sinks.take("cache", *SharedValue.objects.values_list("key", "value"))
    sinks.take("what is owed", *Delivery.objects.values_list("kind", "key", "last_error"))
    bearer = {"Authorization": f"Bearer {settings.METRICS_TOKEN}"}
    sinks.take("metrics", Client().get("/metrics", headers=bearer).content.decode())
    for path in ("/livez", "/readyz", "/api/schema/", "/nothing/", "/join/"):
        sinks.take("nobody's pages", Client().get(path).content.decode())
    assert sinks.planted() == {}
    # The cache may be empty: what is in it for a while is a digest of who tried.
    assert {name for name, texts in sinks.found.items() if not any(texts)} <= {"cache"}
    assert len(push_service.received) > 0 and len(mail.outbox) > 0
    assert len(shown) >= 10, "and where they belong, they are"
    figures("planted words", planted=len(shown), places=len(sinks.found), found=0,
            messages_in_the_broker=len(sinks.found["broker"]), log_lines=log.getvalue().count("\n"),
            addresses_seen=len(sinks.found["addresses"]))  # fmt: skip


def go_the_main_way(world: World, sinks: Sinks) -> None:
    """A patient says how they are and asks for a call; the desk searches, takes and ends it."""
    target = world.targets["here"]
    told = {"observed_at": NOW.isoformat(), **fever("39.7"),
            "other": {"text": f"{target.word}again", "urgency": "today"}}  # fmt: skip
    alert = f"/admin/alerts/{target.ids['alert_id']}"
    ways = [
        ("patient", "PUT", f"/api/v1/check-ins/{uuid.uuid4()}/", told),
        ("patient", "PUT", f"/api/v1/check-ins/{uuid.uuid4()}/", {"pain": target.word}),
        ("patient", "PUT", f"/api/v1/callback-requests/{uuid.uuid4()}/", {"about": target.word}),
        ("patient", "POST", "/api/v1/advice-answers/", {"did": "cannot_reach"}),
        ("patient", "POST", "/api/v1/push-subscriptions/test/", None),
        ("caregiver who logs", "PUT", f"/api/v1/ice-sessions/{uuid.uuid4()}/", {"a": target.word}),
        ("nobody", "POST", "/api/v1/session/", {"code": target.word}),
    ]
    for name, method, path, body in ways:
        answer = (
            world.principals[name]
            .client()
            .generic(method, path, json.dumps(body).encode(), "application/json")
        )
        sinks.take("addresses", path, answer.get("Location", ""))
    for name, path, form in (
        ("nurse", "/admin/patients/", {"text": target.patient.name}),
        ("nurse", f"{alert}/acknowledge/", {}),
        ("nurse", f"{alert}/attempt/", {"note": f"{target.word}tried"}),
        ("nurse", f"{alert}/note/", {"text": f"{target.word}noted", "note": f"{target.word}noted"}),
        ("nurse", f"{alert}/resolve/", {"note": target.word, "outcome": "REACHED_ADVISED"}),
        ("nurse", f"/admin/patients/{target.patient.pk}/note/", {"text": target.word}),
        ("nurse", f"/admin/patients/{target.patient.pk}/invite/", {}),
        ("manager", "/admin/staff/invite/", {"email": f"{target.word}@x.test", "role": "NURSE"}),
        ("operator", "/admin/break-glass/", {"phone": target.patient.phone, "reason": target.word}),
        ("nobody", "/accounts/login/", {"login": f"{target.word}@x.test", "password": target.word}),
        ("nobody", "/join/", {"code": target.word}),
    ):
        answer = world.principals[name].client().post(path, form)
        assert answer.status_code < 500, path
        sinks.take("addresses", path, answer.get("Location", ""))


def look_at_everything(world: World, sinks: Sinks) -> set[str]:
    """Open every page; keep the addresses that stand in it. Gives the words that were shown."""
    shown: set[str] = set()
    for who in (world.principals[name] for name in READERS):
        for address in every_address():
            path = address.path(world.targets["here"])
            shown |= looked_at(who, path, sinks)
    return shown


def looked_at(who: Principal, path: str, sinks: Sinks) -> set[str]:
    answer = who.client().get(path)
    sinks.take("addresses", path, answer.get("Location", ""))
    sinks.take("file names", answer.get("Content-Disposition", ""))
    if answer.streaming or "html" not in answer.get("Content-Type", ""):
        return set()
    page = answer.content.decode()
    links = re.findall(r'(?:href|action|src|formaction|data-[a-z-]*url)="([^"]*)"', page)
    # What a tap dials or writes to is no address of the product.
    sinks.take("addresses", *(each for each in links if not each.startswith(("tel:", "mailto:"))))
    return set(re.findall(r"zq\w+zq\w*", page))


def keys_of(broker: redis.Redis) -> Iterator[str]:
    """All that a broker holds."""
    read = {b"list": lambda key: broker.lrange(key, 0, -1), b"set": broker.smembers,
            b"hash": broker.hgetall, b"zset": lambda key: broker.zrange(key, 0, -1),
            b"string": lambda key: [broker.get(key)]}  # fmt: skip
    for key in broker.scan_iter():
        yield f"{key!r} {decoded(read[broker.type(key)](key))}"


def decoded(found: object) -> str:
    """Messages lie in it as base64 in JSON."""
    text = str(found)
    bodies = re.findall(r'"body": ?"([A-Za-z0-9+/=]+)"', text)
    return " ".join([text, *(base64.b64decode(each).decode() for each in bodies)])
