"""Make a screenshot small: 256 colours are enough for flat pages, and a third of the bytes."""

from __future__ import annotations

import base64
import struct
import zlib

from playwright.sync_api import Page

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COUNTED = """async (png) => {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const { width, height } = image;
  const paper = new OffscreenCanvas(width, height).getContext("2d");
  paper.drawImage(image, 0, 0);
  const pixels = new Uint32Array(paper.getImageData(0, 0, width, height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const parts = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
  const colours = [...counts].sort((a, b) => b[1] - a[1]).map(([pixel]) => pixel);
  const palette = colours.slice(0, 256).map(parts);
  const far = (one, other) => one.reduce((sum, part, at) => sum + (part - other[at]) ** 2, 0);
  const nearest = (pixel) => {
    const all = palette.map((each) => far(each, parts(pixel)));
    return all.indexOf(Math.min(...all));
  };
  const index = new Map(colours.map((pixel, at) => [pixel, at < 256 ? at : nearest(pixel)]));
  const url = await new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(new Blob([Uint8Array.from(pixels, (pixel) => index.get(pixel))]));
  });
  return { width, height, palette: palette.flat(), data: url.split(",")[1] };
}"""


def small(png: bytes, blank: Page) -> bytes:
    """Write a picture again with a palette; a blank page of the browser counts the colours."""
    found = blank.evaluate(COUNTED, base64.b64encode(png).decode())
    width, height = found["width"], found["height"]
    pixels = base64.b64decode(found["data"])
    # Each row begins with its filter; flat areas want none.
    rows = b"".join(b"\0" + pixels[at : at + width] for at in range(0, len(pixels), width))
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(found["palette"])),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    ]
    return SIGNATURE + b"".join(_chunk(name, body) for name, body in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
