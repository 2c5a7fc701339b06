"""What pages and the API take: read off the forms themselves and off the contract."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.urls import Resolver404, resolve

from tests.conftest import NOW
from tests.security.addresses import Address, every_address
from tests.security.world import WORD, World

SHOWN_TO = {
    "patient": ("",), "clinician": ("admin/",), "manager": ("admin/", "accounts/"),
    "operator": ("admin/break-glass/",), "nobody": ("accounts/", "join/"),
}  # fmt: skip
"""Between them they are shown every form; where each of them looks."""


@dataclass(slots=True)
class Sent:
    """A form as a browser would send it: where to, and what stands in it."""

    route: str
    path: str
    by: str
    fields: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    """Fields into which one types."""


class Forms(HTMLParser):
    """The forms of a page that are sent by POST, filled in as they come."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self.here = here
        self.found: list[tuple[str, dict[str, str], set[str]]] = []
        self._select = self._area = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        name = known.get("name", "")
        if tag == "form":
            self._inside = known.get("method", "").lower() == "post"
            if self._inside:
                self.found.append((known.get("action") or self.here, {}, set()))
        elif not self._inside:
            return
        elif tag == "input" and name:
            self._input(known, name)
        elif tag == "textarea":
            self._area = name
            self._typed(name, "some words")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and known.get("value"):
            fields = self.found[-1][1]
            if "selected" in known or self._select not in fields:
                fields[self._select] = known["value"]
        elif tag == "button" and name:
            self.found[-1][1].setdefault(name, known.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""

    def _input(self, known: dict[str, str], name: str) -> None:
        kind, fields = known.get("type", "text"), self.found[-1][1]
        if kind in ("checkbox", "radio"):
            if "checked" in known or (kind == "radio" and name not in fields):
                fields[name] = known.get("value", "on")
        elif kind == "hidden":
            fields[name] = known.get("value", "")
        else:
            self._typed(name, known.get("value") or TYPED.get(kind, "some words"))

    def _typed(self, name: str, value: str) -> None:
        _, fields, texts = self.found[-1]
        fields[name] = WORD.sub("plain", value)
        texts.add(name)


TYPED = {
    "number": "1", "email": "somebody@home.test", "tel": "+15555550177", "url": "https://x.test/",
    "date": "2026-11-20", "datetime-local": "2026-11-20T09:00", "time": "09:00",
}  # fmt: skip


def forms_of(world: World) -> list[Sent]:
    """Every form that some page shows to somebody; one of each address."""
    found: dict[tuple[str, str], Sent] = {}
    for name, places in SHOWN_TO.items():
        who = world.principals[name]
        for address in every_address():
            path = address.path(world.targets["here"])
            if not address.route.startswith(places) or (name == "patient" and not is_page(address)):
                continue
            answer = who.client().get(path)
            if answer.status_code != 200 or "html" not in answer.get("Content-Type", ""):
                continue
            forms = Forms(path)
            forms.feed(answer.content.decode())
            for action, fields, texts in forms.found:
                _keep(found, Sent("", action, who.name, fields, texts), path)
    return [*found.values()]


def is_page(address: Address) -> bool:
    """Whether it is a page of a phone."""
    return not address.route.startswith(("admin/", "accounts/", "api/", "hooks/", "metrics"))


def _keep(found: dict[tuple[str, str], Sent], sent: Sent, page: str) -> None:
    sent.path = sent.path.partition("#")[0].partition("?")[0] or page
    try:
        sent.route = resolve(sent.path).route
    except Resolver404:
        raise AssertionError(f"{page} sends a form to nowhere: {sent.path}") from None
    earlier = found.get((sent.route, sent.by))
    if earlier is None or len(sent.fields) > len(earlier.fields):
        found[sent.route, sent.by] = sent


A_TIME = NOW.isoformat()
P256DH = "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"
CHECK_IN: dict[str, Any] = {
    "observed_at": A_TIME,
    "pain": {"usual": 3, "site": 1, "controlled": True, "worse_than_before": False},
    "temperature": {"value": "37.2", "unit": "Cel", "antipyretic_within_6h": False},
    "glucose": {"value": "120", "unit": "mg/dL", "device": "meter"},
    "site": {"redness": 0, "swelling": 0, "warmth": False, "drainage": "none", "trend": "better"},
    "symptoms": {"chest_pain": False},
    "other": {"text": "some words", "urgency": "can_wait"},
    "confirmed": [],
}
BODIES: dict[tuple[str, str], dict[str, Any] | None] = {
    ("POST", "session/"): {"code": "ABCD-EFGHJK"},
    ("DELETE", "session/"): None,
    ("PUT", "check-ins/<uuid:client_id>/"): CHECK_IN,
    ("PUT", "ice-sessions/<uuid:client_id>/"): {"started_at": A_TIME},
    ("POST", "ice-sessions/<uuid:client_id>/stop/"): None,
    ("PUT", "callback-requests/<uuid:client_id>/"): {"window": "any", "about": "some words"},
    ("DELETE", "callback-requests/<uuid:client_id>/"): None,
    ("POST", "callback-requests/<uuid:request_id>/take/"): None,
    ("POST", "callback-requests/<uuid:request_id>/tried/"): {"note": "some words"},
    ("POST", "callback-requests/<uuid:request_id>/done/"): {"note": "some words"},
    ("POST", "advice-answers/"): {"id": str(uuid.UUID(int=7)), "did": "called"},
    ("POST", "messages/<int:message_id>/read/"): None,
    ("POST", "patients/<uuid:patient_id>/messages/"): {"template": "please_call", "alert": None},
    ("PUT", "therapies/<uuid:client_id>/"): {"kind": "walk", "minutes": 9, "done_at": A_TIME},
    ("POST", "caregivers/"): {"name": "Ana", "may_log": True},
    ("DELETE", "caregivers/<uuid:caregiver_id>/"): None,
    ("POST", "caregivers/<uuid:caregiver_id>/invitation/"): None,
    ("POST", "caregivers/<uuid:caregiver_id>/revoke/"): None,
    ("POST", "patients/<uuid:patient_id>/caregivers/"): {"name": "Ana", "may_log": False},
    ("POST", "push-subscriptions/"): {
        "endpoint": "https://fcm.googleapis.com/push/one",
        "keys": {"p256dh": P256DH, "auth": "AAAAAAAAAAAAAAAAAAAAAA"},
        "expirationTime": None,
    },
    ("DELETE", "push-subscriptions/"): {"endpoint": "https://fcm.googleapis.com/push/one"},
    ("POST", "push-subscriptions/test/"): None,
    ("DELETE", "devices/<uuid:session_id>/"): None,
    ("POST", "receipts/"): {"receipt": str(uuid.UUID(int=9))},
    ("POST", "alerts/<uuid:alert_id>/acknowledge/"): {"raised_at": None},
    ("POST", "alerts/<uuid:alert_id>/attempt/"): {"note": "some words", "again_at": None},
    ("POST", "alerts/<uuid:alert_id>/resolve/"): {
        "outcome": "reached_advised", "note": "some words", "raised_at": None,
    },
}  # fmt: skip
"""What each writing address of the API takes; a test compares it with the contract."""


def body_of(method: str, address: Address) -> dict[str, Any] | None:
    return BODIES.get((method, address.route.removeprefix("api/v1/")))
