"""Sign in, sign out, password."""

from flask import Blueprint

from caucusmail.web.accounts import views


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    return [views.bp]
