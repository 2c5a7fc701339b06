"""Everything under /api/."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularJSONAPIView

from tracker.api import (
    alerts,
    callback_requests,
    check_ins,
    devices,
    exports,
    ice_sessions,
    me,
    push_subscriptions,
    sessions,
)
from tracker.api.operations import nothing_here

urlpatterns = [
    path("schema/", SpectacularJSONAPIView.as_view()),
    path("v1/session/", sessions.SessionView.as_view()),
    path("v1/me/", me.MeView.as_view()),
    path("v1/check-ins/", check_ins.CheckInList.as_view()),
    path("v1/check-ins/<uuid:client_id>/", check_ins.CheckInView.as_view()),
    path("v1/ice-sessions/", ice_sessions.IceSessionList.as_view()),
    path("v1/ice-sessions/<uuid:client_id>/", ice_sessions.IceSessionView.as_view()),
    path("v1/ice-sessions/<uuid:client_id>/stop/", ice_sessions.StopView.as_view()),
    path("v1/callback-requests/", callback_requests.CallbackList.as_view()),
    path("v1/callback-requests/<uuid:client_id>/", callback_requests.CallbackView.as_view()),
    path("v1/callback-requests/<uuid:request_id>/take/", callback_requests.TakeView.as_view()),
    path("v1/callback-requests/<uuid:request_id>/tried/", callback_requests.TriedView.as_view()),
    path("v1/callback-requests/<uuid:request_id>/done/", callback_requests.DoneView.as_view()),
    path("v1/push-subscriptions/", push_subscriptions.PushSubscriptionView.as_view()),
    path("v1/push-subscriptions/test/", push_subscriptions.TestMessageView.as_view()),
    path("v1/devices/", devices.DeviceList.as_view()),
    path("v1/devices/<uuid:session_id>/", devices.DeviceView.as_view()),
    path("v1/export/", exports.ExportView.as_view()),
    path("v1/export/check-ins.csv", exports.CheckInsView.as_view()),
    path("v1/receipts/", push_subscriptions.ReceiptView.as_view()),
    path("v1/alerts/", alerts.AlertList.as_view()),
    path("v1/alerts/<uuid:alert_id>/acknowledge/", alerts.AcknowledgeView.as_view()),
    path("v1/alerts/<uuid:alert_id>/attempt/", alerts.AttemptView.as_view()),
    path("v1/alerts/<uuid:alert_id>/resolve/", alerts.ResolveView.as_view()),
    re_path(r"", nothing_here),
]
