"""How one person set the queue: what it shows them, single keys, a sound."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db import transaction

from tracker.models import User

SHOWN = {
    "tier": ("", "emergency", "call_today", "watch"),
    "owner": ("", "mine", "unowned"),
    "kind": ("", "alerts", "callbacks", "compliance"),
}
"""What each filter may be; empty shows all."""


@dataclass(frozen=True, slots=True)
class DeskSettings:
    tier: str = ""
    owner: str = ""
    kind: str = ""
    keys: bool = True
    """Whether a single key acts; off for those whose speech or tremor would press some."""
    sound: bool = False
    """Whether a new emergency is heard."""

    @property
    def hides_some(self) -> bool:
        return bool(self.tier or self.owner or self.kind)


def settings_of(user: User) -> DeskSettings:
    """Read them; what nobody knows any more is as if it had not been set."""
    return DeskSettings(**{name: value for name, value in user.desk.items() if _known(name, value)})


@transaction.atomic
def change_settings(*, user: User, **changed: Any) -> DeskSettings:
    """Change some of them, and leave the others as they are."""
    held = User.objects.select_for_update().get(pk=user.pk)
    wanted = {**asdict(settings_of(held)), **changed}
    held.desk = {name: value for name, value in wanted.items() if _known(name, value)}
    held.save(update_fields=["desk"])
    return settings_of(held)


def _known(name: str, value: Any) -> bool:
    if name in SHOWN:
        return value in SHOWN[name]
    return name in {each.name for each in fields(DeskSettings)} and isinstance(value, bool)
