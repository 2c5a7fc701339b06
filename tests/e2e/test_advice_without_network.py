"""A check-in that cannot be sent: the phone reads the form as the server does, and advises."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from django.http import QueryDict
from playwright.sync_api import Page, expect

from tests.e2e.test_phone import score, send, tick
from tests.factories import a_check_in
from tracker import clock
from tracker.models import CheckIn
from tracker.pages.check_in_form import CheckInForm
from tracker.pages.offline import form_data

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FORMS = 600
MODULE = Path(__file__).parents[2] / "static" / "phone" / "answers.js"
TYPED = {
    "temperature": ["", "101.3", " 38,5 ", "x"],
    "glucose": ["", "310", "16,7"],
    "text": ["", "my foot tingles", "  "],
}
HIDDEN = ("check_in_id", "corrects", "patient")
READ = """async ([forms, known]) => {
  const { answersOf } = await import("/answers.js");
  return forms.map((form) => answersOf(new URLSearchParams(form), known));
}"""


def a_filled_form(dice: random.Random) -> QueryDict:
    filled = QueryDict(mutable=True)
    filled["check_in_id"] = "00000000-0000-4000-8000-000000000000"
    for name, field in CheckInForm().fields.items():
        options = [value for value, _ in getattr(field, "choices", [])]
        if name in TYPED:
            filled[name] = dice.choice(TYPED[name])
        elif not options:
            filled.setlist(name, ["on"] if name not in HIDDEN and dice.random() < 0.3 else [])
        elif dice.random() < 0.6:
            most = 4 if field.widget.allow_multiple_selected else 1
            filled.setlist(name, dice.sample(options, min(dice.randint(1, most), len(options))))
    filled["check_in_id"] = "00000000-0000-4000-8000-000000000000"
    return filled


def test_the_phone_reads_the_form_as_the_server_does(browser):
    dice = random.Random(7)
    forms = [a_filled_form(dice) for _ in range(FORMS)]
    server = []
    for filled in forms:
        form = CheckInForm(filled)
        assert form.is_valid(), form.errors
        answers = form.answers(clock.now())
        server.append({name: part for name, part in answers.items() if name != "observed_at"})
    page = browser.new_page()
    page.route("http://phone.test/**", lambda route: route.fulfill(body="<!doctype html>"))
    page.route(
        "http://phone.test/answers.js",
        lambda route: route.fulfill(content_type="text/javascript", body=MODULE.read_text()),
    )
    page.goto("http://phone.test/")
    known = json.loads(json.dumps(form_data()))
    phone = page.evaluate(READ, [[filled.urlencode() for filled in forms], known])
    page.close()
    for filled, one, other in zip(forms, phone, server, strict=True):
        assert one == other, filled


def meanwhile(page: Page):
    return page.locator("#meanwhile")


def test_a_fever_is_answered_without_network_and_sent_later(page, handset):
    page.goto("/check-in/")
    expect(meanwhile(page)).to_be_hidden()
    tick(page, "None of these")
    page.locator("[name=temperature]").fill("101.3")
    handset.set_offline(True)
    send(page)

    card = meanwhile(page)
    expect(card.get_by_role("heading")).to_have_text("Call the clinic today")
    expect(card).to_contain_text("Not sent yet: the clinic has not seen this.")
    expect(card).to_contain_text("Temperature 101.3 °F; the limit is 100.4 °F.")
    assert card.locator("a").first.get_attribute("href") == "tel:+15555550100"
    expect(card).to_be_focused()
    assert not CheckIn.objects.exists()

    handset.set_offline(False)
    page.wait_for_url("**/check-in/*-*/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Call the clinic today")
    assert CheckIn.objects.count() == 1


def test_what_the_clinic_knows_counts_without_network(page, handset, patient):
    a_check_in(patient, now=clock.now(), symptoms={"chills": True})
    page.goto("/check-in/")
    tick(page, "Confused, or hard to wake")
    page.locator("[name=temperature]").fill("98.6")
    handset.set_offline(True)
    send(page)
    expect(meanwhile(page).get_by_role("heading")).to_have_text("Call 911 now")
    expect(meanwhile(page)).to_contain_text("Shaking chills and confusion, within 12 hours.")


def test_a_number_that_cannot_be_is_asked_back_without_network(page, handset):
    page.goto("/check-in/")
    page.locator("[name=temperature]").fill("38.5")
    handset.set_offline(True)
    send(page)
    expect(meanwhile(page)).to_contain_text("Did you mean 38.5 °C?")
    expect(meanwhile(page)).to_contain_text("Call 911 if you feel very ill.")


def test_a_patient_who_reads_spanish_is_advised_in_spanish(page, handset, patient):
    patient.language = "es"
    patient.save(update_fields=["language"])
    page.goto("/check-in/")
    score(page, "usual", 2)
    page.locator("[name=emergency][value=chest_pain]").check(force=True)
    handset.set_offline(True)
    page.locator("form.check-in button[type=submit]").click()
    expect(meanwhile(page).get_by_role("heading")).to_have_text("Llame al 911 ahora")
    expect(meanwhile(page)).to_contain_text("Sit down and rest until help comes.")
