"""What happened around a patient besides check-ins and alerts, of every kind, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, DateTimeField, F, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from tracker.models import Patient

MOST = 3000
NEVER = Value(None, output_field=DateTimeField())


@dataclass(frozen=True, slots=True)
class Happened:
    """`kind` is ice, reminder, delivery, note, message, callback or answer."""

    kind: str
    at: datetime
    until: datetime | None
    what: str
    """The kind of reminder, message or answer, as it is stored."""
    state: str
    by: str
    """Who did it, by name; empty for the patient and for the product."""
    text: str
    alert: str
    """Which alert it was about, if any."""


def of(patient: Patient) -> list[Happened]:
    """The newest so many, the newest first; nothing that is only planned for later days."""
    first, *others = _lanes(patient)
    rows = first.union(*others, all=True).order_by("-at_")
    return [Happened(*row) for row in rows[:MOST]]


def _lanes(patient: Patient) -> list[QuerySet[Any, Any]]:
    sent = Coalesce("seen_at", "sent_at", "created_at")
    return [
        _lane(patient.ice_sessions, "ice", "started_at", until=Coalesce("stopped_at", "off_at")),
        _lane(patient.reminders, "reminder", "due_at", what="kind", state="state"),
        _lane(patient.deliveries, "delivery", sent, what="kind", state="state", by="channel",
              text="last_error", alert="alert_id"),
        _lane(patient.notes, "note", "at", by="author__name", text="text"),
        _lane(patient.messages, "message", "sent_at", until=F("read_at"), what="template",
              by="sent_by__name", text="text", alert="alert_id"),
        _lane(patient.callback_requests, "callback", "requested_at", until=F("done_at"),
              what="about", state="state", by="owner__name", text="note"),
        _lane(patient.answers_to_advice, "answer", "at", what="did", by="caregiver__name",
              alert="alert_id"),
    ]  # fmt: skip


def _lane(
    rows: Any, kind: str, at: Any, *, until: Any = NEVER, alert: str = "", **words: str
) -> QuerySet[Any, Any]:
    """Bring rows of one kind into the shape of all; every arm has the same columns."""
    moment = F(at) if isinstance(at, str) else at
    columns = {name: _word(words.get(name)) for name in ("what", "state", "by", "text")}
    found = rows.annotate(
        kind_=Value(kind, output_field=CharField()), at_=moment, until_=until,
        **{f"{name}_": each for name, each in columns.items()}, alert_=_word(alert),
    )  # fmt: skip
    return found.order_by().values_list(  # type: ignore[no-any-return]
        "kind_", "at_", "until_", "what_", "state_", "by_", "text_", "alert_"
    )


def _word(column: str | None) -> Any:
    if not column:
        return Value("", output_field=CharField())
    return Coalesce(Cast(column, CharField()), Value(""), output_field=CharField())
