"""The web server's way in."""

import os

from django.core.wsgi import get_wsgi_application

from config.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Granian's main process may be killed outright; its worker must not stay behind holding the port.
die_with_parent()

application = get_wsgi_application()
