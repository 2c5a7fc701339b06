"""A stream that is sealed to a public key: whoever makes it cannot read it afterwards.

X25519 with a key of its own for each file, HKDF-SHA256, then AES-256-GCM in pieces. The number of a
piece and whether it is the last are part of its nonce, so none can be left out, moved or cut off.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"afterblock backup 1\n"
PIECE = 64 * 1024  # bytes before sealing
TAG = 16
KEY = 32


class NotABackup(Exception):
    """The file is no backup, was changed or cut off, or is sealed to another key."""


def new_keys() -> tuple[str, str]:
    """Make a private and a public key, as text."""
    private = X25519PrivateKey.generate()
    return _text(private.private_bytes_raw()), _text(private.public_key().public_bytes_raw())


def public_key(text: str) -> X25519PublicKey:
    return X25519PublicKey.from_public_bytes(_bytes(text))


def private_key(text: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(_bytes(text))


class Sealer:
    """Write to it; `close` writes the last piece, without which nobody takes the file for whole."""

    def __init__(self, out: IO[bytes], to: X25519PublicKey) -> None:
        once = X25519PrivateKey.generate()
        own = once.public_key().public_bytes_raw()
        self._cipher = _cipher(once.exchange(to), own + to.public_bytes_raw())
        self._out, self._rest, self._number = out, bytearray(), 0
        out.write(MAGIC + own)

    def write(self, data: bytes) -> int:
        self._rest += data
        # What fills a piece may still be the last one: it waits for what follows.
        while len(self._rest) > PIECE:
            self._seal(bytes(self._rest[:PIECE]), last=False)
            del self._rest[:PIECE]
        return len(data)

    def close(self) -> None:
        self._seal(bytes(self._rest), last=True)

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._number, last), piece, MAGIC))
        self._number += 1


def opened(source: IO[bytes], key: X25519PrivateKey) -> Iterator[bytes]:
    """Give the pieces in their order; `NotABackup` at the first that is not as it was written."""
    if source.read(len(MAGIC)) != MAGIC:
        raise NotABackup("This is not a backup of Afterblock.")
    own = source.read(KEY)
    if len(own) < KEY:
        raise NotABackup("The backup is cut off.")
    shared = key.exchange(X25519PublicKey.from_public_bytes(own))
    cipher = _cipher(shared, own + key.public_key().public_bytes_raw())
    number, sealed = 0, source.read(PIECE + TAG)
    while True:
        following = source.read(PIECE + TAG)
        try:
            yield cipher.decrypt(_nonce(number, not following), sealed, MAGIC)
        except InvalidTag:
            raise NotABackup(
                "The backup was changed or cut off, or it is sealed to another key."
            ) from None
        if not following:
            return
        number, sealed = number + 1, following


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])


def _cipher(shared: bytes, both: bytes) -> AESGCM:
    derived = HKDF(hashes.SHA256(), length=KEY, salt=both, info=MAGIC).derive(shared)
    return AESGCM(derived)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(text.strip() + "=" * (-len(text.strip()) % 4))
    except ValueError:
        raw = b""
    if len(raw) != KEY:
        raise NotABackup("This is not a key of `manage.py backup_key`.")
    return raw
