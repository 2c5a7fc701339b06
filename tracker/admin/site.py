"""The desk: an admin site whose index is the triage queue."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import update_wrapper
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, resolve, reverse
from django.utils import timezone

from tracker import access, clock, policy
from tracker.access import Staff
from tracker.accounts import desk_session
from tracker.admin import (
    alerts,
    call,
    callbacks,
    education,
    enrolment,
    frame,
    own_numbers,
    patient_data,
    patient_page,
    patients,
    procedures,
    protocols,
    queue,
    recorded,
    reports,
    rights,
    same_clinic,
    several,
    tasks,
)
from tracker.admin import staff_pages as staff
from tracker.admin.access_report import access_report_page, break_glass_page, opens
from tracker.admin.clinic import clinic_page
from tracker.admin.cover import cover_page
from tracker.policy import Action

View = Callable[..., HttpResponse]
PAGE = re.compile(
    r"/admin/(enrol/|protocols/new/"
    r"|(alerts|patients|procedures)/[0-9a-f-]{36}/((check-in|change|procedures)/)?)"
)


class Desk(AdminSite):
    """Whoever has a membership at a clinic works here; what they see is that clinic's."""

    site_title = site_header = frame.TITLE
    site_url = None
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return frame.staff_of(request) is not None

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Let staff in, in the clinic's time zone; everybody else signs in first."""
        guarded = super().admin_view(_answered(view), cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            who = frame.staff_of(request)
            if who is None:
                return _turned_away(request)
            # By the path: what goes on after a password still has the match of that page.
            name = resolve(request.path_info).url_name
            if name is None:
                return frame.nothing_here(request)
            mistaken = same_clinic.refusal(request, who)
            if mistaken is not None:
                return mistaken
            needed = policy.DESK.get(name)

            def answer() -> HttpResponse:
                if not who.may(needed) and not opens(request, who, name, kwargs, clock.now()):
                    return _refused(request, who, needed)
                with timezone.override(ZoneInfo(who.clinic.timezone)):
                    return guarded(request, *args, **kwargs)

            return recorded.answered(request, who, name, answer)

        return update_wrapper(inner, view)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        def at(route: str, view: View, name: str) -> URLPattern:
            return path(route, self.admin_view(view), name=name)

        return [
            at("queue/", queue.queue_fragment, "queue"),
            at("queue/settings/", queue.set_queue, "queue-settings"),
            at("alerts/acknowledge/", several.acknowledge, "acknowledge-several"),
            at("alerts/resolve/", several.resolve, "resolve-several"),
            at("alerts/<uuid:alert_id>/", alerts.alert_page, "alert"),
            at("alerts/<uuid:alert_id>/acknowledge/", alerts.acknowledge, "acknowledge"),
            at("alerts/<uuid:alert_id>/attempt/", alerts.attempt, "attempt"),
            at("alerts/<uuid:alert_id>/resolve/", alerts.resolve, "resolve"),
            at("alerts/<uuid:alert_id>/hand-over/", alerts.hand_over, "hand-over"),
            at("alerts/<uuid:alert_id>/note/", alerts.note, "alert-note"),
            at("alerts/<uuid:alert_id>/reopen/", alerts.reopen, "reopen"),
            at("callbacks/<uuid:request_id>/take/", callbacks.take, "callback-take"),
            at("callbacks/<uuid:request_id>/tried/", callbacks.tried, "callback-tried"),
            at("callbacks/<uuid:request_id>/done/", callbacks.done, "callback-done"),
            at("enrol/", enrolment.enrol_page, "enrol"),
            at("patients/", patients.patients_page, "patients"),
            at("patients/<uuid:patient_id>/", patient_page.patient_page, "patient"),
            at("patients/<uuid:patient_id>/invite/", enrolment.invite, "invite"),
            at("phones/<uuid:session_id>/end/", enrolment.end_phone, "phone-end"),
            at("patients/<uuid:patient_id>/export/", rights.export_page, "patient-export"),
            at("patients/<uuid:patient_id>/erase/", rights.erase_page, "patient-erase"),
            at("protocols/", protocols.protocols_page, "protocols"),
            at("protocols/new/", protocols.new_page, "protocol-new"),
            at("protocols/<int:number>/", protocols.protocol_page, "protocol"),
            at("protocols/<int:number>/review/", protocols.start_review, "protocol-review"),
            at("protocols/<int:number>/approve/", protocols.approve, "protocol-approve"),
            at("patients/<uuid:patient_id>/change/", patient_data.change_page, "patient-change"),
            at("patients/<uuid:patient_id>/note/", patient_data.note, "note"),
            at("patients/<uuid:patient_id>/message/", patient_data.send_message, "message-send"),
            at("patients/<uuid:patient_id>/check-in/", call.check_in_page, "check-in-enter"),
            at("patients/<uuid:patient_id>/procedures/", enrolment.add_page, "procedure-add"),
            at("procedures/<uuid:procedure_id>/", patient_data.procedure_page, "procedure-change"),
            at("procedures/<uuid:procedure_id>/done/", procedures.mark_done, "procedure-done"),
            at("procedures/<uuid:procedure_id>/stop/", procedures.stop, "procedure-stop"),
            at("procedures/<uuid:procedure_id>/resume/", procedures.resume, "procedure-resume"),
            at("procedures/<uuid:procedure_id>/own/", own_numbers.page_of, "procedure-protocol"),
            at("tasks/<uuid:task_id>/done/", tasks.task_done, "task-done"),
            at("clinic/", clinic_page, "clinic"),
            at("cover/", cover_page, "cover"),
            at("cards/", education.cards_page, "cards"),
            at("cards/<slug:key>/approve/", education.approve, "card-approve"),
            at("cards/<slug:key>/withdraw/", education.withdraw, "card-withdraw"),
            at("reports/", reports.reports_page, "reports"),
            at("reports/<slug:name>.csv", reports.report_file, "report-file"),
            at("staff/", staff.staff_page, "staff"),
            at("staff/invite/", staff.invite, "staff-invite"),
            at("staff/<int:membership_id>/role/", staff.change_role, "staff-role"),
            at("staff/<int:membership_id>/deactivate/", staff.deactivate, "staff-deactivate"),
            at("staff/<int:membership_id>/reset/", staff.reset, "staff-reset"),
            at("access-report/", access_report_page, "access-report"),
            at("break-glass/", break_glass_page, "break-glass"),
            *super().get_urls(),
        ]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return queue.queue_page(request)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")  # where guesses are counted

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect(settings.LOGIN_REDIRECT_URL)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), **frame.frame(request)}


