"""Let `manage.py` join the product that `make run` runs here, or do without any product."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path

from config.folders import read_json
from config.processes import ROOT

SHARED = (
    "AFTERBLOCK_DEMO", "ALLOWED_HOSTS", "BASE_URL", "BEHIND_TLS_PROXY", "CLOCK_OFFSET",
    "CLOCK_SPEED", "CLOCK_STARTED_AT", "CLOCK_STEP_FILE", "DATABASE_OWNER_URL", "DATABASE_URL",
    "EMAIL_URL", "LEASE",
    "PUSH_TEST_ORIGIN", "REDIS_URL", "SECRET_KEY", "SECRET_KEY_FALLBACKS", "SMS_URL",
    "VAPID_PRIVATE_KEY", "VAPID_PUBLIC_KEY", "VAPID_SUBJECT",
)  # fmt: skip
"""The settings that every process of one installation must agree on."""

WITHOUT_A_PRODUCT = {"backup_key", "chaos", "replay", "vapid_keys", "warning_signs"}
"""Commands that store nothing and ask nobody."""
AS_THE_PRODUCT = {"check", "runserver"}
"""Commands that see the database as the product does. All others are run on the server by whoever
answers for it, and see every clinic: as the owner of the tables, if one is named."""
PLACEHOLDERS = {
    "DATABASE_URL": "postgres://127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "not a secret: this command signs and stores nothing at all",
}


def shared_settings(env: Mapping[str, str]) -> dict[str, str]:
    """What the launcher writes into var/run.json for `manage.py`."""
    return {name: env[name] for name in SHARED if name in env}


def adopt_settings(argv: Sequence[str], env: MutableMapping[str, str]) -> None:
    """Fill in what the environment does not say; what it says always wins."""
    if "DATABASE_URL" not in env:
        var = Path(env.get("VAR_DIR") or ROOT / "var")
        for name, value in read_json(var / "run.json").get("settings", {}).items():
            env.setdefault(name, value)
    if not AS_THE_PRODUCT.intersection(argv[1:2]):
        env.setdefault("DATABASE_AS_OWNER", "1")
    if WITHOUT_A_PRODUCT.intersection(argv[1:2]):
        for name, value in PLACEHOLDERS.items():
            env.setdefault(name, value)
