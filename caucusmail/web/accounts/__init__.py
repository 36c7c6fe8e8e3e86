"""Sign in, sign out, password, second factors, passkeys, devices, addresses."""

from flask import Blueprint

from caucusmail.web.accounts import addresses, keys, second, views


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    return [views.bp, second.bp, keys.bp, addresses.bp]
