"""How a worker reads the broker: nothing that it finds there, or that it is told, ends the worker.

Celery's own consumer gives up on an answer or a message that it does not understand. A worker that
ends takes its sweeper along, and one that ends again at each start would send no alert any more.
"""

from __future__ import annotations

from typing import Any

from celery.worker.consumer import Consumer


class PatientConsumer(Consumer):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A broker that is full, that answers nonsense, or holds what is no message at all:
        # connect anew, as after a broken connection. Ctrl-C and the like are no `Exception`.
        self.connection_errors = (*self.connection_errors, Exception)
