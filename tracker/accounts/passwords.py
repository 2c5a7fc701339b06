"""What a password may not contain: the words that everybody here would try first."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

from tracker import access
from tracker.models import User

OUR_WORDS = ("afterblock", "cluneal")
LONGEST = 128  # signs; hashing more would only cost time


class NotOurWords:
    """Refuse the product's and the clinics' names, and what is too long to be typed."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(f"Give at most {LONGEST} characters.", code="too_long")
        typed = _plain(password)
        if any(word in typed for word in (*OUR_WORDS, *_clinics(user))):
            raise ValidationError(
                "Leave out the names of the product and of your clinic.", code="our_words"
            )

    def get_help_text(self) -> str:
        return "It must not contain the name of the product or of your clinic."


def _clinics(user: User | None) -> list[str]:
    if user is None or user.pk is None:
        return []
    names = [each.clinic.name for each in access.memberships_of(user)]
    return [plain for name in names if len(plain := _plain(name)) >= 4]


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()
