"""Injects a fault every few seconds, each kind equally often, in an order that a seed decides."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass

from tracker.chaos.kinds import KINDS
from tracker.chaos.product import Product

EVERY = (4.0, 8.0)  # seconds


@dataclass
class Injected:
    kind: str
    began: float
    ended: float = float("inf")


class Injector(threading.Thread):
    """Faults may overlap: one may begin while another still lasts."""

    def __init__(self, product: Product, kinds: list[str], seed: int) -> None:
        super().__init__(name="injector", daemon=True)
        self._product, self._kinds, self._dice = product, kinds, random.Random(seed)
        self._ends = threading.Event()
        self._running: list[threading.Thread] = []
        self.injected: list[Injected] = []

    def run(self) -> None:
        bag: list[str] = []
        while not self._ends.wait(self._dice.uniform(*EVERY)):
            bag = bag or self._dice.sample(self._kinds, len(self._kinds))
            # Each has dice of its own, so that the order of threads decides nothing.
            one = random.Random(self._dice.random())
            thread = threading.Thread(target=self._inject, args=(bag.pop(), one), daemon=True)
            self._running.append(thread)
            thread.start()

    def stop(self) -> None:
        """Begin no more, and wait until everything is undone."""
        self._ends.set()
        if self.is_alive():
            self.join()
        for thread in self._running:
            thread.join()

    def counts(self) -> Counter[str]:
        return Counter(each.kind for each in self.injected)

    def _inject(self, kind: str, dice: random.Random) -> None:
        fault = Injected(kind, time.time())
        self.injected.append(fault)
        try:
            KINDS[kind](self._product, dice, self._ends)
        finally:
            fault.ended = time.time()
