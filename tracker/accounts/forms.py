"""The forms of signing in that allauth does not have."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tracker.models import User

LONGEST_TOKEN = 200


class JoinForm(forms.Form):
    """A one-time link's secret; the page's script takes it out of the address."""

    token = forms.CharField(
        label="Key of your link",
        max_length=LONGEST_TOKEN,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Filled in when the link was opened here. Else copy what follows the # in it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = "Fill this in."


class WelcomeForm(JoinForm):
    """The same, for whoever has no password yet."""

    password = forms.CharField(
        label="New password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 15 characters; a few words that belong to nobody else do well.",
    )
    again = forms.CharField(
        label="The same again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def check_password(self, user: User) -> bool:
        """Hold the password against the rules, now that it is known whose it is."""
        try:
            validate_password(self.cleaned_data["password"], user)
        except ValidationError as error:
            self.add_error("password", error)
        return self.is_valid()

    def clean(self) -> dict[str, Any]:
        known = super().clean() or {}
        if known.get("password") and known.get("again") and known["password"] != known["again"]:
            self.add_error("again", "These are two different passwords.")
        return known


class ResetForm(ResetPasswordForm):
    """Ask for a code by e-mail."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        # Whoever is being set up anew gets in by the link from their manager, not by e-mail.
        self.users = [each for each in self.users if each.has_usable_password()]
        return email
