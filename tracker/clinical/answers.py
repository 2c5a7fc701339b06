"""Reads single answers strictly: right type, right size, or a problem that says what is right."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from . import phrases
from .words import words

TEXT_MAX = 2000
FUTURE_ALLOWED = timedelta(minutes=5)
OLDEST_YEAR = 2000

_SCORE = re.compile(r"-?[0-9]{1,3}(/10)?")
_NUMBER = re.compile(r"-?[0-9]{1,6}([.,][0-9]{1,2})?")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})"
)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
# Control characters but for line breaks and tabs, marks that reverse the writing, and halves of
# characters, none of which anybody types.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff]"
)


@dataclass(slots=True)
class Problem:
    """An answer that cannot be right: where it stands, and what would be right."""

    pointer: str
    code: str
    phrase: str
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def detail(self) -> str:
        return self.say("en")

    def say(self, language: str = "en") -> str:
        """The sentence for the person who typed it."""
        facts = {**self.facts, "field": _field_name(self.pointer, language)}
        return phrases.say(self.phrase, facts, language)


def _field_name(pointer: str, language: str) -> str:
    path = pointer.removeprefix("/")
    item = path.rpartition("/")[2]
    return words(language).fields.get(path) or phrases.item_name(item, language)


@dataclass(slots=True)
class Part:
    """One group of answers with its place in the body; what is wrong goes to `problems`."""

    pointer: str
    answers: Mapping[str, object]
    problems: list[Problem]

    def refuse(self, key: str, code: str, phrase: str, **facts: object) -> None:
        self.problems.append(Problem(f"{self.pointer}/{escaped(key)}", code, phrase, facts))

    def only(self, known: Collection[str]) -> None:
        """Refuse every key that is not among the known ones."""
        for key in self.answers:
            if key not in known:
                self.refuse(key, "reject_unknown", "unknown_key")

    def part(self, key: str) -> Part | None:
        """A group of answers inside this one."""
        value = self.answers.get(key)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.refuse(key, "reject_type", "not_object")
            return None
        return Part(f"{self.pointer}/{key}", value, self.problems)

    def yes_no(self, key: str) -> bool | None:
        value = self.answers.get(key)
        if value is None or isinstance(value, bool):
            return value
        self.refuse(key, "reject_type", "not_true_false")
        return None

    def whole(self, key: str, low: int, high: int, *, of_ten: bool = False) -> int | None:
        """A whole number; as text only where people type "7/10"."""
        value = self.answers.get(key)
        if value is None:
            return None
        number = _whole(value, of_ten)
        if number is None:
            self.refuse(key, "reject_not_integer", "not_integer", low=low, high=high)
            return None
        if not low <= number <= high:
            self.refuse(key, "reject_range", "range", low=low, high=high)
            return None
        return number

    def number(self, key: str, example: str) -> Decimal | None:
        value = self.answers.get(key)
        if value is None:
            return None
        number = _decimal(value)
        if number is None:
            self.refuse(key, "reject_not_number", "not_number", example=example)
        return number

    def choice(self, key: str, choices: Collection[str]) -> str | None:
        value = self.answers.get(key)
        if value is None:
            return None
        if isinstance(value, str) and value in choices:
            return value
        self.refuse(key, "reject_choice", "choice", choices=", ".join(choices))
        return None

    def text(self, key: str) -> str | None:
        value = self.answers.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not _is_plain(value):
            self.refuse(key, "reject_text", "text", high=TEXT_MAX)
            return None
        return value

    def reference(self, key: str) -> str | None:
        value = self.answers.get(key)
        if value is None:
            return None
        if isinstance(value, str) and _ID.fullmatch(value):
            return value
        self.refuse(key, "reject_type", "not_id")
        return None

    def time(self, key: str, recorded_at: datetime) -> datetime | None:
        """A moment with its offset, at most five minutes after it was recorded."""
        value = self.answers.get(key)
        if value is None:
            self.refuse(key, "reject_required", "required")
            return None
        moment = _time(value)
        if moment is None:
            self.refuse(key, "reject_type", "not_time")
            return None
        if moment - FUTURE_ALLOWED > recorded_at:
            self.refuse(key, "reject_future", "future")
            return None
        return moment


def escaped(key: str) -> str:
    """A key as a step of a JSON pointer, cut to a size that is safe to send back."""
    safe = key[:64].encode("ascii", "backslashreplace").decode()
    return safe.replace("~", "~0").replace("/", "~1")


def _is_plain(text: str) -> bool:
    sized = bool(text.strip()) and len(text) <= TEXT_MAX
    return sized and not _UNPRINTABLE.search(text)


def _whole(value: object, of_ten: bool) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if of_ten and isinstance(value, str) and _SCORE.fullmatch(value):
        return int(value.removesuffix("/10"))
    return None


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    if isinstance(value, int) and abs(value) >= 10**6:
        return None
    typed = value if isinstance(value, str) else format(Decimal(str(value)), "f")
    return Decimal(typed.replace(",", ".")) if _NUMBER.fullmatch(typed) else None


def _time(value: object) -> datetime | None:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.year >= OLDEST_YEAR else None
