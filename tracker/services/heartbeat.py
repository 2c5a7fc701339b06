"""The dead man's ping: an address outside hears from us as long as nothing was lost.

Silence is the alarm: whoever watches that address is told when it hears nothing.
"""

from __future__ import annotations

import logging
import threading

import requests
from django.conf import settings

logger = logging.getLogger(__name__)

TIME_OUT = 5  # seconds, to connect and for each answer
_in_flight = threading.Lock()


def beat() -> None:
    """Ask the address from a thread of its own, so that it can hold up nothing else."""
    if not settings.HEARTBEAT_URL:
        return
    if not _in_flight.acquire(blocking=False):
        logger.warning("heartbeat: the last one is still on its way")
        return
    threading.Thread(target=_ping, name="heartbeat", daemon=True).start()


def _ping() -> None:
    try:
        # The body is never read: it says nothing that we need, and may be long.
        with requests.get(
            settings.HEARTBEAT_URL, timeout=TIME_OUT, stream=True, allow_redirects=False
        ) as answer:
            if not answer.ok:
                logger.warning("heartbeat: answered %s", answer.status_code)
    except requests.RequestException as error:
        # Not the message: it tells the address, which is a secret.
        logger.warning("heartbeat: not heard (%s)", type(error).__name__)
    finally:
        _in_flight.release()
