"""What a page knows of the queue, so that it is sent again only when it changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

LOOKS_AGAIN = timedelta(seconds=30)
"""How late a page says what no row tells: that a target has passed, that a colleague has another
name. What is new, taken or closed is always in the next answer."""
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Edition:
    """An ETag: the rows as they were sent, and until when an unchanged mark vouches for them."""

    content: str = ""
    mark: str = ""
    until: datetime = NEVER

    @classmethod
    def of(cls, known: object) -> Edition:
        """An edition for which nothing vouches: the next question looks at every row."""
        return cls(_digest(known))

    @classmethod
    def read(cls, tag: str) -> Edition:
        """Read what a browser sends back; nothing that we ever wrote is no edition at all."""
        content, _, rest = tag.removeprefix("W/").strip('"').partition(".")
        mark, _, until = rest.partition(".")
        try:
            return cls(content, mark, datetime.fromtimestamp(int(until), UTC))
        except (ValueError, OverflowError, OSError):
            return cls(content)

    def vouched(self, mark: str, *, now: datetime) -> Edition:
        return Edition(self.content, mark, now + LOOKS_AGAIN)

    def still_holds(self, mark: str, *, now: datetime) -> bool:
        # A date far ahead was not written here.
        return self.mark == mark and now < self.until <= now + LOOKS_AGAIN

    def __str__(self) -> str:
        return f'"{self.content}.{self.mark}.{int(self.until.timestamp()) if self.mark else 0}"'


def _digest(known: object) -> str:
    return sha256(repr(known).encode()).hexdigest()[:32]
