"""The people of the clinic: who works here, as what, and the links that let them in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from tracker import clock, policy
from tracker.access import NotAllowed
from tracker.accounts.desk_session import require_recent
from tracker.admin.forms import DeskForm
from tracker.admin.frame import action, at_work, may_not, page
from tracker.models.clinic import Role
from tracker.services import staff
from tracker.services.staff import AlreadyHere, AskSomebodyElse, AskTheServer, GiveAReason
from tracker.services.staff_links import Invited

WRONG = 422
ROLES = [(each.value, each.label) for each in policy.GIVEN_BY_MANAGERS]


class InviteForm(DeskForm):
    ids = "invite-%s"
    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="E-mail", max_length=254)
    role = forms.ChoiceField(label="Role", choices=ROLES, initial=Role.NURSE)


class RoleForm(DeskForm):
    role = forms.ChoiceField(label="Role", choices=ROLES)


class ReasonForm(DeskForm):
    reason = forms.CharField(label="How you know that it is them", max_length=200)


@require_safe
def staff_page(request: HttpRequest) -> HttpResponse:
    return _shown(request, InviteForm())


@action
def invite(request: HttpRequest) -> HttpResponse:
    """Make a one-time link; it is shown now and never again."""
    require_recent(request)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _shown(request, form, status=WRONG)
    known = {**form.cleaned_data, "role": Role(form.cleaned_data["role"])}
    try:
        invited = staff.invite(staff=at_work(request), now=clock.now(), **known)
    except AlreadyHere as error:
        form.add_error("email", str(error))
        return _shown(request, form, status=WRONG)
    except NotAllowed:
        return may_not(request)
    return _link_page(request, invited)


@action
def change_role(request: HttpRequest, membership_id: int) -> HttpResponse:
    form = RoleForm(request.POST)
    if not form.is_valid():
        return may_not(request, "A manager gives the roles of this list, and no other.")
    role = Role(form.cleaned_data["role"])
    return _done(request, staff.change_role, "Saved.", membership_id=membership_id, role=role)


@action
def deactivate(request: HttpRequest, membership_id: int) -> HttpResponse:
    done = "They no longer work here, and are signed out."
    return _done(request, staff.deactivate, done, membership_id=membership_id)


@action
def reset(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Help with a lost second factor; what was typed as the reason is kept."""
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _done(request, staff.reset_second_factor, "", membership_id=membership_id, reason=reason)


def _done(
    request: HttpRequest, service: Callable[..., Invited | None], words: str, **known: Any
) -> HttpResponse:
    require_recent(request)
    try:
        invited = service(staff=at_work(request), now=clock.now(), **known)
    except (AskSomebodyElse, AskTheServer) as error:
        return may_not(request, str(error))
    except NotAllowed:
        return may_not(request)
    except GiveAReason as error:
        messages.warning(request, str(error))
        return redirect("admin:staff")
    if invited is not None:
        return _link_page(request, invited)
    messages.success(request, words)
    return redirect("admin:staff")


def _shown(request: HttpRequest, form: InviteForm, *, status: int = 200) -> HttpResponse:
    known = at_work(request)
    rows = [
        {
            "member": each,
            "is_me": each.user_id == known.user.pk,
            "role_form": RoleForm(initial={"role": each.role}, auto_id=f"role-{each.pk}-%s"),
            "reason_form": ReasonForm(auto_id=f"reason-{each.pk}-%s"),
        }
        for each in staff.members(staff=known)
    ]
    return page(request, "desk/staff.html", "Staff", status=status, form=form, rows=rows)


def _link_page(request: HttpRequest, invited: Invited) -> HttpResponse:
    title = "One-time link"
    return page(request, "desk/staff_link.html", title, link=invited.link, url=invited.url)
