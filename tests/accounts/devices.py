"""Devices, and apps that show codes, for tests."""

import pyotp

from caucusmail import clock
from caucusmail.accounts import factors, queries, signing_in, totp
from caucusmail.accounts.models import Person, SignIn
from caucusmail.database import transaction


def signed_in(person: Person) -> SignIn:
    """A device on which ``person`` is signed in."""
    with transaction():
        secret = signing_in.begin(person)
    found = queries.signed_in(secret)
    assert found is not None
    return found


def half(person: Person) -> SignIn:
    """A device on which ``person`` gave the first proof and owes the second."""
    with transaction():
        secret = signing_in.wait(person)
    found = queries.signed_in(secret, waiting=True)
    assert found is not None
    return found


def code_of(secret: str) -> str:
    """What an app with this secret shows now."""
    return pyotp.TOTP(secret).at(clock.now())


def app_of(person: Person, label: str = "Phone") -> str:
    """Add an app to ``person``; its secret."""
    secret, device = totp.new_secret(), signed_in(person)
    with transaction():
        factors.add_app(device, secret, code_of(secret), label)
    return secret
