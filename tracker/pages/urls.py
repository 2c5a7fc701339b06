"""The phone's addresses."""

from django.urls import path

from tracker.pages import (
    check_ins,
    history,
    ice_sessions,
    join,
    my_data,
    phones,
    pwa,
    reminders,
    today,
)

urlpatterns = [
    path("", today.today_page, name="today"),
    path("join/", join.join_page, name="join"),
    path("sign-out/", join.sign_out_page, name="sign-out"),
    path("check-in/", check_ins.check_in_page, name="check-in"),
    path("check-in/<uuid:check_in_id>/", check_ins.care_card_page, name="care-card"),
    path("check-in/<uuid:check_in_id>/change/", check_ins.change_page, name="change"),
    path("check-in/<uuid:check_in_id>/answer/", check_ins.answer_page, name="answer"),
    path("ice/", ice_sessions.ice_page, name="ice"),
    path("ice/<uuid:session_id>/stop/", ice_sessions.stop_page, name="ice-stop"),
    path("ice/offers/", reminders.ice_offers_page, name="ice-offers"),
    path("reminders/", reminders.reminders_page, name="reminders"),
    path("phones/", phones.phones_page, name="phones"),
    path("phones/<uuid:session_id>/end/", phones.end_page, name="phone-end"),
    path("my-data/", my_data.my_data_page, name="my-data"),
    path("history/", history.history_page, name="history"),
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("sw.js", pwa.worker, name="worker"),
    path("offline/", pwa.offline_page, name="offline"),
    path("offline/check-in/", pwa.offline_check_in_page, name="offline-check-in"),
    path("offline/plan/", pwa.plan_page, name="plan"),
]
