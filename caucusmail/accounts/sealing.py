"""Secrets that must be read again (of code-making apps), kept so that the database alone does not give them away.

AES-256-GCM (NIST SP 800-38D) with a key derived from ``SECRET_KEY`` and a nonce of chance; bound to their person, so that
a row moved to somebody else opens nothing. With another ``SECRET_KEY`` they are lost, like every link in a letter.
"""

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from caucusmail import settings, tokens
from caucusmail.accounts.models import Person

NONCE_BYTES = 12


class Unreadable(Exception):
    """Sealed for somebody else, with another key, or changed since."""


def _cipher() -> AESGCM:
    return AESGCM(tokens.derived(settings.current().secret_key, "caucusmail:sealed"))


def seal(person: Person, secret: str) -> str:
    """``secret`` for the table; other bytes each time. The person must have an id."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = _cipher().encrypt(nonce, secret.encode(), str(person.id).encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(person: Person, kept: str) -> str:
    """What ``seal`` was given.

    :raises Unreadable: it was not sealed for this person with this ``SECRET_KEY``, or was changed.
    """
    try:
        raw = base64.urlsafe_b64decode(kept)
        return _cipher().decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], str(person.id).encode()).decode()
    except (InvalidTag, ValueError, binascii.Error):
        raise Unreadable from None
