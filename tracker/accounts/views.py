"""The ways in that allauth does not have: a one-time link, and the choice of a clinic."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.views import IndexView
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tracker import access, clock
from tracker.accounts import desk_session, own_sessions, signals
from tracker.accounts.forms import JoinForm, WelcomeForm
from tracker.models import User
from tracker.policy import Action
from tracker.services import staff_links
from tracker.services.staff_links import LinkRefused, SignInFirst

WRONG = 422
REFUSED = "This link does not work: it was used, is too old, or not whole. Ask for a new one."
ANOTHER = "You are signed in as somebody else. Sign out, then open the link again."


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Let somebody in by a one-time link. Looking at the page uses nothing up."""
    kind = JoinForm if request.user.is_authenticated else WelcomeForm
    if request.method != "POST":
        return _shown(request, kind())
    form = kind(request.POST)
    if not form.is_valid():
        return _shown(request, form, WRONG)
    try:
        return _joined(request, form)
    except LinkRefused:
        form.add_error(None, REFUSED)
    except SignInFirst as error:
        form.add_error(None, ANOTHER if request.user.is_authenticated else str(error))
    return _shown(request, form, WRONG)


class YourAccount(IndexView):
    """How somebody signs in, and what is still missing."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        missing = desk_session.owes_second_factor(self.request)
        sessions = [] if missing else own_sessions.own_sessions(self.request, self.request.user)
        staff = desk_session.staff_of(self.request)
        return super().get_context_data(
            second_factor_missing=missing,
            sessions=sessions,
            zone=_zone(self.request),
            opens_by_reason=bool(staff and staff.may(Action.BREAK_GLASS)),
            **kwargs,
        )


def _zone(request: HttpRequest) -> str:
    """The clock that somebody works by; of two clinics' clocks, the chosen one's."""
    staff = desk_session.staff_of(request)
    memberships = access.memberships_of(request.user)
    clinics = [staff.clinic] if staff else [each.clinic for each in memberships]
    return clinics[0].timezone if clinics else settings.TIME_ZONE


def nobody_signs_up(request: HttpRequest) -> HttpResponse:
    """Hold the name that allauth looks for."""
    raise Http404


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_clinic(request: HttpRequest) -> HttpResponse:
    """Choose at which clinic to work now; what is seen is that clinic's alone."""
    if desk_session.owes_second_factor(request):
        return redirect("mfa_index")
    memberships = access.memberships_of(request.user)
    chosen = request.POST.get("clinic", "")
    if any(str(each.clinic_id) == chosen for each in memberships):
        request.session[desk_session.CLINIC] = chosen
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "account/choose_clinic.html", {"memberships": memberships})


@login_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of this account, this one too."""
    desk_session.require_recent(request)
    if isinstance(request.user, User):
        staff_links.end_sessions(user=request.user)
    get_adapter().logout(request)
    return redirect(settings.LOGIN_URL)


@login_required
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one session of this account: a desk that one left, a browser that one does not know."""
    user = request.user
    if not isinstance(user, User) or desk_session.owes_second_factor(request):
        return redirect("mfa_index")
    desk_session.require_recent(request)
    if own_sessions.end_one(user, request.POST.get("session", "")):
        signals.note(user, "staff.session.end")
    return redirect("mfa_index")


def _joined(request: HttpRequest, form: JoinForm) -> HttpResponse:
    token, now = form.cleaned_data["token"], clock.now()
    person, sets_password = staff_links.person_of(token=token, now=now)
    if isinstance(form, WelcomeForm) and sets_password and not form.check_password(person):
        return _shown(request, form, WRONG)
    if sets_password and not isinstance(form, WelcomeForm):
        raise SignInFirst
    joined = staff_links.accept(
        token=token,
        password=form.cleaned_data.get("password", ""),
        signed_in=_signed_in(request),
        now=now,
    )
    if sets_password:
        get_adapter().login(request, joined.user)
        record_authentication(request, joined.user, method="password")
    return redirect("mfa_index" if desk_session.owes_second_factor(request) else "/admin/")


def _signed_in(request: HttpRequest) -> User | None:
    if not isinstance(request.user, User) or desk_session.owes_second_factor(request):
        return None
    return request.user


def _shown(request: HttpRequest, form: JoinForm, status: int = 200) -> HttpResponse:
    return render(request, "account/welcome.html", {"form": form}, status=status)
