"""Signed tokens: one purpose each, with an age limit; and keyed fingerprints.

A token proves that we made it for *this* purpose; it holds no secret and no address. Everything is keyed BLAKE2b (RFC 7693)
with a key derived per purpose from ``SECRET_KEY`` (no two purposes share a key, so a token of one can never pass for
another). HMAC-SHA256 would be as good and takes more than twice as long; each letter needs five.
"""

import base64
import hmac
import secrets
import struct
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b, sha256

from caucusmail import clock, settings
from caucusmail.errors import NotFound

MAC_BYTES = 12  # 96 bits: not to be guessed, and short enough for a header line


class Purpose(StrEnum):
    """What a token is for. A token of one purpose opens nothing else."""

    CONFIRM_SIGN_UP = "confirm-sign-up"
    SIGN_IN = "sign-in"
    SETTINGS = "settings"
    ONE_CLICK = "one-click"
    APPLICATION = "application"
    UNDO = "undo"
    BOUNCE = "bounce"
    MEETING_REPLY = "meeting-reply"
    READ = "read"
    CALENDAR = "calendar"
    DOOR = "door"
    ADDRESS = "address"
    ADDRESS_BACK = "address-back"
    RECOVERY = "recovery"
    RECOVERY_STOP = "recovery-stop"
    HAND_OVER = "hand-over"
    YEARLY = "yearly"
    DEPUTY = "deputy"
    FORM_TIME = "form-time"
    PASSKEY = "passkey"
    MY_DATA = "my-data"
    ERASURE = "erasure"
    PROTECTION = "protection"
    MEMBER_LETTER = "member-letter"


class BadToken(NotFound):
    """The token is forged, expired, of another purpose, or was withdrawn; which, is not said."""


@lru_cache(maxsize=64)
def derived(secret_key: str, use: str) -> bytes:
    """The key of one use: no two uses share one, so what is signed for one can never pass for another."""
    return hmac.digest(secret_key.encode(), use.encode(), sha256)


def mac(use: str, message: bytes, octets: int) -> bytes:
    """So many ``octets`` that only we can make from ``message``, for one use."""
    key = derived(settings.current().secret_key, use)
    return blake2b(message, key=key, digest_size=octets).digest()


_USES = {purpose: f"caucusmail:{purpose.value}" for purpose in Purpose}


def _mac(purpose: Purpose, body: bytes) -> bytes:
    return mac(_USES[purpose], body, MAC_BYTES)


def sign(purpose: Purpose, *numbers: int) -> str:
    """A token that carries ``numbers`` (each 0 ≤ n < 2**63) and the moment it was made; URL-safe, about 40 characters."""
    return sign_at(purpose, *numbers, made=clock.now())


def sign_at(purpose: Purpose, *numbers: int, made: datetime) -> str:
    """The token that ``sign`` would have made at ``made``: for letters whose bytes must come out the same again."""
    body = struct.pack(f">I{len(numbers)}Q", int(made.timestamp()), *numbers)
    return base64.urlsafe_b64encode(body + _mac(purpose, body)).rstrip(b"=").decode()


def read(purpose: Purpose, token: str, count: int, max_age_s: int | None = None) -> tuple[int, ...]:
    """The ``count`` numbers of a token made by ``sign`` for this purpose.

    :raises BadToken: forged, of another purpose, of another length, or older than ``max_age_s`` seconds.
    """
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        body, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
        made, *numbers = struct.unpack(f">I{count}Q", body)
    except (ValueError, struct.error):
        raise BadToken from None
    canonical = base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == token
    if not (hmac.compare_digest(mac, _mac(purpose, body)) and canonical):
        raise BadToken
    if max_age_s is not None and clock.now().timestamp() - made > max_age_s:
        raise BadToken
    return tuple(numbers)


def made(token: str) -> datetime:
    """When a token was made that ``read`` has found to be ours; UTC, to the second."""
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    return datetime.fromtimestamp(struct.unpack_from(">I", raw)[0], UTC)


def fingerprint(purpose: str, value: str) -> str:
    """A keyed hash of ``value``, 64 hex digits: to recognise it again without keeping it."""
    return mac(f"fingerprint:{purpose}", value.encode("utf-8", "surrogatepass"), 32).hex()


def new_secret() -> str:
    """A secret for one use, 128 bits, URL-safe."""
    return secrets.token_urlsafe(16)


def new_code(group: int = 3) -> str:
    """A code a person can type: digits in two groups of this length, like ``482-913``."""
    digits = f"{secrets.randbelow(10 ** (2 * group)):0{2 * group}d}"
    return f"{digits[:group]}-{digits[group:]}"
