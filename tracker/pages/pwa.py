"""What makes the pages an app: the manifest, the service worker, and the pages without network."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.access import Phone
from tracker.pages.check_in_form import CheckInForm
from tracker.pages.ice_sessions import MINUTES, timer_of
from tracker.pages.offline import plan_of
from tracker.pages.phone import guarded, phone_page
from tracker.phone_cookie import phone_of

EMERGENCY_NUMBER = "911"

SHELL = (
    "phone/phone.css",
    "phone/app.js",
    "phone/api.js",
    "phone/store.js",
    "phone/outbox.js",
    "phone/outbox_card.js",
    "phone/draft.js",
    "phone/check_in.js",
    "phone/signed_out.js",
    "phone/answers.js",
    "phone/meanwhile.js",
    "phone/offline_advice.js",
    "phone/ice.js",
    "phone/join.js",
    "phone/messages.js",
    "phone/sign_out.js",
    "phone/offline.js",
    "phone/offline_check_in.js",
    "phone/icon.svg",
)
"""What the worker keeps for days without network: files, never a page with anybody's data."""

SENDING = ("phone/store.js", "phone/outbox.js")
"""What the worker shares with the pages. Many phones are older than workers that can import."""

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
    pages = {reverse("check-in"): reverse("offline-check-in"), "": reverse("offline")}
    language, emergency = _spoken_on(request)
    shell = {
        # Whoever signs in may speak another language: then the pages are kept anew.
        "version": f"{_version()}-{language}-{emergency}",
        "urls": [static(path) for path in SHELL] + list(pages.values()),
        "pages": pages,
    }
    script = f"const SHELL = {dumps(shell)};\n{_worker()}"
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/"
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
@guarded
def offline_page(request: HttpRequest) -> HttpResponse:
    """Kept on the phone, so it names no patient; it speaks the language of who keeps it."""
    ice = {"timer": timer_of(None, clock.now()), "safe": True, "minutes": MINUTES, "new_id": ""}
    return _shell(request, "offline.html", **ice)


@require_safe
@guarded
def offline_check_in_page(request: HttpRequest) -> HttpResponse:
    """The whole form, for whoever it will be; what is asked, the phone's own plan says."""
    return _shell(request, "check_in.html", form=CheckInForm(), first_hours=True)


def _shell(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    language, emergency = _spoken_on(request)
    kept = {"shell": True, "may_log": True, "csrf_token": "", "emergency": emergency, **context}
    with translation.override(language):
        return render(request, f"phone/{template}", kept)


def _spoken_on(request: HttpRequest) -> tuple[str, str]:
    """The language of this phone, and whom it calls in an emergency."""
    phone = phone_of(request)
    if phone is None:
        return translation.get_language_from_request(request), EMERGENCY_NUMBER
    return phone.patient.language, phone.clinic.emergency_number


@require_safe
@phone_page
def plan_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    return JsonResponse(plan_of(phone, clock.now()))


@cache
def _version() -> str:
    """Changes when any file of the shell does; then phones fetch all of them again."""
    templates = (get_template(f"phone/{name}.html") for name in ("base", "offline", "check_in"))
    sources = [each.template.source.encode() for each in templates]  # type: ignore[attr-defined]
    contents = b"".join([_read(path) for path in (*SHELL, "phone/sw.js")] + sources)
    return sha256(contents).hexdigest()[:12]


@cache
def _worker() -> str:
    modules = "\n".join(_read(path).decode() for path in SENDING)
    sending = re.sub(r"(?m)^import .*\n|^export ", "", modules)
    own = _read("phone/sw.js").decode()
    return f"const {{ flushAll }} = (() => {{\n{sending}\nreturn {{ flushAll }};\n}})();\n{own}"


def _read(path: str) -> bytes:
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(f"static/{path} is missing")
    return Path(found).read_bytes()
