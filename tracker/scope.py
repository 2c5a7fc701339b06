"""In which clinic this thread works: the database shows and takes rows of that clinic only.

Outside of any clinic it shows nothing. The clinic is that of whoever was recognised, or of the row
that is worked on; never what somebody asked for. tracker/database/ tells it to each connection.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

NOWHERE = ""
_clinic: ContextVar[str] = ContextVar("clinic", default=NOWHERE)


def current() -> str:
    return _clinic.get()


@contextmanager
def clinic_scope(clinic_id: UUID) -> Iterator[None]:
    """Work at one clinic, and then again where one was before."""
    token = _clinic.set(str(UUID(str(clinic_id))))
    try:
        yield
    finally:
        _clinic.reset(token)


@contextmanager
def nowhere() -> Iterator[None]:
    """Begin at no clinic: whatever happens in here, nothing of it is left afterwards."""
    token = _clinic.set(NOWHERE)
    try:
        yield
    finally:
        _clinic.reset(token)


def enter(clinic_id: UUID) -> None:
    """Work at this clinic until the surrounding `nowhere` or `clinic_scope` ends."""
    _clinic.set(str(clinic_id))
