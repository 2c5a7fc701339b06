#!/usr/bin/env python
"""Run a management command."""

import os
import sys


def main() -> None:
    from config.running import adopt_settings

    adopt_settings(sys.argv, os.environ)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
