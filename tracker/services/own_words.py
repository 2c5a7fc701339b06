"""What a patient wrote of their own accord, and whether staff were told of it."""

from __future__ import annotations

from tracker.models import Alert, CheckIn

SIGN = "other"
"""The sign of whatever nobody asked about."""


def are_new(*, alert: Alert, check_in: CheckIn | None) -> bool:
    """Whether something was written that stands behind nothing in the history of this alert."""
    words = _of(check_in) if check_in is not None and alert.sign == SIGN else ""
    told = CheckIn.objects.filter(alertevent__alert=alert)
    return bool(words) and words not in {_of(each) for each in told}


def _of(check_in: CheckIn) -> str:
    other = check_in.answers.get("other") or {}
    return str(other.get("text") or "").strip()
