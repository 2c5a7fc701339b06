"""Write docs/permissions.md out of the table of permissions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import get_resolver

from tracker.models.clinic import Role
from tracker.policy import ALLOWED, DESK, Action

PAGE = Path(settings.ROOT) / "docs" / "permissions.md"


class Command(BaseCommand):
    help = "Write docs/permissions.md out of the table of permissions."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(page())
        self.stdout.write(f"Wrote {PAGE}")


def page() -> str:
    """The whole document, as Markdown."""
    return "\n".join([*_head(), *_table(), *_where()]) + "\n"


def _head() -> Iterator[str]:
    yield "# Who may do what"
    yield ""
    yield "Written by `manage.py permissions` out of `tracker/policy.py`. What is not in the table"
    yield "is refused. Everybody sees their own clinic only; a patient sees what is theirs, and is"
    yield "never a member of staff. An operator runs the installation and sees no patient."
    yield ""


def _table() -> Iterator[str]:
    yield f"| may | {' | '.join(role.label for role in Role)} |"
    yield f"| --- |{' --- |' * len(Role)}"
    for action in Action:
        marks = ("yes" if role in ALLOWED[action] else "" for role in Role)
        yield f"| {action} | {' | '.join(marks)} |"
    yield ""


def _where() -> Iterator[str]:
    yield "## Where it is asked"
    yield ""
    yield "| may | pages of the desk | API |"
    yield "| --- | --- | --- |"
    called = list(_api())
    for action in Action:
        pages = ", ".join(name for name, needed in DESK.items() if needed == action)
        calls = ", ".join(call for call, needed in called if needed == action)
        yield f"| {action} | {pages} | {calls} |"


def _api() -> Iterator[tuple[str, Action]]:
    for pattern in get_resolver("tracker.api.urls").url_patterns:
        view = getattr(pattern.callback, "cls", None)
        for method, needed in getattr(view, "actions", {}).items():
            yield (
                f"`{method} /api/{pattern.pattern}`".replace("<uuid:", "{").replace(">", "}"),
                needed,
            )
