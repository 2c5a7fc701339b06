"""Script, note, hand-over, opening again, several at once: at the desk."""

from __future__ import annotations

import pytest

from tests.admin.people import at, text_of
from tests.admin.test_queue import a_waiting_patient
from tests.conftest import NOW
from tests.factories import fever
from tracker.models import Alert, Delivery, Membership
from tracker.services import alerts

ACTS = ["hand-over", "alert-note", "reopen"]


def on_screen(*names):
    found = Alert.objects.filter(patient__name__in=names)
    return [f"{each.pk}@{each.raised_at.isoformat()}" for each in found]


def of(name):
    return Alert.objects.get(patient__name=name)


def closed(desks):
    alerts.resolve(
        staff=desks.nora, alert_id=desks.alert.pk, outcome="NO_ACTION", note="measured", now=NOW
    )


def test_the_page_says_what_to_ask_until_it_is_closed(desks):
    page = text_of(desks.nurse.get(at("alert", desks.alert.pk)))
    assert "Temperature now, how measured, any fever medicine before?" in page
    assert "Review by phone: site, nerves, another cause." in page
    closed(desks)
    assert "how measured" not in text_of(desks.nurse.get(at("alert", desks.alert.pk)))


def test_a_colleague_is_given_it_and_told(desks):
    ben = Membership.objects.get(user__name="Ben Ito")
    form = {"to": ben.pk, "note": "knows him", "seen": desks.alert.raised_at.isoformat()}
    answer = desks.nurse.post(at("hand-over", desks.alert.pk), form, follow=True)
    assert "It is with Ben Ito now." in text_of(answer)
    assert Delivery.objects.filter(user=ben.user).count() == 1
    page = text_of(desks.colleague.get(at("alert", desks.alert.pk)))
    assert "Handed over" in page and "To Ben Ito." in page and "knows him" in page


def test_a_hand_over_to_nobody_keeps_what_was_typed(desks):
    for to in ("", "0", "x", desks.nora.membership.pk):
        form = {"to": to, "note": "knows him"}
        answer = desks.nurse.post(at("hand-over", desks.alert.pk), form)
        assert answer.status_code == 422
        assert "knows him" in text_of(answer)


def test_what_got_worse_is_not_handed_over_unseen(desks):
    ben = Membership.objects.get(user__name="Ben Ito")
    form = {"to": ben.pk, "note": "my words", "seen": "2020-01-01T00:00:00+00:00"}
    answer = desks.nurse.post(at("hand-over", desks.alert.pk), form)
    assert answer.status_code == 409
    assert "It got worse since you looked" in text_of(answer)
    assert "my words" in text_of(answer)


def test_a_note_stands_in_the_history(desks):
    empty = desks.nurse.post(at("alert-note", desks.alert.pk), {"note": " "})
    assert empty.status_code == 422
    answer = desks.nurse.post(at("alert-note", desks.alert.pk), {"note": "deaf"}, follow=True)
    assert "<q>deaf</q>" in text_of(answer)


def test_what_was_closed_is_opened_again_with_a_reason(desks):
    early = desks.nurse.post(at("reopen", desks.alert.pk), {"reason": "still ill"})
    assert early.status_code == 409
    assert "still ill" in text_of(early)
    closed(desks)
    assert desks.nurse.post(at("reopen", desks.alert.pk), {"reason": ""}).status_code == 422
    answer = desks.nurse.post(at("reopen", desks.alert.pk), {"reason": "still ill"}, follow=True)
    page = text_of(answer)
    assert "It had been resolved: No action needed because" in page
    assert "Harold Finch" in text_of(desks.nurse.get(at("index")))


def test_several_are_taken_at_once_but_no_emergency(desks):
    a_waiting_patient(desks.clinic, "Mai Tran")
    a_waiting_patient(desks.clinic, "Urgent Uma", symptoms={"chest_pain": True})
    both = {"alerts": on_screen("Harold Finch", "Urgent Uma")}
    answer = desks.nurse.post(at("acknowledge-several"), both, follow=True)
    assert "An emergency is taken by itself." in text_of(answer)
    assert of("Harold Finch").state == of("Urgent Uma").state == "OPEN"
    answer = desks.nurse.post(
        at("acknowledge-several"), {"alerts": ",".join(on_screen("Harold Finch", "Mai Tran"))},
        follow=True,
    )  # fmt: skip
    assert "2 are yours now." in text_of(answer)
    page = text_of(desks.nurse.get(at("index")))
    assert f'id="pick-patient-{of("Urgent Uma").patient_id}"' not in page


@pytest.mark.parametrize("name", ["acknowledge-several", "resolve-several"])
def test_nothing_selected_is_said(desks, name):
    answer = desks.nurse.post(at(name), {"outcome": "VISIT_ARRANGED"}, follow=True)
    assert "Select some rows first." in text_of(answer)


def test_watches_are_closed_together(desks):
    a_waiting_patient(desks.clinic, "Wes", **fever("37.8"))
    a_waiting_patient(desks.clinic, "Win", **fever("37.8"))
    form = {"alerts": on_screen("Wes", "Win"), "outcome": "NO_ACTION", "note": ""}
    refused = desks.nurse.post(at("resolve-several"), form, follow=True)
    assert "Say in the note why no action is needed." in text_of(refused)
    assert of("Wes").state == "OPEN"
    closing = {**form, "note": "normal again"}
    assert "2 resolved." in text_of(desks.nurse.post(at("resolve-several"), closing, follow=True))
    mixed = {**form, "alerts": on_screen("Harold Finch", "Wes"), "note": "x"}
    answer = desks.nurse.post(at("resolve-several"), mixed, follow=True)
    assert "Only watches are closed together." in text_of(answer)


@pytest.mark.parametrize("name", ACTS)
def test_strangers_find_nothing_and_readers_may_not(desks, name):
    form = {"note": "x", "reason": "x", "to": desks.nora.membership.pk}
    before = desks.alert.events.count()
    assert desks.stranger.post(at(name, desks.alert.pk), form).status_code == 404
    assert desks.reader.post(at(name, desks.alert.pk), form).status_code == 403
    assert desks.alert.events.count() == before


def test_whoever_was_signed_out_goes_back_to_the_page_they_wrote_on(desks):
    desks.nurse.logout()
    came_from = f"http://testserver{at('alert', desks.alert.pk)}"
    for referer, leads_to in [
        (came_from, at("alert", desks.alert.pk)),
        (f"{came_from}resolve/", at("alert", desks.alert.pk)),
        ("http://evil.test/admin/alerts/", "/admin/"),
        ("", "/admin/"),
    ]:
        answer = desks.nurse.post(
            at("resolve", desks.alert.pk), {"note": "x"}, headers={"Referer": referer}
        )
        assert answer.url == f"/accounts/login/?next={leads_to}"
