"""The forms that move an alert on, and what stood on the screen when they were sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest

from tracker.access import Staff
from tracker.admin.forms import DeskForm, LocalMoment
from tracker.services import alerts
from tracker.services.handing_over import colleagues

LONGEST_NOTE = 2000


def _note(label: str, rows: int = 2, **known: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONGEST_NOTE, widget=widget, **known)


class AttemptForm(DeskForm):
    ids = "attempt-%s"
    note = _note("What happened", help_text="Such as: no answer, left a message.")
    again_at = LocalMoment(
        ahead=True,
        label="Next try planned at",
        required=False,
        help_text="It is yours until then; then it comes back to everybody. "
        "An emergency: at most 15 minutes from now.",
    )


class ResolveForm(DeskForm):
    ids = "resolve-%s"
    outcome = forms.ChoiceField(
        label="Outcome",
        widget=forms.RadioSelect,
        choices=[(each.value, each.label) for each in alerts.STAFF_OUTCOMES],
    )
    note = _note("Note", 3, required=False, help_text="Needed when no action was needed: say why.")


class HandOverForm(DeskForm):
    ids = "hand-%s"
    to = forms.TypedChoiceField(label="To", coerce=int)
    note = _note("What they should know", required=False)

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(each.pk, str(each)) for each in colleagues(staff)]
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choose …"), *known]


class NoteForm(DeskForm):
    ids = "noted-%s"
    note = _note("Note")


class ReopenForm(DeskForm):
    ids = "reopen-%s"
    reason = _note("Why")


def seen_of(request: HttpRequest) -> dict[UUID, datetime | None]:
    """The alerts that a form is about, each with when it had been raised as it was shown.

    What cannot be read is left out: an act on nothing is refused.
    """
    sent = ",".join(request.POST.getlist("alerts")).split(",")
    read = [_read(*each.partition("@")[::2]) for each in sent]
    return {alert_id: raised_at for alert_id, raised_at in read if alert_id is not None}


def _read(alert_id: str, raised_at: str) -> tuple[UUID | None, datetime | None]:
    try:
        return UUID(alert_id), moment(raised_at)
    except ValueError:
        return None, None


def moment(text: str) -> datetime | None:
    """A moment with its zone, or None."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.utcoffset() is not None else None
