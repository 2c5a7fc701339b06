"""kill -9 of the launcher, again and again: who is left, what is lost, and does it start again?"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tracker.chaos import records
from tracker.chaos.phones import Sent, sign_in_all
from tracker.chaos.product import Product
from tracker.chaos.push_service import PushService
from tracker.chaos.trial import a_product

ENDS_WITHIN = 2.0  # seconds
CHEST_PAIN = {"symptoms": {"chest_pain": True}}


@dataclass
class Kills:
    kills: int = 0
    left_behind: int = 0
    slowest_end: float = 0.0
    slowest_start: float = 0.0
    lost: int = 0

    @property
    def is_good(self) -> bool:
        return not self.left_behind and not self.lost

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def kill_the_launcher(times: int, say: Callable[[str], None]) -> Kills:
    """Each time right after a check-in was confirmed, so that its messages are still owed."""
    found, committed, never = Kills(), list[Sent](), threading.Event()
    with PushService() as service, a_product(service.origin) as product:
        codes = json.loads(product.run("tracker.chaos.cohort", str(times)))
        phones = sign_in_all(codes, product.base_url, service, random.Random(1))
        for phone in phones:
            sent = phone.check_in(CHEST_PAIN, never)
            if sent is not None:
                committed.append(sent)
            everybody = _family(product)
            began = time.monotonic()
            product.kill()
            found.slowest_end = max(found.slowest_end, _wait_for_the_end(everybody, began))
            found.left_behind += len(_living(everybody))
            found.kills += 1
            began = time.monotonic()
            product.start()
            found.slowest_start = max(found.slowest_start, time.monotonic() - began)
            say(
                f"killed {found.kills} times, the last of them gone after {found.slowest_end:.2f} s"
            )
        until = time.monotonic() + 60
        while records.still_due(product) and time.monotonic() < until:
            time.sleep(0.2)
        told = {each.endpoint for each in service.received}
        found.lost = sum(phone.browser.endpoint not in told for phone in phones)
        found.lost += len(phones) - len(committed)
    return found


def _wait_for_the_end(pids: set[int], began: float) -> float:
    while _living(pids) and time.monotonic() - began < ENDS_WITHIN:
        time.sleep(0.01)
    return time.monotonic() - began


def _family(product: Product) -> set[int]:
    """The children of the launcher, and everybody who descends from them."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        if fields := _stat(int(entry.name)):
            parents[int(entry.name)] = int(fields[1])
    found = set(product.pids().values())
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _living(pids: set[int]) -> set[int]:
    return {pid for pid in pids if (fields := _stat(pid)) and fields[0] != "Z"}


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
