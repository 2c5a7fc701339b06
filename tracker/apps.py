"""The one Django app of the product."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = "Afterblock"

    def ready(self) -> None:
        from tracker import (
            channel_checks,  # noqa: F401
            checks,  # noqa: F401  (registers the system checks)
            grants,
        )
        from tracker.accounts import signals  # noqa: F401  (connects what follows a sign-in)

        post_migrate.connect(grants.after_migrating, sender=self)
