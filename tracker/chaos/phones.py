"""Fictional patients' phones: what they send is sent again, with the same id, until answered."""

from __future__ import annotations

import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from tracker.chaos.push_service import Browser, PushService

ANSWER_WITHIN = 8  # seconds; then the phone tries again
TRY_AGAIN_AFTER = 0.3  # seconds
GIVE_UP_AFTER = 90  # seconds; nothing that was not answered counts as committed

ICE_ON = timedelta(minutes=20)
ANSWERS: list[dict[str, Any]] = [
    {"symptoms": {"chest_pain": True}},
    {"symptoms": {"dyspnea": True}},
    {"symptoms": {"bladder_loss": True}},
    {"symptoms": {"seizure": True}},
    {"symptoms": {"bleeding": "not_stopping"}},
    {"symptoms": {"leg_weakness": "severe"}},
    {"symptoms": {"hives": True}},
    {"symptoms": {"chills": True}},
    {"symptoms": {"leg_numbness": True}},
    {"temperature": {"value": "38.4", "unit": "Cel"}},
    {"site": {"redness": 2, "trend": "worse"}},
    {"site": {"drainage": "pus"}},
    {"pain": {"usual": 9}},
    {"glucose": {"value": "412", "unit": "mg/dL"}},
]
"""Each fires a sign of its own, so that each raises an alert that owes messages."""


@dataclass
class Sent:
    """Something that the server has confirmed: from then on it may not be lost."""

    id: str
    kind: str
    first_sent_at: float
    answered_at: float
    created: bool
    body: dict[str, Any]

    @property
    def committed_at(self) -> float:
        """When it was stored at the earliest: the first 201 says it, a replay leaves it open."""
        return self.answered_at if self.created else self.first_sent_at


@dataclass
class Phone:
    base_url: str
    browser: Browser
    http: requests.Session = field(default_factory=requests.Session)
    token: str = ""
    left: list[dict[str, Any]] = field(default_factory=list)
    iced: int = 0

    def sign_in(self, code: str) -> None:
        answer = self.http.post(
            f"{self.base_url}/api/v1/session/", json={"code": code}, timeout=ANSWER_WITHIN
        )
        answer.raise_for_status()
        self.token = answer.json()["csrf_token"]
        self._write("POST", "push-subscriptions/", self.browser.subscription).raise_for_status()

    def put(self, kind: str, path: str, body: dict[str, Any], ends: threading.Event) -> Sent | None:
        """Send until it is answered, as the outbox of the phone does; None when it never was."""
        mine, until = str(uuid.uuid4()), time.time() + GIVE_UP_AFTER
        seen_at = None  # the first try that the server may have taken to heart
        while not ends.is_set() and time.time() < until:
            began = time.time()
            answer = self._try(f"{path}/{mine}/", body)
            if answer is not None:
                seen_at = seen_at or began
                if answer.status_code in (200, 201):
                    created = answer.status_code == 201
                    return Sent(mine, kind, seen_at, time.time(), created, answer.json())
                if answer.status_code and answer.status_code < 500:
                    raise RuntimeError(f"{path} answered {answer.status_code}: {answer.text}")
            ends.wait(TRY_AGAIN_AFTER)
        return None

    def confirm(self, receipt: str, ends: threading.Event) -> None:
        """Say that a message was shown, as the service worker does: until it is heard."""
        until = time.time() + GIVE_UP_AFTER
        while not ends.is_set() and time.time() < until:
            try:
                answer = self._write("POST", "receipts/", {"receipt": receipt})
            except requests.RequestException:
                answer = requests.Response()
            if answer.status_code in (204, 404):
                return
            ends.wait(TRY_AGAIN_AFTER)

    def _try(self, path: str, body: dict[str, Any]) -> requests.Response | None:
        """Give the answer, an empty one when it was cut off, None when nobody was there at all."""
        try:
            return self._write("PUT", path, body)
        except requests.ConnectionError as error:
            return None if "refused" in str(error) else requests.Response()
        except requests.RequestException:
            return requests.Response()

    def check_in(self, answers: dict[str, Any], ends: threading.Event) -> Sent | None:
        answers = {"observed_at": datetime.now(UTC).isoformat(), **answers}
        return self.put("check_in", "check-ins", answers, ends)

    def ice(self, due_in: float, ends: threading.Event) -> Sent | None:
        """Log ice that was put on offline a while ago, so that its 20 minutes are up soon."""
        started_at = datetime.now(UTC) - ICE_ON + timedelta(seconds=due_in)
        return self.put("ice", "ice-sessions", {"started_at": started_at.isoformat()}, ends)

    def _write(self, method: str, path: str, body: dict[str, Any]) -> requests.Response:
        return self.http.request(
            method,
            f"{self.base_url}/api/v1/{path}",
            json=body,
            headers={"X-CSRFToken": self.token},
            timeout=ANSWER_WITHIN,
        )


def sign_in_all(
    codes: list[str], base_url: str, service: PushService, dice: random.Random
) -> list[Phone]:
    phones = []
    for code in codes:
        left = dice.sample(ANSWERS, len(ANSWERS))
        phone = Phone(base_url, service.browser(), left=left)
        phone.sign_in(code)
        phones.append(phone)
    return phones
