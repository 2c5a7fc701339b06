"""The second factor: how its secrets are kept, and that each code counts once."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.fernet import Fernet, MultiFernet
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac

from tracker.models import User


class SecondFactors(DefaultMFAAdapter):
    """Secrets are sealed in the database; passkeys belong to the address of BASE_URL."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This did not work. Codes change every 30 seconds: try the next one.",
    }

    def encrypt(self, text: str) -> str:
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _seal().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return "Afterblock"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": urlsplit(settings.BASE_URL).hostname or "", "name": "Afterblock"}


def _seal() -> MultiFernet:
    """The first key writes; older ones still read."""
    return MultiFernet(
        [Fernet(_key(each)) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key(secret: str) -> bytes:
    sealed = salted_hmac("tracker.second-factor", "key", secret, algorithm="sha256")
    return urlsafe_b64encode(sha256(sealed.digest()).digest())


class _OneAtATime:
    """Two requests with the same recovery code must not both find it unused."""

    user: User

    def clean_code(self) -> str:
        # A refusal is kept until the transaction has ended, so that it does not undo its count.
        refused: ValidationError
        with transaction.atomic():
            User.objects.select_for_update().get(pk=self.user.pk)
            try:
                code: str = super().clean_code()  # type: ignore[misc]
                return code
            except ValidationError as error:
                refused = error
        raise refused


class CodeForm(_OneAtATime, AuthenticateForm):
    """The code after the password."""


class CodeAgainForm(_OneAtATime, ReauthenticateForm):
    """The code before something that matters."""


class _Answer(forms.JSONField):
    """What the browser's passkey has answered."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError:
            raise _wrong() from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        return ""  # a browser answers anew each time: nothing is shown again


class _NoSurprises:
    """Whatever a browser sends in place of a passkey's answer is a wrong answer, not an error."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise _wrong() from error


class PasskeySignInForm(_NoSurprises, LoginWebAuthnForm):
    credential = _Answer()


class PasskeyForm(_NoSurprises, AuthenticateWebAuthnForm):
    credential = _Answer()


class PasskeyAgainForm(_NoSurprises, ReauthenticateWebAuthnForm):
    credential = _Answer()


class AddPasskeyForm(AddWebAuthnForm):
    credential = _Answer()

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise _wrong() from error


def _wrong() -> ValidationError:
    return ValidationError(SecondFactors.error_messages["incorrect_code"], code="incorrect_code")
