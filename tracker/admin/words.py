"""Names and numbers as staff read them; what a sign is called comes from the catalogue."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from tracker.clinical.signs import TIMED_SIGNS, WARNING_SIGNS
from tracker.clinical.sources import SOURCES
from tracker.models import Alert, Clinic, Procedure, Task
from tracker.models.alert import AlertState
from tracker.models.procedure import Kind, Nerve
from tracker.models.task import TaskKind
from tracker.services import devices
from tracker.templatetags.phone import as_dialled

_CATALOGUE = {each.code: each for each in (*WARNING_SIGNS, *TIMED_SIGNS)}
_EXHAUSTED = "Nobody on call has answered"
_NOBODY_ON_CALL = "Nobody was on call when it was raised"
_REASONS = {
    TaskKind.UNREACHABLE: "No message has arrived lately. Call, and check phone and e-mail.",
    TaskKind.MISSING_BASELINE: "Rules that compare with the time before the block stay silent.",
    TaskKind.OVERDUE_FOLLOW_UP: "The question about how it went has stood for three days.",
    TaskKind.NO_RELIEF: "Usual pain is less than 30 % and less than 2 points better.",
}

_NUMBER = re.compile(r"\+\d+")


def sign_title(rule: str, sign: str) -> str:
    """Name a sign as the catalogue does; a rule that has left the catalogue keeps its code."""
    entry = _CATALOGUE.get(f"{rule}/{sign}")
    return entry.title if entry else f"{sign.replace('_', ' ').capitalize()} ({rule})"


def rule_title(rule: str) -> str:
    """Name a rule by what it looks for, and by its code."""
    titles = dict.fromkeys(each.title for each in _CATALOGUE.values() if each.rule == rule)
    return f"{' / '.join(titles)} ({rule})" if titles else rule


def spoken(text: str, clinic: Clinic) -> str:
    """Write the clinic's numbers in a text as one reads them out."""
    known = {clinic.phone, clinic.after_hours_phone}
    # Whole numbers: one of the two may begin with the other.
    return _NUMBER.sub(lambda it: as_dialled(it[0]) if it[0] in known else it[0], text)


def sources_of(rule: str, sign: str) -> list[str]:
    """Name the bodies behind a rule."""
    entry = _CATALOGUE.get(f"{rule}/{sign}")
    return [SOURCES.get(key, key) for key in entry.sources] if entry else []


def procedure_words(procedure: Procedure) -> str:
    """Say which block it was, such as "Therapeutic: superior cluneal, right"."""
    kind = Kind(procedure.kind).label.split(" (")[0]
    nerves = [Nerve(nerve).label.split()[0].lower() for nerve in procedure.nerves]
    return f"{kind}: {' and '.join(nerves)} cluneal, {procedure.get_side_display().lower()}"


def day_words(day: int | None) -> str:
    return "Before" if day is None else f"Day {day} after"


def unanswered(alert: Alert) -> str:
    """Say that nobody at all has answered an alert; nothing while somebody still may."""
    if alert.state != AlertState.OPEN or alert.exhausted_at is None:
        return ""
    return _EXHAUSTED if alert.policy.get("order") else _NOBODY_ON_CALL


def task_reason(task: Task) -> str:
    """Say why somebody should do something, and for a baseline which one is missing."""
    reason = _REASONS[TaskKind(task.kind)]
    if task.kind != TaskKind.MISSING_BASELINE or task.procedure is None:
        return reason
    has_sugar = task.procedure.baseline_glucose or not task.patient.diabetes
    known = (task.procedure.baseline_pain is not None, bool(has_sugar))
    missing = {(False, True): "Usual pain is", (True, False): "Usual blood sugar is"}
    return f"{missing.get(known, 'Usual pain and usual blood sugar are')} not known. {reason}"


def moment(at: datetime) -> str:
    """Say a local time with its day, such as "Mon, Nov 23, 9:00 AM"."""
    return at.strftime("%a, %b %-d, %-I:%M %p")


def duration(length: timedelta) -> str:
    """Say how long in the two largest units that matter."""
    minutes = max(0, int(length.total_seconds())) // 60
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def device_name(label: str) -> str:
    """Make "iPhone, Safari" of what a browser calls itself."""
    return devices.name_of(label) or label or "A browser without a name"
