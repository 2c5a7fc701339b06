"""A page that was opened at one clinic must not write at another one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from tracker import access
from tracker.access import Staff
from tracker.accounts import desk_session
from tracker.admin import frame
from tracker.templatetags.desk_forms import AT_CLINIC

OTHER_CLINIC = 409


def refusal(request: HttpRequest, who: Staff) -> HttpResponse | None:
    """What whoever changed clinics is told of a form that was opened before; None when it fits.

    Whoever works at one clinic may send a form that names none: there is nothing to mistake.
    """
    if request.method != "POST":
        return None
    sent = request.POST.get(AT_CLINIC)
    if sent == str(who.clinic.pk):
        return None
    if sent is None and desk_session.CLINIC not in request.session:
        return None
    words = (
        f"This page belongs to {_name(request, sent)}, and you are at {who.clinic} now. "
        "Nothing was saved. To send it, change back to that clinic and open the page again."
    )
    return frame.page(
        request, "desk/refusal.html", "Another clinic", status=OTHER_CLINIC, words=words
    )


def _name(request: HttpRequest, clinic_id: str | None) -> str:
    """Only somebody who works there learns what a clinic is called."""
    theirs = access.memberships_of(request.user)
    names = [str(each.clinic) for each in theirs if str(each.clinic_id) == clinic_id]
    return names[0] if names else "another clinic"
