"""Forms about what stands already: they bring back what they showed.

Only what somebody changed on the page is sent on. A page that was open while a colleague saved
would otherwise put all of the colleague's work back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from tracker.admin.forms import DeskForm
from tracker.services.corrections import ChangedMeanwhile, plain

MEANWHILE = "A colleague has changed this meanwhile. It is now: {}. Save again to put yours there."
EMPTY = (None, "", [])


class Correction(DeskForm):
    """Correct what stands; a subclass gives the values in `said`, by the names of its fields."""

    TOGETHER: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Fields that mean nothing without each other: who changes one answers for all."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, standing: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standing = plain(dict(standing))
        self.initial["shown"] = json.dumps(self.standing)

    def said(self) -> dict[str, Any]:
        raise NotImplementedError

    def was_shown(self) -> dict[str, Any]:
        """What stood on the page; of a page that does not say, what stands now."""
        try:
            sent = json.loads(self.cleaned_data["shown"])
        except (ValueError, RecursionError):
            sent = {}
        known = sent if isinstance(sent, dict) else {}
        return {name: known.get(name, value) for name, value in self.standing.items()}

    def corrected(self) -> dict[str, Any]:
        """What was changed on the page, as the services take it."""
        said, shown = self.said(), self.was_shown()
        # A number that was stored in other signs is not a new one: nobody has touched it.
        changed = {
            name
            for name, value in said.items()
            if plain(value) != shown[name] and self[name].data != shown[name] and self._sent(name)
        }
        for group in self.TOGETHER:
            changed.update(group if changed.intersection(group) else ())
        return {name: value for name, value in said.items() if name in changed}

    def _sent(self, name: str) -> bool:
        """Whether the page had the field at all: whoever came since does not stand on it."""
        widget = self.fields[name].widget
        return not widget.value_omitted_from_data(self.data, self.files, self.add_prefix(name))

    def say_changed(self, error: ChangedMeanwhile) -> None:
        """Name what a colleague has changed, and keep what was typed: sent again, it is meant."""
        self.data = self.data.copy()
        self.data["shown"] = json.dumps({**self.was_shown(), **plain(error.standing)})
        for name, value in error.standing.items():
            self.add_error(name, MEANWHILE.format(_in_words(self.fields[name], plain(value))))


def _in_words(field: forms.Field, value: Any) -> str:
    if value in EMPTY:
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(
            "-".join(each) if isinstance(each, list) else _in_words(field, each) for each in value
        )
    labels = dict(field.choices) if isinstance(field, forms.ChoiceField) else {}
    return str(labels.get(value, value))
