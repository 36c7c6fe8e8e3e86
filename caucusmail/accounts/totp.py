"""Codes that an app on a phone makes from a shared secret and the time (TOTP, RFC 6238); pure."""

import hmac
from datetime import datetime

import pyotp

STEP_S = 30  # RFC 6238, 5.2: the recommended step
SKEW = 1  # steps before and after, RFC 6238, 5.2
FAR = 40  # steps within which a wrong clock is recognised: 20 minutes
ISSUER = "CaucusMail"


def new_secret() -> str:
    """160 bits of chance (RFC 4226, 4, R6) as 32 letters and digits of base32."""
    return pyotp.random_base32(32)


def grouped(secret: str) -> str:
    """The secret in groups of four, to be typed by hand."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def address(secret: str, name: str) -> str:
    """The ``otpauth:`` address that a QR code shows to an app."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def typed(text: str) -> str:
    """The digits of what somebody typed; apps show blanks between them."""
    return "".join(c for c in text if c.isdecimal() and c.isascii())


def step(secret: str, code: str, now: datetime, *, after: int = -1) -> int | None:
    """The time step (30 s since 1970) whose code this is, if it is at most one step away and later than ``after``.

    None: it is the code of none of them. ``after`` is the newest step used before, so that no code works twice
    (RFC 6238, 5.2). All steps are compared, so that time tells nothing.
    """
    present = int(now.timestamp()) // STEP_S
    found = _fitting(secret, code, range(present - SKEW, present + SKEW + 1))
    return max((one for one in found if one > after), default=None)


def skewed_by(secret: str, code: str, now: datetime) -> int | None:
    """By how many minutes the clock that made this code goes wrong, at most twenty; negative: it is slow. None: unknown."""
    present = int(now.timestamp()) // STEP_S
    found = _fitting(secret, code, range(present - FAR, present + FAR + 1))
    nearest = min(found, key=lambda one: abs(one - present), default=None)
    return None if nearest is None else round((nearest - present) * STEP_S / 60)


def _fitting(secret: str, code: str, steps: range) -> list[int]:
    maker, given = pyotp.TOTP(secret), typed(code).encode()
    return [one for one in steps if hmac.compare_digest(maker.generate_otp(one).encode(), given)]
