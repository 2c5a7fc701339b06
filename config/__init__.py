"""How Afterblock is wired: settings, URLs, Celery, and the processes of `make run`."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
