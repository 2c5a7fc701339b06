"""One trial: start a product, let patients use it while faults happen, settle, and judge."""

from __future__ import annotations

import contextlib
import json
import math
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tracker.chaos import records
from tracker.chaos.desk import Nurse, read_mail
from tracker.chaos.faults import Injector
from tracker.chaos.phones import ANSWERS, Phone, Sent, sign_in_all
from tracker.chaos.product import Product
from tracker.chaos.push_service import PushService, Received
from tracker.chaos.verdict import Judge, Seen, Verdict

CHECK_INS, TIMERS = 3.5, 0.4  # a second; each alert owes one message to the patient, one to staff
TIMER_WITHIN = (3.0, 10.0)  # seconds until the ice comes off
TAKEN = 0.1  # the share of check-ins whose alert the nurse takes at once
SETTLES_WITHIN = 90.0  # seconds
SENDERS = 48


@dataclass
class Outcome:
    verdict: Verdict
    faults: dict[str, int]
    seconds: float
    settled: bool
    given_up: int
    errors: list[str]

    @property
    def is_good(self) -> bool:
        return self.verdict.is_good and self.settled and not self.errors


@dataclass
class Trial:
    seconds: float
    seed: int
    kinds: list[str]
    say: Callable[[str], None]
    ends: threading.Event = field(default_factory=threading.Event)
    committed: list[Sent] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    given_up: int = 0

    def run(self) -> Outcome:
        with PushService() as service, a_product(service.origin) as product:
            phones, began = self._enrol(product, service), time.time()
            nurse, injector = Nurse(product), Injector(product, self.kinds, self.seed)
            self.say(f"{len(phones)} patients; faults for {self.seconds:.0f} s, seed {self.seed}")
            try:
                if self.kinds:
                    injector.start()
                with ThreadPoolExecutor(SENDERS) as senders, ThreadPoolExecutor(8) as showing:
                    service.shown = self._confirm_by(showing, phones)
                    with self._ended_early():  # before anybody waits for the threads
                        self._use(phones, nurse, senders)
                    injector.stop()
                    settled = self._settle(product)
                    service.shown = lambda message: None
            finally:
                self.ends.set()
                injector.stop()
            found = records.read(product)
            seen = Seen(
                began,
                self.committed,
                service.received,
                read_mail(product.var / "mail"),
                nurse.took,
                injector.injected,
                product.steps,
            )
            self.errors += service.refusals
            return Outcome(
                Judge(seen, found).judge(),
                dict(injector.counts()),
                self.seconds,
                settled,
                self.given_up,
                self.errors,
            )

    @contextlib.contextmanager
    def _ended_early(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.ends.set()
            raise

    def _enrol(self, product: Product, service: PushService) -> list[Phone]:
        timers = self.seconds * TIMERS
        count = math.ceil(max(timers, self.seconds * CHECK_INS * 1.3 / len(ANSWERS))) + 2
        codes = json.loads(product.run("tracker.chaos.cohort", str(count)))
        return sign_in_all(codes, product.base_url, service, random.Random(self.seed))

    def _confirm_by(
        self, showing: ThreadPoolExecutor, phones: list[Phone]
    ) -> Callable[[Received], None]:
        owner = {phone.browser.endpoint: phone for phone in phones}

        def confirm(message: Received) -> None:
            receipt = message.payload["notification"]["data"]["receipt"]
            showing.submit(owner[message.endpoint].confirm, receipt, self.ends)

        return confirm

    def _use(self, phones: list[Phone], nurse: Nurse, senders: ThreadPoolExecutor) -> None:
        """Send at an even pace, whether or not the product answers."""
        dice, began = random.Random(self.seed + 1), time.monotonic()
        share = TIMERS / (CHECK_INS + TIMERS)
        for number in range(int(self.seconds * (CHECK_INS + TIMERS))):
            self.ends.wait(max(0, began + number / (CHECK_INS + TIMERS) - time.monotonic()))
            if self.ends.is_set():
                return
            if dice.random() < share and (rested := [each for each in phones if not each.iced]):
                phone = dice.choice(rested)
                phone.iced += 1
                sent = senders.submit(phone.ice, dice.uniform(*TIMER_WITHIN), self.ends)
                takes = False
            else:
                phone = dice.choice([each for each in phones if each.left])
                sent = senders.submit(phone.check_in, phone.left.pop(), self.ends)
                takes = dice.random() < TAKEN
            sent.add_done_callback(self._note)
            if takes:
                senders.submit(self._take, nurse, sent)

    def _note(self, sent: Future[Sent | None]) -> None:
        error = sent.exception()
        if error is not None:
            self.errors.append(str(error))
        elif (answered := sent.result()) is None:
            self.given_up += 1
        else:
            self.committed.append(answered)

    def _take(self, nurse: Nurse, sent: Future[Sent | None]) -> None:
        """The nurse sees an alert on her screen, and says that it is hers."""
        answered = sent.result()
        for alert in answered.body["alerts"][:1] if answered else []:
            nurse.acknowledge(alert["id"], self.ends)

    def _settle(self, product: Product) -> bool:
        until = time.monotonic() + SETTLES_WITHIN
        while time.monotonic() < until and not self.ends.is_set():
            if records.still_due(product) == 0:
                return True
            self.ends.wait(0.5)
        return False


@contextlib.contextmanager
def a_product(push_origin: str) -> Iterator[Product]:
    """A product in a temporary folder; nothing of it is left, however this ends."""
    with tempfile.TemporaryDirectory(prefix="afterblock-chaos-") as folder:
        product = Product(Path(folder), push_origin)
        sockets = None
        try:
            product.start()
            sockets = product.broker_socket().parent
            yield product
        finally:
            product.stop()
            if sockets is not None:  # a long TMPDIR sends them elsewhere
                shutil.rmtree(sockets, ignore_errors=True)
