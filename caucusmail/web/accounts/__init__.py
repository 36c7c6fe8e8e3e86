"""Sign in, sign out, password, second factors, passkeys, devices, addresses, recovery."""

from flask import Blueprint

from caucusmail.web.accounts import addresses, going_on, keys, recovery, second, views


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    return [views.bp, second.bp, going_on.bp, keys.bp, addresses.bp, recovery.bp]
