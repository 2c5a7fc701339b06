"""What somebody may send instead of what is asked for, made by rule."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode

SCRIPTS = (
    "<script>{0}()</script>",
    '"><img src=x onerror={0}()>',
    "'><svg/onload={0}()>",
    "</textarea><script>{0}()</script>",
    "</script><script>{0}()</script>",
    '" onfocus={0}() autofocus x="',
    "javascript:{0}()",
    "<a href=javascript:{0}()>x</a>",
    "{{{{ {0} }}}}{{% {0} %}}",
    "--><iframe srcdoc='<script>{0}()</script>'>",
)
"""Scripts that call a name of their own."""
FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1", "＝1+1", "\u200b=1", "  =1")
TEXTS: tuple[str, ...] = (
    "", " ", "\x00", "a\x00b", "\ud800", "a\udfffb", "\x1b[31m", "\r\nSet-Cookie: a=b", "\u202eabc",
    "\u0000\u0001\u0002", "x" * 3000, "x" * 60_000, "é" * 3000, "😀" * 2500, "\ufeff", "%00",
    "%s%n", "{0.__class__}", "../../etc/passwd", "'; DROP TABLE tracker_patient; --", "' OR 1=1 --",
    "None", "null", "NaN", "Infinity", "-Infinity", "1e400", "-1", "3.7", "1_0", "３", " 5 ",
    "9" * 400, "0x10", "true", "[]", "{}", "%", "_", "\\", "(a+)+$", *FORMULAS,
)  # fmt: skip
TIMES = (
    "2026-13-45T99:99:99Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    "2026-11-21T15:00:00", "2026-11-21", "1970-01-01T00:00:00Z", "2026-W47-6", "20261121T150000Z",
    "2026-11-21T15:00:00+99:99", "2026-02-30T10:00", "２０２６-11-21T15:00:00Z",
)  # fmt: skip
IDS = (
    "1", "-1", "0", "00000000-0000-0000-0000-000000000000", "urn:uuid:" + "0" * 32, "{" + "0" * 32,
    "99999999999999999999999999", "a/b", "..", "1;2",
)  # fmt: skip
ENDPOINTS = (
    "http://fcm.googleapis.com/a", "https://127.0.0.1/a", "https://localhost/a", "https://[::1]/a",
    "https://0x7f000001/a", "https://2130706433/a", "https://127.1/a", "https://[::ffff:127.0.0.1]/a",
    "https://[fd00::1]/a", "https://10.0.0.1/a", "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/a", "https://0.0.0.0/a", "https://u:p@fcm.googleapis.com/a",
    "https://fcm.googleapis.com.evil.test/a", "https://evil.test/fcm.googleapis.com",
    "https://evil.test#.googleapis.com/", "https://fcm.googleapis.com:22/a", "file:///etc/passwd",
    "gopher://x/", "data:text/plain,x", "https://", "//fcm.googleapis.com/a", "https://[::1",
    "https://fcm.googleapis.com:99999/a", "https://fcm.googleapis.com\\@evil.test/",
    "https://fcm.googleapis.com\r\n.evil.test/", "https://fcm.googleapıs.com/a", "https://xn--a/a",
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 3.7, 1e308, 10**30, -(10**30), 2**63, [], {}, [[]], [None], {"": ""},
    {"__proto__": {"a": 1}}, {"$ne": None}, ["a"] * 50, *TEXTS, *TIMES, *IDS,
)  # fmt: skip
RAW: tuple[bytes, ...] = (
    b"", b"{", b"}", b"nul", b'{"a":}', b'{"a":1,}', b"{'a':1}", b"[" * 300, b"[" * 60_000,
    b'{"a":' * 150 + b"1" + b"}" * 150, b'{"a":NaN}', b'{"a":Infinity}', b'{"a":-Infinity}',
    b'{"a":1e999}', b'{"a":' + b"9" * 5000 + b"}", b'{"a":1,"a":2}', b'{"a":"\xff\xfe"}',
    '{"a":"é"}'.encode("utf-16"), b"\xef\xbb\xbf{}", b'{"a":"\\ud800"}', b'"text"', b"1", b"null",
    b"true", b"[1,2]", b"\x00", b"x" * 70_000, b"{" + b'"a":1,' * 9000 + b'"b":1}', b"a=b&c=d",
    b"\x1f\x8b\x08\x00", b"<xml/>",
)  # fmt: skip
KINDS = (
    "application/json", "text/plain", "application/xml", "application/json; charset=utf-16",
    "application/json; charset=nope", "application/x-www-form-urlencoded", "multipart/form-data",
    "multipart/form-data; boundary=" + "x" * 300, "multipart/form-data; boundary=é", "",
    "a/b/c;;;=",
)  # fmt: skip
FORM_RAW: tuple[tuple[bytes, str], ...] = (
    (b"%", "application/x-www-form-urlencoded"),
    (b"a=%ff%fe&b=%00", "application/x-www-form-urlencoded"),
    (b"&".join(b"a%d=1" % n for n in range(2000)), "application/x-www-form-urlencoded"),
    (b"a=" + b"x" * 70_000, "application/x-www-form-urlencoded"),
    (b"a=b", "application/x-www-form-urlencoded; charset=utf-16"),
    (b"a=b", "application/x-www-form-urlencoded; charset=nope"),
    (b"", "multipart/form-data"),
    (b"--x\r\n\r\n", "multipart/form-data; boundary=x"),
    (b"--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"../a\"\r\n\r\nb\r\n--x--\r\n",
     "multipart/form-data; boundary=x"),
    (b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64"
     b"\r\n\r\n%%%\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    (b'{"a": 1}', "application/json"),
)  # fmt: skip
HEADERS: tuple[dict[str, str], ...] = (
    {"X-HTTP-Method-Override": "DELETE"}, {"X-Clinic-Id": "2"}, {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-Host": "evil.test"}, {"Host": "evil.test"}, {"Host": "a b"},
    {"X-Original-URL": "/admin/"}, {"Referer": "http://[::1"}, {"Accept": "application/xml"},
    {"Accept": "application/json; indent=8"}, {"Accept": "\x00"}, {"Accept-Language": "x" * 5000},
    {"Accept-Language": "../../es"}, {"If-None-Match": "*"}, {"Range": "bytes=0-,-1"},
    {"Authorization": "Bearer é"}, {"Authorization": "Basic ==="}, {"User-Agent": "\x00" * 9},
    {"User-Agent": "x" * 9000}, {"Cookie": "afterblock_phone=" + "x" * 5000},
    {"Cookie": "afterblock_phone=\x00; afterblock_phone=é"}, {"Content-Length": "-1"},
    {"Content-Length": "x"}, {"Content-Encoding": "gzip"}, {"Transfer-Encoding": "chunked"},
    {"Origin": "null"}, {"X-CSRFToken": "é" * 32}, {"Expect": "100-continue"},
)  # fmt: skip
QUERIES = (
    "limit=-1", "limit=0", "limit=99999999999999999999", "limit=1&limit=2", "limit=NaN",
    "limit=%00", "cursor=x", "cursor=%00", "cursor=%ff", "cursor=" + "x" * 3000, "cursor=e30=",
    "offset=1", "ordering=patient__phone", "clinic=2", "status=%00", "status=open&status=resolved",
    "q=%00", "q=%ff%fe", "q=" + "%25" * 500, "days=-1", "days=1e9", "page=9" + "9" * 30, "a[]=1",
    "next=//evil.test", "from=2026-99-99", "month=0000-00", "day=9999-12-31", "__proto__=1",
    "as=" + "é" * 500, "x" * 6000, "%", "&&&=&",
)  # fmt: skip
PATHS = (
    "/api/v1/check-ins/{}/", "/api/v1/alerts/{}/resolve/", "/api/v1/messages/{}/read/",
    "/admin/patients/{}/", "/admin/staff/{}/role/", "/admin/protocols/{}/", "/check-in/{}/",
    "/consents/{}/", "/admin/reports/{}.csv", "/admin/cards/{}/approve/", "/hooks/sms/{}/",
    "/static/{}", "/{}", "/admin/{}", "/accounts/{}",
)  # fmt: skip
PIECES = (
    "..", "../../etc/passwd", "%2e%2e%2f", "%00", "%ff", "a%0d%0aSet-Cookie:%20a=b", "1" * 400,
    "-1", "０", "%5c..%5c", "x" * 4000, ";a=b", "{}", "<script>", "%F0%9F%98%80", "NaN",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shot:
    """One request that nobody honest sends."""

    what: str
    method: str
    path: str
    body: Callable[[], bytes] = bytes
    """Made when it is sent: most that can be made are not drawn."""
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


def at_api(method: str, path: str, known: dict[str, Any] | None) -> Iterator[Shot]:
    """The body of an address, broken in every way, one way at a time."""
    for raw in RAW:
        yield Shot(f"raw {raw[:20]!r}", method, path, partial(bytes, raw))
    whole = partial(_json, known or {})
    for kind in KINDS:
        yield Shot(f"kind {kind[:40]}", method, path, whole, kind)
    for headers in HEADERS:
        yield Shot(f"header {str(headers)[:40]}", method, path, whole, headers=headers)
    for place in places(known or {}):
        odd = (*ODD, *ENDPOINTS) if place[-1] == "endpoint" else ODD
        for value in (*odd, *(each.format("hit") for each in SCRIPTS)):
            yield Shot(f"{'/'.join(place)} = {str(value)[:20]!a}", method, path,
                       partial(changed, known or {}, place, value))  # fmt: skip
    for key in ("id", "clinic", "patient", "entered_by", "created_at", "severity", "__proto__"):
        yield Shot(f"and {key}", method, path, partial(_json, {**(known or {}), key: 1}))


def at_form(path: str, fields: dict[str, str]) -> Iterator[Shot]:
    """A form, broken in every way, one way at a time."""
    usual = "application/x-www-form-urlencoded"
    for raw, kind in FORM_RAW:
        yield Shot(f"raw {raw[:20]!r}", "POST", path, partial(bytes, raw), kind)
    for headers in HEADERS:
        yield Shot(
            f"header {str(headers)[:40]}", "POST", path, partial(_form, fields), usual, headers
        )
    values = (*TEXTS, *TIMES, *IDS, *(each.format("hit") for each in SCRIPTS))
    for name in fields:
        without = {key: value for key, value in fields.items() if key != name}
        yield Shot(f"no {name}", "POST", path, partial(_form, without), usual)
        twice = partial(_form, fields, {name: "another"})
        yield Shot(f"{name} twice", "POST", path, twice, usual)
        for value in values:
            body = partial(_form, {**fields, name: value})
            yield Shot(f"{name} = {value[:20]!a}", "POST", path, body, usual)


def at_reading(path: str) -> Iterator[Shot]:
    for query in QUERIES:
        yield Shot(f"?{query[:30]}", "GET", f"{path}?{query}")


def at_paths() -> Iterator[Shot]:
    for path in PATHS:
        for piece in PIECES:
            yield Shot(f"path {piece[:20]}", "GET", path.replace("{}", piece))


def places(body: dict[str, Any], before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in body.items():
        yield (*before, key)
        if isinstance(value, dict):
            yield from places(value, (*before, key))


def changed(body: dict[str, Any], place: tuple[str, ...], value: Any) -> bytes:
    changed = copy.deepcopy(body)
    inner = changed
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return _json(changed)


def _json(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()


def _form(fields: dict[str, str], again: dict[str, str] | None = None) -> bytes:
    pairs = [*fields.items(), *(again or {}).items()]
    return urlencode(pairs, errors="surrogatepass").encode()
