"""Seal a few words so that what lies in the database says nothing without ``SECRET_KEY`` and the salt of its list.

AES-256-GCM (NIST SP 800-38D): what was changed, or put in another's place, does not open. Nothing here knows what is sealed.
"""

import hmac
import secrets
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from caucusmail import settings, tokens

USE = "caucusmail:door-list"
SALT_BYTES, NONCE_BYTES = 16, 12


class Broken(ValueError):
    """It was sealed with another key or for another place, or was changed."""


def salt() -> bytes:
    """A new one. When it is forgotten, nothing that was sealed with it opens any more."""
    return secrets.token_bytes(SALT_BYTES)


def seal(words: str, salt: bytes, place: str) -> bytes:
    """``words``, sealed; ``place`` is where they will lie, and they open nowhere else."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _key(salt).encrypt(nonce, words.encode(), place.encode())


def unseal(sealed: bytes, salt: bytes, place: str) -> str:
    """The words again.

    :raises Broken: as it says.
    """
    try:
        return _key(salt).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode()).decode()
    except (InvalidTag, ValueError) as problem:
        raise Broken from problem


def _key(salt: bytes) -> AESGCM:
    if len(salt) != SALT_BYTES:
        raise ValueError("no salt")
    return AESGCM(hmac.digest(tokens.derived(settings.current().secret_key, USE), salt, sha256))
