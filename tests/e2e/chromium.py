"""Where Chromium is, and how it starts without reaching for the network."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> str | None:
    """Give the path of Chromium; None where it is not installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def launch(playwright: Playwright) -> Browser:
    found = find()
    if found is None:
        raise FileNotFoundError("Chromium is missing: install it, or run without the browser.")
    return playwright.chromium.launch(executable_path=found, args=FLAGS)
