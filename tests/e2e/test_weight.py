"""What a phone has to load: figures that are printed, and limits that they keep."""

from __future__ import annotations

import base64
import json
import subprocess
from urllib.parse import urlsplit

import pytest
from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import Page, Response

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KIB = 1024  # bytes
SCRIPTS = 12 * KIB
FIRST_LOAD = 40 * KIB
REQUESTS = 12
BROTLI = """
const [zlib, chunks] = [require("zlib"), []];
process.stdin.on("data", (chunk) => chunks.push(chunk)).on("end", () => {
  const bodies = JSON.parse(Buffer.concat(chunks).toString());
  console.log(JSON.stringify(bodies.map((body) =>
    zlib.brotliCompressSync(Buffer.from(body, "base64")).length)));
});
"""


def compressed(bodies: list[bytes]) -> list[int]:
    """Sizes as a front server with brotli sends them; the browser driver brings the compressor."""
    node = compute_driver_executable()[0]
    told = json.dumps([base64.b64encode(body).decode() for body in bodies]).encode()
    found = subprocess.run([node, "-e", BROTLI], input=told, capture_output=True, check=True)
    return json.loads(found.stdout)


def loaded(page: Page, path: str) -> dict[str, bytes]:
    """Everything that the page itself asks for until it is quiet."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return {urlsplit(each.url).path: each.body() for each in answers if each.ok}


@pytest.mark.parametrize("path", ["/", "/check-in/"])
def test_a_page_is_light(handset, page, path):
    first = handset.browser.new_context(base_url=page.url, storage_state=handset.storage_state())
    bodies = loaded(first.new_page(), path)
    first.close()
    sizes = dict(zip(bodies, compressed(list(bodies.values())), strict=True))
    scripts = {name: size for name, size in sizes.items() if name.endswith(".js")}
    print(f"\n{path}: {len(sizes)} requests, {sum(sizes.values())} bytes compressed")
    print(f"  scripts {sum(scripts.values())} bytes: {scripts}")
    print(f"  the rest: { ({name: size for name, size in sizes.items() if name not in scripts}) }")
    if path == "/check-in/":
        assert sum(scripts.values()) <= SCRIPTS
    assert sum(sizes.values()) <= FIRST_LOAD
    assert len(sizes) <= REQUESTS
