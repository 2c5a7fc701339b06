"""Celery: it makes rows leave sooner; the rows themselves are the queue of record."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("afterblock")
app.config_from_object("config.celery_settings")
