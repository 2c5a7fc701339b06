"""Where a patient takes their own data along."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tracker.access import Phone
from tracker.pages.phone import phone_page, show


@require_safe
@phone_page
def my_data_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    return show(request, phone, "my_data.html", years=phone.clinic.keep_years)
