"""What makes the pages an app: the manifest, the service worker, and the page without network."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from json import dumps
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tracker.pages.phone import guarded
from tracker.phone_cookie import phone_of

SHELL = (
    "phone/phone.css",
    "phone/app.js",
    "phone/api.js",
    "phone/check_in.js",
    "phone/answers.js",
    "phone/meanwhile.js",
    "phone/offline_advice.js",
    "phone/ice.js",
    "phone/join.js",
    "phone/messages.js",
    "phone/offline.js",
    "phone/icon.svg",
)
"""What the worker keeps for days without network: files, never a page with anybody's data."""

ICONS = (
    ("phone/icon-192.png", "192x192", "any"),
    ("phone/icon-512.png", "512x512", "any"),
    ("phone/icon-maskable-512.png", "512x512", "maskable"),
)


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    language = translation.get_language_from_request(request)
    with translation.override(language):
        shortcuts = [
            {"name": gettext("Check in"), "url": reverse("check-in")},
            {"name": gettext("Ice"), "url": reverse("ice")},
        ]
    icons = [
        {"src": static(path), "sizes": sizes, "type": "image/png", "purpose": purpose}
        for path, sizes, purpose in ICONS
    ]
    body = {
        "id": "/",
        "lang": language,
        "name": "Afterblock",
        "short_name": "Afterblock",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f1f5f5",
        "theme_color": "#0a5566",
        "icons": icons,
        "shortcuts": shortcuts,
    }
    return JsonResponse(body, content_type="application/manifest+json")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Serve the worker from the root, so that it may answer for every page."""
    urls = [static(path) for path in SHELL] + [reverse("offline")]
    shell = dumps({"version": _version(), "urls": urls, "offline": reverse("offline")})
    script = f"const SHELL = {shell};\n{_read('phone/sw.js').decode()}"
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/"
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
@guarded
def offline_page(request: HttpRequest) -> HttpResponse:
    """Kept on the phone, so it names no patient; it speaks the language of who keeps it."""
    phone = phone_of(request)
    language = phone.patient.language if phone else translation.get_language_from_request(request)
    with translation.override(language):
        return render(request, "phone/offline.html")


@cache
def _version() -> str:
    """Changes when any file of the shell does; then phones fetch all of them again."""
    contents = b"".join(_read(path) for path in (*SHELL, "phone/sw.js"))
    return sha256(contents).hexdigest()[:12]


def _read(path: str) -> bytes:
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(f"static/{path} is missing")
    return Path(found).read_bytes()
