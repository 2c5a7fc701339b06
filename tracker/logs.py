"""Log lines that tell nothing of a patient: JSON, of allowed keys only.

What we write ourselves holds ids. What libraries write may hold anything that somebody sent: of
them the template stands here, without what would be filled in. Of an error its type and where it
happened; its words often quote a value.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

KEYS = ("at", "level", "logger", "message", "error", "stack", "status", "method", "route", "pid")
"""Nothing else is ever written."""
OURS = ("tracker", "config")
KNOWN = (
    "celery.apps.worker",
    "celery.worker.consumer",
    "celery.worker.strategy",
    "celery.beat",
)
"""Libraries whose messages say how a process fares, and name tasks by their ids."""
WITHHELD = "(withheld: it may quote what somebody sent)"
LONGEST = 2000  # characters of a message
DEEPEST = 12  # frames of a stack, the innermost


class JsonLines(logging.Formatter):
    """One object a line, so that no value can begin a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        found: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record)[:LONGEST],
            "pid": record.process,
            **_error(record),
            **_request(record),
        }
        return json.dumps({key: found[key] for key in KEYS if found.get(key) is not None})


def _message(record: logging.LogRecord) -> str:
    if _is_from(record, OURS) or _is_from(record, KNOWN):
        return record.getMessage()
    # Without arguments it may be a sentence that was put together before it came here.
    return str(record.msg) if record.args and isinstance(record.msg, str) else WITHHELD


def _is_from(record: logging.LogRecord, loggers: tuple[str, ...]) -> bool:
    return any(record.name == each or record.name.startswith(f"{each}.") for each in loggers)


def _error(record: logging.LogRecord) -> dict[str, Any]:
    if not record.exc_info or record.exc_info[0] is None:
        return {}
    kind, _error, trace = record.exc_info
    frames = traceback.extract_tb(trace)[-DEEPEST:]
    stack = [f"{each.filename}:{each.lineno} {each.name}" for each in frames]
    return {"error": f"{kind.__module__}.{kind.__qualname__}", "stack": stack}


def _request(record: logging.LogRecord) -> dict[str, Any]:
    """Which kind of address was asked for; the address itself may hold what somebody typed."""
    request = getattr(record, "request", None)
    status = getattr(record, "status_code", None)
    match = getattr(request, "resolver_match", None)
    method = getattr(request, "method", None)
    return {
        "status": status if isinstance(status, int) else None,
        "method": method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") else None,
        "route": match.route if match else None,
    }
