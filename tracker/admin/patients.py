"""The clinic's patients, found by name or number."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from tracker import clock
from tracker.admin.forms import DeskForm
from tracker.admin.frame import at_work, page
from tracker.services import looking, viewing

PAGE_SIZE = 50


class SearchForm(DeskForm):
    text = forms.CharField(
        label="Name or phone number",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
def patients_page(request: HttpRequest) -> HttpResponse:
    """List or search; a search is posted, so that no name ends up in an address or a log."""
    form = SearchForm(request.POST if request.method == "POST" else {})
    valid = form.is_valid()
    text = form.cleaned_data["text"] if valid else ""
    found = viewing.search_patients(staff=at_work(request), text=text)
    shown = Paginator(found, PAGE_SIZE).get_page(form.cleaned_data.get("page") if valid else 1)
    looking.listed(
        staff=at_work(request),
        name="search" if text else "patients",
        patients=[each.pk for each in shown],
        now=clock.now(),
    )
    return page(
        request,
        "desk/patients.html",
        "Patients",
        form=form,
        text=text,
        shown=shown,
        # Asking again must not submit the number of a page that the new answer does not have.
        search=SearchForm(initial={"text": text}) if valid else form,
    )
