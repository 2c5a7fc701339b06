"""The clinic's numbers: their history, a form for new ones, and the steps to approval."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from tracker import clock
from tracker.admin.frame import action, at_work, may_not, page
from tracker.admin.protocol_form import ProtocolForm, lines
from tracker.admin.tryout import Tryout, tryout
from tracker.clinical.protocol import OutOfBounds, Protocol
from tracker.models import ProtocolVersion
from tracker.models.protocol import ProtocolState
from tracker.services import protocols, what_if

WRONG = 422


@require_safe
def protocols_page(request: HttpRequest) -> HttpResponse:
    staff, now = at_work(request), clock.now()
    return page(
        request,
        "desk/protocols.html",
        "Protocol",
        versions=[(each, _steps(each)) for each in protocols.versions(staff=staff, now=now)],
        in_force=protocols.current_protocol(clinic=staff.clinic, now=now),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_page(request: HttpRequest) -> HttpResponse:
    """Propose numbers; what was typed survives every refusal."""
    staff, now = at_work(request), clock.now()
    standing = protocols.current_protocol(clinic=staff.clinic, now=now)
    if request.method != "POST":
        return _form_page(request, ProtocolForm(standing=standing.protocol()), standing)
    form = ProtocolForm(request.POST, standing=standing.protocol())
    if request.POST.get("do") == "try":
        form.fields["reason"].required = False
        if not form.is_valid():
            return _form_page(request, form, standing, WRONG)
        form.fields["reason"].required = True
        tried = tryout(staff, form.numbers(), now)
        return _form_page(request, form, standing, tried=tried)
    if not form.is_valid():
        return _form_page(request, form, standing, WRONG)
    try:
        version = protocols.submit(
            staff=staff, numbers=form.numbers(), reason=form.cleaned_data["reason"], now=now
        )
    except (OutOfBounds, protocols.ChangeSomething, protocols.GiveAReason) as error:
        form.add_error(None, str(error))
        return _form_page(request, form, standing, WRONG)
    messages.success(request, "Submitted. Nothing changes until a clinician approves it.")
    return redirect("admin:protocol", version.number)


@require_safe
def protocol_page(request: HttpRequest, number: int) -> HttpResponse:
    staff, now = at_work(request), clock.now()
    known = protocols.versions(staff=staff, now=now)
    version = known.get(number=number)
    in_force = protocols.current_protocol(clinic=staff.clinic, now=now)
    against = _against(request, known, in_force)
    return page(
        request,
        "desk/protocol.html",
        f"Protocol version {number}",
        version=version,
        in_force=in_force,
        steps=_steps(version),
        rows=_differences(version.protocol(), against.protocol()),
        against=against,
        others=[each for each in known if each.pk != version.pk],
        tried=tryout(staff, version.numbers, now) if request.GET.get("try") == "1" else None,
        most=what_if.NEWEST,
        may_decide=protocols.may_decide(staff, version),
        submitted=version.state == ProtocolState.SUBMITTED,
        under_review=version.state == ProtocolState.UNDER_REVIEW,
        overtaken=version.state != ProtocolState.APPROVED and version.number < in_force.number,
    )


@action
def start_review(request: HttpRequest, number: int) -> HttpResponse:
    done = "The review has begun. Compare each number with your clinic's own sheet."
    return _decided(request, number, protocols.start_review, done)


@action
def approve(request: HttpRequest, number: int) -> HttpResponse:
    done = "Approved. New procedures use it; open ones keep theirs unless a clinician moves them."
    return _decided(request, number, protocols.approve, done)


def _decided(
    request: HttpRequest, number: int, step: Callable[..., ProtocolVersion], done: str
) -> HttpResponse:
    try:
        step(staff=at_work(request), number=number, now=clock.now())
    except (protocols.AskAClinician, protocols.AskAnotherClinician) as error:
        return may_not(request, str(error))
    except (protocols.ReloadFirst, protocols.ReviewFirst, protocols.SubmitAgain) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, done)
    return redirect("admin:protocol", number)


def _form_page(
    request: HttpRequest,
    form: ProtocolForm,
    standing: ProtocolVersion,
    status: int = 200,
    tried: Tryout | None = None,
) -> HttpResponse:
    return page(
        request,
        "desk/protocol_new.html",
        "Propose new numbers",
        status=status,
        form=form,
        standing=standing,
        tried=tried,
        most=what_if.NEWEST,
    )


def _steps(version: ProtocolVersion) -> list[dict[str, Any]]:
    """Who did what with a version, and when."""
    taken = [
        (
            "Submitted" if version.submitted_by else "Begun",
            version.submitted_by,
            version.created_at,
        ),
        ("Review begun", version.reviewed_by, version.reviewed_at),
        ("Approved", version.approved_by, version.approved_at),
    ]
    return [{"what": what, "who": who, "at": at} for what, who, at in taken if at]


def _against(
    request: HttpRequest, known: QuerySet[ProtocolVersion], in_force: ProtocolVersion
) -> ProtocolVersion:
    """The version to compare with: the one that was asked for, else the one in force."""
    asked = request.GET.get("against", "")
    # No clinic has more versions than four digits number.
    is_number = asked.isascii() and asked.isdecimal() and len(asked) <= 4
    chosen = known.filter(number=int(asked)).first() if is_number else None
    return chosen or in_force


def _differences(protocol: Protocol, other: Protocol) -> list[dict[str, Any]]:
    """The numbers that are not the default, or not the other version's."""
    return [
        {
            "line": line,
            "value": line.value(protocol),
            "other": line.value(other),
            "is_changed": line.value(protocol) != line.value(other),
        }
        for line in lines()
        if line.differs(protocol, other)
    ]
