"""One check-in as the rules see it, in the units typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from .quantities import Glucose, Temperature

Symptom = bool | str | int


@dataclass(slots=True)
class Pain:
    """Two scores from 0 to 10: the pain that was treated, and soreness where the needle went in."""

    usual: int | None = None
    site: int | None = None
    controlled: bool | None = None
    worse_than_before: bool | None = None


@dataclass(slots=True)
class Site:
    """The skin where the needle went in; grades are 0 none, 1 coin, 2 palm, 3 larger or hard."""

    redness: int | None = None
    swelling: int | None = None
    warmth: bool | None = None
    drainage: str | None = None
    streaks: bool | None = None
    bruise: bool | None = None
    trend: str | None = None


@dataclass(slots=True)
class Other:
    """Something that no question asked about, in the patient's words."""

    text: str
    urgency: str | None = None


SITE_ITEMS = ("redness", "swelling", "warmth", "drainage", "streaks", "bruise")


@dataclass(slots=True)
class Reading:
    """One check-in as the rules see it; whatever was not answered is None or absent.

    `questions` holds the JSON pointers of urgent questions that this check-in left open.
    """

    id: str
    observed_at: datetime
    recorded_at: datetime
    pain: Pain | None = None
    temperature: Temperature | None = None
    glucose: Glucose | None = None
    site: Site | None = None
    symptoms: dict[str, Symptom] = field(default_factory=dict)
    other: Other | None = None
    antipyretic_within_6h: bool | None = None
    questions: tuple[str, ...] = ()

    def items(self) -> set[str]:
        """The names of the items that were answered, "no" included."""
        items = set(self.symptoms)
        if self.temperature is not None:
            items.add("temperature")
        if self.glucose is not None:
            items.add("glucose")
        if self.other is not None:
            items.add("other")
        if self.pain is not None:
            items.update(_answered(self.pain, "pain", ("usual", "site")))
        if self.site is not None:
            items.update(_answered(self.site, "site", SITE_ITEMS))
        return items


def _answered(part: Pain | Site, name: str, fields: tuple[str, ...]) -> list[str]:
    return [f"{name}.{item}" for item in fields if getattr(part, item) is not None]