def _answered(view: View) -> View:
    """What is absent and what belongs to another clinic get the very same answer."""

    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except (Http404, ObjectDoesNotExist):
            return frame.nothing_here(request)
        except PermissionDenied:
            return frame.may_not(request)
        # Stock pages render late; here they still know the clinic's time zone.
        return response.render() if isinstance(response, TemplateResponse) else response

    return update_wrapper(inner, view)


def _refused(request: HttpRequest, who: Staff, needed: Action | None) -> HttpResponse:
    if needed == Action.QUEUE_SEE and request.path == reverse("admin:index"):
        return redirect("mfa_index")  # where whoever sees no patients lands after signing in
    return frame.may_not(request, policy.refusal(who.membership.role, needed))


def _turned_away(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated and desk_session.owes_second_factor(request):
        return redirect("mfa_index")
    if len(access.memberships_of(request.user)) > 1:
        return redirect("choose_clinic")
    if request.user.is_authenticated:  # signing in again would not help
        return render(request, "desk/no_clinic.html", {"title": "No clinic"}, status=403)
    return redirect_to_login(_asked_from(request), settings.LOGIN_URL)


def _asked_from(request: HttpRequest) -> str:
    """Where to go on after signing in: what was sent by POST stands on the page it came from."""
    if request.method == "GET":
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    ours = came_from.netloc == request.get_host()
    # A form that was refused stands at an address that cannot be asked for: its page can.
    found = PAGE.match(came_from.path) if ours else None
    return found.group() if found else "/admin/"


desk = Desk()
