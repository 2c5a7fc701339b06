"""Which address leads where."""

from django.urls import include, path

from tracker.admin.site import desk
from tracker.api import operations

urlpatterns = [
    path("livez", operations.livez),
    path("readyz", operations.readyz),
    path("api/", include("tracker.api.urls")),
    path("accounts/", include("tracker.admin.accounts_urls")),
    path("admin/", desk.urls),
    path("", include("tracker.pages.urls")),
]
handler400 = "tracker.pages.errors.bad_request"
handler403 = "tracker.pages.errors.forbidden"
handler404 = "tracker.pages.errors.not_found"
handler500 = "tracker.pages.errors.server_error"
