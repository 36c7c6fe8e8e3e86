"""Passwords to hashes and back to yes or no: argon2id (RFC 9106), in one place."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

from caucusmail.accounts.models import Credential


@cache
def _hasher() -> Any:
    """argon2id with the library's present parameters: RFC 9106, 4, low memory. Read when somebody first uses a password: workers never do."""
    return import_module("argon2").PasswordHasher()


_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$q1Hx/msIhtu3aUu/XCWp6Q$/uj3/v+F3LkyFBgzqEA6cN3VLbU/UX3vSqoMPCUrtog"
"""Verified where there is no password, so that it takes as long; of chance, which nobody has kept. Written down, because
making one takes 64 MiB that every process would have taken at its start."""

LEAST = 2  # passwords verified, whoever is reached at an address: two people may share a mailbox


def _refusals() -> tuple[type[Exception], ...]:
    errors = import_module("argon2.exceptions")
    return errors.Argon2Error, errors.InvalidHashError


def hashed(password: str) -> str:
    """The hash to keep; another one each time."""
    kept: str = _hasher().hash(password)
    return kept


def fits(kept: str, password: str) -> bool:
    """Whether ``password`` made this hash."""
    try:
        return bool(_hasher().verify(kept, password))
    except _refusals():
        return False


def first_fitting(credentials: Sequence[Credential], password: str) -> Credential | None:
    """The credential that ``password`` made; always verifies ``LEAST``, so that time tells neither who has one nor who shares a mailbox."""
    found = None
    for credential in credentials:
        if fits(credential.secret, password) and found is None:
            found = credential
    for _spare in range(LEAST - len(credentials)):
        fits(_NOBODY, password)
    return found
