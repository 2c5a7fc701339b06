"""Who looked at my data: day by day, in words, the same thing by the same person once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.access import Phone
from tracker.pages.phone import phone_page, show
from tracker.services import who_looked
from tracker.services.who_looked import Kind, Look, Somebody

SHOWN_DAYS = 90
MOST = 1000
ROLES: dict[str, str | Promise] = {
    "reader": gettext_lazy("staff"),
    "nurse": gettext_lazy("nurse"),
    "clinician": gettext_lazy("doctor or clinician"),
    "manager": gettext_lazy("manager"),
    "operator": gettext_lazy("technician"),
}
WHAT: dict[Kind, str | Promise] = {
    Kind.OPENED: gettext_lazy("Opened your record"),
    Kind.LISTED: gettext_lazy("Saw your name in a list"),
    Kind.EXPORTED: gettext_lazy("Made a copy of your record"),
    Kind.BREAK_GLASS: gettext_lazy("Opened your record for one hour, and had to say why"),
    Kind.WORKED: gettext_lazy("Worked on your record"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody did on one day, and when the last time."""

    at: datetime
    who: str
    what: str
    times: int


@require_safe
@phone_page
def who_looked_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    since = clock.now() - timedelta(days=SHOWN_DAYS)
    rows = who_looked.looks_at(phone).filter(at__gte=since).order_by("-at", "-pk")[:MOST]
    read = who_looked.reader(phone)
    looks = [read(each) for each in rows]
    days = [
        (on, _lines(list(group)))
        for on, group in groupby(looks, key=lambda each: timezone.localdate(each.at))
    ]
    return show(request, phone, "who_looked.html", days=days, shown_days=SHOWN_DAYS)


def _lines(looks: list[Look]) -> list[Line]:
    counted = Counter((each.who, each.what) for each in looks)
    latest = {(each.who, each.what): each.at for each in reversed(looks)}
    return [
        Line(latest[who, what], name_of(who), str(WHAT[what]), times)
        for (who, what), times in counted.items()
    ]


def name_of(who: Somebody) -> str:
    if who.kind == "caregiver":
        return _("%(name)s, whom you let in") % {"name": who.name or _("Somebody")}
    if not who.name:
        return _("Somebody at your clinic")
    if who.role not in ROLES:
        return _("Somebody at your clinic (%(name)s)") % {"name": who.name}
    return f"{who.name} ({ROLES[who.role]})"
