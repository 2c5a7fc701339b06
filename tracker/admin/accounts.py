"""How staff accounts behave: clinics make them, nobody signs up."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAccounts(DefaultAccountAdapter):
    """Accounts come from the clinic; what is not offered has no address either."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: object, **kwargs: object) -> None:
        """Say nothing: that somebody signed in is plain to see."""
