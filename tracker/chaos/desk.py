"""The nurse of a trial, who takes some alerts; and the folder into which staff's e-mail goes."""

from __future__ import annotations

import re
import threading
import time
from collections import defaultdict
from pathlib import Path

import requests

from tracker.chaos.product import Product

MESSAGE_ID = re.compile(rb"^Message-ID: <(\w+)@", re.MULTILINE)


class Nurse:
    def __init__(self, product: Product) -> None:
        self._http = requests.Session()
        self._base_url = product.base_url
        self.took: dict[str, float] = {}
        """Which alerts she acknowledged, and when she was told that they are hers."""
        page = f"{self._base_url}/accounts/login/"
        self._http.get(page, timeout=10)
        staff = product.demo()["staff"]
        token = self._http.cookies["afterblock_csrf"]
        form = {
            "login": staff["email"],
            "password": staff["password"],
            "csrfmiddlewaretoken": token,
        }
        self._http.post(page, form, headers={"Referer": page}, timeout=10).raise_for_status()

    def acknowledge(self, alert_id: str, ends: threading.Event) -> None:
        """Take an alert; try again while the product is away."""
        address = f"{self._base_url}/api/v1/alerts/{alert_id}/acknowledge/"
        while not ends.is_set():
            try:
                headers = {"X-CSRFToken": self._http.cookies["afterblock_csrf"]}
                answer = self._http.post(address, json={}, headers=headers, timeout=8)
            except requests.RequestException:
                ends.wait(0.5)
                continue
            if answer.status_code < 500:
                answer.raise_for_status()
                self.took[alert_id] = time.time()
                return
            ends.wait(0.5)


def read_mail(folder: Path) -> dict[str, list[float]]:
    """When each message was written into the folder, by the id on its envelope."""
    found: dict[str, list[float]] = defaultdict(list)
    for path in folder.glob("*.log"):
        for message_id in MESSAGE_ID.findall(path.read_bytes()):
            found[message_id.decode()].append(path.stat().st_mtime)
    return found
