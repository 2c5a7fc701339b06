"""How it goes: the drawing, the same as a table, what is normal now, and a page for the doctor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.access import Phone
from tracker.models.alert import AlertTier
from tracker.models.therapy import TherapyKind
from tracker.pages import pain_chart
from tracker.pages.phone import phone_page, show
from tracker.pages.source_names import to_verify
from tracker.pages.therapies import NAMES
from tracker.pages.words import name_of
from tracker.services import education
from tracker.services.progress import Day, Progress, progress_of

ON_PAPER = 30
"""Days that fit on one page; the newest."""


@dataclass(frozen=True, slots=True)
class Line:
    """One day of the table."""

    on: date
    number: int
    usual: str
    site: str
    also: list[str]


@require_safe
@phone_page
def progress_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    now = clock.now()
    progress = progress_of(patient=phone.patient, now=now)
    if progress is None:
        return show(request, phone, "progress.html")
    # By the calendar, as today's page counts.
    day = (timezone.localdate(now) - timezone.localdate(progress.began)).days
    found = education.lessons(patient=phone.patient, procedure=progress.procedure, day=day)
    lessons = [(lesson, to_verify(lesson.source)) for lesson in found]
    return show(request, phone, "progress.html", **_shown(progress), day=day, lessons=lessons)


@require_safe
@phone_page
def for_the_doctor_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    progress = progress_of(patient=phone.patient, now=clock.now())
    shown = _shown(progress, days=ON_PAPER) if progress else {}
    return show(request, phone, "for_the_doctor.html", **shown)


def _shown(progress: Progress, days: int | None = None) -> dict[str, object]:
    return {
        "progress": progress,
        "chart": pain_chart.pain_chart(progress),
        "lines": [_line(day) for day in progress.days[:days]],
        "relief": _relief(progress),
    }


def _relief(progress: Progress) -> str:
    percent = progress.relief
    if percent is None:
        return ""
    if percent > 0:
        return _("Your usual pain is %(percent)s%% less than before the block.") % {
            "percent": percent
        }
    if percent == 0:
        return _("Your usual pain is as it was before the block.")
    return _("Your usual pain is more than it was before the block.")


def _line(day: Day) -> Line:
    return Line(
        on=day.on,
        number=day.number,
        usual=_scores([told.usual for told in day.told]),
        site=_scores([told.site for told in day.told]),
        also=_also(day),
    )


def _scores(scores: list[int | None]) -> str:
    return ", ".join(str(score) for score in scores if score is not None)


def _also(day: Day) -> list[str]:
    ice = ngettext("ice once", "ice %(times)s times", day.ice) % {"times": day.ice}
    signs = ", ".join(
        name_of(alert.sign) for alert in day.alerts if alert.tier >= AlertTier.CALL_TODAY
    )
    alerts = [_("%(sign)s: the clinic was told") % {"sign": signs}] if signs else []
    therapies = [str(NAMES[TherapyKind(each.kind)]) for each in day.therapies]
    return [*([ice] if day.ice else []), *therapies, *alerts]
