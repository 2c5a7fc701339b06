"""What the drawing shows, as rows: when, what kind, in words, and who."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from tracker.admin import answers, words
from tracker.admin.axis import Axis
from tracker.models.answer_to_advice import Did
from tracker.models.delivery import Channel, DeliveryState, MessageKind
from tracker.models.reminder import ReminderKind, ReminderState
from tracker.services.patient_record import Entry, PatientRecord
from tracker.services.timeline import Happened

UNUSED = {"temperature": "temperature", "glucose": "blood sugar"}


@dataclass(frozen=True, slots=True)
class Row:
    at: datetime
    kind: str
    what: str
    who: str
    remark: str = ""


def rows(record: PatientRecord, axis: Axis) -> list[Row]:
    """Everything on the axis, the newest first."""
    found = [*_check_ins(record), *_alerts(record), *map(_happened, record.happened)]
    return sorted((each for each in found if axis.holds(each.at)), key=lambda r: r.at, reverse=True)


def drawn(found: Iterable[Row]) -> SafeString:
    """The body of the table; by hand, because a long course has thousands of cells."""
    body = "".join(
        f"<tr><th scope='row'><time datetime='{each.at.isoformat()}'>{_moment(each.at)}</time></th>"
        f"<td>{escape(each.kind)}</td><td>{escape(each.what)}"
        f"{_remark(each.remark)}</td><td>{escape(each.who)}</td></tr>"
        for each in found
    )
    return mark_safe(body)  # noqa: S308  (each cell is escaped)


def not_used(entry: Entry) -> str:
    """Say which of its values the rules do not look at, and why."""
    if entry.is_replaced:
        return "Not used: replaced by a correction."
    parts = [UNUSED[part] for part in entry.unused if part in UNUSED]
    if not parts:
        return ""
    return f"Not used: {' and '.join(parts)}, because the question about it was not answered."


def entered_by(entry: Entry) -> str:
    """Who answered: the patient, somebody who helps, or staff on the phone."""
    if entry.row.entered_by:
        return f"entered by {entry.row.entered_by}"
    return f"{entry.row.caregiver} (caregiver)" if entry.row.caregiver else "patient"


def _check_ins(record: PatientRecord) -> Iterable[Row]:
    for entry in record.entries:
        said = "; ".join(f"{each.about}: {each.words}" for each in _said(entry))
        yield Row(
            entry.row.observed_at, "Check-in", said, entered_by(entry), not_used(entry)
        )  # fmt: skip


def _said(entry: Entry) -> list[answers.Line]:
    return [each for each in answers.in_words(entry.row.answers) if each.about != "Says no to"]


def _alerts(record: PatientRecord) -> Iterable[Row]:
    for each in record.alerts:
        title = words.sign_title(each.alert.rule, each.alert.sign)
        for event in each.events:
            what = f"{title}: {event.get_step_display().lower()}"
            remark = event.note or event.because
            yield Row(event.at, "Alert", what, str(event.actor or ""), remark)


def _happened(each: Happened) -> Row:
    kind, what, who = _WORDS[each.kind](each)
    return Row(each.at, kind, what, who, "" if each.kind in ("note", "message") else each.text)


def _label(choices: type, value: str) -> str:
    return dict(choices.choices).get(value, value)  # type: ignore[attr-defined,no-any-return]


_WORDS = {
    "ice": lambda h: ("Ice", f"Ice on for {words.duration(h.until - h.at)}", "patient"),
    "reminder": lambda h: (
        "Reminder", f"{_label(ReminderKind, h.what)}: {_label(ReminderState, h.state).lower()}", "",
    ),
    "delivery": lambda h: (
        "Sent",
        f"{_label(MessageKind, h.what)}, {_label(Channel, h.by).lower()}: "
        f"{_label(DeliveryState, h.state).lower()}",
        "",
    ),
    "note": lambda h: ("Note", h.text, h.by),
    "message": lambda h: ("Message", f"{h.text} ({'read' if h.until else 'not read yet'})", h.by),
    "callback": lambda h: ("Asked to be called", h.what or "no reason given", h.by),
    "answer": lambda h: ("Answer to advice", _label(Did, h.what), h.by or "patient"),
}  # fmt: skip


def _moment(at: datetime) -> str:
    return words.moment(timezone.localtime(at))


def _remark(words: str) -> str:
    return f"<span class='quiet-line'>{escape(words)}</span>" if words else ""
