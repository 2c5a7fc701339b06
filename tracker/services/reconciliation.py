"""Compare what should have happened with what did; mend what did not, and count it.

Everything here was owed by a transaction that cannot be half done, so nothing should ever be
found. That is why each finding is written down: it means that a promise was broken.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now

from tracker import across
from tracker.models import Reconciliation
from tracker.scope import clinic_scope
from tracker.services.losses import LOSSES, Loss

logger = logging.getLogger(__name__)

NOT_COMPARED = "not_compared"
MOST_WAIT = 2  # seconds of one question to the database


def reconcile(*, now: datetime) -> Reconciliation:
    """Look for every kind of loss, mend what is found, and write down how much there was."""
    found: dict[str, int] = {}
    for clinic_id in across.clinics():
        with clinic_scope(clinic_id):
            for loss in LOSSES:
                _look(loss, found, now)
    return note(found)


def _look(loss: Loss, found: dict[str, int], now: datetime) -> None:
    lost = _find(loss, now)
    if lost is None:
        # Not to know is not to be well: nobody may call this clean.
        found[NOT_COMPARED] = found.get(NOT_COMPARED, 0) + 1
    elif lost:
        logger.error("reconciliation: %s %s", len(lost), loss.kind)
        found[loss.kind] = found.get(loss.kind, 0) + len(lost)
        for row_id in lost:
            _mend(loss, row_id, now)


def note(found: dict[str, int]) -> Reconciliation:
    """Write down what was found, in the database's own time: clocks are among what goes wrong."""
    return Reconciliation.objects.create(at=Now(), found=found, is_clean=not found)


def _find(loss: Loss, now: datetime) -> list[Any] | None:
    try:
        with at_most(MOST_WAIT):
            return loss.find(now)
    except Exception as error:
        _raise_if_away(error)
        logger.exception("reconciliation: %s could not be compared", loss.kind)
        return None


def _mend(loss: Loss, row_id: Any, now: datetime) -> None:
    try:
        with transaction.atomic():
            loss.mend(row_id, now)
    except Exception as error:
        _raise_if_away(error)
        logger.exception("reconciliation: %s %s stays as it is", loss.kind, row_id)


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Ask the database, but not for ever: whoever watches must not become the load."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [seconds * 1000])
        yield


def _raise_if_away(error: Exception) -> None:
    if isinstance(error, OperationalError) and not connection.is_usable():
        raise error
