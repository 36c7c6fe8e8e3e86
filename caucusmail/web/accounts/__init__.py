"""Sign in, sign out, password, second factors, devices, addresses."""

from flask import Blueprint

from caucusmail.web.accounts import addresses, second, views


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    return [views.bp, second.bp, addresses.bp]
