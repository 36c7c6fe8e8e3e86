"""Seal a few words so that what lies in the database says nothing without ``SECRET_KEY``.

AES-256-GCM (NIST SP 800-38D) with a key for each use and a nonce of chance; bound to a place, so that what was changed, or put
in another's place, does not open. With another ``SECRET_KEY`` it is lost, like every link in a letter.
"""

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from caucusmail import settings, tokens

NONCE_BYTES = 12


class Unreadable(Exception):
    """Sealed for another use or place, with another key, or changed since."""


def seal(use: str, place: str, words: str) -> str:
    """``words`` for the table, as URL-safe base64; other bytes each time. They open for this use and place alone."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return base64.urlsafe_b64encode(nonce + _cipher(use).encrypt(nonce, words.encode(), place.encode())).decode()


def unseal(use: str, place: str, kept: str) -> str:
    """What ``seal`` was given.

    :raises Unreadable: as it says.
    """
    try:
        raw = base64.urlsafe_b64decode(kept)
        return _cipher(use).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode()).decode()
    except (InvalidTag, ValueError, binascii.Error):
        raise Unreadable from None


def _cipher(use: str) -> AESGCM:
    return AESGCM(tokens.derived(settings.current().secret_key, use))
