"""Which address leads where."""

from django.urls import include, path

from tracker.admin.site import desk
from tracker.api import metrics, operations, sms_inbound

urlpatterns = [
    path("livez", operations.livez),
    path("readyz", operations.readyz),
    path("metrics", metrics.metrics_page),
    path("hooks/sms/<str:secret>/", sms_inbound.answered),
    path("api/", include("tracker.api.urls")),
    path("accounts/", include("tracker.accounts.urls")),
    path("admin/", desk.urls),
    path("", include("tracker.pages.urls")),
]
handler400 = "tracker.pages.errors.bad_request"
handler403 = "tracker.pages.errors.forbidden"
handler404 = "tracker.pages.errors.not_found"
handler500 = "tracker.pages.errors.server_error"
