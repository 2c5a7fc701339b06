"""What else helps: one tap for a walk, a swim, a stretch, heat."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods

from tracker import clock
from tracker.access import Phone
from tracker.models.therapy import TherapyKind
from tracker.pages.phone import phone_page, show
from tracker.services import therapies
from tracker.services.therapies import HeatTooEarly, NoProcedure, TherapyIdTaken
from tracker.templatetags.phone import clock as time_of_day

NAMES = {
    TherapyKind.WALK: gettext_lazy("Walk"),
    TherapyKind.STRETCH: gettext_lazy("Stretching"),
    TherapyKind.PHYSICAL_THERAPY: gettext_lazy("Physical therapy"),
    TherapyKind.SWIM: gettext_lazy("Swim"),
    TherapyKind.HEAT: gettext_lazy("Heat"),
    TherapyKind.MASSAGE: gettext_lazy("Massage"),
    TherapyKind.ACUPUNCTURE: gettext_lazy("Acupuncture"),
    TherapyKind.CHIROPRACTIC: gettext_lazy("Chiropractic"),
}
SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@phone_page
def therapies_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    return _log(request, phone) if request.method == "POST" else _page(request, phone)


def _page(request: HttpRequest, phone: Phone, error: str = "", status: int = 200) -> HttpResponse:
    done = therapies.of_phone(phone).order_by("-done_at", "-pk")[:SHOWN]
    lines = [(each, NAMES[TherapyKind(each.kind)]) for each in done]
    return show(
        request,
        phone,
        "therapies.html",
        status=status,
        error=error,
        kinds=[(kind.value, name) for kind, name in NAMES.items()],
        lines=lines,
        new_id=uuid.uuid4(),
    )


def _log(request: HttpRequest, phone: Phone) -> HttpResponse:
    kind, now = request.POST.get("kind", ""), clock.now()
    if kind not in TherapyKind.values:
        return _page(request, phone, _("Choose what you did."), 422)
    try:
        therapies.log(
            phone=phone,
            client_id=_id_in(request),
            kind=TherapyKind(kind),
            minutes=None,
            done_at=now,
            now=now,
        )
    except HeatTooEarly as early:
        return _page(request, phone, _heat_waits(early), 409)
    except NoProcedure:
        return _page(
            request, phone, _("The clinic has not planned a procedure for you yet. Call it."), 409
        )
    except TherapyIdTaken:
        pass  # the button was pressed twice: the first press counts
    return redirect("therapies")


def _heat_waits(early: HeatTooEarly) -> str:
    allowed_from = timezone.localtime(early.allowed_from)
    day = date_format(allowed_from, pgettext("date", "l, F j"))
    return _(
        "No heat yet, please: your skin may still be numb, and you would not feel a burn. "
        "Heat is fine from %(day)s at %(time)s. Until then, ice is the better choice."
    ) % {"day": day, "time": time_of_day(allowed_from)}


def _id_in(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("therapy_id", ""))
    except ValueError:
        return uuid.uuid4()
