"""What surrounds every page of the desk: who works here, and what must be said on each page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.decorators import csp_update
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from tracker import access
from tracker.access import Staff
from tracker.accounts import desk_session
from tracker.models import ProtocolVersion
from tracker.models.protocol import ProtocolState
from tracker.policy import LETS_YOU_READ, Action

View = Callable[..., HttpResponse]
NOTHING = "There is nothing here. It may belong to another clinic, or never have existed."
TITLE = "Afterblock"
# Our scripts never turn text into markup; the stock admin's do, so its forms stay without this.
NO_MARKUP_FROM_TEXT = {"require-trusted-types-for": ["'script'"], "trusted-types": ["'none'"]}


def staff_of(request: HttpRequest) -> Staff | None:
    """Tell who works here, asking the database once a request."""
    if not hasattr(request, "_staff"):
        request._staff = desk_session.staff_of(request)  # type: ignore[attr-defined]
    return request._staff  # type: ignore[attr-defined,no-any-return]


def at_work(request: HttpRequest) -> Staff:
    """Give the member of staff whom the desk has let in."""
    staff = staff_of(request)
    if staff is None:
        raise PermissionDenied
    return staff


def action(view: View) -> View:
    """A view that changes something: by POST. Who may, tracker/policy.py says."""
    return require_POST(view)


@csp_update(NO_MARKUP_FROM_TEXT)
def page(
    request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page of the desk."""
    known = {**frame(request), "has_permission": True, "title": title}
    return render(request, template, {**known, **context}, status=status)


def nothing_here(request: HttpRequest) -> HttpResponse:
    return page(request, "desk/refusal.html", "Nothing here", status=404, words=NOTHING)


def may_not(request: HttpRequest, words: str = LETS_YOU_READ) -> HttpResponse:
    return page(request, "desk/refusal.html", "Not for your role", status=403, words=words)


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame of a page shows, for our own pages and the stock ones alike."""
    staff = staff_of(request)
    return {
        "site_title": TITLE,
        "site_header": TITLE,
        "is_popup": False,
        "is_nav_sidebar_enabled": False,
        "staff": staff,
        "may_act": bool(staff and staff.may_act),
        "sees_patients": bool(staff and staff.may(Action.PATIENT_SEE)),
        "sets_clinic": bool(staff and staff.may(Action.CLINIC_SET)),
        "manages_staff": bool(staff and staff.may(Action.STAFF_MANAGE)),
        "opens_by_reason": bool(staff and staff.may(Action.BREAK_GLASS)),
        "works_elsewhere": desk_session.CLINIC in request.session,
        "protocol_approved": bool(staff and _protocol_approved(staff)),
    }


def _protocol_approved(staff: Staff) -> bool:
    """Whether the clinic works with numbers that somebody has answered for."""
    versions = access.of_clinic(staff, ProtocolVersion.objects.all())
    return versions.filter(state=ProtocolState.APPROVED).exists()
