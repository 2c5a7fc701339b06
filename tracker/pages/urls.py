"""The phone's addresses."""

from django.urls import path

from tracker.pages import (
    advice_answers,
    call_back,
    check_ins,
    from_clinic,
    history,
    ice_sessions,
    join,
    my_data,
    people,
    phones,
    pwa,
    reminders,
    therapies,
    today,
    who_looked,
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
    path("my-data/who-looked/", who_looked.who_looked_page, name="who-looked"),
    path("advice/answer/", advice_answers.answer_page, name="advice-answer"),
    path("call-back/", call_back.call_back_page, name="call-back"),
    path(
        "call-back/<uuid:request_id>/withdraw/", call_back.withdraw_page, name="call-back-withdraw"
    ),
    path("from-the-clinic/", from_clinic.messages_page, name="messages"),
    path("from-the-clinic/<int:message_id>/read/", from_clinic.read_page, name="message-read"),
    path("therapies/", therapies.therapies_page, name="therapies"),
    path("people/", people.people_page, name="people"),
    path("people/<uuid:caregiver_id>/invite/", people.invite_page, name="person-invite"),
    path("people/<uuid:caregiver_id>/end/", people.end_page, name="person-end"),
    path("history/", history.history_page, name="history"),
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("sw.js", pwa.worker, name="worker"),
    path("offline/", pwa.offline_page, name="offline"),
    path("offline/check-in/", pwa.offline_check_in_page, name="offline-check-in"),
    path("offline/plan/", pwa.plan_page, name="plan"),
]
