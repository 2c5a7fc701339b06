"""Ask the clinic to call back, see how that stands, and take it back."""

from __future__ import annotations

import uuid

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from tracker import clock
from tracker.access import Phone
from tracker.models.callback_request import CallbackState, CallWindow
from tracker.pages.phone import phone_page, show
from tracker.services import callback_requests
from tracker.services.callback_requests import (
    LONGEST_ABOUT,
    CallbackIdTaken,
    CallbackOver,
    TooManyOpen,
)

WINDOWS = [
    (CallWindow.ANY.value, gettext_lazy("Any time")),
    (CallWindow.MORNING.value, gettext_lazy("In the morning")),
    (CallWindow.AFTERNOON.value, gettext_lazy("In the afternoon")),
]
SHOWN = 5


class CallBackForm(forms.Form):
    request_id = forms.UUIDField(widget=forms.HiddenInput)
    window = forms.ChoiceField(choices=WINDOWS, widget=forms.RadioSelect)
    about = forms.CharField(
        required=False,
        max_length=LONGEST_ABOUT,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_ABOUT}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@phone_page
def call_back_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    if request.method != "POST":
        fresh = {"request_id": uuid.uuid4(), "window": CallWindow.ANY}
        return _page(request, phone, CallBackForm(initial=fresh))
    form = CallBackForm(request.POST)
    if not form.is_valid():
        return _page(request, phone, form, status=422)
    try:
        callback_requests.ask(
            phone=phone,
            client_id=form.cleaned_data["request_id"],
            window=CallWindow(form.cleaned_data["window"]),
            about=form.cleaned_data["about"],
            now=clock.now(),
        )
    except CallbackIdTaken:
        pass  # the button was pressed twice: the first press counts
    except TooManyOpen:
        form.add_error(None, _("You have asked before. We will call you."))
        return _page(request, phone, form, status=409)
    return redirect("call-back")


@require_POST
@phone_page
def withdraw_page(request: HttpRequest, phone: Phone, request_id: uuid.UUID) -> HttpResponse:
    try:
        callback_requests.withdraw(phone=phone, client_id=request_id, now=clock.now())
    except ObjectDoesNotExist:
        raise Http404 from None
    except CallbackOver:
        pass  # somebody called meanwhile: the page says so
    return redirect("call-back")


def _page(
    request: HttpRequest, phone: Phone, form: CallBackForm, *, status: int = 200
) -> HttpResponse:
    rows = callback_requests.of_phone(phone).exclude(state=CallbackState.WITHDRAWN)
    latest = list(rows.order_by("-requested_at", "-pk")[:SHOWN])
    return show(
        request,
        phone,
        "call_back.html",
        status=status,
        form=form,
        open=[each for each in latest if each.state in callback_requests.OPEN],
        past=[each for each in latest if each.state not in callback_requests.OPEN],
        now=clock.now(),
        windows=dict(WINDOWS),
    )
