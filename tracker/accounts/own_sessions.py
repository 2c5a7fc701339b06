"""Where somebody is signed in at the desk, so that they can end what they do not know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from tracker.accounts import desk_session
from tracker.models import User

MOST = 5000
"""Sessions that are looked through; one is over after a shift, so a large clinic has hundreds."""


@dataclass(frozen=True, slots=True)
class OwnSession:
    name: str
    """Says which session it is without being its key."""
    browser: str
    began_at: datetime | None
    seen_at: datetime | None
    is_this: bool


def own_sessions(request: HttpRequest, user: User) -> list[OwnSession]:
    """Give this person's sessions that still work, this one first, then the latest used."""
    this = request.session.session_key
    found = [
        OwnSession(
            name=_name(row.session_key),
            browser=known.get(desk_session.BROWSER) or "A browser without a name",
            began_at=_moment(known.get(desk_session.BEGAN)),
            seen_at=_moment(known.get(desk_session.SEEN)),
            is_this=row.session_key == this,
        )
        for row, known in _of(user)
    ]
    never = datetime.min.replace(tzinfo=UTC)
    return sorted(found, key=lambda each: (each.is_this, each.seen_at or never), reverse=True)


def end_one(user: User, name: str) -> bool:
    """End one session of this person; False when it is over, or somebody else's."""
    keys = [row.session_key for row, _ in _of(user) if constant_time_compare(_name(row.pk), name)]
    return bool(Session.objects.filter(pk__in=keys).delete()[0])


def _of(user: User) -> Iterator[tuple[Session, dict[str, Any]]]:
    whole = user.get_session_auth_hash()
    live = Session.objects.filter(expire_date__gt=datetime.now(UTC)).order_by("-expire_date")
    for row in live[:MOST]:
        known = row.get_decoded()
        # A new password, or signing out everywhere, has ended those of another hash.
        is_theirs = known.get(SESSION_KEY) == str(user.pk) and known.get(HASH_SESSION_KEY) == whole
        if is_theirs and not desk_session.is_over(known):
            yield row, known


def _name(key: str) -> str:
    return sha256(f"own session {key}".encode()).hexdigest()[:24]


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
