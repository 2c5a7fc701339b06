"""Typed readers of the environment that say how to mend what is wrong."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()
T = TypeVar("T")


def _read(name: str, read: Callable[..., T], default: Any, expected: str) -> T:
    try:
        return read(name) if default is _env.NOTSET else read(name, default=default)
    except ImproperlyConfigured:
        raise ImproperlyConfigured(f"{name} is not set: give {expected}.") from None
    except (ValueError, TypeError):
        raise ImproperlyConfigured(f"{name} is not understood: give {expected}.") from None


def text(name: str, expected: str, default: Any = _env.NOTSET) -> str:
    return str(_read(name, _env.str, default, expected))


def texts(name: str, expected: str, default: Any = _env.NOTSET) -> list[str]:
    values = _read(name, _env.list, default, expected)
    return [each.strip() for each in values if each.strip()]


def one_of(name: str, allowed: list[str], default: str) -> str:
    value = text(name, ", ".join(allowed), default).strip().upper()
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is not understood: give one of {', '.join(allowed)}.")
    return value


def flag(name: str, default: bool) -> bool:
    value = _read(name, _env.str, "1" if default else "0", "0 or 1").strip().lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off", ""):
        return False
    raise ImproperlyConfigured(f"{name} is not understood: give 0 or 1.")


def number(name: str, default: float, *, at_least: float) -> float:
    value = float(_read(name, _env.float, default, "a number"))
    if not value >= at_least:
        raise ImproperlyConfigured(f"{name} is {value}: give a number of at least {at_least}.")
    return value


def origin(name: str, expected: str, default: Any = _env.NOTSET) -> str:
    """Read an address such as https://afterblock.example, without a path."""
    value = text(name, expected, default).rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.netloc or parts.path):
        raise ImproperlyConfigured(f"{name} is not an address: give {expected}.")
    return value


def https(name: str, expected: str, default: Any = _env.NOTSET) -> str:
    """Read an address with a path, which nobody on the way may read or answer."""
    value = text(name, expected, default)
    if value and (urlsplit(value).scheme != "https" or not urlsplit(value).hostname):
        raise ImproperlyConfigured(f"{name} is not an https address: give {expected}.")
    return value


def database(name: str) -> dict[str, Any]:
    expected = "postgres://user:password@host:5432/name"
    config = _read(name, _env.db_url, _env.NOTSET, expected)
    if not str(config.get("ENGINE", "")).endswith("postgresql"):
        raise ImproperlyConfigured(f"{name} must name a PostgreSQL database: give {expected}.")
    return dict(config)


def email(name: str, default: str) -> dict[str, Any]:
    expected = "smtp+tls://user:password@host:587, consolemail:// or filemail:///folder"
    return dict(_read(name, _env.email_url, default, expected))


TWILIO = "https://api.twilio.com"


def sms(name: str) -> dict[str, str] | None:
    """Read where text messages go; without it there are none."""
    expected = "twilio://ACCOUNT:TOKEN@SENDER or https://TOKEN@gateway.example/path"
    value = text(name, expected, default="")
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme == "twilio" and parts.username and parts.password and parts.hostname:
        sender = unquote(parts.netloc.rpartition("@")[2])
        return {"kind": "twilio", "account": unquote(parts.username),
                "token": unquote(parts.password), "sender": sender, "api": TWILIO}  # fmt: skip
    if parts.scheme == "https" and parts.username and parts.hostname:
        url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        return {"kind": "gateway", "token": unquote(parts.username), "url": url}
    raise ImproperlyConfigured(f"{name} is not understood: give {expected}.")
