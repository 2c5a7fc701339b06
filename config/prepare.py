"""Bring the database up to date, and load the fictional clinic into a demo: one start of Django."""

import os

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DATABASE_AS_OWNER", "1")
    django.setup()
    call_command("migrate", interactive=False)
    if settings.DEMO:
        call_command("load_demo")


if __name__ == "__main__":
    main()
