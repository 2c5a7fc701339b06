"""`python -m tests.catalogue`: bring the Spanish catalogue to what the code says (make words)."""

from __future__ import annotations

import django
from django.conf import settings

# Lazy words and templates want Django's settings, and nothing of this product's.
settings.configure(USE_I18N=True)
django.setup()

from babel.messages.catalog import Message  # noqa: E402

from tests.catalogue import PO, update  # noqa: E402


def main() -> int:
    missing = [str(each.id) for each in update() if each.id and not any(_strings(each))]
    for each in missing:
        print(f"No Spanish yet: {each}")
    print(f"{PO}: {len(missing)} without Spanish")
    return 1 if missing else 0


def _strings(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


if __name__ == "__main__":
    raise SystemExit(main())
