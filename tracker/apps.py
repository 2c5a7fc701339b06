"""The one Django app of the product."""

from django.apps import AppConfig


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = "Afterblock"

    def ready(self) -> None:
        from tracker import checks  # noqa: F401  (registers the system checks)
        from tracker.accounts import signals  # noqa: F401  (connects what follows a sign-in)
