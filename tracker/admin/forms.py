"""What the forms of the desk share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from tracker import clock
from tracker.models import Clinic
from tracker.services.procedures import FUTURE_TOLERANCE

EARLIEST_YEAR, LATEST_YEAR = 2000, 2200


class LocalMoment(forms.DateTimeField):
    """A time on the clinic's clock; the desk has made its time zone the current one.

    In autumn one hour comes twice: what is typed is then the latest that was, or where a time
    `ahead` is asked for, the next to come.
    """

    def __init__(self, *, ahead: bool = False, **kwargs: Any) -> None:
        self.ahead = ahead
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        known = {"invalid": "Give a date and a time, such as 2026-11-21 09:30."}
        super().__init__(widget=widget, error_messages=known, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        try:
            moment = super().to_python(value)
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        except ValidationError as error:
            if error.code != "ambiguous_timezone" or not error.params:
                raise
            moment = self._of_the_change(error.params["datetime"])
        if moment is not None and not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment

    def _of_the_change(self, wall: datetime) -> datetime:
        """The moment meant by a wall clock that shows a time twice; one it never shows is none."""
        zone = timezone.get_current_timezone()
        both = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
        if both[0] > both[1]:
            never = both[0].astimezone(zone)
            raise ValidationError(
                f"No clock shows this time: it goes forward then. Give one such as {never:%H:%M}.",
                code="never_came",
            )
        now = clock.now()
        if self.ahead:
            return next((each for each in both if each > now), both[1])
        return both[1] if both[1] <= now + FUTURE_TOLERANCE else both[0]


class DeskForm(forms.Form):
    """Labels without colons, and short words for what is missing."""

    ids = "id_%s"
    """How ids are made; two forms of one page differ."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("auto_id", self.ids)
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            chosen = isinstance(field, forms.ChoiceField)
            field.error_messages["required"] = "Choose one." if chosen else "Fill this in."


def dialled(typed: str, clinic: Clinic) -> str:
    """Give a number as the world dials it (E.164); without a country it is in the clinic's."""
    try:
        number = phonenumbers.parse(typed, _region(clinic))
    except phonenumbers.NumberParseException:
        raise ValidationError("This is not a phone number.", code="not_a_number") from None
    if number.extension:
        raise ValidationError("Give a number that is dialled in one go, without an extension.")
    # Possible, not assigned: new area codes must not keep a patient out.
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise ValidationError(
            "This number has too few or too many digits. Give the area code as well.",
            code="not_possible",
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _region(clinic: Clinic) -> str:
    """The country in which numbers without one are dialled: the clinic's."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(clinic.phone, None)) or "US"
    except phonenumbers.NumberParseException:
        return "US"
